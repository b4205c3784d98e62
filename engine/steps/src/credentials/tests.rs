#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::answers::SignIn;
use readmit_core::ids::AccountId;
use readmit_core::kind::Status;
use readmit_core::time::Span;

use super::*;
use crate::support::{Bench, form};

fn sign_in_step() -> Bench {
    Bench::of(&Credentials, serde_json::json!({"ask": ["email", "password"]}))
}

fn password_step() -> Bench {
    let mut bench = Bench::of(&Credentials, serde_json::json!({"ask": ["password"], "tries": 3}));
    bench.prove("ada@example.com", "acc-1");
    bench.enter();
    bench
}

fn field(name: &str, code: &'static str) -> Refusal {
    Refusal::Field {
        field: name.into(),
        code,
    }
}

#[test]
fn rl_01_every_verdict_gives_the_same_turn_but_for_what_is_sealed() {
    let mut seen = Vec::new();
    for verdict in [Verdict::Right, Verdict::Wrong, Verdict::Locked, Verdict::Unknown] {
        let mut bench = sign_in_step();
        bench.enter();
        bench.answers.sign_in = Some(SignIn {
            account: (verdict != Verdict::Unknown).then(|| AccountId("acc-1".into())),
            verdict,
        });
        let turn = bench
            .turn(form("continue", &[("email", "ada@example.com"), ("password", "pw")]))
            .unwrap();
        assert_eq!(turn.facts, [("password".to_owned(), word(verdict_word(verdict)))]);
        seen.push((turn.state, turn.status, turn.effects, turn.guards));
    }
    assert!(seen.iter().all(|turn| *turn == seen[0]));
    assert!(
        sign_in_step().declare().unwrap().facts[0].held,
        "the verdict waits for the code"
    );
}

#[test]
fn a_forgotten_password_asks_the_host_the_same_call_without_one() {
    let mut bench = sign_in_step();
    bench.enter();
    let forgotten = form("forgotten", &[("email", " Ada@example.com ")]);
    assert_eq!(
        bench.lookups(&forgotten),
        [Lookup::SignIn {
            email: "Ada@example.com".into(),
            password: None
        }]
    );
    bench.answers.sign_in = Some(SignIn {
        account: Some(AccountId("acc-1".into())),
        verdict: Verdict::NotAsked,
    });
    let turn = bench.turn(forgotten).unwrap();
    assert_eq!(turn.facts, [("password".to_owned(), word("forgotten"))]);
    assert_eq!(
        turn.learned.claimant,
        Some(("Ada@example.com".into(), Some(AccountId("acc-1".into()))))
    );
    assert_eq!(
        turn.status,
        Status::Done {
            outcome: "forgotten".into()
        }
    );
}

#[test]
fn what_is_missing_is_refused_before_anybody_is_asked() {
    let mut bench = sign_in_step();
    bench.enter();
    for (verb, fields, refusal) in [
        ("continue", &[("password", "pw")][..], field("email", "email_needed")),
        (
            "continue",
            &[("email", "ada"), ("password", "pw")],
            field("email", "email_shape"),
        ),
        (
            "continue",
            &[("email", "ada@example.com")],
            field("password", "password_needed"),
        ),
        (
            "peek",
            &[("email", "ada@example.com"), ("password", "pw")],
            Refusal::NotAllowed,
        ),
    ] {
        assert!(bench.lookups(&form(verb, fields)).is_empty());
        assert_eq!(bench.turn(form(verb, fields)), Err(refusal));
    }
    let long = "x".repeat(LONGEST_PASSWORD + 1);
    let fields = [("email", "ada@example.com"), ("password", long.as_str())];
    assert_eq!(
        bench.turn(form("continue", &fields)),
        Err(field("password", "password_long"))
    );
    let fields = [("email", "ada@example.com"), ("password", "pw")];
    assert_eq!(
        bench.turn(form("continue", &fields)),
        Err(Refusal::HostUnknown),
        "the host did not answer"
    );
}

