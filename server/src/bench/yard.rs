//! Where figures are taken: a database of its own, an engine over it, and the four commands of a measured case.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use readmit_core::answers::{AccountView, Answers, Lookup, QuestionFacts};
use readmit_core::command::{Act, Actor, Command, Human, Role};
use readmit_core::dispatch::{Dispatched, Engine, How};
use readmit_core::ids::{AccountId, CaseId, CaseRef, Digest, PersonId, RequestKey, Tag, TaskId};
use readmit_core::kind::Fields;
use readmit_core::ports::{Loaded, Outside, Surroundings as _, Unreachable};
use readmit_core::review::{Choice, Message};
use readmit_core::time::{At, Span};
use readmit_core::workflow;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Profile;
use readmit_storage::{Copy, Db, EvidenceSettings, Settings};
use uuid::Uuid;

use super::kinds::Measured;
use crate::blueprint::{self, told};
use crate::cli::BenchAt;
use crate::database;
use crate::surroundings::Real;

const WORKFLOW: &str = include_str!("workflow.yaml");
/// The form that passes the first step.
const ANY: &str = "pass";

pub(super) struct Yard {
    pub(super) db: Db,
    engine: Engine<Db, Directory, Real>,
    definition: Arc<Definition>,
    policy: Digest,
    settings: Settings,
    /// Keys and the empty evidence folder of this run.
    folder: PathBuf,
}

impl Yard {
    /// Opens the database, which must hold nothing, or what an earlier run with the same key shelf left.
    pub(super) async fn open(at: &BenchAt) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("readmit-bench-{}", fresh(0)));
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let keys_url = at.keys.clone().unwrap_or_else(|| beside(&at.database, &folder));
        let settings = Settings {
            database_url: at.database.clone(),
            keys_url,
            evidence: EvidenceSettings::Folder(folder.join("evidence")),
            // Of a database that is thrown away.
            master_key: [7; 32],
            connections: at.connections,
            queues: blueprint::queues()?,
        };
        database::migrate(&settings).await?;
        let db = database::open(&settings).await?;
        let known = db.workflow_list().await?;
        anyhow::ensure!(
            known.iter().all(|line| line.name == "bench"),
            "this database belongs to an installation; name one that may be filled with made-up cases"
        );
        let definition = workflow::load(WORKFLOW).map_err(|faults| told("bench/workflow.yaml", &faults))?;
        // No picture is read here; a policy names packs all the same.
        let packs = BTreeMap::from([("none".to_owned(), Digest::default())]);
        let (policy, body) = blueprint::policy_under(Profile::Published, &packs)?;
        db.publish_policy(&policy, &body, Real.now()).await?;
        db.publish(WORKFLOW, &definition, Real.now()).await?;
        Ok(Self {
            engine: over(&db),
            db,
            definition: Arc::new(definition),
            policy: policy.hash,
            settings,
            folder,
        })
    }

    /// The same stores as a process finds them that was just started: nothing is connected, and nothing is remembered.
    pub(super) async fn restarted(&self) -> anyhow::Result<Self> {
        let db = database::open(&self.settings).await?;
        Ok(Self {
            engine: over(&db),
            db,
            definition: Arc::clone(&self.definition),
            policy: self.policy,
            settings: self.settings.clone(),
            folder: self.folder.clone(),
        })
    }

    /// Closes the stores. What was measured stays in the database; keys beside it stay too.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.db.close().await;
        std::fs::remove_dir_all(&self.folder).with_context(|| format!("{} cannot be removed", self.folder.display()))
    }

    /// An unproven case, of an account of its own.
    pub(super) async fn start(&self) -> anyhow::Result<Dispatched> {
        let id = fresh(1);
        let act = Act::Start {
            workflow: self.definition.hash,
            policy: self.policy,
            language: "en".into(),
            account: Some(AccountId(id.simple().to_string())),
            about: None,
            step_up: None,
        };
        self.send(CaseId(id), claimant(), act).await
    }

    /// Proven, routed by the workflow, and with people: the case and its task.
    pub(super) async fn prove(&self, started: &Dispatched) -> anyhow::Result<(CaseId, TaskId)> {
        let case = started.loaded.case.id;
        let act = Act::Submit {
            run: started.loaded.case.run,
            verb: ANY.into(),
            fields: Fields::default(),
            files: Vec::new(),
        };
        let proven = self.send(case, claimant(), act).await?;
        let task = proven.loaded.case.task.context("the case has no task")?;
        Ok((case, task.id))
    }

    pub(super) async fn claim(&self, case: CaseId, task: TaskId, person: PersonId) -> anyhow::Result<Loaded> {
        Ok(self.send(case, reviewer(person), Act::Claim { task }).await?.loaded)
    }

    /// The least that is written durably: one column of one row, the claim's end.
    pub(super) async fn renew(&self, claimed: &Loaded, person: PersonId) -> anyhow::Result<()> {
        let task = claimed.case.task.as_ref().context("the case has no task")?;
        let claim = task.claim.context("the task is not claimed")?;
        let until = claimed.lease_until.context("the claim has no end")?;
        let until = until + Span::seconds(1);
        let renewed = self.db.renew_lease(task.id, claim.token, person, until).await?;
        anyhow::ensure!(renewed, "the claim was lost");
        Ok(())
    }

    /// Decided, with which the case ends.
    pub(super) async fn decide(&self, claimed: &Loaded, person: PersonId) -> anyhow::Result<()> {
        let task = claimed.case.task.as_ref().context("the case has no task")?;
        let claim = task.claim.context("the task is not claimed")?;
        let message = Message::of(&claimed.case, &claimed.sealed, &self.definition, &claimed.keys);
        let act = Act::Review {
            task: task.id,
            token: claim.token,
            message: message.digest(),
            choice: Choice::Reject {
                reason: "not_convincing".into(),
                note: String::new(),
            },
            ticks: Vec::new(),
        };
        let done = self.send(claimed.case.id, reviewer(person), act).await?;
        anyhow::ensure!(done.loaded.case.outcome.is_some(), "the case did not end");
        Ok(())
    }

    async fn send(&self, case: CaseId, by: Actor, act: Act) -> anyhow::Result<Dispatched> {
        let key = RequestKey(fresh(2));
        let done = self.engine.dispatch(Command { case, key, by, act }).await?;
        anyhow::ensure!(done.how == How::Committed, "a command came to nothing");
        Ok(done)
    }
}

