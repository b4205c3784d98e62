//! The right-hand part of the case page: what this person can do about the case now.

use askama::Template;
use readmit_core::case::{Task, TaskKind};
use readmit_core::review::Message;
use readmit_core::workflow::definition::Target;
use readmit_steps::documents::{self, checks, pieces};
use readmit_storage::Person;
use readmit_web::{App, Markup, PageError};

use super::draft::{Draft, Offer};
use super::find::Found;
use super::reasons;
use super::view::stuck;
use crate::page::Names;
use crate::sight::{Stance, acting};
use crate::words::{self, capital, plain};

#[derive(Template)]
#[template(path = "case_page/review.html")]
struct ReviewPanel<'a> {
    path: String,
    token: &'a str,
    task: String,
    fence: u32,
    message: String,
    checklists: Vec<Checklist>,
    approvals: String,
    slots: Vec<Tick>,
    ask_reasons: Vec<Reason>,
    reject_reasons: Vec<Reason>,
    language: &'a str,
    draft: &'a Draft,
}

#[derive(Template)]
#[template(path = "case_page/contest.html")]
struct ContestPanel<'a> {
    path: String,
    token: &'a str,
    task: String,
    fence: u32,
    message: String,
    draft: &'a Draft,
}

#[derive(Template)]
#[template(path = "case_page/operator.html")]
struct OperatorPanel<'a> {
    path: String,
    token: &'a str,
    task: String,
    fence: u32,
    why: String,
}

/// Nothing to decide for this person, and why; with a button where they may take the case by hand.
#[derive(Template)]
#[template(path = "case_page/aside.html")]
struct Aside<'a> {
    path: String,
    token: &'a str,
    title: &'a str,
    text: String,
    take: Option<String>,
}

struct Checklist {
    title: String,
    checks: Vec<Tick>,
}

struct Tick {
    name: String,
    label: String,
    ticked: bool,
}

struct Reason {
    code: &'static str,
    label: String,
    text: String,
    chosen: bool,
}

/// The panel for where this person stands.
pub(super) fn panel(
    app: &App,
    found: &Found,
    person: &Person,
    stance: Stance,
    draft: &Draft,
    names: &Names,
    token: &str,
) -> Result<Markup, PageError> {
    let case = &found.loaded.case;
    let aside = |title, text: String, take| Aside {
        path: found.path(),
        token,
        title,
        text,
        take,
    };
    let panel = match (stance, &case.task) {
        (Stance::Mine { token: fence, .. }, Some(task)) => return held(app, found, task, fence, draft, token),
        (Stance::Free, Some(task)) => {
            let picks = may_pick(found, person, task);
            let text = match picks {
                true => "Nobody works on it. Taking it by hand is recorded.",
                false => "It comes to somebody by “Next case”: nobody picks it.",
            };
            aside("Free", text.into(), picks.then(|| task.id.to_string()))
        }
        (Stance::Theirs { person, until }, _) => {
            let until = until.map(words::clock).unwrap_or_default();
            aside(
                "With a colleague",
                format!("{} has the case until {until}.", names.of(person)),
                None,
            )
        }
        (_, Some(_)) => aside("For somebody else", "You cannot work on this task.".into(), None),
        (_, None) if case.outcome.is_some() => {
            aside("Closed", "Closed stays closed; the record is complete.".into(), None)
        }
        (_, None) => aside("Nothing to decide", "The case goes on by itself.".into(), None),
    };
    Ok(Markup::of(&panel)?)
}

/// Seniors take from the list what is not of high value; operators take what is stuck (IN-02).
pub(super) fn may_pick(found: &Found, person: &Person, task: &Task) -> bool {
    match acting(&person.roles, task.kind, found.loaded.case.disputed) {
        Some(_) if task.kind == TaskKind::Operator => true,
        Some(role) => role.is_senior() && !found.is_high_value(),
        None => false,
    }
}

