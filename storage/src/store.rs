//! [`Store`]: what `dispatch` needs.

use std::sync::Arc;

use readmit_core::effect::Lease;
use readmit_core::evolve::blank;
use readmit_core::guard::{Standing, Wants};
use readmit_core::ids::{CaseId, Digest};
use readmit_core::ports::{Commit, CommitError, Loaded, Store};
use readmit_core::sealed::Sealed;
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use tokio::sync::OwnedMutexGuard;

use crate::seal::Key;
use crate::{Db, StorageError};

/// Held while a command of a case is decided and committed.
pub struct Turn(#[expect(dead_code, reason = "held, never looked at")] Option<OwnedMutexGuard<()>>);

impl Store for Db {
    type Error = StorageError;
    type Turn = Turn;

    async fn queue(&self, case: CaseId) -> Turn {
        Turn(self.0.lanes.turn(case).await)
    }

    fn recall(&self, case: CaseId, create: bool) -> Option<Loaded> {
        match self.0.cache.get(case) {
            Some(loaded) => Some(Loaded::clone(&loaded)),
            // Without randomness nothing is remembered, and the load says what is wrong.
            None if create => Key::fresh().ok().map(|key| self.new_case(case, &key)),
            None => None,
        }
    }

    async fn load(&self, case: CaseId, create: bool) -> Result<Option<Loaded>, StorageError> {
        match self.opened(case).await? {
            None if create => self.fresh(case).await.map(Some),
            found => Ok(found),
        }
    }

    async fn standing(&self, wants: &Wants, now: At) -> Result<Standing, StorageError> {
        self.read_standing(wants, now).await
    }

    async fn commit(&self, commit: Commit<'_>) -> Result<Loaded, CommitError<StorageError>> {
        self.write_commit(commit).await
    }

    async fn drop_job(&self, lease: Lease) -> Result<(), StorageError> {
        self.finish_job(lease, None).await.map(drop)
    }

    async fn definition(&self, hash: Digest) -> Result<Option<Arc<Definition>>, StorageError> {
        self.stored_definition(hash).await
    }

    async fn policy(&self, hash: Digest) -> Result<Option<Arc<Policy>>, StorageError> {
        self.stored_policy(hash).await
    }
}

impl Db {
    /// A case that does not exist yet. Its key goes on the shelf with its first commit; one that is there already is
    /// that of a start which got no further.
    async fn fresh(&self, case: CaseId) -> Result<Loaded, StorageError> {
        let key = match self.case_key(case).await? {
            Some(key) => key,
            None => Key::fresh()?,
        };
        Ok(self.new_case(case, &key))
    }

    fn new_case(&self, case: CaseId, key: &Key) -> Loaded {
        Loaded {
            case: blank(case),
            head: Digest::default(),
            sealed: Sealed::default(),
            keys: self.keys_with(*key.bytes()),
            lease_until: None,
            readable: true,
        }
    }
}
