//! Times, lengths and chips as staff read them: UTC in the record, durations elsewhere.

use readmit_core::time::{At, Span};

/// A short state in two words, with its tone and icon; colour only where somebody must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chip {
    /// A class of the style sheet: empty, `info`, `pass`, `warn`, `fail` or `over`.
    pub(crate) tone: &'static str,
    /// The name of a symbol; empty for none.
    pub(crate) icon: &'static str,
    pub(crate) text: String,
}

impl Chip {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::of("", "", text)
    }

    pub(crate) fn of(tone: &'static str, icon: &'static str, text: impl Into<String>) -> Self {
        Self {
            tone,
            icon,
            text: text.into(),
        }
    }
}

/// `45 s`, `18 min`, `6 h 04`, `3 d`; never negative.
pub(crate) fn length(span: Span) -> String {
    let seconds = span.as_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h {:02}", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// The clock of a promised answer: red when broken, amber in its last hour.
pub(crate) fn due(due: Option<At>, now: At) -> Chip {
    let Some(due) = due else {
        return Chip::plain("no clock");
    };
    let left = due - now;
    if left < Span::ZERO {
        Chip::of("over", "stop", format!("{} over", length(Span(-left.0))))
    } else if left < Span::minutes(5) {
        Chip::of("fail", "clock", length(left))
    } else if left < Span::hours(1) {
        Chip::of("warn", "clock", length(left))
    } else {
        Chip::plain(length(left))
    }
}

/// `14:32`, UTC.
pub(crate) fn clock(at: At) -> String {
    let t = at.utc();
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// `12 March 2026, 14:22:08`, UTC.
pub(crate) fn stamp(at: At) -> String {
    format!("{}, {}", day(at), seconds(at))
}

/// `14:22:08` on the day of `now`, with the date before it on any other.
pub(crate) fn moment(at: At, now: At) -> String {
    if at.utc().date() == now.utc().date() {
        seconds(at)
    } else {
        stamp(at)
    }
}

fn seconds(at: At) -> String {
    format!("{}:{:02}", clock(at), at.utc().second())
}

/// `4 June 2019`.
pub(crate) fn day(at: At) -> String {
    let t = at.utc();
    format!("{} {} {}", t.day(), t.month(), t.year())
}

/// `email_code` as people write it: `email code`.
pub(crate) fn plain(code: &str) -> String {
    code.replace('_', " ")
}

/// A value of a record's detail, as people read it.
pub(crate) fn said(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        for (span, text) in [
            (Span::seconds(-4), "0 s"),
            (Span::seconds(45), "45 s"),
            (Span::minutes(18), "18 min"),
            (Span::minutes(364), "6 h 04"),
            (Span::hours(47), "47 h 00"),
            (Span::days(3), "3 d"),
        ] {
            assert_eq!(length(span), text);
        }
    }

    #[test]
    fn a_clock_turns_amber_then_red_then_counts_on() {
        let now = At(1_700_000_000_000_000);
        let tone = |left: Span| due(Some(now + left), now).tone;
        assert_eq!(tone(Span::hours(2)), "");
        assert_eq!(tone(Span::minutes(18)), "warn");
        assert_eq!(tone(Span::minutes(4)), "fail");
        assert_eq!(
            due(Some(now - Span::minutes(26)), now),
            Chip::of("over", "stop", "26 min over")
        );
        assert_eq!(due(None, now).text, "no clock");
    }

    #[test]
    fn moments_carry_the_date_only_on_other_days() {
        let at = At(1_700_000_000_000_000);
        assert_eq!(moment(at, at), "22:13:20");
        assert_eq!(moment(at, at + Span::days(1)), "14 November 2023, 22:13:20");
        assert_eq!((clock(at).as_str(), day(at).as_str()), ("22:13", "14 November 2023"));
    }
}
