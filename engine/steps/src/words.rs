//! Saying things: texts with the host's name in them, moments with their day, masked addresses.

use readmit_core::texts::{Texts, Value};
use readmit_core::time::{At, Span};

use crate::face::Brand;

/// Texts of one language. Every text may use `{ $host }`.
#[derive(Clone, Copy)]
pub struct Say<'a> {
    texts: &'a Texts,
    language: &'a str,
    host: &'a str,
}

/// A moment as people read it, and as machines do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// `13 March 2026, 15:10 UTC`.
    pub text: String,
    /// For `<time datetime>`: a script may show it in the reader's own zone.
    pub machine: String,
}

impl<'a> Say<'a> {
    #[must_use]
    pub fn new(texts: &'a Texts, language: &'a str, brand: &'a Brand) -> Self {
        Self {
            texts,
            language,
            host: &brand.name,
        }
    }

    #[must_use]
    pub const fn language(&self) -> &'a str {
        self.language
    }

    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let host = [("host", Value::from(self.host))];
        let all: Vec<(&str, Value<'_>)> = host.iter().chain(values).cloned().collect();
        self.texts.with(self.language, key, &all)
    }

    /// A text in two parts, before and after the value of this name: for a value that has an element of its own.
    #[must_use]
    pub fn around(&self, key: &str, name: &str) -> (String, String) {
        // A character that no text has: the first of the private use area.
        const MARK: &str = "\u{e000}";
        let whole = self.with(key, &[(name, MARK.into())]);
        let (before, after) = whole.split_once(MARK).unwrap_or((&whole, ""));
        (before.to_owned(), after.to_owned())
    }

    /// A text with one number, `{ $n }`.
    #[must_use]
    pub fn count(&self, key: &str, n: impl Into<Value<'static>>) -> String {
        self.with(key, &[("n", n.into())])
    }

    /// What stands between two sentences.
    #[must_use]
    pub fn space(&self) -> &'static str {
        match self.language {
            "zh" => "",
            _ => " ",
        }
    }

    /// Whether the language or English has the text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.texts.has(self.language, key) || self.texts.has(readmit_core::texts::FALLBACK, key)
    }

    /// A moment: the day, and the time to the minute.
    #[must_use]
    pub fn when(&self, at: At) -> When {
        let values = [("date", self.date(at).into()), ("time", self.time(at).into())];
        When {
            text: self.with("moment", &values),
            machine: at.rfc3339(),
        }
    }

    /// A day, with its year.
    #[must_use]
    pub fn date(&self, at: At) -> String {
        let day = at.utc().date();
        let month = self.get(&format!("month-{}", u8::from(day.month())));
        let values = [
            ("day", Value::from(day.day())),
            ("month", month.into()),
            ("year", day.year().to_string().into()),
        ];
        self.with("date", &values)
    }

    /// The time of day: `15:10 UTC`.
    #[must_use]
    pub fn time(&self, at: At) -> String {
        let moment = at.utc();
        format!("{:02}:{:02} UTC", moment.hour(), moment.minute())
    }

    /// From when on something may be tried again: how long that is, and the moment to the second.
    #[must_use]
    pub fn again(&self, at: At, now: At) -> String {
        let (moment, left) = (at.utc(), (at - now).as_seconds().max(1));
        let time = format!("{:02}:{:02}:{:02}", moment.hour(), moment.minute(), moment.second());
        let wait = match left {
            ..=90 => self.count("span-seconds", left),
            left => self.span(Span::minutes(left.div_euclid(60) + i64::from(left % 60 > 0))),
        };
        self.with("again-in", &[("wait", wait.into()), ("time", time.into())])
    }

    /// A length of time in its two largest units: `21 hours 40 minutes`.
    #[must_use]
    pub fn span(&self, span: Span) -> String {
        let minutes = span.as_seconds().max(0).div_euclid(60);
        let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
        // Waits of up to three days are spoken of in hours.
        let (days, hours) = if days <= 3 {
            (0, hours + days * 24)
        } else {
            (days, hours)
        };
        let parts: Vec<String> = [("span-days", days), ("span-hours", hours), ("span-minutes", minutes)]
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .take(2)
            .map(|(key, n)| self.count(key, n))
            .collect();
        if parts.is_empty() {
            self.count("span-minutes", 1)
        } else {
            parts.join(" ")
        }
    }
}

/// An e-mail address with only its ends shown, always of the same length: `a•••••r@p•••••.example`.
#[must_use]
pub fn masked(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let (name, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let last = local
        .chars()
        .next_back()
        .filter(|_| local.chars().count() > 2)
        .map(String::from);
    format!(
        "{}•••••{}@{}•••••.{top}",
        first(local),
        last.unwrap_or_default(),
        first(name)
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::texts::texts;

    fn at(text: &str) -> At {
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
            .unwrap()
            .into()
    }

    #[test]
    fn moments_are_written_in_one_way() {
        let (texts, brand) = (texts().unwrap(), Brand::default());
        let when = |language, moment| Say::new(&texts, language, &brand).when(at(moment)).text;
        assert_eq!(when("en", "2026-03-14T15:10:00Z"), "14 March 2026, 15:10 UTC");
        assert_eq!(when("es", "2026-03-14T15:10:00Z"), "14 de marzo de 2026, 15:10 UTC");
        assert_eq!(when("zh", "2026-03-14T15:10:00Z"), "2026年3月14日 15:10 UTC");
        assert_eq!(when("en", "2024-01-02T08:05:00Z"), "2 January 2024, 08:05 UTC");
    }

    #[test]
    fn spans_are_told_in_two_units() {
        let (texts, brand) = (texts().unwrap(), Brand::default());
        let say = Say::new(&texts, "en", &brand);
        assert_eq!(say.span(Span::minutes(21 * 60 + 40)), "21 hours 40 minutes");
        assert_eq!(say.span(Span::hours(72)), "72 hours");
        assert_eq!(say.span(Span::days(14)), "14 days");
        assert_eq!(say.span(Span::seconds(5)), "1 minute");
    }

    #[test]
    fn what_may_be_tried_again_is_said_to_the_second() {
        let (texts, brand) = (texts().unwrap(), Brand::default());
        let now = at("2026-03-12T14:00:00Z");
        let again = |language, later| Say::new(&texts, language, &brand).again(now + Span::seconds(later), now);
        assert_eq!(again("en", 30), "You can try again in 30 seconds, at 14:00:30 UTC.");
        assert_eq!(again("en", 121), "You can try again in 3 minutes, at 14:02:01 UTC.");
        assert_eq!(
            again("es", 3_600),
            "Puedes intentarlo de nuevo en 1 hora, a las 15:00:00 UTC."
        );
    }

    #[test]
    fn a_value_may_stand_in_an_element_of_its_own() {
        let (texts, brand) = (texts().unwrap(), Brand::default());
        let (before, after) = Say::new(&texts, "en", &brand).around("status-we-write", "address");
        assert_eq!((before.as_str(), after.as_str()), ("We will also write to ", "."));
    }

    #[test]
    fn a_masked_address_tells_neither_length_nor_name() {
        assert_eq!(
            masked("annelise.vandermeer@post-provider.example"),
            "a•••••r@p•••••.example"
        );
        assert_eq!(masked("a@b.example"), "a•••••@b•••••.example");
        assert_eq!(masked(""), "•••••@•••••.");
    }
}
