//! Figures for Prometheus, in its text format: what this process counted since it started, and what the database says now.
//! Labels are words of the program (routes, results, queues), never anything of a person (AU-02).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::time::{At, Span};
use readmit_storage::{COUNT_CAP, Db, StorageError};

/// The upper bounds of the classes that durations are counted in, in seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

pub(crate) const REQUESTS: &str = "readmit_request_seconds";
pub(crate) const TRANSITIONS: &str = "readmit_commands_total";
pub(crate) const INSPECTIONS: &str = "readmit_inspection_seconds";
pub(crate) const MAILS: &str = "readmit_mails_total";
pub(crate) const TEXTS: &str = "readmit_text_messages_total";
pub(crate) const DELIVERIES: &str = "readmit_text_deliveries_total";
pub(crate) const JOBS: &str = "readmit_jobs_total";

/// What each figure means, as its reader sees it.
const HELP: [(&str, &str, &str); 7] = [
    (
        REQUESTS,
        "histogram",
        "Requests by face, route and status, and how long they took.",
    ),
    (
        TRANSITIONS,
        "counter",
        "Commands to cases by who gave them and how they ended; committed ones are transitions.",
    ),
    (
        INSPECTIONS,
        "histogram",
        "Inspections of pictures by result, and how long they took.",
    ),
    (MAILS, "counter", "Mails by what the mail server said."),
    (TEXTS, "counter", "Text messages by what the gateway said."),
    (
        DELIVERIES,
        "counter",
        "What the gateway told of text messages since: that they arrived or not; and what was not believed, or known already.",
    ),
    (
        JOBS,
        "counter",
        "Jobs that this worker took, gave back for another try, finished without a case, or gave up.",
    ),
];

/// Writing to a string cannot fail; its answer says nothing.
macro_rules! line {
    ($text:expr, $($said:tt)*) => {
        let _ = writeln!($text, $($said)*);
    };
}

/// The counts of this process. Clones are the same ones.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Mutex<BTreeMap<Series, Value>>>);

