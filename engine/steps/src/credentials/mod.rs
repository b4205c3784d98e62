//! E-mail address and password. Before the code has passed the host's verdict is sealed: right, wrong, locked,
//! forgotten or unknown, each gives the same page and the same rows (RL-01). Nothing is ever locked at the host (RF-08).

mod email;
mod page;

use readmit_core::answers::{Lookup, Secret, Verdict};
use readmit_core::case::{Case, Phase, WaitsFor};
use readmit_core::guard::{Guard, Streak, Wants};
use readmit_core::kind::{Declared, DeclaredFact, FactValue, Fields, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::At;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{config, outcomes, published, state, value};
use crate::counters;

/// Longest password that is passed on, in bytes.
const LONGEST_PASSWORD: usize = 512;
/// Most tries a file may give.
const MOST_TRIES: u32 = 5;
/// The fact's values; the first holds until the step has run.
const VERDICTS: [&str; 5] = ["unknown", "right", "wrong", "locked", "forgotten"];

pub struct Credentials;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    ask: Vec<Field>,
    tries: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Field {
    Email,
    Password,
}

/// What a step asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// Address and password: whose account it is. The verdict stays sealed.
    SignIn,
    /// The address alone, where the password is what was lost.
    Address,
    /// The password alone, after the code: the verdict is told.
    Password { tries: u32 },
}

impl TryFrom<Config> for Asks {
    type Error = String;

    fn try_from(config: Config) -> Result<Self, String> {
        match (config.ask.as_slice(), config.tries) {
            ([Field::Email, Field::Password], None) => Ok(Self::SignIn),
            ([Field::Email], None) => Ok(Self::Address),
            ([Field::Email, Field::Password] | [Field::Email], Some(_)) => Err(
                "`tries` counts where a password's verdict is told, which an `ask` with email never does; leave it out"
                    .into(),
            ),
            ([Field::Password], Some(tries)) if (1..=MOST_TRIES).contains(&tries) => Ok(Self::Password { tries }),
            ([Field::Password], _) => Err(format!("`ask: [password]` needs `tries`, 1 to {MOST_TRIES}")),
            _ => Err("`ask` is [email, password], [email] or, once a code has passed, [password]".into()),
        }
    }
}

fn asks(step: &Step) -> Result<Asks, Refusal> {
    published::<Config>(step)?.try_into().map_err(|_| Refusal::UnknownStep)
}

/// The state where the verdict is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    tries_left: u32,
    wrong: bool,
    /// From when on the next try is looked at (OT-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<At>,
}

/// What the claimant pressed, with what it needs.
#[derive(Clone, PartialEq, Eq)]
enum Pressed {
    Continue(Secret),
    Forgotten,
}

impl StepKind for Credentials {
    fn name(&self) -> &'static str {
        "credentials"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let asks: Asks = config::<Config>(step)?.try_into()?;
        Ok(Declared {
            outcomes: match asks {
                Asks::SignIn => outcomes(["entered", "forgotten"]),
                Asks::Address => outcomes(["entered"]),
                Asks::Password { .. } => outcomes(["right", "forgotten", "locked", "exhausted"]),
            },
            facts: match asks {
                Asks::Address => Vec::new(),
                Asks::SignIn | Asks::Password { .. } => vec![DeclaredFact {
                    name: "password".into(),
                    values: VERDICTS.map(word).into(),
                    held: asks == Asks::SignIn,
                }],
            },
            reads_account: matches!(asks, Asks::Password { .. }),
            ..Declared::default()
        })
    }

    fn lookups(&self, cx: &StepCx<'_>, input: &Input) -> Vec<Lookup> {
        let Input::Form { verb, fields, .. } = input else {
            return Vec::new();
        };
        match (asks(cx.step), pressed(verb, fields), &cx.sealed.account) {
            (Ok(Asks::Address), _, _) => match address(fields) {
                Ok(email) => vec![Lookup::SignIn { email, password: None }],
                Err(_) => Vec::new(),
            },
            (Ok(Asks::SignIn), Ok(pressed), _) => match address(fields) {
                Ok(email) => vec![Lookup::SignIn {
                    email,
                    password: match pressed {
                        Pressed::Continue(password) => Some(password),
                        Pressed::Forgotten => None,
                    },
                }],
                Err(_) => Vec::new(),
            },
            (Ok(Asks::Password { .. }), Ok(Pressed::Continue(_)), _)
                if cx.standing.left(&counters::passwords(cx)) == 0
                    || counters::in_time(cx, &counters::streak_of_passwords(cx)).is_err() =>
            {
                Vec::new()
            }
            (Ok(Asks::Password { .. }), Ok(Pressed::Continue(password)), Some(account)) => vec![Lookup::Password {
                account: account.clone(),
                password,
            }],
            _ => Vec::new(),
        }
    }

    fn wants(&self, cx: &StepCx<'_>, _input: Option<&Input>) -> Wants {
        match asks(cx.step) {
            Ok(Asks::Password { .. }) => Wants {
                buckets: vec![counters::passwords(cx)],
                streaks: vec![counters::streak_of_passwords(cx)],
                ..Wants::default()
            },
            _ => Wants::default(),
        }
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        Turn::waiting(match asks(cx.step) {
            Ok(Asks::Password { tries }) => value(&Told {
                tries_left: tries,
                wrong: false,
                again: None,
            }),
            _ => Value::Null,
        })
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let Input::Form { verb, fields, .. } = input else {
            return Err(Refusal::Stale);
        };
        match asks(cx.step)? {
            Asks::SignIn => sign_in(cx, verb, fields),
            Asks::Address => address_alone(cx, verb, fields),
            Asks::Password { .. } => password(cx, verb, fields),
        }
    }
}