#[test]
fn a_told_password_ends_right_locked_forgotten_or_exhausted() {
    let typed = || form("continue", &[("password", "pw")]);
    for (verdict, outcome) in [(Verdict::Right, "right"), (Verdict::Locked, "locked")] {
        let mut bench = password_step();
        bench.answers.password = Some(verdict);
        assert_eq!(bench.outcome(typed()), outcome);
    }
    assert_eq!(password_step().outcome(form("forgotten", &[])), "forgotten");
    let mut bench = password_step();
    bench.answers.password = Some(Verdict::Wrong);
    bench.go(typed());
    bench.sit_out();
    bench.go(typed());
    bench.sit_out();
    assert_eq!(state::<Told>(&bench.case.state).unwrap().tries_left, 1);
    assert_eq!(bench.outcome(typed()), "exhausted");
    bench.answers.password = Some(Verdict::Unknown);
    assert_eq!(password_step().turn(typed()), Err(Refusal::HostUnknown));
}

#[test]
fn rl_02_the_account_s_password_tries_are_counted_over_cases() {
    let mut bench = password_step();
    bench.answers.password = Some(Verdict::Right);
    let bucket = counters::passwords(&bench.cx());
    let turn = bench.turn(form("continue", &[("password", "pw")])).unwrap();
    assert!(turn.guards.contains(&Guard::Spend(bucket)));
    bench.spend(&bucket, bucket.limit);
    let refused = bench.turn(form("continue", &[("password", "pw")])).unwrap_err();
    assert_eq!(
        refused,
        Refusal::TooMany {
            until: counters::until(&bucket, bench.now)
        }
    );
    assert_eq!(
        bench.outcome(form("forgotten", &[])),
        "forgotten",
        "there is always a way on"
    );
}

/// OT-04: after a wrong password the host is not even asked before the wait is over.
#[test]
fn ot_04_wrong_passwords_wait() {
    let mut bench = password_step();
    bench.answers.password = Some(Verdict::Wrong);
    let typed = || form("continue", &[("password", "pw")]);
    assert_eq!(bench.lookups(&typed()).len(), 1);
    bench.go(typed());
    let until = bench.now + Span::seconds(30);
    assert!(bench.lookups(&typed()).is_empty());
    assert_eq!(bench.turn(typed()), Err(Refusal::TooMany { until }));
    bench.now = until;
    assert_eq!(bench.lookups(&typed()).len(), 1);
    bench.answers.password = Some(Verdict::Right);
    assert_eq!(bench.outcome(typed()), "right");
}

#[test]
fn files_that_make_no_sense_are_refused() {
    for config in [
        serde_json::json!({"ask": ["email"], "tries": 3}),
        serde_json::json!({"ask": ["email", "password"], "tries": 3}),
        serde_json::json!({"ask": ["password"]}),
        serde_json::json!({"ask": ["password"], "tries": 50}),
        serde_json::json!({"ask": ["shoe size"]}),
    ] {
        assert!(Bench::of(&Credentials, config.clone()).declare().is_err(), "{config}");
    }
    let told = Bench::of(&Credentials, serde_json::json!({"ask": ["password"], "tries": 3}))
        .declare()
        .unwrap();
    assert!(told.reads_account && !told.facts[0].held);
}

/// RF-04: where the password is what was lost, nobody asks for it, and the host gets the same call.
#[test]
fn an_address_alone_asks_for_no_password() {
    let mut bench = Bench::of(&Credentials, serde_json::json!({"ask": ["email"]}));
    bench.enter();
    let typed = form("continue", &[("email", "ada@example.com")]);
    assert_eq!(
        bench.lookups(&typed),
        [Lookup::SignIn {
            email: "ada@example.com".into(),
            password: None
        }]
    );
    bench.answers.sign_in = Some(SignIn {
        account: None,
        verdict: Verdict::NotAsked,
    });
    let turn = bench.turn(typed).unwrap();
    assert!(turn.facts.is_empty());
    assert_eq!(turn.learned.claimant, Some(("ada@example.com".into(), None)));
    assert_eq!(
        bench.turn(form("forgotten", &[("email", "ada@example.com")])),
        Err(Refusal::NotAllowed)
    );
    assert!(bench.declare().unwrap().facts.is_empty());
}
