//! Jobs run at least once, and count once.

use std::collections::BTreeSet;

use readmit_core::decide::Cancel;
use readmit_core::effect::{Effect, Job, Lane, Lease, NOTICES};
use readmit_core::ids::EvidenceId;
use readmit_core::ports::{CommitError, Store as _};
use readmit_core::time::Span;
use sea_orm::DbBackend;
use serde_json::json;

use super::hand::{BEGIN, after, all_at_once, case, hand, job, new_case, open, sound, stored, turned};
use crate::row::Columns as _;
use crate::{AuditRow, Db, Settings};

const HOLD: Span = Span::minutes(1);

/// A code does not wait behind pictures that wait to be read.
pub(super) async fn slow_jobs_have_a_lane_of_their_own(settings: &Settings) {
    let db = open(settings).await;
    for _ in 0..3 {
        let evidence = EvidenceId(uuid::Uuid::nil());
        let slow = Job {
            effect: Effect::Inspect { evidence },
            ..job(new_case(), 1, BEGIN)
        };
        db.enqueue(&slow).await.unwrap();
    }
    let quick = job(new_case(), 1, after(Span::seconds(1)));
    db.enqueue(&quick).await.unwrap();
    let now = after(Span::seconds(2));
    let leased = db.lease_jobs(1, now, HOLD, Lane::Quick).await.unwrap();
    assert_eq!(leased.iter().map(|one| one.job.id).collect::<Vec<_>>(), [quick.id]);
    assert!(db.lease_jobs(9, now, HOLD, Lane::Quick).await.unwrap().is_empty());
    assert_eq!(db.lease_jobs(2, now, HOLD, Lane::Slow).await.unwrap().len(), 2);
}

/// Jobs of one commit that are due together are one row, until they are leased: then each is run, tried again and finished by
/// itself. A slow one, and one due later, have rows of their own from the start; leaving a step takes all of it.
pub(super) async fn jobs_that_are_due_together_are_one_row(settings: &Settings) {
    let db = open(settings).await;
    let before = case(&db).await;
    let named = |run, due, effect| Job {
        effect,
        ..job(before.case.id, run, due)
    };
    let code = |issue| Effect::SendCode { issue };
    let evidence = EvidenceId(uuid::Uuid::nil());
    let together = [1, 2, 3].map(|issue| named(1, BEGIN, code(issue)));
    let slow = named(1, BEGIN, Effect::Inspect { evidence });
    let (later, elsewhere) = (named(1, after(HOLD), code(4)), named(2, BEGIN, code(5)));
    let all = together.iter().chain([&slow, &later, &elsewhere]);
    let commit = all.fold(hand(vec![turned(1)]), |commit, job| commit.job(job.clone()));
    let left = commit.commit(&db, &before).await.unwrap();
    let rows = async || {
        let counted = db.0.pools.one("SELECT count(*) AS n FROM jobs", []).await.unwrap();
        counted.unwrap().count("n").unwrap()
    };
    assert_eq!(rows().await, 4);

    let mut leased = db.lease_jobs(9, BEGIN, HOLD, Lane::Quick).await.unwrap();
    leased.sort_by_key(|one| match one.job.effect {
        Effect::SendCode { issue } => issue,
        _ => 0,
    });
    let effects: Vec<_> = leased.iter().map(|one| (one.job.id, one.job.effect.clone())).collect();
    let wanted = together
        .iter()
        .chain([&elsewhere])
        .map(|job| (job.id, job.effect.clone()));
    assert_eq!(effects, wanted.collect::<Vec<_>>());
    assert!(
        leased
            .iter()
            .all(|one| one.job.attempts == 0 && one.job.case == before.case.id)
    );
    assert_eq!(rows().await, 6);
    assert!(db.finish_job(leased[0].lease, None).await.unwrap());
    assert!(db.retry_job(leased[1].lease, after(Span::hours(1))).await.unwrap());
    assert!(db.bury_job(leased[2].lease, "gone", BEGIN).await.unwrap());
    assert!(!db.finish_job(leased[0].lease, None).await.unwrap());
    let again = db
        .lease_jobs(9, after(Span::hours(1)), HOLD, Lane::Quick)
        .await
        .unwrap();
    let tried: BTreeSet<_> = again.iter().map(|one| (one.job.id, one.job.attempts)).collect();
    assert_eq!(
        tried,
        BTreeSet::from([(together[1].id, 1), (later.id, 0), (elsewhere.id, 1)])
    );

    let gone = hand(vec![turned(2)]).cancel(Cancel::Runs(vec![1]));
    gone.commit(&db, &left).await.unwrap();
    assert_eq!(rows().await, 1, "what is left belongs to another run");
}

