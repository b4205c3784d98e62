//! What tells whether an installation is well: for probes, metrics, the doctor and the operators' page.

use readmit_core::time::At;
use sea_orm::DbBackend;

use crate::keys::Shelf;
use crate::queues::NEXT_QUEUE;
use crate::row::{Columns as _, rows_of};
use crate::{COUNT_CAP, Db, KeyFault, Settings, StorageError};

/// Jobs as they stand at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Due and taken by nobody, counted to [`COUNT_CAP`].
    pub due: usize,
    /// Since when the longest waiting of them is due.
    pub since: Option<At>,
    /// Given up, counted to [`COUNT_CAP`].
    pub dead: usize,
}

/// The room within a PostgreSQL database that only an owner's objection may use (RF-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Kept,
    /// It was given up, and there was no room for it since.
    Empty,
    /// There is no table of it.
    Missing,
    /// It is there, and this process may not give it up.
    NotOurs,
}

/// A queue as it stands at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    pub queue: String,
    /// Counted to [`COUNT_CAP`].
    pub tasks: usize,
    /// Those whose time is over, counted to [`COUNT_CAP`].
    pub overdue: usize,
    /// When the first of them opened.
    pub oldest: At,
}

impl Db {
    /// Whether database and key shelf answer, and the shelf still goes by this process's master key.
    ///
    /// # Errors
    /// [`StorageError`]: which does not.
    pub async fn ready(&self) -> Result<(), StorageError> {
        self.0.pools.one("SELECT 1 AS there FROM installation", []).await?;
        self.0.shelf.answers().await
    }

    /// Whether the evidence store takes files.
    ///
    /// # Errors
    /// [`StorageError::EvidenceDown`], or what the folder's disk said.
    pub async fn evidence_ready(&self) -> Result<(), StorageError> {
        self.0.blobs.probe().await
    }

    /// The clock of the database's machine; `None` on SQLite, whose machine is this one.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn database_clock(&self) -> Result<Option<At>, StorageError> {
        self.0.pools.clock().await
    }

    /// The room that is kept for an owner's objection; `None` on SQLite, where it is a file that is made when it is asked for.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn room_for_objections(&self) -> Result<Option<Room>, StorageError> {
        let pools = &self.0.pools;
        if pools.backend() == DbBackend::Sqlite {
            return Ok(None);
        }
        if !pools.has_table("reserve").await? {
            return Ok(Some(Room::Missing));
        }
        let sql = "SELECT 1 AS found WHERE has_table_privilege('reserve', 'TRUNCATE')";
        if pools.one(sql, []).await?.is_none() {
            return Ok(Some(Room::NotOurs));
        }
        let kept = pools.one("SELECT 1 AS found FROM reserve LIMIT 1", []).await?.is_some();
        Ok(Some(if kept { Room::Kept } else { Room::Empty }))
    }

    /// Jobs that are due, and those that were given up.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn backlog(&self, now: At) -> Result<Backlog, StorageError> {
        let due = "SELECT count(*) AS jobs, min(due_at) AS since FROM \
                   (SELECT due_at FROM jobs WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2) AS due";
        let due = self.0.pools.one(due, [now.0.into(), rows_of(COUNT_CAP).into()]).await?;
        let (jobs, since) = match due {
            Some(row) => (row.count("jobs")?, row.maybe_at("since")?),
            None => (0, None),
        };
        let dead = "SELECT count(*) AS jobs FROM (SELECT 1 AS one FROM dead_jobs LIMIT $1) AS dead";
        let dead = self.0.pools.one(dead, [rows_of(COUNT_CAP).into()]).await?;
        Ok(Backlog {
            due: capped(jobs),
            since,
            dead: capped(dead.map_or(Ok(0), |row| row.count("jobs"))?),
        })
    }

    /// Every queue that holds tasks. A look a queue and priority, each served by the queue's index.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn queue_states(&self, now: At) -> Result<Vec<QueueState>, StorageError> {
        let mut states: Vec<QueueState> = Vec::new();
        let mut last = String::new();
        while let Some(row) = self.0.pools.one(NEXT_QUEUE, [last.as_str().into()]).await? {
            last = row.get("queue")?;
            states.push(self.queue_state(&last, now).await?);
        }
        Ok(states)
    }

    async fn queue_state(&self, queue: &str, now: At) -> Result<QueueState, StorageError> {
        let (mut overdue, mut first, mut priority) = (0, At(i64::MAX), i64::MIN);
        let next = "SELECT priority, due_at FROM tasks WHERE queue = $1 AND priority > $2 \
                    ORDER BY priority, due_at LIMIT 1";
        while let Some(row) = self.0.pools.one(next, [queue.into(), priority.into()]).await? {
            priority = row.get("priority")?;
            first = first.min(row.at("due_at")?);
            let late = "SELECT count(*) AS tasks FROM (SELECT 1 AS one FROM tasks WHERE queue = $1 AND priority = $2 \
                        AND due_at <= $3 LIMIT $4) AS late";
            let values = [queue.into(), priority.into(), now.0.into(), rows_of(COUNT_CAP).into()];
            overdue += self
                .0
                .pools
                .one(late, values)
                .await?
                .map_or(Ok(0), |row| row.count("tasks"))?;
        }
        Ok(QueueState {
            queue: queue.to_owned(),
            tasks: self.count(queue).await?,
            overdue: capped(overdue),
            oldest: first - self.0.queues.within(queue),
        })
    }

    /// Wraps every key of a shelf anew, under another master key: all of them or, if it is cut off, none. How many.
    /// Processes that still hold the old key can neither open nor keep a key afterwards.
    ///
    /// # Errors
    /// [`StorageError::Key`] when the shelf is missing or the settings' master key is wrong; [`StorageError::Corrupt`]
    /// when a key cannot be opened. Then nothing was changed.
    pub async fn rotate_master_key(settings: &Settings, new: &[u8; 32]) -> Result<u64, StorageError> {
        let shelf = Shelf::open(&settings.keys_url, 1, &settings.master_key)
            .await?
            .ok_or(KeyFault::Missing)?;
        let rotated = shelf.rotate(new).await;
        shelf.close().await;
        rotated
    }
}

fn capped(count: u32) -> usize {
    usize::try_from(count).unwrap_or(COUNT_CAP).min(COUNT_CAP)
}
