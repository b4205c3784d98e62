//! Whole cases, one after the other: start → proof → routed → a task → claimed → decided → closed, all durable.

use std::sync::Arc;

use serde_json::json;

use super::watch::Watch;
use super::yard::{Yard, now, person};
use crate::cli::BenchCases;
use crate::commands::say;

/// Transitions and commits of one case.
const TRANSITIONS: f64 = 5.0;
const COMMITS: f64 = 4.0;

pub(super) async fn run(asked: &BenchCases) -> anyhow::Result<()> {
    let yard = Arc::new(Yard::open(&asked.at).await?);
    // What is done once a process (plans, caches) is no part of a case.
    drive(Arc::clone(&yard), 8).await?;
    let each = asked.n.div_ceil(asked.drivers);
    let from = now();
    let drivers: Vec<_> = (0..asked.drivers)
        .map(|_| tokio::spawn(drive(Arc::clone(&yard), each)))
        .collect();
    let mut watch = Watch::default();
    for driver in drivers {
        watch.join(driver.await??);
    }
    let wall = seconds(now() - from);
    if let Some(yard) = Arc::into_inner(yard) {
        yard.close().await?;
    }
    tell(asked, f64::from(each * asked.drivers), wall, &watch)
}

async fn drive(yard: Arc<Yard>, cases: u32) -> anyhow::Result<Watch> {
    let mut watch = Watch::default();
    let reviewer = person();
    for _ in 0..cases {
        let (case, task) = watch
            .time("start", async { yard.prove(&yard.start().await?).await })
            .await?;
        let claimed = watch.time("claim", yard.claim(case, task, reviewer)).await?;
        watch.time("complete", yard.decide(&claimed, reviewer)).await?;
    }
    Ok(watch)
}

fn tell(asked: &BenchCases, cases: f64, wall: f64, watch: &Watch) -> anyhow::Result<()> {
    let mut figures = watch.figures();
    for (name, value) in [
        ("cases_s", cases / wall),
        ("trans_s", TRANSITIONS * cases / wall),
        ("commits_s", COMMITS * cases / wall),
        ("wall", wall),
    ] {
        figures.insert(name.into(), json!((value * 100.0).round() / 100.0));
    }
    if asked.json {
        return say(&serde_json::to_string(&figures)?);
    }
    say(&format!(
        "{cases} cases by {} drivers in {wall:.2} s: {:.0} cases/s, {:.0} commits/s",
        asked.drivers,
        cases / wall,
        COMMITS * cases / wall
    ))?;
    for call in ["start", "claim", "complete"] {
        let at = |share| watch.at(call, share).unwrap_or_default();
        say(&format!(
            "  {call:<9} p50 {:>8.2} ms   p99 {:>8.2} ms",
            at(0.5),
            at(0.99)
        ))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a run, far below 2^52")]
pub(super) fn seconds(span: readmit_core::time::Span) -> f64 {
    span.0 as f64 / 1_000_000.0
}
