//! What can go wrong with storage: a closed list. A corrupt row is an error, never a panic.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, sqlx};

#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Something stored cannot be read: damaged, cut off, or sealed under another key.
    #[error("the stored {what} cannot be read")]
    Corrupt { what: &'static str },
    #[error("the disk is full")]
    Full,
    /// No connection or lock in time; the same request may work a moment later.
    #[error("the database is busy")]
    Busy,
    #[error("the database does not answer")]
    Down,
    #[error("the evidence store does not answer")]
    EvidenceDown,
    /// The schema is missing, or not the one of this build.
    #[error("the database is not migrated to this version")]
    NotMigrated,
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error("input or output failed: {0}")]
    Io(std::io::Error),
    #[error("the database refused: {0}")]
    Database(DbErr),
}

/// What is wrong with the key shelf or the master key. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("the key shelf is missing")]
    Missing,
    #[error("the master key is wrong for this key shelf")]
    WrongMaster,
    #[error("the key shelf belongs to another database")]
    OtherShelf,
}

impl StorageError {
    /// The same error for another caller of one batch.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Corrupt { what } => Self::Corrupt { what },
            Self::Full => Self::Full,
            Self::Busy => Self::Busy,
            Self::Down => Self::Down,
            Self::EvidenceDown => Self::EvidenceDown,
            Self::NotMigrated => Self::NotMigrated,
            Self::Key(fault) => Self::Key(*fault),
            Self::Io(error) => Self::Io(std::io::Error::new(error.kind(), error.to_string())),
            Self::Database(error) => Self::Database(error.clone()),
        }
    }

    /// Whether it concerns the database as a whole rather than one statement.
    pub(crate) fn is_general(&self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::Down | Self::Io(_))
    }
}

impl From<std::io::Error> for StorageError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Self::Down,
            _ => match sqlx_error(&error) {
                Some(sqlx::Error::PoolTimedOut) => Self::Busy,
                Some(sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => Self::Down,
                Some(sqlx::Error::Database(database)) => {
                    let code = database.code().unwrap_or_default();
                    by_code(&code, database.message()).unwrap_or(Self::Database(error))
                }
                _ => Self::Database(error),
            },
        }
    }
}

/// SQLITE_IOERR_SHMSIZE: the index of the log, a file of its own, could not be given its size.
const NO_SHARED_MEMORY: u32 = 4874;

/// SQLSTATE has five characters (PostgreSQL, appendix A), SQLite's extended result codes are decimal numbers whose low
/// byte is the primary code (sqlite.org/rescode.html).
fn by_code(code: &str, message: &str) -> Option<StorageError> {
    match code {
        "53100" => return Some(StorageError::Full),
        "53300" | "55P03" | "40001" | "40P01" => return Some(StorageError::Busy),
        "57P01" | "57P02" | "57P03" => return Some(StorageError::Down),
        _ => {}
    }
    let code = code.parse::<u32>().ok().filter(|_| code.len() < 5)?;
    if code == NO_SHARED_MEMORY {
        return Some(StorageError::Full);
    }
    match code & 0xff {
        5 | 6 => Some(StorageError::Busy),
        10 => Some(StorageError::Io(std::io::Error::other(message.to_owned()))),
        11 | 26 => Some(StorageError::Corrupt { what: "database file" }),
        13 => Some(StorageError::Full),
        _ => None,
    }
}

/// The error code that the database gave, if it was the database that refused.
pub(crate) fn code_of(error: &DbErr) -> Option<String> {
    match sqlx_error(error)? {
        sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
        _ => None,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}
