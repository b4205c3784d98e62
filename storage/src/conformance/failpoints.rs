//! A commit that is cut off at any one of its writes is not there at all: no event row, no change of the case, and nothing
//! granted (RF-07, AU-03). The failpoints are triggers, so that the statements are those that run everywhere.

use std::collections::{BTreeMap, BTreeSet};

use readmit_core::decide::Cancel;
use readmit_core::effect::Lease;
use readmit_core::event::Event;
use readmit_core::guard::{Enrolled, Guard, Streak};
use readmit_core::ports::{CommitError, Loaded, Store as _};
use readmit_core::time::Span;
use sea_orm::DbBackend;
use serde_json::json;
use uuid::Uuid;

use super::Owner;
use super::hand::{
    BEGIN, Hand, bucket, case, claimed, hand, job, new_case, new_person, new_tag, open, prove, review, sound, turned,
    unproven,
};
use crate::{Db, Settings};

/// Every table that a commit writes.
const TABLES: [&str; 12] = [
    "account_standing",
    "approvals",
    "case_events",
    "cases",
    "claims",
    "counters",
    "factors",
    "jobs",
    "streaks",
    "tasks",
    "unproven",
    "unproven_events",
];

/// What each commit of these checks is known to write: less would prove less.
const PROOF: [(&str, &str); 8] = [
    ("account_standing", "insert"),
    ("case_events", "insert"),
    ("cases", "insert"),
    ("counters", "insert"),
    ("jobs", "insert"),
    ("streaks", "insert"),
    ("unproven", "delete"),
    ("unproven_events", "delete"),
];
const DECISION: [(&str, &str); 7] = [
    ("approvals", "insert"),
    ("case_events", "insert"),
    ("cases", "update"),
    ("claims", "delete"),
    ("factors", "insert"),
    ("jobs", "delete"),
    ("tasks", "delete"),
];

/// RF-07: the first proof, which makes a request a case and takes the account's one open case.
pub(super) async fn rf_07_a_proof_cut_off_grants_nothing(settings: &Settings, owner: &Owner) {
    let stopped = each_write(settings, owner, async |db: &Db| {
        let request = unproven(db, new_case()).await;
        let account = new_tag();
        let streak = Streak {
            tag: new_tag(),
            kept: Span::hours(24),
        };
        let proof = prove(account)
            .guard(Guard::Spend(bucket(5)))
            .guard(Guard::Tried {
                streak,
                seen: Some(0),
                wrong: 0,
            })
            .guard(Guard::OneOpenCase { account })
            .job(job(request.case.id, 2, BEGIN));
        (request, proof)
    })
    .await;
    assert!(PROOF.iter().all(|write| stopped.contains(write)), "{stopped:?}");
}

/// AU-03, RF-07: a reviewer's approval, which finishes a job, closes a task and binds a factor.
pub(super) async fn au_03_a_decision_cut_off_is_no_decision(settings: &Settings, owner: &Owner) {
    let stopped = each_write(settings, owner, async |db: &Db| {
        let (before, person) = (case(db).await, new_person());
        let (task, timer) = (review(1), job(before.case.id, 2, BEGIN));
        let lease = Lease {
            job: timer.id,
            until: timer.due,
        };
        let id = task.id;
        let loaded = hand(vec![Event::TaskOpened { task }])
            .job(timer)
            .commit(db, &before)
            .await
            .unwrap();
        let loaded = hand(vec![claimed(person, 1)]).commit(db, &loaded).await.unwrap();
        let factor = Enrolled {
            kind: "totp".into(),
            name: "app".into(),
            secret: json!({"secret": "x"}),
            mark: 1,
        };
        let decision = hand(vec![Event::TaskClosed, turned(3)])
            .guard(Guard::Lease { task: id, token: 1 })
            .guard(Guard::Approve { round: 1, person })
            .guard(Guard::AddFactor {
                account: new_tag(),
                id: Uuid::from_u128(7),
                factor,
                alone: true,
            })
            .finish(lease)
            .cancel(Cancel::All);
        (loaded, decision)
    })
    .await;
    assert!(DECISION.iter().all(|write| stopped.contains(write)), "{stopped:?}");
}

/// Makes and tries a commit once for every kind of write to every table, with that write failing: what was written before it
/// is undone, and the same commit goes through once nothing fails. The writes that a commit was stopped at.
async fn each_write(
    settings: &Settings,
    owner: &Owner,
    make: impl AsyncFn(&Db) -> (Loaded, Hand),
) -> BTreeSet<(&'static str, &'static str)> {
    let db = open(settings).await;
    let mut stopped = BTreeSet::new();
    for table in TABLES {
        for write in ["insert", "update", "delete"] {
            let (before, commit) = make(&db).await;
            let held = contents(&db).await;
            owner(fail_at(&db, table, write)).await;
            let answer = commit.clone().commit(&db, &before).await;
            owner(pass_again(&db, table)).await;
            match answer {
                Ok(_) => continue,
                Err(CommitError::Store(_)) => {}
                Err(other) => panic!("{write} of {table}: {other}"),
            }
            assert_eq!(
                contents(&db).await,
                held,
                "{write} of {table} failed, and left something"
            );
            let now = db.load(before.case.id, false).await.unwrap().unwrap();
            assert_eq!((now.case, now.head), (before.case.clone(), before.head));
            commit.commit(&db, &before).await.unwrap();
            stopped.insert((table, write));
        }
    }
    sound(&db).await;
    stopped
}

fn fail_at(db: &Db, table: &str, write: &str) -> String {
    match db.0.pools.backend() {
        DbBackend::Sqlite => {
            format!("CREATE TRIGGER failpoint BEFORE {write} ON {table} BEGIN SELECT RAISE(ABORT, 'failpoint'); END")
        }
        _ => format!(
            "CREATE OR REPLACE FUNCTION failpoint() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'failpoint'; END $$; \
             CREATE TRIGGER failpoint BEFORE {write} ON {table} FOR EACH ROW EXECUTE FUNCTION failpoint()"
        ),
    }
}

fn pass_again(db: &Db, table: &str) -> String {
    match db.0.pools.backend() {
        DbBackend::Sqlite => "DROP TRIGGER failpoint".to_owned(),
        _ => format!("DROP TRIGGER failpoint ON {table}"),
    }
}

/// Every row of every table that commits write, as text.
async fn contents(db: &Db) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in TABLES {
        let row = match db.0.pools.backend() {
            DbBackend::Sqlite => {
                let columns = format!(
                    "SELECT group_concat('quote(' || name || ')', ' || ') AS text FROM pragma_table_info('{table}')"
                );
                let columns = db.0.pools.one(&columns, []).await.unwrap().unwrap();
                columns.try_get::<String>("", "text").unwrap()
            }
            _ => "t::text".to_owned(),
        };
        let sql = format!("SELECT {row} AS text FROM {table} AS t ORDER BY text");
        let rows = db.0.pools.all(&sql, []).await.unwrap();
        all.insert(table, rows.iter().map(|row| row.try_get("", "text").unwrap()).collect());
    }
    all
}