/// Names for a copy of a case.
pub(super) fn copy_of(case: CaseId) -> Copy {
    let (entropy, now) = (Real.entropy(), now());
    Copy {
        of: case,
        case: CaseId(entropy.uuid(now, "bench", 0)),
        task: TaskId(entropy.uuid(now, "bench", 1)),
        reference: CaseRef::from_bits(entropy.bits("bench", 2)),
        account: Tag(entropy.bytes("bench", 3)),
    }
}

fn over(db: &Db) -> Engine<Db, Directory, Real> {
    Engine {
        store: db.clone(),
        outside: Directory,
        surroundings: Real,
        kinds: &Measured,
    }
}

/// Another reviewer at every call.
pub(super) fn person() -> PersonId {
    PersonId(fresh(3))
}

pub(super) fn now() -> At {
    Real.now()
}

fn fresh(label: u64) -> Uuid {
    Real.entropy().uuid(Real.now(), "bench", label)
}

/// Keys of a SQLite file lie beside it; those of a server in a file of this machine.
fn beside(database: &str, folder: &std::path::Path) -> String {
    match database.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite:{path}.keys"),
        None => format!("sqlite:{}", folder.join("keys.db").display()),
    }
}

const fn claimant() -> Actor {
    Actor::Claimant {
        prefix: Tag([0; 32]),
        human: Human::Unchecked,
    }
}

const fn reviewer(person: PersonId) -> Actor {
    Actor::Staff {
        person,
        role: Role::Reviewer,
    }
}

/// A directory that answers at once: what the host costs is not measured.
struct Directory;

impl Outside for Directory {
    async fn look_up(&self, lookups: Vec<Lookup>) -> Result<Answers, Unreachable> {
        let mut answers = Answers::default();
        for lookup in lookups {
            match lookup {
                Lookup::Account { account } => answers.account = Some(view(account)),
                Lookup::QuestionFacts { .. } => answers.question_facts = Some(QuestionFacts::default()),
                Lookup::SignIn { .. } | Lookup::Password { .. } | Lookup::Passkey(_) => {}
            }
        }
        Ok(answers)
    }

    fn reaches_phones(&self) -> bool {
        false
    }
}

fn view(id: AccountId) -> AccountView {
    AccountView {
        email: format!("{}@example.com", id.0),
        id,
        name: "Somebody".into(),
        language: "en".into(),
        attributes: BTreeMap::new(),
        since: None,
        last_sign_in: None,
    }
}
