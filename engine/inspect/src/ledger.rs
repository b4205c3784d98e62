//! Which row of the account's ledger a page shows: by transaction id, address, amount and time, allowing for rounding,
//! fees, identifiers with their middle left out, and time zones. It says what it matched.

use readmit_core::inspection::{Context, Row};

use crate::fields::amount::{Amount, Decimal};
use crate::fields::identifier::Identifier;
use crate::fields::time::Moment;

/// What a page shows of a transaction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// The likeliest first.
    pub amounts: Vec<Amount>,
    pub fees: Vec<Amount>,
    pub addresses: Vec<Identifier>,
    pub txids: Vec<Identifier>,
    pub times: Vec<Moment>,
    pub asset: Option<String>,
}

/// How a page's amount compares with a row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AmountIs {
    Unread,
    Differs,
    /// The row's amount with the fee on top, or without it.
    WithFee,
    Rounded,
    Same,
}

/// How a page's time compares with a row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimeIs {
    Unread,
    Differs,
    /// The same day, where the page shows no clock.
    Day,
    /// The same moment in another time zone.
    Zone,
    Same,
}

/// A row and how well the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matched {
    pub row: Row,
    pub txid: bool,
    pub address: bool,
    pub asset: bool,
    pub amount: AmountIs,
    pub time: TimeIs,
    /// Which of the page's amounts, addresses, transaction ids and times it was.
    pub places: Places,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub amount: Option<usize>,
    pub address: Option<usize>,
    pub txid: Option<usize>,
    pub time: Option<usize>,
}

/// Letters of an identifier that must be shown at each end where its middle is left out.
const LEAST_SHOWN: usize = 4;
/// An amount may differ from the row's by this much, in thousandths, when the page names a fee it cannot be computed from.
const FEE_THOUSANDTHS: u128 = 20;
/// Clocks of two houses differ by a confirmation or two, in minutes.
const CLOCKS: i64 = 15;
/// Time zones reach from -12 to +14 hours, in quarters of an hour.
const ZONES: i64 = 14 * 60;

/// The row that the page shows best, if any: one that shares its transaction id or address, or amount, asset and time.
#[must_use]
pub(crate) fn matched(shown: &Shown, context: &Context) -> Option<Matched> {
    let rows = context.account.ledger.iter().map(|row| compare(shown, row));
    rows.filter(Matched::counts).max_by_key(Matched::weight)
}

impl Matched {
    fn counts(&self) -> bool {
        let told = self.amount >= AmountIs::WithFee && self.asset && self.time >= TimeIs::Zone;
        self.txid || self.address || told
    }

    fn weight(&self) -> i32 {
        8 * i32::from(self.txid)
            + 4 * i32::from(self.address)
            + 2 * i32::from(self.amount >= AmountIs::WithFee)
            + i32::from(self.amount >= AmountIs::Rounded)
            + i32::from(self.asset)
            + 2 * i32::from(self.time >= TimeIs::Day)
            + i32::from(self.time == TimeIs::Same)
    }

    /// What the row is known by.
    #[must_use]
    pub(crate) const fn by(&self) -> &'static str {
        if self.txid {
            "txid"
        } else if self.address {
            "address"
        } else {
            "amount"
        }
    }

    /// The row and what matched, in one line.
    #[must_use]
    pub(crate) fn line(&self) -> String {
        let mut by = Vec::new();
        by.extend(self.txid.then_some("txid"));
        by.extend(self.address.then_some("address"));
        by.extend(self.asset.then_some("asset"));
        by.extend(match self.amount {
            AmountIs::Same => Some("amount"),
            AmountIs::Rounded => Some("amount (rounded)"),
            AmountIs::WithFee => Some("amount (with a fee)"),
            AmountIs::Differs | AmountIs::Unread => None,
        });
        by.extend(match self.time {
            TimeIs::Same => Some("time"),
            TimeIs::Zone => Some("time (another zone)"),
            TimeIs::Day => Some("day"),
            TimeIs::Differs | TimeIs::Unread => None,
        });
        let row = &self.row;
        let known_as = [&row.id, &row.direction, &row.amount, &row.asset, &row.time];
        let known_as: Vec<&str> = known_as
            .into_iter()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        format!("{}: {}", known_as.join(" "), by.join(", "))
    }
}

fn compare(shown: &Shown, row: &Row) -> Matched {
    let place = |found: &[Identifier], own: &Option<String>| {
        let own = own.as_deref()?;
        found
            .iter()
            .position(|found| same_identifier(&found.text, found.short, own))
    };
    let (address, txid) = (place(&shown.addresses, &row.address), place(&shown.txids, &row.txid));
    let (amount, amount_place) = amount(shown, row);
    let (time, time_place) = time(&shown.times, &row.time);
    let asset = shown
        .asset
        .as_ref()
        .is_some_and(|asset| asset.eq_ignore_ascii_case(&row.asset));
    let asset = asset
        || amount_place
            .and_then(|at| shown.amounts.get(at)?.asset.clone())
            .is_some_and(|asset| asset.eq_ignore_ascii_case(&row.asset));
    Matched {
        row: row.clone(),
        txid: txid.is_some(),
        address: address.is_some(),
        asset,
        amount,
        time,
        places: Places {
            amount: amount_place,
            address,
            txid,
            time: time_place,
        },
    }
}

