//! Tables: durations and counts chosen by conditions.

use std::marker::PhantomData;

use serde::de::{Error as _, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A fixed value, or rows `[{if, is}, …, {else}]` of which the first that holds decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    pub rows: Vec<(String, T)>,
    pub otherwise: T,
}

impl<T: Clone> Table<T> {
    /// A table without conditions.
    #[must_use]
    pub const fn fixed(value: T) -> Self {
        Self {
            rows: Vec::new(),
            otherwise: value,
        }
    }

    /// The first row that holds, or the last line.
    ///
    /// # Errors
    /// What `holds` says.
    pub fn choose<E>(&self, mut holds: impl FnMut(&str) -> Result<bool, E>) -> Result<T, E> {
        for (condition, value) in &self.rows {
            if holds(condition)? {
                return Ok(value.clone());
            }
        }
        Ok(self.otherwise.clone())
    }

    /// Its conditions, as written.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|(condition, _)| condition.as_str())
    }

    /// Every value that it can give.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.rows
            .iter()
            .map(|(_, value)| value)
            .chain(std::iter::once(&self.otherwise))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<T> {
    r#if: Option<String>,
    is: Option<T>,
    r#else: Option<T>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TableVisitor(PhantomData))
    }
}

struct TableVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TableVisitor<T> {
    type Value = Table<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value, or a table of lines {if: …, is: …} that ends with {else: …}")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Table<T>, E> {
        fixed(T::deserialize(value.into_deserializer()))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Table<T>, E> {
        fixed(T::deserialize(value.into_deserializer()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Table<T>, E> {
        fixed(T::deserialize(value.into_deserializer()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Table<T>, A::Error> {
        let (mut rows, mut otherwise) = (Vec::new(), None);
        while let Some(row) = seq.next_element::<Row<T>>()? {
            match (row.r#if, row.is, row.r#else) {
                _ if otherwise.is_some() => {
                    return Err(A::Error::custom("nothing may follow the `else` line of a table"));
                }
                (Some(condition), Some(value), None) => rows.push((condition, value)),
                (None, None, Some(value)) => otherwise = Some(value),
                _ => return Err(A::Error::custom("a table line is {if: …, is: …} or, last, {else: …}")),
            }
        }
        let otherwise = otherwise.ok_or_else(|| A::Error::custom("a table ends with {else: …}"))?;
        Ok(Table { rows, otherwise })
    }
}

fn fixed<T, E>(value: Result<T, E>) -> Result<Table<T>, E> {
    value.map(|otherwise| Table {
        rows: Vec::new(),
        otherwise,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::Span;

    #[test]
    fn tables_read_from_values_and_lines() {
        let table: Table<u32> = serde_json::from_value(serde_json::json!(2)).unwrap();
        assert_eq!(table, Table::fixed(2));
        let lines = serde_json::json!([{"if": "account.disputed", "is": "72h"}, {"else": "0s"}]);
        let table: Table<Span> = serde_json::from_value(lines).unwrap();
        assert_eq!(
            table.choose(|c| Ok::<_, ()>(c == "account.disputed")),
            Ok(Span::hours(72))
        );
        assert_eq!(table.choose(|_| Ok::<_, ()>(false)), Ok(Span::ZERO));
        for wrong in [
            serde_json::json!([{"if": "true", "is": 1}]),
            serde_json::json!([{"else": 1}, {"if": "true", "is": 1}]),
            serde_json::json!([{"if": "true"}, {"else": 1}]),
            serde_json::json!([{"if": "true", "so": 1}, {"else": 1}]),
            serde_json::json!({"else": 1}),
        ] {
            assert!(serde_json::from_value::<Table<u32>>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
