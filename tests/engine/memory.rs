//! A store in memory with the same promises as the real one: version guard, guards, leases, one commit or nothing.
//! It is written apart from the real one, so that the two can be held against each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use readmit_core::case::Case;
use readmit_core::cx::Keys;
use readmit_core::decide::Cancel;
use readmit_core::effect::{Job, Lease, NOTICES};
use readmit_core::evolve::{Entry, blank};
use readmit_core::guard::{AccountStanding, FactorSummary, Guard, Standing, Streak, Wants, Which, Wrong};
use readmit_core::ids::{CaseId, Digest, JobId, PersonId, Tag};
use readmit_core::ports::{Commit, CommitError, Loaded, Store};
use readmit_core::sealed::Sealed;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use uuid::Uuid;

/// How long a claim holds.
const CLAIM: Span = Span::minutes(10);

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(pub &'static str);

#[derive(Default)]
pub(super) struct World {
    pub(super) cases: BTreeMap<CaseId, Kept>,
    pub(super) jobs: BTreeMap<JobId, Job>,
    pub(super) counters: HashMap<(Tag, At), u32>,
    pub(super) wrong: HashMap<Tag, Wrong>,
    pub(super) open: HashMap<Tag, CaseId>,
    pub(super) vetoes: HashMap<Tag, At>,
    pub(super) questions: HashMap<Tag, serde_json::Value>,
    pub(super) factors: HashMap<Tag, Vec<FactorSummary>>,
    pub(super) secrets: BTreeMap<Uuid, serde_json::Value>,
    pub(super) suspended: BTreeSet<(Tag, String)>,
    pub(super) approvals: BTreeSet<(CaseId, u32, PersonId)>,
    /// Make the first commit of every command a conflict.
    pub(super) contrary: bool,
    refused: bool,
    pub(super) commits: u32,
}

pub(super) struct Kept {
    pub(super) case: Case,
    pub(super) sealed: Sealed,
    pub(super) entries: Vec<Entry>,
    pub(super) lease_until: Option<At>,
}

#[derive(Clone)]
pub(super) struct Memory {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) definitions: Arc<Vec<Arc<Definition>>>,
    pub(super) policies: Arc<Vec<Arc<Policy>>>,
}

/// Every case of a test has keys made from its id: the same run gives the same codes and tags.
pub(super) fn keys(case: CaseId) -> Keys {
    let mut key = [0x5a; 32];
    for (to, from) in key.iter_mut().zip(case.0.as_bytes()) {
        *to ^= *from;
    }
    Keys {
        case: key,
        index: [0x11; 32],
    }
}

impl Memory {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl World {
    fn held(&self, account: Tag) -> impl Iterator<Item = &FactorSummary> {
        self.factors.get(&account).into_iter().flatten()
    }

    /// Wrong tries in a row that are not forgotten.
    fn wrong(&self, streak: &Streak, now: At) -> Option<Wrong> {
        let wrong = self.wrong.get(&streak.tag).copied();
        wrong.filter(|wrong| wrong.tries > 0 && now < wrong.last + streak.kept)
    }

    fn loaded(&self, id: CaseId) -> Option<Loaded> {
        let kept = self.cases.get(&id)?;
        Some(Loaded {
            case: kept.case.clone(),
            head: Digest::default(),
            sealed: kept.sealed.clone(),
            keys: keys(id),
            lease_until: kept.lease_until,
            readable: true,
        })
    }