fn held(app: &App, found: &Found, task: &Task, fence: u32, draft: &Draft, token: &str) -> Result<Markup, PageError> {
    let (path, id) = (found.path(), task.id.to_string());
    let case = &found.loaded.case;
    let message = message(found).to_string();
    Ok(match task.kind {
        TaskKind::Operator => Markup::of(&OperatorPanel {
            path,
            token,
            task: id,
            fence,
            why: stuck(found),
        })?,
        TaskKind::Contest => Markup::of(&ContestPanel {
            path,
            token,
            task: id,
            fence,
            message,
            draft,
        })?,
        TaskKind::Review => Markup::of(&ReviewPanel {
            path,
            token,
            task: id,
            fence,
            message,
            checklists: checklists(found, draft),
            approvals: match task.approvals {
                0 | 1 => String::new(),
                wanted => format!("{wanted} people approve"),
            },
            slots: askable(found)
                .into_iter()
                .map(|(step, slot)| {
                    let name = format!("{step}/{slot}");
                    Tick {
                        ticked: draft.slots.contains(&name),
                        label: capital(&plain(&slot)),
                        name,
                    }
                })
                .collect(),
            ask_reasons: offered(app, found, &reasons::ASK, &draft.ask_reason),
            reject_reasons: offered(app, found, &reasons::REJECT, &draft.reject_reason),
            language: &case.language,
            draft,
        })?,
    })
}

/// What exactly a decision on this page is about.
pub(super) fn message(found: &Found) -> readmit_core::ids::Digest {
    Message::of(
        &found.loaded.case,
        &found.loaded.sealed,
        &found.definition,
        &found.loaded.keys,
    )
    .digest()
}

/// What the page offers for the live task; the same for showing and for judging what came back.
pub(super) fn offer(found: &Found, task: &Task) -> Offer {
    Offer {
        kind: task.kind,
        slots: askable(found)
            .into_iter()
            .map(|(step, slot)| format!("{step}/{slot}"))
            .collect(),
    }
}

/// The text of a reason in the language of the case.
pub(super) fn claimant_text(app: &App, found: &Found, code: &str) -> String {
    app.texts.get(&found.loaded.case.language, &reasons::text_key(code))
}

fn offered(app: &App, found: &Found, codes: &[&'static str], chosen: &str) -> Vec<Reason> {
    let reason = |code: &&'static str| Reason {
        code,
        label: reasons::label(code),
        text: claimant_text(app, found, code),
        chosen: *code == chosen,
    };
    codes.iter().map(reason).collect()
}

/// The checks of everything handed in, by slot.
fn checklists(found: &Found, draft: &Draft) -> Vec<Checklist> {
    let mut lists: Vec<Checklist> = Vec::new();
    for name in checks::names(&pieces(&found.loaded.sealed, &found.definition)) {
        let Some((slot, label)) = checks::read(&name) else {
            continue;
        };
        let title = capital(&plain(slot));
        let check = Tick {
            ticked: draft.checks.contains(&name),
            label: label.to_owned(),
            name: name.clone(),
        };
        match lists.last_mut().filter(|list| list.title == title) {
            Some(list) => list.checks.push(check),
            None => lists.push(Checklist {
                title,
                checks: vec![check],
            }),
        }
    }
    lists
}

/// Steps and slots that the review can send the claimant back to: those whose step has a visit left.
fn askable(found: &Found) -> Vec<(String, String)> {
    let (case, definition) = (&found.loaded.case, &found.definition);
    let Some(review) = definition.step(&case.step) else {
        return Vec::new();
    };
    let targets = review.then.iter().filter_map(|(outcome, target)| match target {
        Target::Step(step) if outcome.starts_with("ask_") => definition.step(step),
        _ => None,
    });
    targets
        .filter(|step| case.visits.get(&step.name).copied().unwrap_or(0) < step.visits)
        .flat_map(|step| {
            let slots = documents::offered(&found.loaded.case, step);
            slots.into_iter().map(|slot| (step.name.clone(), slot))
        })
        .collect()
}
