//! The reserve of a PostgreSQL database: a table full of rows that say nothing. Emptying it frees its file at once and needs
//! no room itself: the table has neither an index nor a second file for long values.
//!
//! It is not logged. So filling it writes no log and reaches no replica; and a server that ended because its log found no
//! room empties it by itself when it recovers: the reserve is a log file larger than what vetoes need.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::{self, Connection as _, PgConnection};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::TAKES_OBJECTIONS_ONLY;
use crate::StorageError;

/// How long after one look the next follows: other nodes, and the server itself, give it up as well.
const LOOK: Duration = Duration::from_secs(1);
/// How long it is left empty, so that vetoes get the room that it gave up.
const GRACE: Duration = Duration::from_secs(30);
/// How long after the first time that there was no room it is tried again, each time twice as long: for a moment each try
/// takes all the room there is.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(40);
/// How long after what does not pass by itself, such as a right that is missing, it is tried, and told of, again.
const REFUSED: Duration = Duration::from_secs(60);

const FIND: &str = "SELECT 1 AS found FROM reserve LIMIT 1";
const EMPTY: &str = "TRUNCATE reserve";
/// The transaction of the process that makes it, over all its tries: a pooler keeps it on one connection, too.
const BEGIN: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0";
/// The lock of that process. It is no table's: it says nothing to anybody but the others.
const LEAD: &str = "SELECT pg_try_advisory_xact_lock(hashtext('readmit reserve'))";
/// What a try that found no room comes back to: after the lock, which it keeps.
const SAVE: &str = "SAVEPOINT before";
/// All of it, or nothing. Emptied first, its file is new: where a row finds no room the whole file goes at once. First as much
/// again as the reserve, for a moment; then 8 MB, as beside a SQLite file, and a file of the log. A row a page, which no file
/// system makes smaller.
const MAKE: &str = "ROLLBACK TO SAVEPOINT before; \
                    LOCK TABLE reserve IN ACCESS EXCLUSIVE MODE NOWAIT; \
                    TRUNCATE reserve; \
                    INSERT INTO reserve SELECT decode(repeat('00', 8000), 'hex') FROM generate_series(1, 2 * \
                    (8388608 + pg_size_bytes(current_setting('wal_segment_size'))) / 8192); \
                    TRUNCATE reserve; \
                    INSERT INTO reserve SELECT (SELECT string_agg(sha512(int8send(page * 125 + part)), '') \
                    FROM generate_series(1, 125) AS part) FROM generate_series(1, \
                    (8388608 + pg_size_bytes(current_setting('wal_segment_size'))) / 8192) AS page; \
                    COMMIT";

#[derive(Clone)]
pub(crate) struct Within(Arc<Inner>);

struct Inner {
    pool: DatabaseConnection,
    turns: Arc<Turns>,
    watch: AbortHandle,
}

impl Within {
    /// Looks after it until [`Within::leave`], or until the last clone is dropped.
    pub(crate) fn watch(pool: DatabaseConnection) -> Self {
        let turns = Arc::new(Turns::default());
        let watching = tokio::spawn(watch(pool.clone(), Arc::clone(&turns)));
        Self(Arc::new(Inner {
            pool,
            turns,
            watch: watching.abort_handle(),
        }))
    }

    /// Passes while it is there, as far as this node knows.
    ///
    /// # Errors
    /// [`StorageError::Full`] when what room there is belongs to vetoes.
    pub(crate) fn hold(&self) -> Result<(), StorageError> {
        if is_gone(self.0.turns.now()) {
            return Err(StorageError::Full);
        }
        Ok(())
    }