pub(super) async fn a_job_is_leased_once(settings: &Settings) {
    let db = open(settings).await;
    let (early, late) = (job(new_case(), 1, BEGIN), job(new_case(), 1, after(Span::hours(1))));
    db.enqueue(&late).await.unwrap();
    db.enqueue(&early).await.unwrap();
    assert_eq!(db.next_due().await.unwrap(), Some(BEGIN));
    assert!(
        db.lease_jobs(9, BEGIN - Span::seconds(1), HOLD, Lane::Quick)
            .await
            .unwrap()
            .is_empty(),
        "not due yet"
    );

    let leased = db.lease_jobs(9, BEGIN, HOLD, Lane::Quick).await.unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!((leased[0].lease.job, leased[0].job.attempts), (early.id, 0));
    assert_eq!((leased[0].job.case, &leased[0].job.effect), (early.case, &early.effect));
    assert!(
        db.lease_jobs(9, after(Span::seconds(59)), HOLD, Lane::Quick)
            .await
            .unwrap()
            .is_empty(),
        "it is held"
    );

    let again = db.lease_jobs(9, after(HOLD), HOLD, Lane::Quick).await.unwrap();
    assert_eq!((again.len(), again[0].job.attempts), (1, 1), "the lease ran out");
    assert!(
        !db.finish_job(leased[0].lease, None).await.unwrap(),
        "the first worker came too late"
    );
    assert!(db.retry_job(again[0].lease, after(Span::minutes(30))).await.unwrap());
    assert!(
        !db.retry_job(again[0].lease, BEGIN).await.unwrap(),
        "a lease is given back once"
    );
    assert_eq!(db.next_due().await.unwrap(), Some(after(Span::minutes(30))));

    let last = db
        .lease_jobs(1, after(Span::minutes(30)), HOLD, Lane::Quick)
        .await
        .unwrap();
    let row = AuditRow {
        at: BEGIN,
        who: "engine".into(),
        what: "code_sent".into(),
        case: None,
        outcome: "done".into(),
        detail: json!({}),
    };
    assert!(db.finish_job(last[0].lease, Some(row.clone())).await.unwrap());
    assert!(!db.finish_job(last[0].lease, Some(row)).await.unwrap());
    assert_eq!(db.audit_page(None, 10).await.unwrap().len(), 1, "told of once");
    assert_eq!(db.next_due().await.unwrap(), Some(late.due));
}

pub(super) async fn a_lost_lease_changes_nothing(settings: &Settings) {
    let db = open(settings).await;
    let before = case(&db).await;
    let wanted = job(before.case.id, 1, BEGIN);
    let queued = hand(vec![turned(1)])
        .job(wanted.clone())
        .commit(&db, &before)
        .await
        .unwrap();
    let old = db.lease_jobs(1, BEGIN, HOLD, Lane::Quick).await.unwrap()[0].lease;
    let new = db.lease_jobs(1, after(HOLD), HOLD, Lane::Quick).await.unwrap()[0].lease;

    let follow_up = job(before.case.id, 1, BEGIN);
    let late = hand(vec![turned(2)])
        .finish(old)
        .job(follow_up.clone())
        .commit(&db, &queued)
        .await;
    assert!(matches!(late, Err(CommitError::LeaseLost)), "{:?}", late.err());
    assert_eq!(stored(settings, before.case.id).await.unwrap().case, queued.case);

    let done = hand(vec![turned(2)])
        .finish(new)
        .job(follow_up.clone())
        .commit(&db, &queued)
        .await
        .unwrap();
    let left = db
        .lease_jobs(9, after(Span::hours(1)), HOLD, Lane::Quick)
        .await
        .unwrap();
    assert_eq!(
        left.iter().map(|leased| leased.job.id).collect::<Vec<_>>(),
        [follow_up.id]
    );
    let gone = Lease {
        job: wanted.id,
        until: BEGIN,
    };
    db.drop_job(gone).await.unwrap();
    db.drop_job(left[0].lease).await.unwrap();
    assert_eq!(db.next_due().await.unwrap(), None);
    assert_eq!(done.case.version, queued.case.version + 1);
    sound(&db).await;
}

