//! Where sealed files lie under their names: a folder, or a bucket of an object store.

use readmit_core::ids::BlobId;
use readmit_core::time::At;
use tokio::io::AsyncRead;

use super::bucket::{self, Bucket};
use super::folder::{self, Folder};
use crate::{EvidenceSettings, StorageError, chance};

pub(crate) enum Depot {
    Folder(Folder),
    Bucket(Bucket),
}

/// A file that is being written, and has no name before [`Unnamed::keep`]. Dropped, it leaves nothing behind.
pub(super) enum Unnamed {
    Folder(folder::Draft),
    Bucket(bucket::Draft),
}

/// What is read back.
pub(super) type Content = Box<dyn AsyncRead + Send + Unpin>;

impl Depot {
    /// Opens nothing yet: a bucket that does not answer is met by the first file.
    pub(crate) fn of(settings: &EvidenceSettings) -> Self {
        match settings {
            EvidenceSettings::Folder(path) => Self::Folder(Folder::new(path.clone())),
            EvidenceSettings::Bucket(settings) => Self::Bucket(Bucket::of(settings)),
        }
    }

    /// Makes what can be made: the folder. A bucket is its owner's to make.
    pub(crate) async fn make(&self) -> Result<(), StorageError> {
        match self {
            Self::Folder(folder) => folder.make().await,
            Self::Bucket(bucket) => bucket.probe().await,
        }
    }

    /// Whether files are taken: on a folder one is begun, and leaves nothing behind.
    pub(crate) async fn probe(&self) -> Result<(), StorageError> {
        match self {
            Self::Folder(folder) => {
                let mut draft = folder.begin(BlobId(chance::uuid()?)).await?;
                draft.write(&[0]).await
            }
            Self::Bucket(bucket) => bucket.probe().await,
        }
    }

    /// Removes uploads that a crash cut off before the moment.
    pub(crate) async fn sweep(&self, before: At) -> Result<(), StorageError> {
        match self {
            Self::Folder(folder) => folder.sweep(before).await,
            Self::Bucket(bucket) => bucket.sweep(before).await,
        }
    }

    pub(super) async fn begin(&self, blob: BlobId) -> Result<Unnamed, StorageError> {
        Ok(match self {
            Self::Folder(folder) => Unnamed::Folder(folder.begin(blob).await?),
            Self::Bucket(bucket) => Unnamed::Bucket(bucket.begin(blob)),
        })
    }

    pub(super) async fn open(&self, blob: BlobId) -> Result<Option<Content>, StorageError> {
        Ok(match self {
            Self::Folder(folder) => folder.open(blob).await?.map(|file| Box::new(file) as Content),
            Self::Bucket(bucket) => bucket.open(blob).await?,
        })
    }

    /// One that is gone already is no error.
    pub(super) async fn remove(&self, blob: BlobId) -> Result<(), StorageError> {
        match self {
            Self::Folder(folder) => folder.remove(blob).await,
            Self::Bucket(bucket) => bucket.remove(blob).await,
        }
    }
}

impl Unnamed {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        match self {
            Self::Folder(draft) => draft.write(bytes).await,
            Self::Bucket(draft) => draft.write(bytes).await,
        }
    }

    pub(super) fn held(&self) -> usize {
        match self {
            Self::Folder(_) => 0,
            Self::Bucket(draft) => draft.held(),
        }
    }

    /// Lets go of what is held in memory of a file that has ended.
    pub(super) async fn settle(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Bucket(draft) => draft.settle().await,
        }
    }

    /// Makes the file durable and gives it its name.
    pub(super) async fn keep(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Folder(draft) => draft.keep().await,
            Self::Bucket(draft) => draft.keep().await,
        }
    }
}
