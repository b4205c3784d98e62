//! What a case's own record says of guesses and of those who decided, counted from its events alone: the counters that the
//! steps keep are what is judged here, so they are not asked.

use std::collections::BTreeMap;

use readmit_core::command::{By, Role};
use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use serde_json::Value;

/// Wrong guesses of one step run: those after which the page came back, and whether one ended the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guesses {
    pub(crate) waiting: u64,
    pub(crate) exhausted: bool,
}

impl Guesses {
    fn all(self) -> u64 {
        self.waiting + u64::from(self.exhausted)
    }
}

/// By step and run.
pub(crate) fn guesses(entries: &[Entry]) -> BTreeMap<(String, u32), Guesses> {
    let mut counted: BTreeMap<(String, u32), Guesses> = BTreeMap::new();
    let mut at = (String::new(), 0);
    for entry in entries {
        for event in &entry.events {
            match event {
                Event::Entered { step, run, .. } => at = (step.clone(), *run),
                Event::Turned { state, .. } if entry.by == By::Claimant && says_wrong(state) => {
                    counted.entry(at.clone()).or_default().waiting += 1;
                }
                Event::Left { outcome, .. } if outcome == "exhausted" => {
                    counted.entry(at.clone()).or_default().exhausted = true;
                }
                _ => {}
            }
        }
    }
    counted
}

/// Whether a step's state is that after a wrong guess: of a code, a password, the questions.
fn says_wrong(state: &Value) -> bool {
    state["last"] == "wrong" || state["wrong"] == true || state["at"] == "not_right"
}

/// Every run of a step that has `tries` had no more of them, and ended with the last.
///
/// # Errors
/// The first run that had more.
pub(super) fn within_limits(definition: &Definition, entries: &[Entry]) -> Result<(), String> {
    for ((step, run), guesses) in guesses(entries) {
        let tries = definition.step(&step).and_then(|step| step.config["tries"].as_u64());
        let Some(tries) = tries else {
            return Err(format!("{step}, run {run}: guesses where there is nothing to guess"));
        };
        if guesses.waiting >= tries || guesses.all() > tries {
            return Err(format!("{step}, run {run}: {guesses:?}, {tries} are given"));
        }
    }
    Ok(())
}

/// OT-04: between two wrong codes, and between two wrong passwords, of one case lies a wait that doubles with each, from half
/// a minute on.
///
/// # Errors
/// The first that came too soon.
pub(super) fn waited(entries: &[Entry]) -> Result<(), String> {
    let mut step = String::new();
    // Tries left, wrong tries in a row, and when the last one was.
    let mut last: BTreeMap<String, (u64, u32, At)> = BTreeMap::new();
    for entry in entries {
        for event in &entry.events {
            let state = match event {
                Event::Entered {
                    step: entered, state, ..
                } => {
                    step.clone_from(entered);
                    state
                }
                Event::Turned { state, .. } | Event::Left { state, .. } => state,
                _ => continue,
            };
            let waits = ["email_code", "password"].contains(&step.as_str());
            let Some(left) = state["tries_left"].as_u64().filter(|_| waits) else {
                continue;
            };
            let (before, wrong, at) = last.get(&step).copied().unwrap_or((left, 0, At::default()));
            if left >= before {
                last.insert(step.clone(), (left, wrong, at));
                continue;
            }
            let wait = Span::seconds(30 << wrong.saturating_sub(1));
            if wrong > 0 && entry.at - at < wait {
                return Err(format!("{step}: {} after wrong try {wrong}, not {wait}", entry.at - at));
            }
            last.insert(step.clone(), (left, wrong + 1, entry.at));
        }
    }
    Ok(())
}

