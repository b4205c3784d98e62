//! Questions about the account, once the code has passed. One verdict on all of them, never which was wrong (RF-18);
//! the tries are the account's, over cases and devices (QS-03); the set stays the same until it is solved (QS-04).

mod build;
mod page;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::bench as bench_for_pages;

use std::collections::BTreeSet;

use readmit_core::answers::{Answers, Lookup};
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::guard::{Bucket, Guard, Wants};
use readmit_core::kind::{Declared, FactValue, Fields, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::time::At;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{config, outcome, outcomes, published, state, value};
use crate::counters;
use build::{ASKED, Question};

/// Most tries a file may give in a window; what can be guessed is judged by it.
const MOST_TRIES: u32 = 3;

pub struct Questions;

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    ask: usize,
    tries: u32,
}

/// The state of a step run: counts only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    at: Place,
    /// Of the account, in this window; not known before it begins.
    tries_left: Option<u32>,
    /// Tried in this run.
    tried: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// The page before the questions.
    Attention,
    Asking,
    /// A try was wrong, another is left.
    NotRight,
    Ended,
}

/// Sealed state: the questions with their truth, and the most that were right at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    questions: Vec<Question>,
    best: usize,
}

impl StepKind for Questions {
    fn name(&self) -> &'static str {
        "questions"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let config: Config = config(step)?;
        if config.ask != ASKED {
            return Err(format!("`ask` is {ASKED}: one question of each topic"));
        }
        if !(1..=MOST_TRIES).contains(&config.tries) {
            return Err(format!("`tries` is 1 to {MOST_TRIES}"));
        }
        let passed = outcome("passed", Grant::Now("questions".into()));
        Ok(Declared {
            outcomes: std::iter::once(passed)
                .chain(outcomes(["gave_up", "exhausted"]))
                .collect(),
            reads_account: true,
            ..Declared::default()
        })
    }

    fn lookups(&self, cx: &StepCx<'_>, input: &Input) -> Vec<Lookup> {
        match (input, &cx.sealed.account) {
            (Input::Form { verb, .. }, Some(account)) if verb == "begin" => vec![Lookup::QuestionFacts {
                account: account.clone(),
            }],
            _ => Vec::new(),
        }
    }

    fn attributes(&self, answers: &Answers, now: At) -> Vec<(String, FactValue)> {
        // Whether a set can be built does not depend on the key.
        let any_key = readmit_core::ids::Tag([0; 32]);
        let facts = answers.question_facts.as_ref();
        let can_ask = facts.is_some_and(|facts| build::build(facts, &any_key, MOST_TRIES, now).is_some());
        vec![("can_ask".into(), FactValue::Bool(can_ask))]
    }

    fn wants(&self, cx: &StepCx<'_>, _input: Option<&Input>) -> Wants {
        Wants {
            buckets: published::<Config>(cx.step)
                .map(|config| bucket(cx, &config))
                .into_iter()
                .collect(),
            ..Wants::default()
        }
    }

    fn enter(&self, _cx: &StepCx<'_>) -> Turn {
        Turn::waiting(value(&State {
            at: Place::Attention,
            tries_left: None,
            tried: 0,
        }))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let Input::Form { verb, fields, .. } = input else {
            return Err(Refusal::Stale);
        };
        let config: Config = published(cx.step)?;
        let state: State = state(&cx.case.state)?;
        match (verb.as_str(), state.at) {
            ("begin", Place::Attention) => begin(cx, &config, state),
            ("again", Place::NotRight) => Ok(Turn::waiting(value(&State {
                at: Place::Asking,
                ..state
            }))),
            // Also with the form of the try before, brought back by the browser.
            ("answer", Place::Asking | Place::NotRight) => answer(cx, &config, state, fields),
            ("give_up", _) => Ok(ended(state, "gave_up")),
            _ => Err(Refusal::NotAllowed),
        }
    }
}

