//! Conditions: a small, closed part of CEL (Common Expression Language) that gives true or false. Parsing and evaluation
//! are ours, total and bounded, and the same for the proof at publish and for running cases; the tests hold both against
//! the CEL library.
//!
//! Allowed: `&&` `||` `!` `==` `!=` `<` `<=` `>` `>=` `in [..]`, parentheses, literals, and names of two parts:
//! `account.kyc`, `policy.profile`, `sign_in.password`. No functions, macros, arithmetic, maps or indexing.

mod parse;
mod types;

use std::collections::BTreeSet;

use crate::kind::FactValue;

/// A compiled condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    source: String,
    term: Term,
}

/// The closed part of CEL, as a tree.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Literal(FactValue),
    /// A dotted name.
    Name(String),
    Not(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    Compare(Relation, Box<Term>, Box<Term>),
    In(Box<Term>, Vec<FactValue>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a condition may read, by dotted name: `account.kyc`, `policy.profile`, `sign_in.password`.
pub trait Scope {
    fn get(&self, name: &str) -> Option<FactValue>;
}

/// A condition read a value that nobody gave: the case goes to a person. Holds the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no value for this account")]
pub struct Unmapped(pub String);

impl Expr {
    /// Compiles a condition.
    ///
    /// # Errors
    /// A sentence `what; why`.
    pub fn parse(source: &str) -> Result<Self, String> {
        Ok(Self {
            source: source.to_owned(),
            term: parse::parse(source)?,
        })
    }

    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names it reads.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.term.gather(&mut names);
        names
    }

    /// Evaluates it. As in CEL, `&&` and `||` do not mind a value that is missing on one side when the other decides:
    /// so a result never depends on what a missing value would have been.
    ///
    /// # Errors
    /// [`Unmapped`] when it needs a name that has no value.
    pub fn holds(&self, scope: &dyn Scope) -> Result<bool, Unmapped> {
        self.term.truth(scope)
    }
}

impl Term {
    fn gather<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Literal(_) => {}
            Self::Name(name) => {
                names.insert(name);
            }
            Self::Not(inner) | Self::In(inner, _) => inner.gather(names),
            Self::And(a, b) | Self::Or(a, b) | Self::Compare(_, a, b) => {
                a.gather(names);
                b.gather(names);
            }
        }
    }

    fn truth(&self, scope: &dyn Scope) -> Result<bool, Unmapped> {
        match self {
            Self::Not(inner) => inner.truth(scope).map(|truth| !truth),
            Self::And(a, b) => decided(a.truth(scope), b.truth(scope), false),
            Self::Or(a, b) => decided(a.truth(scope), b.truth(scope), true),
            Self::Compare(relation, a, b) => Ok(relation.holds(&a.value(scope)?, &b.value(scope)?)),
            Self::In(inner, list) => Ok(list.contains(&inner.value(scope)?)),
            Self::Literal(value) => Ok(*value == FactValue::Bool(true)),
            Self::Name(_) => Ok(self.value(scope)? == FactValue::Bool(true)),
        }
    }

    fn value(&self, scope: &dyn Scope) -> Result<FactValue, Unmapped> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Name(name) => scope.get(name).ok_or_else(|| Unmapped(name.clone())),
            condition => condition.truth(scope).map(FactValue::Bool),
        }
    }
}

/// `&&` and `||`: the deciding value on either side decides, a missing one elsewhere is missed.
fn decided(a: Result<bool, Unmapped>, b: Result<bool, Unmapped>, deciding: bool) -> Result<bool, Unmapped> {
    match (a, b) {
        (Ok(value), _) | (_, Ok(value)) if value == deciding => Ok(deciding),
        (Err(missing), _) | (_, Err(missing)) => Err(missing),
        _ => Ok(!deciding),
    }
}

impl Relation {
    fn holds(self, a: &FactValue, b: &FactValue) -> bool {
        match self {
            Self::Equal => a == b,
            Self::Unequal => a != b,
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
        }
    }

