//! The record of a case in sentences, newest first, rendered for its viewer: a second approver is blind to who gave the
//! first approval, and why (design, section 8).

use readmit_core::case::Outcome;
use readmit_core::command::By;
use readmit_core::conversation::{Contact, NOTE};
use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::ids::PersonId;
use readmit_core::review::Verdict;
use readmit_core::sealed::Sealed;
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_steps::documents::checks;

use super::reasons;
use crate::page::Names;
use crate::words::{self, capital, plain};

/// One line of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// A class of the style sheet: empty, `done`, `now` or `fail`.
    pub(crate) tone: &'static str,
    pub(crate) text: String,
    /// A colleague's note, if this viewer may read it.
    pub(crate) note: String,
    /// What the decision was ticked for, by slot, with the sentences of its checks.
    pub(crate) ticks: Vec<(String, Vec<&'static str>)>,
    pub(crate) datetime: String,
    pub(crate) time: String,
}

/// For whom the record is rendered.
pub(crate) struct Viewer<'a> {
    pub(crate) person: PersonId,
    /// Hides names and notes of approvals in this round and after.
    pub(crate) blind_from_round: Option<u32>,
    /// Whether notes are shown at all.
    pub(crate) reads_notes: bool,
    pub(crate) now: At,
    pub(crate) names: &'a Names,
    pub(crate) definition: &'a Definition,
}

/// The step that the case is in while an event happens.
#[derive(Default)]
struct Place {
    step: String,
    /// It only chooses the way: nothing happened there.
    routes: bool,
}

impl Place {
    fn of(step: &str, definition: &Definition) -> Self {
        Self {
            step: step.to_owned(),
            routes: definition.step(step).is_some_and(|step| step.kind == "decision"),
        }
    }
}

/// The record, newest first. Events that only carry state, and steps that only choose the way, are left out.
pub(crate) fn render(entries: &[Entry], sealed: &Sealed, viewer: &Viewer<'_>) -> Vec<Moment> {
    let (mut round, mut place) = (0, Place::default());
    let mut moments = Vec::new();
    for entry in entries {
        for event in &entry.events {
            match event {
                Event::TaskOpened { task } => round = round.max(task.round),
                Event::Entered { step, .. } => place = Place::of(step, viewer.definition),
                _ => {}
            }
            let hidden = viewer.blind_from_round.is_some_and(|from| round >= from);
            let said = match (
                event,
                entry.events.iter().any(|event| matches!(event, Event::Wrote { .. })),
            ) {
                (Event::TaskOpened { .. }, true) => Some((
                    "fail",
                    "The approvals before this message count no more: the case is looked at anew".to_owned(),
                )),
                _ => sentence(event, entry.by, &place, hidden, viewer),
            };
            if let Some((tone, text)) = said {
                moments.push(Moment {
                    tone,
                    text,
                    note: note(event, sealed, hidden, viewer),
                    ticks: ticks(event, hidden, viewer),
                    datetime: entry.at.rfc3339(),
                    time: words::moment(entry.at, viewer.now),
                });
            }
        }
    }
    moments.reverse();
    moments
}

