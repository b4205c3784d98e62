#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use readmit_core::ids::{AccountId, Tag};
use readmit_core::kind::Status;

use super::*;
use crate::support::{Bench, form};

fn bench() -> Bench {
    let mut bench = Bench::of(
        &Code,
        serde_json::json!({"channel": "email", "digits": 6, "tries": 5, "resends": 3, "ttl": "10m"}),
    );
    bench.sealed.address = Some("ada@example.com".into());
    bench.sealed.account = Some(AccountId("acc-1".into()));
    bench.enter();
    bench
}

fn now(bench: &Bench) -> State {
    State::read(&bench.case.state).unwrap()
}

/// The code that the executor would send.
fn right(bench: &Bench) -> String {
    let place = Place {
        purpose: "step",
        run: bench.case.run,
        issue: now(bench).issue,
        address: bench.sealed.address.as_deref().unwrap(),
    };
    codes::code(&bench.keys, place, 6)
}

/// Somebody in a network of their own.
fn from(network: u8, human: Human) -> Actor {
    Actor::Claimant {
        prefix: Tag([network; 32]),
        human,
    }
}

fn submit_code(code: &str) -> Input {
    form("submit", &[("code", code)])
}

fn wrong(bench: &Bench) -> Input {
    let code: u32 = right(bench).parse().unwrap();
    submit_code(&format!("{:06}", (code + 1) % 1_000_000))
}

#[test]
fn entering_sends_the_first_code() {
    let mut bench = bench();
    let turn = bench.enter();
    assert_eq!(turn.effects.first().unwrap().effect, Effect::SendCode { issue: 1 });
    assert_eq!(turn.guards.len(), 3);
    assert!(now(&bench).wants_sent(1, bench.now));
    assert!(!now(&bench).wants_sent(2, bench.now));
}

#[test]
fn the_right_code_passes_and_proves_possession() {
    let mut bench = bench();
    let code = right(&bench);
    assert!(bench.proves(&submit_code(&code)));
    assert!(!bench.proves(&wrong(&bench)), "a wrong code reads no account");
    assert_eq!(
        bench.outcome(submit_code(&format!(
            "{} {}",
            code.get(..3).unwrap(),
            code.get(3..).unwrap()
        ))),
        "passed"
    );
    let declared = bench.declare().unwrap();
    let passed = declared.outcomes.first().unwrap();
    assert!(passed.possession && passed.grant == Grant::Now("code.email".into()));
    assert!(!declared.reads_account);
}

#[test]
fn rl_01_for_an_unknown_account_nothing_fits_and_all_else_is_the_same() {
    let known = bench();
    let mut unknown = bench();
    unknown.sealed.account = None;
    let (fresh, again) = (unknown.enter(), bench().enter());
    assert_eq!(fresh, again);
    let code = right(&unknown);
    assert!(!unknown.proves(&submit_code(&code)));
    assert_eq!(unknown.turn(submit_code(&code)), known.turn(wrong(&known)));
}

#[test]
fn ot_01_a_code_lives_ten_minutes_and_not_a_second_longer() {
    let mut bench = bench();
    let code = right(&bench);
    let until = now(&bench).until;
    assert_eq!(until - bench.now, Span::minutes(10));
    bench.now = At(until.0 - 1);
    assert!(bench.proves(&submit_code(&code)));
    bench.now = until;
    assert!(!bench.proves(&submit_code(&code)));
    bench.go(submit_code(&code));
    assert_eq!(now(&bench).last, Last::Expired);
    assert_eq!(now(&bench).tries_left, 5, "an old code tells nothing and costs nothing");
}

#[test]
fn ot_03_a_new_code_replaces_the_old_one_and_gives_no_more_tries() {
    let mut bench = bench();
    for _ in 0..4 {
        let input = wrong(&bench);
        bench.go(input);
        bench.now = now(&bench).again.unwrap();
    }
    let old = right(&bench);
    let turn = bench.go(form("resend", &[]));
    assert_eq!(turn.effects.first().unwrap().effect, Effect::SendCode { issue: 2 });
    assert_eq!((now(&bench).tries_left, now(&bench).last), (1, Last::Resent));
    assert!(!bench.proves(&submit_code(&old)));
    assert_eq!(bench.outcome(submit_code(&old)), "exhausted");
}

