//! Personal data as staff see it before they reveal it with a reason (IN-03 in part). A mask tells the first letter and
//! the kind of a value, never its length.

const DOTS: &str = "•••••";

/// `a•••••r@p•••••.example`.
pub(crate) fn email(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return word(address);
    };
    let last = local.chars().last().filter(|_| local.chars().count() > 2);
    let host = match domain.rsplit_once('.') {
        Some((name, top)) => format!("{}.{top}", word(name)),
        None => word(domain),
    };
    format!("{}{}@{host}", word(local), last.map(String::from).unwrap_or_default())
}

/// `A••••• L•••••`.
pub(crate) fn name(name: &str) -> String {
    name.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// `•••• ••47`.
pub(crate) fn phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let end: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    format!("•••• ••{end}")
}

fn word(text: &str) -> String {
    text.chars()
        .next()
        .map_or_else(String::new, |first| format!("{first}{DOTS}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_the_first_letter_and_never_the_length() {
        assert_eq!(
            email("annelise.vandermeer@post-provider.example"),
            "a•••••r@p•••••.example"
        );
        assert_eq!(email("ab@x.example"), "a•••••@x•••••.example");
        assert_eq!(email("no address"), "n•••••");
        assert_eq!(name("Ada  Lovelace"), "A••••• L•••••");
        assert_eq!(phone("+31 6 1234 5647"), "•••• ••47");
        assert_eq!(email("李雷@邮.example").chars().next(), Some('李'));
    }
}
