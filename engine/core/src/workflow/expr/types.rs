//! Types: a condition fits when its names exist, its literals are among their values, and only numbers are ordered.

use std::borrow::Cow;

use super::{Expr, Relation, Term};
use crate::kind::FactValue;

/// All values of a dotted name; none for an unknown one.
type Values<'f, 'a> = &'f dyn Fn(&str) -> Option<Cow<'a, [FactValue]>>;

impl Expr {
    /// Checks the condition against what its names may be.
    ///
    /// # Errors
    /// A sentence `what; why`.
    pub(in crate::workflow) fn fits(&self, values: Values<'_, '_>) -> Result<(), String> {
        truth(&self.term, values)
    }
}

fn truth(term: &Term, values: Values<'_, '_>) -> Result<(), String> {
    match term {
        Term::Literal(FactValue::Bool(_)) => Ok(()),
        Term::Literal(literal) => Err(format!("{literal} is not a condition; a condition is true or false")),
        Term::Name(name) => match known(name, values)?.first() {
            Some(FactValue::Bool(_)) => Ok(()),
            _ => Err(format!(
                "`{name}` is not true or false; compare it with one of its values"
            )),
        },
        Term::Not(inner) => truth(inner, values),
        Term::And(a, b) | Term::Or(a, b) => truth(a, values).and_then(|()| truth(b, values)),
        Term::In(inner, list) => list.iter().try_for_each(|literal| among(inner, literal, false, values)),
        Term::Compare(relation, a, b) => compare(*relation, a, b, values),
    }
}

fn known<'a>(name: &str, values: Values<'_, 'a>) -> Result<Cow<'a, [FactValue]>, String> {
    values(name).ok_or_else(|| {
        format!(
            "unknown name `{name}`; names are those of the vocabulary, and `STEP.FACT` for facts that a step declares"
        )
    })
}

fn compare(relation: Relation, a: &Term, b: &Term, values: Values<'_, '_>) -> Result<(), String> {
    match (a, b) {
        (Term::Literal(_), Term::Literal(_)) => Err("two literals are compared; one side is a name".to_owned()),
        (name, Term::Literal(literal)) | (Term::Literal(literal), name) => {
            among(name, literal, relation.orders(), values)
        }
        (Term::Name(left), Term::Name(right)) => {
            let (left_values, right_values) = (known(left, values)?, known(right, values)?);
            let alike =
                left_values.first().map(std::mem::discriminant) == right_values.first().map(std::mem::discriminant);
            let ordered = matches!(left_values.first(), Some(FactValue::Int(_)));
            if !alike || (relation.orders() && !ordered) {
                return Err(format!(
                    "`{left}` and `{right}` cannot be compared so; only numbers have an order"
                ));
            }
            Ok(())
        }
        _ if relation.orders() => Err("only numbers have an order; conditions are equal or not".to_owned()),
        (a, b) => truth(a, values).and_then(|()| truth(b, values)),
    }
}

/// A literal fits a name that can have it; ordered, one that lies between the name's values.
fn among(term: &Term, literal: &FactValue, ordered: bool, values: Values<'_, '_>) -> Result<(), String> {
    let Term::Name(name) = term else {
        let boolean = matches!(literal, FactValue::Bool(_)) && !ordered;
        return if boolean {
            truth(term, values)
        } else {
            Err(format!("a condition is compared with {literal}; it is true or false"))
        };
    };
    let all = known(name, values)?;
    let fits = match (ordered, literal) {
        (true, FactValue::Int(_)) => all.iter().min() <= Some(literal) && Some(literal) <= all.iter().max(),
        (true, _) => return Err(format!("`{name}` has no order; only numbers have one")),
        (false, literal) => all.contains(literal),
    };
    if fits {
        return Ok(());
    }
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    Err(format!("`{name}` is never {literal}; it is one of {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sample(name: &str) -> Option<Cow<'static, [FactValue]>> {
        let word = |text: &str| FactValue::Word(text.into());
        Some(Cow::Owned(match name {
            "account.kyc" => vec![word("none"), word("primary")],
            "account.disputed" | "account.other" => vec![FactValue::Bool(false), FactValue::Bool(true)],
            "questions.wrong" => (0..4).map(FactValue::Int).collect(),
            _ => return None,
        }))
    }

    #[test]
    fn literals_and_types_are_held_to_the_vocabulary() {
        for (source, refusal) in [
            ("account.kyc == \"primary\" && !account.disputed", ""),
            ("account.kyc in [\"none\", \"primary\"] || questions.wrong >= 2", ""),
            ("account.disputed == account.other", ""),
            ("(account.kyc == \"none\") == account.disputed", ""),
            (
                "account.kyc == \"platinum\"",
                "`account.kyc` is never \"platinum\"; it is one of \"none\", \"primary\"",
            ),
            (
                "account.kyc in [\"primary\", \"gold\"]",
                "`account.kyc` is never \"gold\"",
            ),
            ("account.kyc", "`account.kyc` is not true or false"),
            ("account.shoe_size == 7", "unknown name `account.shoe_size`"),
            ("questions.wrong > 9", "`questions.wrong` is never 9"),
            ("account.kyc < \"primary\"", "`account.kyc` has no order"),
            ("account.disputed == \"true\"", "`account.disputed` is never \"true\""),
            ("1 == 1", "two literals are compared"),
            ("\"yes\"", "\"yes\" is not a condition"),
            (
                "account.kyc == questions.wrong",
                "`account.kyc` and `questions.wrong` cannot be compared so",
            ),
            (
                "(account.disputed || account.other) == 1",
                "a condition is compared with 1",
            ),
        ] {
            let said = Expr::parse(source).unwrap().fits(&sample).err().unwrap_or_default();
            assert!(
                said.starts_with(refusal) && said.is_empty() == refusal.is_empty(),
                "{source}: {said}"
            );
        }
    }
}
