//! Moments as pages write them, in their many orders and languages.

use regex::Regex;

use crate::pack::Shared;

/// A moment as shown: no page says its time zone reliably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    /// Hour, minute, and second where it is shown; `None` when only the day is.
    pub clock: Option<(u32, u32, Option<u32>)>,
    /// Day and month could be the other way round.
    pub ambiguous: bool,
}

/// The patterns of dates and clocks, made once a pack.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    year_first: Regex,
    year_last: Regex,
    month_first: Regex,
    day_first: Regex,
    clock: Regex,
    months: Vec<(String, u32)>,
    /// Words between date and clock that say it is after noon.
    afternoon: Vec<String>,
}

/// Letters between a date and its clock, such as `, at`, `T`, `a las`.
const BETWEEN: usize = 8;

impl Calendar {
    /// # Errors
    /// When a pattern does not compile; with month names as data it always does.
    pub(crate) fn new(months: Vec<(String, u32)>, afternoon: Vec<String>) -> Result<Self, regex::Error> {
        let mut names: Vec<String> = months.iter().map(|(name, _)| regex::escape(name)).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let names = names.join("|");
        Ok(Self {
            year_first: Regex::new(r"(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?")?,
            year_last: Regex::new(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d)")?,
            month_first: Regex::new(&format!(
                r"(?i)\b({names})\.?\s?(\d{{1,2}})(?:st|nd|rd|th)?,?\s?(20\d\d)"
            ))?,
            day_first: Regex::new(&format!(
                r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th|º)?[\s-]?(?:de\s)?({names})\.?,?[\s-]?(?:del?\s)?(20\d\d)"
            ))?,
            clock: Regex::new(r"(?i)(\d{1,2})\s?[:：]\s?(\d{2})(?:\s?[:：]\s?(\d{2}))?\s?([ap]\.?\s?m)?")?,
            months,
            afternoon,
        })
    }

    /// The first moment of a text, with where it begins.
    #[must_use]
    pub(crate) fn first(&self, text: &str) -> Option<(Moment, usize)> {
        let dates = [self.year_first(text), self.named(text), self.year_last(text)];
        let (mut moment, from, to) = dates.into_iter().flatten().min_by_key(|(_, from, _)| *from)?;
        moment.clock = self
            .clock_after(text.get(to..)?)
            .or_else(|| self.clock_before(text.get(..from)?));
        let valid = (1..=12).contains(&moment.month) && (1..=31).contains(&moment.day);
        valid.then_some((moment, from))
    }

    fn clock_after(&self, rest: &str) -> Option<(u32, u32, Option<u32>)> {
        let found = self.clock.captures(rest)?;
        let gap = rest.get(..found.get(0)?.start())?;
        let near = gap.chars().count() <= BETWEEN && !gap.chars().any(|c| c.is_ascii_digit());
        near.then(|| clock(&found, self.afternoon.iter().any(|word| gap.contains(word))))?
    }

    fn clock_before(&self, rest: &str) -> Option<(u32, u32, Option<u32>)> {
        let found = self.clock.captures_iter(rest).last()?;
        let gap = rest.get(found.get(0)?.end()..)?;
        let near = gap.chars().count() <= BETWEEN && !gap.chars().any(char::is_alphanumeric);
        near.then(|| clock(&found, false))?
    }

    fn year_first(&self, text: &str) -> Option<(Moment, usize, usize)> {
        let found = self.year_first.captures(text)?;
        let (year, month, mut day) = (number(&found, 1)?, number(&found, 2)?, number(&found, 3)?);
        let whole = found.get(0)?;
        let mut end = whole.end();
        // A reader may lose the space: in `2026-09-2918:43` the day has two digits, which the pattern takes anyway.
        if day > 31 {
            day /= 10;
            end -= 1;
        }
        Some((day_of(year, month, day), whole.start(), end))
    }

    fn year_last(&self, text: &str) -> Option<(Moment, usize, usize)> {
        let found = self.year_last.captures(text)?;
        let (a, b, year) = (number(&found, 1)?, number(&found, 2)?, number(&found, 3)?);
        let whole = found.get(0)?;
        // Day first, as most of the world writes it, unless that is no date.
        let (day, month) = if b > 12 { (b, a) } else { (a, b) };
        let mut moment = day_of(year, month, day);
        moment.ambiguous = a <= 12 && b <= 12 && a != b;
        Some((moment, whole.start(), whole.end()))
    }

    fn named(&self, text: &str) -> Option<(Moment, usize, usize)> {
        let month = |name: &str| {
            let name = name.to_lowercase();
            self.months
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, month)| *month)
        };
        let first = self.month_first.captures(text).and_then(|found| {
            let moment = day_of(number(&found, 3)?, month(found.get(1)?.as_str())?, number(&found, 2)?);
            Some((moment, found.get(0)?.start(), found.get(0)?.end()))
        });
        let last = self.day_first.captures(text).and_then(|found| {
            let moment = day_of(number(&found, 3)?, month(found.get(2)?.as_str())?, number(&found, 1)?);
            Some((moment, found.get(0)?.start(), found.get(0)?.end()))
        });
        [first, last].into_iter().flatten().min_by_key(|(_, from, _)| *from)
    }
}

