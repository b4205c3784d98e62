//! Queues: pages of live tasks, "next", leases and drafts. Claims themselves are commits; nothing here changes a case.

use readmit_core::case::{Task, TaskKind};
use readmit_core::ids::{CaseId, CaseRef, PersonId, TaskId};
use readmit_core::time::{At, Span};
use readmit_core::workflow::expr::Scope;
use readmit_core::workflow::queues::Queues;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::row::{Columns as _, rows_of};
use crate::seal::{Key, Place};
use crate::{Db, StorageError};

/// How long a claim holds without a renewal.
pub const CLAIM_HOLD: Span = Span::minutes(10);

/// How long "next" keeps a task for the person it was given to, until the claim is committed.
const RESERVED_FOR: Span = Span::seconds(30);

/// How many free tasks of a queue "next" tries before it looks again: that many people can press it at one moment.
const CANDIDATES: usize = 16;

/// Nothing is counted beyond this.
pub const COUNT_CAP: usize = 1_000;

/// One line of a queue page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    pub case: CaseId,
    pub task: TaskId,
    pub kind: TaskKind,
    pub queue: String,
    pub round: u32,
    /// How many approvals the round wants, and how many it had when the task opened.
    pub wanted: u32,
    pub given: u32,
    /// Only seniors may work on it.
    pub senior: bool,
    pub reference: CaseRef,
    /// The workflow's name.
    pub workflow: String,
    /// The account's `asset_tier`, where the directory gave one.
    pub tier: Option<String>,
    pub opened: At,
    /// Ascending is urgent first.
    pub priority: i64,
    pub due_at: At,
    pub token: u32,
    pub claimed_by: Option<PersonId>,
    pub lease_until: Option<At>,
}

/// Where a queue page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueKey {
    pub priority: i64,
    pub due_at: At,
    pub case: CaseId,
}

/// How many tasks a queue holds, counted to [`COUNT_CAP`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueCount {
    pub queue: String,
    pub count: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePage {
    pub rows: Vec<QueueRow>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<QueueKey>,
}

/// A task's place in its queue, by the queue's own formula: more points come first, equals by the moment they are due.
/// A queue that the file does not name has no formula, and a day.
pub(crate) fn urgency(queues: &Queues, task: &Task, scope: &dyn Scope) -> (i64, At) {
    let points = queues.get(&task.queue).map_or(0, |queue| queue.priority(scope));
    (-i64::from(points), task.opened + queues.within(&task.queue))
}

const COLUMNS: &str = "case_id, id, kind, queue, round, wanted, given, senior, reference, workflow, tier, opened, \
                       priority, due_at, token, claimed_by, lease_until";

pub(crate) const NEXT_QUEUE: &str = "SELECT queue FROM tasks WHERE queue > $1 ORDER BY queue LIMIT 1";

/// In the index's order: a queue of few tasks is not looked for among a million others.
pub(crate) const COUNT: &str = "SELECT count(*) AS tasks FROM (SELECT 1 AS one FROM tasks WHERE queue = $1 \
                                ORDER BY priority, due_at, case_id LIMIT $2) AS capped";

/// From queue to queue along the index, each counted as in [`COUNT`].
pub(crate) const COUNTS: &str = "
WITH RECURSIVE held (queue) AS (
    SELECT min(queue) FROM tasks
    UNION ALL SELECT (SELECT min(t.queue) FROM tasks AS t WHERE t.queue > held.queue) FROM held WHERE queue IS NOT NULL)
SELECT queue, (SELECT count(*) FROM (SELECT 1 AS one FROM tasks AS t WHERE t.queue = held.queue
               ORDER BY t.priority, t.due_at, t.case_id LIMIT $1) AS capped) AS tasks
FROM held WHERE queue IS NOT NULL";

pub(crate) fn page_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM tasks WHERE queue = $1 AND (priority, due_at, case_id) > ($2, $3, $4) \
         ORDER BY priority, due_at, case_id LIMIT $5"
    )
}

/// `$3` is the queue, `$4` whether the person is a senior, `$5` how many, `$6` how many approvals at least.
pub(crate) fn free_sql() -> String {
    format!(
        "SELECT case_id, id, priority, due_at FROM tasks WHERE queue = $3 AND {FREE} AND senior <= $4 AND given >= $6 \
         AND NOT EXISTS (SELECT 1 FROM approvals a \
                         WHERE a.case_id = tasks.case_id AND a.round = tasks.round AND a.person = $2) \
         ORDER BY priority, due_at, case_id LIMIT $5"
    )
}