/// The same identifier; hexadecimal ones without regard to case.
fn same_identifier(found: &str, short: bool, own: &str) -> bool {
    let hexadecimal = own.trim_start_matches("0x").chars().all(|c| c.is_ascii_hexdigit());
    let even = |text: &str| {
        if hexadecimal {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    };
    let (found, own) = (even(found), even(own));
    if !short {
        return found == own || hexadecimal && found.trim_start_matches("0x") == own.trim_start_matches("0x");
    }
    let shown = |c: &char| c.is_ascii_alphanumeric();
    let head: String = found.chars().take_while(shown).collect();
    let tail: String = found
        .chars()
        .rev()
        .take_while(shown)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    head.len() >= LEAST_SHOWN && tail.len() >= LEAST_SHOWN && own.starts_with(&head) && own.ends_with(&tail)
}

fn amount(shown: &Shown, row: &Row) -> (AmountIs, Option<usize>) {
    let Some(own) = Decimal::parse(&row.amount) else {
        return (AmountIs::Unread, None);
    };
    let other_asset = |amount: &Amount| {
        amount
            .asset
            .as_ref()
            .is_some_and(|asset| !asset.eq_ignore_ascii_case(&row.asset))
    };
    let candidates = shown
        .amounts
        .iter()
        .enumerate()
        .filter(|(_, amount)| !other_asset(amount));
    let judged = candidates.map(|(place, amount)| (one_amount(amount.value, own, &shown.fees), place));
    let best = judged.max_by_key(|(is, place)| (*is, std::cmp::Reverse(*place)));
    match best {
        Some((is, place)) => (is, Some(place)),
        None if shown.amounts.is_empty() => (AmountIs::Unread, None),
        None => (AmountIs::Differs, Some(0)),
    }
}

fn one_amount(found: Decimal, own: Decimal, fees: &[Amount]) -> AmountIs {
    if found.equals(own) {
        return AmountIs::Same;
    }
    if found.rounds(own) {
        return AmountIs::Rounded;
    }
    let adds = |a: Decimal, fee: Decimal, b: Decimal| a.plus(fee).is_some_and(|sum| sum.equals(b) || b.rounds(sum));
    let exact = fees
        .iter()
        .any(|fee| adds(found, fee.value, own) || adds(own, fee.value, found));
    let near = !fees.is_empty() && found.off_by_thousandths(own).is_some_and(|off| off <= FEE_THOUSANDTHS);
    if exact || near {
        AmountIs::WithFee
    } else {
        AmountIs::Differs
    }
}

fn time(times: &[Moment], own: &str) -> (TimeIs, Option<usize>) {
    let Ok(own) = time::OffsetDateTime::parse(own, &time::format_description::well_known::Rfc3339) else {
        return (TimeIs::Unread, None);
    };
    let own = own.unix_timestamp() / 60;
    let ways = times.iter().enumerate().flat_map(|(place, moment)| {
        let ways = [Some(*moment), moment.other_way()].into_iter().flatten();
        ways.map(move |moment| (one_time(moment, own), place))
    });
    match ways.max_by_key(|(is, place)| (*is, std::cmp::Reverse(*place))) {
        Some((is, place)) => (is, Some(place)),
        None => (TimeIs::Unread, None),
    }
}

fn one_time(moment: Moment, own: i64) -> TimeIs {
    let Some(minutes) = moment.minutes() else {
        return TimeIs::Unread;
    };
    let apart = (minutes - own).abs();
    if moment.clock.is_none() {
        return if apart <= ZONES + 12 * 60 {
            TimeIs::Day
        } else {
            TimeIs::Differs
        };
    }
    let from_zone = apart % 15;
    let whole_zone = from_zone.min(15 - from_zone) <= 5;
    if apart <= CLOCKS {
        TimeIs::Same
    } else if apart <= ZONES + CLOCKS && whole_zone {
        TimeIs::Zone
    } else {
        TimeIs::Differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_match_whole_or_by_their_ends() {
        let own = "0x5dED112ce545fccf844463c2dbd76635154a0b30";
        for (found, short, same) in [
            ("0x5ded112ce545fccf844463c2dbd76635154a0b30", false, true),
            ("5ded112ce545fccf844463c2dbd76635154a0b30", false, true),
            ("0x5ded…0b30", true, true),
            ("0x5ded112…0b31", true, false),
            ("0x5…30", true, false),
        ] {
            assert_eq!(same_identifier(found, short, own), same, "{found}");
        }
        assert!(!same_identifier("rABC", false, "rAbC"), "base58 minds case");
    }

    #[test]
    fn time_zones_are_whole_quarters() {
        let noon = Moment {
            year: 2026,
            month: 6,
            day: 7,
            clock: Some((12, 0, None)),
            ambiguous: false,
        };
        let own = noon.minutes().unwrap_or_default();
        for (shift, is) in [
            (0, TimeIs::Same),
            (8 * 60, TimeIs::Zone),
            (345, TimeIs::Zone),
            (68, TimeIs::Differs),
            (20 * 60, TimeIs::Differs),
        ] {
            assert_eq!(one_time(noon, own + shift), is, "{shift}");
        }
    }
}
