//! Typed values out of a located tree: what does not fit is a fault at the value, or key, that does not fit.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, Place, suggest};
use super::tree::{Content, Key, Node};

impl Node {
    /// Reads the value as a `T`.
    ///
    /// # Errors
    /// The first fault inside it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        T::deserialize(self).map_err(|fault| fault.within(self.place))
    }
}

impl Fault {
    /// Gives a fault a place, unless one nearer to the cause is known.
    fn within(mut self, place: Place) -> Self {
        if self.place == Place::default() {
            self.place = place;
        }
        self
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::sentence(Place::default(), &message.to_string())
    }

    fn invalid_type(_found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Place::default(), format!("expected {expected}"), "")
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let why = suggest(field, expected.iter().copied());
        Self::new(Place::default(), format!("unknown key `{field}`"), why)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let why = suggest(variant, expected.iter().copied());
        Self::new(Place::default(), format!("unknown word `{variant}`"), why)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Place::default(), format!("`{field}` is missing"), "it has no default")
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(b) => visitor.visit_bool(*b),
            Content::Int(i) => visitor.visit_i64(*i),
            Content::Text(text) => visitor.visit_borrowed_str(text),
            Content::List(list) => visitor.visit_seq(Elements(list.iter())),
            Content::Map(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                value: None,
            }),
        }
        .map_err(|fault| {
            let mut fault = fault.within(self.place);
            if fault.place == self.place && fault.why.is_empty() && fault.what.starts_with("expected ") {
                fault.why = format!("found {}", self.describe());
            }
            fault
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Content::Text(word) = &self.content else {
            let found = format!("found {}", self.describe());
            return Err(Fault::new(self.place, "expected a word", found));
        };
        let word: StrDeserializer<'_, Fault> = word.as_str().into_deserializer();
        visitor.visit_enum(word).map_err(|fault| fault.within(self.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Elements<'a>(std::slice::Iter<'a, Node>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0
            .next()
            .map(|node| seed.deserialize(node).map_err(|fault| fault.within(node.place)))
            .transpose()
    }
}

struct Entries<'a> {
    rest: std::slice::Iter<'a, (Key, Node)>,
    value: Option<&'a Node>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StrDeserializer<'_, Fault> = key.name.as_str().into_deserializer();
        seed.deserialize(name)
            .map(Some)
            .map_err(|fault| fault.within(key.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let value = self
            .value
            .take()
            .ok_or_else(|| de::Error::custom("a key without a value"))?;
        seed.deserialize(value).map_err(|fault| fault.within(value.place))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::Span;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        tries: u32,
        ttl: Span,
        #[serde(default)]
        words: Vec<String>,
        class: Option<crate::case::Class>,
    }

    #[test]
    fn faults_stand_where_the_cause_is() {
        for (body, expected) in [
            ("{tries: 1, ttl: 10m, words: [a, b], class: recovery}", ""),
            (
                "{tires: 1, ttl: 10m}",
                "1:2: unknown key `tires`, did you mean `tries`?",
            ),
            ("tries: many\nttl: 10m", "1:8: expected u32, found the text `many`"),
            (
                "tries: 1\nttl: 10 minutes",
                "2:6: `10 minutes` is not a length of time, write a whole number and a unit: 90s, 10m, 24h or 14d",
            ),
            ("tries: 1", "1:1: `ttl` is missing, it has no default"),
            (
                "{tries: 1, ttl: 1m, words: [a, 2]}",
                "1:32: expected a string, found the number 2",
            ),
            (
                "{tries: 1, ttl: 1m, class: recover}",
                "1:28: unknown word `recover`, did you mean `recovery`?",
            ),
        ] {
            let read = Node::parse(body).unwrap().read::<Sample>();
            let said = read.as_ref().map_or_else(ToString::to_string, |_| String::new());
            assert_eq!(said, expected, "{body}");
        }
    }
}
