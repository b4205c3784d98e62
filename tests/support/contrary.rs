//! A store in which every first commit of a version conflicts; and, while told to be mute, one that commits and says nothing of
//! it, as a network does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use readmit_core::effect::Lease;
use readmit_core::guard::{Standing, Wants};
use readmit_core::ids::{CaseId, Digest};
use readmit_core::ports::{Commit, CommitError, Loaded, Store};
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use readmit_storage::{Db, StorageError};

/// What a test sets while the store is at work.
#[derive(Default)]
pub(crate) struct Moods {
    /// While set, what was committed is not told.
    pub(crate) mute: AtomicBool,
}

pub(crate) struct Contrary {
    db: Db,
    conflicts: bool,
    met: Mutex<BTreeSet<(CaseId, u32)>>,
    moods: Arc<Moods>,
}

impl Contrary {
    pub(crate) fn over(db: Db, conflicts: bool, moods: Arc<Moods>) -> Self {
        Self {
            db,
            conflicts,
            met: Mutex::default(),
            moods,
        }
    }

    /// Whether this try is told that somebody else was first.
    fn conflicts(&self, commit: &Commit<'_>) -> bool {
        let before = &commit.before.case;
        self.conflicts && self.met.lock().unwrap().insert((before.id, before.version))
    }
}

impl Store for Contrary {
    type Error = StorageError;
    type Turn = <Db as Store>::Turn;

    async fn queue(&self, case: CaseId) -> Self::Turn {
        self.db.queue(case).await
    }

    fn recall(&self, case: CaseId, create: bool) -> Option<Loaded> {
        self.db.recall(case, create)
    }

    async fn load(&self, case: CaseId, create: bool) -> Result<Option<Loaded>, StorageError> {
        self.db.load(case, create).await
    }

    async fn standing(&self, wants: &Wants, now: At) -> Result<Standing, StorageError> {
        self.db.standing(wants, now).await
    }

    async fn commit(&self, commit: Commit<'_>) -> Result<Loaded, CommitError<StorageError>> {
        if self.conflicts(&commit) {
            return Err(CommitError::Conflict);
        }
        let done = self.db.commit(commit).await;
        if self.moods.mute.load(Ordering::SeqCst) {
            return Err(CommitError::Store(StorageError::Down));
        }
        done
    }

    async fn drop_job(&self, lease: Lease) -> Result<(), StorageError> {
        self.db.drop_job(lease).await
    }

    async fn definition(&self, hash: Digest) -> Result<Option<Arc<Definition>>, StorageError> {
        self.db.definition(hash).await
    }

    async fn policy(&self, hash: Digest) -> Result<Option<Arc<Policy>>, StorageError> {
        self.db.policy(hash).await
    }
}
