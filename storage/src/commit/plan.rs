//! What one commit writes, said once for both databases.

use std::collections::BTreeMap;

use readmit_core::case::{CaseStatus, TaskKind};
use readmit_core::chain;
use readmit_core::decide::Cancel;
use readmit_core::effect::Lease;
use readmit_core::evolve::Entry;
use readmit_core::guard::{Bucket, Enrolled, Guard, Which};
use readmit_core::ids::{CaseId, Digest, PersonId, RequestKey, Tag, TaskId};
use readmit_core::kind::FactValue;
use readmit_core::ports::{Commit, Store as _};
use readmit_core::time::At;
use readmit_core::workflow::expr::Scope as _;
use readmit_core::workflow::scope::CaseScope;
use uuid::Uuid;

use super::{questions_place, sealed_place};
use crate::jobs::{self, JobRow};
use crate::row::word;
use crate::{Db, StorageError, packed, queues};

pub(crate) struct Plan {
    pub(super) case: CaseId,
    /// The version before, which must still be the stored one.
    pub(super) was: u32,
    pub(super) lies: Lies,
    pub(super) row: CaseRow,
    pub(crate) event: EventRow,
    pub(crate) task: TaskPlan,
    pub(super) finish: Option<Lease>,
    pub(super) cancel: Cancel,
    pub(crate) jobs: Vec<JobRow>,
    pub(super) spends: Vec<Spend>,
    pub(super) tries: Vec<Tried>,
    pub(super) accounts: Vec<AccountChange>,
    pub(super) approvals: Vec<(u32, PersonId)>,
    pub(super) factors: Vec<FactorChange>,
    pub(super) kept: Vec<KeptFactor>,
}

/// Where the case lies before and after this commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// It becomes an unproven request.
    Opened,
    Unproven,
    /// The first proof: the request becomes a case.
    Proven,
    Case,
}

pub(super) struct CaseRow {
    pub(super) class: String,
    pub(super) workflow: Digest,
    /// With the reference: from the first proof on.
    pub(super) proven: Option<(String, Tag)>,
    pub(super) opened: At,
    pub(super) version: u32,
    pub(super) status: &'static str,
    pub(super) step: String,
    pub(super) outcome: Option<&'static str>,
    pub(super) updated: At,
    /// Since when a message of the claimant's waits for an answer.
    pub(super) asked: Option<At>,
}

pub(crate) struct EventRow {
    pub(super) at: At,
    pub(super) key: RequestKey,
    /// Entry and state.
    pub(super) packed: Vec<u8>,
    pub(crate) hash: Digest,
    pub(super) sealed: Option<Vec<u8>>,
}

/// The change of the live task. Guards `leases` must hold before it.
pub(crate) struct TaskPlan {
    pub(super) leases: Vec<(TaskId, u32)>,
    pub(super) closed: Option<TaskId>,
    pub(super) opened: Option<TaskRow>,
    /// Of the task that stays; for one that closes or opens, nobody's.
    pub(crate) claim: Claims,
    /// The task whose claim changes.
    pub(super) claimed: Option<TaskId>,
    /// Until when it was claimed, as the decision saw it: a lease that was renewed since is a conflict.
    pub(super) lease_was: Option<At>,
    /// Who held the task that changes.
    pub(super) let_go: Option<PersonId>,
}

pub(crate) enum Claims {
    Kept,
    Nobody,
    Now { person: PersonId, token: u32, until: At },
}

pub(super) struct TaskRow {
    pub(super) id: TaskId,
    pub(super) kind: TaskKind,
    pub(super) queue: String,
    pub(super) round: u32,
    pub(super) wanted: u32,
    pub(super) given: u32,
    pub(super) senior: bool,
    pub(super) reference: String,
    pub(super) workflow: String,
    pub(super) tier: Option<String>,
    pub(super) opened: At,
    pub(super) priority: i64,
    pub(super) due: At,
    pub(super) token: u32,
}

pub(super) struct Spend {
    pub(super) bucket: Bucket,
    pub(super) start: At,
    pub(super) times: u32,
}

/// The new number of wrong tries in a row.
pub(super) struct Tried {
    pub(super) tag: Tag,
    pub(super) seen: Option<u32>,
    pub(super) wrong: u32,
    pub(super) until: At,
}

/// All that one commit changes of one account's standing, as one row is written once.
#[derive(Default)]
pub(super) struct AccountChange {
    /// No other case may be open; this one becomes the open one unless `release` is set too.
    pub(super) claim: bool,
    pub(super) release: bool,
    pub(super) veto: Option<At>,
    pub(super) signed_out: Option<At>,
    /// The sealed set to keep, or nothing.
    pub(super) questions: Option<Option<Vec<u8>>>,
    pub(super) tag: Option<Tag>,
}

pub(super) struct FactorChange {
    pub(super) account: Tag,
    pub(super) which: Which,
    pub(super) what: FactorFate,
}

