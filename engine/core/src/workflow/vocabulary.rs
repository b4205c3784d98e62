//! The closed vocabulary of conditions: account attributes and policy values, each with all the values it may have.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::expr::Expr;
use super::fault::Fault;
use super::tree::Node;
use crate::kind::FactValue;

/// `workflows/vocabulary.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Account attributes that the directory gives.
    account: BTreeMap<String, Vec<FactValue>>,
    /// Account attributes that the engine derives at the first proof.
    derived: BTreeMap<String, Vec<FactValue>>,
    /// Values of the operator's policy.
    policy: BTreeMap<String, Vec<FactValue>>,
}

impl Vocabulary {
    /// Reads the file.
    ///
    /// # Errors
    /// Every fault found: at the first that hides the rest, or at each attribute without two values of one type.
    pub fn read(body: &str) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let vocabulary: Self = tree.read().map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        for (key, values) in tree.entries().iter().flat_map(|(_, group)| group.entries()) {
            let values: Vec<FactValue> = values.read().unwrap_or_default();
            let alike = values.windows(2).all(|pair| match pair {
                [a, b] => std::mem::discriminant(a) == std::mem::discriminant(b) && a != b,
                _ => true,
            });
            if values.len() < 2 || !alike {
                let what = format!("`{}` needs two or more different values of one type", key.name);
                faults.push(Fault::new(key.place, what, "a condition on it could not vary"));
            }
        }
        for (name, _) in vocabulary
            .account
            .iter()
            .filter(|(name, _)| vocabulary.derived.contains_key(*name))
        {
            let what = format!("`{name}` is both given and derived");
            faults.push(Fault::new(
                tree.place,
                what,
                "the engine's own value would hide the directory's",
            ));
        }
        if faults.is_empty() { Ok(vocabulary) } else { Err(faults) }
    }

    /// All values of a name such as `account.kyc` or `policy.profile`; `None` for an unknown one.
    #[must_use]
    pub fn values(&self, name: &str) -> Option<&[FactValue]> {
        let (group, field) = name.split_once('.')?;
        match group {
            "account" => self.account.get(field).or_else(|| self.derived.get(field)),
            "policy" => self.policy.get(field),
            _ => None,
        }
        .map(Vec::as_slice)
    }

    /// Checks a condition of a file that reads nothing but the vocabulary.
    ///
    /// # Errors
    /// A sentence `what; why`.
    pub(crate) fn admits(&self, condition: &Expr) -> Result<(), String> {
        condition.fits(&|name| self.values(name).map(Cow::Borrowed))
    }

    /// Every name, dotted.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let account = self.account.keys().chain(self.derived.keys());
        account
            .map(|name| format!("account.{name}"))
            .chain(self.policy.keys().map(|name| format!("policy.{name}")))
    }

    /// What of a directory's answer the vocabulary knows; an unknown attribute or value is left out, which sends the
    /// case to a person where a condition needs it.
    #[must_use]
    pub fn mapped(&self, given: &BTreeMap<String, serde_json::Value>) -> BTreeMap<String, FactValue> {
        given
            .iter()
            .filter_map(|(name, value)| {
                let value: FactValue = serde_json::from_value(value.clone()).ok()?;
                self.account.get(name)?.contains(&value).then(|| (name.clone(), value))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shipped() -> Vocabulary {
        Vocabulary::read(include_str!("../../../../workflows/vocabulary.yaml")).unwrap()
    }

    #[test]
    fn the_shipped_vocabulary_is_finite_and_typed() {
        let vocabulary = shipped();
        assert_eq!(vocabulary.values("account.asset_tier").map(<[_]>::len), Some(3));
        assert_eq!(vocabulary.values("policy.profile").map(<[_]>::len), Some(2));
        assert!(
            vocabulary
                .values("account.can_ask")
                .unwrap()
                .contains(&FactValue::Bool(true))
        );
        assert!(vocabulary.names().all(|name| vocabulary.values(&name).is_some()));
        assert_eq!(vocabulary.values("account.shoe_size"), None);
    }

    #[test]
    fn what_the_vocabulary_does_not_know_is_left_out() {
        let given = serde_json::json!({"kyc": "platinum", "asset_tier": "high", "disputed": true, "age": 7});
        let given = serde_json::from_value(given).unwrap();
        let mapped = shipped().mapped(&given);
        assert_eq!(
            mapped,
            BTreeMap::from([("asset_tier".to_owned(), FactValue::Word("high".into()))])
        );
    }

    #[test]
    fn faults_are_told_together() {
        let faults = Vocabulary::read("account: {a: [x], b: [x, 1]}\nderived: {}\npolicy: {p: [x, x]}").unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
