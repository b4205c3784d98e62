//! Prepared replies of staff, `workflows/replies.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fault::Fault;
use super::tree::Node;
use crate::conversation::LONGEST;

/// The languages that a reply must be written in: those of claimants' pages.
const LANGUAGES: [&str; 3] = ["en", "zh", "es"];

/// All replies, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replies(Vec<Reply>);

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// In forms and in the record.
    pub name: String,
    /// What staff choose it by.
    pub title: String,
    text: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    text: BTreeMap<String, String>,
}

impl Replies {
    /// Reads the file.
    ///
    /// # Errors
    /// Every reply's first fault.
    pub fn read(body: &str) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let (mut replies, mut faults) = (Vec::new(), Vec::new());
        for (key, node) in tree.entries() {
            match Reply::read(&key.name, node) {
                Ok(reply) => replies.push(reply),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            Ok(Self(replies))
        } else {
            Err(faults)
        }
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Reply> {
        self.0.iter().find(|reply| reply.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Reply> {
        self.0.iter()
    }
}

impl Reply {
    fn read(name: &str, node: &Node) -> Result<Self, Fault> {
        let Written { title, text } = node.read()?;
        let fault = |what: String, why: &str| Err(Fault::new(node.place, what, why));
        if let Some(missing) = LANGUAGES.iter().find(|language| !text.contains_key(**language)) {
            return fault(
                format!("the text has no `{missing}`"),
                "claimants read their own language",
            );
        }
        if text.values().any(|text| text.chars().count() > LONGEST) {
            return fault(
                "the text is too long".to_owned(),
                "a message has at most 4000 characters",
            );
        }
        Ok(Self {
            name: name.to_owned(),
            title,
            text: text
                .into_iter()
                .map(|(language, text)| (language, text.trim().to_owned()))
                .collect(),
        })
    }

    /// What the claimant reads, in their language, or in English.
    #[must_use]
    pub fn text(&self, language: &str) -> &str {
        let text = self.text.get(language).or_else(|| self.text.get("en"));
        text.map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// IN-11, RF-13: what ships is whole, and no reply asks for a secret or holds a link.
    #[test]
    fn in_11_the_shipped_replies_are_whole() {
        let replies = Replies::read(include_str!("../../../../workflows/replies.yaml")).unwrap();
        assert!(replies.iter().count() >= 4);
        for reply in replies.iter() {
            for language in LANGUAGES {
                let text = reply.text(language);
                assert!(!text.is_empty() && !text.contains("http"), "{} {language}", reply.name);
            }
            assert_eq!(reply.text("fr"), reply.text("en"));
        }
        assert_eq!(replies.get("how_long").unwrap().title, "How long it takes");
    }

    #[test]
    fn a_reply_without_a_language_is_named() {
        let faults = Replies::read("hello: {title: Hello, text: {en: Hello, zh: 你好}}").unwrap_err();
        assert!(faults.first().unwrap().to_string().contains("`es`"), "{faults:?}");
        assert!(Replies::read("hello: {title: Hello}").is_err());
    }
}
