//! Connections. SQLite has one writer and a few readers; PostgreSQL one pool.

use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use crate::StorageError;
use crate::failpoints::Points;
use crate::reserve::{self, Beside, Reserve, Within};
use crate::row::Columns as _;
use readmit_core::time::At;

/// How long a statement waits for a connection or a lock before the caller is told that the database is busy.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct Pools {
    /// Never used to write.
    pub(crate) read: DatabaseConnection,
    /// On SQLite a single connection, so that writers queue here instead of on the file.
    pub(crate) write: DatabaseConnection,
    /// Of a database that takes vetoes.
    reserve: Option<Reserve>,
    pub(crate) points: Points,
}

impl Pools {
    /// Connects; `None` when the database file does not exist.
    pub(crate) async fn open(url: &str, connections: u32) -> Result<Option<Self>, StorageError> {
        if is_sqlite(url) {
            let file = SqliteConnectOptions::from_str(url).map_err(|_| StorageError::Down)?;
            if !file.get_filename().exists() {
                return Ok(None);
            }
        }
        Self::make(url, connections).await.map(Some)
    }

    /// Connects, making the database file if need be.
    pub(crate) async fn make(url: &str, connections: u32) -> Result<Self, StorageError> {
        if is_sqlite(url) {
            let write = Database::connect(sqlite(url, 1, "OFF")).await?;
            let read = Database::connect(sqlite(url, connections.clamp(1, 4), "ON")).await?;
            Ok(Self {
                read,
                write,
                reserve: None,
                points: Points::default(),
            })
        } else {
            let pool = Database::connect(postgres(url, connections.max(1))).await?;
            Ok(Self {
                read: pool.clone(),
                write: pool,
                reserve: None,
                points: Points::default(),
            })
        }
    }

    /// The same with room for vetoes: in the file of [`reserve_of`], or within the database.
    pub(crate) fn with_reserve(self, file: Option<Beside>) -> Self {
        let within = || Reserve::Within(Within::watch(self.write.clone()));
        let reserve = Some(file.map_or_else(within, Reserve::Beside));
        Self { reserve, ..self }
    }

    /// Fills a reserve that lies within the database, so that the first node finds it there. A backup does not hold its table:
    /// where it is missing it is made.
    pub(crate) async fn fill_reserve(&self) -> Result<(), StorageError> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        if !self.has_table("reserve").await? {
            self.write.execute_unprepared(readmit_migrations::RESERVE).await?;
        }
        reserve::keep(&self.write).await
    }

    /// Whether everybody may write.
    ///
    /// # Errors
    /// [`StorageError::Full`] when only vetoes may.
    pub(crate) async fn room(&self) -> Result<(), StorageError> {
        match &self.reserve {
            Some(reserve) => reserve.hold().await,
            None => Ok(()),
        }
    }

    /// Leaves the reserved room to vetoes.
    pub(crate) async fn give_up_reserve(&self) {
        if let Some(reserve) = &self.reserve {
            reserve.give_up().await;
        }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// A statement; `$1`, `$2` are understood by both databases.
    pub(crate) fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), sql, values)
    }

    /// Reads rows.
    pub(crate) async fn all(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<Vec<QueryResult>, StorageError> {
        let statement = self.statement(sql, values);
        Ok(self.read.query_all_raw(statement).await?)
    }

    /// Reads at most one row.
    pub(crate) async fn one<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Option<QueryResult>, StorageError> {
        Ok(self.read.query_one_raw(self.statement(sql, values)).await?)
    }

    /// Writes; how many rows were touched.
    pub(crate) async fn write<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64, StorageError> {
        self.run(self.statement(sql, values)).await
    }

    /// Writes; how many rows were touched.
    pub(crate) async fn run(&self, statement: Statement) -> Result<u64, StorageError> {
        self.room().await?;
        Ok(self.write.execute_raw(statement).await?.rows_affected())
    }

    /// Writes and reads what `RETURNING` tells.
    pub(crate) async fn change(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<Vec<QueryResult>, StorageError> {
        let statement = self.statement(sql, values);
        self.room().await?;
        Ok(self.write.query_all_raw(statement).await?)
    }

    /// A transaction that may write from its first moment: on SQLite a deferred one can fail half-way.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, StorageError> {
        self.room().await?;
        self.begin_in_reserve().await
    }

    /// The same where only vetoes may write.
    pub(crate) async fn begin_in_reserve(&self) -> Result<DatabaseTransaction, StorageError> {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(immediate).await?)
    }

    /// A transaction in which nobody else writes to a table. On SQLite nobody else writes anyway.
    pub(crate) async fn begin_alone(&self, table: &'static str) -> Result<DatabaseTransaction, StorageError> {
        let transaction = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
            transaction.execute_unprepared(&lock).await?;
        }
        Ok(transaction)
    }

    /// Ends a `SELECT` that passes over rows which somebody else is changing. On SQLite nobody else is.
    pub(crate) fn past_locks(&self) -> &'static str {
        match self.backend() {
            DbBackend::Sqlite => "",
            _ => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The database's own clock; `None` where the database is a file of this machine.
    pub(crate) async fn clock(&self) -> Result<Option<At>, StorageError> {
        if self.backend() == DbBackend::Sqlite {
            return Ok(None);
        }
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";
        self.one(sql, []).await?.map(|row| row.at("now")).transpose()
    }

    pub(crate) async fn has_table(&self, name: &str) -> Result<bool, StorageError> {
        let sql = match self.backend() {
            DbBackend::Sqlite => "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = $1",
            _ => "SELECT 1 AS found WHERE to_regclass($1) IS NOT NULL",
        };
        Ok(self.one(sql, [name.into()]).await?.is_some())
    }

    /// Closes; failing to say goodbye changes nothing.
    pub(crate) async fn close(&self) {
        if let Some(Reserve::Within(table)) = &self.reserve {
            table.leave();
        }
        for pool in [&self.read, &self.write] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "closing a connection pool");
            }
        }
    }
}

/// The reserve of a database that is a file.
pub(crate) fn reserve_of(url: &str) -> Option<Beside> {
    let file = SqliteConnectOptions::from_str(url).ok().filter(|_| is_sqlite(url))?;
    Some(Beside::of(file.get_filename()))
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(connections)
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        // With neither, the pool starts no reaper. Its reaper reads a count of idle connections that can be below nothing for a
        // moment, and then never rests: the process could not end.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false);
    options
}

/// A statement waits for a lock as long as for a connection: a lock that is held for ever stops nobody else.
fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = options(url, connections);
    let patience = format!("{}ms", PATIENCE.as_millis());
    options.map_sqlx_postgres_opts(move |server| server.options([("lock_timeout", patience.as_str())]));
    options
}

/// WAL with full synchronisation: what is acknowledged survives a power cut.
fn sqlite(url: &str, connections: u32, query_only: &'static str) -> ConnectOptions {
    let mut options = options(url, connections);
    options.map_sqlx_sqlite_opts(move |file| {
        file.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(false)
            .pragma("query_only", query_only)
    });
    options
}
