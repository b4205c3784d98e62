//! Room on the disk of a SQLite file that only an owner's veto may use: a file beside it, given up when a veto meets a full
//! disk. While it is gone nobody else writes, and it is made again as soon as there is room (RF-11).

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{StorageError, chance};

/// Bytes: SQLite's log before it is written back (1,000 pages of 4 kB), and as many for the database itself.
const ROOM: usize = 8 << 20;
const PIECE: usize = 1 << 14;

/// How long a disk that was full is taken for full.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(crate) struct Reserve(Arc<Inner>);

struct Inner {
    file: PathBuf,
    /// When the disk last had no room for it.
    full: Mutex<Option<Instant>>,
}

impl Reserve {
    /// The reserve of a database file, made if need be and if there is room.
    pub(crate) async fn of(database: &Path) -> Result<Self, StorageError> {
        let mut file = database.as_os_str().to_owned();
        file.push("-reserve");
        let reserve = Self(Arc::new(Inner {
            file: file.into(),
            full: Mutex::new(None),
        }));
        match reserve.hold().await {
            Ok(()) | Err(StorageError::Full) => Ok(reserve),
            Err(error) => Err(error),
        }
    }

    /// Passes while the reserve is there, or can be made again.
    ///
    /// # Errors
    /// [`StorageError::Full`] when what room there is belongs to vetoes.
    pub(crate) async fn hold(&self) -> Result<(), StorageError> {
        if self.0.file.exists() {
            return Ok(());
        }
        let mut full = self.0.full.lock().await;
        if full.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(StorageError::Full);
        }
        let made = self.make().await;
        *full = matches!(made, Err(StorageError::Full)).then(Instant::now);
        made
    }

    /// Leaves its room to vetoes.
    pub(crate) async fn give_up(&self) {
        let mut full = self.0.full.lock().await;
        if tokio::fs::remove_file(&self.0.file).await.is_ok() {
            *full = Some(Instant::now());
            tracing::error!("the disk of the database is full: until there is room it takes objections only");
        }
    }

    async fn make(&self) -> Result<(), StorageError> {
        let file = self.0.file.clone();
        let made = tokio::task::spawn_blocking(move || {
            let new = file.with_added_extension("new");
            fill(&new).inspect_err(|_| drop(std::fs::remove_file(&new)))?;
            Ok(std::fs::rename(&new, &file)?)
        });
        made.await.unwrap_or(Err(StorageError::Down))
    }
}

/// Random bytes, so that no file system keeps them in less room.
fn fill(file: &Path) -> Result<(), StorageError> {
    let mut file = File::create(file)?;
    for _ in 0..ROOM / PIECE {
        file.write_all(&chance::bytes::<PIECE>()?)?;
    }
    Ok(())
}
