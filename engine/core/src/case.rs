//! The case: what its events fold to. No personal data and no secret (invariant 4).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conversation::{Conversation, Invitation};
use crate::ids::{CaseId, CaseRef, Digest, PersonId, RequestKey, TaskId};
use crate::kind::Facts;
use crate::time::At;

/// How many request keys a case remembers to recognise a doubled submit.
pub const REMEMBERED_KEYS: usize = 12;

/// One recovery case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    /// The number of its commits, and of its event rows.
    pub version: u32,
    pub workflow: Digest,
    pub policy: Digest,
    pub class: Class,
    /// The claimant's language: `en`, `zh`, `es`.
    pub language: String,
    pub opened: At,
    /// The moment of the last commit; time never runs backwards within a case.
    pub now: At,
    /// Set by the first possession proof; before it the case binds nobody and shows no reference.
    pub proven: Option<Proven>,
    pub disputed: bool,
    pub step: String,
    /// Step runs are counted over the whole case, from 1.
    pub run: u32,
    pub visits: BTreeMap<String, u32>,
    pub phase: Phase,
    pub waits: WaitsFor,
    /// The current step's own state.
    pub state: Value,
    /// The last state of every step left.
    pub left: BTreeMap<String, Value>,
    pub facts: Facts,
    pub proofs: BTreeSet<String>,
    pub pending: BTreeSet<String>,
    pub deadline: Option<At>,
    pub task: Option<Task>,
    /// Counts the reviews; approvals belong to one.
    pub round: u32,
    pub approvals: Vec<Approval>,
    /// The last decision of a reviewer, as the claimant may see it.
    pub decided: Option<Decided>,
    pub signals: BTreeMap<String, At>,
    pub remedy: Remedy,
    /// The owner objected while the case was disputed: only the contest task may end it.
    pub contest: bool,
    pub outcome: Option<Outcome>,
    pub closed: Option<At>,
    pub keys: Vec<RequestKey>,
    /// Commitment to the sealed state.
    pub sealed: Digest,
    /// The case that a second prover of the same account was sent to, or that a `start.…` opened.
    pub linked: Option<CaseId>,
    /// The workflow that a closed case sent its claimant to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Support opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    #[serde(default, skip_serializing_if = "Conversation::is_blank")]
    pub conversation: Conversation,
}

impl Case {
    /// Derived, never stored by itself (design, section 1).
    #[must_use]
    pub fn status(&self) -> CaseStatus {
        if self.outcome.is_some() {
            CaseStatus::Closed
        } else if self.proven.is_none() {
            CaseStatus::Unproven
        } else if self.contest {
            CaseStatus::InReview
        } else {
            match self.phase {
                Phase::Open => CaseStatus::Open,
                Phase::InReview => CaseStatus::InReview,
                Phase::CoolingDown => CaseStatus::CoolingDown,
                Phase::CarryingOut => CaseStatus::CarryingOut,
            }
        }
    }

    /// Whether the owner can still stop the case.
    #[must_use]
    pub fn can_be_stopped(&self) -> bool {
        self.proven.is_some() && self.outcome.is_none() && self.remedy == Remedy::NotBegun
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    pub reference: CaseRef,
    pub at: At,
}

/// What a workflow is for; decides reference, queues, register and retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Recovery,
    Settings,
    StepUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    Unproven,
    Open,
    InReview,
    CoolingDown,
    CarryingOut,
    Closed,
}

impl CaseStatus {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Open => "open",
            Self::InReview => "in_review",
            Self::CoolingDown => "cooling_down",
            Self::CarryingOut => "carrying_out",
            Self::Closed => "closed",
        }
    }
}

/// What the current step's kind makes of the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Open,
    InReview,
    CoolingDown,
    CarryingOut,
}

/// Whom the case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    Claimant,
    Person,
    Timer,
    Host,
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Approved,
    Rejected,
    Withdrawn,
    Vetoed,
    Expired,
    HandedOver,
}

impl Outcome {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Vetoed => "vetoed",
            Self::Expired => "expired",
            Self::HandedOver => "handed_over",
        }
    }
}

/// The live human work item of a case; there is at most one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub kind: TaskKind,
    pub queue: String,
    pub round: u32,
    /// How many approvals this round wants in all.
    pub approvals: u32,
    pub opened: At,
    /// The last fencing token given out.
    pub tokens: u32,
    pub claim: Option<Claim>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    Review,
    /// A refused or dead remedy, drift before it, or an account that the directory cannot describe.
    Operator,
    /// The owner objected to a disputed case.
    Contest,
}

/// Who works on the task. The token fences: it grows with every claim, and a stale one changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub person: PersonId,
    pub token: u32,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub round: u32,
    pub person: PersonId,
    /// What exactly was approved ([`crate::review::Message`]).
    pub message: Digest,
    pub at: At,
}

/// A reviewer's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub at: At,
    pub verdict: crate::review::Verdict,
    pub reason: String,
    /// Slots asked for again.
    pub slots: Vec<String>,
    /// The key of the reviewer's words in sealed state.
    pub words: String,
    /// What was ticked when it was sent, each `slot.check` (EV-11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticks: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    NotBegun,
    /// The point of no return.
    Begun,
    Done,
    GivenUp,
}
