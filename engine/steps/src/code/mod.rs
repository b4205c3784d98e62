//! A one-time code by e-mail, to the account's number, or to a number that is being added. Codes are derived, never stored (OT-05); a wrong one is an event, not a refusal.
//!
//! For an unknown account everything is the same, only that no code ever fits (RL-01).

mod page;
mod recipient;
#[cfg(test)]
mod tests;

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::codes::{self, Place};
use readmit_core::command::{Actor, Human};
use readmit_core::effect::{Effect, SIM_CHANGED};
use readmit_core::guard::{Guard, Streak, Wants};
use readmit_core::kind::{Declared, DeclaredOutcome, Enrols, Fields, Grant, Input, JobResult, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::{Step, Target};
use serde::{Deserialize, Serialize};

use crate::config::{config, outcome, published, state, stuck, value};
use crate::counters::{self, Held, Sends};
pub(crate) use page::masked_number;
pub(crate) use recipient::Number;
pub use recipient::{Recipient, recipient};

/// A code lives at most this long (OT-01).
const LONGEST_LIFE: Span = Span::minutes(10);
/// Most tries and resends a file may give.
const MOST_TRIES: u32 = 10;
const MOST_RESENDS: u32 = 10;

/// The button that asks for a code with a human check.
pub const INSIST: &str = "insist";

pub struct Code;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    channel: Channel,
    digits: u32,
    tries: u32,
    resends: u32,
    ttl: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Channel {
    Email,
    /// To the account's number.
    Sms,
    /// To the number that an `enrol_phone` step before took down: passing proves the number, and nothing of the account.
    NewPhone,
}

/// The state of a step run; in events, and read by the executor that sends the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Grows with every code asked for; 0 while none could be.
    pub issue: u32,
    /// When the current code was asked for.
    pub sent: At,
    /// From when on the current code is too old.
    pub until: At,
    pub tries_left: u32,
    pub resends_left: u32,
    pub last: Last,
    /// From when on a code may be asked for, where none could be.
    pub next: Option<At>,
    /// From when on the next try is looked at, after a wrong one (OT-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<At>,
}

/// What the last act came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Last {
    None,
    Wrong,
    Expired,
    Resent,
    /// No code went out: too many were asked for, or the message could not be sent.
    Unsent,
    /// The text message with it did not arrive, as its gateway says; it still fits, should it come after all.
    Undelivered,
    /// No code went out: so many were asked for that the next one takes a human check.
    Unchecked,
}

impl State {
    /// The state of a code step, as an event carries it.
    #[must_use]
    pub fn read(state: &serde_json::Value) -> Option<Self> {
        Self::deserialize(state).ok()
    }

    /// Whether the code of this issue is the current one and young enough to be worth sending.
    #[must_use]
    pub fn wants_sent(&self, issue: u32, now: At) -> bool {
        self.issue == issue && now < self.until
    }
}

