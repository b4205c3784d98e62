//! A store that makes every command decide twice: the first try to commit a version of a case meets a conflict. And one that
//! commits and loses the answer, as a network does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use readmit_core::case::Case;
use readmit_core::effect::Lease;
use readmit_core::guard::{Standing, Wants};
use readmit_core::ids::{CaseId, Digest};
use readmit_core::ports::{Commit, CommitError, Loaded, Store};
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use readmit_storage::{Db, StorageError};

pub(crate) struct Contrary {
    db: Db,
    /// What has met its conflict; `None` where nothing is to meet one.
    met: Option<Mutex<BTreeSet<(CaseId, u32)>>>,
    /// While set, what was committed is not told.
    mute: Arc<AtomicBool>,
}

impl Contrary {
    pub(crate) fn over(db: Db, contrary: bool, mute: Arc<AtomicBool>) -> Self {
        Self {
            db,
            met: contrary.then(Mutex::default),
            mute,
        }
    }

    fn first_try(&self, case: &Case) -> bool {
        self.met
            .as_ref()
            .is_some_and(|met| met.lock().unwrap().insert((case.id, case.version)))
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
        if self.first_try(&commit.before.case) {
            return Err(CommitError::Conflict);
        }
        let done = self.db.commit(commit).await;
        if self.mute.load(Ordering::SeqCst) {
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
