//! Counters that outlive a case (design, section 5, "Counters"): how often codes are sent and guessed.
//!
//! Before the first possession proof they belong to an address *and* a client prefix, so that a stranger cannot use up
//! the owner's tries (RL-04); an address alone is slowed, never locked. After it they are the account's, and hard.

use readmit_core::command::{Actor, Human};
use readmit_core::cx::Keys;
use readmit_core::guard::{Bucket, Guard, Standing};
use readmit_core::ids::Tag;
use readmit_core::kind::StepCx;
use readmit_core::time::{At, Span};

/// Codes sent to one address for one client prefix.
const SENDS_AN_HOUR: u32 = 4;
const SENDS_A_DAY: u32 = 10;
/// Codes sent to one address for anybody; above it the address gets one an hour, for a human check.
const SENDS_TO_ADDRESS_A_DAY: u32 = 20;
/// Codes sent by text message to one range of 10,000 numbers, and to all of them: who pays for messages is not to pay for
/// a stranger's pumping (OT-07).
const MESSAGES_TO_RANGE_A_DAY: u32 = 40;
const MESSAGES_A_DAY: u32 = 5_000;
/// The digits of a number that tell it from its range.
const RANGE: usize = 4;
/// Codes tried, right or wrong: by one client prefix for one address, later by the account.
const CODES_AN_HOUR: u32 = 10;
/// Passwords tried by the account once the code has passed.
const PASSWORDS_A_DAY: u32 = 10;
/// Tries with the account's factors, right or wrong, in all its cases.
const FACTORS_AN_HOUR: u32 = 10;
/// The window in which an account's tries at its questions count (QS-03).
const QUESTIONS_WINDOW: Span = Span::days(30);

/// When the bucket's current window ends, and it is empty again.
pub(crate) fn until(bucket: &Bucket, now: At) -> At {
    bucket.window_start(now) + bucket.window
}

/// Why no code is sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Until(At),
    /// So many went to the address that the next one takes a human check.
    Unchecked,
}

/// What sending a code to an address counts against.
pub(crate) struct Sends {
    hour: Bucket,
    day: Bucket,
    address: Bucket,
    slow: Bucket,
    /// What further belongs to a number: its range, and all.
    wide: Vec<Bucket>,
}

impl Sends {
    /// As [`Sends::to`], and against the budgets of the number's range and of the day (OT-07).
    pub(crate) fn to_phone(number: &str, keys: &Keys, by: Actor) -> Self {
        let digits: Vec<char> = number.chars().collect();
        let (range, _) = digits.split_at(digits.len().saturating_sub(RANGE));
        let range: String = range.iter().collect();
        let bucket = |purpose: &str, part: &[u8], limit| Bucket {
            tag: keys.index_tag(purpose, &[part]),
            limit,
            window: Span::hours(24),
        };
        Self {
            wide: vec![
                bucket("messages-range", range.as_bytes(), MESSAGES_TO_RANGE_A_DAY),
                bucket("messages", b"", MESSAGES_A_DAY),
            ],
            ..Self::to(number, keys, by)
        }
    }

    pub(crate) fn to(address: &str, keys: &Keys, by: Actor) -> Self {
        let to = keys.address_tag(address).0;
        let prefix = prefix(by);
        let bucket = |purpose: &str, parts: &[&[u8]], limit: u32, window: Span| Bucket {
            tag: keys.index_tag(purpose, parts),
            limit,
            window,
        };
        Self {
            hour: bucket("sends-hour", &[&to, &prefix.0], SENDS_AN_HOUR, Span::hours(1)),
            day: bucket("sends-day", &[&to, &prefix.0], SENDS_A_DAY, Span::hours(24)),
            address: bucket("sends-address", &[&to], SENDS_TO_ADDRESS_A_DAY, Span::hours(24)),
            slow: bucket("sends-slow", &[&to], 1, Span::hours(1)),
            wide: Vec::new(),
        }
    }

    pub(crate) fn all(&self) -> Vec<Bucket> {
        let mut all = vec![self.hour, self.day, self.address, self.slow];
        all.extend(&self.wide);
        all
    }

    /// What one more send spends. Above the address's day it takes a human check, and then one goes an hour.
    pub(crate) fn spend(&self, standing: &Standing, now: At, by: Actor) -> Result<Vec<Guard>, Held> {
        let checked = matches!(
            by,
            Actor::Claimant {
                human: Human::Checked,
                ..
            }
        );
        let soft = standing.left(&self.address) > 0;
        let mut spent = vec![self.hour, self.day, if soft { self.address } else { self.slow }];
        spent.extend(&self.wide);
        match spent
            .iter()
            .filter(|bucket| standing.left(bucket) == 0)
            .map(|bucket| until(bucket, now))
            .max()
        {
            Some(until) => Err(Held::Until(until)),
            None if soft || checked => Ok(spent.into_iter().map(Guard::Spend).collect()),
            None => Err(Held::Unchecked),
        }
    }
}

/// What trying a code counts against.
pub(crate) fn codes(cx: &StepCx<'_>) -> Bucket {
    let tag = match (cx.case.proven, &cx.sealed.account, &cx.sealed.address) {
        (Some(_), Some(account), _) => cx.keys.index_tag("codes-account", &[&cx.keys.account_tag(account).0]),
        (_, _, address) => {
            let address = cx.keys.address_tag(address.as_deref().unwrap_or_default());
            cx.keys.index_tag("codes-address", &[&address.0, &prefix(cx.by).0])
        }
    };
    Bucket {
        tag,
        limit: CODES_AN_HOUR,
        window: Span::hours(1),
    }
}

/// What trying a password after the code counts against.
pub(crate) fn passwords(cx: &StepCx<'_>) -> Bucket {
    account_bucket(cx, "passwords", PASSWORDS_A_DAY, Span::hours(24))
}

/// What trying a factor counts against: the account's, in every case (OT-04).
pub(crate) fn factors(cx: &StepCx<'_>) -> Bucket {
    account_bucket(cx, "factors", FACTORS_AN_HOUR, Span::hours(1))
}

/// What trying the questions counts against: the account's, in every case (QS-03).
pub(crate) fn questions(cx: &StepCx<'_>, tries: u32) -> Bucket {
    account_bucket(cx, "questions", tries, QUESTIONS_WINDOW)
}

fn account_bucket(cx: &StepCx<'_>, purpose: &str, limit: u32, window: Span) -> Bucket {
    let account = cx
        .sealed
        .account
        .as_ref()
        .map_or(Tag([0; 32]), |account| cx.keys.account_tag(account));
    Bucket {
        tag: cx.keys.index_tag(purpose, &[&account.0]),
        limit,
        window,
    }
}

/// The client prefix; jobs and staff have none.
fn prefix(by: Actor) -> Tag {
    match by {
        Actor::Claimant { prefix, .. } => prefix,
        Actor::Owner { .. } | Actor::Staff { .. } | Actor::Engine => Tag([0; 32]),
    }
}