fn day_of(year: u32, month: u32, day: u32) -> Moment {
    Moment {
        year: year.cast_signed(),
        month,
        day,
        clock: None,
        ambiguous: false,
    }
}

fn number(found: &regex::Captures<'_>, group: usize) -> Option<u32> {
    found.get(group)?.as_str().parse().ok()
}

fn clock(found: &regex::Captures<'_>, afternoon: bool) -> Option<(u32, u32, Option<u32>)> {
    let (hour, minute) = (number(found, 1)?, number(found, 2)?);
    let half = found.get(4).map(|half| half.as_str().to_lowercase());
    let hour = match half.as_deref().and_then(|half| half.chars().next()) {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ if afternoon && hour < 12 => hour + 12,
        _ => hour,
    };
    (hour < 24 && minute < 60).then(|| (hour, minute, number(found, 3)))
}

impl Moment {
    /// Minutes since 1970 as if it were in UTC; of the whole day, its noon.
    #[must_use]
    pub(crate) fn minutes(self) -> Option<i64> {
        let month = time::Month::try_from(u8::try_from(self.month).ok()?).ok()?;
        let date = time::Date::from_calendar_date(self.year, month, u8::try_from(self.day).ok()?).ok()?;
        let (hour, minute, _) = self.clock.unwrap_or((12, 0, None));
        let clock = time::Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0).ok()?;
        Some(date.with_time(clock).assume_utc().unix_timestamp() / 60)
    }

    /// The same with day and month changed over, where they may be.
    #[must_use]
    pub(crate) fn other_way(self) -> Option<Self> {
        self.ambiguous.then_some(Self {
            month: self.day,
            day: self.month,
            ..self
        })
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        match self.clock {
            Some((hour, minute, Some(second))) => write!(f, " {hour:02}:{minute:02}:{second:02}"),
            Some((hour, minute, None)) => write!(f, " {hour:02}:{minute:02}"),
            None => Ok(()),
        }
    }
}

impl Shared {
    /// The first moment of a text.
    #[must_use]
    pub(crate) fn moment(&self, text: &str) -> Option<Moment> {
        self.calendar.first(text).map(|(moment, _)| moment)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn moments_are_read_as_pages_write_them() {
        let months = [("sep", 9), ("september", 9), ("mar", 3), ("septiembre", 9), ("sept", 9)];
        let months = months.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        let calendar = Calendar::new(months, vec!["下午".into()]).unwrap();
        for (text, shown) in [
            ("2026-09-22 18:18:17", "2026-09-22 18:18:17"),
            ("于2026-09-2919:43:08(UTC)", "2026-09-29 19:43:08"),
            ("2026/9/2 8:05", "2026-09-02 08:05"),
            ("2026年9月22日 下午6:18", "2026-09-22 18:18"),
            ("Sep 22, 2026 06:18 PM", "2026-09-22 18:18"),
            ("Sep22,202606:18PM", "2026-09-22 18:18"),
            ("22 September 2026 at 12:05 am", "2026-09-22 00:05"),
            ("22 de septiembre de 2026, 18:18 h", "2026-09-22 18:18"),
            ("22/09/2026 18:18", "2026-09-22 18:18"),
            ("09/22/2026, 6:18 p. m.", "2026-09-22 18:18"),
            ("2026-09-22T18:18:17Z", "2026-09-22 18:18:17"),
            ("18:18:17 22.09.2026", "2026-09-22 18:18:17"),
            ("Mar 4, 2026", "2026-03-04"),
        ] {
            let (moment, _) = calendar.first(text).unwrap();
            assert_eq!(moment.to_string(), shown, "{text}");
        }
        for text in ["9:41", "version 2026.1", "48.19.205.88", "2026-19-22 10:00"] {
            assert_eq!(calendar.first(text), None, "{text}");
        }
    }
}