/// A figure's name and its labels, as they are written.
type Series = (&'static str, String);

#[derive(Clone, Copy)]
enum Value {
    Count(u64),
    Took {
        classes: [u64; BOUNDS.len()],
        count: u64,
        seconds: f64,
    },
}

impl Metrics {
    /// Counts one.
    pub(crate) fn count(&self, name: &'static str, labels: &[(&str, &str)]) {
        self.count_many(name, labels, 1);
    }

    pub(crate) fn count_many(&self, name: &'static str, labels: &[(&str, &str)], more: u64) {
        let mut all = self.lock();
        if let Value::Count(count) = all.entry((name, written(labels))).or_insert(Value::Count(0)) {
            *count += more;
        }
    }

    /// Counts one that took so long.
    pub(crate) fn took(&self, name: &'static str, labels: &[(&str, &str)], took: Span) {
        let took = Duration::from_micros(u64::try_from(took.0).unwrap_or(0)).as_secs_f64();
        let none = Value::Took {
            classes: [0; BOUNDS.len()],
            count: 0,
            seconds: 0.0,
        };
        let mut all = self.lock();
        if let Value::Took {
            classes,
            count,
            seconds,
        } = all.entry((name, written(labels))).or_insert(none)
        {
            let within = classes.iter_mut().zip(BOUNDS).filter(|(_, bound)| took <= *bound);
            within.for_each(|(class, _)| *class += 1);
            *count += 1;
            *seconds += took;
        }
    }

    /// Everything, with how jobs and queues stand now and what this process costs.
    ///
    /// # Errors
    /// [`StorageError`] when the database does not answer: then a scrape fails, and says so by that.
    pub async fn text(&self, db: &Db, now: At) -> Result<String, StorageError> {
        let mut text = String::new();
        let all = self.lock().clone();
        for (name, kind, help) in HELP {
            head(&mut text, name, kind, help);
            let of_name = all.iter().filter(|((there, _), _)| *there == name);
            of_name.for_each(|((_, labels), value)| series(&mut text, name, labels, *value));
        }
        standing(&mut text, db, now).await?;
        for (name, kind, help, value) in crate::process::figures() {
            head(&mut text, name, kind, help);
            line!(text, "{name} {value}");
        }
        Ok(text)
    }

    /// Whole values only, so a panic elsewhere cannot have left half of one.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Series, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How an effect's outside answered.
pub(crate) fn result<T>(answer: &Result<T, EffectError>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(EffectError::Retry(_)) => "again",
        Err(EffectError::Permanent(_)) => "refused",
    }
}

async fn standing(text: &mut String, db: &Db, now: At) -> Result<(), StorageError> {
    let jobs = db.backlog(now).await?;
    let late = jobs.since.map_or(Span::ZERO, |since| now - since);
    head(
        text,
        "readmit_jobs_due",
        "gauge",
        "Jobs that are due and that no worker has taken, counted to 1000.",
    );
    line!(text, "readmit_jobs_due {}", jobs.due);
    head(
        text,
        "readmit_jobs_late_seconds",
        "gauge",
        "How long the longest waiting of them is due.",
    );
    line!(text, "readmit_jobs_late_seconds {}", late.as_seconds());
    head(
        text,
        "readmit_jobs_dead",
        "gauge",
        "Jobs that were given up and wait for an operator, counted to 1000.",
    );
    line!(text, "readmit_jobs_dead {}", jobs.dead);
    let quiet = db.quiet_ranges(now, COUNT_CAP).await?;
    head(
        text,
        "readmit_quiet_ranges",
        "gauge",
        "Ranges of numbers from which few of a day's codes came back, counted to 1000.",
    );
    line!(text, "readmit_quiet_ranges {}", quiet.len());
    let queues = db.queue_states(now).await?;
    head(
        text,
        "readmit_queue_tasks",
        "gauge",
        "Tasks in a queue, counted to 1000.",
    );
    for queue in &queues {
        line!(
            text,
            "readmit_queue_tasks{} {}",
            written(&[("queue", &queue.queue)]),
            queue.tasks
        );
    }
    head(
        text,
        "readmit_queue_overdue_tasks",
        "gauge",
        "Tasks in a queue whose time is over, counted to 1000.",
    );
    for queue in &queues {
        line!(
            text,
            "readmit_queue_overdue_tasks{} {}",
            written(&[("queue", &queue.queue)]),
            queue.overdue
        );
    }
    head(
        text,
        "readmit_queue_oldest_seconds",
        "gauge",
        "The age of a queue's oldest task.",
    );
    for queue in &queues {
        let age = (now - queue.oldest).as_seconds();
        line!(
            text,
            "readmit_queue_oldest_seconds{} {age}",
            written(&[("queue", &queue.queue)])
        );
    }
    Ok(())
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn series(text: &mut String, name: &str, labels: &str, value: Value) {
    match value {
        Value::Count(count) => {
            line!(text, "{name}{labels} {count}");
        }
        Value::Took {
            classes,
            count,
            seconds,
        } => {
            let with = |bound: &str| match labels.strip_suffix('}') {
                Some(labels) => format!("{labels},le=\"{bound}\"}}"),
                None => format!("{{le=\"{bound}\"}}"),
            };
            for (bound, class) in BOUNDS.iter().zip(classes) {
                line!(text, "{name}_bucket{} {class}", with(&bound.to_string()));
            }
            line!(text, "{name}_bucket{} {count}", with("+Inf"));
            line!(text, "{name}_sum{labels} {seconds}");
            line!(text, "{name}_count{labels} {count}");
        }
    }
}

/// `{face="staff",status="200"}`; nothing where there are none.
fn written(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", quoted(value)))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_in_every_class_that_they_fit() {
        let metrics = Metrics::default();
        for millis in [4, 40, 40, 20_000] {
            metrics.took(INSPECTIONS, &[("result", "done")], Span(millis * 1_000));
        }
        let mut text = String::new();
        for ((name, labels), value) in metrics.lock().iter() {
            series(&mut text, name, labels, *value);
        }
        for line in [
            "readmit_inspection_seconds_bucket{result=\"done\",le=\"0.005\"} 1",
            "readmit_inspection_seconds_bucket{result=\"done\",le=\"0.05\"} 3",
            "readmit_inspection_seconds_bucket{result=\"done\",le=\"10\"} 3",
            "readmit_inspection_seconds_bucket{result=\"done\",le=\"+Inf\"} 4",
            "readmit_inspection_seconds_count{result=\"done\"} 4",
        ] {
            assert!(text.lines().any(|there| there == line), "{line} in {text}");
        }
    }

    #[test]
    fn a_label_cannot_end_its_line() {
        assert_eq!(written(&[("route", "a\"b\\c\nd")]), "{route=\"a\\\"b\\\\c\\nd\"}");
        assert_eq!(written(&[]), "");
    }
}
