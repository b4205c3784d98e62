//! What counts as an e-mail address: the plain form that people have, and nothing that could end a header (OT-08).

/// RFC 5321, 4.5.3.1: 64 octets before the @, 254 in all.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// The address without surrounding blanks, if it has the form of one.
pub(super) fn parse(typed: &str) -> Option<String> {
    let address = typed.trim();
    let (local, domain) = address.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()<>[]\\,;:\"@".contains(c);
    let local_fits = !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
    (address.len() <= LONGEST && local_fits && domain_fits).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_people_have() {
        for address in [
            "ada@example.com",
            " ada@example.com ",
            "annelise.vandermeer+halcyon-trading-2019@post-provider.example",
            "o'neil@mail.example.co.uk",
            "jörg@münchen.example",
        ] {
            assert_eq!(parse(address).as_deref(), Some(address.trim()), "{address}");
        }
    }

    #[test]
    fn ot_08_nothing_else_is_an_address() {
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@exa mple.com",
            "ada@@example.com",
            "a b@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada\n@example.com",
            "<ada@example.com>",
            "ada@example..com",
            "ada@-example.com",
            ".ada@example.com",
            "ada,eve@example.com",
        ] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(parse(&format!("{}@example.com", "a".repeat(65))), None);
    }
}
