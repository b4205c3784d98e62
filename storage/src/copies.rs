//! Sizes that no run reaches case by case: copies of a case's rows, made many at once, and what is measured beside them. For
//! `readmit bench` alone.
//!
//! A copy weighs on every table and index as the case that it was made from, and lies in the same queue behind it. It is no
//! case: its events name the other one, its key opens nothing, and its chain does not hold. Nobody can work on it.

use readmit_core::effect::NOTICES;
use readmit_core::ids::{CaseId, CaseRef, Tag, TaskId};
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::json;

use crate::connect::Pools;
use crate::row::{json, rows_of};
use crate::{Db, StorageError};

/// A case that waits for people, and under which names its rows are written once more.
#[derive(Clone, Copy, Debug)]
pub struct Copy {
    pub of: CaseId,
    pub case: CaseId,
    pub task: TaskId,
    pub reference: CaseRef,
    pub account: Tag,
}

impl Db {
    /// Writes copies, all but those whose reference is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then none is there, or none but their keys.
    pub async fn copy_cases(&self, copies: &[Copy]) -> Result<(), StorageError> {
        let rows: Vec<_> = copies
            .iter()
            .map(|copy| {
                json!({
                    "origin": copy.of.0.simple().to_string(), "id": copy.case.0.simple().to_string(),
                    "task": copy.task.0.simple().to_string(), "reference": copy.reference,
                    "account": copy.account.to_string(),
                })
            })
            .collect();
        let list = json(&rows, "copies")?;
        self.0.shelf.copy_cases(&list).await?;
        let pools = &self.0.pools;
        let transaction = pools.begin().await?;
        for sql in rows_sql(pools) {
            let statement = pools.statement(&sql, [list.as_str().into()]);
            transaction.execute_raw(statement).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Ends what filling leaves behind (rows without statistics, a log that was not yet carried into the tables), so that it
    /// is not measured. On PostgreSQL for a superuser.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn settle(&self) -> Result<(), StorageError> {
        settle(&self.0.pools).await?;
        self.0.shelf.settle().await
    }

    /// What a queue's first page costs at least: the same rows by hand-written SQL, none of them looked at.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn floor_of_page(&self, queue: &str, limit: usize) -> Result<usize, StorageError> {
        let sql = "SELECT * FROM tasks WHERE queue = $1 ORDER BY priority, due_at, case_id LIMIT $2";
        let rows = self.0.pools.all(sql, [queue.into(), rows_of(limit).into()]).await?;
        Ok(rows.len())
    }
}

/// SQLite has no statistics here, as in every installation: nothing there asks for any.
pub(crate) async fn settle(pools: &Pools) -> Result<(), StorageError> {
    let steps: &[&str] = match pools.backend() {
        DbBackend::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
        _ => &["VACUUM (ANALYZE)", "CHECKPOINT"],
    };
    for sql in steps {
        pools.write.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// The list in `$1` as a table `x`, its names as bytes or as identifiers.
fn list(pools: &Pools) -> &'static str {
    match pools.backend() {
        DbBackend::Sqlite => {
            "(SELECT unhex(value->>'origin') AS origin, unhex(value->>'id') AS id, unhex(value->>'task') AS task, \
             value->>'reference' AS reference, unhex(value->>'account') AS account FROM json_each($1)) AS x"
        }
        _ => {
            "(SELECT origin, id, task, reference, decode(account, 'hex') AS account FROM jsonb_to_recordset($1::jsonb) \
             AS r(origin uuid, id uuid, task uuid, reference text, account text)) AS x"
        }
    }
}

/// The key that is copied opens nothing: the name that it was wrapped for is another.
pub(crate) fn keys_sql(pools: &Pools) -> String {
    let list = match pools.backend() {
        DbBackend::Sqlite => list(pools),
        _ => {
            "(SELECT decode(origin, 'hex') AS origin, decode(id, 'hex') AS id FROM jsonb_to_recordset($1::jsonb) \
             AS r(origin text, id text)) AS x"
        }
    };
    format!(
        "INSERT INTO keys (kind, id, made, wrapped) SELECT k.kind, x.id, k.made, k.wrapped \
         FROM {list} CROSS JOIN keys AS k WHERE k.kind = 'case' AND k.id = x.origin"
    )
}

/// The cases first: what follows is written of those that are there. Notices were sent, and are no jobs any more.
/// `CROSS JOIN`: SQLite keeps to the order, and looks each origin up instead of going through the list for each row there is.
fn rows_sql(pools: &Pools) -> [String; 5] {
    let list = list(pools);
    let written = "SELECT 1 FROM cases AS c WHERE c.id = x.id";
    [
        format!(
            "INSERT INTO cases (id, reference, class, workflow, account, opened, version, status, step, outcome, updated) \
             SELECT x.id, x.reference, o.class, o.workflow, x.account, o.opened, o.version, o.status, o.step, o.outcome, \
             o.updated FROM {list} CROSS JOIN cases AS o WHERE o.id = x.origin ON CONFLICT DO NOTHING"
        ),
        format!(
            "INSERT INTO case_events (case_id, seq, at, key, entry, state, hash, sealed, sealed_seq) \
             SELECT x.id, e.seq, e.at, e.key, e.entry, e.state, e.hash, e.sealed, e.sealed_seq \
             FROM {list} CROSS JOIN case_events AS e WHERE e.case_id = x.origin AND EXISTS ({written})"
        ),
        format!(
            "INSERT INTO tasks (case_id, id, kind, queue, round, wanted, given, senior, reference, workflow, tier, opened, \
             priority, due_at, token) SELECT x.id, x.task, t.kind, t.queue, t.round, t.wanted, t.given, t.senior, \
             x.reference, t.workflow, t.tier, t.opened, t.priority + 1, t.due_at, t.token \
             FROM {list} CROSS JOIN tasks AS t WHERE t.case_id = x.origin AND EXISTS ({written})"
        ),
        format!(
            "INSERT INTO account_standing (account, open_case) SELECT x.account, x.id FROM {list} WHERE EXISTS ({written})"
        ),
        format!(
            "INSERT INTO jobs (due_at, id, case_id, run, effect, attempts) SELECT j.due_at, x.id, x.id, j.run, j.effect, \
             j.attempts FROM {list} CROSS JOIN jobs AS j WHERE j.case_id = x.origin AND j.run <> {NOTICES} AND EXISTS ({written})"
        ),
    ]
}
