//! Proving with a factor that the account has: with any of them (`factor`), or with one kind (`passkey`, `totp`, `recovery_code`).
//!
//! The strongest is offered first, a code by text message last; the claimant may switch, or say that it is out of reach, which is an outcome of its
//! own for every way and leads to that factor's reset.

mod check;
mod message;
mod method;
mod page;
#[cfg(test)]
mod tests;

use readmit_core::answers::{Ceremony, Lookup, PasskeyAnswer};
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::effect::{Effect, Notice, SIM_CHANGED};
use readmit_core::guard::{Guard, Streak, Wants};
use readmit_core::kind::{Declared, DeclaredOutcome, Fields, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::At;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};

use message::Sent;
pub use message::{Message, message};
use method::Method;

use crate::challenge::{self, Challenge};
use crate::config::{config, outcome, published, state, stuck, value};
use crate::counters;

/// Most tries a file may give.
const MOST_TRIES: u32 = 10;

/// A kind of this family.
pub struct Factor {
    name: &'static str,
    methods: &'static [Method],
    /// What passing counts as.
    proof: &'static str,
}

/// Any factor that the account has.
pub static ANY: Factor = Factor {
    name: "factor",
    methods: &Method::ALL,
    proof: "factor",
};

/// A passkey.
pub static PASSKEY: Factor = Factor {
    name: "passkey",
    methods: &[Method::Passkey],
    proof: "passkey",
};

/// An authenticator app (RFC 6238).
pub static TOTP: Factor = Factor {
    name: "totp",
    methods: &[Method::Totp],
    proof: "totp",
};

/// One of the codes that the owner saved (SC-01).
pub static RECOVERY_CODE: Factor = Factor {
    name: "recovery_code",
    methods: &[Method::RecoveryCode],
    proof: "recovery_code",
};

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    tries: u32,
}

/// The state of a step run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    method: Method,
    /// What else the account has, strongest first.
    others: Vec<Method>,
    tries_left: u32,
    last: Last,
    /// From when on the next try is looked at, after a wrong one (OT-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<At>,
    /// The text message in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent: Option<Sent>,
}

/// What the last act came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Last {
    None,
    Wrong,
    /// No code goes to the number, whose SIM card changed lately: another way took its place (OT-06).
    SimChanged,
}

/// The issue of the text message whose code this step passed by.
pub(crate) fn issue_of(state: &serde_json::Value) -> Option<u32> {
    let state = State::deserialize(state).ok()?;
    state
        .sent
        .filter(|_| state.method == Method::Sms)
        .map(|sent| sent.issue)
}

/// Whether a factor was proven in the case.
pub(crate) fn is_proven(cx: &StepCx<'_>) -> bool {
    let mut all = [&ANY, &PASSKEY, &TOTP, &RECOVERY_CODE].into_iter();
    all.any(|factor| cx.case.proofs.contains(factor.proof))
}

/// Whether the account has a factor that it could be asked for, beside recovery codes.
pub(crate) fn can_be_asked(cx: &StepCx<'_>) -> bool {
    !method::offered(cx, &[Method::Passkey, Method::Totp, Method::Sms]).is_empty()
}

/// What the browser is told of a passkey that was removed, until the next challenge: sealed in the step (PK-07).
#[derive(Serialize, Deserialize)]
struct Unknown {
    signal: serde_json::Value,
}