fn sentence(event: &Event, by: By, place: &Place, hidden: bool, viewer: &Viewer<'_>) -> Option<(&'static str, String)> {
    let name = |person: &PersonId| match *person == viewer.person {
        true => "You".to_owned(),
        false if hidden => "A colleague".to_owned(),
        false => viewer.names.of(*person),
    };
    let line = |tone: &'static str, text: String| Some((tone, text));
    match event {
        Event::Opened { .. } => line("", "Case opened".into()),
        Event::Left { outcome, .. } => match place.routes {
            true => None,
            false => line(
                tone_of(outcome),
                format!("{}: {}", capital(&plain(&place.step)), plain(outcome)),
            ),
        },
        Event::Proven { disputed, .. } if *disputed => {
            line("fail", "First possession proof; the account is disputed".into())
        }
        Event::Proven { .. } => line("done", "First possession proof".into()),
        Event::Rechecked { changed: true, .. } => line("fail", "Account read again: it has changed".into()),
        Event::Rechecked { .. } => line("", "Account read again: unchanged".into()),
        Event::Signalled { signal } => line("fail", format!("Signal: {}", plain(signal))),
        Event::Invited { person, contact } => line(
            "",
            format!("{} invited the claimant, {}", name(person), after(*contact)),
        ),
        Event::AskedFor { purpose, .. } => line("", format!("The host asked for it: {}", plain(purpose.code()))),
        Event::InvitationFollowed => line("", "The invitation’s link was followed".into()),
        Event::Wrote { by, .. } => match by {
            By::Staff { person, .. } => line("", format!("{} wrote to the claimant", name(person))),
            By::Claimant | By::Owner { .. } | By::Engine => line("", "The claimant wrote".into()),
        },
        Event::ClosedBySupport { person, reason, .. } => {
            line("fail", format!("{} closed the case: {}", name(person), plain(reason)))
        }
        Event::TaskOpened { task } => line("", format!("Waits in the queue {}", plain(&task.queue))),
        Event::TaskClaimed { person, .. } => line("now", format!("{} claimed the case", name(person))),
        Event::TaskReleased { person } => line("", format!("{} released the case", name(person))),
        Event::TaskHandedOver { from, to, .. } => {
            line("now", format!("{} handed the case over to {}", name(from), name(to)))
        }
        Event::Decided { person, decided, .. } => line(
            if decided.verdict == Verdict::Approve {
                "done"
            } else {
                "fail"
            },
            format!("{} {}", name(person), verdict(decided.verdict, &decided.reason)),
        ),
        Event::Stuck { why } => line("fail", format!("Stopped for an operator: {}", plain(why))),
        Event::TriedAgain { person } => line("now", format!("{} had it tried again", name(person))),
        Event::Contested { .. } => line("fail", "The owner objected: a senior decides".into()),
        Event::ContestDismissed { .. } => None,
        Event::RemedyBegun => line("now", "The remedy has begun: no way back from here".into()),
        Event::RemedyDone => line("done", "The host carried the remedy out".into()),
        Event::RemedyGivenUp { person, .. } => line("fail", format!("{} gave the remedy up", name(person))),
        Event::GivenUp { person, .. } => line("fail", format!("{} gave the case up", name(person))),
        Event::Closed { outcome, .. } => line(
            if *outcome == Outcome::Approved { "done" } else { "fail" },
            format!("Closed: {}{}", plain(outcome.code()), actor(by)),
        ),
        Event::Entered { .. }
        | Event::Turned { .. }
        | Event::TaskClosed
        | Event::Approved { .. }
        | Event::Sealed { .. } => None,
    }
}

fn verdict(verdict: Verdict, reason: &str) -> String {
    match verdict {
        Verdict::Approve if reason == "objection_dismissed" => "dismissed the objection".into(),
        Verdict::Approve => "approved".into(),
        Verdict::Reject => format!("rejected: {}", reasons::label(reason)),
        Verdict::Ask => format!("asked again: {}", reasons::label(reason)),
        Verdict::Uphold => "upheld the objection".into(),
    }
}

/// What somebody wrote with a decision, or on giving up, where the viewer may read it. Blind means blind to others' notes
/// of the round.
fn note(event: &Event, sealed: &Sealed, hidden: bool, viewer: &Viewer<'_>) -> String {
    let (person, words) = match event {
        Event::Decided { person, decided, .. } => (person, decided.words.as_str()),
        Event::RemedyGivenUp { person, reason } | Event::GivenUp { person, reason } => (person, reason.as_str()),
        Event::ClosedBySupport { person, note, .. } => (person, note.as_str()),
        Event::Invited { person, .. } => (person, NOTE),
        _ => return String::new(),
    };
    let readable = viewer.reads_notes && (!hidden || *person == viewer.person);
    let written = sealed.words.get(words).filter(|_| readable);
    written.map(|words| words.note.clone()).unwrap_or_default()
}

/// What was ticked with a decision, where the viewer may know it (EV-11, IN-10).
fn ticks(event: &Event, hidden: bool, viewer: &Viewer<'_>) -> Vec<(String, Vec<&'static str>)> {
    let mut slots: Vec<(String, Vec<&'static str>)> = Vec::new();
    let Event::Decided { person, decided, .. } = event else {
        return slots;
    };
    if hidden && *person != viewer.person {
        return slots;
    }
    for (slot, sentence) in decided.ticks.iter().filter_map(|name| checks::read(name)) {
        let slot = capital(&plain(slot));
        match slots.last_mut().filter(|(last, _)| *last == slot) {
            Some((_, sentences)) => sentences.push(sentence),
            None => slots.push((slot, vec![sentence])),
        }
    }
    slots
}

const fn after(contact: Contact) -> &'static str {
    match contact {
        Contact::Chat => "after a chat",
        Contact::Phone => "after a telephone call",
        Contact::Email => "after an e-mail",
    }
}

