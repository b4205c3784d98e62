//! The state, in memory and in one file. A change is on disk before anybody is told of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use crate::state::State;

pub(crate) struct Store {
    path: PathBuf,
    current: RwLock<Arc<State>>,
    /// Held from the copy to the rename: changes queue.
    writer: tokio::sync::Mutex<()>,
}

/// The file could not be read, understood or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the state file: {0}")]
    Io(#[from] io::Error),
    #[error("the state file is not readable: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the state file belongs to another version of the host; move it away to start afresh")]
    Foreign,
}

impl Store {
    /// Reads the file, or writes what `first` makes where there is none.
    pub(crate) fn open<E: From<StoreError>>(path: &Path, first: impl FnOnce() -> Result<State, E>) -> Result<Self, E> {
        let state = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(StoreError::from)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let state = first()?;
                write(path, &state)?;
                state
            }
            Err(error) => return Err(StoreError::from(error).into()),
        };
        if !State::is_readable(&state) {
            return Err(StoreError::Foreign.into());
        }
        Ok(Self {
            path: path.to_owned(),
            current: RwLock::new(Arc::new(state)),
            writer: tokio::sync::Mutex::default(),
        })
    }

    /// The state as it stands; later changes do not show in it.
    pub(crate) fn read(&self) -> Arc<State> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a copy, writes it, and only then shows it: a failed write changed nothing.
    pub(crate) async fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, StoreError> {
        let _turn = self.writer.lock().await;
        let mut next = State::clone(&self.read());
        let answer = change(&mut next);
        let next = Arc::new(next);
        let (path, written) = (self.path.clone(), Arc::clone(&next));
        tokio::task::spawn_blocking(move || write(&path, &written))
            .await
            .map_err(io::Error::other)??;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(answer)
    }
}

/// Beside the file, then over it, so that a crash leaves the old or the new one whole.
fn write(path: &Path, state: &State) -> Result<(), StoreError> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(&serde_json::to_vec_pretty(state)?)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}
