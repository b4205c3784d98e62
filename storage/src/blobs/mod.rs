//! The evidence store: sealed files with random names (EV-07), written and read in chunks.
//!
//! A file is a format byte, a 19-byte nonce prefix, and chunks of 64 KiB sealed one by one: each nonce is the prefix, the
//! chunk's number and whether it is the last, so that chunks can be neither swapped, dropped nor cut off (the STREAM
//! construction, eprint 2015/189). The key is derived from the case's key and the file's name.
//!
//! A file has a row from before it has a name until after it has none, so that none is ever there which nobody knows of.

mod bucket;
mod depot;
mod folder;
mod unclaimed;

use readmit_core::ids::{BlobId, CaseId, Digest};
use readmit_core::time::At;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use crate::row::Columns as _;
use crate::seal::{Key, Place};
use crate::{Db, StorageError, chance};

pub use bucket::BucketSettings;
pub(crate) use depot::Depot;
use depot::Unnamed;
#[cfg(any(test, feature = "conformance"))]
pub(crate) use unclaimed::UNCLAIMED;

const FORMAT: u8 = 1;
const CHUNK: usize = 64 * 1024;
const PREFIX: usize = 19;
/// What sealing adds to a chunk: the Poly1305 tag.
const TAG: usize = 16;

/// The evidence store.
#[derive(Clone, Copy)]
pub struct Blobs<'a>(&'a Db);

/// What was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub blob: BlobId,
    pub bytes: u64,
    pub sha256: Digest,
}

impl Db {
    #[must_use]
    pub fn blobs(&self) -> Blobs<'_> {
        Blobs(self)
    }
}

