//! Which row of the account's ledger a page shows: by transaction id, address, amount and time, allowing for rounding,
//! fees, identifiers with their middle left out, and time zones. It says what it matched.

use readmit_core::inspection::{Context, Row};

use crate::fields::amount::{Amount, Decimal};
use crate::fields::identifier::Identifier;
use crate::fields::time::Moment;
use crate::pack::Bounds;

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

/// The row that the page shows best, if any: one that shares its transaction id or address, or amount, asset and time.
#[must_use]
pub(crate) fn matched(shown: &Shown, context: &Context, bounds: &Bounds) -> Option<Matched> {
    let rows = context.account.ledger.iter().map(|row| compare(shown, row, bounds));
    rows.filter(Matched::counts).max_by_key(Matched::weight)
}

impl Matched {
    /// Without an identifier the coin, an amount and its moment must fit together; of another zone only the amount itself.
    fn counts(&self) -> bool {
        let told = match self.time {
            TimeIs::Same => self.amount >= AmountIs::WithFee,
            TimeIs::Zone => self.amount >= AmountIs::Rounded,
            TimeIs::Day | TimeIs::Differs | TimeIs::Unread => false,
        };
        self.txid || self.address || self.asset && told
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

fn compare(shown: &Shown, row: &Row, bounds: &Bounds) -> Matched {
    let place = |found: &[Identifier], own: &Option<String>| {
        let own = own.as_deref()?;
        found
            .iter()
            .position(|found| same_identifier(&found.text, found.short, own, bounds.ends))
    };
    let (address, txid) = (place(&shown.addresses, &row.address), place(&shown.txids, &row.txid));
    let (amount, amount_place) = amount(shown, row);
    let (time, time_place) = time(&shown.times, &row.time, bounds);
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

/// The same identifier; hexadecimal ones without regard to case, and to the `0x` that says no more than that. Where its
/// middle is left out, each end must show `ends` letters.
fn same_identifier(found: &str, short: bool, own: &str, ends: usize) -> bool {
    let hexadecimal = own.trim_start_matches("0x").chars().all(|c| c.is_ascii_hexdigit());
    let even = |text: &str| {
        if hexadecimal {
            let text = text.to_ascii_lowercase();
            text.strip_prefix("0x").map(str::to_owned).unwrap_or(text)
        } else {
            text.to_owned()
        }
    };
    let (found, own) = (even(found), even(own));
    if !short {
        return found == own;
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
    head.len() >= ends && tail.len() >= ends && own.starts_with(&head) && own.ends_with(&tail)
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
    // A fee in another coin is paid beside the amount.
    let fees: Vec<Decimal> = shown
        .fees
        .iter()
        .filter(|fee| !other_asset(fee))
        .map(|fee| fee.value)
        .collect();
    let judged = candidates.map(|(place, amount)| (one_amount(amount.value, own, &fees), place));
    let best = judged.max_by_key(|(is, place)| (*is, std::cmp::Reverse(*place)));
    match best {
        Some((is, place)) => (is, Some(place)),
        None if shown.amounts.is_empty() => (AmountIs::Unread, None),
        None => (AmountIs::Differs, Some(0)),
    }
}

fn one_amount(found: Decimal, own: Decimal, fees: &[Decimal]) -> AmountIs {
    if found.equals(own) {
        return AmountIs::Same;
    }
    if found.rounds(own) {
        return AmountIs::Rounded;
    }
    let adds = |a: Decimal, fee: Decimal, b: Decimal| a.plus(fee).is_some_and(|sum| sum.equals(b) || b.rounds(sum));
    let with_fee = fees.iter().any(|fee| adds(found, *fee, own) || adds(own, *fee, found));
    if with_fee { AmountIs::WithFee } else { AmountIs::Differs }
}

fn time(times: &[Moment], own: &str, bounds: &Bounds) -> (TimeIs, Option<usize>) {
    let Ok(own) = time::OffsetDateTime::parse(own, &time::format_description::well_known::Rfc3339) else {
        return (TimeIs::Unread, None);
    };
    let own = own.unix_timestamp() / 60;
    let ways = times.iter().enumerate().flat_map(|(place, moment)| {
        let ways = [Some(*moment), moment.other_way()].into_iter().flatten();
        ways.map(move |moment| (one_time(moment, own, bounds), place))
    });
    match ways.max_by_key(|(is, place)| (*is, std::cmp::Reverse(*place))) {
        Some((is, place)) => (is, Some(place)),
        None => (TimeIs::Unread, None),
    }
}

fn one_time(moment: Moment, own: i64, bounds: &Bounds) -> TimeIs {
    let Some(minutes) = moment.minutes() else {
        return TimeIs::Unread;
    };
    let later = minutes - own;
    let zone_within = |slack: i64| bounds.zones.iter().any(|zone| (later - zone).abs() <= slack);
    if moment.clock.is_none() {
        // A day is known by its noon.
        return if later.abs() <= 12 * 60 || zone_within(12 * 60) {
            TimeIs::Day
        } else {
            TimeIs::Differs
        };
    }
    if later.abs() <= bounds.clocks {
        TimeIs::Same
    } else if zone_within(bounds.zone_clocks) {
        TimeIs::Zone
    } else {
        TimeIs::Differs
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::fields::amount::Role;
    use crate::fields::checksum::Check;
    use crate::fields::identifier::Kind;
    use crate::pack::samples::shared;
    use readmit_core::inspection::Area;

    const ADDRESS: &str = "0x5dED112ce545fccf844463c2dbd76635154a0b30";
    const AREA: Area = Area(0, 0, 1, 1);

    #[test]
    fn identifiers_match_whole_or_by_their_ends() {
        for (found, short, same) in [
            ("0x5ded112ce545fccf844463c2dbd76635154a0b30", false, true),
            ("5ded112ce545fccf844463c2dbd76635154a0b30", false, true),
            ("0x5ded…0b30", true, true),
            ("5ded…0b30", true, true),
            ("0x5ded112…0b31", true, false),
            ("0x5d…0b30", true, false),
            ("0x5de…0b30", true, false),
            ("0x5ded…b30", true, false),
        ] {
            assert_eq!(same_identifier(found, short, ADDRESS, 4), same, "{found}");
        }
        assert!(!same_identifier("rABC", false, "rAbC", 4), "base58 minds case");
    }

    #[test]
    fn time_zones_are_those_that_there_are() {
        let noon = moment((12, 0));
        let bounds = shared().bounds;
        let own = noon.minutes().unwrap();
        for (later, is) in [
            (0, TimeIs::Same),
            (-14, TimeIs::Same),
            (8 * 60, TimeIs::Zone),
            (-9 * 60 - 30, TimeIs::Zone),
            (345, TimeIs::Zone),
            (-345, TimeIs::Differs),
            (75, TimeIs::Differs),
            (14 * 60, TimeIs::Zone),
            (-14 * 60, TimeIs::Differs),
            (20 * 60, TimeIs::Differs),
        ] {
            assert_eq!(one_time(noon, own - later, &bounds), is, "{later}");
        }
        let taken = (-840..=840).filter(|later| one_time(noon, own - later, &bounds) != TimeIs::Differs);
        assert!(taken.count() < 1_681 / 3, "hardly any minute is refused");
    }

    #[test]
    fn an_amount_may_be_rounded_or_carry_the_fee_that_is_printed_and_nothing_else() {
        let number = |text: &str| Decimal::parse(text).unwrap();
        for (found, fees, is) in [
            ("583.63", &[][..], AmountIs::Same),
            ("583.630", &[][..], AmountIs::Same),
            ("583.6", &[][..], AmountIs::Rounded),
            ("584.63", &["1"][..], AmountIs::WithFee),
            ("582.63", &["1.00"][..], AmountIs::WithFee),
            ("586", &["0.0004", "1"][..], AmountIs::Differs),
            ("590", &["1"][..], AmountIs::Differs),
            ("575", &["1"][..], AmountIs::Differs),
            ("5583.63", &[][..], AmountIs::Differs),
        ] {
            let fees: Vec<Decimal> = fees.iter().map(|fee| number(fee)).collect();
            assert_eq!(
                one_amount(number(found), number("583.63"), &fees),
                is,
                "{found} {fees:?}"
            );
        }
    }

    fn moment(clock: (u32, u32)) -> Moment {
        Moment {
            year: 2026,
            month: 6,
            day: 7,
            clock: Some((clock.0, clock.1, None)),
            ambiguous: false,
        }
    }

    fn amount_of(value: &str, asset: Option<&str>) -> Amount {
        Amount {
            value: Decimal::parse(value).unwrap(),
            asset: asset.map(str::to_owned),
            area: AREA,
            points: 3,
            role: Role::Amount,
            sign: None,
        }
    }

    /// A page of 583.63 USDT at noon, with one thing changed.
    fn shown(change: impl FnOnce(&mut Shown)) -> Shown {
        let mut shown = Shown {
            amounts: vec![amount_of("583.63", Some("USDT"))],
            times: vec![moment((12, 0))],
            ..Shown::default()
        };
        change(&mut shown);
        shown
    }

    fn identifier(text: &str, kind: Kind) -> Identifier {
        Identifier {
            text: text.to_owned(),
            kind,
            short: text.contains('…'),
            check: Check::None,
            labelled: true,
            area: AREA,
        }
    }

    /// EV-11: a page is the row's when it shows an identifier of it, or its coin, amount and moment together; what else it
    /// shows is compared and told.
    #[test]
    fn ev_11_what_a_page_must_share_with_a_row() {
        let mut context = Context::default();
        context.account.ledger = vec![Row {
            id: "w1".into(),
            asset: "USDT".into(),
            amount: "583.63".into(),
            address: Some(ADDRESS.into()),
            txid: Some("7f3a".repeat(16)),
            direction: "withdrawal".into(),
            time: "2026-06-07T12:04:00Z".into(),
        }];
        let bounds = shared().bounds;
        let told = |shown: Shown| matched(&shown, &context, &bounds).map(|matched| matched.line());
        let line = |by: &str| Some(format!("w1 withdrawal 583.63 USDT 2026-06-07T12:04:00Z: {by}"));
        for (shown, by) in [
            (shown(|_| {}), line("asset, amount, time")),
            (
                shown(|page| page.times[0] = moment((20, 1))),
                line("asset, amount, time (another zone)"),
            ),
            (shown(|page| page.times[0] = moment((13, 15))), None),
            (shown(|page| page.times.clear()), None),
            (shown(|page| page.amounts[0] = amount_of("583.63", Some("USDC"))), None),
            (shown(|page| page.amounts[0] = amount_of("583.63", None)), None),
            (
                shown(|page| {
                    page.amounts[0] = amount_of("583.63", None);
                    page.asset = Some("ETH".into());
                    page.addresses.push(identifier("0x5ded…0b30", Kind::Address));
                }),
                line("address, amount, time"),
            ),
            (
                shown(|page| {
                    page.amounts[0] = amount_of("584.63", Some("USDT"));
                    page.fees.push(amount_of("1", Some("USDT")));
                }),
                line("asset, amount (with a fee), time"),
            ),
            (
                shown(|page| {
                    page.amounts[0] = amount_of("584.63", Some("USDT"));
                    page.fees.push(amount_of("1", Some("BNB")));
                }),
                None,
            ),
            (
                shown(|page| {
                    page.amounts[0] = amount_of("590", Some("USDT"));
                    page.fees.push(amount_of("1", Some("USDT")));
                    page.txids.push(identifier(&"7f3a".repeat(16), Kind::Txid));
                }),
                line("txid, asset, time"),
            ),
            (
                shown(|page| page.addresses.push(identifier("0x5d…0b30", Kind::Address))),
                line("asset, amount, time"),
            ),
        ] {
            assert_eq!(told(shown.clone()), by, "{shown:?}");
        }
    }
}
