//! Everything that lasts: cases, jobs, people, sessions, keys and evidence, on SQLite or PostgreSQL.
//!
//! Start reading at [`Db`] and `commit.rs`: the one write transaction of a case. Every other file is one table or a few
//! that belong together. This is the only crate that knows a database; the only files that tell the two apart are
//! `connect.rs`, `jobs.rs`, `copies.rs` and `commit/`.
//!
//! Deliberately absent: a clock (moments are handed in), entities for the write path, and any way to change a case but
//! [`readmit_core::ports::Store::commit`].

use std::path::PathBuf;
use std::sync::Arc;

use readmit_core::cx::Keys;
use readmit_core::ids::{AccountId, CaseId, Tag};
use readmit_core::workflow::queues::Queues;
use tokio::sync::Notify;

mod asked;
mod audit;
mod blobs;
mod cache;
mod cases;
mod chance;
mod commit;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod connect;
mod copies;
mod counters;
mod deliveries;
mod dense;
mod error;
mod factors;
mod failpoints;
mod health;
mod jobs;
mod keys;
mod migrate;
mod packed;
mod people;
mod prints;
mod queues;
mod quiet;
mod ranges;
mod reserve;
mod row;
mod seal;
mod sessions;
mod standing;
mod store;
mod upkeep;
mod versions;
mod visits;
mod wake;

pub use asked::AskedLine;
pub use audit::{AuditKey, AuditLine, AuditRow};
pub use blobs::{BlobWriter, Blobs, BucketSettings, Stored};
pub use cases::{CaseFilter, CaseKey, CaseLine, Unsound};
pub use copies::Copy;
pub use deliveries::{Delivery, Heard, LostText, Named, SentText, Told};
pub use error::{KeyFault, StorageError};
pub use factors::{Factor, NewFactor, PasskeyId};
#[cfg(any(test, feature = "conformance"))]
pub use failpoints::Points;
pub use health::{Backlog, QueueState, Room};
pub use jobs::{DeadJob, LeasedJob};
pub use people::{Passkey, Person, Secrets};
pub use prints::Print;
pub use queues::{CLAIM_HOLD, COUNT_CAP, Draft, QueueCount, QueueKey, QueuePage, QueueRow};
pub use ranges::{OpenText, QuietRange};
/// PostgreSQL: what the tables' owner runs after [`Db::migrate`], so that the application cannot rewrite the record (IN-08).
pub use readmit_migrations::ROLES;
pub use sessions::{Face, NewSession, Session};
pub use store::Turn;
pub use versions::VersionLine;
pub use visits::Visit;

/// Where everything lies.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// The key shelf: a database of its own, outside the data's backup.
    pub keys_url: String,
    pub evidence: EvidenceSettings,
    /// Wraps every key of the shelf.
    pub master_key: [u8; 32],
    /// Connections to PostgreSQL, or readers of SQLite beside its one writer.
    pub connections: u32,
    /// How soon a queue's tasks are due, and which come first.
    pub queues: Queues,
}

/// Where evidence lies, sealed.
#[derive(Clone)]
pub enum EvidenceSettings {
    Folder(PathBuf),
    /// A bucket of an S3 server.
    Bucket(BucketSettings),
}

/// The store. Cheap to clone; all clones share connections, cache and writer.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    pools: connect::Pools,
    shelf: keys::Shelf,
    writer: commit::Writer,
    cache: cache::Cache,
    lanes: cache::Lanes,
    versions: versions::Versions,
    blobs: blobs::Depot,
    queues: Queues,
    wake: wake::Wake,
}

impl Db {
    /// Connects. Never migrates, never writes.
    ///
    /// # Errors
    /// [`StorageError::Key`] when the shelf is missing, belongs to other data, or the master key is wrong;
    /// [`StorageError::NotMigrated`] when the schema is not this build's; else what kept it from connecting.
    pub async fn open(settings: &Settings) -> Result<Self, StorageError> {
        let reserve = connect::reserve_of(&settings.database_url);
        match (Self::open_over(settings, reserve.clone()).await, &reserve) {
            // Opening a file takes room, too.
            (Err(StorageError::Full), Some(room)) if room.give_up().await => Self::open_over(settings, reserve).await,
            (opened, _) => opened,
        }
    }

    async fn open_over(settings: &Settings, reserve: Option<reserve::Beside>) -> Result<Self, StorageError> {
        let shelf = keys::Shelf::open(&settings.keys_url, settings.connections, &settings.master_key)
            .await?
            .ok_or(KeyFault::Missing)?;
        let pools = connect::Pools::open(&settings.database_url, settings.connections)
            .await?
            .ok_or(StorageError::NotMigrated)?;
        migrate::check(&pools, &shelf).await?;
        let pools = pools.with_reserve(reserve);
        Ok(Self(Arc::new(Inner {
            writer: commit::Writer::of(&pools),
            wake: wake::Wake::start(&pools, &settings.database_url),
            pools,
            shelf,
            cache: cache::Cache::default(),
            lanes: cache::Lanes::default(),
            versions: versions::Versions::default(),
            blobs: blobs::Depot::of(&settings.evidence),
            queues: settings.queues.clone(),
        })))
    }

    /// Makes or updates the schema and, the first time, the key shelf.
    ///
    /// # Errors
    /// As [`Db::open`]; on a [`StorageError::Key`] nothing was written.
    pub async fn migrate(settings: &Settings) -> Result<(), StorageError> {
        migrate::run(settings).await
    }

    /// Ends all connections, after what is under way.
    pub async fn close(&self) {
        self.0.wake.stop();
        self.0.pools.close().await;
        self.0.shelf.close().await;
    }

    /// Where this store can be made to fail, or the process to end.
    #[cfg(any(test, feature = "conformance"))]
    #[must_use]
    pub fn points(&self) -> &Points {
        &self.0.pools.points
    }

    /// Notified after a commit that made jobs; on PostgreSQL also by other processes.
    #[must_use]
    pub fn wake(&self) -> &Notify {
        &self.0.wake.worker
    }

    /// A tag that agrees between cases: HMAC under the installation's index key.
    #[must_use]
    pub fn index_tag(&self, purpose: &str, parts: &[&[u8]]) -> Tag {
        readmit_core::cx::tag(self.0.shelf.index(), purpose, parts)
    }

    /// The tag of an account, as [`Keys::account_tag`] makes it.
    #[must_use]
    pub fn account_tag(&self, account: &AccountId) -> Tag {
        self.keys_with([0; 32]).account_tag(account)
    }

    /// A secret of this installation for one purpose, such as authenticating form tokens; the same on every node.
    #[must_use]
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        self.0.shelf.secret(purpose)
    }

    pub(crate) fn keys_with(&self, case: [u8; 32]) -> Keys {
        Keys {
            case,
            index: *self.0.shelf.index(),
        }
    }

    /// The case's key, if it has not been destroyed.
    pub(crate) async fn case_key(&self, case: CaseId) -> Result<Option<seal::Key>, StorageError> {
        self.0.shelf.case(case).await
    }
}
