//! Languages and themes: what a page is asked for in.

/// The languages of our own pages, each by its own name.
pub const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("zh", "中文"), ("es", "Español")];

/// One of [`LANGUAGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language(&'static str);

impl Language {
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// A language of ours by its code; `zh-Hant-TW` is read as `zh`.
    #[must_use]
    pub fn read(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?;
        LANGUAGES
            .iter()
            .find(|(code, _)| code.eq_ignore_ascii_case(primary))
            .map(|(code, _)| Self(code))
    }

    /// The first language of ours that a browser lists (RFC 9110, 12.5.4; lists come in order of weight), or English.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|entry| Self::read(entry.split(';').next()?))
            .next()
            .unwrap_or(Self("en"))
    }
}

/// What the reader chose over the system's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_its_first_language_of_ours() {
        for (header, code) in [
            ("", "en"),
            ("fr-CH, fr;q=0.9, es;q=0.8, *;q=0.5", "es"),
            ("zh-Hans-CN,zh;q=0.9,en;q=0.8", "zh"),
            ("xx", "en"),
            ("EN-gb", "en"),
        ] {
            assert_eq!(Language::accepted(header).code(), code, "{header}");
        }
    }
}
