//! From a case to what its page shows: values ready to display, and nothing that the viewer may not see.

use askama::Template;
use readmit_core::case::{Case, TaskKind, WaitsFor};
use readmit_core::event::Event;
use readmit_core::ids::PersonId;
use readmit_core::kind::FactValue;
use readmit_core::sealed::{Channel, Sealed};
use readmit_core::time::At;
use readmit_steps::{ReviewerView, face};
use readmit_storage::Person;
use readmit_web::{App, Language, Markup, PageError};

use super::evidence::{Evidence, Stage};
use super::find::Found;
use super::timeline::Moment;
use crate::mask;
use crate::words::{self, Chip, capital, plain};

/// The page of a case.
#[derive(Template)]
#[template(path = "case_page/case.html")]
pub(super) struct CasePage {
    pub(super) reference: String,
    pub(super) path: String,
    pub(super) chips: Vec<Chip>,
    /// Until when the case is this person's.
    pub(super) until: Option<String>,
    pub(super) about: String,
    pub(super) token: String,
    pub(super) banner: Option<Banner>,
    pub(super) hold: Option<Hold>,
    pub(super) hand_over: Option<HandOver>,
    pub(super) whole: Option<Whole>,
    /// What was written to and fro, for who may read it.
    pub(super) conversation: Option<Markup>,
    pub(super) timeline: Vec<Moment>,
    pub(super) panel: Markup,
    pub(super) script: &'static str,
}

/// The page of a case for support: its head.
#[derive(Template)]
#[template(path = "case_page/head.html")]
pub(super) struct HeadPage {
    pub(super) banner: Option<Banner>,
    pub(super) conversation: Option<Markup>,
    pub(super) reference: String,
    pub(super) chips: Vec<Chip>,
    pub(super) workflow: String,
    pub(super) opened: String,
    pub(super) waits: &'static str,
}

/// One message at the top of the page.
#[derive(Clone)]
pub(crate) struct Banner {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    /// The field it speaks of; empty for none.
    pub(crate) href: String,
    pub(crate) text: String,
}

/// What a claim's holder may do with it beside deciding.
pub(super) struct Hold {
    pub(super) renew: String,
    pub(super) task: String,
    pub(super) fence: u32,
}

/// A claim that this person may give to somebody: their own, or as a lead another's.
pub(super) struct HandOver {
    pub(super) task: String,
    pub(super) fence: u32,
    /// Never empty: identifiers with names.
    pub(super) colleagues: Vec<(String, String)>,
}

/// What only those see who see all of a case.
pub(super) struct Whole {
    pub(super) facts: Vec<Fact>,
    pub(super) steps: Vec<Markup>,
    pub(super) signals: Vec<String>,
    pub(super) evidence: Evidence,
    pub(super) may_reveal: bool,
    pub(super) reveals: u32,
    pub(super) reveals_left: u32,
    pub(super) revealable: Vec<(&'static str, &'static str)>,
    pub(super) reveal_reasons: Vec<(&'static str, &'static str)>,
}

/// A line of the account's facts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) strong: bool,
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact {
        name: name.to_owned(),
        value: value.into(),
        strong: false,
    }
}

/// What stands beside the reference; `theirs` is the end of a colleague's claim.
pub(super) fn chips(case: &Case, theirs: Option<At>, due: Option<At>, now: At) -> Vec<Chip> {
    let status = match case.outcome {
        Some(outcome) => Chip::plain(format!("Closed, {}", plain(outcome.code()))),
        None => Chip::of("info", "", capital(&plain(case.status().code()))),
    };
    let mut chips = vec![status];
    if case.task.is_some() && due.is_some() {
        chips.push(words::due(due, now));
    }
    if let Some(until) = theirs {
        chips.push(Chip::of("", "lock", format!("Held until {}", words::clock(until))));
    }
    if case.disputed {
        chips.push(Chip::of("warn", "warn", "Disputed"));
    }
    chips
}