/// A factor that is added, or whose content and mark change by its use.
pub(super) struct KeptFactor {
    pub(super) account: Tag,
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) body: Vec<u8>,
    pub(super) mark: i64,
    /// A new passkey's, which no other has or had.
    pub(super) unique: Option<Tag>,
    pub(super) how: Keeping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    Added,
    /// The account must have no other of its kind.
    AddedAlone,
    Used,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactorFate {
    Removed,
    Suspended,
    Restored,
}

impl Plan {
    /// Whether an owner objects: such a commit must be written where others need not.
    pub(super) fn is_veto(&self) -> bool {
        self.accounts.iter().any(|change| change.veto.is_some())
    }

    pub(super) async fn of(db: &Db, commit: &Commit<'_>) -> Result<Self, StorageError> {
        let (before, after) = (&commit.before.case, commit.after);
        let mut plan = Self {
            case: after.id,
            was: before.version,
            lies: lies(commit)?,
            row: case_row(commit)?,
            event: event_row(commit)?,
            task: task_plan(db, commit).await?,
            finish: commit.decision.finish,
            cancel: commit.decision.cancel.clone(),
            jobs: jobs::bundled(&commit.decision.jobs)?,
            spends: Vec::new(),
            tries: Vec::new(),
            accounts: Vec::new(),
            approvals: Vec::new(),
            factors: Vec::new(),
            kept: Vec::new(),
        };
        plan.guards(db, commit).await?;
        Ok(plan)
    }

    async fn guards(&mut self, db: &Db, commit: &Commit<'_>) -> Result<(), StorageError> {
        let mut spends: BTreeMap<Bucket, u32> = BTreeMap::new();
        let mut accounts: BTreeMap<Tag, AccountChange> = BTreeMap::new();
        for guard in &commit.decision.guards {
            match guard {
                Guard::Spend(bucket) => *spends.entry(*bucket).or_default() += 1,
                Guard::Tried { streak, seen, wrong } => self.tries.push(Tried {
                    tag: streak.tag,
                    seen: *seen,
                    wrong: *wrong,
                    until: commit.at + streak.kept,
                }),
                Guard::OneOpenCase { account } => accounts.entry(*account).or_default().claim = true,
                Guard::ReleaseAccount { account } => accounts.entry(*account).or_default().release = true,
                Guard::SignOut { account, at } => accounts.entry(*account).or_default().signed_out = Some(*at),
                Guard::RecordVeto { account, at } => accounts.entry(*account).or_default().veto = Some(*at),
                Guard::KeepQuestions { account, set } => {
                    let sealed = match set {
                        Some(set) => {
                            let key = db.0.shelf.account_or_new(*account, commit.at).await?;
                            Some(key.seal_json(&questions_place(*account), set)?)
                        }
                        None => None,
                    };
                    accounts.entry(*account).or_default().questions = Some(sealed);
                }
                Guard::Lease { task, token } => self.task.leases.push((*task, *token)),
                Guard::Approve { round, person } => self.approvals.push((*round, *person)),
                Guard::RemoveFactors { account, which } => self.factor(*account, which, FactorFate::Removed),
                Guard::SuspendFactors { account, which } => self.factor(*account, which, FactorFate::Suspended),
                Guard::RestoreFactors { account, which } => self.factor(*account, which, FactorFate::Restored),
                Guard::AddFactor {
                    account,
                    id,
                    factor,
                    alone,
                } => {
                    let how = if *alone { Keeping::AddedAlone } else { Keeping::Added };
                    Box::pin(self.keep(db, *account, *id, factor, how)).await?;
                }
                Guard::FactorStep { account, factor, now } => {
                    Box::pin(self.keep(db, *account, *factor, now, Keeping::Used)).await?;
                }
            }
        }
        self.spends = spends
            .into_iter()
            .map(|(bucket, times)| Spend {
                start: bucket.window_start(commit.at),
                bucket,
                times,
            })
            .collect();
        self.accounts = accounts
            .into_iter()
            .map(|(tag, change)| AccountChange {
                tag: Some(tag),
                ..change
            })
            .collect();
        Ok(())
    }

    fn factor(&mut self, account: Tag, which: &Which, what: FactorFate) {
        self.factors.push(FactorChange {
            account,
            which: which.clone(),
            what,
        });
    }

    /// Called boxed: few commits need it, and all would carry its future.
    async fn keep(
        &mut self,
        db: &Db,
        account: Tag,
        id: Uuid,
        factor: &Enrolled,
        how: Keeping,
    ) -> Result<(), StorageError> {
        self.kept.push(KeptFactor {
            account,
            id,
            kind: factor.kind.clone(),
            body: db.seal_factor(account, id, factor, self.row.updated).await?,
            mark: factor.mark,
            unique: db
                .passkey_tag(&factor.kind, &factor.secret)
                .filter(|_| how != Keeping::Used),
            how,
        });
        Ok(())
    }

    /// The number of the new event row.
    pub(super) fn seq(&self) -> u32 {
        self.row.version
    }
}