/// RF-09: notices are cancelled by nothing, a case's end neither.
pub(super) async fn leaving_a_step_cancels_its_jobs(settings: &Settings) {
    let db = open(settings).await;
    let other = job(new_case(), 1, BEGIN);
    db.enqueue(&other).await.unwrap();
    let before = case(&db).await;
    let id = before.case.id;
    let runs: Vec<_> = [0, 1, 2].map(|run| job(id, run, BEGIN)).to_vec();
    let queued = runs
        .iter()
        .fold(hand(vec![turned(1)]), |hand, run| hand.job(run.clone()));
    let told = job(id, NOTICES, after(Span::hours(1)));
    let queued = queued.job(told.clone()).commit(&db, &before).await.unwrap();
    let new = job(id, 2, BEGIN);
    let left = hand(vec![turned(2)]).cancel(Cancel::Runs(vec![1, 2])).job(new.clone());
    let left = left.commit(&db, &queued).await.unwrap();
    let leased: Vec<_> = db.lease_jobs(9, BEGIN, HOLD, Lane::Quick).await.unwrap();
    let ids: BTreeSet<_> = leased.iter().map(|leased| leased.job.id).collect();
    assert_eq!(
        ids,
        BTreeSet::from([other.id, runs[0].id, new.id]),
        "run 0 is the case's own"
    );

    let farewell = job(id, 0, after(Span::hours(2)));
    let own = leased.iter().find(|leased| leased.job.id == new.id).unwrap().lease;
    let last = hand(vec![turned(3)])
        .cancel(Cancel::All)
        .finish(own)
        .job(farewell.clone());
    last.commit(&db, &left).await.unwrap();
    let rest = db.lease_jobs(9, after(Span::days(1)), HOLD, Lane::Quick).await.unwrap();
    let ids: BTreeSet<_> = rest.iter().map(|leased| leased.job.id).collect();
    assert_eq!(
        ids,
        BTreeSet::from([other.id, farewell.id, told.id]),
        "finished is not cancelled, new is not old"
    );
}

pub(super) async fn workers_share_the_jobs(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    for _ in 0..100 {
        one.enqueue(&job(new_case(), 1, BEGIN)).await.unwrap();
    }
    let got = all_at_once((0..8).map(|n| {
        let db = if n % 2 == 0 { one.clone() } else { two.clone() };
        async move {
            let mut mine = Vec::new();
            loop {
                let leased = db.lease_jobs(7, BEGIN, HOLD, Lane::Quick).await.unwrap();
                if leased.is_empty() {
                    return mine;
                }
                for leased in leased {
                    assert!(db.finish_job(leased.lease, None).await.unwrap());
                    mine.push(leased.job.id);
                }
            }
        }
    }))
    .await;
    let all: Vec<_> = got.into_iter().flatten().collect();
    assert_eq!(
        (all.len(), all.iter().collect::<BTreeSet<_>>().len()),
        (100, 100),
        "each once"
    );
}

pub(super) async fn the_dead_rise_again(settings: &Settings) {
    let db = open(settings).await;
    let wanted = job(new_case(), 3, BEGIN);
    db.enqueue(&wanted).await.unwrap();
    let lease = db.lease_jobs(1, BEGIN, HOLD, Lane::Quick).await.unwrap()[0].lease;
    assert!(
        db.bury_job(lease, &"no answer ".repeat(100), after(Span::seconds(2)))
            .await
            .unwrap()
    );
    assert!(!db.bury_job(lease, "no answer", BEGIN).await.unwrap());
    assert_eq!(db.next_due().await.unwrap(), None);
    let dead = db.dead_jobs(10).await.unwrap();
    assert_eq!((dead.len(), dead[0].job.id, dead[0].job.run), (1, wanted.id, 3));
    assert_eq!((dead[0].job.due, dead[0].error.len()), (after(Span::seconds(2)), 500));
    assert!(db.revive_job(wanted.id, after(Span::seconds(9))).await.unwrap());
    assert!(!db.revive_job(wanted.id, BEGIN).await.unwrap());
    assert!(db.dead_jobs(10).await.unwrap().is_empty());
    let leased = db
        .lease_jobs(1, after(Span::seconds(9)), HOLD, Lane::Quick)
        .await
        .unwrap();
    assert_eq!((leased[0].job.id, leased[0].job.attempts), (wanted.id, 0));
}

pub(super) async fn a_commit_wakes_the_worker(settings: &Settings) {
    let db = open(settings).await;
    let before = case(&db).await;
    let waiting = tokio::spawn({
        let db = db.clone();
        async move { db.wake().notified().await }
    });
    hand(vec![turned(1)])
        .job(job(before.case.id, 1, BEGIN))
        .commit(&db, &before)
        .await
        .unwrap();
    waiting.await.unwrap();
    assert_eq!(
        db.lease_jobs(1, BEGIN, HOLD, Lane::Quick).await.unwrap().len(),
        1,
        "it is there when the worker wakes"
    );
    if db.0.pools.backend() == DbBackend::Postgres {
        wakes_another_process(&db, &open(settings).await).await;
    }
}

async fn wakes_another_process(here: &Db, there: &Db) {
    let (before, mut heard) = (case(here).await, false);
    // It may not listen yet: the first words may pass unheard.
    for _ in 0..100 {
        let loaded = here.opened(before.case.id).await.unwrap().unwrap();
        let made = hand(vec![turned(1)]).job(job(before.case.id, 1, BEGIN));
        made.commit(here, &loaded).await.unwrap();
        let word = tokio::time::timeout(std::time::Duration::from_millis(100), there.wake().notified());
        heard = word.await.is_ok();
        if heard {
            break;
        }
    }
    assert!(heard);
}