impl StepKind for Factor {
    fn name(&self) -> &'static str {
        self.name
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
        let passed = DeclaredOutcome {
            possession: true,
            ..outcome("passed", Grant::Now(self.proof.to_owned()))
        };
        let lost = self.methods.iter().filter(|method| method.can_be_lost());
        let lost = lost.map(|method| outcome(&unavailable(*method), Grant::Nothing));
        Ok(Declared {
            outcomes: [
                passed,
                outcome("exhausted", Grant::Nothing),
                outcome("none", Grant::Nothing),
            ]
            .into_iter()
            .chain(lost)
            .collect(),
            ..Declared::default()
        })
    }

    /// Whether it is right is known only with the account's secrets, which are read later: the account is read along with
    /// every try. Who tries is signed in at the host, or has proven the address.
    fn proves(&self, _cx: &StepCx<'_>, input: &Input) -> bool {
        matches!(input, Input::Form { verb, .. } if verb == "submit" || verb == "answer")
    }

    fn lookups(&self, cx: &StepCx<'_>, input: &Input) -> Vec<Lookup> {
        let passkey = state::<State>(&cx.case.state).is_ok_and(|state| state.method == Method::Passkey);
        match input {
            Input::Form { verb, .. } if passkey && verb == "begin" => challenge::begin(cx, Ceremony::Get),
            Input::Form { verb, fields, .. } if passkey && verb == "answer" => {
                challenge::finish(cx, Ceremony::Get, fields)
            }
            _ => Vec::new(),
        }
    }

    fn wants(&self, cx: &StepCx<'_>, _input: Option<&Input>) -> Wants {
        Wants {
            buckets: vec![counters::factors(cx)],
            streaks: self.methods.iter().filter_map(|method| streak(cx, *method)).collect(),
            ..Wants::default()
        }
    }

    fn opens_factors(&self) -> bool {
        true
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let has_number = self.methods.contains(&Method::Sms) && method::held(cx, Method::Sms).next().is_some();
        let signals = if has_number && counters::sim_changed(cx) {
            vec![SIM_CHANGED]
        } else {
            Vec::new()
        };
        let mut offered = method::offered(cx, self.methods).into_iter();
        let turn = match offered.next() {
            None => Turn::done(serde_json::Value::Null, "none"),
            Some(method) => Turn::waiting(value(&State {
                method,
                others: offered.collect(),
                tries_left: config.tries,
                last: Last::None,
                again: None,
                sent: None,
            })),
        };
        Turn { signals, ..turn }
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let state: State = state(&cx.case.state)?;
        match input {
            Input::Form { verb, fields, .. } => match verb.as_str() {
                "submit" => submit(cx, state, fields),
                "send" if state.method == Method::Sms => message::send(cx, state),
                "begin" if state.method == Method::Passkey => {
                    let fresh = Challenge::fresh(cx, String::new())?;
                    let state = State {
                        last: Last::None,
                        ..state
                    };
                    Ok(Turn::waiting(value(&state)).sealed(value(&fresh)))
                }
                "answer" if state.method == Method::Passkey => answer(cx, state),
                "switch" => switch(state, fields),
                "unavailable" => gone(state),
                _ => Err(Refusal::NotAllowed),
            },
            Input::Job {
                effect: Effect::SendCode { issue },
                result,
            } => message::heard(state, *issue, result),
            Input::Job {
                effect: Effect::Undelivered { issue },
                ..
            } => message::missed(state, *issue),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

/// The outcome that this way is out of reach.
fn unavailable(method: Method) -> String {
    format!("unavailable_{}", method.code())
}

fn submit(cx: &StepCx<'_>, state: State, fields: &Fields) -> Result<Turn, Refusal> {
    let typed = check::typed(state.method, fields)?;
    let used = match state.method {
        Method::Sms => message::fits(cx, &state, typed)?,
        method => check::fits(cx, method, typed),
    };
    tried(cx, state, used)
}

/// The browser's answer to the challenge, which is used up by it, right or wrong (PK-03).
fn answer(cx: &StepCx<'_>, state: State) -> Result<Turn, Refusal> {
    Challenge::open(cx.own_sealed(), cx.now).ok_or(Refusal::Field {
        field: "credential".into(),
        code: "challenge_old",
    })?;
    let (used, signals) = check::passkey(cx);
    let unknown = match &cx.answers.passkey {
        Some(PasskeyAnswer::Removed { signal }) => value(&Unknown { signal: signal.clone() }),
        _ => serde_json::Value::Null,
    };
    let turn = tried(cx, state, used)?.sealed(unknown);
    let told = signals.contains(&check::UNSYNCED).then_some(Notice::Unsynced);
    Ok(Turn { signals, told, ..turn })
}

/// One try. Right or wrong, it counts against the account, so that no new case gives more of them (OT-04).
fn tried(cx: &StepCx<'_>, state: State, used: Option<Guard>) -> Result<Turn, Refusal> {
    let bucket = counters::factors(cx);
    if cx.standing.left(&bucket) == 0 {
        return Err(Refusal::TooMany {
            until: counters::until(&bucket, cx.now),
        });
    }
    let streak = streak(cx, state.method);
    if let Some(streak) = &streak {
        if counters::is_off(cx, streak) {
            return Err(Refusal::Field {
                field: "code".into(),
                code: "factor_off",
            });
        }
        counters::in_time(cx, streak)?;
    }
    let spend = Guard::Spend(bucket);
    if let Some(used) = used {
        let told = check::told(&used);
        let turn = Turn::done(value(&state), "passed").guard(spend).guard(used);
        let turn = Turn { told, ..turn };
        let ends = streak.map(|streak| counters::right(cx, streak));
        return Ok(ends.into_iter().fold(turn, Turn::guard));
    }
    let (missed, again) = streak.map(|streak| counters::missed(cx, streak)).unzip();
    let state = State {
        tries_left: state.tries_left.saturating_sub(1),
        last: Last::Wrong,
        again,
        ..state
    };
    let turn = if state.tries_left == 0 {
        Turn::done(value(&state), "exhausted")
    } else {
        Turn::waiting(value(&state))
    };
    Ok(missed.into_iter().fold(turn.guard(spend), Turn::guard))
}

/// The wrong tries in a row at what can be guessed.
fn streak(cx: &StepCx<'_>, method: Method) -> Option<Streak> {
    (method != Method::Passkey).then(|| counters::streak_of_factor(cx, method.kind()))
}

/// Another way that the account has; the tries stay as they are.
fn switch(state: State, fields: &Fields) -> Result<Turn, Refusal> {
    let wanted = fields.get("method").and_then(Method::read);
    let wanted = wanted.filter(|method| state.others.contains(method));
    let method = wanted.ok_or(Refusal::NotAllowed)?;
    let mut others: Vec<Method> = state.others.into_iter().filter(|other| *other != method).collect();
    others.push(state.method);
    others.sort_unstable();
    Ok(Turn::waiting(value(&State {
        method,
        others,
        last: Last::None,
        ..state
    })))
}

fn gone(state: State) -> Result<Turn, Refusal> {
    if !state.method.can_be_lost() {
        return Err(Refusal::NotAllowed);
    }
    let outcome = unavailable(state.method);
    Ok(Turn::done(value(&state), &outcome))
}
