#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::case::Decided;
use readmit_core::kind::{FactValue, Status};
use readmit_core::sealed::Words;

use readmit_core::ids::Digest;
use readmit_core::inspection::{Area, Copies, Finding, Inspected, Report, Tell, Verdict as Found};

use super::*;
use crate::support::{Bench, files};

fn bench(has_transactions: bool) -> Bench {
    let slots = serde_json::json!({"slots": [
        {"slot": "account_email", "rules": "account-email", "min": 1, "max": 2},
        {"slot": "counterparty_transaction", "rules": "counterparty-transaction", "min": 1, "max": 5,
         "if": "account.has_transactions"},
    ]});
    let mut bench = Bench::of(&Documents, slots);
    bench.prove("ada@example.com", "acc-1");
    bench.attribute("has_transactions", FactValue::Bool(has_transactions));
    bench.enter();
    bench
}

fn file(slot: &str, n: u8) -> StoredFile {
    StoredFile {
        slot: slot.into(),
        blob: BlobId(uuid::Uuid::from_u128(u128::from(n))),
        bytes: 640_000,
        media: Media::Png,
        sha256: Digest([n; 32]),
        name: format!("ada-lovelace-{n}.png"),
    }
}

fn post(verb: &str, sent: &[StoredFile]) -> Input {
    files(verb, &[], sent.to_vec())
}

fn there(bench: &Bench) -> Vec<Piece> {
    kept(&bench.sealed, &bench.step)
}

fn field(name: &str, code: &'static str) -> Refusal {
    refused(name, code)
}

fn finding(rule: &str, verdict: Found, tell: Tell) -> Finding {
    Finding {
        rule: rule.into(),
        verdict,
        message: [("en".to_owned(), format!("Mend {rule}."))].into(),
        value: Some("secret value".into()),
        area: Some(Area(10, 20, 30, 40)),
        tell,
    }
}

fn inspected(findings: Vec<Finding>, opened: bool) -> Inspected {
    let verdict = findings
        .iter()
        .map(|finding| finding.verdict)
        .max()
        .unwrap_or(Found::Pass);
    Inspected {
        report: Report {
            verdict,
            read: std::collections::BTreeMap::new(),
            findings,
            width: if opened { 390 } else { 0 },
            height: if opened { 800 } else { 0 },
            likeness: None,
            turned: Vec::new(),
            pack: "account-email 1.1".into(),
            judged_by: std::collections::BTreeMap::new(),
            was_read: true,
            telling: Vec::new(),
            if_known: None,
        },
        shown: opened.then_some(Copies {
            copy: BlobId(uuid::Uuid::from_u128(100)),
            media: Media::Png,
            thumbnail: BlobId(uuid::Uuid::from_u128(101)),
        }),
        known: Vec::new(),
        scanned: None,
    }
}

fn answer(piece: &Piece, result: JobResult) -> Input {
    Input::Job {
        effect: Effect::Inspect { evidence: piece.id },
        result,
    }
}

fn page(bench: &Bench) -> String {
    bench
        .page(&crate::texts::texts().unwrap(), "en", None, &Fields::default())
        .html
}

/// Every picture that waits is read, with these findings. The last turn.
fn read_all(bench: &mut Bench, findings: &[Finding]) -> Turn {
    let waiting = there(bench)
        .into_iter()
        .filter(|piece| piece.reading == Reading::Waiting);
    let done = JobResult::Done(serde_json::to_value(inspected(findings.to_vec(), true)).unwrap());
    waiting
        .map(|piece| bench.go(answer(&piece, done.clone())))
        .last()
        .unwrap()
}

fn is_submitted(turn: &Turn) -> bool {
    turn.status
        == Status::Done {
            outcome: "submitted".into(),
        }
}

/// The review asks for slots again, and the case comes back.
fn ask_again(bench: &mut Bench, slots: &[&str]) {
    bench.case.left.insert("step".into(), bench.case.state.clone());
    bench.case.run += 2;
    bench.sealed.words.insert(
        "decision-9".into(),
        Words {
            to_claimant: "The amount is cut off.".into(),
            note: "looks pasted".into(),
        },
    );
    bench.case.decided = Some(Decided {
        at: bench.now,
        verdict: Verdict::Ask,
        reason: "cut_off".into(),
        slots: slots.iter().map(|slot| (*slot).to_owned()).collect(),
        words: "decision-9".into(),
        ticks: Vec::new(),
    });
    bench.enter();
}