    /// Leaves its room to vetoes. Where it cannot be given up the next look finds it there.
    pub(crate) async fn give_up(&self) {
        self.0.turns.give_up();
        if let Err(error) = self.0.pool.execute_unprepared(EMPTY).await {
            tracing::error!(%error, "the room that is kept for objections could not be given up");
        }
        // A look that began before it was empty does not count.
        self.0.turns.give_up();
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

/// How often it went and came back; odd while it is gone. What a look found holds only if nobody gave it up meanwhile.
#[derive(Default)]
struct Turns(AtomicU64);

fn is_gone(turn: u64) -> bool {
    turn % 2 == 1
}

impl Turns {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn give_up(&self) {
        self.0.fetch_add(2, Ordering::SeqCst);
        if !is_gone(self.0.fetch_or(1, Ordering::SeqCst)) {
            tracing::error!("{TAKES_OBJECTIONS_ONLY}");
        }
    }

    /// What a look found that began at this turn.
    fn found(&self, turn: u64, there: bool) {
        let is_news = is_gone(turn) == there;
        let next = turn.wrapping_add(1);
        if !is_news
            || self
                .0
                .compare_exchange(turn, next, Ordering::SeqCst, Ordering::SeqCst)
                .is_err()
        {
            return;
        }
        if there {
            tracing::info!("everybody may write to the database again");
        } else {
            tracing::error!("{TAKES_OBJECTIONS_ONLY}");
        }
    }
}

async fn watch(pool: DatabaseConnection, turns: Arc<Turns>) {
    let mut empty = None;
    let mut told: Option<Instant> = None;
    loop {
        let turn = turns.now();
        let looked = match is_there(&pool).await {
            Ok(true) => {
                turns.found(turn, true);
                empty = None;
                Ok(())
            }
            Ok(false) => {
                turns.found(turn, false);
                empty.get_or_insert_with(Empty::now).make_again(&pool).await
            }
            // Where it is empty afterwards, the server came back into its room.
            Err(StorageError::Down) => {
                empty = None;
                Ok(())
            }
            // Somebody makes it, or all connections are in use.
            Err(StorageError::Busy) => Ok(()),
            // What cannot be looked at keeps nobody from writing.
            Err(error) => {
                turns.found(turn, true);
                Err(error)
            }
        };
        if let Err(error) = looked
            && told.is_none_or(|told| told.elapsed() >= REFUSED)
        {
            tracing::error!(%error, "no room is kept for objections: run readmit migrate and migrations/roles.sql");
            told = Some(Instant::now());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Makes it where it is not there.
///
/// # Errors
/// [`StorageError::Full`] when there is no room for it and as much again: then it was not made, and holds no room.
/// [`StorageError::Busy`] while another process makes it.
pub(crate) async fn keep(pool: &DatabaseConnection) -> Result<(), StorageError> {
    if is_there(pool).await? {
        return Ok(());
    }
    Maker::appoint(pool).await?.ok_or(StorageError::Busy)?.make().await
}

async fn is_there(pool: &DatabaseConnection) -> Result<bool, StorageError> {
    let find = Statement::from_string(DbBackend::Postgres, FIND);
    Ok(pool.query_one_raw(find).await?.is_some())
}

/// The time in which it is empty.
struct Empty {
    next: Instant,
    pause: Duration,
    maker: Option<Maker>,
}

impl Empty {
    fn now() -> Self {
        Self {
            next: Instant::now() + GRACE,
            pause: FIRST_PAUSE,
            maker: None,
        }
    }

    /// Makes it again when it is time to try, if no other process is at it.
    ///
    /// # Errors
    /// [`StorageError`]: what does not pass by itself.
    async fn make_again(&mut self, pool: &DatabaseConnection) -> Result<(), StorageError> {
        if Instant::now() < self.next {
            return Ok(());
        }
        match self.lead(pool).await {
            Ok(true) => *self = Self::now(),
            Ok(false) | Err(StorageError::Busy) => self.next = Instant::now() + FIRST_PAUSE,
            Err(StorageError::Full) => {
                self.next = Instant::now() + self.pause;
                self.pause = LONGEST_PAUSE.min(2 * self.pause);
            }
            Err(StorageError::Down) => *self = Self::now(),
            Err(error) => {
                self.maker = None;
                self.next = Instant::now() + REFUSED;
                return Err(error);
            }
        }
        Ok(())
    }

    /// `false` while another process is its maker.
    async fn lead(&mut self, pool: &DatabaseConnection) -> Result<bool, StorageError> {
        if self.maker.is_none() {
            self.maker = Maker::appoint(pool).await?;
        }
        match &mut self.maker {
            Some(maker) => maker.make().await.map(|()| true),
            None => Ok(false),
        }
    }
}

/// Who makes it: one process at a time, as long as its connection lasts, which is none of the pool's.
struct Maker(PgConnection);

impl Maker {
    /// `None` while another process is it.
    async fn appoint(pool: &DatabaseConnection) -> Result<Option<Self>, StorageError> {
        let connection = pool.get_postgres_connection_pool().acquire().await;
        let mut connection = connection.map_err(refused)?.detach();
        sqlx::raw_sql(BEGIN).execute(&mut connection).await.map_err(refused)?;
        let leads: bool = sqlx::query_scalar(LEAD)
            .fetch_one(&mut connection)
            .await
            .map_err(refused)?;
        if leads {
            sqlx::raw_sql(SAVE).execute(&mut connection).await.map_err(refused)?;
            return Ok(Some(Self(connection)));
        }
        connection.close().await.map_err(refused)?;
        Ok(None)
    }

    async fn make(&mut self) -> Result<(), StorageError> {
        sqlx::raw_sql(MAKE).execute(&mut self.0).await.map_err(refused)?;
        Ok(())
    }
}

fn refused(error: sqlx::Error) -> StorageError {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RF-11: a look that began before the room was given up, and found it there, gives it to nobody.
    #[test]
    fn rf_11_only_a_later_look_finds_the_room_again() {
        let turns = Turns::default();
        let early = turns.now();
        turns.give_up();
        let between = turns.now();
        turns.give_up();
        for turn in [early, between] {
            turns.found(turn, true);
            assert!(is_gone(turns.now()));
        }
        let later = turns.now();
        turns.found(later, false);
        assert!(is_gone(turns.now()));
        turns.found(later, true);
        assert!(!is_gone(turns.now()));
        turns.found(turns.now(), false);
        assert!(is_gone(turns.now()));
    }
}
