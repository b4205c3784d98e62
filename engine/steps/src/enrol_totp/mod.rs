//! Adding an authenticator app: a new secret as QR code and as key, and one right code to prove that the app has it.
//!
//! Until that code, and the remedy behind it, the secret lies in this case only: it displaces nothing (TO-04).

mod page;
mod qr;
#[cfg(test)]
mod tests;

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::guard::Enrolled;
use readmit_core::kind::{Declared, Enrols, Fields, Grant, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};

use crate::config::{config, outcome, published, state, stuck, value};
use crate::otp::{self, Totp};

const KIND: &str = "totp";
/// Most tries a file may give. Guessing wins nothing here: the secret stands on the page.
const MOST_TRIES: u32 = 20;

pub struct EnrolTotp;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    tries: u32,
}

/// The state of a step run; the secret is sealed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    tries_left: u32,
    wrong: bool,
}

impl StepKind for EnrolTotp {
    fn name(&self) -> &'static str {
        "enrol_totp"
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

    /// An account has one app: with one that stays, there is nothing to add.
    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let has = cx.standing.account().factors.iter().any(|factor| factor.kind == KIND);
        if has && !cx.definition.remedy.spoils(KIND) {
            return Turn::done(serde_json::Value::Null, "held");
        }
        let totp = Totp::new(cx.entropy.bytes("totp", u64::from(cx.case.run)));
        Turn::waiting(value(&State {
            tries_left: config.tries,
            wrong: false,
        }))
        .sealed(value(&totp))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "submit" => submit(cx, fields),
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

fn submit(cx: &StepCx<'_>, fields: &Fields) -> Result<Turn, Refusal> {
    let refused = |code| Refusal::Field {
        field: "code".into(),
        code,
    };
    let typed = fields.get("code").ok_or_else(|| refused("code_needed"))?;
    if typed.chars().filter(char::is_ascii_digit).count() != otp::DIGITS as usize {
        return Err(refused("code_shape"));
    }
    let before: State = state(&cx.case.state)?;
    let totp: Totp = cx.own_sealed().ok_or(Refusal::Stale).and_then(state)?;
    let Some(step) = totp.step(typed, cx.now) else {
        let after = State {
            tries_left: before.tries_left.saturating_sub(1),
            wrong: true,
        };
        return Ok(if after.tries_left == 0 {
            Turn::done(value(&after), "exhausted").sealed(serde_json::Value::Null)
        } else {
            Turn::waiting(value(&after))
        });
    };
    // The secret moves on with the case: this step forgets it.
    let turn = Turn::done(value(&before), "enrolled").sealed(serde_json::Value::Null);
    Ok(Turn {
        learned: Learned {
            enrolled: Some(Enrolled {
                kind: KIND.into(),
                name: "Authenticator app".into(),
                secret: value(&totp),
                mark: step,
            }),
            ..Learned::default()
        },
        ..turn
    })
}