    /// Whether every guard holds; changes nothing.
    fn holds(&self, commit: &Commit<'_>) -> bool {
        commit.decision.guards.iter().all(|guard| match guard {
            Guard::Spend(bucket) => {
                let used = self
                    .counters
                    .get(&(bucket.tag, bucket.window_start(commit.at)))
                    .copied()
                    .unwrap_or(0);
                used < bucket.limit
            }
            Guard::Tried { streak, seen, .. } => {
                let wrong = self.wrong(streak, commit.at).map_or(0, |wrong| wrong.tries);
                seen.is_none_or(|seen| seen == wrong)
            }
            Guard::OneOpenCase { account } => !self.open.contains_key(account),
            Guard::Lease { task, token } => {
                let live = commit.before.case.task.as_ref();
                live.is_some_and(|t| t.id == *task && t.claim.is_some_and(|c| c.token == *token))
            }
            Guard::Approve { round, person } => !self.approvals.contains(&(commit.after.id, *round, *person)),
            Guard::AddFactor {
                account,
                factor,
                alone: true,
                ..
            } => !self.held(*account).any(|kept| kept.kind == factor.kind),
            Guard::FactorStep { account, factor, now } => {
                let kept = self.held(*account).find(|kept| kept.id == *factor);
                kept.is_some_and(|kept| {
                    let fits = kept.mark < now.mark || (kept.mark == 0 && now.mark == 0);
                    fits && !self.suspended.contains(&(*account, kept.kind.clone()))
                })
            }
            _ => true,
        })
    }

    fn apply(&mut self, guard: &Guard, commit: &Commit<'_>) {
        let id = commit.after.id;
        match guard {
            Guard::Spend(bucket) => {
                *self
                    .counters
                    .entry((bucket.tag, bucket.window_start(commit.at)))
                    .or_default() += 1;
            }
            Guard::Tried { streak, wrong, .. } => {
                let now = Wrong {
                    tries: *wrong,
                    last: commit.at,
                };
                self.wrong.insert(streak.tag, now);
            }
            Guard::OneOpenCase { account } => {
                self.open.insert(*account, id);
            }
            Guard::ReleaseAccount { account } => {
                if self.open.get(account) == Some(&id) {
                    self.open.remove(account);
                }
            }
            Guard::Lease { .. } => {}
            Guard::Approve { round, person } => {
                self.approvals.insert((id, *round, *person));
            }
            Guard::RemoveFactors { account, which } => {
                self.factors.entry(*account).or_default().retain(|f| !among(which, f));
            }
            Guard::SuspendFactors {
                account,
                which: Which::Kinds(kinds),
            } => {
                self.suspended.extend(kinds.iter().map(|k| (*account, k.clone())));
            }
            Guard::RestoreFactors {
                account,
                which: Which::Kinds(kinds),
            } => {
                self.suspended.retain(|(a, k)| a != account || !kinds.contains(k));
            }
            // One that is being removed is refused because its case is over before anything asks for it.
            Guard::SuspendFactors { .. } | Guard::RestoreFactors { .. } => {}
            Guard::AddFactor {
                account, id, factor, ..
            } => {
                self.secrets.insert(*id, factor.secret.clone());
                self.factors.entry(*account).or_default().push(FactorSummary {
                    id: *id,
                    kind: factor.kind.clone(),
                    name: factor.name.clone(),
                    last_used: None,
                    mark: factor.mark,
                });
            }
            Guard::FactorStep { account, factor, now } => {
                self.secrets.insert(*factor, now.secret.clone());
                let all = self.factors.entry(*account).or_default();
                for kept in all.iter_mut().filter(|kept| kept.id == *factor) {
                    (kept.mark, kept.last_used) = (now.mark, Some(commit.at));
                }
            }
            // What the host let in is not kept here.
            Guard::SignOut { .. } => {}
            Guard::RecordVeto { account, at } => {
                self.vetoes.insert(*account, *at);
            }
            Guard::KeepQuestions { account, set } => {
                match set {
                    Some(set) => self.questions.insert(*account, set.clone()),
                    None => self.questions.remove(account),
                };
            }
        }
    }
}

fn among(which: &Which, factor: &FactorSummary) -> bool {
    match which {
        Which::Kinds(kinds) => kinds.contains(&factor.kind),
        Which::One { factor: one, .. } => factor.id == *one,
    }
}

impl Store for Memory {
    type Error = Broken;
    type Turn = ();

    async fn queue(&self, _case: CaseId) {}

    fn recall(&self, case: CaseId, create: bool) -> Option<Loaded> {
        let fresh = || Loaded {
            case: blank(case),
            head: Digest::default(),
            sealed: Sealed::default(),
            keys: keys(case),
            lease_until: None,
            readable: true,
        };
        self.world().loaded(case).or_else(|| create.then(fresh))
    }