impl StepKind for Code {
    fn name(&self) -> &'static str {
        "code"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let config: Config = config(step)?;
        if !(6..=9).contains(&config.digits) {
            return Err("`digits` is 6 to 9".into());
        }
        if !(1..=MOST_TRIES).contains(&config.tries) || config.resends > MOST_RESENDS {
            return Err(format!("`tries` is 1 to {MOST_TRIES}, `resends` 0 to {MOST_RESENDS}"));
        }
        if config.ttl <= Span::ZERO || config.ttl > LONGEST_LIFE {
            return Err(format!("`ttl` is more than 0s and at most {LONGEST_LIFE}"));
        }
        let passed = match config.channel {
            Channel::Email => proof("code.email"),
            Channel::Sms => proof("code.sms"),
            Channel::NewPhone => outcome("passed", Grant::Nothing),
        };
        let other = match config.channel {
            Channel::Email => None,
            Channel::Sms => Some("none"),
            Channel::NewPhone => Some("other"),
        };
        Ok(Declared {
            outcomes: [passed, outcome("exhausted", Grant::Nothing)]
                .into_iter()
                .chain(other.map(|name| outcome(name, Grant::Nothing)))
                .collect(),
            enrols: (config.channel == Channel::NewPhone).then(|| Enrols::Added("phone".into())),
            ..Declared::default()
        })
    }

    fn proves(&self, cx: &StepCx<'_>, input: &Input) -> bool {
        let (Ok(config), Ok(state)) = (published::<Config>(cx.step), state::<State>(&cx.case.state)) else {
            return false;
        };
        let alive = state.issue > 0 && state.tries_left > 0 && cx.now < state.until;
        match input {
            Input::Form { verb, fields, .. } if verb == "submit" => alive && fits(cx, &config, &state, fields),
            _ => false,
        }
    }

    fn concerns_account(&self, cx: &StepCx<'_>, input: &Input) -> bool {
        let by_mail = published::<Config>(cx.step).is_ok_and(|config| config.channel == Channel::Email);
        let ends = matches!(cx.step.then.get("exhausted"), Some(Target::End(_)));
        !(by_mail && ends) || self.proves(cx, input)
    }

    fn wants(&self, cx: &StepCx<'_>, _input: Option<&Input>) -> Wants {
        let Ok(config) = published::<Config>(cx.step) else {
            return Wants::default();
        };
        let mut buckets = sends(cx, &config).all();
        buckets.push(counters::codes(cx));
        Wants {
            buckets,
            streaks: vec![streak(cx, &config)],
            ..Wants::default()
        }
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let blank = State {
            issue: 0,
            sent: cx.now,
            until: cx.now,
            tries_left: config.tries,
            resends_left: config.resends,
            last: Last::Unsent,
            next: None,
            again: None,
        };
        let number = match config.channel {
            Channel::Email | Channel::NewPhone => None,
            Channel::Sms => match recipient::own_number(cx) {
                Some(_) if counters::sim_changed(cx) => {
                    return Turn {
                        signals: vec![SIM_CHANGED],
                        ..Turn::done(value(&blank), "none")
                    };
                }
                Some(number) => Some(recipient::Number { number }),
                None => return Turn::done(value(&blank), "none"),
            },
        };
        let turn = match sends(cx, &config).spend(cx.standing, cx.now, cx.by) {
            Ok(guards) => issue(
                cx,
                &config,
                State {
                    last: Last::None,
                    ..blank
                },
                guards,
            ),
            Err(Held::Until(until)) => Turn::waiting(value(&State {
                next: Some(until),
                ..blank
            })),
            Err(Held::Unchecked) => Turn::waiting(value(&State {
                last: Last::Unchecked,
                ..blank
            })),
        };
        Turn {
            sealed: number.map(|number| value(&number)),
            ..turn
        }
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let config: Config = published(cx.step)?;
        let state: State = state(&cx.case.state)?;
        match input {
            Input::Form { verb, fields, .. } if verb == "submit" => submit(cx, &config, state, fields),
            Input::Form { verb, .. } if verb == "resend" => resend(cx, &config, state),
            Input::Form { verb, .. } if verb == INSIST => insist(cx, &config, state),
            Input::Form { verb, .. } if verb == "other" && config.channel == Channel::NewPhone => {
                Ok(Turn::done(value(&state), "other"))
            }
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Job {
                effect: Effect::SendCode { issue },
                result,
            } if *issue == state.issue => Ok(sent(config.channel, state, result)),
            Input::Job {
                effect: Effect::Undelivered { issue },
                ..
            } if *issue == state.issue && config.channel != Channel::Email => Ok(Turn::waiting(value(&State {
                last: Last::Undelivered,
                ..state
            }))),
            Input::Job { .. } | Input::Timer { .. } => Err(Refusal::Stale),
        }
    }
}

/// One try. Right or wrong, it counts against the case and against the bucket, so that a race wins nothing.
fn submit(cx: &StepCx<'_>, config: &Config, state: State, fields: &Fields) -> Result<Turn, Refusal> {
    let refused = |code| Refusal::Field {
        field: "code".into(),
        code,
    };
    let typed = fields.get("code").ok_or_else(|| refused("code_needed"))?;
    if state.issue == 0 {
        return Err(refused("code_unsent"));
    }
    if typed.chars().filter(char::is_ascii_digit).count() != config.digits as usize {
        return Err(refused("code_shape"));
    }
    if cx.now >= state.until {
        return Ok(Turn::waiting(value(&State {
            last: Last::Expired,
            ..state
        })));
    }
    let bucket = counters::codes(cx);
    if cx.standing.left(&bucket) == 0 {
        return Err(Refusal::TooMany {
            until: counters::until(&bucket, cx.now),
        });
    }
    let streak = streak(cx, config);
    // A number at which too many tries were wrong is as good as none, until it is bound anew.
    if config.channel == Channel::Sms && counters::is_off(cx, &streak) {
        return Ok(Turn::done(value(&state), "none"));
    }
    counters::in_time(cx, &streak)?;
    let spend = Guard::Spend(bucket);
    if fits(cx, config, &state, fields) {
        let turn = Turn {
            learned: recipient::learned(cx, config.channel),
            ..Turn::done(value(&state), "passed")
        };
        return Ok(turn.guard(spend).guard(counters::right(cx, streak)));
    }
    let (missed, again) = counters::missed(cx, streak);
    let state = State {
        tries_left: state.tries_left.saturating_sub(1),
        last: Last::Wrong,
        again: Some(again),
        ..state
    };
    let turn = if state.tries_left == 0 {
        Turn::done(value(&state), "exhausted")
    } else {
        Turn::waiting(value(&state))
    };
    Ok(turn.guard(spend).guard(missed))
}

