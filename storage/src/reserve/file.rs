//! The reserve of a SQLite file: a file beside it, given up also when opening the store meets a full disk.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;
use tokio::sync::Mutex;

use super::TAKES_OBJECTIONS_ONLY;
use crate::{StorageError, chance};

/// Bytes: SQLite's log before it is written back (1,000 pages of 4 kB), and as many for the database itself.
const ROOM: u64 = 8 << 20;
const PIECE: usize = 1 << 14;

#[derive(Clone)]
pub(crate) struct Beside(Arc<Inner>);

struct Inner {
    file: PathBuf,
    /// One maker at a time.
    making: Mutex<()>,
}

impl Beside {
    /// Of a database file; made, if need be, by the first who asks for room.
    pub(crate) fn of(database: &Path) -> Self {
        let mut file = database.as_os_str().to_owned();
        file.push("-reserve");
        Self(Arc::new(Inner {
            file: file.into(),
            making: Mutex::new(()),
        }))
    }

    /// Passes while the reserve is there, or can be made again.
    ///
    /// # Errors
    /// [`StorageError::Full`] when what room there is belongs to vetoes.
    pub(crate) async fn hold(&self) -> Result<(), StorageError> {
        if self.is_whole() {
            return Ok(());
        }
        let _maker = self.0.making.lock().await;
        if self.is_whole() {
            return Ok(());
        }
        let file = self.0.file.clone();
        let made = tokio::task::spawn_blocking(move || make(&file));
        made.await.unwrap_or(Err(StorageError::Down))
    }

    /// Leaves its room to vetoes; `false` when that was done before.
    pub(crate) async fn give_up(&self) -> bool {
        let given = tokio::fs::remove_file(&self.0.file).await.is_ok();
        if given {
            tracing::error!("{TAKES_OBJECTIONS_ONLY}");
        }
        given
    }

    fn is_whole(&self) -> bool {
        std::fs::metadata(&self.0.file).is_ok_and(|file| file.len() == ROOM)
    }
}

fn make(file: &Path) -> Result<(), StorageError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let disk = statvfs(folder).map_err(std::io::Error::from)?;
    if disk.f_bavail.saturating_mul(disk.f_frsize) < 2 * ROOM {
        return Err(StorageError::Full);
    }
    // Another process may make one, too: whoever is last names its own.
    let mut new = file.as_os_str().to_owned();
    new.push(format!("-{}", std::process::id()));
    let new = PathBuf::from(new);
    let made = fill(&new).and_then(|()| Ok(std::fs::rename(&new, file)?));
    if made.is_err() {
        std::fs::remove_file(&new).ok();
    }
    made
}

/// Room that the file system promises; where it cannot, random bytes, which it keeps in no less.
fn fill(file: &Path) -> Result<(), StorageError> {
    let mut file = File::create(file)?;
    match fallocate(&file, FallocateFlags::empty(), 0, ROOM) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
            for _ in 0..ROOM / PIECE as u64 {
                file.write_all(&chance::bytes::<PIECE>()?)?;
            }
        }
        promised => promised.map_err(std::io::Error::from)?,
    }
    Ok(file.sync_all()?)
}
