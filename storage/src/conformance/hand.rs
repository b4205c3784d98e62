//! Commits made by hand: no workflow, no step kinds.

use readmit_core::case::{Class, Outcome, Phase, Task, TaskKind, WaitsFor};
use readmit_core::command::By;
use readmit_core::decide::{Cancel, Decision};
use readmit_core::effect::{Effect, Job, Lease};
use readmit_core::event::Event;
use readmit_core::evolve::{Entry, evolve};
use readmit_core::guard::{Bucket, Guard};
use readmit_core::ids::{CaseId, CaseRef, Digest, JobId, PersonId, RequestKey, Tag, TaskId};
use readmit_core::kind::Facts;
use readmit_core::ports::{Commit, CommitError, Loaded, Store as _};
use readmit_core::sealed::Sealed;
use readmit_core::time::{At, Span};
use readmit_core::workflow::{self, policy};
use serde_json::Value;

use crate::{Db, EvidenceSettings, Settings, StorageError, chance};

/// When everything begins here.
pub(super) const BEGIN: At = At(1_790_000_000_000_000);

pub(super) fn after(span: Span) -> At {
    BEGIN + span
}

const WORKFLOW: &str = include_str!("../../../workflows/passkey-reset/workflow.yaml");
const POLICY: &str = include_str!("../../../workflows/policy.yaml");

/// Opens an installation, with the shipped workflow and policy published.
/// The folder of the evidence store; these checks look into it.
pub(super) fn folder(settings: &Settings) -> &std::path::Path {
    match &settings.evidence {
        EvidenceSettings::Folder(folder) => folder,
        EvidenceSettings::Bucket(_) => panic!("these checks look into a folder"),
    }
}

pub(super) async fn open(settings: &Settings) -> Db {
    let db = Db::open(settings).await.unwrap();
    let (workflow, policy) = (workflow::load(WORKFLOW).unwrap(), policy::load(POLICY).unwrap());
    db.publish(WORKFLOW, &workflow, BEGIN).await.unwrap();
    db.publish_policy(&policy, POLICY, BEGIN).await.unwrap();
    db
}

pub(super) fn new_case() -> CaseId {
    CaseId(chance::uuid().unwrap())
}

pub(super) fn new_person() -> PersonId {
    PersonId(chance::uuid().unwrap())
}

pub(super) fn new_tag() -> Tag {
    Tag(chance::bytes().unwrap())
}

pub(super) fn new_reference() -> CaseRef {
    CaseRef::from_bits(u64::from_be_bytes(chance::bytes().unwrap()))
}

pub(super) fn job(case: CaseId, run: u32, due: At) -> Job {
    Job {
        id: JobId(chance::uuid().unwrap()),
        case,
        run,
        due,
        effect: Effect::SendCode { issue: 1 },
        attempts: 0,
    }
}

pub(super) fn bucket(limit: u32) -> Bucket {
    Bucket {
        tag: new_tag(),
        limit,
        window: Span::hours(1),
    }
}

/// One commit in the making.
#[derive(Clone)]
pub(super) struct Hand {
    at: At,
    events: Vec<Event>,
    decision: Decision,
}

pub(super) fn hand(events: Vec<Event>) -> Hand {
    Hand {
        at: BEGIN,
        events,
        decision: Decision::default(),
    }
}

impl Hand {
    pub(super) fn at(mut self, at: At) -> Self {
        self.at = at;
        self
    }

    pub(super) fn guard(mut self, guard: Guard) -> Self {
        self.decision.guards.push(guard);
        self
    }

    pub(super) fn job(mut self, job: Job) -> Self {
        self.decision.jobs.push(job);
        self
    }

    pub(super) fn cancel(mut self, cancel: Cancel) -> Self {
        self.decision.cancel = cancel;
        self
    }

    pub(super) fn finish(mut self, lease: Lease) -> Self {
        self.decision.finish = Some(lease);
        self
    }