/// Whoever approved, decided or gave up had the role for it when they did, and did it themselves.
///
/// # Errors
/// The first act of somebody who may not.
pub(super) fn by_the_right_people(entries: &[Entry]) -> Result<(), String> {
    let mut disputed = false;
    for entry in entries {
        for event in &entry.events {
            let (who, may): (_, fn(Role) -> bool) = match event {
                Event::Proven { disputed: at_proof, .. } => {
                    disputed = *at_proof;
                    continue;
                }
                Event::Approved { person, .. } | Event::Decided { person, .. } if disputed => (person, Role::is_senior),
                Event::Approved { person, .. } | Event::Decided { person, .. } => (person, Role::reviews),
                Event::ContestDismissed { person } => (person, Role::is_senior),
                Event::TriedAgain { person } | Event::RemedyGivenUp { person, .. } => {
                    (person, |role| role == Role::Operator)
                }
                _ => continue,
            };
            match entry.by {
                By::Staff { person, role } if person == *who && may(role) => {}
                by => return Err(format!("{by:?} may not: {event:?}")),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use readmit_core::case::{Phase, WaitsFor};
    use readmit_core::ids::{Digest, PersonId, RequestKey};
    use readmit_core::kind::{Facts, Grant};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::engine::transcripts::definition;

    fn entry(by: By, events: Vec<Event>) -> Entry {
        Entry {
            at: At(0),
            key: RequestKey(Uuid::nil()),
            by,
            events,
        }
    }

    /// A run of a step with so many wrong guesses, the last of which ends it where `exhausted`.
    fn run(step: &str, state: &Value, wrong: usize, exhausted: bool) -> Vec<Entry> {
        let entered = Event::Entered {
            step: step.into(),
            run: 1,
            phase: Phase::Open,
            waits: WaitsFor::Claimant,
            deadline: None,
            state: Value::Null,
        };
        let turned = Event::Turned {
            state: state.clone(),
            facts: Facts::default(),
        };
        let left = Event::Left {
            outcome: "exhausted".into(),
            state: state.clone(),
            facts: Facts::default(),
            grant: Grant::Nothing,
        };
        let waiting = wrong - usize::from(exhausted);
        let mut events = vec![entered];
        events.extend(std::iter::repeat_n(turned, waiting));
        events.extend(exhausted.then_some(left));
        events
            .into_iter()
            .map(|event| entry(By::Claimant, vec![event]))
            .collect()
    }

    #[test]
    fn one_guess_more_than_the_workflow_gives_is_found() {
        let definition = definition("passkey-reset");
        for (step, state, tries) in [
            ("email_code", json!({"last": "wrong"}), 5),
            ("password", json!({"wrong": true}), 3),
            ("questions", json!({"at": "not_right"}), 3),
        ] {
            assert_eq!(within_limits(&definition, &run(step, &state, tries, true)), Ok(()));
            assert_eq!(within_limits(&definition, &run(step, &state, tries - 1, false)), Ok(()));
            assert!(
                within_limits(&definition, &run(step, &state, tries, false)).is_err(),
                "{step}"
            );
            assert!(
                within_limits(&definition, &run(step, &state, tries + 1, true)).is_err(),
                "{step}"
            );
        }
    }

    #[test]
    fn a_wrong_try_before_its_time_is_found() {
        let after = |seconds: i64, left: u64| Entry {
            at: At(0) + Span::seconds(seconds),
            ..run("password", &json!({"wrong": true, "tries_left": left}), 1, false)
                .pop()
                .unwrap()
        };
        let entered = run("password", &json!({}), 0, false).pop().unwrap();
        let tried = |moments: [i64; 3]| {
            let tries = moments.into_iter().zip([9, 8, 7]).map(|(at, left)| after(at, left));
            let first = after(0, 10);
            waited(&[entered.clone(), first].into_iter().chain(tries).collect::<Vec<_>>())
        };
        assert_eq!(tried([0, 30, 90]), Ok(()));
        assert!(tried([0, 29, 90]).is_err());
        assert!(tried([0, 30, 89]).is_err());
    }

    #[test]
    fn an_approval_by_the_wrong_role_or_for_another_is_found() {
        let (rina, tomas) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let approved = Event::Approved {
            person: rina,
            round: 1,
            message: Digest::default(),
        };
        let said = |person, role| by_the_right_people(&[entry(By::Staff { person, role }, vec![approved.clone()])]);
        for role in Role::ALL {
            assert_eq!(said(rina, role).is_ok(), role.reviews(), "{role:?}");
            assert!(said(tomas, role).is_err(), "{role:?}");
        }
        assert!(by_the_right_people(&[entry(By::Engine, vec![approved.clone()])]).is_err());
    }
}
