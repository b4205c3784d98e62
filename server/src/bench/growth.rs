//! What a database costs as it fills: every kind of call at each number of open cases, and reviewers who press "next"
//! alone and together.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Context as _;
use readmit_core::ids::CaseId;
use serde_json::json;

use super::kinds::QUEUE;
use super::watch::Watch;
use super::yard::{Yard, now, person};
use crate::cli::BenchGrowth;
use crate::commands::say;

/// How often each call is made at a size.
const SAMPLES: u32 = 400;
/// Who fills the database, and who presses "next" at once.
const TOGETHER: u32 = 8;
const PAGE: usize = 50;

pub(super) async fn run(asked: &BenchGrowth) -> anyhow::Result<()> {
    let yard = Arc::new(Yard::open(&asked.at).await?);
    let mut first: Option<Watch> = None;
    let mut open = 0;
    for &size in &asked.sizes {
        fill(&yard, size.saturating_sub(open)).await?;
        open = open.max(size);
        let mut watch = alone(&yard).await?;
        watch.join(together(&yard).await?);
        fill(&yard, SAMPLES).await?;
        tell(asked.json, open, &watch, first.as_ref())?;
        first.get_or_insert(watch);
    }
    match Arc::into_inner(yard) {
        Some(yard) => yard.close().await,
        None => Ok(()),
    }
}

/// More cases that wait for people.
async fn fill(yard: &Arc<Yard>, cases: u32) -> anyhow::Result<()> {
    let share = |place: u32| cases / TOGETHER + u32::from(place < cases % TOGETHER);
    let drivers: Vec<_> = (0..TOGETHER)
        .map(|place| {
            let (yard, share) = (Arc::clone(yard), share(place));
            tokio::spawn(async move {
                for _ in 0..share {
                    yard.prove(&yard.start().await?).await?;
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

/// One person at a time; as many cases end as begin.
async fn alone(yard: &Yard) -> anyhow::Result<Watch> {
    let (mut watch, queues, reviewer) = (Watch::default(), [QUEUE.to_owned()], person());
    for _ in 0..SAMPLES {
        let started = watch.time("start", yard.start()).await?;
        watch.time("prove", yard.prove(&started)).await?;
        let next = async { Ok(yard.db.next_task(&queues, reviewer, false, now()).await?) };
        let (case, task) = watch.time("next", next).await?.context("the queue is empty")?;
        let claimed = watch.time("claim", yard.claim(case, task, reviewer)).await?;
        watch.time("decide", yard.decide(&claimed, reviewer)).await?;
        let page = async { Ok(yard.db.queue_page(&queues, None, PAGE).await?) };
        let page = watch.time("page", page).await?;
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
async fn together(yard: &Arc<Yard>) -> anyhow::Result<Watch> {
    let reviewers: Vec<_> = (0..TOGETHER).map(|_| tokio::spawn(reviews(Arc::clone(yard)))).collect();
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

async fn reviews(yard: Arc<Yard>) -> anyhow::Result<(Watch, Vec<CaseId>)> {
    let (mut watch, queues, reviewer) = (Watch::default(), [QUEUE.to_owned()], person());
    let mut cases = Vec::new();
    for _ in 0..SAMPLES / TOGETHER {
        let next = async { Ok(yard.db.next_task(&queues, reviewer, false, now()).await?) };
        let (case, task) = watch.time("next of 8", next).await?.context("the queue is empty")?;
        let claimed = watch.time("claim of 8", yard.claim(case, task, reviewer)).await?;
        yard.decide(&claimed, reviewer).await?;
        cases.push(case);
    }
    Ok((watch, cases))
}

/// A line for each kind of call, its median beside the one at the first size.
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
        say(&format!("  {call:<11} p50 {half:>8.2} ms   p99 {slow:>8.2} ms{grown}"))?;
    }
    Ok(())
}