/// `Reset passkey · first of 2 approvals`.
pub(super) fn about(found: &Found) -> String {
    let case = &found.loaded.case;
    let mut parts = vec![found.definition.title("en").to_owned()];
    if found.is_high_value() {
        parts.push("high-value account".into());
    }
    if let Some(task) = case
        .task
        .as_ref()
        .filter(|task| task.kind == TaskKind::Review && task.approvals > 1)
    {
        let given = case.approvals.iter().filter(|a| a.round == task.round).count();
        parts.push(format!("approval {} of {}", given + 1, task.approvals));
    }
    parts.join(" · ")
}

/// The account as the directory described it; masked but for what is named in `revealed`.
pub(super) fn facts(sealed: &Sealed, lost: &[String], revealed: &[String]) -> Vec<Fact> {
    let Some(snapshot) = sealed.latest.as_ref().or(sealed.snapshot.as_ref()) else {
        return vec![fact("Account", "The directory gave no answer yet")];
    };
    let view = &snapshot.view;
    let open = |what: &str| revealed.iter().any(|r| r == what);
    let shown = |what: &str, value: &str, mask: fn(&str) -> String| Fact {
        strong: open(what),
        ..fact("", if open(what) { value.to_owned() } else { mask(value) })
    };
    let named = |name: &str, fact: Fact| Fact {
        name: name.to_owned(),
        ..fact
    };
    let mut facts = vec![
        named("E-mail", shown("email", &view.email, mask::email)),
        named("Name", shown("name", &view.name, mask::name)),
    ];
    facts.extend(attributes(view.attributes.iter().chain(&snapshot.derived)));
    if let Some(since) = view.since {
        facts.push(fact("Since", words::day(since)));
    }
    if !lost.is_empty() {
        facts.push(fact("Lost", lost.join(", ")));
    }
    let phones = sealed.channels.iter().filter_map(|channel| match channel {
        Channel::Phone { number } => Some(number),
        Channel::Email { .. } | Channel::Banner => None,
    });
    facts.extend(phones.map(|number| named("Phone", shown("phone", number, mask::phone))));
    if let Some(visit) = &view.last_sign_in {
        facts.push(fact(
            "Last in",
            format!("{}, {}, {}", words::day(visit.at), visit.city, visit.device),
        ));
    }
    facts
}

/// Words and numbers a line each, what is true together on one; what is false is not worth the room.
fn attributes<'a>(all: impl Iterator<Item = (&'a String, &'a FactValue)>) -> Vec<Fact> {
    let (mut lines, mut true_of_it) = (Vec::new(), Vec::new());
    for (name, value) in all {
        let label = match name.as_str() {
            "asset_tier" => "Tier".into(),
            "kyc" => "KYC".into(),
            other => capital(&plain(other)),
        };
        match value {
            FactValue::Bool(true) => true_of_it.push(plain(name)),
            FactValue::Bool(false) => {}
            FactValue::Int(n) => lines.push(fact(&label, n.to_string())),
            FactValue::Word(word) => lines.push(Fact {
                strong: word == "high",
                ..fact(&label, capital(&plain(word)))
            }),
        }
    }
    if !true_of_it.is_empty() {
        lines.push(fact("Also", true_of_it.join(", ")));
    }
    lines
}

/// What each step gathered, in the order of the workflow, as its kind shows it to reviewers.
pub(super) fn steps(app: &App, found: &Found, language: Language, now: At) -> Result<Vec<Markup>, PageError> {
    let case = &found.loaded.case;
    let mut parts = Vec::new();
    for step in &found.definition.steps {
        let reached = case.left.contains_key(&step.name) || case.step == step.name;
        let Some(kind) = face(&step.kind).filter(|_| reached) else {
            continue;
        };
        let view = ReviewerView {
            case,
            sealed: &found.loaded.sealed,
            definition: &found.definition,
            step,
            texts: &app.texts,
            language: language.code(),
            now,
            brand: &app.brand,
        };
        parts.extend(kind.reviewer(&view)?.map(|fragment| Markup::of_step(fragment.html)));
    }
    Ok(parts)
}

