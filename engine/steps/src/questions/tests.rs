#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use readmit_core::answers::{Decoys, LedgerRow, QuestionFacts, Visit};
use readmit_core::guard::Standing;
use readmit_core::ids::Tag;
use readmit_core::kind::Status;
use readmit_core::time::Span;

use super::build::{Choice, ODDS, build, ways};
use super::*;
use crate::support::{Bench, NOON, form};

/// A small source of numbers for made-up accounts (Steele, Lea and Flood: SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 1).unwrap() % below
    }

    /// So many different numbers below a number.
    fn some(&mut self, below: usize, n: usize) -> BTreeSet<usize> {
        let mut chosen = BTreeSet::new();
        while chosen.len() < n {
            chosen.insert(self.next(below));
        }
        chosen
    }

    fn some_of(&mut self, list: &[String], n: usize) -> Vec<String> {
        self.some(list.len(), n)
            .into_iter()
            .map(|place| list[place].clone())
            .collect()
    }
}

fn names(kind: &str, n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{kind} {i}")).collect()
}

fn visit(city: &str, device: &str, days_ago: i64) -> Visit {
    Visit {
        at: NOON - Span::days(days_ago),
        city: city.into(),
        country: format!("land of {city}"),
        device: device.into(),
    }
}

fn row(kind: &str, asset: &str, days_ago: i64) -> LedgerRow {
    LedgerRow {
        id: "row".into(),
        kind: kind.into(),
        asset: asset.into(),
        network: "net".into(),
        amount: "12.5".into(),
        fee: "0".into(),
        at: NOON - Span::days(days_ago),
        address: "address-on-chain".into(),
        txid: "txid-on-chain".into(),
        counterparty: "A/B".into(),
    }
}

/// An account with one to four assets, one to three cities and one or two devices of its own.
fn account(numbers: &mut Numbers) -> QuestionFacts {
    let (assets, cities, devices) = (names("asset", 11), names("city", 10), names("device", 8));
    let (a, c, d) = (1 + numbers.next(4), 1 + numbers.next(3), 1 + numbers.next(2));
    let (mine, places, used) = (
        numbers.some_of(&assets, a),
        numbers.some_of(&cities, c),
        numbers.some_of(&devices, d),
    );
    let not = |all: Vec<String>, own: &[String]| all.into_iter().filter(|one| !own.contains(one)).collect();
    QuestionFacts {
        registered: Some(NOON - Span::days(400 + i64::try_from(numbers.next(365)).unwrap())),
        visits: places
            .iter()
            .zip(used.iter().cycle())
            .map(|(c, d)| visit(c, d, 40))
            .collect(),
        ledger: mine.iter().map(|asset| row("trade", asset, 60)).collect(),
        decoys: Decoys {
            cities: not(cities, &places),
            countries: Vec::new(),
            devices: not(devices, &used),
            assets: not(assets, &mine),
        },
    }
}

/// Made-up accounts, and a new key for each use of one.
fn accounts() -> Vec<QuestionFacts> {
    let mut numbers = Numbers(2026);
    (0..400).map(|_| account(&mut numbers)).collect()
}

fn key(n: u64) -> Tag {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&n.to_be_bytes());
    Tag(key)
}

pub(crate) fn bench() -> Bench {
    let mut bench = Bench::of(&Questions, serde_json::json!({"ask": 4, "tries": 3}));
    bench.prove("ada@example.com", "acc-1");
    bench.answers.question_facts = Some(account(&mut Numbers(1)));
    bench.enter();
    bench
}

fn kept(bench: &Bench) -> Kept {
    state(&bench.sealed.steps["step"]).unwrap()
}

fn now(bench: &Bench) -> State {
    state(&bench.case.state).unwrap()
}

/// A form with these answers, given by the places of options.
fn answers(chosen: &[BTreeSet<usize>]) -> Input {
    let fields: Vec<(String, String)> = chosen
        .iter()
        .enumerate()
        .flat_map(|(n, places)| {
            places
                .iter()
                .map(move |place| (format!("q{}", n + 1), place.to_string()))
        })
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    form("answer", &fields)
}

