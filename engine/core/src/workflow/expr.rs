//! Conditions in CEL that give true or false, and tables of values chosen by them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::kind::FactValue;

/// A compiled condition. The only file that knows the CEL library.
#[derive(Debug)]
pub struct Expr {
    source: String,
    program: std::sync::Arc<cel::Program>,
}

impl Clone for Expr {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            program: self.program.clone(),
        }
    }
}

/// What a condition may read, by dotted name: `account.kyc`, `policy.profile`, `sign_in.password`.
pub trait Scope {
    fn get(&self, name: &str) -> Option<FactValue>;
    /// Every name that has a value.
    fn names(&self) -> Vec<String>;
}

/// A condition read a value that nobody gave: the case goes to a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no value for this account")]
pub struct Unmapped(pub String);

impl Expr {
    /// Compiles a condition.
    ///
    /// # Errors
    /// The parser's sentence.
    pub fn parse(source: &str) -> Result<Self, String> {
        let program = cel::Program::compile(source).map_err(|e| e.to_string())?;
        Ok(Self {
            source: source.to_owned(),
            program: std::sync::Arc::new(program),
        })
    }

    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Evaluates it.
    ///
    /// # Errors
    /// [`Unmapped`] with the condition, when a name has no value or the result is not a boolean.
    pub fn holds(&self, scope: &dyn Scope) -> Result<bool, Unmapped> {
        use std::collections::HashMap;
        let mut groups: HashMap<String, HashMap<String, cel::Value>> = HashMap::new();
        for name in scope.names() {
            if let (Some((group, field)), Some(value)) = (name.split_once('.'), scope.get(&name)) {
                let value = match value {
                    FactValue::Bool(b) => cel::Value::Bool(b),
                    FactValue::Int(i) => cel::Value::Int(i),
                    FactValue::Word(w) => cel::Value::String(w.into()),
                };
                groups
                    .entry(group.to_owned())
                    .or_default()
                    .insert(field.to_owned(), value);
            }
        }
        let mut context = cel::Context::default();
        for (group, fields) in groups {
            context.add_variable_from_value(group, fields);
        }
        match self.program.execute(&context) {
            Ok(cel::Value::Bool(value)) => Ok(value),
            _ => Err(Unmapped(self.source.clone())),
        }
    }
}

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<T> {
    r#if: Option<String>,
    is: Option<T>,
    r#else: Option<T>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Fixed(T),
    Rows(Vec<Row<T>>),
}

impl<'de, T: Deserialize<'de> + Clone> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = match Written::<T>::deserialize(deserializer)? {
            Written::Fixed(value) => return Ok(Self::fixed(value)),
            Written::Rows(rows) => rows,
        };
        let mut table: Vec<(String, T)> = Vec::new();
        let mut otherwise = None;
        for row in rows {
            match (row.r#if, row.is, row.r#else) {
                _ if otherwise.is_some() => {
                    return Err(D::Error::custom("nothing may follow the `else` line of a table"));
                }
                (Some(condition), Some(value), None) => table.push((condition, value)),
                (None, None, Some(value)) => otherwise = Some(value),
                _ => return Err(D::Error::custom("a table line is {if: …, is: …} or, last, {else: …}")),
            }
        }
        let otherwise = otherwise.ok_or_else(|| D::Error::custom("a table ends with {else: …}"))?;
        Ok(Self { rows: table, otherwise })
    }
}
