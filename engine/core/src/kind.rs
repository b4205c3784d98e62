//! What a step kind is: the logic of one kind of step, pure, one folder each in `engine/steps` (invariant 12).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answers::{Answers, Lookup};
use crate::case::{Case, Phase, WaitsFor};
use crate::cx::{Entropy, Keys};
use crate::effect::{Effect, Notice};
use crate::guard::{Guard, Standing, Wants};
use crate::ids::{BlobId, Digest};
use crate::refusal::Refusal;
use crate::sealed::Sealed;
use crate::time::{At, Span};
use crate::workflow::definition::{Definition, Step};
use crate::workflow::expr::Unmapped;
use crate::workflow::policy::Policy;
use crate::workflow::table::Table;

/// A fact's value: a boolean, a small integer, or one word of a declared enumeration. Never personal data (invariant 4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    Bool(bool),
    Int(i64),
    Word(String),
}

/// Facts by `step.fact`.
pub type Facts = BTreeMap<String, FactValue>;

/// What a configured step declares about itself; the proof at publish rests on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    pub outcomes: Vec<DeclaredOutcome>,
    pub facts: Vec<DeclaredFact>,
    /// Every condition in the configuration, in order, as written.
    pub conditions: Vec<String>,
    /// The step shows, asks or decides by account data, whatever its conditions say: never before a possession proof.
    pub reads_account: bool,
    /// For kinds that choose their outcome by conditions alone: first true one wins, `None` is `else`.
    pub routes: Vec<(Option<String>, String)>,
    /// How many people must approve; of the review kind.
    pub approvals: Option<Table<u32>>,
    /// How long the step waits; of the wait kind.
    pub wait: Option<Table<Span>>,
    /// Text ids that must exist in the workflow's texts.
    pub texts: Vec<String>,
    /// Slots that must exist, with their rule pack.
    pub slots: Vec<String>,
    /// The step carries out the remedy.
    pub remedy: bool,
    /// The kind of factor that the step makes, which only the remedy binds.
    pub enrols: Option<Enrols>,
}

/// What the remedy takes a new factor for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrols {
    /// The one that it adds.
    Added(String),
    /// One more, beside another that it adds.
    Beside(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredOutcome {
    pub name: String,
    pub grant: Grant,
    /// The outcome is a possession proof: the first one makes an unproven case a case.
    pub possession: bool,
}

/// What reaching an outcome counts as.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "grant", content = "proof", rename_all = "snake_case")]
pub enum Grant {
    #[default]
    Nothing,
    /// The proof is held at once.
    Now(String),
    /// The proof is held when a review approves it.
    Pending(String),
    /// A review approved: pending proofs are held.
    Confirm,
    /// A review turned back or rejected: pending proofs are gone.
    Drop,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredFact {
    pub name: String,
    /// All values it may take; the first is the default before the step has run.
    pub values: Vec<FactValue>,
    /// Learned before the first possession proof: held back (sealed) until it passes.
    pub held: bool,
}

/// What a step kind may look at.
pub struct StepCx<'a> {
    pub definition: &'a Definition,
    pub step: &'a Step,
    pub case: &'a Case,
    pub sealed: &'a Sealed,
    pub now: At,
    pub entropy: &'a Entropy,
    pub keys: &'a Keys,
    pub answers: &'a Answers,
    pub standing: &'a Standing,
    pub policy: &'a Policy,
    /// Whether anything can be sent to a phone.
    pub phones: bool,
    /// Who acts; a claimant brings the tag of the network prefix.
    pub by: crate::command::Actor,
}

impl StepCx<'_> {
    /// Evaluates a condition of this workflow on the pinned account snapshot, the policy and the facts.
    ///
    /// # Errors
    /// [`Unmapped`] when it reads an attribute that the directory gave no known value for.
    pub fn holds(&self, condition: &str) -> Result<bool, Unmapped> {
        self.definition.holds(
            condition,
            &crate::workflow::scope::CaseScope::pinned(self.case, self.sealed, self.policy),
        )
    }

    /// The table's value on the pinned snapshot, or on the latest one if that is larger (invariant 6).
    ///
    /// # Errors
    /// As [`StepCx::holds`].
    pub fn largest<T: Ord + Clone>(&self, table: &Table<T>) -> Result<T, Unmapped> {
        let pinned = self.definition.choose(
            table,
            &crate::workflow::scope::CaseScope::pinned(self.case, self.sealed, self.policy),
        )?;
        let latest = self.definition.choose(
            table,
            &crate::workflow::scope::CaseScope::latest(self.case, self.sealed, self.policy),
        )?;
        Ok(pinned.max(latest))
    }

    /// This step's own sealed state.
    #[must_use]
    pub fn own_sealed(&self) -> Option<&Value> {
        self.sealed.steps.get(&self.step.name)
    }
}

/// What came to a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The claimant posted a form. `verb` is the button pressed.
    Form {
        verb: String,
        fields: Fields,
        files: Vec<StoredFile>,
    },
    /// A timer of this step run has come.
    Timer { name: String },
    /// A job of this step run has ended.
    Job { effect: Effect, result: JobResult },
}

/// How a job ended, as the case hears it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobResult {
    Done(Value),
    /// The other side said no, with its reason.
    Refused(String),
    /// Tried as often as allowed.
    Dead(String),
}

/// The fields of a form, in order, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a field; empty and missing are alike.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// All values of a field, for multiple choice.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }
}

/// An upload that already lies in the store, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub slot: String,
    pub blob: BlobId,
    pub bytes: u64,
    pub media: Media,
    pub sha256: Digest,
    /// As the claimant's machine called it: display text only (EV-07).
    pub name: String,
}

