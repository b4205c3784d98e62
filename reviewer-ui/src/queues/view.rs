//! Rows, tabs and filters of the queue page, ready to display.

use askama::Template;
use readmit_core::case::{Decided, TaskKind};
use readmit_core::ids::CaseId;
use readmit_core::review::Verdict;
use readmit_core::time::{At, Span};
use readmit_storage::{Person, QueueCount, QueueKey, QueueRow};

use super::{MINE, shown, title};
use crate::case_page::find::Found;
use crate::case_page::view::Banner;
use crate::page::Names;
use crate::words::{self, Chip};

#[derive(Template)]
#[template(path = "queues/queues.html")]
pub(super) struct QueuePage {
    pub(super) title: String,
    pub(super) counts: String,
    pub(super) token: String,
    pub(super) news: Option<News>,
    pub(super) tabs: Vec<Tab>,
    pub(super) filters: bool,
    pub(super) queue: String,
    pub(super) state: String,
    pub(super) due: String,
    pub(super) rows: Vec<Row>,
    pub(super) empty: (&'static str, &'static str),
    pub(super) more: String,
}

pub(super) struct Tab {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) here: bool,
}

pub(super) struct Row {
    pub(super) reference: String,
    /// Whether this person may open the row.
    pub(super) opens: bool,
    pub(super) yours: bool,
    pub(super) due: Chip,
    pub(super) state: Chip,
    pub(super) workflow: String,
    pub(super) tier: String,
    pub(super) high: bool,
    pub(super) approvals: String,
    pub(super) age: String,
    pub(super) reviewer: String,
}

/// What one person approved already, and another has to.
const SECOND: &str = "second";

/// Who reads the page, and when.
pub(super) struct Reader<'a> {
    pub(super) person: &'a Person,
    pub(super) names: Names,
    pub(super) now: At,
}

/// What a press of a button came to.
pub(crate) struct News {
    /// The page of the case it is about, and its reference.
    case: Option<(String, String)>,
    text: String,
}

const NOTHING_WAITS: &str = "Nothing waits for you now: what is left is with colleagues, or for others to decide.";

impl News {
    pub(super) fn nothing_waits() -> Self {
        Self {
            case: None,
            text: NOTHING_WAITS.to_owned(),
        }
    }

    pub(super) fn and_nothing_waits(self) -> Self {
        Self {
            text: format!("{} {NOTHING_WAITS}", self.text),
            ..self
        }
    }

    /// The same on the page of another case.
    pub(crate) fn banner(self) -> Banner {
        let (href, text) = match self.case {
            Some((href, reference)) => (href, format!("{reference}: {}", self.text)),
            None => (String::new(), self.text),
        };
        Banner {
            tone: "pass",
            icon: "check",
            href,
            text,
        }
    }

    pub(super) fn decided(found: &Found, decided: &Decided) -> Self {
        Self {
            case: Some((found.path(), found.reference.to_string())),
            text: match decided.verdict {
                Verdict::Approve if decided.reason == "objection_dismissed" => {
                    "the objection is dismissed; the case goes on."
                }
                Verdict::Approve => "your approval is recorded.",
                Verdict::Reject => "your rejection is recorded.",
                Verdict::Ask => "the claimant is asked for more.",
                Verdict::Uphold => "the owner's objection stands.",
            }
            .to_owned(),
        }
    }
}

/// What the reader asked to see.
pub(super) struct Filter {
    state: &'static str,
    due: &'static str,
    now: At,
}

