//! Making questions from what the host knows of an account.
//!
//! - One question a topic, so that no option of one question tells anything about another.
//! - Nothing that stands on a public chain is asked: no transaction ids, addresses, amounts or times of transfers (QS-05).
//! - Nothing that is fresher than a week: an intruder may have done it himself.
//! - Which options are shown, true ones and decoys, is drawn by a key of the account, not by chance: built again, a set
//!   shows the same options, and laying sets over each other shows nothing. It is never built again while it is unsolved
//!   anyway (QS-04).
//! - A set is asked only if guessing through all tries succeeds at most once in [`ODDS`]. The guesser is given that he
//!   knows how many options are true; decoys are taken to be as likely as truths, which is what the host promises.

use std::collections::BTreeSet;

use readmit_core::answers::QuestionFacts;
use readmit_core::ids::Tag;
use readmit_core::time::{At, Span};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Questions in a set: one of each topic.
pub(super) const ASKED: usize = 4;
/// A guesser gets through, with all the tries that a file may give, at most once in this many accounts.
pub(super) const ODDS: u64 = 1_000;
/// Options of a question at most and at least, and how many of them are true at most.
const OPTIONS: usize = 7;
const FEWEST_OPTIONS: usize = 5;
const MOST_TRUE: usize = 3;
/// What counts as settled, and what as remembered.
const FRESH: Span = Span::days(7);
const REMEMBERED: Span = Span::days(365);

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Topic {
    Traded,
    Deposited,
    Withdrawn,
    Cities,
    Device,
    Opened,
}

impl Topic {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Traded => "traded",
            Self::Deposited => "deposited",
            Self::Withdrawn => "withdrawn",
            Self::Cities => "cities",
            Self::Device => "device",
            Self::Opened => "opened",
        }
    }

    /// Whether several options may be ticked.
    pub(super) const fn many(self) -> bool {
        !matches!(self, Self::Device | Self::Opened)
    }
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Choice {
    /// A name as the host gives it.
    Name(String),
    /// A month of the year, from 1.
    Month(u8),
}

/// A question with its truth: sealed state only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) topic: Topic,
    pub(super) options: Vec<Choice>,
    /// Places of the true options, from 0.
    pub(super) right: BTreeSet<usize>,
}

impl Question {
    /// How many answers a guesser must choose from who knows how many are true.
    pub(super) fn ways(&self) -> u64 {
        let (n, k) = (self.options.len() as u64, self.right.len() as u64);
        (0..k).fold(1, |ways, i| ways * (n - i) / (i + 1))
    }
}

/// How many whole answers a set has, for the same guesser.
pub(super) fn ways(set: &[Question]) -> u64 {
    set.iter().map(Question::ways).product()
}

/// A set for the account of this key, if enough is known for one that cannot be guessed in so many tries.
pub(super) fn build(facts: &QuestionFacts, key: &Tag, tries: u32, now: At) -> Option<Vec<Question>> {
    let pool = Pool { facts, key, now };
    let set: Vec<Question> = [pool.assets(), pool.places(), pool.device(), pool.opened()]
        .into_iter()
        .flatten()
        .collect();
    let enough = set.len() == ASKED && ways(&set) >= ODDS * u64::from(tries);
    enough.then_some(set)
}

struct Pool<'a> {
    facts: &'a QuestionFacts,
    key: &'a Tag,
    now: At,
}

