//! The reserve of a PostgreSQL database: a table full of rows that say nothing. Emptying it frees its file at once and needs
//! no room itself: the table has neither an index nor a second file for long values.
//!
//! It is not logged. So filling it writes no log and reaches no replica; and a server that ended because its log found no
//! room empties it by itself when it recovers: the reserve is a log file larger than what vetoes need.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait as _};
use tokio::task::AbortHandle;

use super::TAKES_OBJECTIONS_ONLY;
use crate::StorageError;

/// How long after one look the next follows: other nodes, and the server itself, give it up as well.
const LOOK: Duration = Duration::from_secs(1);
/// How long after finding no room it is tried again: each try writes as much as there is room.
const NO_ROOM: Duration = Duration::from_secs(5);
/// The same after what does not pass by itself, such as a right that is missing.
const REFUSED: Duration = Duration::from_secs(60);

const FIND: &str = "SELECT 1 AS found FROM reserve LIMIT 1";
/// Of several nodes one makes it; the others look again.
const LOCK: &str = "LOCK TABLE reserve IN ACCESS EXCLUSIVE MODE NOWAIT";
const EMPTY: &str = "TRUNCATE reserve";
/// As much again as the reserve, for a moment.
const TRY: &str = "INSERT INTO reserve SELECT decode(repeat('00', 8000), 'hex') FROM generate_series(1, 2 * \
                   (8388608 + pg_size_bytes(current_setting('wal_segment_size'))) / 8192)";
/// 8 MB, as beside a SQLite file, and a file of the log; a row a page, which no file system makes smaller.
const FILL: &str = "INSERT INTO reserve SELECT (SELECT string_agg(sha512(int8send(page * 125 + part)), '') \
                    FROM generate_series(1, 125) AS part) FROM generate_series(1, \
                    (8388608 + pg_size_bytes(current_setting('wal_segment_size'))) / 8192) AS page";

#[derive(Clone)]
pub(crate) struct Within(Arc<Inner>);

struct Inner {
    pool: DatabaseConnection,
    gone: Arc<AtomicBool>,
    watch: AbortHandle,
}

impl Within {
    /// Looks after it until [`Within::leave`], or until the last clone is dropped.
    pub(crate) fn watch(pool: DatabaseConnection) -> Self {
        let gone = Arc::new(AtomicBool::new(false));
        let watching = tokio::spawn(watch(pool.clone(), Arc::clone(&gone)));
        Self(Arc::new(Inner {
            pool,
            gone,
            watch: watching.abort_handle(),
        }))
    }

    /// Passes while it is there, as far as this node knows.
    ///
    /// # Errors
    /// [`StorageError::Full`] when what room there is belongs to vetoes.
    pub(crate) fn hold(&self) -> Result<(), StorageError> {
        if self.0.gone.load(Ordering::Relaxed) {
            return Err(StorageError::Full);
        }
        Ok(())
    }

    /// Leaves its room to vetoes.
    pub(crate) async fn give_up(&self) {
        if !self.0.gone.swap(true, Ordering::Relaxed) {
            tracing::error!("{TAKES_OBJECTIONS_ONLY}");
        }
        if let Err(error) = self.0.pool.execute_unprepared(EMPTY).await {
            tracing::error!(%error, "the room that is kept for objections could not be given up");
        }
    }

    /// Looks after it no more.
    pub(crate) fn leave(&self) {
        self.0.watch.abort();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

async fn watch(pool: DatabaseConnection, gone: Arc<AtomicBool>) {
    loop {
        let pause = match keep(&pool).await {
            Ok(()) => {
                gone.store(false, Ordering::Relaxed);
                LOOK
            }
            Err(StorageError::Full) => {
                if !gone.swap(true, Ordering::Relaxed) {
                    tracing::error!("{TAKES_OBJECTIONS_ONLY}");
                }
                NO_ROOM
            }
            // Another node is at it, or the server is away.
            Err(StorageError::Busy | StorageError::Down) => LOOK,
            Err(error) => {
                tracing::error!(%error, "no room can be kept for objections");
                REFUSED
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Makes it where it is not there.
///
/// # Errors
/// [`StorageError::Full`] when there is no room for it and as much again: then it was not made, and holds no room.
pub(crate) async fn keep(pool: &DatabaseConnection) -> Result<(), StorageError> {
    if is_there(pool).await? {
        return Ok(());
    }
    let transaction = pool.begin().await?;
    match make(&transaction).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

async fn is_there(connection: &impl ConnectionTrait) -> Result<bool, StorageError> {
    let find = Statement::from_string(DbBackend::Postgres, FIND);
    Ok(connection.query_one_raw(find).await?.is_some())
}

async fn make(transaction: &DatabaseTransaction) -> Result<(), StorageError> {
    transaction.execute_unprepared(LOCK).await?;
    if is_there(transaction).await? {
        return Ok(());
    }
    // Emptied first, its file is new: where a row finds no room the whole file goes with the transaction.
    for sql in [EMPTY, TRY, EMPTY, FILL] {
        transaction.execute_unprepared(sql).await?;
    }
    Ok(())
}