impl Filter {
    pub(super) fn of(state: &str, due: &str, now: At) -> Self {
        let known = |words: [&'static str; 3], typed: &str| words.into_iter().find(|word| *word == typed);
        Self {
            state: known(["free", "claimed", SECOND], state).unwrap_or_default(),
            due: known(["over", "hour", ""], due).unwrap_or_default(),
            now,
        }
    }

    pub(super) fn holds(&self, row: &QueueRow) -> bool {
        let state = match self.state {
            "free" => !held(row, self.now),
            "claimed" => held(row, self.now),
            SECOND => row.given > 0,
            _ => true,
        };
        state
            && match self.due {
                "over" => row.due_at < self.now,
                "hour" => row.due_at < self.now + Span::hours(1),
                _ => true,
            }
    }
}

fn held(row: &QueueRow, now: At) -> bool {
    row.claimed_by.is_some() && row.lease_until.is_some_and(|until| until > now)
}

/// The page without the token of its form.
pub(super) fn queue_page(
    here: &str,
    tabs: Vec<Tab>,
    rows: &[QueueRow],
    next: Option<&QueueKey>,
    filter: &Filter,
    reader: &Reader<'_>,
    news: Option<News>,
) -> QueuePage {
    let unfiltered = filter.state.is_empty() && filter.due.is_empty();
    let more = |key: &QueueKey| {
        let (state, due, after) = (filter.state, filter.due, mark(key));
        format!("/?queue={here}&state={state}&due={due}&after={after}")
    };
    QueuePage {
        title: title(here),
        counts: summary(rows, next.is_some(), reader.now),
        token: String::new(),
        news,
        tabs,
        filters: here != MINE,
        queue: here.to_owned(),
        state: filter.state.to_owned(),
        due: filter.due.to_owned(),
        empty: empty(here, unfiltered),
        more: next.map(more).unwrap_or_default(),
        rows: rows.iter().map(|line| row(line, reader)).collect(),
    }
}

fn row(row: &QueueRow, reader: &Reader<'_>) -> Row {
    let (me, now) = (reader.person, reader.now);
    let yours = row.claimed_by == Some(me.id);
    Row {
        reference: row.reference.to_string(),
        opens: yours || me.roles.iter().any(|role| role.is_senior()),
        yours,
        due: words::due(Some(row.due_at), now),
        state: state(row, yours, now),
        workflow: words::capital(&row.workflow.replace('-', " ")),
        high: row.tier.as_deref() == Some("high"),
        tier: row.tier.as_deref().map_or_else(|| "–".into(), words::capital),
        approvals: match row.wanted {
            0 => String::new(),
            wanted => format!("{}/{wanted}", row.given),
        },
        age: words::length(now - row.opened),
        reviewer: match row.claimed_by {
            Some(_) if yours => "You".into(),
            Some(person) if held(row, now) => reader.names.of(person),
            _ => String::new(),
        },
    }
}

fn state(row: &QueueRow, yours: bool, now: At) -> Chip {
    let left = row
        .lease_until
        .filter(|until| *until > now)
        .map(|until| words::length(until - now));
    match (yours, left) {
        (true, Some(left)) => Chip::of("info", "", format!("Yours, {left}")),
        (true, None) => Chip::of("warn", "", "Your claim ended"),
        (false, Some(_)) => Chip::plain("In review"),
        (false, None) if row.kind == TaskKind::Contest => Chip::of("warn", "warn", "Owner objected"),
        (false, None) if row.given > 0 => Chip::of("info", "", "Second approval"),
        (false, None) => Chip::plain("Free"),
    }
}

pub(super) fn tabs(queues: &[String], counts: &[QueueCount], (here, filter): (&str, &Filter), mine: usize) -> Vec<Tab> {
    let second = filter.state == SECOND;
    let tab = |queue: &str, count: String| Tab {
        href: format!("/?queue={queue}"),
        label: title(queue),
        count,
        here: queue == here && !second,
    };
    let mut tabs: Vec<Tab> = queues.iter().map(|queue| tab(queue, shown(counts, queue))).collect();
    if let Some(queue) = queues.first() {
        tabs.push(Tab {
            href: format!("/?queue={queue}&state={SECOND}"),
            label: "Second approvals".into(),
            count: String::new(),
            here: second,
        });
    }
    tabs.push(tab(MINE, mine.to_string()));
    tabs
}

/// `12 here · 2 overdue`.
fn summary(rows: &[QueueRow], more: bool, now: At) -> String {
    let over = rows.iter().filter(|row| row.due_at < now).count();
    let shown = format!("{}{} here", rows.len(), if more { "+" } else { "" });
    if over == 0 {
        shown
    } else {
        format!("{shown} · {over} overdue")
    }
}

fn empty(queue: &str, unfiltered: bool) -> (&'static str, &'static str) {
    match (queue, unfiltered) {
        (MINE, _) => ("You hold no case", "Press “Next case” to get one."),
        (_, true) => (
            "Nothing is waiting",
            "New cases come here when the claimant has handed everything in.",
        ),
        (_, false) => ("Nothing fits", "Widen the filter to see what waits."),
    }
}

/// A place in the list, for an address.
fn mark(key: &QueueKey) -> String {
    format!("{}.{}.{}", key.priority, key.due_at.0, key.case)
}

/// The place that an address names; the beginning when it names none.
pub(super) fn unmark(text: &str) -> Option<QueueKey> {
    let mut parts = text.split('.');
    let key = QueueKey {
        priority: parts.next()?.parse().ok()?,
        due_at: At(parts.next()?.parse().ok()?),
        case: parts.next()?.parse::<CaseId>().ok()?,
    };
    parts.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::samples;
    use readmit_core::command::Role;
    use readmit_core::ids::{PersonId, TaskId};
    use uuid::Uuid;

    const NOW: At = At(1_700_000_000_000_000);

    fn waiting() -> QueueRow {
        QueueRow {
            case: CaseId(Uuid::from_u128(1)),
            task: TaskId(Uuid::from_u128(2)),
            kind: TaskKind::Review,
            queue: "recovery".into(),
            round: 1,
            wanted: 2,
            given: 0,
            senior: false,
            reference: readmit_core::ids::CaseRef::from_bits(1),
            workflow: "passkey-reset".into(),
            tier: Some("high".into()),
            opened: NOW - Span::hours(6),
            priority: 20,
            due_at: NOW - Span::minutes(26),
            token: 0,
            claimed_by: None,
            lease_until: None,
        }
    }

    fn shown_to(line: &QueueRow, person: PersonId, role: Role) -> Row {
        let person = Person {
            id: person,
            name: "mina".into(),
            display: "Mina Okafor".into(),
            roles: vec![role],
            active: true,
        };
        let reader = Reader {
            person: &person,
            names: Names::of_one(samples::person(2), "P. Lindqvist"),
            now: NOW,
        };
        row(line, &reader)
    }

    #[test]
    fn in_02_reviewers_open_only_their_own_rows() {
        let mut line = waiting();
        let me = samples::person(1);
        assert!(!shown_to(&line, me, Role::Reviewer).opens);
        assert!(shown_to(&line, me, Role::Senior).opens);
        line.claimed_by = Some(me);
        assert!(shown_to(&line, me, Role::Reviewer).opens);
    }

    #[test]
    fn a_row_says_whose_it_is_and_for_how_long() {
        let (me, other) = (samples::person(1), samples::person(2));
        let mut line = waiting();
        assert_eq!(shown_to(&line, me, Role::Senior).state.text, "Free");
        line.given = 1;
        assert_eq!(shown_to(&line, me, Role::Senior).state.text, "Second approval");
        (line.claimed_by, line.lease_until) = (Some(other), Some(NOW + Span::minutes(9)));
        let theirs = shown_to(&line, me, Role::Senior);
        assert_eq!(
            (theirs.state.text.as_str(), theirs.reviewer.as_str()),
            ("In review", "P. Lindqvist")
        );
        line.claimed_by = Some(me);
        let mine = shown_to(&line, me, Role::Senior);
        assert_eq!(
            (mine.state.text.as_str(), mine.reviewer.as_str()),
            ("Yours, 9 min", "You")
        );
        assert_eq!(
            (mine.due.text.as_str(), mine.approvals.as_str()),
            ("26 min over", "1/2")
        );
    }

    #[test]
    fn filters_and_places_read_back() {
        let line = waiting();
        assert!(Filter::of("free", "over", NOW).holds(&line));
        assert!(!Filter::of("claimed", "", NOW).holds(&line));
        assert!(Filter::of("made up", "made up", NOW).holds(&line));
        let key = unmark(&mark(&line.key())).unwrap();
        assert_eq!(mark(&key), mark(&line.key()));
        for wrong in ["", "1", "1.2", "1.2.x", "1.2.00000000000000000000000000000001.4"] {
            assert!(unmark(wrong).is_none(), "{wrong}");
        }
    }
}
