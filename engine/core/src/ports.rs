//! What `dispatch` needs of the shell. Implemented once for real and, in transcripts, by a scripted one.

use std::future::Future;
use std::sync::Arc;

use crate::answers::{Answers, Lookup};
use crate::case::Case;
use crate::cx::{Entropy, Keys};
use crate::decide::Decision;
use crate::evolve::Entry;
use crate::guard::{Standing, Wants};
use crate::ids::{CaseId, Digest};
use crate::sealed::Sealed;
use crate::time::At;
use crate::workflow::definition::Definition;
use crate::workflow::policy::Policy;

/// A case as loaded: folded state, its place in the chain, opened sealed state, and the keys to decide with.
#[derive(Clone)]
pub struct Loaded {
    /// [`crate::evolve::blank`] when the case does not exist yet.
    pub case: Case,
    pub head: Digest,
    pub sealed: Sealed,
    pub keys: Keys,
    /// Until when the live task's claim holds; `None` when nobody holds it.
    pub lease_until: Option<At>,
    /// `false` after erasure: the keys are gone and `sealed` is empty.
    pub readable: bool,
}

/// One commit: what the store writes in one transaction, or not at all.
pub struct Commit<'a> {
    /// The case before: version guard and chain head.
    pub before: &'a Loaded,
    pub entry: &'a Entry,
    /// The case after folding `entry`.
    pub after: &'a Case,
    pub decision: &'a Decision,
    pub at: At,
}

/// Why a commit was not made.
#[derive(Debug, thiserror::Error)]
pub enum CommitError<E> {
    /// Somebody else was first, or a guard did not hold: load and decide again.
    #[error("conflict")]
    Conflict,
    /// The job's lease is gone: it was cancelled, or another worker has it.
    #[error("the job is no longer ours")]
    LeaseLost,
    #[error(transparent)]
    Store(#[from] E),
}

/// Cases and what is written with them.
pub trait Store: Send + Sync {
    type Error: std::error::Error + Send + Sync + 'static;
    /// Held while a command of this case is decided and committed: commands of one case queue in process.
    type Turn: Send;

    fn queue(&self, case: CaseId) -> impl Future<Output = Self::Turn> + Send;
    /// The case as this process last saw it, if it remembers it: another process may have moved it on since. A commit on it
    /// that comes too late is a conflict; what is decided without a commit is decided again on what [`Store::load`] reads.
    /// With `create`, a case that it does not remember is taken for new, with fresh keys.
    fn recall(&self, case: CaseId, create: bool) -> Option<Loaded>;
    /// `None` when there is no such case and `create` is false. With `create`, a blank case with fresh keys.
    fn load(&self, case: CaseId, create: bool) -> impl Future<Output = Result<Option<Loaded>, Self::Error>> + Send;
    fn standing(&self, wants: &Wants, now: At) -> impl Future<Output = Result<Standing, Self::Error>> + Send;
    fn commit(&self, commit: Commit<'_>) -> impl Future<Output = Result<Loaded, CommitError<Self::Error>>> + Send;
    /// Finishes a job whose case moved on without it; a lost lease is not an error.
    fn drop_job(&self, lease: crate::effect::Lease) -> impl Future<Output = Result<(), Self::Error>> + Send;
    fn definition(&self, hash: Digest) -> impl Future<Output = Result<Option<Arc<Definition>>, Self::Error>> + Send;
    fn policy(&self, hash: Digest) -> impl Future<Output = Result<Option<Arc<Policy>>, Self::Error>> + Send;
}

/// Reads of the outside, once a request, under one deadline.
pub trait Outside: Send + Sync {
    fn look_up(&self, lookups: Vec<Lookup>) -> impl Future<Output = Result<Answers, Unreachable>> + Send;
    /// Whether anything can be sent to a phone. Where not, a number is no channel, and no independent one (RF-10).
    fn reaches_phones(&self) -> bool;
}

/// A lookup got no answer in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer from {0}")]
pub struct Unreachable(pub String);

/// Time and chance, read at one place in the shell.
pub trait Surroundings: Send + Sync {
    fn now(&self) -> At;
    fn entropy(&self) -> Entropy;
}
