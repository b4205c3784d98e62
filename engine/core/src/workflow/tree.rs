//! A YAML file as a bounded tree in which every value knows its place.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::fault::{Fault, Place};

/// Largest file, in bytes: ten times what a workflow of fifty steps needs.
const MOST_BYTES: usize = 128 * 1024;
/// Deepest nesting, and most values; a workflow of fifty steps has about 2,000.
const MOST_DEPTH: usize = 12;
const MOST_NODES: usize = 20_000;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub place: Place,
    pub(crate) content: Content,
}

/// What YAML's core schema makes of a value; fractions are refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// The key of a mapping and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub place: Place,
    pub name: String,
}

impl Node {
    /// Reads one YAML document: strict booleans, no anchors, no tags, no double keys, bounded in size, depth and number.
    ///
    /// # Errors
    /// The parser's fault, with its place.
    pub fn parse(body: &str) -> Result<Self, Fault> {
        if body.len() > MOST_BYTES {
            let what = format!("the file is larger than {} KiB", MOST_BYTES / 1024);
            return Err(Fault::new(Place { line: 1, column: 1 }, what, "split it"));
        }
        serde_saphyr::from_str_with_options::<Spanned<Raw>>(body, options())
            .map(Self::from)
            .map_err(|error| {
                let place = error.location().map_or(Place { line: 1, column: 1 }, place);
                Fault::new(place, message(&error), "")
            })
    }

    /// The value of a key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(_, node)| node)
    }

    /// The entries of a mapping, or none.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list, or none.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match &self.content {
            Content::List(elements) => elements,
            _ => &[],
        }
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub(crate) fn describe(&self) -> String {
        match &self.content {
            Content::Null => "nothing".to_owned(),
            Content::Bool(b) => format!("the boolean {b}"),
            Content::Int(i) => format!("the number {i}"),
            Content::Text(text) => format!("the text `{text}`"),
            Content::List(_) => "a list".to_owned(),
            Content::Map(_) => "a mapping".to_owned(),
        }
    }

    /// The same value without places.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(b) => Value::Bool(*b),
            Content::Int(i) => Value::from(*i),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(list) => Value::Array(list.iter().map(Self::json).collect()),
            Content::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, node)| (key.name.clone(), node.json()))
                    .collect(),
            ),
        }
    }
}

fn options() -> serde_saphyr::Options {
    let mut budget = serde_saphyr::budget::Budget::default();
    (budget.max_depth, budget.max_nodes) = (MOST_DEPTH, MOST_NODES);
    (budget.max_anchors, budget.max_aliases, budget.max_documents) = (0, 0, 1);
    let mut options = serde_saphyr::Options::default();
    options.budget = Some(budget);
    options.merge_keys = serde_saphyr::options::MergeKeyPolicy::Error;
    options.duplicate_keys = serde_saphyr::options::DuplicateKeyPolicy::Error;
    options.strict_booleans = true;
    options.reject_unsupported_tags = true;
    options.with_snippet = false;
    options
}

/// The parser's sentence; its place is printed by the fault.
fn message(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or(line).to_owned()
}

fn place(location: serde_saphyr::Location) -> Place {
    Place {
        line: u32::try_from(location.line()).unwrap_or(u32::MAX),
        column: u32::try_from(location.column()).unwrap_or(u32::MAX),
    }
}

/// A value as it comes from the parser.
struct Raw(Content);

impl From<Spanned<Raw>> for Node {
    fn from(spanned: Spanned<Raw>) -> Self {
        Self {
            place: place(spanned.referenced),
            content: spanned.value.0,
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor).map(Self)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a word, a whole number, a boolean, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Content, E> {
        i64::try_from(value)
            .map(Content::Int)
            .map_err(|_| E::custom("the number is too large"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element::<Spanned<Raw>>()? {
            list.push(element.into());
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Spanned<Raw>>()? {
            let key = Key {
                place: place(key.referenced),
                name: key.value,
            };
            entries.push((key, value.into()));
        }
        Ok(Content::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let tree = Node::parse("a: 1\nb:\n  - {c: 'x y', d: yes}\n  - true\n").unwrap();
        let b = tree.get("b").unwrap();
        let c = b.elements().first().unwrap().get("c").unwrap();
        assert_eq!((c.place.line, c.place.column), (3, 9));
        assert_eq!(c.text(), Some("x y"));
        let (key, d) = b.elements().first().unwrap().entries().get(1).unwrap();
        assert_eq!((key.place.line, key.place.column), (3, 16));
        assert_eq!(d.text(), Some("yes"), "YAML 1.1 booleans are words");
        assert_eq!(b.elements().get(1).unwrap().content, Content::Bool(true));
    }

    #[test]
    fn what_is_no_plain_tree_is_refused() {
        for (body, line, word) in [
            ("a: &x 1\nb: *x\n", 1, "anchor"),
            ("a: 1\na: 2\n", 2, "uplicate"),
            ("a: 1.5\n", 1, "whole number"),
            ("a: [1, 2\n", 1, "bracket"),
            ("a: !thing 1\n", 1, "tag"),
            ("a:\n  <<: {b: 1}\n", 2, "erge"),
        ] {
            let fault = Node::parse(body).unwrap_err();
            assert!(fault.what.contains(word), "{body:?}: {fault}");
            assert_eq!(fault.place.line, line, "{body:?}: {fault}");
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(Node::parse(&deep).is_err());
        let wide = "- 1\n".repeat(30_000);
        assert!(Node::parse(&wide).is_err());
        assert!(Node::parse(&" ".repeat(200_000)).unwrap_err().what.contains("larger"));
    }
}
