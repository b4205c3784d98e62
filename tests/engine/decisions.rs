//! What the record of a case says of each decision that a person took (IN-10), read from its events alone.

use std::collections::BTreeSet;

use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::ids::{Digest, PersonId};
use readmit_core::review::Verdict;

use super::transcripts::{definition, play, workflows};

/// One decision as an auditor reads it.
#[derive(Debug)]
struct Record {
    /// The way that led to a person: each step with the outcome it was left by, and what was known of the password.
    why: Vec<String>,
    who: PersonId,
    /// Identifiers of the pictures that lay there.
    evidence: BTreeSet<String>,
    /// What binds the decision to them.
    message: Digest,
    checks: Vec<String>,
    verdict: Verdict,
    reason: String,
}

fn records(entries: &[Entry]) -> Vec<Record> {
    let (mut why, mut evidence, mut at, mut found) = (Vec::new(), BTreeSet::new(), "", Vec::new());
    for event in entries.iter().flat_map(|entry| &entry.events) {
        match event {
            Event::Entered { step, .. } => at = step,
            Event::Left { outcome, state, .. } => {
                why.push(format!("{at}: {outcome}"));
                let items = state["items"].as_array().into_iter().flatten();
                let items = items.filter(|item| item["gone"].is_null());
                if at == "documents" {
                    evidence = items.map(|item| item["id"].to_string()).collect();
                }
            }
            Event::Proven { facts, .. } => why.extend(facts.iter().map(|(name, value)| format!("{name} = {value}"))),
            Event::Decided {
                person,
                decided,
                message,
                ..
            } => found.push(Record {
                why: why.clone(),
                who: *person,
                evidence: evidence.clone(),
                message: *message,
                checks: decided.ticks.clone(),
                verdict: decided.verdict,
                reason: decided.reason.clone(),
            }),
            _ => {}
        }
    }
    found
}

/// IN-10: why a person had to decide, who did, on which pictures, what was checked, and how it came out; a picture more is
/// another message.
#[tokio::test]
async fn in_10_each_decision_says_why_who_on_what_and_how() {
    let file = workflows().join("passkey-reset/scenarios/asked-again.yaml");
    let player = play(definition("passkey-reset"), &file, false).await;
    let world = player.engine.store.world();
    let records = records(&world.cases[&player.case].entries);
    let [asked, approved] = &records[..] else {
        panic!("{records:#?}")
    };
    for part in [
        "sign_in.password = \"forgotten\"",
        "known: else",
        "manual: else",
        "documents: submitted",
    ] {
        assert!(asked.why.contains(&part.to_owned()), "{part}: {:?}", asked.why);
    }
    assert!(
        approved.why.contains(&"review: ask_documents".to_owned()),
        "{:?}",
        approved.why
    );
    assert_eq!((asked.verdict, asked.reason.as_str()), (Verdict::Ask, "cut_off"));
    assert_eq!(
        (approved.verdict, approved.reason.as_str()),
        (Verdict::Approve, "approved")
    );
    assert_ne!(asked.who, approved.who);
    assert_eq!((asked.evidence.len(), approved.evidence.len()), (2, 3));
    assert!(approved.evidence.is_superset(&asked.evidence));
    assert_ne!(asked.message, approved.message, "what lay there is another thing");
    assert_eq!(asked.checks, ["account_email.ours"]);
    assert_eq!(approved.checks.len(), 9, "{:?}", approved.checks);
}
