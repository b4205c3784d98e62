//! Adding a passkey: discoverable, with user verification, on a device that has none of the account's yet (PK-01, PK-05).

mod page;
#[cfg(test)]
mod tests;

use readmit_core::answers::{Ceremony, Lookup, PasskeyAnswer};
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::guard::Enrolled;
use readmit_core::kind::{Declared, Enrols, Fields, Grant, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::challenge::{self, Challenge};
use crate::config::{config, outcome, published, state, stuck, value};

const KIND: &str = "passkey";
/// Most passkeys of one account.
const MOST: usize = 10;
/// Most tries a file may give. Guessing wins nothing here.
const MOST_TRIES: u32 = 20;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

pub struct EnrolPasskey;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    tries: u32,
}

/// The state of a step run; the challenge is sealed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    tries_left: u32,
    refused: bool,
}

impl StepKind for EnrolPasskey {
    fn name(&self) -> &'static str {
        "enrol_passkey"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let config: Config = config(step)?;
        if !(1..=MOST_TRIES).contains(&config.tries) {
            return Err(format!("`tries` is 1 to {MOST_TRIES}"));
        }
        Ok(Declared {
            outcomes: ["enrolled", "held", "exhausted"]
                .map(|name| outcome(name, Grant::Nothing))
                .into(),
            reads_account: true,
            enrols: Some(Enrols::Added(KIND.into())),
            ..Declared::default()
        })
    }

    fn lookups(&self, cx: &StepCx<'_>, input: &Input) -> Vec<Lookup> {
        match input {
            Input::Form { verb, .. } if verb == "begin" => challenge::begin(cx, Ceremony::Create),
            Input::Form { verb, fields, .. } if verb == "answer" => challenge::finish(cx, Ceremony::Create, fields),
            _ => Vec::new(),
        }
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let has = cx
            .standing
            .account()
            .factors
            .iter()
            .filter(|factor| factor.kind == KIND)
            .count();
        if has >= MOST {
            return Turn::done(Value::Null, "held");
        }
        Turn::waiting(value(&State {
            tries_left: config.tries,
            refused: false,
        }))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let Input::Form { verb, fields, .. } = input else {
            return Err(Refusal::Stale);
        };
        let before: State = state(&cx.case.state)?;
        match verb.as_str() {
            "begin" => {
                let fresh = Challenge::fresh(cx, name(fields)?)?;
                let after = State {
                    refused: false,
                    ..before
                };
                Ok(Turn::waiting(value(&after)).sealed(value(&fresh)))
            }
            "answer" => answer(cx, before),
            _ => Err(Refusal::NotAllowed),
        }
    }
}

/// What the owner calls it.
fn name(fields: &Fields) -> Result<String, Refusal> {
    let typed = fields.get("name").map(str::trim).unwrap_or_default();
    let plain = typed.chars().all(|c| !c.is_control());
    if typed.is_empty() || typed.chars().count() > LONGEST_NAME || !plain {
        return Err(Refusal::Field {
            field: "name".into(),
            code: "name_needed",
        });
    }
    Ok(typed.to_owned())
}

/// The challenge is used up, whatever the answer (PK-03).
fn answer(cx: &StepCx<'_>, before: State) -> Result<Turn, Refusal> {
    let open = Challenge::open(cx.own_sealed(), cx.now).ok_or(Refusal::Field {
        field: "credential".into(),
        code: "challenge_old",
    })?;
    if let Some(PasskeyAnswer::Created(created)) = &cx.answers.passkey {
        return Ok(Turn {
            learned: Learned {
                enrolled: Some(Enrolled {
                    name: open.name,
                    ..created.clone()
                }),
                ..Learned::default()
            },
            ..Turn::done(value(&before), "enrolled").sealed(Value::Null)
        });
    }
    let after = State {
        tries_left: before.tries_left.saturating_sub(1),
        refused: true,
    };
    let turn = if after.tries_left == 0 {
        Turn::done(value(&after), "exhausted")
    } else {
        Turn::waiting(value(&after))
    };
    Ok(turn.sealed(Value::Null))
}