impl Db {
    /// A page of the queues' tasks together, most urgent first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn queue_page(
        &self,
        queues: &[String],
        after: Option<QueueKey>,
        limit: usize,
    ) -> Result<QueuePage, StorageError> {
        let after = after.unwrap_or(QueueKey {
            priority: i64::MIN,
            due_at: At(i64::MIN),
            case: CaseId(Uuid::nil()),
        });
        let sql = page_sql();
        let mut rows = Vec::new();
        for queue in queues {
            let values = [
                queue.as_str().into(),
                after.priority.into(),
                after.due_at.0.into(),
                after.case.0.into(),
                rows_of(limit.saturating_add(1)).into(),
            ];
            for row in self.0.pools.all(&sql, values).await? {
                rows.push(queue_row(&row)?);
            }
        }
        rows.sort_by_key(QueueRow::key);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(QueueRow::key) } else { None };
        Ok(QueuePage { rows, next })
    }

    /// Every queue that holds something, by name, and how much.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn queue_counts(&self) -> Result<Vec<QueueCount>, StorageError> {
        let rows = self.0.pools.all(COUNTS, [rows_of(COUNT_CAP).into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(QueueCount {
                    queue: row.get("queue")?,
                    count: counted(row)?,
                })
            })
            .collect()
    }

    pub(crate) async fn count(&self, queue: &str) -> Result<usize, StorageError> {
        let values = [queue.into(), rows_of(COUNT_CAP).into()];
        self.0
            .pools
            .one(COUNT, values)
            .await?
            .map_or(Ok(0), |row| counted(&row))
    }

    /// Reserves the most urgent task that this person may work on; the claim itself is a command. `None` when there is
    /// none. Tasks of a round that the person approved, and of seniors where `senior` is false, are passed over.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn next_task(
        &self,
        queues: &[String],
        person: PersonId,
        senior: bool,
        now: At,
    ) -> Result<Option<(CaseId, TaskId)>, StorageError> {
        self.next_given(queues, (person, senior), 0, now).await
    }

    /// As [`Db::next_task`], of those alone that have so many approvals already.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn next_given(
        &self,
        queues: &[String],
        (person, senior): (PersonId, bool),
        given: u32,
        now: At,
    ) -> Result<Option<(CaseId, TaskId)>, StorageError> {
        // At first past what others are about to reserve; where nothing else is left, their end is waited for.
        let mut past = self.0.pools.past_locks();
        loop {
            let candidates = self.free_tasks(queues, (person, senior), given, now).await?;
            let Some(&(_, first, _)) = candidates.first() else {
                return Ok(None);
            };
            // Mostly it is the first: what its claim needs is read meanwhile. What cannot be read, the claim will tell.
            let (reserved, _read) = tokio::join!(self.reserve(&candidates, person, now, past), self.opened(first));
            if let Some(reserved) = reserved? {
                return Ok(Some(reserved));
            }
            past = "";
        }
    }

    /// Reserves the first of the candidates that is still free.
    async fn reserve(
        &self,
        candidates: &[(QueueKey, CaseId, TaskId)],
        person: PersonId,
        now: At,
        past: &str,
    ) -> Result<Option<(CaseId, TaskId)>, StorageError> {
        let mut values: Vec<Value> = vec![now.0.into(), person.0.into(), (now + RESERVED_FOR).0.into()];
        let mut ids = Vec::with_capacity(candidates.len());
        for (_, _, task) in candidates {
            values.push(task.0.into());
            ids.push(format!("${}", values.len()));
        }
        let sql = format!(
            "UPDATE tasks SET reserved_by = $2, reserved_until = $3 WHERE {FREE} AND id = \
             (SELECT id FROM tasks WHERE id IN ({}) AND {FREE} ORDER BY priority, due_at, case_id LIMIT 1{past}) \
             RETURNING case_id, id",
            ids.join(", ")
        );
        let reserved = self.0.pools.change(&sql, values).await?;
        let named = |row: &QueryResult| Ok((row.case("case_id")?, TaskId(row.get("id")?)));
        reserved.first().map(named).transpose()
    }

    /// The first free tasks of the queues, most urgent first.
    async fn free_tasks(
        &self,
        queues: &[String],
        (person, senior): (PersonId, bool),
        given: u32,
        now: At,
    ) -> Result<Vec<(QueueKey, CaseId, TaskId)>, StorageError> {
        let sql = free_sql();
        let mut free = Vec::new();
        for queue in queues {
            let values: [Value; 6] = [
                now.0.into(),
                person.0.into(),
                queue.as_str().into(),
                i64::from(senior).into(),
                rows_of(CANDIDATES).into(),
                i64::from(given).into(),
            ];
            for row in self.0.pools.all(&sql, values).await? {
                let case = row.case("case_id")?;
                let key = QueueKey {
                    priority: row.get("priority")?,
                    due_at: row.at("due_at")?,
                    case,
                };
                free.push((key, case, TaskId(row.get("id")?)));
            }
        }
        free.sort();
        Ok(free)
    }

    /// Prolongs a claim; `false` when it is somebody else's by now.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn renew_lease(
        &self,
        task: TaskId,
        token: u32,
        person: PersonId,
        until: At,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE tasks SET lease_until = $4 WHERE id = $1 AND token = $2 AND claimed_by = $3";
        let values = [task.0.into(), i64::from(token).into(), person.0.into(), until.0.into()];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// The tasks that a person holds, most urgent first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn tasks_of(&self, person: PersonId) -> Result<Vec<QueueRow>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM tasks WHERE case_id IN (SELECT case_id FROM claims WHERE person = $1) \
             AND claimed_by = $1 ORDER BY priority, due_at, case_id"
        );
        self.0
            .pools
            .all(&sql, [person.0.into()])
            .await?
            .iter()
            .map(queue_row)
            .collect()
    }

    /// Keeps what a person has typed about a task, sealed; `false` when the task is no longer there.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn save_draft(&self, task: TaskId, person: PersonId, draft: &Draft) -> Result<bool, StorageError> {
        let Some(key) = self.draft_key(task).await? else {
            return Ok(false);
        };
        let sealed = key.seal_json(&draft_place(task, person), draft)?;
        let sql = "INSERT INTO drafts (task, person, body) VALUES ($1, $2, $3) \
                   ON CONFLICT (task, person) DO UPDATE SET body = excluded.body";
        let values = [task.0.into(), person.0.into(), sealed.into()];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// What a person last typed about a task.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when it cannot be opened.
    pub async fn draft(&self, task: TaskId, person: PersonId) -> Result<Option<Draft>, StorageError> {
        let sql = "SELECT body FROM drafts WHERE task = $1 AND person = $2";
        let Some(row) = self.0.pools.one(sql, [task.0.into(), person.0.into()]).await? else {
            return Ok(None);
        };
        let Some(key) = self.draft_key(task).await? else {
            return Ok(None);
        };
        key.open_json(&draft_place(task, person), &row.get::<Vec<u8>>("body")?)
            .map(Some)
    }

    async fn draft_key(&self, task: TaskId) -> Result<Option<Key>, StorageError> {
        let sql = "SELECT case_id FROM tasks WHERE id = $1";
        let Some(row) = self.0.pools.one(sql, [task.0.into()]).await? else {
            return Ok(None);
        };
        let key = self.case_key(row.case("case_id")?).await?;
        Ok(key.map(|key| key.derive("storage/draft", &[])))
    }
}