fn right(bench: &Bench) -> Vec<BTreeSet<usize>> {
    kept(bench)
        .questions
        .iter()
        .map(|question| question.right.clone())
        .collect()
}

/// All right but the n-th.
fn wrong(bench: &Bench, n: usize) -> Input {
    let questions = kept(bench).questions;
    let mut chosen = right(bench);
    let false_one = (0..questions[n].options.len())
        .find(|place| !questions[n].right.contains(place))
        .unwrap();
    chosen[n] = BTreeSet::from([false_one]);
    answers(&chosen)
}

#[test]
fn all_right_passes_counts_and_forgets_the_set() {
    let mut bench = bench();
    bench.go(form("begin", &[]));
    assert_eq!(now(&bench).tries_left, Some(3));
    assert!(bench.standing.account().questions.is_some(), "kept until it is solved");
    let input = answers(&right(&bench));
    assert_eq!(bench.outcome(input), "passed");
    assert_eq!(bench.standing.account().questions, None);
    let declared = bench.declare().unwrap();
    assert_eq!(declared.outcomes[0].grant, Grant::Now("questions".into()));
    assert!(declared.reads_account && !declared.outcomes[0].possession);
}

#[test]
fn rf_18_whichever_answer_was_wrong_the_turn_is_the_same() {
    let mut bench = bench();
    bench.go(form("begin", &[]));
    let turns: Vec<Turn> = (0..4).map(|n| bench.turn(wrong(&bench, n)).unwrap()).collect();
    assert!(turns.iter().all(|turn| *turn == turns[0]));
    let state = turns[0].state.to_string();
    let kept = kept(&bench);
    for option in kept.questions.iter().flat_map(|question| &question.options) {
        if let Choice::Name(name) = option {
            assert!(!state.contains(name), "the event holds counts only");
        }
    }
}

#[test]
fn after_a_wrong_try_one_goes_on_or_gives_up() {
    let mut bench = bench();
    bench.go(form("begin", &[]));
    let input = wrong(&bench, 0);
    bench.go(input);
    assert_eq!((now(&bench).at, now(&bench).tries_left), (Place::NotRight, Some(2)));
    assert_eq!(kept(&bench).best, 3);
    assert_eq!(bench.turn(form("begin", &[])), Err(Refusal::NotAllowed));
    assert!(
        bench.turn(answers(&right(&bench))).is_ok(),
        "the browser's way back works as well"
    );
    bench.go(form("again", &[]));
    assert_eq!(now(&bench).at, Place::Asking);
    assert_eq!(bench.outcome(form("give_up", &[])), "gave_up");
}

#[test]
fn qs_03_tries_are_the_account_s_over_cases() {
    let mut first = bench();
    first.go(form("begin", &[]));
    for _ in 0..2 {
        let input = wrong(&first, 1);
        first.go(input);
        first.go(form("again", &[]));
    }
    let mut second = bench();
    second.standing = first.standing.clone();
    second.case.id = readmit_core::ids::CaseId(uuid::Uuid::from_u128(8));
    second.go(form("begin", &[]));
    assert_eq!(now(&second).tries_left, Some(1));
    let input = wrong(&second, 2);
    assert_eq!(second.outcome(input), "exhausted");
    let mut third = bench();
    third.standing = second.standing.clone();
    assert_eq!(
        third.outcome(form("begin", &[])),
        "exhausted",
        "another case refills nothing"
    );
    let bucket = bucket(&third.cx(), &Config { ask: 4, tries: 3 });
    assert_eq!((bucket.limit, bucket.window), (3, Span::days(30)));
}