#[test]
fn a_slot_is_offered_only_if_its_condition_holds() {
    let with = bench(true);
    assert_eq!(
        offered(&with.case, &with.step),
        ["account_email", "counterparty_transaction"]
    );
    let without = bench(false);
    assert_eq!(offered(&without.case, &without.step), ["account_email"]);
    assert_eq!(slots(&without.step).len(), 2);
    let mut unmapped = bench(true);
    unmapped.sealed.snapshot.as_mut().unwrap().view.attributes.clear();
    assert_eq!(unmapped.enter().status, Status::Stuck { why: UNMAPPED.into() });
}

#[test]
fn pictures_are_added_looked_at_and_sent() {
    let mut bench = bench(true);
    bench.go(post("attach", &[file("account_email", 1)]));
    read_all(&mut bench, &[]);
    assert!(page(&bench).contains("Complete") && page(&bench).contains("Nothing is missing on this picture."));
    assert_eq!(
        bench.turn(post("submit", &[])),
        Err(field("counterparty_transaction", "slot_needs"))
    );
    let turn = bench.go(post("submit", &[file("counterparty_transaction", 2)]));
    assert_eq!(turn.status, Status::Waiting, "they are read first");
    assert_eq!(turn.effects.len(), 1, "each picture is inspected once");
    assert_eq!(bench.turn(post("submit", &[])), Err(Refusal::Stale), "pressed twice");
    assert!(page(&bench).contains("you may close this page"));
    assert!(
        is_submitted(&read_all(&mut bench, &[])),
        "then they go on by themselves"
    );
    assert_eq!(there(&bench).len(), 2);
    let grant = &bench.declare().unwrap().outcomes[0].grant;
    assert_eq!(
        *grant,
        Grant::Pending("documents".into()),
        "it counts when a review approves it"
    );
}

#[test]
fn events_hold_no_names_and_no_hashes() {
    let mut bench = bench(false);
    bench.go(post("attach", &[file("account_email", 1)]));
    let state = bench.case.state.to_string();
    assert!(!state.contains("lovelace") && !state.contains(&Digest([1; 32]).to_string()));
    assert!(state.contains("640000"));
}

#[test]
fn a_replaced_and_a_removed_picture_stay_in_the_record() {
    let mut bench = bench(false);
    bench.go(post("attach", &[file("account_email", 1)]));
    let first = there(&bench)[0].id;
    bench.go(post("attach", &[file(&format!("account_email.{first}"), 2)]));
    let pieces = there(&bench);
    assert_eq!((pieces[0].counts(), pieces[1].counts()), (false, true));
    bench.go(post(&format!("remove:{}", pieces[1].id), &[]));
    assert_eq!(there(&bench).len(), 2);
    assert_eq!(
        bench.turn(post("submit", &[])),
        Err(field("account_email", "slot_needs"))
    );
    assert_eq!(
        bench.turn(post(&format!("remove:{first}"), &[])),
        Err(Refusal::Stale),
        "removed once only"
    );
}

#[test]
fn limits_are_kept_and_what_was_there_stays() {
    let mut bench = bench(true);
    let three = [1, 2, 3].map(|n| file("account_email", n));
    assert_eq!(
        bench.turn(post("attach", &three)),
        Err(field("account_email", "slot_full"))
    );
    bench.go(post("attach", &three[..2]));
    let same = file("counterparty_transaction", 2);
    assert_eq!(
        bench.turn(post("attach", &[same])),
        Err(field("counterparty_transaction", "slot_same"))
    );
    assert_eq!(
        bench.turn(post("attach", &[])),
        Err(field("account_email", "slot_choose"))
    );
    assert_eq!(
        bench.turn(post("attach", &[file("selfie", 9)])),
        Err(field("selfie", "slot_closed"))
    );
    assert_eq!(bench.turn(post("shred", &[])), Err(Refusal::NotAllowed));
    assert_eq!(there(&bench).len(), 2);
    for n in 10..68u8 {
        let current = there(&bench).into_iter().rev().find(Piece::counts).unwrap().id;
        bench.go(post("attach", &[file(&format!("account_email.{current}"), n)]));
    }
    let current = there(&bench).into_iter().rev().find(Piece::counts).unwrap().id;
    let one_more = post("attach", &[file(&format!("account_email.{current}"), 99)]);
    assert_eq!(
        bench.turn(one_more),
        Err(field("account_email", "slot_too_many")),
        "replacing has an end"
    );
}