/// What the content is, read from the content (EV-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    Png,
    Jpeg,
    Webp,
}

impl Media {
    /// The usual ending of its files' names.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// What a step answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The step's new state: goes into the event, so no personal data and no secret.
    pub state: Value,
    /// The step's new sealed state; `None` leaves it.
    pub sealed: Option<Value>,
    /// What the step learned about the claimant's identity at the host, kept sealed.
    pub learned: Learned,
    pub status: Status,
    /// Facts by their short names.
    pub facts: Vec<(String, FactValue)>,
    pub effects: Vec<Due>,
    pub guards: Vec<Guard>,
    /// Risk observations.
    pub signals: Vec<&'static str>,
    /// What the owner is told of it, on every channel.
    pub told: Option<Notice>,
}

/// An effect and when it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: At,
    pub effect: Effect,
}

/// Changes of the case's sealed state that steps may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Address and account, from the sign-in step. The account is `None` for an unknown address.
    pub claimant: Option<(String, Option<crate::ids::AccountId>)>,
    /// A factor that was proven: the remedy keeps it.
    pub enrolled: Option<crate::guard::Enrolled>,
    /// Recovery codes made beside it: the remedy keeps them, too (SC-01).
    pub codes: Option<crate::guard::Enrolled>,
    /// The factor to be removed by the remedy.
    pub removing: Option<uuid::Uuid>,
}

/// Where the step stands after a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its kind's usual other side.
    Waiting,
    /// It is ready for people: the engine opens a task that wants this many approvals.
    Task {
        queue: String,
        approvals: u32,
    },
    Done {
        outcome: String,
    },
    /// It cannot go on by itself: an operator's task opens, with this reason code.
    Stuck {
        why: String,
    },
}

impl Turn {
    /// A turn that only waits.
    #[must_use]
    pub fn waiting(state: Value) -> Self {
        Self {
            state,
            sealed: None,
            learned: Learned::default(),
            status: Status::Waiting,
            facts: Vec::new(),
            effects: Vec::new(),
            guards: Vec::new(),
            signals: Vec::new(),
            told: None,
        }
    }

    /// A turn that ends the step.
    #[must_use]
    pub fn done(state: Value, outcome: &str) -> Self {
        Self {
            status: Status::Done {
                outcome: outcome.to_owned(),
            },
            ..Self::waiting(state)
        }
    }

    #[must_use]
    pub fn fact(mut self, name: &str, value: FactValue) -> Self {
        self.facts.push((name.to_owned(), value));
        self
    }

    #[must_use]
    pub fn effect(mut self, at: At, effect: Effect) -> Self {
        self.effects.push(Due { at, effect });
        self
    }

    #[must_use]
    pub fn guard(mut self, guard: Guard) -> Self {
        self.guards.push(guard);
        self
    }

    #[must_use]
    pub fn sealed(mut self, value: Value) -> Self {
        self.sealed = Some(value);
        self
    }
}

/// The logic of one kind of step. All methods are pure.
pub trait StepKind: Send + Sync {
    /// Its word in workflow files: `code`, `questions`.
    fn name(&self) -> &'static str;

    /// What being in this step makes of the case's status.
    fn phase(&self) -> Phase;

    /// Whom a waiting step waits for.
    fn waits_for(&self) -> WaitsFor;

    /// Reads a step as written and says what it may do. The kind's own part is `step.config`; `step.then` is there for
    /// kinds whose outcomes the file names, as a review's `ask_STEP`.
    ///
    /// # Errors
    /// A sentence `what is wrong; what to write instead`.
    fn declare(&self, step: &Step) -> Result<Declared, String>;

    /// What to read outside for this input.
    fn lookups(&self, _cx: &StepCx<'_>, _input: &Input) -> Vec<Lookup> {
        Vec::new()
    }

    /// Whether this input passes a possession proof: then the account is read along before it is decided, so that the
    /// case can be pinned to it. Wrong inputs read nothing, for known and unknown accounts alike (RL-01).
    fn proves(&self, _cx: &StepCx<'_>, _input: &Input) -> bool {
        false
    }

    /// Account attributes that this kind derives from what was read at the first proof, such as `can_ask`.
    fn attributes(&self, _answers: &Answers, _now: At) -> Vec<(String, FactValue)> {
        Vec::new()
    }

    /// What to read from the store's counters for this input; also asked before `enter`, with no input.
    fn wants(&self, _cx: &StepCx<'_>, _input: Option<&Input>) -> Wants {
        Wants::default()
    }

    /// Whether this input to an unproven case can come to anything that depends on the account's standing. What cannot costs
    /// the same for known and unknown accounts (RL-01).
    fn concerns_account(&self, _cx: &StepCx<'_>, _input: &Input) -> bool {
        true
    }

    /// What a reviewer ticks before approving what this step gathered, each `slot.check` (EV-11).
    fn checks(&self, _cx: &StepCx<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Whether turns need the secrets of the account's factors.
    fn opens_factors(&self) -> bool {
        false
    }

    /// The first turn of a step run. A kind that needs a lookup to begin begins when the claimant next acts.
    fn enter(&self, cx: &StepCx<'_>) -> Turn;

    /// A further turn.
    ///
    /// # Errors
    /// A [`Refusal`] when the input does not fit the step; wrong answers are turns, not refusals (invariant 2).
    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal>;
}

/// The kinds that this build knows.
pub trait Kinds: Send + Sync {
    fn get(&self, name: &str) -> Option<&dyn StepKind>;
}
