//! HTML that came out of a template, and the icons it uses.

use std::fmt::{self, Write as _};

/// HTML that is ready to be shown. It is made by a template only, which escapes whatever it shows (SE-07).
#[derive(Clone, Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// # Errors
    /// As the template's own.
    pub fn of(template: &impl askama::Template) -> Result<Self, askama::Error> {
        template.render().map(Self)
    }

    /// A step's fragment: rendered by the template of its kind.
    #[must_use]
    pub fn of_step(html: String) -> Self {
        Self(html)
    }

    /// One after the other.
    #[must_use]
    pub fn then(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    /// The symbols that `<use href="#i-…">` of this markup refer to, once each, to stand before it.
    pub(crate) fn symbols(&self) -> Self {
        let mut out = String::new();
        for (name, paths) in ICONS {
            if self.0.contains(&format!("href=\"#i-{name}\"")) {
                let _ = write!(out, "<symbol id=\"i-{name}\" viewBox=\"0 0 24 24\">{paths}</symbol>");
            }
        }
        Self(out)
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// Our own marks: 24 × 24, one stroke of 2, round ends, in the colour of the text.
const ICONS: [(&str, &str); 19] = [
    (
        "app",
        r#"<rect x="3.500" y="3.500" width="17" height="17" rx="4"/><path d="M8 12h.1M12 12h.1M16 12h.1"/>"#,
    ),
    (
        "camera",
        r#"<path d="M4 8h3.5l1.500-2.500h6L16.500 8H20v11H4z"/><circle cx="12" cy="13" r="3.500"/>"#,
    ),
    ("check", r#"<path d="M5 12.5l4.5 4.5L19 7.5"/>"#),
    ("clock", r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.3 2"/>"#),
    ("cross", r#"<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>"#),
    (
        "eye",
        r#"<path d="M2.500 12c2.300-4 5.500-6 9.500-6s7.200 2 9.500 6c-2.300 4-5.500 6-9.500 6s-7.200-2-9.500-6z"/><circle cx="12" cy="12" r="2.800"/>"#,
    ),
    (
        "file",
        r#"<path d="M6 2.5h8l4.5 4.5v14.5H6z"/><path d="M13.5 2.5V7.5h5"/>"#,
    ),
    (
        "info",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>"#,
    ),
    (
        "key",
        r#"<circle cx="8" cy="15" r="4.5"/><path d="M11.3 11.7L20 3M16 7l3 3"/>"#,
    ),
    (
        "lock",
        r#"<rect x="5" y="11" width="14" height="9.5" rx="2"/><path d="M8 11V8a4 4 0 018 0v3"/>"#,
    ),
    (
        "mail",
        r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3.5 7l8.5 6 8.5-6"/>"#,
    ),
    ("next", r#"<path d="M5 12h14M13 6l6 6-6 6"/>"#),
    (
        "phone",
        r#"<rect x="7" y="2.500" width="10" height="19" rx="2.500"/><path d="M11 18.300h2"/>"#,
    ),
    ("pause", r#"<path d="M9 6v12M15 6v12"/>"#),
    (
        "person",
        r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-6 7.5-6s6.500 2 7.500 6"/>"#,
    ),
    (
        "phone",
        r#"<rect x="7" y="2.500" width="10" height="19" rx="2"/><path d="M11 18.500h2"/>"#,
    ),
    (
        "shield",
        r#"<path d="M12 3l7.5 3v5.5c0 4.6-3.1 8-7.5 9.5-4.4-1.5-7.5-4.9-7.5-9.5V6z"/>"#,
    ),
    (
        "stop",
        r#"<path d="M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z"/><path d="M12 7.5v5.5M12 16.4v.1"/>"#,
    ),
    ("warn", r#"<path d="M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.1"/>"#),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_carries_the_symbols_it_uses_and_no_others() {
        let page = Markup::of_step(r##"<use href="#i-check"/><use href="#i-lock"/><use href="#i-check"/>"##.into());
        let symbols = page.symbols().to_string();
        assert_eq!(symbols.matches("id=\"i-check\"").count(), 1);
        assert_eq!(symbols.matches("<symbol").count(), 2);
    }
}
