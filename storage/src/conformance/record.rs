//! The record is append-only, and damage is told.

use readmit_core::effect::Lane;
use readmit_core::guard::Guard;
use readmit_core::ids::CaseId;
use readmit_core::time::Span;
use serde_json::json;

use super::hand::{BEGIN, after, case, hand, job, new_case, new_person, open, prove, sound, turned, unproven};
use crate::{AuditRow, Db, Settings, StorageError};

fn row(what: &'static str, case: Option<CaseId>, seconds: i64) -> AuditRow {
    AuditRow {
        at: after(Span::seconds(seconds)),
        who: "person:rina".into(),
        what: what.into(),
        case,
        outcome: "done".into(),
        detail: json!({"n": seconds}),
    }
}

/// As the application connects, every way to rewrite events, approvals or the audit log is refused.
pub(super) async fn in_08_the_record_is_never_rewritten(settings: &Settings) {
    let db = open(settings).await;
    let before = case(&db).await;
    let approve = Guard::Approve {
        round: 1,
        person: new_person(),
    };
    hand(vec![turned(1)]).guard(approve).commit(&db, &before).await.unwrap();
    db.audit(row("sign_in", None, 0)).await.unwrap();
    for sql in [
        "DELETE FROM case_events",
        "UPDATE case_events SET at = 0",
        "DELETE FROM approvals",
        "UPDATE approvals SET round = 9",
        "DELETE FROM audit",
        "UPDATE audit SET who = 'nobody'",
        "TRUNCATE case_events",
        "TRUNCATE approvals",
        "TRUNCATE audit",
    ] {
        assert!(db.0.pools.write(sql, []).await.is_err(), "{sql}");
    }
    assert_eq!(sound(&db).await, 1);
    assert_eq!(db.audit_page(None, 5).await.unwrap().len(), 1);
}

/// Every kind of damage to a stored case is an error: never a panic, never another case.
pub(super) async fn damaged_rows_are_errors(settings: &Settings) {
    for damage in [
        "UPDATE unproven_events SET state = entry WHERE seq = 2",
        "UPDATE unproven_events SET entry = (SELECT entry FROM unproven_events WHERE seq = 1) WHERE seq = 2",
        "UPDATE unproven_events SET entry = hash WHERE seq = 2",
        "UPDATE unproven_events SET hash = sealed WHERE seq = 2",
        "UPDATE unproven_events SET sealed = hash WHERE seq = 2",
        "UPDATE unproven_events SET sealed = NULL WHERE seq = 2",
        "UPDATE unproven_events SET sealed_seq = 1 WHERE seq = 2",
        "UPDATE unproven SET version = 7",
        "UPDATE unproven SET version = -1",
        "DELETE FROM unproven_events WHERE seq = 2",
    ] {
        let db = open(settings).await;
        db.purge_unproven(after(Span::days(1))).await.unwrap();
        let request = unproven(&db, new_case()).await;
        let sealed = readmit_core::sealed::Sealed {
            salt: vec![1, 2, 3],
            ..Default::default()
        };
        let typed = hand(vec![turned(1)])
            .sealed(sealed)
            .commit(&db, &request)
            .await
            .unwrap();
        assert!(db.0.pools.write(damage, []).await.unwrap() > 0, "{damage}");
        db.close().await;
        let db = open(settings).await;
        let loaded = db.opened(typed.case.id).await;
        assert!(
            matches!(loaded, Err(StorageError::Corrupt { .. })),
            "{damage}: {:?}",
            loaded.err()
        );
        db.close().await;
    }
    broken_chains(settings).await;
    damaged_jobs(&open(settings).await).await;
}

/// What loading cannot notice, verification does.
async fn broken_chains(settings: &Settings) {
    for damage in [
        "UPDATE unproven_events SET entry = (SELECT entry FROM unproven_events WHERE seq = 2) WHERE seq = 1",
        "UPDATE unproven_events SET hash = (SELECT hash FROM unproven_events WHERE seq = 2) WHERE seq = 1",
        "DELETE FROM unproven_events WHERE seq = 1",
    ] {
        let db = open(settings).await;
        db.purge_unproven(after(Span::days(1))).await.unwrap();
        let request = unproven(&db, new_case()).await;
        hand(vec![turned(1)]).commit(&db, &request).await.unwrap();
        sound(&db).await;
        db.0.pools.write(damage, []).await.unwrap();
        let unsound = db.verify_all().await.unwrap().unwrap_err();
        assert_eq!(unsound.case, request.case.id, "{damage}");
    }
}

/// A job that cannot be read keeps no other from running.
async fn damaged_jobs(db: &Db) {
    let (bad, good) = (job(new_case(), 1, BEGIN), job(new_case(), 1, BEGIN));
    db.enqueue(&bad).await.unwrap();
    db.enqueue(&good).await.unwrap();
    let sql = "UPDATE jobs SET effect = 'no effect' WHERE id = $1";
    db.0.pools.write(sql, [bad.id.0.into()]).await.unwrap();
    let leased = db.lease_jobs(9, BEGIN, Span::minutes(1), Lane::Quick).await.unwrap();
    assert_eq!(leased.iter().map(|leased| leased.job.id).collect::<Vec<_>>(), [good.id]);
}

pub(super) async fn the_audit_log_pages(settings: &Settings) {
    let db = open(settings).await;
    let request = unproven(&db, new_case()).await;
    let proven = prove(super::hand::new_tag()).commit(&db, &request).await.unwrap();
    for n in 0..25 {
        let case = (n % 5 == 0).then_some(proven.case.id);
        db.audit(row("evidence_viewed", case, n / 2)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = db.audit_page(after, 7).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key);
        seen.extend(page);
    }
    assert_eq!(seen.len(), 25);
    assert!(
        seen.is_sorted_by(|a, b| (a.key.at, a.key.id) > (b.key.at, b.key.id)),
        "newest first, each once"
    );
    assert!(
        seen.iter()
            .all(|line| line.reference.is_some() == line.row.case.is_some())
    );
    let of_case = db.audit_of(proven.case.id).await.unwrap();
    assert_eq!(of_case.len(), 5);
    assert_eq!(of_case[0], row("evidence_viewed", Some(proven.case.id), 0));
}
