//! Codes by text message to the account's number: the weakest way, offered last. Codes are derived, never stored (OT-05), and
//! sent within budgets (OT-07).

use readmit_core::codes::{self, Place};
use readmit_core::effect::{Effect, SIM_CHANGED};
use readmit_core::guard::{Enrolled, Guard};
use readmit_core::kind::{JobResult, StepCx, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::{At, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::method::{Method, held};
use super::{Last, State};
use crate::code::Number;
use crate::config::value;
use crate::counters::{Held, Sends};

pub(super) const DIGITS: u32 = 6;
/// OT-01.
const LIVES: Span = Span::minutes(10);
/// Messages of one step run.
const SENDS: u32 = 4;

/// The message in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) issue: u32,
    at: At,
    until: At,
    /// It could not be sent.
    pub(super) failed: bool,
    /// It did not arrive, as its gateway says; its code still fits, should it come after all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) undelivered: bool,
}

impl Sent {
    pub(super) fn is_open(&self, now: At) -> bool {
        !self.failed && now < self.until
    }
}

/// A message that a step of this family wants sent.
pub struct Message {
    /// In E.164.
    pub number: String,
    pub digits: u32,
    pub sent: At,
    pub until: At,
}

/// The message of this issue, if it is the current one and young enough to be worth sending; nothing for steps of other kinds.
#[must_use]
pub fn message(state: &Value, sealed: Option<&Value>, issue: u32, now: At) -> Option<Message> {
    let state = State::deserialize(state).ok()?;
    let sent = state.sent.filter(|sent| sent.issue == issue && sent.is_open(now))?;
    Some(Message {
        number: Number::deserialize(sealed?).ok()?.number,
        digits: DIGITS,
        sent: sent.at,
        until: sent.until,
    })
}

/// A new code to the account's number; an older one fits no more (OT-03).
pub(super) fn send(cx: &StepCx<'_>, state: State) -> Result<Turn, Refusal> {
    let refused = |code| Refusal::Field {
        field: "code".into(),
        code,
    };
    let phone = held(cx, Method::Sms).next().ok_or(Refusal::NotAllowed)?;
    let issue = state.sent.map_or(0, |sent| sent.issue) + 1;
    if issue > SENDS {
        return Err(refused("no_resends"));
    }
    let guards = Sends::to_phone(&phone.name, cx).spend(cx.standing, cx.now, cx.by);
    let guards = guards.map_err(|held| match held {
        Held::Until(until) => Refusal::TooMany { until },
        Held::Unchecked => refused("human_needed"),
    })?;
    let sent = Sent {
        issue,
        at: cx.now,
        until: cx.now + LIVES,
        failed: false,
        undelivered: false,
    };
    let state = State {
        sent: Some(sent),
        last: Last::None,
        ..state
    };
    let number = value(&Number {
        number: phone.name.clone(),
    });
    let turn = Turn::waiting(value(&state)).effect(cx.now, Effect::SendCode { issue });
    Ok(Turn { guards, ..turn }.sealed(number))
}

/// The guard of the use, where the typed code is the one in force, of the number that the account still has.
pub(super) fn fits(cx: &StepCx<'_>, state: &State, typed: &str) -> Result<Option<Guard>, Refusal> {
    let number = cx.own_sealed().and_then(|sealed| Number::deserialize(sealed).ok());
    let (Some(sent), Some(number)) = (state.sent.filter(|sent| sent.is_open(cx.now)), number) else {
        return Err(Refusal::Field {
            field: "code".into(),
            code: "challenge_old",
        });
    };
    let place = Place {
        purpose: "step",
        run: cx.case.run,
        issue: sent.issue,
        address: &number.number,
    };
    let right = codes::matches(cx.keys, place, DIGITS, typed);
    let phone = held(cx, Method::Sms).find(|phone| phone.name == number.number);
    Ok(phone
        .zip(cx.sealed.account.as_ref())
        .filter(|_| right)
        .map(|(phone, account)| Guard::FactorStep {
            account: cx.keys.account_tag(account),
            factor: phone.id,
            now: Enrolled {
                kind: phone.kind.clone(),
                name: phone.name.clone(),
                secret: cx
                    .standing
                    .account()
                    .secrets
                    .get(&phone.id)
                    .cloned()
                    .unwrap_or_default(),
                mark: phone.mark,
            },
        }))
}

/// The number may be somebody else's by now: the next way takes its place, or its reset does.
fn sim_changed(state: State) -> Turn {
    let mut others = state.others.clone().into_iter();
    let turn = match others.next() {
        None => Turn::done(value(&state), &super::unavailable(Method::Sms)),
        Some(method) => Turn::waiting(value(&State {
            method,
            others: others.collect(),
            last: Last::SimChanged,
            sent: None,
            ..state
        })),
    };
    Turn {
        signals: vec![SIM_CHANGED],
        ..turn
    }
}

/// The gateway told that the message did not arrive.
pub(super) fn missed(state: State, issue: u32) -> Result<Turn, Refusal> {
    let sent = state.sent.filter(|sent| sent.issue == issue).ok_or(Refusal::Stale)?;
    let sent = Some(Sent {
        undelivered: true,
        ..sent
    });
    Ok(Turn::waiting(value(&State { sent, ..state })))
}

/// How sending went. What cannot be sent is said: the claimant may try again, or choose another way.
pub(super) fn heard(state: State, issue: u32, result: &JobResult) -> Result<Turn, Refusal> {
    let sent = state.sent.filter(|sent| sent.issue == issue).ok_or(Refusal::Stale)?;
    if matches!(result, JobResult::Refused(why) if why == SIM_CHANGED) {
        return Ok(sim_changed(state));
    }
    let failed = matches!(result, JobResult::Refused(_) | JobResult::Dead(_));
    let sent = Some(Sent { failed, ..sent });
    Ok(Turn::waiting(value(&State { sent, ..state })))
}
