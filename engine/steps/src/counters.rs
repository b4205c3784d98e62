//! Counters that outlive a case (design, section 5, "Counters"): how often codes are sent and guessed.
//!
//! Before the first possession proof they belong to an address *and* a client prefix, so that a stranger cannot use up
//! the owner's tries (RL-04); an address alone is slowed, never locked. After it they are the account's, and hard.
//!
//! Beside what fits into an hour or a day, every wrong try in a row makes the next one wait longer (OT-04).

use readmit_core::answers::AccountView;
use readmit_core::command::{Actor, Human};
use readmit_core::cx::Keys;
use readmit_core::guard::{Bucket, Guard, Standing, Streak};
use readmit_core::ids::Tag;
use readmit_core::kind::StepCx;
use readmit_core::refusal::Refusal;
use readmit_core::time::{At, Span};

use crate::redeemed;

/// Codes sent to one address for one client prefix.
const SENDS_AN_HOUR: u32 = 4;
const SENDS_A_DAY: u32 = 10;
/// Codes sent to one address for anybody; above it the address gets one an hour, for a human check.
const SENDS_TO_ADDRESS_A_DAY: u32 = 20;
/// Codes sent by text message to one range of 10,000 numbers, to one country, and to all of them: who pays for messages is
/// not to pay for a stranger's pumping (OT-07).
const MESSAGES_TO_RANGE_A_DAY: u32 = 40;
const MESSAGES_TO_COUNTRY_A_DAY: u32 = 2_000;
const MESSAGES_A_DAY: u32 = 5_000;
/// Codes sent by text message for one account and for one client prefix, whatever numbers they go to: some dozens of them
/// are not to use up everybody's day.
const MESSAGES_OF_ACCOUNT_A_DAY: u32 = 20;
const MESSAGES_OF_CLIENT_A_DAY: u32 = 60;
/// Codes tried, right or wrong: by one client prefix for one address, later by the account.
const CODES_AN_HOUR: u32 = 10;
/// Passwords tried by the account once the code has passed.
const PASSWORDS_A_DAY: u32 = 10;
/// Tries with the account's factors, right or wrong, in all its cases.
const FACTORS_AN_HOUR: u32 = 10;
/// The window in which an account's tries at its questions count (QS-03).
const QUESTIONS_WINDOW: Span = Span::days(30);

/// The wait after a wrong try; each further one in a row doubles it, up to the longest (OT-04).
const FIRST_WAIT: Span = Span::seconds(30);
const LONGEST_WAIT: Span = Span::hours(1);
/// How long wrong tries at codes and passwords make the next one wait.
const REMEMBERED: Span = Span::hours(24);
/// Wrong tries in a row after which a factor proves nothing until it is bound anew (OT-04 allows 100).
const MOST_IN_A_ROW: u32 = 20;

/// When the bucket's current window ends, and it is empty again.
pub(crate) fn until(bucket: &Bucket, now: At) -> At {
    bucket.window_start(now) + bucket.window
}

/// Whether the host was told that the SIM card behind the owner's number changed lately: of the newest reading of the account
/// (OT-06).
pub(crate) fn sim_changed(cx: &StepCx<'_>) -> bool {
    let kept = cx.sealed.latest.as_ref().or(cx.sealed.snapshot.as_ref());
    let views = [cx.answers.account.as_ref(), kept.map(|snapshot| &snapshot.view)];
    views.into_iter().flatten().any(AccountView::sim_changed)
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
    /// What further belongs to a text message: its number's range and country, who asks for it, and all.
    wide: Vec<Bucket>,
}