/// Wrong tries in a row: at the number, which is a factor; else at the codes of the account, or of the address and network.
fn streak(cx: &StepCx<'_>, config: &Config) -> Streak {
    match config.channel {
        Channel::Sms => counters::streak_of_factor(cx, "phone"),
        Channel::Email | Channel::NewPhone => counters::streak_of_codes(cx),
    }
}

/// A new code in place of the old one; the tries stay as they are (OT-03).
fn resend(cx: &StepCx<'_>, config: &Config, state: State) -> Result<Turn, Refusal> {
    let guards = sends(cx, config)
        .spend(cx.standing, cx.now, cx.by)
        .map_err(|held| match held {
            Held::Until(until) => Refusal::TooMany { until },
            Held::Unchecked => unchecked(),
        })?;
    // What never went out, or never arrived, was not a sending.
    let resends_left = match (state.last, state.resends_left) {
        (Last::Unsent | Last::Unchecked | Last::Undelivered, left) => left,
        (_, 0) => {
            return Err(Refusal::Field {
                field: "code".into(),
                code: "no_resends",
            });
        }
        (_, left) => left - 1,
    };
    let state = State {
        resends_left,
        last: Last::Resent,
        ..state
    };
    Ok(issue(cx, config, state, guards))
}

/// A new code all the same, for who passed the human check: above the soft threshold, and to an address whose reader
/// asked for none, which the page's handler ends.
fn insist(cx: &StepCx<'_>, config: &Config, state: State) -> Result<Turn, Refusal> {
    match cx.by {
        Actor::Claimant {
            human: Human::Checked, ..
        } => resend(cx, config, state),
        _ => Err(unchecked()),
    }
}

fn unchecked() -> Refusal {
    Refusal::Field {
        field: "code".into(),
        code: "human_needed",
    }
}

fn issue(cx: &StepCx<'_>, config: &Config, before: State, guards: Vec<Guard>) -> Turn {
    let state = State {
        issue: before.issue + 1,
        sent: cx.now,
        until: cx.now + config.ttl,
        next: None,
        ..before
    };
    let turn = Turn::waiting(value(&state)).effect(cx.now, Effect::SendCode { issue: state.issue });
    Turn { guards, ..turn }
}

/// How sending went. What cannot be sent is said, and may be asked for again.
fn sent(channel: Channel, state: State, result: &JobResult) -> Turn {
    // A number that may be somebody else's by now is as good as none (OT-06).
    if channel == Channel::Sms && matches!(result, JobResult::Refused(why) if why == SIM_CHANGED) {
        return Turn {
            signals: vec![SIM_CHANGED],
            ..Turn::done(value(&state), "none")
        };
    }
    let last = match result {
        JobResult::Done(_) => state.last,
        JobResult::Refused(_) | JobResult::Dead(_) => Last::Unsent,
    };
    Turn::waiting(value(&State { last, ..state }))
}

/// Whether the typed code is the current one, of a known account.
fn fits(cx: &StepCx<'_>, config: &Config, state: &State, fields: &Fields) -> bool {
    let to = recipient::address(cx, config.channel);
    let place = Place {
        purpose: "step",
        run: cx.case.run,
        issue: state.issue,
        address: &to,
    };
    let fits = codes::matches(cx.keys, place, config.digits, fields.get("code").unwrap_or_default());
    fits & cx.sealed.account.is_some()
}

fn sends(cx: &StepCx<'_>, config: &Config) -> Sends {
    let to = recipient::address(cx, config.channel);
    match config.channel {
        Channel::Email => Sends::to(&to, cx.keys, cx.by),
        Channel::Sms | Channel::NewPhone => Sends::to_phone(&to, cx),
    }
}

/// The outcome of a code that proves something of the account.
fn proof(name: &str) -> DeclaredOutcome {
    DeclaredOutcome {
        possession: true,
        ..outcome("passed", Grant::Now(name.into()))
    }
}