    const fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }

    fn of(mark: &str) -> Option<Self> {
        Some(match mark {
            "==" => Self::Equal,
            "!=" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use std::collections::BTreeMap;

    struct Given(BTreeMap<&'static str, FactValue>);

    impl Scope for Given {
        fn get(&self, name: &str) -> Option<FactValue> {
            self.0.get(name).cloned()
        }
    }

    fn word(text: &str) -> FactValue {
        FactValue::Word(text.into())
    }

    #[test]
    fn conditions_hold_or_do_not() {
        let scope = Given(BTreeMap::from([
            ("account.kyc", word("primary")),
            ("account.disputed", FactValue::Bool(false)),
            ("questions.wrong", FactValue::Int(2)),
        ]));
        for (source, expected) in [
            ("account.kyc == \"primary\"", Ok(true)),
            ("account.kyc in ['none', 'advanced']", Ok(false)),
            ("!account.disputed && questions.wrong >= 2", Ok(true)),
            ("questions.wrong < -1 || account.disputed", Ok(false)),
            ("account.disputed && account.absent", Ok(false)),
            ("account.absent || !account.disputed", Ok(true)),
            (
                "account.absent || account.disputed",
                Err(Unmapped("account.absent".into())),
            ),
            ("(account.disputed == false) == true", Ok(true)),
            ("true", Ok(true)),
            ("account.disputed || account.disputed || questions.wrong == 2", Ok(true)),
        ] {
            assert_eq!(Expr::parse(source).unwrap().holds(&scope), expected, "{source}");
        }
    }

    #[test]
    fn the_rest_of_cel_is_refused() {
        for source in [
            "",
            "size(account.kyc) > 1",
            "account.kyc.startsWith(\"p\")",
            "has(account.kyc)",
            "[1, 2].all(x, x > 0)",
            "questions.wrong + 1 > 2",
            "account[\"kyc\"] == \"primary\"",
            "account.disputed ? true : false",
            "kyc == \"primary\"",
            "account.host.kyc == \"primary\"",
            "1.5 < questions.wrong",
            "account.kyc == null",
            "account.kyc in account.list",
            "account.kyc ==",
            "account.kyc = \"primary\"",
            "account.kyc == \"primary",
            "account.kyc == \"pri\\x6dary\"",
            "account.n == 1 == true",
            "loop.done",
            "account.in == 1",
            "account.n == 0x10",
            "account.n == 1u",
            "account.n == 99999999999999999999",
            "account.a && ",
            "account.a & account.b",
            "account.a account.b",
            "{'a': 1}.a == 1",
        ] {
            let parsed = Expr::parse(source);
            assert!(parsed.is_err(), "{source}: {parsed:?}");
        }
        assert!(Expr::parse(&format!("{}true{}", "(".repeat(150), ")".repeat(150))).is_err());
        assert!(Expr::parse(&format!("{}true", "!".repeat(390))).is_err());
    }

    /// Parsing and evaluation are those of the CEL library wherever the checker lets a condition through.
    #[test]
    fn evaluation_is_that_of_cel() {
        let sources = [
            "account.a && account.b || !account.c",
            "account.a == account.b && account.c != account.a",
            "account.w == \"x\" || account.w in [\"y\", \"z\"] && account.a",
            "account.n >= 1 && account.n < 3 || account.w != \"x\"",
            "!(account.a || account.n <= 1) && account.n > -1",
        ];
        let parsed: Vec<(Expr, cel::Program)> = sources
            .iter()
            .map(|source| (Expr::parse(source).unwrap(), cel::Program::compile(source).unwrap()))
            .collect();
        for bits in 0..8u8 {
            for n in 0..4i64 {
                for w in ["x", "y", "z"] {
                    let scope = Given(BTreeMap::from([
                        ("account.a", FactValue::Bool(bits & 1 != 0)),
                        ("account.b", FactValue::Bool(bits & 2 != 0)),
                        ("account.c", FactValue::Bool(bits & 4 != 0)),
                        ("account.n", FactValue::Int(n)),
                        ("account.w", word(w)),
                    ]));
                    for (ours, theirs) in &parsed {
                        let expected = by_the_library(theirs, &scope);
                        assert_eq!(ours.holds(&scope), Ok(expected), "{} on {:?}", ours.source(), scope.0);
                    }
                }
            }
        }
    }

    fn by_the_library(program: &cel::Program, scope: &Given) -> bool {
        let fields: std::collections::HashMap<String, cel::Value> = scope
            .0
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    FactValue::Bool(b) => cel::Value::Bool(*b),
                    FactValue::Int(i) => cel::Value::Int(*i),
                    FactValue::Word(w) => cel::Value::String(w.clone().into()),
                };
                (name.replace("account.", ""), value)
            })
            .collect();
        let mut context = cel::Context::default();
        context.add_variable_from_value("account", fields);
        match program.execute(&context) {
            Ok(cel::Value::Bool(value)) => value,
            other => panic!("{other:?}"),
        }
    }
}