#[test]
fn qs_04_a_hundred_restarts_show_the_same_set() {
    let mut first = bench();
    first.go(form("begin", &[]));
    let set = kept(&first).questions;
    for n in 0..100 {
        let mut again = bench();
        again.standing = first.standing.clone();
        again.entropy = readmit_core::cx::Entropy([n; 32]);
        again.answers.question_facts = Some(account(&mut Numbers(u64::from(n) + 77)));
        let turn = again.go(form("begin", &[]));
        assert_eq!(kept(&again).questions, set);
        assert!(turn.guards.is_empty());
    }
}

#[test]
fn what_is_left_out_costs_no_try() {
    let mut bench = bench();
    bench.go(form("begin", &[]));
    let mut chosen = right(&bench);
    chosen[2].clear();
    let needed = |n: usize| Refusal::Field {
        field: format!("q{n}"),
        code: "answer_needed",
    };
    assert_eq!(bench.turn(answers(&chosen)), Err(needed(3)));
    for nothing in ["99", "x"] {
        let refused = bench.turn(form("answer", &[("q1", nothing)]));
        assert!(matches!(refused, Err(Refusal::Fields(faults)) if faults[0] == ("q1".into(), "answer_needed")));
    }
    assert_eq!(bench.turn(form("solve", &[])), Err(Refusal::NotAllowed));
}

#[test]
fn who_is_known_too_little_is_not_asked() {
    let can_ask = |facts: &QuestionFacts| {
        let answers = Answers {
            question_facts: Some(facts.clone()),
            ..Answers::default()
        };
        Questions.attributes(&answers, NOON)
    };
    let full = account(&mut Numbers(1));
    let yes = vec![("can_ask".to_owned(), FactValue::Bool(true))];
    let no = vec![("can_ask".to_owned(), FactValue::Bool(false))];
    assert_eq!(can_ask(&full), yes);
    let mut few = QuestionFacts {
        ledger: ["a", "b", "c"].map(|asset| row("trade", asset, 60)).into(),
        ..full.clone()
    };
    few.decoys.assets = names("decoy", 4);
    assert_eq!(can_ask(&few), yes, "three of seven");
    few.decoys.assets.truncate(1);
    assert_eq!(can_ask(&few), no, "three of four");
    for thin in [
        QuestionFacts {
            registered: None,
            ..full.clone()
        },
        QuestionFacts {
            visits: Vec::new(),
            ..full.clone()
        },
        QuestionFacts {
            ledger: Vec::new(),
            ..full.clone()
        },
        QuestionFacts {
            decoys: Decoys::default(),
            ..full.clone()
        },
        QuestionFacts {
            ledger: vec![row("trade", "asset 1", 3)],
            ..full.clone()
        },
        QuestionFacts {
            visits: vec![visit("city 1", "device 1", 2)],
            ..full.clone()
        },
    ] {
        assert_eq!(can_ask(&thin), no);
        let mut bench = bench();
        bench.answers.question_facts = Some(thin);
        assert_eq!(bench.outcome(form("begin", &[])), "gave_up", "the other lane is open");
    }
    assert_eq!(Questions.attributes(&Answers::default(), NOON), no);
}

