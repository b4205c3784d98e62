//! Evidence in a folder. A file gets its name when it is whole and durable.

use std::path::{Path, PathBuf};

use readmit_core::ids::BlobId;
use readmit_core::time::At;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::StorageError;

pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) async fn make(&self) -> Result<(), StorageError> {
        Ok(tokio::fs::create_dir_all(&self.0).await?)
    }

    pub(super) async fn begin(&self, blob: BlobId) -> Result<Draft, StorageError> {
        let folder = self.unfinished();
        tokio::fs::create_dir_all(&folder).await?;
        let path = folder.join(blob.to_string());
        Ok(Draft {
            file: File::create_new(&path).await?,
            to: self.path(blob),
            unfinished: Unfinished(Some(path)),
        })
    }

    pub(super) async fn open(&self, blob: BlobId) -> Result<Option<File>, StorageError> {
        match File::open(self.path(blob)).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            file => Ok(Some(file?)),
        }
    }

    pub(super) async fn remove(&self, blob: BlobId) -> Result<(), StorageError> {
        match tokio::fs::remove_file(self.path(blob)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes uploads that a crash cut off; a running one is younger.
    pub(super) async fn sweep(&self, before: At) -> Result<(), StorageError> {
        let mut files = match tokio::fs::read_dir(self.unfinished()).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            files => files?,
        };
        while let Some(file) = files.next_entry().await? {
            let changed = file.metadata().await?.modified()?;
            let age = changed.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            if i64::try_from(age.as_micros()).unwrap_or(i64::MAX) < before.0 {
                tokio::fs::remove_file(file.path()).await?;
            }
        }
        Ok(())
    }

    fn unfinished(&self) -> PathBuf {
        self.0.join("unfinished")
    }

    /// Two levels of folders, so that none grows large.
    fn path(&self, blob: BlobId) -> PathBuf {
        let name = blob.to_string();
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        self.0.join(first).join(second).join(name.as_str())
    }
}

/// A file without its name yet.
pub(crate) struct Draft {
    file: File,
    to: PathBuf,
    unfinished: Unfinished,
}

impl Draft {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        Ok(self.file.write_all(bytes).await?)
    }

    pub(super) async fn keep(&mut self) -> Result<(), StorageError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        self.unfinished.rename(&self.to).await
    }
}

/// Removed when dropped.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    async fn rename(&mut self, to: &Path) -> Result<(), StorageError> {
        let Some(from) = self.0.clone() else { return Ok(()) };
        if let Some(folder) = to.parent() {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::rename(&from, to).await?;
            self.0 = None;
            File::open(folder).await?.sync_all().await?;
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(%error, "an unfinished upload could not be removed");
        }
    }
}
