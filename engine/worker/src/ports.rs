//! What the worker needs of the shell.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use readmit_core::answers::{AccountView, LedgerRow};
use readmit_core::effect::{EffectError, Job, Lane, Lease};
use readmit_core::ids::{AccountId, BlobId, CaseId, CaseRef, Digest, EvidenceId, JobId};
use readmit_core::inspection::{Alike, Known, Owner, Rules};
use readmit_core::ports::Loaded;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use serde_json::Value;
use uuid::Uuid;

/// The answer of a port that is called through `dyn`.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, EffectError>> + Send + 'a>>;

/// A job in this worker's hands until its lease runs out.
#[derive(Clone, Debug)]
pub struct Leased {
    pub lease: Lease,
    pub job: Job,
}

/// What the audit log is told when a job that changes no case has done its work. No personal data.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub case: CaseId,
    pub what: &'static str,
    pub detail: Value,
    /// What went out was a text message, of which its gateway may tell later whether it arrived (WH-06).
    pub text: Option<Texted>,
}

/// A text message that its gateway took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texted {
    /// The step run that it belongs to; 0 is the case itself.
    pub run: u32,
    /// The issue of the code in it; a notice has none.
    pub issue: Option<u32>,
    /// The range of numbers that the code went to; a notice has none.
    pub range: Option<String>,
    /// The gateway's own name of it, if it gave one.
    pub name: Option<String>,
}

/// Somebody coming back to a case, as far as its code needs.
#[derive(Clone, Copy, Debug)]
pub struct Return {
    pub case: CaseId,
    pub issue: u32,
    /// When it began.
    pub since: At,
}

