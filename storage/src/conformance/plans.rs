//! Every list is served by an index: no table is read through, nothing is sorted.

use readmit_core::case::CaseStatus;
use sea_orm::{ConnectionTrait as _, DbBackend, Value};
use uuid::Uuid;

use super::hand::open;
use crate::{CaseFilter, Db, Settings, asked, audit, cases, jobs, queues};

pub(super) async fn an_index_serves_every_list(settings: &Settings) {
    let db = open(settings).await;
    let (id, moment, word): (Value, Value, Value) = (Uuid::nil().into(), 0i64.into(), "".into());
    let open_cases = CaseFilter {
        status: Some(CaseStatus::Open),
        ..CaseFilter::default()
    };
    let list = [&moment, &id, &moment, &word, &word, &word].map(Clone::clone);
    let plans = [
        (cases::LOAD.to_owned(), vec![id.clone()]),
        (cases::STAMP.to_owned(), vec![id.clone()]),
        (cases::list_sql(&CaseFilter::default()), list.to_vec()),
        (cases::list_sql(&open_cases), list.to_vec()),
        (queues::NEXT_QUEUE.to_owned(), vec![word.clone()]),
        (queues::COUNT.to_owned(), vec![word.clone(), moment.clone()]),
        (queues::COUNTS.to_owned(), vec![moment.clone()]),
        (
            queues::free_sql(),
            [&moment, &id, &word, &moment, &moment, &moment]
                .map(Clone::clone)
                .to_vec(),
        ),
        (
            queues::page_sql(),
            [&word, &moment, &moment, &id, &moment].map(Clone::clone).to_vec(),
        ),
        (
            audit::PAGE.to_owned(),
            [&moment, &id, &moment].map(Clone::clone).to_vec(),
        ),
        (audit::OF_CASE.to_owned(), vec![id.clone()]),
        (jobs::NEXT_DUE.to_owned(), Vec::new()),
        (crate::blobs::UNCLAIMED.to_owned(), vec![moment.clone(), moment.clone()]),
        (crate::ranges::OPEN.to_owned(), vec![moment.clone(), moment.clone()]),
        (
            asked::PAGE.to_owned(),
            [&moment, &id, &moment].map(Clone::clone).to_vec(),
        ),
    ];
    for (sql, values) in plans {
        let plan = plan(&db, &sql, values).await;
        for bad in ["Seq Scan", "Sort", "TEMP B-TREE"] {
            assert!(!plan.contains(bad), "{sql}\n{plan}");
        }
        for line in plan.lines().filter(|line| line.starts_with("SCAN")) {
            // `jobs` is a clustered table: it is its own index. The last two are what a statement has gathered from an index.
            let known = ["SCAN jobs", "SCAN held", "SCAN capped"];
            assert!(line.contains("INDEX") || known.contains(&line), "{sql}\n{plan}");
        }
    }
}

/// The plan of a statement; on PostgreSQL the one that a large table would get.
async fn plan(db: &Db, sql: &str, values: Vec<Value>) -> String {
    let transaction = db.0.pools.begin().await.unwrap();
    let explain = match db.0.pools.backend() {
        DbBackend::Sqlite => "EXPLAIN QUERY PLAN",
        _ => {
            let large =
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off";
            transaction.execute_unprepared(large).await.unwrap();
            "EXPLAIN"
        }
    };
    let statement = sea_orm::Statement::from_sql_and_values(db.0.pools.backend(), format!("{explain} {sql}"), values);
    let rows = transaction.query_all_raw(statement).await.unwrap();
    let line = |row: &sea_orm::QueryResult| {
        row.try_get::<String>("", "detail")
            .or_else(|_| row.try_get("", "QUERY PLAN"))
            .unwrap()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
