//! What a database costs as it fills: every kind of call at each number of open cases, a restart, and reviewers who press
//! "next" alone and together.
//!
//! A thousand of the open cases are real at every size, and all that is done is done to them: each was made as any case is, and
//! then lies among its share of the others, which are copies of its rows. No two that are worked on share a page.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use readmit_core::ids::{CaseId, PersonId, TaskId};
use serde_json::json;

use super::cases::seconds;
use super::kinds::QUEUE;
use super::watch::Watch;
use super::yard::{Yard, copy_of, now, person};
use crate::cli::BenchGrowth;
use crate::commands::say;

/// How many cases can be worked on at a size; the others are copies of them.
const REAL: u32 = 1_000;
/// How often each call is made at a size.
const SAMPLES: u32 = 400;
/// How often the stores are opened anew.
const RESTARTS: u32 = 8;
/// Who fills the database, and who presses "next" at once.
const TOGETHER: u32 = 8;
const PAGE: usize = 50;
/// Seconds: the longest that is waited after a filling, which else is as long as it took.
const REST: f64 = 60.0;

/// What a call is held against, measured beside it on the same tables: one row changed and flushed, one page read.
const FLOORS: [(&str, &str); 5] = [
    ("start", "floor: write"),
    ("prove", "floor: write"),
    ("claim", "floor: write"),
    ("decide", "floor: write"),
    ("page", "floor: page"),
];

pub(super) async fn run(asked: &BenchGrowth) -> anyhow::Result<()> {
    let yard = Arc::new(Yard::open(&asked.at).await?);
    let mut first: Option<Watch> = None;
    let mut copies = 0;
    for &size in &asked.sizes {
        let each = size.saturating_sub(REAL + copies) / REAL;
        let from = now();
        fill(&yard, each).await?;
        copies += each * REAL;
        yard.db.settle().await?;
        // Disks, too, go on with what they were given.
        tokio::time::sleep(Duration::from_secs_f64(seconds(now() - from).clamp(0.0, REST))).await;
        let mut watch = restarts(&yard).await?;
        // Who works on the cases does not remember them, as after a restart and when there are many.
        let staff = Arc::new(yard.restarted().await?);
        watch.join(alone(&staff).await?);
        watch.join(together(&staff, SAMPLES).await?);
        // The next size gets a thousand of its own.
        together(&staff, REAL - RESTARTS - SAMPLES).await?;
        staff.db.close().await;
        tell(asked.json, REAL + copies, &watch, first.as_ref())?;
        first.get_or_insert(watch);
    }
    match Arc::into_inner(yard) {
        Some(yard) => yard.close().await,
        None => Ok(()),
    }
}

