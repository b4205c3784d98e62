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

pub(crate) fn page_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM tasks WHERE queue = $1 AND (priority, due_at, case_id) > ($2, $3, $4) \
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

    /// Every queue that holds something, by name, and how much. Steps from queue to queue along the index.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn queue_counts(&self) -> Result<Vec<QueueCount>, StorageError> {
        let mut counts = Vec::new();
        let mut last = String::new();
        while let Some(row) = self.0.pools.one(NEXT_QUEUE, [last.as_str().into()]).await? {
            let queue: String = row.get("queue")?;
            let count = self.count(&queue).await?;
            last.clone_from(&queue);
            counts.push(QueueCount { queue, count });
        }
        Ok(counts)
    }

    pub(crate) async fn count(&self, queue: &str) -> Result<usize, StorageError> {
        let sql = "SELECT count(*) AS tasks FROM (SELECT 1 AS one FROM tasks WHERE queue = $1 LIMIT $2) AS capped";
        let row = self.0.pools.one(sql, [queue.into(), rows_of(COUNT_CAP).into()]).await?;
        let tasks = row.map_or(Ok(0), |row| row.count("tasks"))?;
        Ok(usize::try_from(tasks).unwrap_or(COUNT_CAP))
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
        loop {
            let candidates = self.free_tasks(queues, (person, senior), given, now).await?;
            if candidates.is_empty() {
                return Ok(None);
            }
            for (_, case, task) in candidates {
                let sql = format!(
                    "UPDATE tasks SET reserved_by = $2, reserved_until = $3 WHERE case_id = $4 AND id = $5 AND {FREE} \
                     RETURNING 1 AS won"
                );
                let until = (now + RESERVED_FOR).0;
                let values = [
                    now.0.into(),
                    person.0.into(),
                    until.into(),
                    case.0.into(),
                    task.0.into(),
                ];
                if !self.0.pools.change(&sql, values).await?.is_empty() {
                    return Ok(Some((case, task)));
                }
            }
        }
    }

    /// The first free tasks of the queues, most urgent first.
    async fn free_tasks(
        &self,
        queues: &[String],
        (person, senior): (PersonId, bool),
        given: u32,
        now: At,
    ) -> Result<Vec<(QueueKey, CaseId, TaskId)>, StorageError> {
        let sql = format!(
            "SELECT case_id, id, priority, due_at FROM tasks WHERE queue = $3 AND {FREE} AND senior <= $4 AND given >= $6 \
             AND NOT EXISTS (SELECT 1 FROM approvals a \
                             WHERE a.case_id = tasks.case_id AND a.round = tasks.round AND a.person = $2) \
             ORDER BY priority, due_at, case_id LIMIT $5"
        );
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