fn lies(commit: &Commit<'_>) -> Result<Lies, StorageError> {
    let before = &commit.before.case;
    match (before.version, before.proven, commit.after.proven) {
        (0, _, None) => Ok(Lies::Opened),
        (1.., None, None) => Ok(Lies::Unproven),
        (1.., None, Some(_)) => Ok(Lies::Proven),
        (1.., Some(_), Some(_)) => Ok(Lies::Case),
        _ => Err(StorageError::Corrupt { what: "case" }),
    }
}

fn case_row(commit: &Commit<'_>) -> Result<CaseRow, StorageError> {
    let case = commit.after;
    let proven = match (commit.before.case.proven, case.proven) {
        (None, Some(proven)) => {
            let account = commit
                .decision
                .account
                .ok_or(StorageError::Corrupt { what: "account" })?;
            Some((proven.reference.to_string(), account))
        }
        _ => None,
    };
    Ok(CaseRow {
        class: word(&case.class),
        workflow: case.workflow,
        proven,
        opened: case.opened,
        version: case.version,
        status: case.status().code(),
        step: case.step.clone(),
        outcome: case.outcome.map(|outcome| outcome.code()),
        updated: commit.at,
        asked: case.conversation.asked,
    })
}

fn event_row(commit: &Commit<'_>) -> Result<EventRow, StorageError> {
    let (case, entry): (_, &Entry) = (commit.after, commit.entry);
    let stored = |_| StorageError::Corrupt { what: "event to store" };
    let entry_bytes = serde_json::to_vec(entry).map_err(stored)?;
    let state_bytes = serde_json::to_vec(case).map_err(stored)?;
    let sealed = match &commit.decision.sealed {
        Some(sealed) => {
            let key = Db::state_key(commit.before.keys.case);
            Some(key.seal_state(&sealed_place(case.id, case.version), sealed)?)
        }
        None => None,
    };
    Ok(EventRow {
        at: entry.at,
        key: entry.key,
        hash: chain::link(&commit.before.head, case.id, case.version, &entry_bytes, &state_bytes),
        packed: packed::pack(&entry_bytes, &state_bytes)?,
        sealed,
    })
}

async fn task_plan(db: &Db, commit: &Commit<'_>) -> Result<TaskPlan, StorageError> {
    let (before, after) = (&commit.before.case.task, &commit.after.task);
    let mut plan = TaskPlan {
        leases: Vec::new(),
        closed: None,
        opened: None,
        claim: Claims::Kept,
        claimed: None,
        lease_was: commit.before.lease_until,
        let_go: None,
    };
    match (before, after) {
        (Some(old), Some(new)) if old.id == new.id => {
            if old.claim != new.claim {
                plan.claimed = Some(new.id);
                plan.let_go = old.claim.map(|claim| claim.person);
                plan.claim = new.claim.map_or(Claims::Nobody, |claim| Claims::Now {
                    person: claim.person,
                    token: claim.token,
                    until: commit.at + crate::CLAIM_HOLD,
                });
            }
        }
        (None, None) => {}
        (old, new) => {
            plan.claim = Claims::Nobody;
            plan.closed = old.as_ref().map(|task| task.id);
            plan.let_go = old.as_ref().and_then(|task| task.claim).map(|claim| claim.person);
            if let Some(task) = new {
                plan.opened = Some(task_row(db, commit, task).await?);
            }
        }
    }
    Ok(plan)
}

/// A case's workflow and policy versions are stored before it begins.
const NOT_STORED: StorageError = StorageError::Corrupt {
    what: "workflow or policy version",
};

async fn task_row(db: &Db, commit: &Commit<'_>, task: &readmit_core::case::Task) -> Result<TaskRow, StorageError> {
    let case = commit.after;
    debug_assert!(
        case.status() != CaseStatus::Unproven,
        "nobody works on an unproven request"
    );
    let sealed = commit.decision.sealed.as_ref().unwrap_or(&commit.before.sealed);
    let given = case.approvals.iter().filter(|approval| approval.round == task.round);
    let senior = task.kind == TaskKind::Contest || (task.kind == TaskKind::Review && case.disputed);
    let policy = db.policy(case.policy).await?.ok_or(NOT_STORED)?;
    let scope = CaseScope::latest(case, sealed, &policy);
    let tier = match scope.get("account.asset_tier") {
        Some(FactValue::Word(word)) => Some(word),
        _ => None,
    };
    let (priority, due) = queues::urgency(&db.0.queues, task, &scope);
    Ok(TaskRow {
        id: task.id,
        kind: task.kind,
        queue: task.queue.clone(),
        round: task.round,
        wanted: task.approvals,
        given: u32::try_from(given.count()).unwrap_or(u32::MAX),
        senior,
        reference: case.proven.map(|p| p.reference.to_string()).unwrap_or_default(),
        workflow: db.definition(case.workflow).await?.ok_or(NOT_STORED)?.name.clone(),
        tier,
        opened: task.opened,
        priority,
        due,
        token: task.tokens,
    })
}
