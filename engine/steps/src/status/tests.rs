#![allow(clippy::unwrap_used)]

use readmit_core::case::{Decided, Phase, WaitsFor};
use readmit_core::command::By;
use readmit_core::event::Event;
use readmit_core::ids::{CaseRef, Digest, PersonId, RequestKey};
use readmit_core::kind::{Facts, Fields, Grant};
use readmit_core::review::Verdict;
use readmit_core::time::Span;
use readmit_core::workflow::definition::Step;
use serde_json::Value;

use super::*;
use crate::support::{Bench, NOON, brand};
use crate::texts::texts;

fn entered(step: &str) -> Event {
    Event::Entered {
        step: step.into(),
        run: 1,
        phase: Phase::Open,
        waits: WaitsFor::Claimant,
        deadline: None,
        state: Value::Null,
    }
}

fn left(outcome: &str) -> Event {
    Event::Left {
        outcome: outcome.into(),
        state: Value::Null,
        facts: Facts::new(),
        grant: Grant::Nothing,
    }
}

fn decided(verdict: Verdict) -> Event {
    Event::Decided {
        person: PersonId(uuid::Uuid::from_u128(3)),
        round: 1,
        decided: Decided {
            at: NOON,
            verdict,
            reason: "looks_pasted".into(),
            slots: Vec::new(),
            words: "decision-1".into(),
            ticks: Vec::new(),
        },
        message: Digest([1; 32]),
    }
}

/// A case that was asked again, approved, waited and is done.
fn story() -> Vec<Entry> {
    let commits = vec![
        vec![Event::Opened {
            workflow: Digest([1; 32]),
            policy: Digest([2; 32]),
            class: readmit_core::case::Class::Recovery,
            language: "en".into(),
            facts: Facts::new(),
        }],
        vec![Event::Proven {
            reference: CaseRef::from_bits(42),
            facts: Facts::new(),
            snapshot: Digest([3; 32]),
            disputed: false,
        }],
        vec![entered("documents")],
        vec![left("submitted"), entered("review")],
        vec![decided(Verdict::Ask), left("ask_documents"), entered("documents")],
        vec![left("submitted"), entered("review")],
        vec![decided(Verdict::Approve)],
        vec![left("approved"), entered("wait")],
        vec![left("elapsed"), entered("remedy")],
        vec![
            Event::RemedyDone,
            left("done"),
            Event::Closed {
                outcome: Outcome::Approved,
                linked: None,
                next: None,
            },
        ],
    ];
    commits
        .into_iter()
        .zip(0i64..)
        .map(|(events, hour)| Entry {
            at: NOON + Span::hours(hour),
            key: RequestKey(uuid::Uuid::nil()),
            by: By::Engine,
            events,
        })
        .collect()
}

fn bench() -> Bench {
    let mut bench = Bench::of(&crate::remedy::Remedy, serde_json::json!({}));
    let kinds = ["documents", "review", "wait", "remedy"];
    bench.definition.steps = kinds
        .iter()
        .map(|kind| Step {
            name: (*kind).into(),
            kind: (*kind).into(),
            ..bench.step.clone()
        })
        .collect();
    bench
}

fn told(bench: &Bench, entries: &[Entry]) -> Vec<(&'static str, String)> {
    let (texts, brand) = (texts().unwrap(), brand());
    let kept = Fields::default();
    let view = bench.view(&texts, "en", None, &kept, &brand);
    timeline(&view, entries)
        .into_iter()
        .map(|moment| (moment.look, moment.text))
        .collect()
}

#[test]
fn the_story_is_told_oldest_first_without_reviewers_and_reasons() {
    let mut bench = bench();
    bench.case.outcome = Some(Outcome::Approved);
    let told = told(&bench, &story());
    let texts: Vec<&str> = told.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Request started",
            "E-mail address confirmed",
            "Pictures sent",
            "We asked for another picture",
            "Pictures sent",
            "Approved",
            "Waiting time over",
            "Reset done, withdrawals locked for a while"
        ]
    );
    assert!(told.iter().all(|(look, _)| *look == "done"));
}

