//! A store that goes wrong at every commit once, in one of three ways; and, while told to be mute, commits and says nothing
//! of it, as a network does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use readmit_core::command::By;
use readmit_core::effect::Lease;
use readmit_core::guard::{Standing, Wants};
use readmit_core::ids::{CaseId, Digest};
use readmit_core::ports::{Commit, CommitError, Loaded, Store};
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use readmit_storage::{Db, StorageError};

/// What the first try to commit a version of a case meets.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Whim {
    #[default]
    None,
    /// Somebody else was first, it says.
    Conflict,
    /// The connection ends before anything is written.
    CutOff,
    /// All is written, and the answer does not arrive.
    Unheard,
}

/// What a test sets and reads while the store is at work.
#[derive(Default)]
pub(crate) struct Moods {
    /// While set, what was committed is not told.
    pub(crate) mute: AtomicBool,
    /// Where it went wrong, in order: who acted, in which step.
    pub(crate) points: Mutex<Vec<String>>,
}

pub(crate) struct Contrary {
    db: Db,
    whim: Whim,
    met: Mutex<BTreeSet<(CaseId, u32)>>,
    moods: Arc<Moods>,
}

impl Contrary {
    pub(crate) fn over(db: Db, whim: Whim, moods: Arc<Moods>) -> Self {
        Self {
            db,
            whim,
            met: Mutex::default(),
            moods,
        }
    }

    /// What this try meets.
    fn whim(&self, commit: &Commit<'_>) -> Whim {
        let before = &commit.before.case;
        if self.whim == Whim::None || !self.met.lock().unwrap().insert((before.id, before.version)) {
            return Whim::None;
        }
        let who = match commit.entry.by {
            By::Claimant => "claimant",
            By::Owner { .. } => "owner",
            By::Staff { .. } => "staff",
            By::Engine => "job",
        };
        let step = if before.version == 0 { "start" } else { &before.step };
        self.moods.points.lock().unwrap().push(format!("{who} in {step}"));
        self.whim
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
        let whim = self.whim(&commit);
        match whim {
            Whim::Conflict => return Err(CommitError::Conflict),
            Whim::CutOff => return Err(CommitError::Store(StorageError::Down)),
            Whim::None | Whim::Unheard => {}
        }
        let done = self.db.commit(commit).await;
        if whim == Whim::Unheard || self.moods.mute.load(Ordering::SeqCst) {
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
