//! Durations, and what is said of many: medians and the slow end.

use std::collections::BTreeMap;

use readmit_core::time::At;
use serde_json::{Map, Value, json};

use super::yard::now;

/// Durations by what took them, in microseconds, in the order of the cases.
#[derive(Default)]
pub(super) struct Watch(BTreeMap<&'static str, Vec<i64>>);

impl Watch {
    /// Waits for something and remembers how long.
    pub(super) async fn time<T>(
        &mut self,
        what: &'static str,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let from = now();
        let done = work.await?;
        self.add(what, from);
        Ok(done)
    }

    pub(super) fn add(&mut self, what: &'static str, from: At) {
        self.0.entry(what).or_default().push((now() - from).0);
    }

    pub(super) fn join(&mut self, other: Self) {
        for (what, durations) in other.0 {
            self.0.entry(what).or_default().extend(durations);
        }
    }

    /// What was measured.
    pub(super) fn calls(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    pub(super) fn count(&self, what: &str) -> usize {
        self.0.get(what).map_or(0, Vec::len)
    }

    /// The duration that a share of all stays below, in milliseconds; nothing where nothing was measured.
    pub(super) fn at(&self, what: &str, share: f64) -> Option<f64> {
        self.0.get(what).and_then(|durations| quantile(durations, share))
    }

    /// `call_*` over all, `case_*` over the sums of each case, and each by its name.
    pub(super) fn figures(&self) -> Map<String, Value> {
        let all: Vec<i64> = self.0.values().flatten().copied().collect();
        let cases = self.0.values().map(Vec::len).min().unwrap_or(0);
        let sum = |case| self.0.values().filter_map(|durations| durations.get(case)).sum();
        let sums: Vec<i64> = (0..cases).map(sum).collect();
        let named = self.0.iter().map(|(name, durations)| (*name, durations));
        let mut figures = Map::new();
        for (name, durations) in [("call", &all), ("case", &sums)].into_iter().chain(named) {
            for (mark, share) in [("p50", 0.5), ("p99", 0.99)] {
                figures.insert(format!("{name}_{mark}"), json!(quantile(durations, share)));
            }
        }
        figures
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people: microseconds, and places in lists, far below 2^52"
)]
fn quantile(durations: &[i64], share: f64) -> Option<f64> {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() as f64 * share) as usize;
    let found = sorted.get(place).or(sorted.last())?;
    Some(*found as f64 / 1_000.0)
}
