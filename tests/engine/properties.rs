//! Random command sequences against the real engine: what must hold whatever anybody does (design, section 12).

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use readmit_core::case::{CaseStatus, Outcome, Remedy};
use readmit_core::event::Event;
use readmit_core::evolve::replay;
use readmit_core::kind::FactValue;
use readmit_core::workflow::policy::Profile;

use super::counting::{by_the_right_people, guesses, waited, within_limits};
use super::memory::Kept;
use super::player::Player;
use super::scenario::{Account, Line};
use super::transcripts::definition;
use crate::support::long;

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(words).prop_map(str::to_owned)
}

/// Anything anybody may try, weighted towards what gets somewhere.
fn line() -> impl Strategy<Value = Line> {
    let staff = || word(&["mina", "pia", "sena", "sol", "olu", "sup"]);
    let slots = || {
        proptest::sample::subsequence(vec!["account_email", "counterparty_transaction"], 0..=2)
            .prop_map(|slots| slots.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    prop_oneof![
        1 => Just(Line::Start),
        1 => Just(Line::Agree),
        1 => word(&["right", "wrong", "forgotten", "unknown"]).prop_map(Line::SignIn),
        3 => word(&["right", "right", "wrong", "old", "resend"]).prop_map(Line::Code),
        2 => word(&["right", "wrong", "forgotten"]).prop_map(Line::Password),
        4 => word(&["begin", "right", "wrong", "give_up"]).prop_map(Line::Questions),
        3 => slots().prop_map(Line::Attach),
        3 => Just(Line::Submit),
        4 => Just(Line::Jobs),
        3 => word(&["1m", "11m", "23h", "24h", "72h", "14d"]).prop_map(|w| Line::Wait(w.parse().unwrap())),
        5 => staff().prop_map(Line::Claim),
        1 => staff().prop_map(Line::Release),
        5 => staff().prop_map(Line::Approve),
        1 => staff().prop_map(|who| Line::Reject(who, "not_owner".into())),
        2 => (staff(), slots()).prop_map(|(who, slots)| Line::Ask(who, slots)),
        1 => staff().prop_map(Line::Uphold),
        1 => Just(Line::Veto),
        1 => Just(Line::Withdraw),
        1 => (word(&["kyc", "asset_tier"]), word(&["none", "primary", "standard", "high"])).prop_map(|(n, v)| Line::Host(n, v)),
        1 => word(&["done", "refused", "dead"]).prop_map(Line::Remedy),
        1 => staff().prop_map(Line::TryAgain),
        1 => staff().prop_map(Line::GiveUp),
    ]
}

/// A run that means to get there, with anything anybody may try thrown in between.
fn script() -> impl Strategy<Value = Vec<Line>> {
    let door = word(&["right", "right", "forgotten", "wrong"]);
    let noise = proptest::collection::vec((0..20usize, line()), 0..14);
    (door, any::<bool>(), noise).prop_map(|(door, answers, noise)| {
        let lane = if answers { "questions begin/questions right/" } else { "" };
        let plan = format!(
            "start/agree/sign_in {door}/jobs/code right/{lane}attach account_email counterparty_transaction/submit/jobs/\
             claim sena/approve sena/claim sol/approve sol/jobs/wait 72h/jobs"
        );
        let mut lines: Vec<Line> = plan.split('/').map(|words| words.parse().unwrap()).collect();
        for (place, line) in noise {
            lines.insert(place.min(lines.len()), line);
        }
        lines
    })
}

/// Waits as one would who was told how long, or not.
fn patience() -> impl Strategy<Value = Option<Line>> {
    let waits = word(&["30s", "1m", "2m", "4m"]).prop_map(|wait| Line::Wait(wait.parse().unwrap()));
    proptest::option::weighted(0.9, waits)
}

/// Guesses, with waits between them.
fn patiently(guess: impl Strategy<Value = Line>, most: usize) -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec((guess, patience(), patience()), 0..most).prop_map(|guesses| {
        let lines = guesses.into_iter();
        lines
            .flat_map(|(guess, one, other)| std::iter::once(guess).chain(one).chain(other))
            .collect()
    })
}

/// Somebody who mostly guesses: at the code, at the password, at the questions, more often than is allowed.
fn guesser() -> impl Strategy<Value = Vec<Line>> {
    let codes = word(&["wrong", "wrong", "wrong", "old", "resend"]).prop_map(Line::Code);
    let between = prop_oneof![
        Just(Line::Jobs),
        Just(Line::Wait(readmit_core::time::Span::minutes(11)))
    ];
    let codes = patiently(prop_oneof![6 => codes, 1 => between], 10);
    let passwords = patiently(word(&["wrong", "wrong", "wrong", "right"]).prop_map(Line::Password), 6);
    let answers = proptest::collection::vec(
        word(&["begin", "wrong", "wrong", "wrong"]).prop_map(Line::Questions),
        0..8,
    );
    let door = word(&["right", "wrong"]);
    (door, codes, any::<bool>(), passwords, answers).prop_map(|(door, codes, passes, passwords, answers)| {
        let open = format!("start/agree/sign_in {door}/jobs");
        let mut lines: Vec<Line> = open.split('/').map(|words| words.parse().unwrap()).collect();
        lines.extend(codes);
        if passes {
            lines.extend(["code resend", "jobs", "code right"].map(|words| words.parse::<Line>().unwrap()));
        }
        lines.extend(passwords);
        lines.push("questions begin".parse().unwrap());
        lines.extend(answers);
        lines
    })
}

fn account() -> impl Strategy<Value = (Profile, Account)> {
    let factors = proptest::sample::subsequence(vec!["passkey", "totp", "phone"], 0..=3);
    let tier = word(&["low", "standard", "high"]);
    (
        any::<bool>(),
        tier,
        factors,
        any::<bool>(),
        proptest::option::of(0..60i64),
    )
        .prop_map(|(strict, tier, factors, transactions, vetoed_days_ago)| {
            let attributes = [
                ("asset_tier".to_owned(), FactValue::Word(tier)),
                ("has_transactions".to_owned(), FactValue::Bool(transactions)),
            ];
            let account = Account {
                attributes: attributes.into(),
                factors: factors.into_iter().map(str::to_owned).collect(),
                vetoed_days_ago,
                locked: false,
                bare: false,
            };
            (if strict { Profile::Strict } else { Profile::Published }, account)
        })
}

/// What must hold after every single command.
fn check(player: &Player) {
    let world = player.engine.store.world();
    let Some(kept) = world.cases.get(&player.case) else {
        return;
    };
    let (case, entries) = (&kept.case, &kept.entries);
    let events: Vec<&Event> = entries.iter().flat_map(|entry| &entry.events).collect();

    assert_eq!(replay(player.case, entries), *case, "replay equals the stored case");
    assert_eq!(case.version as usize, entries.len(), "one event row a commit");
    assert!(entries.is_sorted_by_key(|entry| entry.at), "time never runs backwards");

    let closed = events.iter().position(|e| matches!(e, Event::Closed { .. }));
    if let Some(place) = closed {
        let after: Vec<_> = events[place + 1..]
            .iter()
            .filter(|e| !matches!(e, Event::Sealed { .. }))
            .collect();
        assert!(after.is_empty(), "closed cases emit nothing: {after:?}");
        let left: Vec<_> = world
            .jobs
            .values()
            .filter(|j| !matches!(j.effect, readmit_core::effect::Effect::Notice { .. }))
            .collect();
        assert!(left.is_empty(), "a closed case keeps no timers: {left:?}");
    }

    // Four eyes, never one person: approvals of a round are by different people.
    for (place, one) in case.approvals.iter().enumerate() {
        for other in &case.approvals[..place] {
            assert!(
                one.round != other.round || one.person != other.person,
                "one person approved twice"
            );
        }
    }
    if case.outcome == Some(Outcome::Approved) {
        assert_eq!(case.remedy, Remedy::Done, "only a remedy carried out approves");
        approved(kept, &events, player.is_strict());
    }
    if case.remedy != Remedy::NotBegun {
        let begun = events.iter().filter(|e| matches!(e, Event::RemedyBegun)).count();
        assert_eq!(begun, 1, "one point of no return");
    }
    // QS-03: attempts never exceed the limit.
    within_limits(&player.definition, entries).unwrap();
    waited(entries).unwrap();
    by_the_right_people(entries).unwrap();
    assert!(case.status() != CaseStatus::Unproven || (case.task.is_none() && case.proven.is_none()));
}

/// No approval without its proofs, people and waits, by the account as it was at the first proof.
fn approved(kept: &Kept, events: &[&Event], strict: bool) {
    let case = &kept.case;
    let snapshot = kept.sealed.snapshot.as_ref().unwrap();
    let is = |name: &str, value: FactValue| snapshot.attribute(name) == Some(&value);
    let yes = FactValue::Bool(true);
    let high = is("asset_tier", FactValue::Word("high".into()));

    assert!(case.proofs.contains("code.email"));
    let documents = case.proofs.contains("documents");
    assert!(documents || case.proofs.contains("questions"));
    assert!(
        documents || !(high || is("disputed", yes.clone()) || strict),
        "documents were needed"
    );

    let people = case.approvals.iter().filter(|a| a.round == case.round).count();
    let wanted = if high || (strict && !is("other_factor", yes.clone())) {
        2
    } else {
        usize::from(documents)
    };
    assert!(people >= wanted, "{people} approved, {wanted} were needed");

    let wait = match (strict, high, is("independent_channel", yes)) {
        (true, _, false) => 72,
        (true, _, true) | (false, true, _) => 24,
        (false, false, _) => 0,
    };
    let entered = |step: &str| {
        kept.entries.iter().rev().find(|entry| {
            entry
                .events
                .iter()
                .any(|e| matches!(e, Event::Entered { step: s, .. } if s == step))
        })
    };
    let begun = kept
        .entries
        .iter()
        .find(|entry| entry.events.iter().any(|e| matches!(e, Event::RemedyBegun)))
        .unwrap();
    let waited = begun.at - entered("cool_down").unwrap().at;
    assert!(
        waited >= readmit_core::time::Span::hours(wait),
        "waited {waited}, {wait} h were needed"
    );
    assert!(!events.iter().any(|e| matches!(
        e,
        Event::Closed {
            outcome: Outcome::Vetoed,
            ..
        }
    )));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: long::cases(400), failure_persistence: None, ..ProptestConfig::default() })]

    /// RF-06, RF-12, IN-01: no sequence of commands skips, repeats or reorders its way to a reset.
    #[test]
    fn no_sequence_of_commands_breaks_the_engine((profile, account) in account(), script in script(), contrary in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut player = Player::new(definition("passkey-reset"), profile, &account);
            player.engine.store.world().contrary = contrary;
            for line in &script {
                player.play(line).await;
                check(&player);
            }
        });
    }

    /// QS-03, OT-03: whoever means to guess has no more tries than the workflow gives, whatever lies between them.
    #[test]
    fn no_guesser_has_more_tries_than_there_are((profile, account) in account(), script in guesser(), contrary in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut player = Player::new(definition("passkey-reset"), profile, &account);
            player.engine.store.world().contrary = contrary;
            for line in &script {
                player.play(line).await;
            }
            check(&player);
        });
    }
}

