//! The one way to change a case: look up, recall or load, decide, fold, commit; on a conflict load and decide again.

use std::sync::Arc;

use crate::answers::Answers;
use crate::command::{Act, Command};
use crate::cx::{Cx, Entropy};
use crate::decide::{Decision, decide, lookups, wants};
use crate::evolve::{Entry, evolve};
use crate::guard::Standing;
use crate::kind::Kinds;
use crate::ports::{Commit, CommitError, Loaded, Outside, Store, Surroundings, Unreachable};
use crate::refusal::Refusal;
use crate::workflow::definition::Definition;
use crate::workflow::policy::Policy;

/// How often a command is decided before the caller is told that the case is busy.
const TRIES: usize = 6;

/// What became of a command.
#[derive(Clone)]
pub struct Dispatched {
    pub loaded: Loaded,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was committed.
    Committed,
    /// The same request had been committed before; nothing was written.
    Repeated,
    /// What it asked for was already true; nothing was written.
    Nothing,
    /// A job of a case that has moved on; the job is finished.
    Obsolete,
}

#[derive(Debug, thiserror::Error)]
pub enum DispatchError<E> {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("there is no such case")]
    NoCase,
    /// Every try met a conflict. Nothing was written, and a guess is told nothing (invariant 5).
    #[error("the case is busy")]
    Busy,
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error("the workflow or policy version of this case is not stored")]
    NoVersion,
    #[error(transparent)]
    Store(E),
}

/// A pending answer of [`Dispatcher::dispatch`].
pub type Dispatching<'a, E> = std::pin::Pin<Box<dyn Future<Output = Result<Dispatched, DispatchError<E>>> + Send + 'a>>;

/// An [`Engine`] whose ports are not named: what pages and the worker hold.
pub trait Dispatcher<E>: Send + Sync {
    /// As [`Engine::dispatch`].
    fn dispatch(&self, command: Command) -> Dispatching<'_, E>;
    /// The moment, from the same clock that commands are decided by.
    fn now(&self) -> crate::time::At;
    /// 32 random bytes, from the same source.
    fn entropy(&self) -> Entropy;
}

impl<S: Store, O: Outside, W: Surroundings> Dispatcher<S::Error> for Engine<S, O, W> {
    fn dispatch(&self, command: Command) -> Dispatching<'_, S::Error> {
        Box::pin(Engine::dispatch(self, command))
    }

    fn now(&self) -> crate::time::At {
        self.surroundings.now()
    }

    fn entropy(&self) -> Entropy {
        self.surroundings.entropy()
    }
}

/// Everything that `dispatch` works with.
pub struct Engine<S, O, W> {
    pub store: S,
    pub outside: O,
    pub surroundings: W,
    pub kinds: &'static dyn Kinds,
}