#[test]
fn sends_end_with_the_file_s_and_with_the_hour_s() {
    let mut bench = bench();
    bench.go(form("resend", &[]));
    bench.go(form("resend", &[]));
    bench.go(form("resend", &[]));
    let hour = Refusal::TooMany {
        until: At(bench.now.0 - bench.now.0.rem_euclid(Span::hours(1).0)) + Span::hours(1),
    };
    assert_eq!(bench.turn(form("resend", &[])), Err(hour), "four an hour");
    bench.standing.spent.clear();
    let none_left = Refusal::Field {
        field: "code".into(),
        code: "no_resends",
    };
    assert_eq!(bench.turn(form("resend", &[])), Err(none_left));
}

#[test]
fn a_used_up_counter_is_said_and_later_goes_on() {
    let mut bench = bench();
    let hour = sends(&bench.cx(), &published(&bench.step).unwrap())
        .all()
        .into_iter()
        .next()
        .unwrap();
    bench.spend(&hour, hour.limit);
    let turn = bench.enter();
    assert!(turn.effects.is_empty() && turn.guards.is_empty());
    let state = now(&bench);
    assert_eq!(
        (state.issue, state.last, state.next),
        (0, Last::Unsent, Some(counters::until(&hour, bench.now)))
    );
    assert_eq!(
        bench.turn(submit_code("123456")),
        Err(Refusal::Field {
            field: "code".into(),
            code: "code_unsent"
        })
    );
    bench.now = state.next.unwrap();
    bench.standing.spent.clear();
    bench.go(form("resend", &[]));
    assert_eq!(
        (now(&bench).issue, now(&bench).resends_left),
        (1, 3),
        "the first code was none of the resends"
    );
    let code = right(&bench);
    assert_eq!(bench.outcome(submit_code(&code)), "passed");
}

/// Twenty a day for anybody, then one an hour after a human check: slowed, never locked (RL-04).
#[test]
fn rl_04_a_stranger_slows_an_address_and_locks_nobody_out() {
    let mut bench = bench();
    let buckets = sends(&bench.cx(), &published(&bench.step).unwrap()).all();
    let address = *buckets.get(2).unwrap();
    bench.spend(&address, address.limit);
    bench.by = from(9, Human::Unchecked);
    assert!(bench.enter().effects.is_empty(), "not without a human check");
    assert_eq!(now(&bench).last, Last::Unchecked);
    for verb in ["resend", INSIST] {
        assert_eq!(bench.turn(form(verb, &[])), Err(unchecked()));
    }
    bench.by = from(9, Human::Checked);
    let turn = bench.go(form(INSIST, &[]));
    assert_eq!(turn.effects.len(), 1, "another prefix still gets one");
    assert!(turn.guards.contains(&Guard::Spend(*buckets.get(3).unwrap())));
    assert_eq!(now(&bench).resends_left, 3, "what was held back was no sending");
    let turn = bench.enter();
    assert!(turn.effects.is_empty(), "and the next in an hour");
    assert_eq!(now(&bench).next.unwrap() - bench.now, Span::hours(1));
}

#[test]
fn rl_04_tries_of_another_prefix_are_not_the_owner_s() {
    let mut bench = bench();
    let bucket = counters::codes(&bench.cx());
    bench.spend(&bucket, bucket.limit);
    let code = right(&bench);
    let refused = bench.turn(submit_code(&code)).unwrap_err();
    assert!(
        matches!(refused, Refusal::TooMany { .. }),
        "not even the right one is looked at"
    );
    bench.by = from(9, Human::Unchecked);
    assert_eq!(bench.outcome(submit_code(&code)), "passed");
}

