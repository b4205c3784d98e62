//! Folding events into a case: pure and total. It knows no step kind and never sees sealed state.

use serde_json::Value;

use crate::case::{Approval, Case, Claim, Phase, Proven, REMEMBERED_KEYS, Remedy, WaitsFor};
use crate::command::By;
use crate::conversation::Invitation;
use crate::event::Event;
use crate::ids::{CaseId, Digest, PersonId, RequestKey};
use crate::kind::Grant;
use crate::time::At;

/// One commit's worth of events: an event row.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    pub at: At,
    pub key: RequestKey,
    pub by: crate::command::By,
    pub events: Vec<Event>,
}

/// A case before its first event.
#[must_use]
pub fn blank(id: CaseId) -> Case {
    Case {
        id,
        version: 0,
        workflow: Digest::default(),
        policy: Digest::default(),
        class: crate::case::Class::Recovery,
        language: "en".into(),
        opened: At::default(),
        now: At::default(),
        proven: None,
        disputed: false,
        step: String::new(),
        run: 0,
        visits: std::collections::BTreeMap::new(),
        phase: Phase::Open,
        waits: WaitsFor::Claimant,
        state: Value::Null,
        left: std::collections::BTreeMap::new(),
        facts: std::collections::BTreeMap::new(),
        proofs: std::collections::BTreeSet::new(),
        pending: std::collections::BTreeSet::new(),
        deadline: None,
        task: None,
        round: 0,
        approvals: Vec::new(),
        decided: None,
        signals: std::collections::BTreeMap::new(),
        remedy: Remedy::NotBegun,
        contest: false,
        outcome: None,
        closed: None,
        keys: Vec::new(),
        sealed: Digest::default(),
        linked: None,
        next: None,
        invitation: None,
        conversation: crate::conversation::Conversation::default(),
    }
}

/// The case after one more event row.
#[must_use]
pub fn evolve(mut case: Case, entry: &Entry) -> Case {
    case.version += 1;
    case.now = case.now.max(entry.at);
    case.keys.push(entry.key);
    if case.keys.len() > REMEMBERED_KEYS {
        case.keys.remove(0);
    }
    for event in &entry.events {
        apply(&mut case, event);
    }
    case
}

/// Replays a whole case from its rows.
pub fn replay<'a>(id: CaseId, entries: impl IntoIterator<Item = &'a Entry>) -> Case {
    entries.into_iter().fold(blank(id), evolve)
}

/// Folds one event; also used by `decide` to see what its own events make of the case.
pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event.clone() {
        Event::Opened {
            workflow,
            policy,
            class,
            language,
            facts,
        } => {
            (case.workflow, case.policy, case.class, case.language) = (workflow, policy, class, language);
            case.facts = facts;
            case.opened = case.now;
        }
        Event::Invited { person, contact } => {
            case.invitation = Some(Invitation {
                contact,
                by: person,
                followed: false,
            });
        }
        Event::InvitationFollowed => {
            if let Some(invitation) = &mut case.invitation {
                invitation.followed = true;
            }
        }
        Event::Wrote { by, .. } => {
            case.conversation.written += 1;
            case.conversation.asked = match by {
                By::Claimant => case.conversation.asked.or(Some(case.now)),
                By::Staff { .. } | By::Owner { .. } | By::Engine => None,
            };
        }
        Event::Entered {
            step,
            run,
            phase,
            waits,
            deadline,
            state,
        } => {
            *case.visits.entry(step.clone()).or_default() += 1;
            (case.step, case.run, case.phase, case.waits, case.deadline, case.state) =
                (step, run, phase, waits, deadline, state);
        }
        Event::Turned { state, facts } => {
            case.state = state;
            case.facts.extend(facts);
        }
        Event::Left {
            outcome: _,
            state,
            facts,
            grant,
        } => {
            case.left.insert(case.step.clone(), state);
            case.state = Value::Null;
            case.facts.extend(facts);
            case.deadline = None;
            grant_proof(case, grant);
        }
        Event::Proven {
            reference,
            facts,
            snapshot: _,
            disputed,
        } => {
            case.proven = Some(Proven {
                reference,
                at: case.now,
            });
            case.facts.extend(facts);
            case.disputed = disputed;
        }
        Event::Signalled { signal } => {
            let now = case.now;
            case.signals.entry(signal).or_insert(now);
        }
        Event::TaskOpened { task } => {
            case.round = case.round.max(task.round);
            case.task = Some(task);
        }
        Event::TaskClaimed { person, token }
        | Event::TaskHandedOver {
            from: _,
            to: person,
            token,
        } => claim(case, Some((person, token))),
        Event::TaskReleased { person: _ } => claim(case, None),
        Event::TaskClosed => case.task = None,
        Event::Approved { person, round, message } => {
            let at = case.now;
            case.approvals.push(Approval {
                round,
                person,
                message,
                at,
            });
        }
        Event::Decided { decided, .. } => case.decided = Some(decided),
        Event::Contested { channel: _ } => case.contest = true,
        Event::ContestDismissed { person: _ } => case.contest = false,
        Event::RemedyBegun => case.remedy = Remedy::Begun,
        Event::RemedyDone => case.remedy = Remedy::Done,
        Event::RemedyGivenUp { .. } => case.remedy = Remedy::GivenUp,
        Event::Sealed { commitment } => case.sealed = commitment,
        Event::Closed { outcome, linked, next } => {
            case.outcome = Some(outcome);
            case.closed = Some(case.now);
            (case.linked, case.next) = (linked, next);
            case.deadline = None;
            case.waits = WaitsFor::Nobody;
            case.conversation.asked = None;
        }
        Event::Stuck { .. } => case.waits = WaitsFor::Person,
        Event::AskedFor { .. }
        | Event::Rechecked { .. }
        | Event::TriedAgain { .. }
        | Event::GivenUp { .. }
        | Event::ClosedBySupport { .. } => {}
    }
}

fn claim(case: &mut Case, by: Option<(PersonId, u32)>) {
    let at = case.now;
    if let Some(task) = &mut case.task {
        task.tokens = by.map_or(task.tokens, |(_, token)| task.tokens.max(token));
        task.claim = by.map(|(person, token)| Claim { person, token, at });
    }
}

fn grant_proof(case: &mut Case, grant: Grant) {
    match grant {
        Grant::Nothing => {}
        Grant::Now(proof) => {
            case.proofs.insert(proof);
        }
        Grant::Pending(proof) => {
            case.pending.insert(proof);
        }
        Grant::Confirm => {
            let mut pending = std::mem::take(&mut case.pending);
            case.proofs.append(&mut pending);
        }
        Grant::Drop => case.pending.clear(),
    }
}