fn actor(by: By) -> &'static str {
    match by {
        By::Claimant => " by the claimant",
        By::Owner { .. } => " by the owner",
        By::Staff { .. } | By::Engine => "",
    }
}

fn tone_of(outcome: &str) -> &'static str {
    match outcome {
        "exhausted" | "rejected" | "locked" | "expired" => "fail",
        _ => "done",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::samples;
    use readmit_core::case::{Decided, Task, TaskKind};
    use readmit_core::command::Role;
    use readmit_core::ids::{Digest, RequestKey, TaskId};
    use readmit_core::sealed::Words;
    use uuid::Uuid;

    fn entry(person: PersonId, events: Vec<Event>) -> Entry {
        Entry {
            at: At(1_700_000_000_000_000),
            key: RequestKey(Uuid::from_u128(1)),
            by: By::Staff {
                person,
                role: Role::Senior,
            },
            events,
        }
    }

    fn first_approval() -> (Vec<Entry>, Sealed) {
        let first = samples::person(1);
        let task = Task {
            id: TaskId(Uuid::from_u128(3)),
            kind: TaskKind::Review,
            queue: "recovery".into(),
            round: 1,
            approvals: 2,
            opened: At::default(),
            tokens: 0,
            claim: None,
        };
        let decided = Decided {
            at: At::default(),
            verdict: Verdict::Approve,
            reason: "approved".into(),
            slots: Vec::new(),
            words: "decision-1".into(),
            ticks: vec![
                "account_email.ours".into(),
                "account_email.whole".into(),
                "counterparty_transaction.amount".into(),
            ],
        };
        let mut sealed = Sealed::default();
        sealed.words.insert(
            "decision-1".into(),
            Words {
                to_claimant: String::new(),
                note: "the hands look alike".into(),
            },
        );
        let events = vec![
            Event::TaskOpened { task },
            Event::TaskClaimed {
                person: first,
                token: 1,
            },
            Event::Decided {
                person: first,
                round: 1,
                decided,
                message: Digest::default(),
            },
        ];
        (vec![entry(first, events)], sealed)
    }

    fn rendered(blind_from_round: Option<u32>, person: PersonId) -> Vec<Moment> {
        let (entries, sealed) = first_approval();
        let viewer = Viewer {
            person,
            blind_from_round,
            reads_notes: true,
            now: At(1_700_000_000_000_000),
            names: &Names::of_one(samples::person(1), "P. Lindqvist"),
            definition: &samples::definition(),
        };
        render(&entries, &sealed, &viewer)
    }

    #[test]
    fn in_01_a_second_approver_reads_neither_name_nor_note_of_the_first() {
        let moments = rendered(Some(1), samples::person(2));
        let all = format!("{moments:?}");
        assert!(!all.contains("Lindqvist") && !all.contains("hands"), "{all}");
        assert!(moments[0].ticks.is_empty());
        assert_eq!(moments[0].text, "A colleague approved");
    }

    #[test]
    fn everybody_else_reads_who_and_why_newest_first() {
        let moments = rendered(None, samples::person(2));
        assert_eq!(moments[0].text, "P. Lindqvist approved");
        assert_eq!(moments[0].note, "the hands look alike");
        assert_eq!(
            moments[0].ticks,
            [
                (
                    "Account email".to_owned(),
                    vec![
                        "The mail is one of ours: sender, wording and layout",
                        "The whole page can be seen"
                    ]
                ),
                (
                    "Counterparty transaction".to_owned(),
                    vec!["Amount fits, fees allowed for"]
                )
            ]
        );
        assert_eq!(moments[1].text, "P. Lindqvist claimed the case");
        let own = rendered(Some(1), samples::person(1));
        assert_eq!(
            (own[0].text.as_str(), own[0].note.as_str()),
            ("You approved", "the hands look alike")
        );
    }
}