fn sign_in(cx: &StepCx<'_>, verb: &str, fields: &Fields) -> Result<Turn, Refusal> {
    let email = address(fields)?;
    let pressed = pressed(verb, fields)?;
    let answer = cx.answers.sign_in.as_ref().ok_or(Refusal::HostUnknown)?;
    let (outcome, verdict) = match pressed {
        Pressed::Continue(_) => ("entered", verdict_word(answer.verdict)),
        Pressed::Forgotten => ("forgotten", "forgotten"),
    };
    let turn = Turn::done(Value::Null, outcome).fact("password", word(verdict));
    Ok(Turn {
        learned: Learned {
            claimant: Some((email, answer.account.clone())),
            ..Learned::default()
        },
        ..turn
    })
}

fn address_alone(cx: &StepCx<'_>, verb: &str, fields: &Fields) -> Result<Turn, Refusal> {
    if verb != "continue" {
        return Err(Refusal::NotAllowed);
    }
    let email = address(fields)?;
    let answer = cx.answers.sign_in.as_ref().ok_or(Refusal::HostUnknown)?;
    Ok(Turn {
        learned: Learned {
            claimant: Some((email, answer.account.clone())),
            ..Learned::default()
        },
        ..Turn::done(Value::Null, "entered")
    })
}

fn password(cx: &StepCx<'_>, verb: &str, fields: &Fields) -> Result<Turn, Refusal> {
    let told: Told = state(&cx.case.state)?;
    if pressed(verb, fields)? == Pressed::Forgotten {
        return Ok(Turn::done(value(&told), "forgotten").fact("password", word("forgotten")));
    }
    let bucket = counters::passwords(cx);
    if cx.standing.left(&bucket) == 0 {
        return Err(Refusal::TooMany {
            until: counters::until(&bucket, cx.now),
        });
    }
    let streak = counters::streak_of_passwords(cx);
    counters::in_time(cx, &streak)?;
    let verdict = cx.answers.password.ok_or(Refusal::HostUnknown)?;
    let turn = match verdict {
        Verdict::Right => Turn::done(value(&told), "right").guard(counters::right(cx, streak)),
        Verdict::Locked => Turn::done(value(&told), "locked"),
        Verdict::Unknown | Verdict::NotAsked => return Err(Refusal::HostUnknown),
        Verdict::Wrong => wrong(cx, told, streak),
    };
    Ok(turn
        .fact("password", word(verdict_word(verdict)))
        .guard(Guard::Spend(bucket)))
}

fn wrong(cx: &StepCx<'_>, told: Told, streak: Streak) -> Turn {
    let (missed, again) = counters::missed(cx, streak);
    let told = Told {
        tries_left: told.tries_left.saturating_sub(1),
        wrong: true,
        again: Some(again),
    };
    let turn = if told.tries_left == 0 {
        Turn::done(value(&told), "exhausted")
    } else {
        Turn::waiting(value(&told))
    };
    turn.guard(missed)
}

fn address(fields: &Fields) -> Result<String, Refusal> {
    let refused = |code| Refusal::Field {
        field: "email".into(),
        code,
    };
    let typed = fields.get("email").ok_or_else(|| refused("email_needed"))?;
    email::parse(typed).ok_or_else(|| refused("email_shape"))
}

fn pressed(verb: &str, fields: &Fields) -> Result<Pressed, Refusal> {
    let refused = |code| {
        Err(Refusal::Field {
            field: "password".into(),
            code,
        })
    };
    match (verb, fields.get("password")) {
        ("forgotten", _) => Ok(Pressed::Forgotten),
        ("continue", None) => refused("password_needed"),
        ("continue", Some(typed)) if typed.len() > LONGEST_PASSWORD => refused("password_long"),
        ("continue", Some(typed)) => Ok(Pressed::Continue(Secret(typed.to_owned()))),
        _ => Err(Refusal::NotAllowed),
    }
}

/// The address without surrounding blanks, if it has the form of one (OT-08).
#[must_use]
pub fn read_address(typed: &str) -> Option<String> {
    email::parse(typed)
}

/// Whether the password was right in a case, by what its steps learned.
#[must_use]
pub fn password_proven(case: &Case) -> bool {
    let mut learned = case.facts.iter();
    learned.any(|(name, value)| name.ends_with(".password") && *value == word("right"))
}

const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Wrong => "wrong",
        Verdict::Locked => "locked",
        Verdict::Unknown | Verdict::NotAsked => "unknown",
    }
}

fn word(word: &str) -> FactValue {
    FactValue::Word(word.to_owned())
}

#[cfg(test)]
mod tests;
