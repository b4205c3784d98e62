//! The state, in memory and in one file. A change is on disk before anybody is told of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use crate::state::State;

pub(crate) struct Store {
    shared: Arc<Shared>,
    /// Held from the copy until the change shows: changes queue.
    writer: Arc<tokio::sync::Mutex<()>>,
}

struct Shared {
    path: PathBuf,
    current: RwLock<Arc<State>>,
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
        let shared = Arc::new(Shared {
            path: path.to_owned(),
            current: RwLock::new(Arc::new(state)),
        });
        Ok(Self {
            shared,
            writer: Arc::default(),
        })
    }

    /// The state as it stands; later changes do not show in it.
    pub(crate) fn read(&self) -> Arc<State> {
        self.shared.read()
    }

    /// Changes a copy, writes it, and only then shows it: a failed write changed nothing. A caller that goes away while the
    /// file is written leaves the change whole.
    pub(crate) async fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.writer).lock_owned().await;
        let mut next = State::clone(&self.read());
        let answer = change(&mut next);
        let shared = Arc::clone(&self.shared);
        let last = move || {
            let _turn = turn;
            write(&shared.path, &next)?;
            *shared.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
            Ok::<(), StoreError>(())
        };
        tokio::task::spawn_blocking(last).await.map_err(io::Error::other)??;
        Ok(answer)
    }
}

impl Shared {
    fn read(&self) -> Arc<State> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use time::macros::datetime;

    use super::*;
    use crate::passwords::Passwords;

    fn open(path: &Path) -> Store {
        let first = || Ok(State::new(datetime!(2026-11-20 12:00 UTC), &Passwords::new().unwrap()).unwrap());
        Store::open::<StoreError>(path, first).unwrap()
    }

    fn lock(state: &mut State, account: &str) {
        state.lock(account, 60, datetime!(2026-11-20 12:00 UTC));
    }

    fn is_locked(store: &Store, account: &str) -> bool {
        let state = store.read();
        state
            .standing(account)
            .unwrap()
            .locked_until(datetime!(2026-11-20 12:00 UTC))
            .is_some()
    }

    #[tokio::test]
    async fn rf_07_a_change_whose_caller_has_gone_is_whole_and_kept_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        let store = open(&path);
        tokio::select! {
            biased;
            _ = store.change(|state| lock(state, "acc_ada")) => unreachable!("a write takes longer than one poll"),
            () = std::future::ready(()) => {}
        }
        store.change(|state| lock(state, "acc_ben")).await.unwrap();
        for store in [&store, &open(&path)] {
            assert!(is_locked(store, "acc_ada") && is_locked(store, "acc_ben"));
        }
    }

    #[tokio::test]
    async fn a_failed_write_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("state.json"));
        folder.close().unwrap();
        assert!(store.change(|state| lock(state, "acc_ada")).await.is_err());
        assert!(!is_locked(&store, "acc_ada"));
    }

    #[test]
    fn a_file_of_another_version_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        open(&path);
        let other = fs::read_to_string(&path).unwrap().replace("\"acc_ada\"", "\"acc_eve\"");
        fs::write(&path, &other).unwrap();
        assert!(matches!(
            Store::open::<StoreError>(&path, || Err(StoreError::Foreign)),
            Err(StoreError::Foreign)
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
}