/// Takes the account's unsolved set, or makes one.
fn begin(cx: &StepCx<'_>, config: &Config, state: State) -> Result<Turn, Refusal> {
    let bucket = bucket(cx, config);
    // The account's window may begin anew in the middle of a case; the case has no more tries for that.
    let left = cx.standing.left(&bucket).min(config.tries.saturating_sub(state.tried));
    if left == 0 {
        return Ok(ended(state, "exhausted"));
    }
    let (questions, guard) = match unsolved(cx) {
        Some(questions) => (questions, None),
        None => match fresh(cx, config)? {
            Some(questions) => {
                let keep = keep(cx, Some(value(&questions)));
                (questions, keep)
            }
            // The host knows less by now than when the case was pinned: the other lane is open.
            None => return Ok(ended(state, "gave_up")),
        },
    };
    let turn = Turn::waiting(value(&State {
        at: Place::Asking,
        tries_left: Some(left),
        ..state
    }));
    Ok(Turn {
        guards: guard.into_iter().collect(),
        ..turn.sealed(value(&Kept { questions, best: 0 }))
    })
}

fn unsolved(cx: &StepCx<'_>) -> Option<Vec<Question>> {
    let kept = cx.standing.account().questions.as_ref()?;
    let questions = Vec::<Question>::deserialize(kept).ok()?;
    (questions.len() == ASKED).then_some(questions)
}

/// A new set, its questions in an order that chance gives.
fn fresh(cx: &StepCx<'_>, config: &Config) -> Result<Option<Vec<Question>>, Refusal> {
    let facts = cx.answers.question_facts.as_ref().ok_or(Refusal::HostUnknown)?;
    let account = cx.sealed.account.as_ref().ok_or(Refusal::HostUnknown)?;
    let key = cx
        .keys
        .index_tag("question-options", &[&cx.keys.account_tag(account).0]);
    let mut set = build::build(facts, &key, config.tries, cx.now);
    if let Some(set) = &mut set {
        set.sort_by_cached_key(|question| cx.entropy.bits(question.topic.code(), 0));
    }
    Ok(set)
}

/// One try at all of them. Right or wrong, it counts.
fn answer(cx: &StepCx<'_>, config: &Config, state: State, fields: &Fields) -> Result<Turn, Refusal> {
    let kept: Kept = cx
        .own_sealed()
        .map_or(Err(Refusal::UnknownStep), crate::config::state)?;
    let answers = kept.questions.iter().zip(1..);
    let answers = answers.map(|(question, n)| ticked(question, n, fields));
    let (answers, faults): (Vec<_>, Vec<_>) = answers.partition(Result::is_ok);
    if let Some(refusal) = Refusal::of_fields(faults.into_iter().filter_map(Result::err).collect()) {
        return Err(refusal);
    }
    let answers: Vec<BTreeSet<usize>> = answers.into_iter().flatten().collect();
    let bucket = bucket(cx, config);
    let left = cx.standing.left(&bucket);
    if left == 0 {
        return Ok(ended(state, "exhausted"));
    }
    let right = kept
        .questions
        .iter()
        .zip(&answers)
        .filter(|(question, answer)| question.right == **answer)
        .count();
    let state = State {
        tried: state.tried + 1,
        tries_left: Some(left - 1),
        ..state
    };
    let turn = if right == kept.questions.len() {
        let turn = ended(state, "passed");
        keep(cx, None).into_iter().fold(turn, Turn::guard)
    } else if left == 1 {
        ended(state, "exhausted")
    } else {
        Turn::waiting(value(&State {
            at: Place::NotRight,
            ..state
        }))
    };
    let best = kept.best.max(right);
    Ok(turn.guard(Guard::Spend(bucket)).sealed(value(&Kept { best, ..kept })))
}

/// The options ticked for the n-th question, or its field and what is wrong there.
fn ticked(question: &Question, n: usize, fields: &Fields) -> Result<BTreeSet<usize>, (String, &'static str)> {
    let field = format!("q{n}");
    let ticked: BTreeSet<usize> = fields
        .all(&field)
        .filter_map(|option| option.parse().ok())
        .filter(|place| *place < question.options.len())
        .collect();
    let fits = question.topic.many() || ticked.len() == 1;
    if ticked.is_empty() || !fits {
        return Err((field, "answer_needed"));
    }
    Ok(ticked)
}

fn ended(state: State, outcome: &str) -> Turn {
    let state = State {
        at: Place::Ended,
        ..state
    };
    Turn::done(value(&state), outcome)
}

fn keep(cx: &StepCx<'_>, set: Option<Value>) -> Option<Guard> {
    let account = cx.keys.account_tag(cx.sealed.account.as_ref()?);
    Some(Guard::KeepQuestions { account, set })
}

fn bucket(cx: &StepCx<'_>, config: &Config) -> Bucket {
    counters::questions(cx, config.tries)
}
