//! What an uploaded file is called.

/// A file name as shown: its last part, without control and direction characters, at most 100 characters (EV-07).
#[must_use]
pub fn display_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !hidden(*c)).take(100).collect();
    let shown = shown.trim();
    if shown.is_empty() {
        "picture".into()
    } else {
        shown.to_owned()
    }
}

/// Control characters, and those that reorder or hide the text around them.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EV-07: names are display text only.
    #[test]
    fn ev_07_names_are_made_harmless() {
        for (given, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\mail.png", "mail.png"),
            ("gnp.\u{202e}exe", "gnp.exe"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
            ("", "picture"),
            ("..\u{0}", ".."),
        ] {
            assert_eq!(display_name(given), shown);
        }
        assert_eq!(display_name(&"很".repeat(300)).chars().count(), 100);
    }
}