    async fn load(&self, case: CaseId, create: bool) -> Result<Option<Loaded>, Broken> {
        Ok(self.recall(case, create))
    }

    async fn standing(&self, wants: &Wants, now: At) -> Result<Standing, Broken> {
        let world = self.world();
        let spent = wants.buckets.iter().filter_map(|bucket| {
            let used = world.counters.get(&(bucket.tag, bucket.window_start(now)))?;
            Some((bucket.tag, *used))
        });
        let wrong = wants
            .streaks
            .iter()
            .filter_map(|streak| Some((streak.tag, world.wrong(streak, now)?)));
        let account = wants.account;
        let secrets = wants.secrets.then(|| world.secrets.clone());
        let account = AccountStanding {
            open_case: account.and_then(|a| world.open.get(&a).copied()),
            last_veto: account.and_then(|a| world.vetoes.get(&a).copied()),
            factors: account.and_then(|a| world.factors.get(&a).cloned()).unwrap_or_default(),
            secrets: secrets.unwrap_or_default(),
            questions: account.and_then(|a| world.questions.get(&a).cloned()),
        };
        Ok(Standing::new(spent.collect(), wrong.collect(), account))
    }

    async fn commit(&self, commit: Commit<'_>) -> Result<Loaded, CommitError<Broken>> {
        let mut world = self.world();
        if world.contrary && !world.refused {
            world.refused = true;
            return Err(CommitError::Conflict);
        }
        world.refused = false;
        let id = commit.after.id;
        let version = world.cases.get(&id).map_or(0, |kept| kept.case.version);
        if version != commit.before.case.version || !world.holds(&commit) {
            return Err(CommitError::Conflict);
        }
        if let Some(lease) = commit.decision.finish
            && world.jobs.get(&lease.job).is_none_or(|job| job.due != lease.until)
        {
            return Err(CommitError::LeaseLost);
        }
        for guard in &commit.decision.guards {
            world.apply(guard, &commit);
        }
        if let Some(lease) = commit.decision.finish {
            world.jobs.remove(&lease.job);
        }
        match &commit.decision.cancel {
            Cancel::None => {}
            Cancel::Runs(runs) => world.jobs.retain(|_, job| job.case != id || !runs.contains(&job.run)),
            Cancel::All => world.jobs.retain(|_, job| job.case != id || job.run == NOTICES),
        }
        for job in &commit.decision.jobs {
            world.jobs.insert(job.id, job.clone());
        }
        let claimed = commit.after.task.as_ref().and_then(|task| task.claim);
        let had = commit.before.case.task.as_ref().and_then(|task| task.claim);
        let sealed = commit
            .decision
            .sealed
            .clone()
            .unwrap_or_else(|| commit.before.sealed.clone());
        let kept = world.cases.entry(id).or_insert_with(|| Kept {
            case: blank(id),
            sealed: Sealed::default(),
            entries: Vec::new(),
            lease_until: None,
        });
        kept.case = commit.after.clone();
        kept.sealed = sealed;
        kept.entries.push(commit.entry.clone());
        kept.lease_until = match claimed {
            None => None,
            same if same == had => kept.lease_until,
            Some(_) => Some(commit.at + CLAIM),
        };
        world.commits += 1;
        world
            .loaded(id)
            .ok_or(CommitError::Store(Broken("the case was just written")))
    }

    async fn drop_job(&self, lease: Lease) -> Result<(), Broken> {
        let mut world = self.world();
        if world.jobs.get(&lease.job).is_some_and(|job| job.due == lease.until) {
            world.jobs.remove(&lease.job);
        }
        Ok(())
    }

    async fn definition(&self, hash: Digest) -> Result<Option<Arc<Definition>>, Broken> {
        Ok(self.definitions.iter().find(|d| d.hash == hash).cloned())
    }

    async fn policy(&self, hash: Digest) -> Result<Option<Arc<Policy>>, Broken> {
        Ok(self.policies.iter().find(|p| p.hash == hash).cloned())
    }
}
