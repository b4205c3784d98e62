//! The parts of a workflow file as typed values; `schema.json` is generated from them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::definition::{Limits, RemedySpec};
use super::fault::Place;
use crate::case::Class;
use crate::time::Span;

/// A value with the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    pub place: Place,
    pub value: T,
}

/// A security requirement that a workflow breaks on purpose (RF-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The requirement.
    pub from: Requirement,
    /// For which accounts and under which policy; reads `account.*` and `policy.*` only.
    pub r#if: String,
    /// The risk analysis that accepts it: `RA-1` is `docs/risk/RA-1.md`.
    pub analysis: String,
}

/// The requirements that the checker judges by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Requirement {
    /// Recovery proves by one of the standard's sets of proofs.
    #[serde(rename = "RF-01")]
    Rf01,
    /// Where no channel independent of the code's exists, the owner gets a longer wait.
    #[serde(rename = "RF-10")]
    Rf10,
    /// A wait before the effect, in which the owner can object.
    #[serde(rename = "RF-12")]
    Rf12,
    /// Answers to questions never decide alone.
    #[serde(rename = "QS-01")]
    Qs01,
    /// Two people approve for high value, and where the last factor goes.
    #[serde(rename = "IN-01")]
    In01,
}

impl Requirement {
    pub const ALL: [Self; 5] = [Self::Rf01, Self::Rf10, Self::Rf12, Self::Qs01, Self::In01];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rf01 => "RF-01",
            Self::Rf10 => "RF-10",
            Self::Rf12 => "RF-12",
            Self::Qs01 => "QS-01",
            Self::In01 => "IN-01",
        }
    }
}

/// What must hold wherever the remedy is carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Always.
    pub require: Vec<Need>,
    /// Besides, where the condition holds; of several lines all hold, the largest count and wait win.
    #[serde(default)]
    pub when: Vec<When>,
}

/// A proof, or any one of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a proof's name, or {any_of: [names]}")]
pub enum Need {
    Proof(String),
    AnyOf(AnyOf),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnyOf {
    pub any_of: Vec<String>,
}

impl Need {
    /// The proofs of which one is enough.
    #[must_use]
    pub fn options(&self) -> &[String] {
        match self {
            Self::Proof(proof) => std::slice::from_ref(proof),
            Self::AnyOf(any) => &any.any_of,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub r#if: String,
    #[serde(default)]
    pub require: Vec<Need>,
    /// How many people must have approved, in one review.
    #[serde(default)]
    pub approvals: u32,
    /// How long the case must have waited since the last proof or approval.
    #[serde(default)]
    pub wait: Span,
}

/// A workflow: what happens, in which order, and what must be proven before the remedy.
// Only its schema is used: the reader takes a file section by section, to tell all faults at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Workflow")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Outline {
    /// The workflow's name: small letters, digits and dashes.
    workflow: String,
    class: Class,
    /// By language: en, zh, es.
    title: BTreeMap<String, String>,
    #[serde(default)]
    remedy: RemedySpec,
    #[serde(default)]
    deviates: Vec<Deviation>,
    proof: Proof,
    limits: Limits,
    /// The first step.
    start: String,
    /// By name: small letters, digits and underscores.
    steps: BTreeMap<String, StepOutline>,
}

/// A step. What else stands in it belongs to its kind.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct StepOutline {
    kind: String,
    /// Where each outcome leads: a step, `end.approved`, `end.rejected`, `end.expired`, or `start.WORKFLOW`.
    #[serde(default)]
    then: BTreeMap<String, String>,
    /// How often the step may be entered.
    visits: Option<u32>,
}