/// Risk observations, oldest first.
pub(super) fn signals(case: &Case, now: At) -> Vec<String> {
    let mut signals: Vec<(&String, &At)> = case.signals.iter().collect();
    signals.sort_by_key(|(_, at)| **at);
    let line = |(signal, at): (&String, &At)| format!("{}, {}", capital(&plain(signal)), words::moment(*at, now));
    signals.into_iter().map(line).collect()
}

/// Why the case stopped for an operator.
pub(super) fn stuck(found: &Found) -> String {
    let why = found
        .entries
        .iter()
        .rev()
        .flat_map(|entry| entry.events.iter().rev())
        .find_map(|event| match event {
            Event::Stuck { why } => Some(plain(why)),
            _ => None,
        });
    why.map_or_else(
        || "The case cannot go on by itself.".into(),
        |why| format!("Reason: {why}."),
    )
}

/// Who could work on the live task, beside its holder.
pub(super) fn colleagues(case: &Case, holder: PersonId, people: &[Person]) -> Vec<(String, String)> {
    let Some(task) = &case.task else {
        return Vec::new();
    };
    people
        .iter()
        .filter(|person| person.active && person.id != holder)
        .filter(|person| crate::sight::acting(&person.roles, task.kind, case.disputed).is_some())
        .filter(|person| !crate::sight::approved(case, person.id))
        .map(|person| (person.id.to_string(), person.display.clone()))
        .collect()
}

pub(super) fn waits(waits: WaitsFor) -> &'static str {
    match waits {
        WaitsFor::Claimant => "The claimant",
        WaitsFor::Person => "A colleague",
        WaitsFor::Timer => "The end of a wait",
        WaitsFor::Host => "The host",
        WaitsFor::Nobody => "Nobody",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use readmit_core::answers::AccountView;
    use readmit_core::ids::AccountId;
    use readmit_core::sealed::Snapshot;

    fn sealed() -> Sealed {
        let mut sealed = Sealed::default();
        sealed.channels.push(Channel::Phone {
            number: "+31612345647".into(),
        });
        sealed.snapshot = Some(Snapshot {
            at: At::default(),
            view: AccountView {
                id: AccountId("acc-1".into()),
                email: "ada.lovelace@post.example".into(),
                name: "Ada Lovelace".into(),
                language: "en".into(),
                attributes: [("asset_tier".to_owned(), FactValue::Word("high".into()))].into(),
                since: None,
                last_sign_in: None,
            },
            derived: [
                ("disputed".to_owned(), FactValue::Bool(false)),
                ("other_factor".to_owned(), FactValue::Bool(true)),
            ]
            .into(),
        });
        sealed
    }

    fn text(revealed: &[&str]) -> String {
        let revealed: Vec<String> = revealed.iter().map(|r| (*r).to_owned()).collect();
        format!("{:?}", facts(&sealed(), &["passkey".into()], &revealed))
    }

    #[test]
    fn in_03_the_account_is_masked_until_revealed_one_by_one() {
        let masked = text(&[]);
        for secret in ["ada.lovelace", "Lovelace", "12345", "acc-1"] {
            assert!(!masked.contains(secret), "{secret} in {masked}");
        }
        let revealed = text(&["email"]);
        assert!(revealed.contains("ada.lovelace@post.example") && !revealed.contains("Ada Lovelace"));
    }

    #[test]
    fn attributes_read_as_words_and_high_stands_out() {
        let facts = facts(&sealed(), &[], &[]);
        let tier = facts.iter().find(|fact| fact.name == "Tier").unwrap();
        assert!(tier.strong && tier.value == "High");
        assert!(
            facts
                .iter()
                .any(|fact| fact.name == "Also" && fact.value == "other factor")
        );
    }
}