/// OT-04: each wrong code makes the next one wait, twice as long each time; one that comes too soon is not looked at, right
/// or wrong, and costs nothing; a right one ends it. Another case of the same address and network waits, too.
#[test]
fn ot_04_wrong_codes_wait_longer_and_longer() {
    let mut bench = bench();
    let mut waits = Vec::new();
    for _ in 0..3 {
        let input = wrong(&bench);
        bench.go(input);
        let again = now(&bench).again.unwrap();
        waits.push((again - bench.now).as_seconds());
        bench.now = At(again.0 - 1);
        for early in [submit_code(&right(&bench)), wrong(&bench)] {
            assert_eq!(bench.turn(early), Err(Refusal::TooMany { until: again }));
        }
        bench.now = again;
    }
    assert_eq!(waits, [30, 60, 120]);

    let mut other = self::bench();
    (other.now, other.standing) = (bench.now, bench.standing.clone());
    other.enter();
    let input = wrong(&other);
    other.go(input);
    assert_eq!((now(&other).again.unwrap() - other.now).as_seconds(), 240);

    let code = right(&bench);
    let turn = bench.turn(submit_code(&code)).unwrap();
    let ends = turn.guards.iter().any(|guard| {
        matches!(
            guard,
            Guard::Tried {
                seen: Some(3),
                wrong: 0,
                ..
            }
        )
    });
    assert!(ends, "{:?}", turn.guards);
}

/// RL-01: an unknown account waits as a known one does.
#[test]
fn rl_01_an_unknown_account_waits_as_well() {
    let (mut known, mut unknown) = (bench(), bench());
    unknown.sealed.account = None;
    for bench in [&mut known, &mut unknown] {
        let input = wrong(bench);
        bench.go(input);
    }
    assert_eq!(now(&known), now(&unknown));
    let early = |bench: &Bench| bench.turn(wrong(bench));
    assert!(matches!(early(&known), Err(Refusal::TooMany { .. })));
    assert_eq!(early(&known), early(&unknown));
}

#[test]
fn a_message_that_could_not_be_sent_is_said_and_may_be_asked_for_again() {
    let mut bench = bench();
    let job = |issue, result| Input::Job {
        effect: Effect::SendCode { issue },
        result,
    };
    bench.go(job(1, JobResult::Done(serde_json::Value::Null)));
    assert_eq!(now(&bench).last, Last::None);
    bench.go(job(1, JobResult::Dead("no route".into())));
    assert_eq!(now(&bench).last, Last::Unsent);
    bench.go(form("resend", &[]));
    assert_eq!(now(&bench).resends_left, 3);
    assert_eq!(bench.turn(job(1, JobResult::Dead("late".into()))), Err(Refusal::Stale));
}

#[test]
fn what_is_no_code_costs_no_try() {
    let bench = bench();
    for (typed, code) in [("", "code_needed"), ("12345", "code_shape"), ("abcdef", "code_shape")] {
        assert_eq!(
            bench.turn(submit_code(typed)),
            Err(Refusal::Field {
                field: "code".into(),
                code
            })
        );
    }
    assert_eq!(bench.turn(form("guess", &[])), Err(Refusal::NotAllowed));
}

#[test]
fn files_that_go_under_the_floor_are_refused() {
    let good = serde_json::json!({"channel": "email", "digits": 6, "tries": 5, "resends": 3, "ttl": "10m"});
    for (key, value) in [
        ("digits", serde_json::json!(4)),
        ("tries", serde_json::json!(0)),
        ("tries", serde_json::json!(1000)),
        ("ttl", serde_json::json!("1h")),
        ("channel", serde_json::json!("pigeon")),
    ] {
        let mut config = good.clone();
        config.as_object_mut().unwrap().insert(key.into(), value);
        assert!(Bench::of(&Code, config).declare().is_err(), "{key}");
    }
}

proptest! {
    #![proptest_config(crate::support::cases(64))]
    /// Whatever is pressed in whatever order: no more than five codes are ever compared in a run, and no more than
    /// four are sent.
    #[test]
    fn attempts_never_exceed_the_limit(acts in prop::collection::vec(0u8..4, 0..40)) {
        let mut bench = bench();
        let (mut compared, mut sent) = (0, 1);
        for act in acts {
            let input = match act {
                0 => form("resend", &[]),
                1 => { bench.now = bench.now + Span::minutes(4); continue }
                2 => submit_code("12"),
                _ => wrong(&bench),
            };
            let Ok(turn) = bench.turn(input.clone()) else { continue };
            bench.go(input);
            compared += usize::from(now(&bench).last == Last::Wrong && turn.effects.is_empty() && act == 3);
            sent += turn.effects.len();
            if turn.status != Status::Waiting { break }
        }
        prop_assert!(compared <= 5, "{compared} compared");
        prop_assert!(sent <= 4, "{sent} sent");
    }
}