#[test]
fn an_open_case_ends_its_story_with_what_comes() {
    let mut bench = bench();
    bench.case.phase = Phase::InReview;
    let told = told(&bench, story().get(..4).unwrap());
    let last: Vec<(&str, &str)> = told
        .iter()
        .rev()
        .take(2)
        .map(|(look, text)| (*look, text.as_str()))
        .collect();
    assert_eq!(last.last(), Some(&("now", "Being checked by a person")));
}

#[test]
fn a_wait_of_no_length_is_not_told() {
    let mut entries = story();
    entries.truncate(8);
    let at = entries.last().unwrap().at;
    entries.last_mut().unwrap().events.push(left("elapsed"));
    assert_eq!(entries.last().unwrap().at, at);
    assert!(
        !told(&bench(), &entries)
            .iter()
            .any(|(_, text)| text == "Waiting time over")
    );
}

#[test]
fn a_stopped_case_says_so() {
    let mut bench = bench();
    bench.case.outcome = Some(Outcome::Vetoed);
    let entry = Entry {
        events: vec![Event::Closed {
            outcome: Outcome::Vetoed,
            linked: None,
            next: None,
        }],
        ..story().remove(0)
    };
    assert_eq!(told(&bench, &[entry]), [("fail", "Stopped".to_owned())]);
}

/// RF-09: the last page of a change tells every proof of it, that of the new factor too.
#[test]
fn rf_09_an_added_factor_is_told_with_its_proofs() {
    let mut bench = bench();
    let step = |name: &str, kind: &str, config: Value| Step {
        name: name.into(),
        kind: kind.into(),
        config,
        ..bench.step.clone()
    };
    bench.definition.steps = vec![
        step("email", "code", serde_json::json!({"channel": "email"})),
        step("verify", "factor", Value::Null),
        step("sms", "code", serde_json::json!({"channel": "new_phone"})),
        step("app", "enrol_totp", Value::Null),
        step("create", "enrol_passkey", Value::Null),
        step("codes", "enrol_codes", Value::Null),
    ];
    bench.case.outcome = Some(Outcome::Approved);
    let passed = [
        ("email", "passed"),
        ("verify", "passed"),
        ("sms", "passed"),
        ("app", "enrolled"),
        ("create", "enrolled"),
        ("codes", "enrolled"),
        ("codes", "later"),
    ];
    let entry = Entry {
        events: passed
            .into_iter()
            .flat_map(|(step, outcome)| [entered(step), left(outcome)])
            .collect(),
        ..story().remove(0)
    };
    let told: Vec<String> = told(&bench, &[entry]).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        told,
        [
            "Confirmed by a factor you already had",
            "Mobile number confirmed by a code",
            "Authenticator app confirmed by a code",
            "Passkey made",
            "Recovery codes saved",
        ]
    );
}

/// RF-16: whoever removed a factor reads that every device is signed out, and no word of a reset; whoever added one does not.
#[test]
fn rf_16_the_end_of_a_removal_says_who_is_signed_out() {
    let mut bench = bench();
    bench.prove("ada@example.com", "acc-1");
    (bench.case.class, bench.case.outcome) = (Class::Settings, Some(Outcome::Approved));
    bench.definition.remedy.reset.clear();
    bench.definition.remedy.remove = Some("totp".into());
    let done = Entry {
        events: vec![Event::RemedyDone],
        ..story().remove(0)
    };
    let page = |bench: &Bench| {
        let (texts, brand) = (texts().unwrap(), brand());
        let kept = Fields::default();
        let view = bench.view(&texts, "en", None, &kept, &brand);
        page(&view, std::slice::from_ref(&done)).unwrap().html
    };
    let removed = page(&bench);
    for words in [
        "Every device was signed out, this one too.",
        "Change made, withdrawals locked for a while",
    ] {
        assert!(removed.contains(words), "{words} in {removed}");
    }
    assert!(!removed.contains("Reset done"), "{removed}");
    bench.definition.remedy = readmit_core::workflow::definition::RemedySpec {
        add: Some("totp".into()),
        ..Default::default()
    };
    let added = page(&bench);
    assert!(!added.contains("signed out"), "{added}");
}

/// Invariant 11: the button to withdraw is there as long as it can do something: while the host is waited for, too, and not once
/// the remedy has begun.
#[test]
fn a_request_offers_its_withdrawal_until_the_remedy_has_begun() {
    let mut bench = bench();
    bench.prove("ada@example.com", "acc-1");
    bench.case.phase = Phase::CarryingOut;
    assert!(shown(&bench).contains("/case/withdraw"), "{}", shown(&bench));
    bench.case.remedy = Remedy::Begun;
    assert!(!shown(&bench).contains("/case/withdraw"), "{}", shown(&bench));
}

