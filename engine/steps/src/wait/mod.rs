//! The cool-down: time in which the owner can stop what was approved (RF-12). Nobody can make it shorter (RF-13).

mod page;

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::effect::Effect;
use readmit_core::kind::{Declared, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Step;
use readmit_core::workflow::table::Table;
use serde::{Deserialize, Serialize};

use crate::config::{UNMAPPED, config, outcome, published, state, stuck, value};

const TIMER: &str = "elapsed";

pub struct Wait;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    r#for: Table<Span>,
}

/// The state of a step run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub since: At,
    /// Nothing happens before this moment.
    pub until: At,
}

impl State {
    /// The state of a wait step, as an event carries it.
    #[must_use]
    pub fn read(state: &serde_json::Value) -> Option<Self> {
        Self::deserialize(state).ok()
    }
}

impl StepKind for Wait {
    fn name(&self) -> &'static str {
        "wait"
    }

    fn phase(&self) -> Phase {
        Phase::CoolingDown
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Timer
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let table = config::<Config>(step)?.r#for;
        Ok(Declared {
            outcomes: vec![outcome("elapsed", Grant::Nothing)],
            conditions: table.conditions().map(str::to_owned).collect(),
            wait: Some(table),
            ..Declared::default()
        })
    }

    /// The larger wait of the pinned account and of the account as last read.
    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let Ok(span) = cx.largest(&config.r#for) else {
            return stuck(UNMAPPED);
        };
        let wait = State {
            since: cx.now,
            until: cx.now + span,
        };
        if span == Span::ZERO {
            return Turn::done(value(&wait), "elapsed");
        }
        arm(wait)
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Timer { name } if name == TIMER => {
                let wait: State = state(&cx.case.state)?;
                Ok(if cx.now < wait.until {
                    arm(wait)
                } else {
                    Turn::done(value(&wait), "elapsed")
                })
            }
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

fn arm(wait: State) -> Turn {
    Turn::waiting(value(&wait)).effect(wait.until, Effect::Timer { name: TIMER.into() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::kind::{FactValue, Status};

    use super::*;
    use crate::support::{Bench, form};

    fn bench(tier: &str) -> Bench {
        let table = serde_json::json!({"for": [{"if": "account.asset_tier == \"high\"", "is": "24h"}, {"else": "0s"}]});
        let mut bench = Bench::of(&Wait, table);
        bench.prove("ada@example.com", "acc-1");
        bench.attribute("asset_tier", FactValue::Word(tier.into()));
        bench
    }

    fn timer() -> Input {
        Input::Timer { name: TIMER.into() }
    }

    #[test]
    fn rf_12_it_ends_at_the_moment_and_not_before() {
        let mut bench = bench("high");
        let turn = bench.enter();
        let until = bench.now + Span::hours(24);
        assert_eq!(turn.effects.len(), 1);
        assert!(turn.effects.iter().all(|due| due.at == until));
        bench.now = At(until.0 - 1);
        let early = bench.go(timer());
        assert_eq!(early.status, Status::Waiting, "an early timer re-arms");
        assert!(early.effects.iter().all(|due| due.at == until));
        bench.now = until;
        assert_eq!(bench.outcome(timer()), "elapsed");
    }

    #[test]
    fn no_wait_is_over_at_once() {
        assert_eq!(
            bench("low").enter().status,
            Status::Done {
                outcome: "elapsed".into()
            }
        );
    }

    #[test]
    fn the_larger_wait_of_both_readings_holds() {
        let mut bench = bench("low");
        bench.latest("asset_tier", FactValue::Word("high".into()));
        assert_eq!(bench.enter().status, Status::Waiting);
    }

    #[test]
    fn an_unmapped_account_waits_for_a_person() {
        let mut bench = bench("low");
        bench.sealed.snapshot.as_mut().unwrap().view.attributes.clear();
        assert_eq!(bench.enter().status, Status::Stuck { why: UNMAPPED.into() });
    }

    #[test]
    fn rf_13_no_form_ends_it() {
        let mut bench = bench("high");
        bench.enter();
        assert_eq!(bench.turn(form("elapsed", &[])), Err(Refusal::NotAllowed));
        assert_eq!(
            bench.turn(Input::Timer {
                name: "deadline".into()
            }),
            Err(Refusal::Stale)
        );
    }

    #[test]
    fn the_table_is_declared() {
        let declared = bench("low").declare().unwrap();
        assert_eq!(declared.conditions, ["account.asset_tier == \"high\""]);
        assert_eq!(declared.wait.unwrap().otherwise, Span::ZERO);
        assert!(!declared.reads_account);
    }
}