#[test]
fn qs_05_nothing_on_a_public_chain_and_nothing_fresh_is_shown() {
    let mut facts = account(&mut Numbers(1));
    facts.ledger.push(row("trade", "asset bought by an intruder", 1));
    facts
        .visits
        .push(visit("city of an intruder", "device of an intruder", 0));
    facts.decoys.assets.push("asset bought by an intruder".into());
    let set = build(&facts, &Tag([1; 32]), 3, NOON).unwrap();
    let shown = serde_json::to_string(&set).unwrap();
    for secret in ["on-chain", "12.5", "intruder"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// QS-05 over 100,000 sets: five each of 20,000 accounts, as five cases would build them, with the host listing things
/// in another order each time. A guesser who knows how many options are true gets through no oftener than the policy
/// says, and neither does one who first lays the five sets over each other.
#[test]
fn qs_05_neither_guessing_nor_laying_sets_over_each_other_gets_through() {
    let mut numbers = Numbers(7);
    let mut accounts = accounts();
    let (mut guessed, mut overlaid) = (0, 0);
    for n in 0..20_000 {
        let place = n % accounts.len();
        let (facts, key) = (&mut accounts[place], key(n as u64));
        let mut common: Vec<Vec<Choice>> = Vec::new();
        let mut truth = Vec::new();
        for _ in 0..5 {
            facts.ledger.reverse();
            facts.decoys.assets.rotate_left(1);
            facts.decoys.cities.rotate_left(2);
            truth = build(facts, &key, MOST_TRIES, NOON).unwrap();
            assert!(ways(&truth) >= ODDS * u64::from(MOST_TRIES));
            guessed += u64::from(
                truth
                    .iter()
                    .all(|q| numbers.some(q.options.len(), q.right.len()) == q.right),
            );
            if common.is_empty() {
                common = truth.iter().map(|question| question.options.clone()).collect();
            }
            for (left, question) in common.iter_mut().zip(&truth) {
                left.retain(|option| question.options.contains(option));
            }
        }
        overlaid += u64::from(truth.iter().zip(&common).all(|(question, left)| {
            let guess = numbers.some(left.len(), question.right.len());
            let right: Vec<&Choice> = question.right.iter().map(|place| &question.options[*place]).collect();
            guess.iter().all(|place| right.contains(&&left[*place]))
        }));
    }
    // One try gets through at most once in 3,000, so three get through once in 1,000. Expected at worst: 33 of 100,000
    // and 7 of 20,000; the bounds lie more than four deviations above.
    assert!(guessed <= 60, "{guessed} guesses got through");
    assert!(overlaid <= 20, "{overlaid} overlays got through");
}

#[test]
fn files_that_could_be_guessed_through_are_refused() {
    for config in [
        serde_json::json!({"ask": 1, "tries": 3}),
        serde_json::json!({"ask": 4, "tries": 0}),
        serde_json::json!({"ask": 4, "tries": 30}),
        serde_json::json!({"ask": 4}),
    ] {
        assert!(Bench::of(&Questions, config.clone()).declare().is_err(), "{config}");
    }
}

proptest! {
    #![proptest_config(crate::support::cases(48))]
    /// Whatever is pressed, in however many cases: three tries an account in a window, and no more.
    #[test]
    fn attempts_never_exceed_the_limit(acts in prop::collection::vec(0u8..5, 0..60)) {
        let mut bench = bench();
        let mut tried = 0;
        for act in acts {
            let input = match act {
                0 => form("begin", &[]),
                1 => form("again", &[]),
                2 if bench.sealed.steps.contains_key("step") => wrong(&bench, 3),
                3 if bench.sealed.steps.contains_key("step") => wrong(&bench, 0),
                _ => { bench.enter(); continue }
            };
            let before: u32 = bench.standing.spent.values().sum();
            let Ok(turn) = bench.turn(input.clone()) else { continue };
            bench.go(input);
            tried += bench.standing.spent.values().sum::<u32>() - before;
            if turn.status != Status::Waiting { bench.enter(); }
        }
        prop_assert!(tried <= 3, "{tried}");
        prop_assert!(Standing::default().spent.is_empty());
    }
}

/// Everything that is missing is named at once, each with its question.
#[test]
fn every_unanswered_question_is_named() {
    let mut bench = bench();
    bench.go(form("begin", &[]));
    let refused = bench.turn(form("answer", &[])).unwrap_err();
    assert!(
        matches!(&refused, Refusal::Fields(faults) if faults.len() == 4),
        "{refused:?}"
    );
    let page = bench.page(
        &crate::texts::texts().unwrap(),
        "en",
        Some(&refused),
        &Fields::default(),
    );
    for n in 1..=4 {
        assert!(page.html.contains(&format!("<a href=\"#q{n}\">")), "{}", page.html);
    }
    assert_eq!(page.html.matches("role=\"alert\"").count(), 1);
}
