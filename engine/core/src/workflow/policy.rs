//! The operator's policy, `workflows/policy.yaml`: the profile, values that workflows may read, and the floor that no
//! workflow goes under (RF-03). A case is pinned to the policy version that it began with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::fault::Fault;
use super::tree::Node;
use super::vocabulary::Vocabulary;
use super::written::Requirement;
use crate::case::Class;
use crate::ids::Digest;
use crate::kind::FactValue;
use crate::time::Span;

/// A pinned policy version, as running cases read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub profile: Profile,
    /// Further `policy.*` values.
    pub values: BTreeMap<String, FactValue>,
    /// The rule packs that judge pictures, by name; empty where those of the build do.
    pub packs: Packs,
    /// How long a SIM card must have been behind a number before a code sent there proves anything (OT-06).
    pub sim_settled: Span,
    /// SHA-256 of the file as stored.
    pub hash: Digest,
}

/// Rule packs by name, each the SHA-256 of its file. What they share is one of them.
pub type Packs = BTreeMap<String, Digest>;

/// How the exchange's published flow is bound: as published, or hardened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    #[default]
    Published,
    Strict,
}

/// What no published workflow goes under, and what it may break only with a risk analysis.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// How many different proofs every remedy needs at least, one of them a possession proof.
    pub proofs: usize,
    /// How long withdrawals stay locked after a recovery, at least (RF-14).
    pub lock_withdrawals: Span,
    /// What every recovery revokes at the host (RF-16).
    pub revoke: Vec<String>,
    /// Bounds on settings of steps.
    pub bounds: Vec<Bound>,
    /// Requirements judged by the proof; a workflow breaks one only by a `deviates` line.
    pub requirements: Vec<Rule>,
}

/// A bound on one setting of one step kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    pub kind: String,
    pub setting: String,
    pub at_least: Option<Quantity>,
    pub at_most: Option<Quantity>,
}

/// A count or a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a length of time")]
pub enum Quantity {
    Count(i64),
    Length(Span),
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Length(length) => length.fmt(f),
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.at_least, self.at_most) {
            (Some(least), Some(most)) => write!(f, "{least} to {most}"),
            (Some(least), None) => write!(f, "at least {least}"),
            (None, Some(most)) => write!(f, "at most {most}"),
            (None, None) => f.write_str("any"),
        }
    }
}

/// A requirement as the proof judges it, wherever a remedy is carried out and the condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: Requirement,
    /// The classes of workflow that it binds.
    pub classes: Vec<Class>,
    pub r#if: String,
    /// The case has waited at least so long.
    #[serde(default)]
    pub wait: Span,
    /// At least so many people approved, in one review.
    #[serde(default)]
    pub approvals: u32,
    /// One of these sets of proofs is held whole; none means any.
    #[serde(default)]
    pub sets: Vec<Vec<String>>,
    /// These proofs, with codes, do not decide alone: another proof is held, or a person approved.
    #[serde(default)]
    pub not_alone: Vec<String>,
}

/// A way of proving that no standard set contains, with the analysis that accepts it (RF-03).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub proof: String,
    pub analysis: String,
}

/// The whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFile {
    pub policy: Policy,
    pub floor: Floor,
    pub methods: Vec<Method>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    profile: Profile,
    #[serde(default)]
    values: BTreeMap<String, FactValue>,
    #[serde(default = "usual_sim_settled")]
    sim_settled: Span,
    floor: Floor,
    methods: Vec<Method>,
    #[serde(default)]
    packs: Packs,
}

const fn usual_sim_settled() -> Span {
    Span::days(7)
}

impl PolicyFile {
    /// Reads the file and holds it to the vocabulary.
    ///
    /// # Errors
    /// Its faults: the first that hides the rest, or every one that does not.
    pub fn read(body: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let file = Self::from_tree(&tree, body).map_err(|fault| vec![fault])?;
        let mut faults = method_faults(&tree);
        faults.extend(rule_faults(&tree, vocabulary));
        faults.extend(file.value_faults(&tree, vocabulary));
        if faults.is_empty() { Ok(file) } else { Err(faults) }
    }

    fn from_tree(tree: &Node, body: &str) -> Result<Self, Fault> {
        let written: Written = tree.read()?;
        Ok(Self {
            policy: Policy {
                profile: written.profile,
                values: written.values,
                packs: written.packs,
                hash: Digest::of(body.as_bytes()),
                sim_settled: written.sim_settled,
            },
            floor: written.floor,
            methods: written.methods,
        })
    }

    /// Every policy value of the vocabulary has one of its values here, and there is no other.
    fn value_faults(&self, tree: &Node, vocabulary: &Vocabulary) -> Vec<Fault> {
        let place = tree.get("values").map_or(tree.place, |node| node.place);
        let names = vocabulary
            .names()
            .filter_map(|name| Some(name.strip_prefix("policy.")?.to_owned()));
        let missing = names.filter(|name| {
            let value = self.policy.get(name);
            let known = vocabulary.values(&format!("policy.{name}")).unwrap_or_default();
            !value.is_some_and(|value| known.contains(&value))
        });
        let strange = self
            .policy
            .values
            .keys()
            .filter(|name| vocabulary.values(&format!("policy.{name}")).is_none());
        missing
            .map(|name| format!("`{name}` has no value of the vocabulary"))
            .chain(strange.map(|name| format!("the vocabulary knows no policy value `{name}`")))
            .map(|what| Fault::new(place, what, "see workflows/vocabulary.yaml"))
            .collect()
    }