    pub(super) fn account(mut self, account: Tag) -> Self {
        self.decision.account = Some(account);
        self
    }

    pub(super) fn sealed(mut self, sealed: Sealed) -> Self {
        self.events.push(Event::Sealed {
            commitment: sealed.commitment(),
        });
        self.decision.sealed = Some(sealed);
        self
    }

    pub(super) async fn commit(mut self, db: &Db, before: &Loaded) -> Result<Loaded, CommitError<StorageError>> {
        self.decision.events.clone_from(&self.events);
        let entry = Entry {
            at: self.at,
            key: RequestKey(chance::uuid().unwrap()),
            by: By::Engine,
            events: self.events,
        };
        let after = evolve(before.case.clone(), &entry);
        db.commit(Commit {
            before,
            entry: &entry,
            after: &after,
            decision: &self.decision,
            at: self.at,
        })
        .await
    }
}

pub(super) fn opened() -> Event {
    Event::Opened {
        workflow: workflow::load(WORKFLOW).unwrap().hash,
        policy: policy::load(POLICY).unwrap().hash,
        class: Class::Recovery,
        language: "en".into(),
        facts: Facts::new(),
    }
}

pub(super) fn entered(step: &str, run: u32) -> Event {
    Event::Entered {
        step: step.into(),
        run,
        phase: Phase::Open,
        waits: WaitsFor::Claimant,
        deadline: None,
        state: Value::Null,
    }
}

pub(super) fn turned(n: u32) -> Event {
    Event::Turned {
        state: serde_json::json!({ "n": n, "quotes": "\"\\ \u{0} é 漢 😀" }),
        facts: Facts::new(),
    }
}

pub(super) fn proven(reference: CaseRef) -> Event {
    Event::Proven {
        reference,
        facts: Facts::new(),
        snapshot: Digest::default(),
        disputed: false,
    }
}

pub(super) fn closed() -> Event {
    Event::Closed {
        outcome: Outcome::Withdrawn,
        linked: None,
        next: None,
    }
}

pub(super) fn review(round: u32) -> Task {
    Task {
        id: TaskId(chance::uuid().unwrap()),
        kind: TaskKind::Review,
        queue: "recovery".into(),
        round,
        approvals: 1,
        opened: BEGIN,
        tokens: 0,
        claim: None,
    }
}

pub(super) fn claimed(person: PersonId, token: u32) -> Event {
    Event::TaskClaimed { person, token }
}

/// A request that nobody has proven anything for.
pub(super) async fn unproven(db: &Db, case: CaseId) -> Loaded {
    let blank = db.load(case, true).await.unwrap().unwrap();
    hand(vec![opened(), entered("agreement", 1)])
        .commit(db, &blank)
        .await
        .unwrap()
}

/// A proven case of an account of its own.
pub(super) async fn case(db: &Db) -> Loaded {
    let request = unproven(db, new_case()).await;
    prove(new_tag()).commit(db, &request).await.unwrap()
}

pub(super) fn prove(account: Tag) -> Hand {
    hand(vec![proven(new_reference()), entered("questions", 2)]).account(account)
}

/// A proven case with a free task.
pub(super) async fn case_with_task(db: &Db, task: Task) -> Loaded {
    let before = case(db).await;
    hand(vec![Event::TaskOpened { task }])
        .commit(db, &before)
        .await
        .unwrap()
}

/// The same case, read from the database and nowhere else.
pub(super) async fn stored(settings: &Settings, case: CaseId) -> Option<Loaded> {
    let db = open(settings).await;
    let loaded = db.opened(case).await.unwrap();
    db.close().await;
    loaded
}

/// Every chain holds.
pub(super) async fn sound(db: &Db) -> u64 {
    db.verify_all().await.unwrap().unwrap()
}

/// Runs them all at the same time, and gives what each came to.
pub(super) async fn all_at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in running {
        results.push(task.await.unwrap());
    }
    results
}