impl Pool<'_> {
    /// One of the three ways to have dealt with an asset: the hardest to guess, and of equal ones always the same.
    fn assets(&self) -> Option<Question> {
        let ledger = &self.facts.ledger;
        let touched: BTreeSet<&str> = ledger.iter().map(|row| row.asset.as_str()).collect();
        let topics = [
            (Topic::Traded, "trade"),
            (Topic::Deposited, "deposit"),
            (Topic::Withdrawn, "withdrawal"),
        ];
        let questions = topics.into_iter().filter_map(|(topic, kind)| {
            let rows = ledger.iter().filter(|row| row.kind == kind && self.settled(row.at));
            let truths = rows.map(|row| row.asset.as_str()).collect();
            self.question(topic, truths, &touched, &self.facts.decoys.assets, MOST_TRUE)
        });
        questions.max_by_key(|question| (question.ways(), self.draw(question.topic)("")))
    }

    /// Cities only: their countries would give them away.
    fn places(&self) -> Option<Question> {
        let visits = &self.facts.visits;
        let all: BTreeSet<&str> = visits.iter().map(|visit| visit.city.as_str()).collect();
        let settled = visits.iter().filter(|visit| self.settled(visit.at));
        let truths = settled.map(|visit| visit.city.as_str()).collect();
        self.question(Topic::Cities, truths, &all, &self.facts.decoys.cities, MOST_TRUE)
    }

    fn device(&self) -> Option<Question> {
        let visits = &self.facts.visits;
        let used: BTreeSet<&str> = visits.iter().map(|visit| visit.device.as_str()).collect();
        let settled = visits.iter().filter(|visit| self.settled(visit.at));
        let truths = settled.map(|visit| visit.device.as_str()).collect();
        self.question(Topic::Device, truths, &used, &self.facts.decoys.devices, 1)
    }

    /// All twelve months, for every account: there is nothing to lay over each other.
    fn opened(&self) -> Option<Question> {
        let month = u8::from(self.facts.registered?.utc().month());
        Some(Question {
            topic: Topic::Opened,
            options: (1..=12).map(Choice::Month).collect(),
            right: BTreeSet::from([usize::from(month) - 1]),
        })
    }

    /// `true_of_account` is everything that is true, however old or fresh: it is never a decoy.
    fn question(
        &self,
        topic: Topic,
        truths: BTreeSet<&str>,
        true_of_account: &BTreeSet<&str>,
        decoys: &[String],
        most_true: usize,
    ) -> Option<Question> {
        let number = self.draw(topic);
        let draw = |names: BTreeSet<&str>, most: usize| -> Vec<(Drawn, String)> {
            let named = names.into_iter().filter(|name| !name.trim().is_empty());
            let mut drawn: Vec<(Drawn, &str)> = named.map(|name| (number(name), name)).collect();
            drawn.sort_unstable();
            drawn.truncate(most);
            drawn
                .into_iter()
                .map(|(drawn, name)| (drawn, name.to_owned()))
                .collect()
        };
        let truths = draw(truths, most_true);
        let false_ones = decoys
            .iter()
            .map(String::as_str)
            .filter(|decoy| !true_of_account.contains(decoy));
        let decoys = draw(false_ones.collect(), OPTIONS.checked_sub(truths.len())?);
        if truths.is_empty() || decoys.is_empty() || truths.len() + decoys.len() < FEWEST_OPTIONS {
            return None;
        }
        let marked = |true_: bool| move |(drawn, name): (Drawn, String)| (drawn.place, true_, name);
        let mut shown: Vec<(u64, bool, String)> = truths
            .into_iter()
            .map(marked(true))
            .chain(decoys.into_iter().map(marked(false)))
            .collect();
        shown.sort_unstable();
        Some(Question {
            topic,
            right: (0..)
                .zip(&shown)
                .filter(|(_, (_, true_, _))| *true_)
                .map(|(place, _)| place)
                .collect(),
            options: shown.into_iter().map(|(_, _, name)| Choice::Name(name)).collect(),
        })
    }

    fn settled(&self, at: At) -> bool {
        let age = self.now - at;
        FRESH <= age && age <= REMEMBERED
    }

    /// Numbers for names that only the holder of the key can tell. The key's 32 bytes come first, so SHA-256 serves as
    /// the MAC: its output is never shown.
    fn draw(&self, topic: Topic) -> impl Fn(&str) -> Drawn {
        let keyed = Sha256::new_with_prefix([self.key.0.as_slice(), topic.code().as_bytes(), &[0]].concat());
        move |name| {
            let hash = keyed.clone().chain_update(name).finalize();
            let number = |skip: usize| {
                let eight = hash.iter().skip(skip).take(8);
                eight.fold(0u64, |number, byte| (number << 8) | u64::from(*byte))
            };
            Drawn {
                draw: number(0),
                place: number(8),
            }
        }
    }
}

/// What decides whether an option is shown, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Drawn {
    draw: u64,
    place: u64,
}
