//! People look at what was gathered and decide. Claims, approvals and verdicts are the engine's (`decide/people.rs`);
//! the step reads the account once more and says how many must approve.

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::effect::Effect;
use readmit_core::kind::{Declared, Grant, Input, JobResult, Status, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use readmit_core::workflow::table::Table;
use serde::{Deserialize, Serialize};

use crate::config::{UNMAPPED, config, outcome, published, stuck, value};
use crate::face::{ClaimantView, Face, Fragment};

/// Most people that a file may ask for.
const MOST_APPROVALS: u32 = 4;
/// Why a review cannot begin: the account could not be read.
const UNREADABLE: &str = "account_unreadable";

pub struct Review;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    queue: String,
    #[serde(default = "one")]
    approvals: Table<u32>,
}

/// The key of the text that a claimant reads of a decision's reason. It never says which datum or rule decided (RF-18).
#[must_use]
pub fn reason_key(code: &str) -> String {
    format!("reason-{code}")
}

fn one() -> Table<u32> {
    Table::fixed(1)
}

/// The state of a step run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "review", rename_all = "snake_case")]
enum State {
    /// The account is being read again.
    Preparing,
    /// A task is open.
    WithPeople { approvals: u32 },
}

impl StepKind for Review {
    fn name(&self) -> &'static str {
        "review"
    }

    fn phase(&self) -> Phase {
        Phase::InReview
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Person
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let config: Config = config(step)?;
        let values = config
            .approvals
            .rows
            .iter()
            .map(|(_, n)| n)
            .chain([&config.approvals.otherwise]);
        if values.into_iter().any(|n| !(1..=MOST_APPROVALS).contains(n)) {
            return Err(format!("`approvals` is 1 to {MOST_APPROVALS}"));
        }
        let fixed = [outcome("approved", Grant::Confirm), outcome("rejected", Grant::Drop)];
        let asked = step.then.keys().filter(|name| name.starts_with("ask_"));
        Ok(Declared {
            outcomes: fixed
                .into_iter()
                .chain(asked.map(|name| outcome(name, Grant::Drop)))
                .collect(),
            conditions: config.approvals.conditions().map(str::to_owned).collect(),
            approvals: Some(config.approvals),
            reads_account: true,
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        Turn::waiting(value(&State::Preparing)).effect(cx.now, Effect::ReadAccount)
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Job {
                effect: Effect::ReadAccount,
                result: JobResult::Done(_),
            } => ready(cx),
            Input::Job {
                effect: Effect::ReadAccount,
                result: JobResult::Refused(_) | JobResult::Dead(_),
            } => Ok(stuck(UNREADABLE)),
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

/// The account has been read again: a task opens, for as many people as the larger reading asks.
fn ready(cx: &StepCx<'_>) -> Result<Turn, Refusal> {
    let Config { queue, approvals } = published(cx.step)?;
    let Ok(approvals) = cx.largest(&approvals) else {
        return Ok(stuck(UNMAPPED));
    };
    Ok(Turn {
        status: Status::Task { queue, approvals },
        ..Turn::waiting(value(&State::WithPeople { approvals }))
    })
}

impl Face for Review {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        crate::status::with_a_person(view)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use readmit_core::kind::FactValue;
    use readmit_core::workflow::definition::Target;

    use super::*;
    use crate::support::{Bench, form};

    fn bench(tier: &str) -> Bench {
        let config = serde_json::json!({"queue": "recovery", "approvals": [
            {"if": "account.asset_tier == \"high\"", "is": 2}, {"else": 1}]});
        let mut bench = Bench::of(&Review, config);
        bench.step.then = BTreeMap::from([("ask_documents".into(), Target::Step("documents".into()))]);
        bench.prove("ada@example.com", "acc-1");
        bench.attribute("asset_tier", FactValue::Word(tier.into()));
        bench.enter();
        bench
    }

    fn read(result: JobResult) -> Input {
        Input::Job {
            effect: Effect::ReadAccount,
            result,
        }
    }

    fn task(approvals: u32) -> Status {
        Status::Task {
            queue: "recovery".into(),
            approvals,
        }
    }

    #[test]
    fn a_task_opens_once_the_account_has_been_read() {
        let mut bench = bench("low");
        assert_eq!(bench.go(read(JobResult::Done(serde_json::json!({})))).status, task(1));
    }

    #[test]
    fn in_01_the_larger_reading_says_how_many_approve() {
        let mut bench = bench("low");
        bench.latest("asset_tier", FactValue::Word("high".into()));
        assert_eq!(bench.go(read(JobResult::Done(serde_json::json!({})))).status, task(2));
    }

    #[test]
    fn what_cannot_be_read_goes_to_an_operator() {
        let dead = bench("low").go(read(JobResult::Dead("timeout".into())));
        assert_eq!(dead.status, Status::Stuck { why: UNREADABLE.into() });
        let mut unmapped = bench("low");
        unmapped.sealed.snapshot.as_mut().unwrap().view.attributes.clear();
        let turn = unmapped.go(read(JobResult::Done(serde_json::json!({}))));
        assert_eq!(turn.status, Status::Stuck { why: UNMAPPED.into() });
        assert_eq!(unmapped.turn(form("approve", &[])), Err(Refusal::NotAllowed));
    }

    #[test]
    fn the_file_names_the_steps_that_may_be_asked_again() {
        let declared = bench("low").declare().unwrap();
        let grants: Vec<(String, Grant)> = declared.outcomes.into_iter().map(|o| (o.name, o.grant)).collect();
        assert_eq!(
            grants,
            [
                ("approved".into(), Grant::Confirm),
                ("rejected".into(), Grant::Drop),
                ("ask_documents".into(), Grant::Drop)
            ]
        );
        let none = Bench::of(&Review, serde_json::json!({"queue": "q", "approvals": 0}));
        assert!(none.declare().is_err());
    }
}