/// The last page of a passkey reset leads to a forgotten password, whether or not this one was.
#[test]
fn a_passkey_reset_ends_with_the_way_to_a_new_password() {
    let mut bench = bench();
    bench.prove("ada@example.com", "acc-1");
    bench.case.outcome = Some(Outcome::Approved);
    let done = shown(&bench);
    assert!(done.contains("A forgotten password can be changed now"), "{done}");
    bench.definition.remedy.reset = vec!["totp".into()];
    assert!(!shown(&bench).contains("/password-reset"));
}

/// RF-16: while it is checked and when it is done, each reset says what comes after it: a new way to sign in, or, where the
/// password goes, a new one at the host.
#[test]
fn rf_16_each_reset_says_what_comes_after_it() {
    let texts = texts().unwrap();
    let factor = ("add a new way to sign in", "add a new passkey or another way");
    let password = (
        "Northwind asks you for a new password",
        "Northwind asks you for a new password on its own page",
    );
    for (reset, (checked, done)) in [
        (vec!["passkey"], factor),
        (vec!["totp"], factor),
        (vec!["phone"], factor),
        (vec!["password"], password),
        (vec!["passkey", "totp", "phone", "recovery_codes"], factor),
    ] {
        let mut bench = bench();
        bench.prove("ada@example.com", "acc-1");
        bench.definition.remedy.reset = reset.iter().map(|kind| (*kind).to_owned()).collect();
        bench.case.phase = Phase::InReview;
        let (kept, brand) = (Fields::default(), brand());
        let story = timeline::timeline(&bench.view(&texts, "en", None, &kept, &brand), &story());
        let story: Vec<&str> = story.iter().map(|moment| moment.text.as_str()).collect();
        assert!(story.last().unwrap().contains(checked), "{reset:?}: {story:?}");
        bench.case.outcome = Some(Outcome::Approved);
        let page = shown(&bench);
        assert!(page.contains(done), "{reset:?}: {page}");
        let other = if done == password.1 { factor } else { password };
        assert!(!page.contains(other.1), "{reset:?}: {page}");
    }
}

fn shown(bench: &Bench) -> String {
    let (texts, brand) = (texts().unwrap(), brand());
    let kept = Fields::default();
    page(&bench.view(&texts, "en", None, &kept, &brand), &[]).unwrap().html
}

/// The page promises what the queue does, and no constant of its own.
#[test]
fn an_answer_is_expected_by_the_clock_of_the_queue() {
    let mut bench = Bench::of(&crate::review::Review, serde_json::json!({"queue": "recovery"}));
    bench.prove("ada@example.com", "acc-1");
    bench.case.now = bench.now;
    assert!(
        shown(&bench).contains("by 12 March 2026, 16:00 UTC"),
        "{}",
        shown(&bench)
    );
    bench.step.config = serde_json::json!({"queue": "operations"});
    assert!(
        shown(&bench).contains("by 12 March 2026, 20:00 UTC"),
        "{}",
        shown(&bench)
    );
    bench.now = bench.now + Span::hours(9);
    assert!(shown(&bench).contains("It takes longer than usual"));
}

/// RF-17, RF-18: a rejection says why as far as it may be told, and what can be done about it; what was no reviewer's
/// decision does not read like one.
#[test]
fn rf_17_a_rejection_names_its_reason_and_the_ways_on() {
    let mut bench = bench();
    bench.prove("ada@example.com", "acc-1");
    bench.case.outcome = Some(Outcome::Rejected);
    let unfinished = shown(&bench);
    assert!(unfinished.contains("That is no fault of yours"), "{unfinished}");
    let Event::Decided { decided, .. } = decided(Verdict::Reject) else {
        return;
    };
    bench.case.decided = Some(Decided {
        reason: "evidence_too_little".into(),
        ..decided
    });
    let rejected = shown(&bench);
    for part in [
        "What we have is not enough",
        "/help#appeal",
        "/help#fraud",
        "Start again",
    ] {
        assert!(rejected.contains(part), "{part} in {rejected}");
    }
}