impl<S: Store, O: Outside, W: Surroundings> Engine<S, O, W> {
    /// Carries out one command.
    ///
    /// # Errors
    /// See [`DispatchError`]; whatever the error, no half of the command was written.
    pub async fn dispatch(&self, command: Command) -> Result<Dispatched, DispatchError<S::Error>> {
        let entropy = self.surroundings.entropy();
        let start = command.act.opens().is_some();
        let mut loaded = match self.store.recall(command.case, start) {
            // What the outside is asked depends on the case as it is; all else begins with what is remembered of it.
            Some(remembered) if !self.may_ask(&remembered, &command, &entropy).await? => remembered,
            _ => self.load(&command, start).await?,
        };
        if loaded.case.keys.contains(&command.key) {
            return Ok(Dispatched {
                loaded,
                how: How::Repeated,
            });
        }
        let (mut definition, mut policy) = self.versions(&loaded, &command).await?;
        let mut answers = self.look_up(&loaded, &definition, &policy, &command, &entropy).await?;

        let _turn = self.store.queue(command.case).await;
        let mut unread: Vec<crate::guard::Bucket> = Vec::new();
        let mut sure = false;
        // Who asked the outside after a start is about to look at the account, too.
        let mut account_too = !start && answers.is_some();
        for _ in 0..TRIES {
            if sure {
                loaded = self.load(&command, start).await?;
            } else if let Some(remembered) = self.store.recall(command.case, false) {
                loaded = remembered;
            }
            if loaded.case.keys.contains(&command.key) {
                return Ok(Dispatched {
                    loaded,
                    how: How::Repeated,
                });
            }
            if loaded.case.workflow != definition.hash && loaded.case.version > 0 {
                (definition, policy) = self.versions(&loaded, &command).await?;
            }
            if sure && answers.is_none() {
                answers = self.look_up(&loaded, &definition, &policy, &command, &entropy).await?;
            }
            let none = Answers::default();
            let answers = answers.as_ref().unwrap_or(&none);
            let now = self.surroundings.now().max(loaded.case.now);
            let blank = Standing::default();
            let cx = self.cx(now, &entropy, answers, &blank, &policy, &loaded, &command);
            let mut wanted = wants(&loaded, &definition, self.kinds, &command, &cx);
            wanted.buckets.extend(unread.iter().copied());
            let counters = wanted.counters();
            let read = if account_too { &wanted } else { &counters };
            let standing = self.store.standing(read, now).await.map_err(DispatchError::Store)?;
            let cx = Cx {
                standing: &standing,
                ..cx
            };
            let decided = decide(&loaded, &definition, self.kinds, &command, &cx);
            // Most decisions need nothing of the account. One that looked is taken again on what is kept of it.
            if !account_too && wanted.account.is_some() && standing.looked() {
                account_too = true;
                continue;
            }
            let decision = match decided {
                Ok(decision) => decision,
                Err(_) if !sure => {
                    sure = true;
                    continue;
                }
                Err(refusal) => return self.refused(&command, loaded, refusal).await,
            };
            if decision.events.is_empty() && !sure {
                sure = true;
                continue;
            }
            if decision.events.is_empty() {
                return Ok(Dispatched {
                    loaded,
                    how: How::Nothing,
                });
            }
            // A step entered on the way may spend from buckets that only this input made known, such as those of the
            // address just typed: they are read, and it is decided again.
            if decision.spends().any(|bucket| !wanted.buckets.contains(bucket)) {
                unread.extend(decision.spends().copied());
                continue;
            }
            match self.commit(&loaded, &decision, &command, now).await {
                Ok(loaded) => {
                    return Ok(Dispatched {
                        loaded,
                        how: How::Committed,
                    });
                }
                Err(CommitError::Conflict) => sure = true,
                Err(CommitError::LeaseLost) => {
                    return Ok(Dispatched {
                        loaded,
                        how: How::Obsolete,
                    });
                }
                Err(CommitError::Store(error)) => return Err(DispatchError::Store(error)),
            }
        }
        Err(DispatchError::Busy)
    }

    async fn load(&self, command: &Command, start: bool) -> Result<Loaded, DispatchError<S::Error>> {
        match self
            .store
            .load(command.case, start)
            .await
            .map_err(DispatchError::Store)?
        {
            Some(loaded) => Ok(loaded),
            None => {
                if let Some(lease) = lease_of(&command.act) {
                    self.store.drop_job(lease).await.map_err(DispatchError::Store)?;
                }
                Err(DispatchError::NoCase)
            }
        }
    }

    async fn versions(
        &self,
        loaded: &Loaded,
        command: &Command,
    ) -> Result<(Arc<Definition>, Arc<Policy>), DispatchError<S::Error>> {
        let (workflow, policy) = match command.act.opens() {
            Some(versions) if loaded.case.version == 0 => versions,
            _ => (loaded.case.workflow, loaded.case.policy),
        };
        let definition = self
            .store
            .definition(workflow)
            .await
            .map_err(DispatchError::Store)?
            .ok_or(DispatchError::NoVersion)?;
        let policy = self
            .store
            .policy(policy)
            .await
            .map_err(DispatchError::Store)?
            .ok_or(DispatchError::NoVersion)?;
        Ok((definition, policy))
    }