    /// The analysis that accepts a proof, or `None` where some standard set contains it.
    #[must_use]
    pub fn analysis(&self, proof: &str) -> Option<&str> {
        let method = self.methods.iter().find(|method| method.proof == proof)?;
        Some(&method.analysis)
    }

    /// Whether a proof may count at all: it is in a standard set, or a method with its analysis.
    #[must_use]
    pub fn accepts(&self, proof: &str) -> bool {
        let mut sets = self.floor.requirements.iter().flat_map(|rule| &rule.sets);
        sets.any(|set| set.iter().any(|name| name == proof)) || self.analysis(proof).is_some()
    }
}

/// A method without the name of an analysis is no method (RF-03).
fn method_faults(tree: &Node) -> Vec<Fault> {
    let methods = tree.get("methods").map_or(&[][..], Node::elements).iter();
    methods
        .filter_map(|method| method.get("analysis"))
        .filter(|node| !node.text().is_some_and(is_analysis))
        .map(|node| {
            Fault::new(
                node.place,
                "no risk analysis is named",
                "analyses are called RA-1, RA-2, …",
            )
        })
        .collect()
}

/// `RA-` and a number.
pub(crate) fn is_analysis(name: &str) -> bool {
    name.strip_prefix("RA-")
        .is_some_and(|number| !number.is_empty() && number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A rule whose condition is none, or reads what the vocabulary does not have, would silently not bind.
fn rule_faults(tree: &Node, vocabulary: &Vocabulary) -> Vec<Fault> {
    let rules = tree
        .get("floor")
        .and_then(|floor| floor.get("requirements"))
        .map_or(&[][..], Node::elements);
    let conditions = rules.iter().filter_map(|rule| rule.get("if"));
    conditions
        .filter_map(|node| {
            let parsed = Expr::parse(node.text()?).and_then(|condition| vocabulary.admits(&condition));
            Some(Fault::sentence(node.place, &parsed.err()?))
        })
        .collect()
}

/// Reads a stored policy version again, which was held to the vocabulary when it was published.
///
/// # Errors
/// What makes it unreadable.
pub fn load(body: &str) -> Result<Policy, Vec<Fault>> {
    let file = Node::parse(body).and_then(|tree| PolicyFile::from_tree(&tree, body));
    file.map(|file| file.policy).map_err(|fault| vec![fault])
}

/// The file with these rule packs in the place of its own, which stand last: a case that is pinned to a policy is pinned to
/// its packs.
#[must_use]
pub fn with_packs(body: &str, packs: &Packs) -> String {
    const PACKS: &str = "\npacks:\n";
    let own = body.split_once(PACKS).map_or(body, |(own, _)| own);
    let lines: String = packs
        .iter()
        .map(|(name, hash)| format!("  {name}: \"{hash}\"\n"))
        .collect();
    format!("{}\n{PACKS}{lines}", own.trim_end())
}

impl Policy {
    /// The value of `policy.NAME`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<FactValue> {
        match name {
            "profile" => Some(FactValue::Word(match self.profile {
                Profile::Published => "published".into(),
                Profile::Strict => "strict".into(),
            })),
            _ => self.values.get(name).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(body: &str) -> Result<PolicyFile, Vec<Fault>> {
        let vocabulary = Vocabulary::read(include_str!("../../../../workflows/vocabulary.yaml"))?;
        PolicyFile::read(body, &vocabulary)
    }

    const SHIPPED: &str = include_str!("../../../../workflows/policy.yaml");

    #[test]
    fn the_shipped_policy_reads() {
        let file = read(SHIPPED).unwrap();
        assert_eq!(file.policy.profile, Profile::Published);
        assert_eq!(file.policy.get("profile"), Some(FactValue::Word("published".into())));
        assert!(file.accepts("code.email") && file.accepts("documents") && !file.accepts("selfie"));
        assert_ne!(
            load(&SHIPPED.replace("profile: published", "profile: strict"))
                .unwrap()
                .hash,
            file.policy.hash
        );
    }

    #[test]
    fn packs_are_part_of_the_version() {
        let packs: Packs = [("account-email".to_owned(), Digest([7; 32]))].into();
        let body = with_packs(SHIPPED, &packs);
        let policy = load(&body).unwrap();
        assert_eq!(policy.packs, packs);
        assert_ne!(policy.hash, load(SHIPPED).unwrap().hash);
        assert_eq!(with_packs(&with_packs(SHIPPED, &Packs::new()), &packs), body);
        assert_eq!(with_packs(&body, &packs), body);
    }

    #[test]
    fn rf_03_a_method_without_its_analysis_is_refused() {
        for wrong in [
            SHIPPED.replace(", analysis: RA-1}", "}"),
            SHIPPED.replace("analysis: RA-1}", "analysis: ''}"),
            SHIPPED.replace("analysis: RA-1}", "analysis: later}"),
        ] {
            let faults = read(&wrong).unwrap_err();
            assert!(
                faults.iter().any(|fault| fault.to_string().contains("analys")),
                "{faults:?}"
            );
        }
    }

    #[test]
    fn a_rule_that_would_not_bind_is_refused() {
        for wrong in ["now()", "!account.other_channel", "account.asset_tier == \"gold\""] {
            let faults =
                read(&SHIPPED.replace("if: '!account.independent_channel'", &format!("if: '{wrong}'"))).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
        }
    }

    #[test]
    fn values_are_those_of_the_vocabulary() {
        let faults = read(&SHIPPED.replace("floor:", "values: {colour: red}\nfloor:")).unwrap_err();
        let told = faults.first().unwrap().to_string();
        assert!(told.contains("no policy value `colour`"), "{told}");
    }
}