impl Sends {
    /// As [`Sends::to`], and against the budgets of the number's range and country, of the account and client prefix that ask
    /// for it, and of the day (OT-07).
    pub(crate) fn to_phone(number: &str, cx: &StepCx<'_>) -> Self {
        let range = redeemed::range(number);
        let bucket = |purpose: &str, part: &[u8], limit| Bucket {
            tag: cx.keys.index_tag(purpose, &[part]),
            limit,
            window: Span::hours(24),
        };
        let mut wide = vec![
            bucket("messages-range", range.as_bytes(), MESSAGES_TO_RANGE_A_DAY),
            bucket("messages", b"", MESSAGES_A_DAY),
        ];
        if let Ok(number) = phonenumber::parse(None, number) {
            let country = number.country().code().to_be_bytes();
            wide.push(bucket("messages-country", &country, MESSAGES_TO_COUNTRY_A_DAY));
        }
        if let Some(account) = &cx.sealed.account {
            let account = cx.keys.account_tag(account).0;
            wide.push(bucket("messages-account", &account, MESSAGES_OF_ACCOUNT_A_DAY));
        }
        if let Actor::Claimant { prefix, .. } = cx.by {
            wide.push(bucket("messages-client", &prefix.0, MESSAGES_OF_CLIENT_A_DAY));
        }
        Self {
            wide,
            ..Self::to(number, cx.keys, cx.by)
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

/// The wrong tries in a row that count for a code: of whom its bucket is.
pub(crate) fn streak_of_codes(cx: &StepCx<'_>) -> Streak {
    Streak {
        tag: codes(cx).tag,
        kept: REMEMBERED,
    }
}

/// The wrong tries in a row at the account's password.
pub(crate) fn streak_of_passwords(cx: &StepCx<'_>) -> Streak {
    Streak {
        tag: passwords(cx).tag,
        kept: REMEMBERED,
    }
}

/// The wrong tries in a row at the account's factors of a kind.
pub(crate) fn streak_of_factor(cx: &StepCx<'_>, kind: &str) -> Streak {
    Streak::of_factor(cx.keys, account_of(cx), kind)
}

fn wrong(cx: &StepCx<'_>, streak: &Streak) -> u32 {
    cx.standing.wrong.get(&streak.tag).map_or(0, |wrong| wrong.tries)
}

/// Refuses a try that comes before the wait is over; it is not looked at, and costs nothing.
pub(crate) fn in_time(cx: &StepCx<'_>, streak: &Streak) -> Result<(), Refusal> {
    match cx.standing.wrong.get(&streak.tag) {
        Some(wrong) if cx.now < wrong.last + wait_after(wrong.tries) => Err(Refusal::TooMany {
            until: wrong.last + wait_after(wrong.tries),
        }),
        _ => Ok(()),
    }
}

/// Whether so many tries at a factor were wrong that it proves nothing any more.
pub(crate) fn is_off(cx: &StepCx<'_>, streak: &Streak) -> bool {
    wrong(cx, streak) >= MOST_IN_A_ROW
}

/// The guard of a right try, after which nothing waits.
pub(crate) fn right(cx: &StepCx<'_>, streak: Streak) -> Guard {
    Guard::Tried {
        streak,
        seen: Some(wrong(cx, &streak)),
        wrong: 0,
    }
}

/// The guard of a wrong try, and from when on the next one is looked at.
pub(crate) fn missed(cx: &StepCx<'_>, streak: Streak) -> (Guard, At) {
    let seen = wrong(cx, &streak);
    let guard = Guard::Tried {
        streak,
        seen: Some(seen),
        wrong: seen + 1,
    };
    (guard, cx.now + wait_after(seen + 1))
}

fn wait_after(wrong: u32) -> Span {
    match wrong {
        0 => Span::ZERO,
        n => Span(FIRST_WAIT.0 << (n - 1).min(12)).min(LONGEST_WAIT),
    }
}

fn account_bucket(cx: &StepCx<'_>, purpose: &str, limit: u32, window: Span) -> Bucket {
    Bucket {
        tag: cx.keys.index_tag(purpose, &[&account_of(cx).0]),
        limit,
        window,
    }
}

fn account_of(cx: &StepCx<'_>) -> Tag {
    let account = cx.sealed.account.as_ref();
    account.map_or(Tag([0; 32]), |account| cx.keys.account_tag(account))
}

/// The client prefix; jobs and staff have none.
fn prefix(by: Actor) -> Tag {
    match by {
        Actor::Claimant { prefix, .. } => prefix,
        Actor::Owner { .. } | Actor::Staff { .. } | Actor::Engine => Tag([0; 32]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OT-04: 30 seconds after the first wrong try, an hour at most, and never less than before.
    #[test]
    fn ot_04_waits_grow_from_half_a_minute_to_an_hour() {
        let waits: Vec<i64> = (0..10).map(|wrong| wait_after(wrong).as_seconds()).collect();
        assert_eq!(waits, [0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