/// Neither proves anything unless guessers come to the last try of each step that can be guessed.
#[tokio::test]
async fn random_guessers_do_use_up_every_step() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut used_up = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let (account, script) = (
            account().new_tree(&mut runner).unwrap().current(),
            guesser().new_tree(&mut runner).unwrap().current(),
        );
        let mut player = Player::new(definition("passkey-reset"), account.0, &account.1);
        for line in &script {
            player.play(line).await;
        }
        let world = player.engine.store.world();
        let counted = world.cases.get(&player.case).map(|kept| guesses(&kept.entries));
        let ended = counted.into_iter().flatten().filter(|(_, guesses)| guesses.exhausted);
        used_up.extend(ended.map(|((step, _), _)| step));
    }
    assert_eq!(
        used_up.into_iter().collect::<Vec<_>>(),
        ["email_code", "password", "questions"]
    );
}

/// The property test proves nothing unless its runs reach the end: a directed sample shows that they can.
#[tokio::test]
async fn random_scripts_do_reach_approval() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = 0;
    for _ in 0..150 {
        let (account, script) = (
            account().new_tree(&mut runner).unwrap().current(),
            script().new_tree(&mut runner).unwrap().current(),
        );
        let mut player = Player::new(definition("passkey-reset"), account.0, &account.1);
        for line in &script {
            player.play(line).await;
        }
        reached += usize::from(
            player
                .loaded()
                .await
                .is_some_and(|l| l.case.outcome == Some(Outcome::Approved)),
        );
    }
    assert!(reached >= 15, "only {reached} of 150 random runs reached approval");
}