/// What a reviewer has typed; its form is the page's own.
pub type Draft = serde_json::Value;

/// Nobody works on it and it is kept for nobody else; `$1` is now, `$2` the person.
const FREE: &str = "(claimed_by IS NULL OR lease_until <= $1) \
                    AND (reserved_by IS NULL OR reserved_until <= $1 OR reserved_by = $2)";

impl QueueRow {
    /// Its place in the order of pages.
    #[must_use]
    pub fn key(&self) -> QueueKey {
        QueueKey {
            priority: self.priority,
            due_at: self.due_at,
            case: self.case,
        }
    }
}

fn counted(row: &QueryResult) -> Result<usize, StorageError> {
    Ok(usize::try_from(row.count("tasks")?).unwrap_or(COUNT_CAP))
}

fn queue_row(row: &QueryResult) -> Result<QueueRow, StorageError> {
    Ok(QueueRow {
        case: row.case("case_id")?,
        task: TaskId(row.get("id")?),
        kind: row.word("kind")?,
        queue: row.get("queue")?,
        round: row.count("round")?,
        wanted: row.count("wanted")?,
        given: row.count("given")?,
        senior: row.get::<i64>("senior")? != 0,
        reference: row.reference("reference")?,
        workflow: row.get("workflow")?,
        tier: row.get("tier")?,
        opened: row.at("opened")?,
        priority: row.get("priority")?,
        due_at: row.at("due_at")?,
        token: row.count("token")?,
        claimed_by: row.maybe_person("claimed_by")?,
        lease_until: row.maybe_at("lease_until")?,
    })
}

fn draft_place(task: TaskId, person: PersonId) -> Place {
    Place::new("drafts.body", &[task.0.as_bytes(), person.0.as_bytes()])
}
