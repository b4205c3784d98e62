//! Amounts of an asset, with their thousands separators, and which of those on a page is the one that moved.

use readmit_core::inspection::Area;
use regex::Regex;

use crate::pack::Shared;
use crate::page::Page;
use crate::read::Line;

/// A number on the page that may be the amount.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amount {
    pub value: Decimal,
    /// The asset's code where it stands beside the number.
    pub asset: Option<String>,
    pub area: Area,
    /// How much speaks for it.
    pub points: i32,
    pub role: Role,
    /// The sign right before it: whether it came in or went out.
    pub sign: Option<Sign>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
}

/// What the label beside a number says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Amount,
    Fee,
    /// A balance, a price, a limit: not what moved.
    Beside,
    Unlabelled,
}

/// A decimal number, exactly as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// Without its point.
    pub digits: u128,
    /// Digits after the point.
    pub places: u32,
}

/// More digits than this are an identifier.
const MOST_DIGITS: usize = 24;

impl Decimal {
    /// Reads a number with either point or comma, and separators of thousands.
    #[must_use]
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let text: String = written
            .chars()
            .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
            .collect();
        let point = decimal_point(&text);
        let whole = text.get(..point.unwrap_or(text.len()))?;
        let thousands = whole.split(['.', ',']).skip(1).all(|group| group.len() == 3);
        thousands.then_some(())?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let after = point.map_or(0, |at| text.len() - at - 1);
        (!digits.is_empty() && digits.len() <= MOST_DIGITS).then_some(())?;
        Some(Self {
            digits: digits.parse().ok()?,
            places: u32::try_from(after).ok()?,
        })
    }

    /// The same number with so many places; digits beyond are cut off or rounded.
    fn at(self, places: u32, round: bool) -> Option<u128> {
        if places >= self.places {
            return self.digits.checked_mul(10u128.checked_pow(places - self.places)?);
        }
        let unit = 10u128.checked_pow(self.places - places)?;
        Some(self.digits.checked_add(if round { unit / 2 } else { 0 })? / unit)
    }

    /// Whether both are the same number.
    #[must_use]
    pub(crate) fn equals(self, other: Self) -> bool {
        let places = self.places.max(other.places);
        self.at(places, false)
            .is_some_and(|value| Some(value) == other.at(places, false))
    }

    /// Whether this is the other one with fewer places, rounded or cut off. At least three digits must be left.
    #[must_use]
    pub(crate) fn rounds(self, exact: Self) -> bool {
        let fewer = self.places < exact.places && self.digits >= 100;
        fewer
            && [true, false]
                .into_iter()
                .any(|round| exact.at(self.places, round) == Some(self.digits))
    }

    #[must_use]
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let digits = self.at(places, false)?.checked_add(other.at(places, false)?)?;
        Some(Self { digits, places })
    }

    #[must_use]
    pub(crate) const fn is_zero(self) -> bool {
        self.digits == 0
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = 10u128.checked_pow(self.places).unwrap_or(1);
        let (whole, part) = (self.digits / unit, self.digits % unit);
        match usize::try_from(self.places) {
            Ok(0) | Err(_) => write!(f, "{whole}"),
            Ok(places) => write!(f, "{whole}.{part:0places$}"),
        }
    }
}

/// Where the decimal point is: the last separator, unless it can only part thousands.
fn decimal_point(text: &str) -> Option<usize> {
    let last = text.rfind(['.', ','])?;
    let mark = text.get(last..=last)?;
    let other = if mark == "." { "," } else { "." };
    let after = text.len() - last - 1;
    let thousands = after == 3
        && (text.matches(mark).count() > 1
            || mark == ","
                && !text.contains(other)
                && !text.starts_with('0')
                && text.get(..last).is_some_and(|whole| whole.len() <= 3));
    (!thousands).then_some(last)
}

/// Finds numbers and the codes of assets beside them.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    number: Regex,
    after: Regex,
    before: Regex,
}

impl Amounts {
    /// # Errors
    /// When a pattern does not compile; they always do.
    pub(crate) fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            number: Regex::new(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?\b|\d+(?:[.,]\d+)*")?,
            after: Regex::new(r"^\s?\(?\$?([A-Z][A-Z0-9]{1,7}|[A-Za-z][a-z]{3,12}|[\p{Han}]{2,4})")?,
            before: Regex::new(r"([A-Z][A-Z0-9]{1,7})\s?[:：]?\s?[-+−–]?\s?$")?,
        })
    }

    fn of_line(&self, page: &Page, line: &Line, shared: &Shared) -> Vec<Amount> {
        let mut amounts = Vec::new();
        for found in self.number.find_iter(&line.text) {
            let (before, after) = (line.text.get(..found.start()), line.text.get(found.end()..));
            let (Some(before), Some(after)) = (before, after) else {
                continue;
            };
            if !stands_alone(before, after) || shared.is_money(before, after) {
                continue;
            }
            let Some(value) = Decimal::parse(found.as_str()).filter(|value| !value.is_zero()) else {
                continue;
            };
            let beside = |regex: &Regex, text: &str| {
                let word = regex.captures(text)?.get(1)?.as_str().to_owned();
                shared.asset(&word)
            };
            let asset = beside(&self.after, after).or_else(|| beside(&self.before, before));
            let role = role(page, line, before, after, shared);
            let sign = sign(before);
            let points = 3 * i32::from(role == Role::Amount)
                + 2 * i32::from(asset.is_some())
                + 2 * i32::from(page.is_title(line))
                + i32::from(sign.is_some() && before.trim_end().len() <= 3);
            amounts.push(Amount {
                value,
                asset,
                area: line.area,
                points,
                role,
                sign,
            });
        }
        amounts
    }
}

