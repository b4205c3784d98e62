//! Opening and making the stores of an installation.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use readmit_storage::{Db, KeyFault, Settings, StorageError};

/// Opens the stores as they are.
///
/// # Errors
/// One sentence; where `readmit migrate` would help, it says so.
pub(crate) async fn open(settings: &Settings) -> anyhow::Result<Db> {
    match Db::open(settings).await {
        Ok(db) => Ok(db),
        Err(error @ (StorageError::NotMigrated | StorageError::Key(KeyFault::Missing))) => {
            Err(anyhow::anyhow!("{error}; run `readmit migrate` first"))
        }
        Err(error) => Err(placed(error, settings)),
    }
}

/// With the shelf that a wrong key was tried on, where its address is a path and holds no password.
fn placed(error: StorageError, settings: &Settings) -> anyhow::Error {
    let path = settings.keys_url.strip_prefix("sqlite:");
    match (&error, path) {
        (StorageError::Key(KeyFault::WrongMaster | KeyFault::OtherShelf), Some(path)) => {
            anyhow::anyhow!("{error}: {path}")
        }
        _ => error.into(),
    }
}

/// Makes or updates the stores, and the folders of SQLite files, which only their owner may enter.
///
/// # Errors
/// One sentence. With a wrong master key nothing was written.
pub(crate) async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    for url in [&settings.database_url, &settings.keys_url] {
        let folder = url.strip_prefix("sqlite:").and_then(|path| Path::new(path).parent());
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
    }
    Db::migrate(settings).await.map_err(|error| placed(error, settings))
}
