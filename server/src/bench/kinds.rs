//! The two step kinds of the measured workflow: one that whatever comes passes, and one that only waits for people. What
//! stands between and around them (the engine, the store, the decision, the review) is what every case runs.

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::kind::{Declared, DeclaredOutcome, Grant, Input, Kinds, Status, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde_json::json;

/// The queue that its tasks wait in.
pub(super) const QUEUE: &str = "recovery";

pub(super) struct Measured;

impl Kinds for Measured {
    fn get(&self, name: &str) -> Option<&dyn StepKind> {
        match name {
            "possession" => Some(&Possession),
            "people" => Some(&People),
            other => readmit_steps::kinds().get(other),
        }
    }
}

struct Possession;

impl StepKind for Possession {
    fn name(&self) -> &'static str {
        "possession"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, _step: &Step) -> Result<Declared, String> {
        Ok(Declared {
            outcomes: vec![outcome("proven", Grant::Now("possession".into()), true)],
            ..Declared::default()
        })
    }

    fn proves(&self, _cx: &StepCx<'_>, _input: &Input) -> bool {
        true
    }

    fn enter(&self, _cx: &StepCx<'_>) -> Turn {
        Turn::waiting(json!("asked"))
    }

    fn turn(&self, _cx: &StepCx<'_>, _input: &Input) -> Result<Turn, Refusal> {
        Ok(Turn::done(json!("passed"), "proven"))
    }
}

struct People;

impl StepKind for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn phase(&self) -> Phase {
        Phase::InReview
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Person
    }

    fn declare(&self, _step: &Step) -> Result<Declared, String> {
        Ok(Declared {
            outcomes: vec![
                outcome("approved", Grant::Confirm, false),
                outcome("rejected", Grant::Drop, false),
            ],
            ..Declared::default()
        })
    }

    fn enter(&self, _cx: &StepCx<'_>) -> Turn {
        Turn {
            status: Status::Task {
                queue: QUEUE.into(),
                approvals: 1,
            },
            ..Turn::waiting(json!("with people"))
        }
    }

    fn turn(&self, _cx: &StepCx<'_>, _input: &Input) -> Result<Turn, Refusal> {
        Err(Refusal::Stale)
    }
}

fn outcome(name: &str, grant: Grant, possession: bool) -> DeclaredOutcome {
    DeclaredOutcome {
        name: name.into(),
        grant,
        possession,
    }
}