impl Shared {
    /// The amounts of a page, the likeliest first; and its fees.
    #[must_use]
    pub(crate) fn amounts_of(&self, page: &Page, is_taken: impl Fn(&Line) -> bool) -> (Vec<Amount>, Vec<Amount>) {
        let lines = page.lines.iter().filter(|line| !is_taken(line));
        let all: Vec<Amount> = lines.flat_map(|line| self.amounts.of_line(page, line, self)).collect();
        let fees = all.iter().filter(|amount| amount.role == Role::Fee).cloned().collect();
        let mut amounts: Vec<Amount> = all
            .into_iter()
            .filter(|amount| matches!(amount.role, Role::Amount | Role::Unlabelled) && amount.points >= 2)
            .collect();
        amounts.sort_by_key(|amount| std::cmp::Reverse(amount.points));
        (amounts, fees)
    }
}

/// The sign that a text ends with.
fn sign(before: &str) -> Option<Sign> {
    match before.trim_end().chars().next_back()? {
        '+' => Some(Sign::Plus),
        '-' | '−' | '–' => Some(Sign::Minus),
        _ => None,
    }
}

/// Whether a number is one by itself: no part of a word, a date, a clock, an address or a percentage.
fn stands_alone(before: &str, after: &str) -> bool {
    let joins = |c: char| matches!(c, '/' | '.' | '#' | '_' | '@' | '…' | '*');
    let ends_word = before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || joins(c));
    let clock = before.ends_with(':') && before.trim_end_matches(':').ends_with(|c: char| c.is_ascii_digit());
    let date = before.ends_with('-') && before.trim_end_matches('-').ends_with(|c: char| c.is_ascii_digit());
    let next = after.chars().next();
    let goes_on = next.is_some_and(|c| {
        matches!(c, ':' | '/' | '%' | '@' | '_' | '…' | '*' | '年' | '月' | '日') || c.is_ascii_lowercase()
    }) || after.starts_with('-') && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        || after.starts_with('.') && after.chars().nth(1).is_some_and(|c| c.is_ascii_alphanumeric())
        || after.trim_start().starts_with('%');
    let mixed = after
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .any(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
        && next.is_some_and(|c| c.is_ascii_alphanumeric());
    !(ends_word || clock || date || goes_on || mixed)
}

/// What the label of a number says: the words before it, else the line to its left, else the line above.
fn role(page: &Page, line: &Line, before: &str, after: &str, shared: &Shared) -> Role {
    let of = |text: &str| {
        let says = |name: &str| shared.labels(name).iter().any(|label| label.is_in(text));
        if says("fee") {
            Some(Role::Fee)
        } else if says("beside") {
            Some(Role::Beside)
        } else {
            says("amount").then_some(Role::Amount)
        }
    };
    let tail: String = before
        .chars()
        .rev()
        .take(28)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    if let Some(role) = of(&tail) {
        return role;
    }
    let fee_after = after
        .get(..after.len().min(24))
        .is_some_and(|after| shared.labels("fee").iter().any(|label| label.is_in(after)));
    if fee_after {
        return Role::Fee;
    }
    let only = before.chars().all(|c| !c.is_alphabetic());
    let neighbours = [page.left_of(line), page.above(line)];
    let labels = neighbours.into_iter().flatten().filter(|_| only);
    labels
        .filter(|label| !page.is_title(line) || page.is_title(label) || label.area.1 + label.area.3 / 2 > line.area.1)
        .find_map(|label| of(&label.text))
        .unwrap_or(Role::Unlabelled)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_read_with_their_separators() {
        for (written, shown) in [
            ("14,609.02", "14609.02"),
            ("21.609,03", "21609.03"),
            ("1,234", "1234"),
            ("0,125", "0.125"),
            ("1'234'567.5", "1234567.5"),
            ("12 345.60", "12345.60"),
            ("0.00012", "0.00012"),
            ("1.234.567", "1234567"),
            ("1.234", "1.234"),
        ] {
            assert_eq!(Decimal::parse(written).unwrap().to_string(), shown, "{written}");
        }
        assert_eq!(Decimal::parse("48.19.205.88"), None, "no number has such groups");
    }

    #[test]
    fn rounding_is_told_from_another_amount() {
        let number = |text: &str| Decimal::parse(text).unwrap();
        assert!(number("1.30").equals(number("1.3")));
        assert!(number("1.29").rounds(number("1.29917219")) && number("1.30").rounds(number("1.29917219")));
        assert!(!number("1.31").rounds(number("1.29917219")) && !number("1").rounds(number("1.29917219")));
    }

    #[test]
    fn numbers_inside_other_things_do_not_count() {
        for (text, number) in [
            ("9:41", "41"),
            ("2026-05-02", "05"),
            ("0x12ab", "12"),
            ("12%", "12"),
            ("v1.2", "1.2"),
            ("TRC20", "20"),
        ] {
            let at = text.find(number).unwrap();
            assert!(!stands_alone(&text[..at], &text[at + number.len()..]), "{text}");
        }
        assert!(stands_alone("+", " ETH") && stands_alone("", "XRP") && stands_alone("Amount:", ""));
    }
}