#[test]
fn asked_again_only_the_named_slots_are_open_and_want_something_new() {
    let mut bench = bench(true);
    bench.go(post(
        "submit",
        &[file("account_email", 1), file("counterparty_transaction", 2)],
    ));
    read_all(&mut bench, &[]);
    ask_again(&mut bench, &["counterparty_transaction"]);
    assert_eq!(there(&bench).len(), 2, "what was there before is kept");
    assert_eq!(
        bench.turn(post("attach", &[file("account_email", 3)])),
        Err(field("account_email", "slot_closed"))
    );
    let kept_one = there(&bench)[0].id;
    assert_eq!(
        bench.turn(post(&format!("remove:{kept_one}"), &[])),
        Err(Refusal::Stale)
    );
    assert_eq!(
        bench.turn(post("submit", &[])),
        Err(field("counterparty_transaction", "slot_new"))
    );
    assert!(
        page(&bench).contains("value=\"submit:as_they_are\""),
        "there is a way without one"
    );
    let old = there(&bench)[1].id;
    let better = file(&format!("counterparty_transaction.{old}"), 4);
    bench.go(post("submit", &[better]));
    assert!(is_submitted(&read_all(&mut bench, &[])));
    assert_eq!(pieces(&bench.sealed, &bench.definition).len(), 3);
}

/// Who was asked for another picture and has none is not stuck: the reviewer reads that there is no other.
#[test]
fn who_has_no_other_picture_says_so_and_goes_on_to_a_person() {
    let mut bench = bench(true);
    bench.go(post(
        "submit",
        &[file("account_email", 1), file("counterparty_transaction", 2)],
    ));
    let fails = finding("not_in_ledger", Found::Fail, Tell::Sentence);
    read_all(&mut bench, &[fails]);
    ask_again(&mut bench, &["account_email"]);
    let page = page(&bench);
    assert!(
        page.contains("I have no other picture") && !page.contains("Send them as they are"),
        "{page}"
    );
    assert_eq!(
        page.matches("Mend not_in_ledger.").count(),
        1,
        "a part that is closed is found no fault with: {page}"
    );
    assert_eq!(bench.turn(post("submit", &[])), Err(field("account_email", "slot_new")));
    let sent = bench.go(post("submit:as_they_are", &[]));
    assert!(is_submitted(&sent), "{sent:?}");
    assert_eq!(bench.case.state["no_other"], serde_json::json!(["account_email"]));
}

#[test]
fn asked_for_nothing_that_is_offered_all_slots_are_open() {
    let mut bench = bench(false);
    bench.go(post("submit", &[file("account_email", 1)]));
    read_all(&mut bench, &[]);
    ask_again(&mut bench, &["counterparty_transaction"]);
    bench.go(post("attach", &[file("account_email", 2)]));
}

#[test]
fn files_that_could_hand_in_nothing_are_refused() {
    let slot = |min: usize, max: usize| serde_json::json!({"slot": "a", "rules": "r", "min": min, "max": max});
    let conditional = serde_json::json!({"slot": "a", "rules": "r", "min": 1, "max": 1, "if": "account.x"});
    for slots in [
        serde_json::json!([]),
        serde_json::json!([slot(0, 3)]),
        serde_json::json!([slot(2, 1)]),
        serde_json::json!([slot(1, 1000)]),
        serde_json::json!([slot(1, 1), slot(1, 1)]),
        serde_json::json!([conditional]),
        serde_json::json!([{"slot": "A.b", "rules": "r", "min": 1, "max": 1}]),
    ] {
        let config = serde_json::json!({"slots": slots});
        assert!(Bench::of(&Documents, config.clone()).declare().is_err(), "{config}");
    }
}

