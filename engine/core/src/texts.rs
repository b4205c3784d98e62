//! What people read, from Fluent files: one bundle a language, English where a language lacks a text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The language that has every text.
pub const FALLBACK: &str = "en";

/// All texts of the installation. Shared between threads; reading takes no lock but that of the plural rules.
#[derive(Default)]
pub struct Texts {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
}

/// A file of texts cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    #[error("{file}: `{language}` is not a language tag")]
    Language { file: String, language: String },
    /// Not Fluent, or a key that another file of the language has already.
    #[error("{file} ({language}): {what}")]
    File {
        file: String,
        language: String,
        what: String,
    },
}

/// A value put into a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl Texts {
    /// Reads files, each given by its language, its name for error messages, and its content.
    ///
    /// # Errors
    /// [`TextsError`] at the first file that is not Fluent or repeats a key.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Result<Self, TextsError> {
        let mut bundles = BTreeMap::new();
        for (language, file, content) in files {
            let fault = |what: String| TextsError::File {
                file: file.to_owned(),
                language: language.to_owned(),
                what,
            };
            let resource = FluentResource::try_new(content.to_owned())
                .map_err(|(_, errors)| fault(errors.first().map_or_else(String::new, ToString::to_string)))?;
            let bundle = match bundles.entry(language.to_owned()) {
                std::collections::btree_map::Entry::Occupied(bundle) => bundle.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => place.insert(empty(language, file)?),
            };
            bundle
                .add_resource(resource)
                .map_err(|errors| fault(errors.first().map_or_else(String::new, ToString::to_string)))?;
        }
        Ok(Self { bundles })
    }

    /// The languages that have texts, in alphabetical order.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.bundles.keys().map(String::as_str)
    }

    /// Whether the language itself has the text.
    #[must_use]
    pub fn has(&self, language: &str, key: &str) -> bool {
        self.bundles.get(language).is_some_and(|bundle| bundle.has_message(key))
    }

    /// A text without values.
    #[must_use]
    pub fn get(&self, language: &str, key: &str) -> String {
        self.with(language, key, &[])
    }

    /// A text with values, in the language, else in English; the key itself where nobody wrote one.
    #[must_use]
    pub fn with(&self, language: &str, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let args: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, FluentValue::from(value)))
            .collect();
        [language, FALLBACK]
            .iter()
            .filter_map(|language| self.bundles.get(*language))
            .find_map(|bundle| {
                let pattern = bundle.get_message(key)?.value()?;
                Some(
                    bundle
                        .format_pattern(pattern, Some(&args), &mut Vec::new())
                        .into_owned(),
                )
            })
            .unwrap_or_else(|| key.to_owned())
    }
}

/// No isolation marks around values: they would end up in codes and addresses that people copy.
fn empty(language: &str, file: &str) -> Result<FluentBundle<FluentResource>, TextsError> {
    let tag: LanguageIdentifier = language.parse().map_err(|_| TextsError::Language {
        file: file.to_owned(),
        language: language.to_owned(),
    })?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    Ok(bundle)
}

impl<'a> From<&'a Value<'_>> for FluentValue<'a> {
    fn from(value: &'a Value<'_>) -> Self {
        match value {
            Value::Text(text) => FluentValue::String(Cow::Borrowed(text.as_ref())),
            Value::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

macro_rules! from_number {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(number: $kind) -> Self {
                Self::Number(i64::from(number))
            }
        }
    )*};
}
from_number!(i64, i32, u32, u8);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn texts() -> Texts {
        Texts::load([
            (
                "en",
                "a.ftl",
                "hello = Hello, { $name }\nleft = { $n ->\n    [one] one try\n   *[other] { $n } tries\n }",
            ),
            ("es", "a.ftl", "hello = Hola, { $name }"),
        ])
        .unwrap()
    }

    #[test]
    fn a_text_comes_in_its_language_else_in_english_else_as_its_key() {
        let texts = texts();
        assert_eq!(texts.with("es", "hello", &[("name", "Ada".into())]), "Hola, Ada");
        assert_eq!(texts.with("es", "left", &[("n", 1u32.into())]), "one try");
        assert_eq!(texts.with("fr", "left", &[("n", 3u32.into())]), "3 tries");
        assert_eq!(texts.get("es", "nobody-wrote-this"), "nobody-wrote-this");
    }

    #[test]
    fn a_value_is_put_in_as_it_is() {
        assert_eq!(
            texts().with("en", "hello", &[("name", "{ $x } <b>".into())]),
            "Hello, { $x } <b>"
        );
    }

    #[test]
    fn a_broken_file_and_a_repeated_key_are_named() {
        let broken = Texts::load([("en", "b.ftl", "= nothing")]).map(|_| ()).unwrap_err();
        assert!(broken.to_string().starts_with("b.ftl (en)"), "{broken}");
        let twice = Texts::load([("en", "a.ftl", "k = 1"), ("en", "b.ftl", "k = 2")])
            .map(|_| ())
            .unwrap_err();
        assert!(twice.to_string().starts_with("b.ftl (en)"), "{twice}");
        let tag = Texts::load([("no language", "a.ftl", "k = 1")])
            .map(|_| ())
            .unwrap_err();
        assert!(matches!(tag, TextsError::Language { .. }));
    }

    #[test]
    fn texts_are_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&texts());
    }
}
