//! The one write transaction of a case: guards, event, case row, task, jobs, all or nothing.
//!
//! [`plan`] says what to write, once for both databases; [`sqlite`] writes many plans as one batch, [`postgres`] writes a
//! plan as one statement. Both count what was touched: a guard that touched no row undoes the commit.

mod plan;
mod postgres;
mod sqlite;

use std::sync::Arc;

use readmit_core::ids::CaseId;
use readmit_core::ports::{Commit, CommitError, Loaded};
use sea_orm::DbBackend;

use crate::connect::Pools;
use crate::{CLAIM_HOLD, Db, StorageError};
use plan::Plan;

/// How often a veto waits for somebody else's lock, each time as long as the others wait once; and how often it asks for the
/// room that is reserved for it (RF-11).
const VETO_WAITS: u32 = 6;

/// Why a plan was not written.
#[derive(Debug)]
enum Missed {
    Conflict,
    LeaseLost,
    Failed(StorageError),
}

impl From<StorageError> for Missed {
    fn from(error: StorageError) -> Self {
        Self::Failed(error)
    }
}

/// How this database writes plans.
pub(crate) enum Writer {
    Sqlite(sqlite::Batches),
    Postgres(Pools),
}

impl Writer {
    pub(crate) fn of(pools: &Pools) -> Self {
        match pools.backend() {
            DbBackend::Sqlite => Self::Sqlite(sqlite::Batches::start(pools.clone())),
            _ => Self::Postgres(pools.clone()),
        }
    }

    async fn write(&self, plan: &Plan) -> Result<(), Missed> {
        match self {
            Self::Sqlite(batches) => batches.write(plan).await,
            Self::Postgres(pools) if plan.is_veto() => {
                for _ in 0..VETO_WAITS {
                    match postgres::write(pools, plan).await {
                        Err(Missed::Failed(StorageError::Busy)) => {}
                        Err(Missed::Failed(StorageError::Full)) => pools.give_up_reserve().await,
                        written => return written,
                    }
                }
                postgres::write(pools, plan).await
            }
            Self::Postgres(pools) => {
                pools.room().await?;
                postgres::write(pools, plan).await
            }
        }
    }
}

impl Db {
    pub(crate) async fn write_commit(&self, commit: Commit<'_>) -> Result<Loaded, CommitError<StorageError>> {
        let case = commit.after.id;
        if commit.before.case.version == 0 && !self.keep_key(&commit).await? {
            return Err(CommitError::Conflict);
        }
        let points = &self.0.pools.points;
        points.reach_of(&commit, "nothing written")?;
        let plan = Plan::of(self, &commit).await?;
        let written = self.0.writer.write(&plan).await;
        match written.and_then(|()| Ok(points.reach_of(&commit, "written")?)) {
            Ok(()) => Ok(self.written(&commit, &plan)),
            Err(missed) => {
                self.0.cache.forget(case);
                Err(match missed {
                    Missed::Conflict => CommitError::Conflict,
                    Missed::LeaseLost => CommitError::LeaseLost,
                    Missed::Failed(error) => CommitError::Store(error),
                })
            }
        }
    }

    /// Puts a new case's key on the shelf before its first row; `false` when another start of it put one there first.
    async fn keep_key(&self, commit: &Commit<'_>) -> Result<bool, StorageError> {
        let key = crate::seal::Key::new(commit.before.keys.case);
        let kept = self.0.shelf.keep_case(commit.after.id, &key, commit.at).await?;
        Ok(kept.bytes() == key.bytes())
    }

    /// What the caller and the cache see after the commit.
    fn written(&self, commit: &Commit<'_>, plan: &Plan) -> Loaded {
        let loaded = Loaded {
            case: commit.after.clone(),
            head: plan.event.hash,
            sealed: commit
                .decision
                .sealed
                .clone()
                .unwrap_or_else(|| commit.before.sealed.clone()),
            keys: commit.before.keys.clone(),
            lease_until: match (&plan.task.claim, &commit.after.task) {
                (_, None) => None,
                (plan::Claims::Kept, Some(_)) => commit.before.lease_until,
                (plan::Claims::Now { .. }, Some(_)) => Some(commit.at + CLAIM_HOLD),
                (plan::Claims::Nobody, Some(_)) => None,
            },
            readable: true,
        };
        self.0.cache.put(loaded.clone());
        if !plan.jobs.is_empty() {
            self.0.wake.up();
        }
        loaded
    }

    /// The key that seals the case's state, from the keys it was loaded with.
    pub(crate) fn state_key(case: [u8; 32]) -> crate::seal::Key {
        crate::seal::Key::new(case).derive("storage/state", &[])
    }
}

/// Where a case's sealed state lies: `seq` is the event row that holds it. The same before and after the first proof.
pub(crate) fn sealed_place(case: CaseId, seq: u32) -> crate::seal::Place {
    crate::seal::Place::new("case_events.sealed", &[case.0.as_bytes(), &seq.to_be_bytes()])
}

/// Where an account's question set lies.
pub(crate) fn questions_place(account: readmit_core::ids::Tag) -> crate::seal::Place {
    crate::seal::Place::new("account_standing.questions", &[&account.0])
}

/// Shared by callers that wait for one batch.
type Shared = Arc<StorageError>;