/// The table of jobs, and what executors read beside it.
pub trait Jobs: Send + Sync + 'static {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Takes up to `most` jobs of a lane that are due; nobody else gets them before `now + hold`.
    fn lease(
        &self,
        most: u32,
        now: At,
        hold: Span,
        lane: Lane,
    ) -> impl Future<Output = Result<Vec<Leased>, Self::Error>> + Send;
    /// Gives a job back, due again later. A lost lease is not an error, here and below.
    fn retry(&self, lease: Lease, due: At) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Puts a job among the dead letters, for an operator.
    fn bury(&self, lease: Lease, why: &str, at: At) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Puts a job that its case has heard the end of among the dead letters, too.
    fn letter(&self, job: &Job, why: &str, at: At) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Ends a job that changes no case; `delivered` goes into the audit log in the same transaction.
    fn finish(
        &self,
        lease: Lease,
        at: At,
        delivered: Option<Delivered>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Resolves when a commit may have made jobs that are due.
    fn woken(&self) -> impl Future<Output = ()> + Send;
    /// The case with its sealed state opened; `None` when there is none any more.
    fn opened(&self, case: CaseId) -> impl Future<Output = Result<Option<Loaded>, Self::Error>> + Send;
    fn definition(&self, hash: Digest) -> impl Future<Output = Result<Option<Arc<Definition>>, Self::Error>> + Send;
    /// A rule pack as a policy version has it, with what all packs share; `None` where it has none of that name.
    fn rules(&self, policy: Digest, pack: &str) -> impl Future<Output = Result<Option<Rules>, Self::Error>> + Send;
    fn policy(&self, hash: Digest) -> impl Future<Output = Result<Option<Arc<Policy>>, Self::Error>> + Send;
    /// Whether the reader of the address asked for no codes.
    fn is_quiet(&self, address: &str, now: At) -> impl Future<Output = Result<bool, Self::Error>> + Send;
    /// The visit, while its code may still be used.
    fn returning(&self, visit: Uuid, now: At) -> impl Future<Output = Result<Option<Return>, Self::Error>> + Send;
    /// A file of a case, opened.
    fn evidence(&self, case: CaseId, blob: BlobId) -> impl Future<Output = Result<Vec<u8>, Self::Error>> + Send;
    /// Keeps bytes as a new file of a case, sealed; a case that does not name it within a day loses it.
    fn keep(&self, case: CaseId, bytes: &[u8], at: At) -> impl Future<Output = Result<BlobId, Self::Error>> + Send;
    /// Removes a file that no case refers to.
    fn discard(&self, case: CaseId, blob: BlobId) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Remembers how a picture looks, and says where it was seen before, the most alike first (EV-09).
    fn known(&self, print: &Print<'_>) -> impl Future<Output = Result<Vec<Known>, Self::Error>> + Send;
    /// Removes unproven cases older than an hour, and sessions that are over.
    fn tidy(&self, now: At) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What pictures are known again by.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a> {
    pub evidence: EvidenceId,
    pub case: CaseId,
    pub account: Option<&'a AccountId>,
    pub sha256: Digest,
    /// 256 bits; `None` for a picture with too little on it.
    pub likeness: Option<[u8; 32]>,
    /// The same of the picture turned and mirrored every other way.
    pub turned: &'a [[u8; 32]],
    /// The words that tell the page from others; none where it was not read.
    pub telling: &'a [String],
    pub alike: Alike,
    pub at: At,
}

/// Opens and reads pictures, in a process of its own.
pub trait Inspects: Send + Sync {
    /// `None`: it ended without an answer, through the picture's own fault for all we know.
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, picture: &'a [u8]) -> Pending<'a, Option<Opened>>;
    /// How many pictures are inspected side by side.
    fn at_a_time(&self) -> usize;
}

/// What came of a picture.
#[derive(Clone, Debug)]
pub struct Opened {
    pub report: readmit_core::inspection::Report,
    /// What people see, encoded anew; empty when it could not be opened.
    pub copy: Vec<u8>,
    pub thumbnail: Vec<u8>,
    /// The virus scanner that had its word before, as it calls itself.
    pub scanner: Option<String>,
}

/// One mail, ready but for the sender. The same job always makes the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub job: JobId,
    /// The moment in its Date header: that of the act which asked for it.
    pub written: At,
    pub to: String,
    pub subject: String,
    /// The words as plain text, and the same as HTML.
    pub text: String,
    pub html: String,
}

pub trait Mailer: Send + Sync {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()>;
    /// Whether a mail could be sent to anybody: speaks to the server, and sends nothing.
    fn reach(&self) -> Pending<'_, ()>;
}

pub trait SmsGateway: Send + Sync {
    /// `number` in E.164; `job` is the provider's idempotency key. Answers the gateway's own name of the message, if it gave
    /// one.
    fn send<'a>(&'a self, job: JobId, number: &'a str, text: &'a str) -> Pending<'a, Option<String>>;
    /// When the SIM card behind the number changed, as far as the gateway is told (OT-06).
    fn sim_changed<'a>(&'a self, _number: &'a str) -> Pending<'a, Option<At>> {
        Box::pin(async { Ok(None) })
    }
}

/// What the remedy asks of the host: lock first, then revoke, then take note of what is reset (RF-14, RF-16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub case: CaseRef,
    pub reset: Vec<String>,
    pub lock_withdrawals: Span,
    pub revoke: Vec<String>,
}

/// What the host said to an [`Order`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    Done,
    /// It will not do it, however often it is asked.
    Refused(String),
}

/// A notice in the owner's live sessions at the host; a later one of the same thread takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub thread: CaseId,
    pub kind: &'static str,
    pub title: String,
    pub text: String,
    pub stop: Option<String>,
    /// When it disappears by itself.
    pub until: Option<At>,
    /// When what it tells happened: of two of a thread the later one stands, whichever arrives last.
    pub at: At,
}

/// What the host told of an account's ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Newest first.
    pub rows: Vec<LedgerRow>,
    /// There may be older rows than these.
    pub goes_on: bool,
}

/// The host contract, as far as jobs use it.
pub trait Host: Send + Sync {
    /// `None`: the host knows no such account.
    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<AccountView>>;
    /// The account's deposits, withdrawals and trades; none for an account that the host does not know.
    fn ledger<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Ledger>;
    /// The case is the idempotency key: however many jobs it takes, an operator's second try among them, the host does
    /// nothing twice.
    fn remedy<'a>(&'a self, account: &'a AccountId, key: CaseId, order: &'a Order) -> Pending<'a, Answered>;
    fn notice<'a>(&'a self, account: &'a AccountId, banner: &'a Banner) -> Pending<'a, ()>;
}