/// What fails comes back to its claimant, who can mend it or send it as it is once it was looked at.
#[test]
fn what_is_missing_is_told_before_it_is_sent() {
    let mut bench = bench(false);
    bench.go(post("submit", &[file("account_email", 1)]));
    let turn = read_all(&mut bench, &[finding("body_missing", Found::Fail, Tell::All)]);
    assert_eq!(turn.status, Status::Waiting);
    assert_eq!(
        bench.turn(post("submit", &[])),
        Err(field("account_email", "slot_look")),
        "not seen yet"
    );
    let page = page(&bench);
    assert!(
        page.contains("Mend body_missing.") && page.contains("<rect class=\"halo\" x=\"10\""),
        "{page}"
    );
    let id = there(&bench)[0].id.to_string();
    assert!(page.contains(&format!("name=\"read\" value=\"{id}\"")));
    let sent = bench.go(files("submit", &[("read", &id)], Vec::new()));
    assert!(is_submitted(&sent), "a person looks at it");
}

/// RF-18: what compares with the account is told without its place and value; what a forger could learn from, not at all.
#[test]
fn rf_18_claimants_are_told_no_more_than_helps_them() {
    let mut bench = bench(false);
    bench.go(post("attach", &[file("account_email", 1)]));
    read_all(
        &mut bench,
        &[
            finding("not_in_ledger", Found::Fail, Tell::Sentence),
            finding("edited", Found::Warn, Tell::Nothing),
        ],
    );
    let page = page(&bench);
    assert!(page.contains("Mend not_in_ledger.") && !page.contains("halo"), "{page}");
    assert!(
        !page.contains("Mend edited.") && !page.contains("secret value"),
        "{page}"
    );
}

/// A picture that cannot be opened, or that ends its inspection, does not count; a person has nothing to look at.
#[test]
fn ev_01_a_picture_that_cannot_be_opened_does_not_count() {
    for result in [
        JobResult::Done(
            serde_json::to_value(inspected(vec![finding("cut_off", Found::Fail, Tell::All)], false)).unwrap(),
        ),
        JobResult::Dead("no answer".into()),
    ] {
        let mut bench = bench(false);
        bench.go(post("submit", &[file("account_email", 1)]));
        let piece = there(&bench)[0].clone();
        assert_eq!(bench.go(answer(&piece, result)).status, Status::Waiting);
        assert_eq!(
            bench.turn(post("submit", &[])),
            Err(field("account_email", "slot_unopened"))
        );
        page(&bench);
        bench.go(post("submit", &[file(&format!("account_email.{}", piece.id), 2)]));
        assert!(is_submitted(&read_all(&mut bench, &[])));
    }
}

#[test]
fn an_inspection_is_heard_once_and_a_step_begun_anew_asks_again() {
    let mut bench = bench(false);
    bench.go(post("attach", &[file("account_email", 1)]));
    let entered = bench.enter();
    assert_eq!(entered.effects.len(), 1, "the job of the run before is gone");
    read_all(&mut bench, &[]);
    let piece = there(&bench)[0].clone();
    let again = answer(&piece, JobResult::Dead("late".into()));
    assert_eq!(bench.turn(again), Err(Refusal::Stale));
    assert!(bench.enter().effects.is_empty());
}

/// EV-09: the same picture in a case of another account is a signal; what it was stays out of the events.
#[test]
fn ev_09_a_picture_known_elsewhere_is_a_signal() {
    let mut bench = bench(false);
    bench.go(post("attach", &[file("account_email", 1)]));
    let mut known = inspected(vec![finding("duplicate_exact", Found::Fail, Tell::Nothing)], true);
    known.known.push(readmit_core::inspection::Known {
        case: readmit_core::ids::CaseId(uuid::Uuid::from_u128(77)),
        same_account: false,
        bits: None,
        turned: false,
    });
    let piece = there(&bench)[0].clone();
    let turn = bench.go(answer(&piece, JobResult::Done(serde_json::to_value(known).unwrap())));
    assert_eq!(turn.signals, ["evidence_known"]);
    let state = bench.case.state.to_string();
    assert!(
        !state.contains("secret value") && state.contains("\"failed\":1"),
        "{state}"
    );
}