fn phone(number: String) -> readmit_core::guard::FactorSummary {
    readmit_core::guard::FactorSummary {
        id: uuid::Uuid::from_u128(1),
        kind: "phone".into(),
        name: number,
        last_used: None,
        mark: 0,
    }
}

/// How many messages go out to these numbers, asked for by these accounts from these networks, each by its count.
fn sent_to(count: u32, number: fn(u32) -> String, account: fn(u32) -> u32, network: fn(u32) -> u8) -> (usize, Bench) {
    let mut bench = Bench::of(
        &Code,
        serde_json::json!({"channel": "sms", "digits": 6, "tries": 5, "resends": 3, "ttl": "10m"}),
    );
    let mut sent = 0;
    for n in 0..count {
        bench.prove("ada@example.com", &format!("acc-{}", account(n)));
        bench.by = from(network(n), Human::Unchecked);
        bench.sealed.steps.clear();
        bench.standing.account_mut().factors = vec![phone(number(n))];
        sent += bench.enter().effects.len();
    }
    (sent, bench)
}

/// OT-07: one account, one network and one country have budgets of their own, so that none uses up everybody's day.
#[test]
fn ot_07_an_account_a_network_and_a_country_have_budgets() {
    // Each number in a range of its own.
    let anywhere = |n: u32| format!("+4474{:04}1234", n);
    let (sent, _) = sent_to(100, anywhere, |_| 1, |n| (n % 50) as u8);
    assert_eq!(sent, 20, "one account");
    let (sent, _) = sent_to(200, anywhere, |n| n, |_| 7);
    assert_eq!(sent, 60, "one network");
    let (sent, mut bench) = sent_to(3_000, anywhere, |n| n, |n| (n % 200) as u8);
    assert_eq!(sent, 2_000, "one country");
    bench.prove("ada@example.com", "acc-of-another-country");
    bench.sealed.steps.clear();
    bench.standing.account_mut().factors = vec![phone("+31612345678".into())];
    bench.by = from(250, Human::Unchecked);
    assert_eq!(bench.enter().effects.len(), 1, "another country has its own");
}

/// OT-07: ten thousand neighbouring numbers get no more messages than their range's budget, and no number more than its own.
#[test]
fn ot_07_neighbouring_numbers_share_a_budget() {
    let (sent, mut bench) = sent_to(10_000, |n| format!("+44740012{n:04}"), |n| n, |n| (n % 200) as u8);
    assert_eq!(sent, 40);
    bench.standing.account_mut().factors.clear();
    bench.sealed.steps.clear();
    assert_eq!(
        bench.enter().status,
        readmit_core::kind::Status::Done { outcome: "none".into() }
    );
}

/// WH-06: a text message that did not arrive is said, and a new one is no further sending; a mail never is.
#[test]
fn wh_06_an_undelivered_message_is_said() {
    let mut bench = Bench::of(
        &Code,
        serde_json::json!({"channel": "sms", "digits": 6, "tries": 5, "resends": 3, "ttl": "10m"}),
    );
    bench.prove("ada@example.com", "acc-1");
    bench.standing.account_mut().factors = vec![phone("+447400120001".into())];
    bench.enter();
    let lost = |issue| Input::Job {
        effect: Effect::Undelivered { issue },
        result: JobResult::Dead("undelivered".into()),
    };
    assert_eq!(bench.turn(lost(2)), Err(Refusal::Stale));
    let resends = now(&bench).resends_left;
    bench.go(lost(1));
    assert_eq!(now(&bench).last, Last::Undelivered);
    let page = bench.page(&crate::texts::texts().unwrap(), "en", None, &Fields::default());
    assert!(page.error && page.html.contains("did not arrive") && page.html.contains("name=\"code\""));
    bench.go(form("resend", &[]));
    assert_eq!((now(&bench).last, now(&bench).resends_left), (Last::Resent, resends));

    let mailed = super::tests::bench();
    assert_eq!(
        mailed.turn(lost(1)),
        Err(Refusal::Stale),
        "RL-01: no gateway speaks of mails"
    );
}
