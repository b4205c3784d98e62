//! What the record of a case says of each decision that a person took (IN-10), read from its events alone.

use std::collections::BTreeSet;

use std::sync::Arc;

use readmit_core::case::{CaseStatus, Task};
use readmit_core::command::Act;
use readmit_core::dispatch::DispatchError;
use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::ids::{Digest, PersonId};
use readmit_core::kind::FactValue;
use readmit_core::refusal::Refusal;
use readmit_core::review::{Choice, Message, Verdict};
use readmit_core::workflow::policy::Profile;
use readmit_steps::documents::{checks, pieces};

use super::player::{Player, person};
use super::scenario::Account;
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

/// A reset that binds a new number, which the claimant names before each review.
fn number_move() -> String {
    let body = std::fs::read_to_string(workflows().join("mobile-reset/workflow.yaml")).unwrap();
    let changes = [
        ("workflow: mobile-reset", "workflow: number-move"),
        ("{reset: [phone], lock", "{reset: [phone], add: phone, lock"),
        (
            "    then: {submitted: review}\n",
            "    then: {submitted: number}\n  number: {kind: enrol_phone, visits: 4, then: {given: sms, held: end.rejected}}\n  \
             sms: {kind: code, channel: new_phone, visits: 4, digits: 6, tries: 5, resends: 2, ttl: 10m, then: {passed: review, \
             exhausted: end.expired, other: number}}\n",
        ),
    ];
    changes.into_iter().fold(body, |body, (from, to)| {
        assert!(body.contains(from), "{from}");
        body.replacen(from, to, 1)
    })
}

async fn message(player: &Player) -> (Message, Task, Vec<String>) {
    let loaded = player.loaded().await.unwrap();
    let message = Message::of(&loaded.case, &loaded.sealed, &player.definition, &loaded.keys);
    let checks = checks::names(&pieces(&loaded.sealed, &player.definition));
    (message, loaded.case.task.unwrap(), checks)
}

/// RF-15: an approval is of one target. With another number it counts no more, though the pictures are the same; nor is one
/// taken that names what was looked at before.
#[tokio::test]
async fn rf_15_another_target_voids_the_approvals_before_it() {
    let account = Account {
        factors: vec!["phone".into(), "totp".into()],
        attributes: [("asset_tier".to_owned(), FactValue::Word("high".into()))].into(),
        ..Account::default()
    };
    let definition = Arc::new(readmit_core::workflow::load(&number_move()).unwrap());
    let mut player = Player::new(definition, Profile::Published, &account);
    let plays = async |player: &mut Player, script: &str| {
        for words in script.split('/') {
            player.play(&words.parse().unwrap()).await;
        }
    };
    plays(
        &mut player,
        "start/agree/sign_in forgotten/jobs/code right/attach account_email counterparty_transaction/submit/\
         number +447400123456/jobs/code right/jobs/claim mina",
    )
    .await;
    let (before, ..) = message(&player).await;
    plays(&mut player, "approve mina/jobs/claim pia/ask pia account_email/jobs").await;
    let unchanged = player.submit("submit:as_they_are", &[], Vec::new()).await;
    assert!(unchanged.is_ok(), "{unchanged:?}");
    plays(&mut player, "number +447400123457/jobs/code right/jobs/claim pia").await;

    let (now, task, ticks) = message(&player).await;
    let target = |message: &Message| (message.evidence, message.target);
    assert_ne!(target(&now), target(&before), "another number is another message");
    let same_round = Message {
        round: now.round,
        ..before.clone()
    };
    for message in [before.digest(), same_round.digest()] {
        let act = Act::Review {
            task: task.id,
            token: task.claim.unwrap().token,
            message,
            choice: Choice::Approve { note: String::new() },
            ticks: ticks.clone(),
        };
        let refused = player.send(person("pia"), act).await;
        assert!(matches!(refused, Err(DispatchError::Refused(Refusal::MessageChanged))));
    }
    plays(&mut player, "approve pia/jobs").await;
    let case = player.loaded().await.unwrap().case;
    assert_eq!(
        case.status(),
        CaseStatus::InReview,
        "the approval of the other number does not count"
    );
    plays(&mut player, "claim mina/approve mina/jobs").await;
    assert_eq!(player.loaded().await.unwrap().case.status(), CaseStatus::CoolingDown);
}