/// A thousand cases that wait for people, and so many copies of each.
async fn fill(yard: &Arc<Yard>, each: u32) -> anyhow::Result<()> {
    let drivers: Vec<_> = (0..TOGETHER)
        .map(|_| {
            let yard = Arc::clone(yard);
            tokio::spawn(async move {
                for _ in 0..REAL / TOGETHER {
                    let (case, _) = yard.prove(&yard.start().await?).await?;
                    let copies: Vec<_> = (0..each).map(|_| copy_of(case)).collect();
                    yard.db.copy_cases(&copies).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for driver in drivers {
        driver.await??;
    }
    Ok(())
}

/// From nothing to the first claim.
async fn restarts(yard: &Yard) -> anyhow::Result<Watch> {
    let (mut watch, reviewer) = (Watch::default(), person());
    for _ in 0..RESTARTS {
        let claim = async {
            let again = yard.restarted().await?;
            let (case, task) = next(&again, reviewer).await?;
            Ok((again.claim(case, task, reviewer).await?, again))
        };
        let (claimed, again) = watch.time("restart", claim).await?;
        again.decide(&claimed, reviewer).await?;
        again.db.close().await;
    }
    Ok(watch)
}

async fn next(yard: &Yard, reviewer: PersonId) -> anyhow::Result<(CaseId, TaskId)> {
    let found = yard.db.next_task(&[QUEUE.to_owned()], reviewer, false, now()).await?;
    found.context("the queue is empty")
}

/// One person at a time; as many cases end as begin.
async fn alone(yard: &Yard) -> anyhow::Result<Watch> {
    let (mut watch, queues, reviewer) = (Watch::default(), [QUEUE.to_owned()], person());
    for _ in 0..SAMPLES {
        let started = watch.time("start", yard.start()).await?;
        watch.time("prove", yard.prove(&started)).await?;
        let (case, task) = watch.time("next", next(yard, reviewer)).await?;
        let claimed = watch.time("claim", yard.claim(case, task, reviewer)).await?;
        watch.time("floor: write", yard.renew(&claimed, reviewer)).await?;
        watch.time("decide", yard.decide(&claimed, reviewer)).await?;
        let page = async { Ok(yard.db.queue_page(&queues, None, PAGE).await?) };
        let page = watch.time("page", page).await?;
        let floor = async { Ok(yard.db.floor_of_page(QUEUE, PAGE).await?) };
        watch.time("floor: page", floor).await?;
        let counts = async { Ok(yard.db.queue_counts().await?) };
        watch.time("counts", counts).await?;
        let row = page.rows.last().context("the queue is empty")?;
        let search = async { Ok(yard.db.case_by_reference(row.reference).await?) };
        let found = watch.time("search", search).await?;
        anyhow::ensure!(found == Some(row.case), "a reference found another case");
    }
    Ok(watch)
}

/// Several reviewers on one queue: each gets cases of their own.
async fn together(yard: &Arc<Yard>, cases: u32) -> anyhow::Result<Watch> {
    let reviews = |_| tokio::spawn(reviews(Arc::clone(yard), cases / TOGETHER));
    let reviewers: Vec<_> = (0..TOGETHER).map(reviews).collect();
    let (mut watch, mut given) = (Watch::default(), HashSet::new());
    for reviewer in reviewers {
        let (theirs, cases) = reviewer.await??;
        watch.join(theirs);
        for case in cases {
            anyhow::ensure!(given.insert(case), "two reviewers got case {case}");
        }
    }
    Ok(watch)
}

async fn reviews(yard: Arc<Yard>, share: u32) -> anyhow::Result<(Watch, Vec<CaseId>)> {
    let (mut watch, reviewer) = (Watch::default(), person());
    let mut cases = Vec::new();
    for _ in 0..share {
        let (case, task) = watch.time("next of 8", next(&yard, reviewer)).await?;
        let claimed = watch.time("claim of 8", yard.claim(case, task, reviewer)).await?;
        yard.decide(&claimed, reviewer).await?;
        cases.push(case);
    }
    Ok((watch, cases))
}

/// A line for each kind of call: its median and its slow end, each beside the one at the first size, and the median beside
/// its floor.
fn tell(as_json: bool, open: u32, watch: &Watch, first: Option<&Watch>) -> anyhow::Result<()> {
    if as_json {
        let mut figures = watch.figures();
        figures.insert("open".into(), json!(open));
        return say(&serde_json::to_string(&figures)?);
    }
    say(&format!("{open} open cases"))?;
    for call in watch.calls() {
        let at = |watch: &Watch, share| watch.at(call, share).unwrap_or_default();
        let (half, slow) = (at(watch, 0.5), at(watch, 0.99));
        let grown = first.map_or_else(String::new, |first| {
            format!("   × {:.2} and × {:.2}", half / at(first, 0.5), slow / at(first, 0.99))
        });
        let floor = FLOORS.iter().find(|(held, _)| *held == call);
        let floors = floor
            .and_then(|(_, floor)| watch.at(floor, 0.5))
            .map_or_else(String::new, |floor| format!("   = {:.1} floors", half / floor));
        say(&format!(
            "  {call:<12} p50 {half:>8.2} ms   p99 {slow:>8.2} ms{grown}{floors}"
        ))?;
    }
    Ok(())
}