    /// Whether deciding the command needs a read of the outside that depends on the case as it is here.
    async fn may_ask(
        &self,
        loaded: &Loaded,
        command: &Command,
        entropy: &Entropy,
    ) -> Result<bool, DispatchError<S::Error>> {
        if !may_look_up(&command.act) {
            return Ok(false);
        }
        let (definition, policy) = self.versions(loaded, command).await?;
        let (answers, standing) = (Answers::default(), Standing::default());
        let now = self.surroundings.now().max(loaded.case.now);
        let cx = self.cx(now, entropy, &answers, &standing, &policy, loaded, command);
        Ok(!lookups(loaded, &definition, self.kinds, command, &cx).is_empty())
    }

    /// What the outside says; `None` when nothing was to be asked.
    async fn look_up(
        &self,
        loaded: &Loaded,
        definition: &Definition,
        policy: &Policy,
        command: &Command,
        entropy: &Entropy,
    ) -> Result<Option<Answers>, DispatchError<S::Error>> {
        let (answers, standing) = (Answers::default(), Standing::default());
        let now = self.surroundings.now().max(loaded.case.now);
        let cx = self.cx(now, entropy, &answers, &standing, policy, loaded, command);
        if lookups(loaded, definition, self.kinds, command, &cx).is_empty() {
            return Ok(None);
        }
        // The counters are read first: what they will refuse costs the host nothing.
        let wanted = wants(loaded, definition, self.kinds, command, &cx);
        let standing = if wanted.buckets.is_empty() && wanted.streaks.is_empty() && !wanted.secrets {
            Standing::default()
        } else {
            self.store.standing(&wanted, now).await.map_err(DispatchError::Store)?
        };
        let cx = Cx {
            standing: &standing,
            ..cx
        };
        let wanted = lookups(loaded, definition, self.kinds, command, &cx);
        Ok(Some(self.outside.look_up(wanted).await?))
    }

    #[expect(clippy::too_many_arguments, reason = "it only gathers what one decision may know")]
    fn cx<'a>(
        &self,
        now: crate::time::At,
        entropy: &'a Entropy,
        answers: &'a Answers,
        standing: &'a Standing,
        policy: &'a Policy,
        loaded: &'a Loaded,
        command: &Command,
    ) -> Cx<'a> {
        Cx {
            now,
            entropy,
            answers,
            standing,
            policy,
            keys: &loaded.keys,
            lease_until: loaded.lease_until,
            phones: self.outside.reaches_phones(),
            by: command.by,
        }
    }

    /// A refused resume is a job of a case that moved on: it is finished as obsolete (invariant 8).
    async fn refused(
        &self,
        command: &Command,
        loaded: Loaded,
        refusal: Refusal,
    ) -> Result<Dispatched, DispatchError<S::Error>> {
        match (lease_of(&command.act), &refusal) {
            (Some(lease), Refusal::Stale | Refusal::Closed | Refusal::Erased) => {
                self.store.drop_job(lease).await.map_err(DispatchError::Store)?;
                Ok(Dispatched {
                    loaded,
                    how: How::Obsolete,
                })
            }
            _ => Err(refusal.into()),
        }
    }

    async fn commit(
        &self,
        before: &Loaded,
        decision: &Decision,
        command: &Command,
        at: crate::time::At,
    ) -> Result<Loaded, CommitError<S::Error>> {
        let entry = Entry {
            at,
            key: command.key,
            by: command.by.into(),
            events: decision.events.clone(),
        };
        let after = evolve(before.case.clone(), &entry);
        self.store
            .commit(Commit {
                before,
                entry: &entry,
                after: &after,
                decision,
                at,
            })
            .await
    }
}

/// Whether deciding the act may need a read of the outside that depends on the case ([`lookups`]).
const fn may_look_up(act: &Act) -> bool {
    matches!(act, Act::Submit { .. } | Act::TryAgain { .. } | Act::BeginRemedy { .. })
}

fn lease_of(act: &Act) -> Option<crate::effect::Lease> {
    match act {
        Act::Resume { lease, .. } | Act::BeginRemedy { lease } => Some(*lease),
        _ => None,
    }
}