impl Blobs<'_> {
    /// Begins a file of a case. Nothing is kept before [`BlobWriter::finish`]; a case must name it within a day of `at`
    /// ([`Db::remove_unclaimed`]).
    ///
    /// # Errors
    /// [`StorageError::Full`] or [`StorageError::Io`] when it cannot be written; [`StorageError::Corrupt`] when the case
    /// has no key.
    pub async fn create(self, case: CaseId, at: At) -> Result<BlobWriter, StorageError> {
        self.0.0.pools.room().await?;
        let blob = BlobId(chance::uuid()?);
        let key = self.key(case, blob).await?;
        let prefix: [u8; PREFIX] = chance::bytes()?;
        let mut file = self.0.0.blobs.begin(blob).await?;
        self.0.0.pools.points.reach("upload: file begun")?;
        file.write(&[FORMAT]).await?;
        file.write(&prefix).await?;
        Ok(BlobWriter {
            db: self.0.clone(),
            case,
            blob,
            at,
            file,
            ended: false,
            chunks: Chunks {
                key,
                aad: aad(case, blob),
                prefix,
                number: 0,
            },
            waiting: Vec::with_capacity(CHUNK),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// A whole file, opened.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when it is missing, changed, cut off, or another case's.
    pub async fn read(self, case: CaseId, blob: BlobId) -> Result<Vec<u8>, StorageError> {
        let corrupt = StorageError::Corrupt { what: "evidence" };
        let key = self.key(case, blob).await?;
        let Some(file) = self.0.0.blobs.open(blob).await? else {
            return Err(corrupt);
        };
        let mut file = BufReader::with_capacity(CHUNK + TAG, file);
        let mut header = [0; 1 + PREFIX];
        file.read_exact(&mut header)
            .await
            .map_err(|_| StorageError::Corrupt { what: "evidence" })?;
        let Some((&FORMAT, prefix)) = header.split_first() else {
            return Err(corrupt);
        };
        let mut chunks = Chunks {
            key,
            aad: aad(case, blob),
            prefix: prefix.try_into().unwrap_or_default(),
            number: 0,
        };
        let mut plain = Vec::new();
        loop {
            let mut sealed = Vec::with_capacity(CHUNK + TAG);
            (&mut file).take((CHUNK + TAG) as u64).read_to_end(&mut sealed).await?;
            let last = file.fill_buf().await?.is_empty();
            plain.extend_from_slice(&chunks.open(&sealed, last)?);
            if last {
                return Ok(plain);
            }
        }
    }

    /// The hash that was taken while a file was stored.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when it cannot be opened.
    pub async fn sha256(self, case: CaseId, blob: BlobId) -> Result<Option<Digest>, StorageError> {
        let sql = "SELECT sha256 FROM blobs WHERE id = $1 AND case_id = $2";
        let Some(row) = self.0.0.pools.one(sql, [blob.0.into(), case.0.into()]).await? else {
            return Ok(None);
        };
        let key = self.key(case, blob).await?;
        let plain = key.open(&hash_place(case, blob), &row.get::<Vec<u8>>("sha256")?)?;
        let hash = plain
            .as_slice()
            .try_into()
            .map_err(|_| StorageError::Corrupt { what: "blobs.sha256" })?;
        Ok(Some(Digest(hash)))
    }

    /// Removes a file that no case refers to; one that is gone already is no error.
    ///
    /// # Errors
    /// [`StorageError`] when file or row cannot be removed.
    pub async fn remove(self, case: CaseId, blob: BlobId) -> Result<(), StorageError> {
        let own = "SELECT 1 AS found FROM blobs WHERE id = $1 AND case_id = $2";
        if self.0.0.pools.one(own, [blob.0.into(), case.0.into()]).await?.is_none() {
            return Ok(());
        }
        self.0.0.blobs.remove(blob).await?;
        self.0.0.pools.points.reach("removal: file removed")?;
        self.forget(blob).await
    }

    async fn forget(self, blob: BlobId) -> Result<(), StorageError> {
        let sql = "DELETE FROM blobs WHERE id = $1";
        self.0.0.pools.write(sql, [blob.0.into()]).await.map(drop)
    }

    async fn key(self, case: CaseId, blob: BlobId) -> Result<Key, StorageError> {
        let key = self
            .0
            .case_key(case)
            .await?
            .ok_or(StorageError::Corrupt { what: "case key" })?;
        Ok(key.derive("storage/blob", &[blob.0.as_bytes()]))
    }
}

/// A file that is being written. Dropped, it leaves nothing behind.
pub struct BlobWriter {
    db: Db,
    case: CaseId,
    blob: BlobId,
    at: At,
    file: Unnamed,
    /// The last chunk is sealed.
    ended: bool,
    chunks: Chunks,
    waiting: Vec<u8>,
    hash: Sha256,
    bytes: u64,
}

impl BlobWriter {
    /// How many bytes were written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes of it are held in memory.
    #[must_use]
    pub fn held(&self) -> usize {
        self.waiting.capacity() + self.file.held()
    }

    /// Writes some more; holds at most one chunk in memory.
    ///
    /// # Errors
    /// [`StorageError::Full`] or [`StorageError::Io`].
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), StorageError> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            // A full chunk goes out only when more follows: the last one is marked.
            if self.waiting.len() == CHUNK {
                self.put(false).await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Seals the last chunk: nothing more is written, and as little as can be is held in memory until the file is kept.
    ///
    /// # Errors
    /// [`StorageError`]; then nothing is kept.
    pub async fn end(&mut self) -> Result<(), StorageError> {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        self.put(true).await?;
        self.waiting = Vec::new();
        self.file.settle().await
    }

    /// Seals the last chunk, makes the file durable and gives it its name.
    ///
    /// # Errors
    /// [`StorageError`]; then nothing is kept.
    pub async fn finish(mut self) -> Result<Stored, StorageError> {
        if !self.ended {
            self.put(true).await?;
        }
        let stored = Stored {
            blob: self.blob,
            bytes: self.bytes,
            sha256: Digest(self.hash.finalize().into()),
        };
        let place = hash_place(self.case, self.blob);
        let sealed = self.chunks.key.seal(&place, &stored.sha256.0)?;
        let sql = "INSERT INTO blobs (id, case_id, bytes, sha256, unclaimed_since) VALUES ($1, $2, $3, $4, $5)";
        let values = [
            self.blob.0.into(),
            self.case.0.into(),
            i64::try_from(stored.bytes).unwrap_or(i64::MAX).into(),
            sealed.into(),
            self.at.0.into(),
        ];
        let points = &self.db.0.pools.points;
        points.reach("upload: all bytes written")?;
        self.db.0.pools.write(sql, values).await?;
        points.reach("upload: row written")?;
        if let Err(error) = self.file.keep().await {
            self.db.blobs().forget(self.blob).await?;
            return Err(error);
        }
        points.reach("upload: file named")?;
        Ok(stored)
    }

    async fn put(&mut self, last: bool) -> Result<(), StorageError> {
        let sealed = self.chunks.seal(&self.waiting, last)?;
        self.waiting.clear();
        self.file.write(&sealed).await
    }
}

/// The place in a stream of chunks.
struct Chunks {
    key: Key,
    aad: Vec<u8>,
    prefix: [u8; PREFIX],
    number: u32,
}

impl Chunks {
    fn seal(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>, StorageError> {
        let nonce = self.nonce(last)?;
        self.key.seal_with(&nonce, &self.aad, plain)
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> Result<zeroize::Zeroizing<Vec<u8>>, StorageError> {
        let nonce = self.nonce(last)?;
        self.key
            .open_with(&nonce, &self.aad, sealed)
            .ok_or(StorageError::Corrupt { what: "evidence" })
    }

    fn nonce(&mut self, last: bool) -> Result<[u8; 24], StorageError> {
        let number = self.number.to_be_bytes();
        self.number = self.number.checked_add(1).ok_or(StorageError::Full)?;
        let bytes = self.prefix.iter().chain(&number).copied().chain([u8::from(last)]);
        let mut nonce = [0; 24];
        for (to, from) in nonce.iter_mut().zip(bytes) {
            *to = from;
        }
        Ok(nonce)
    }
}

fn aad(case: CaseId, blob: BlobId) -> Vec<u8> {
    [case.0.as_bytes().as_slice(), blob.0.as_bytes()].concat()
}

fn hash_place(case: CaseId, blob: BlobId) -> Place {
    Place::new("blobs.sha256", &[case.0.as_bytes(), blob.0.as_bytes()])
}
