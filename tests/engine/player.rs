//! Plays scripts against the real engine: the real `dispatch` and step kinds, a store in memory, a scripted host.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use readmit_core::answers::{AccountView, Verdict};
use readmit_core::case::Class;
use readmit_core::codes::{Place, code};
use readmit_core::command::{Act, Actor, Command, Human, Role};
use readmit_core::dispatch::{DispatchError, Dispatched, Engine, How};
use readmit_core::effect::{Effect, Job, Lease};
use readmit_core::guard::FactorSummary;
use readmit_core::ids::{AccountId, BlobId, CaseId, Digest, PersonId, RequestKey, Tag};
use readmit_core::kind::{FactValue, Fields, JobResult, Media, StoredFile};
use readmit_core::ports::{Loaded, Store, Surroundings};
use readmit_core::refusal::Refusal;
use readmit_core::review::{Choice, Message};
use readmit_core::step_up::{Purpose, StepUp};
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::{Policy, Profile};
use readmit_steps::code::Recipient;
use readmit_steps::documents::{checks, pieces};
use uuid::Uuid;

use super::clock::Clock;
use super::host::{Host, HostState, mapped};
use super::inspections::inspected;
use super::memory::{Broken, Memory, World, keys};
use super::scenario::{Account, Line, policy};
use super::words::{effect_words, line_of};

pub(super) const ADDRESS: &str = "ada@example.com";
pub(super) const ACCOUNT: &str = "acc_ada";

/// The moment at which every script begins.
pub(super) const NOON: At = At(1_773_316_800_000_000);

/// One played case.
pub(super) struct Player {
    pub(super) engine: Engine<Memory, Host, Clock>,
    pub(super) case: CaseId,
    /// The network that the claimant comes from.
    pub(super) prefix: Tag,
    pub(super) definition: Arc<Definition>,
    pub(super) policy: Arc<Policy>,
    requests: u128,
    /// What inspections find.
    reading: String,
    pub(super) transcript: String,
}

impl Player {
    pub(super) fn new(definition: Arc<Definition>, profile: Profile, account: &Account) -> Self {
        let policy = Arc::new(policy(profile));
        let mut attributes: BTreeMap<String, FactValue> = [
            ("kyc".to_owned(), FactValue::Word("none".into())),
            ("asset_tier".to_owned(), FactValue::Word("standard".into())),
            ("has_transactions".to_owned(), FactValue::Bool(true)),
        ]
        .into();
        attributes.extend(account.attributes.clone());
        let view = AccountView {
            id: AccountId(ACCOUNT.into()),
            email: ADDRESS.into(),
            name: "Ada Vermeer".into(),
            language: "en".into(),
            attributes: mapped(&attributes),
            since: Some(NOON - Span::days(900)),
            last_sign_in: None,
        };
        let mut world = World::default();
        let tag = keys(CaseId(Uuid::nil())).account_tag(&view.id);
        let factor = |kind: &String| FactorSummary {
            id: factor_id(kind),
            // `passkey2` is a second one of its kind.
            kind: kind.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
            name: if kind == "phone" {
                "+31612345647".into()
            } else {
                format!("my {kind}")
            },
            last_used: None,
            mark: 0,
        };
        world.factors.insert(tag, account.factors.iter().map(factor).collect());
        for kind in &account.factors {
            world.secrets.insert(factor_id(kind), super::factors::secret(kind));
        }
        if let Some(days) = account.vetoed_days_ago {
            world.vetoes.insert(tag, NOON - Span::days(days));
        }
        let store = Memory {
            world: Arc::new(Mutex::new(world)),
            definitions: Arc::new(vec![definition.clone()]),
            policies: Arc::new(vec![policy.clone()]),
        };
        let host = HostState {
            view,
            password: if account.locked {
                Verdict::Locked
            } else {
                Verdict::Right
            },
            bare: account.bare,
            remedy: "done".into(),
        };
        Self {
            engine: Engine {
                store,
                outside: Host(Arc::new(Mutex::new(host))),
                surroundings: Clock {
                    now: Arc::new(AtomicI64::new(NOON.0)),
                    draws: Arc::default(),
                },
                kinds: readmit_steps::kinds(),
            },
            case: CaseId(Uuid::from_u128(0xca5e)),
            prefix: Tag([3; 32]),
            definition,
            policy,
            requests: 0,
            reading: "passed".into(),
            transcript: String::new(),
        }
    }

    /// A stored upload; each has its own content.
    fn picture(&self, slot: &str) -> StoredFile {
        let content = self.requests * 100 + slot.len() as u128;
        let mut sha256 = [0; 32];
        for (to, from) in sha256.iter_mut().zip(content.to_be_bytes()) {
            *to = from;
        }
        StoredFile {
            slot: slot.to_owned(),
            blob: BlobId(Uuid::from_u128(content)),
            bytes: 48_213,
            media: Media::Png,
            sha256: Digest(sha256),
            name: format!("{slot}.png"),
        }
    }

    pub(super) fn is_strict(&self) -> bool {
        self.policy.profile == Profile::Strict
    }

    pub(super) fn now(&self) -> At {
        self.engine.surroundings.now()
    }

    pub(super) fn pass(&self, span: Span) {
        self.engine.surroundings.now.fetch_add(span.0, Ordering::Relaxed);
    }

    pub(super) async fn loaded(&self) -> Option<Loaded> {
        self.engine.store.load(self.case, false).await.unwrap()
    }

    fn key(&mut self) -> RequestKey {
        self.requests += 1;
        RequestKey(Uuid::from_u128(self.requests))
    }

    /// Dispatches and writes down what came of it.
    pub(super) async fn send(&mut self, by: Actor, act: Act) -> Result<Dispatched, DispatchError<Broken>> {
        let key = self.key();
        let seen = self
            .engine
            .store
            .world()
            .cases
            .get(&self.case)
            .map_or(0, |kept| kept.entries.len());
        let answer = self
            .engine
            .dispatch(Command {
                case: self.case,
                key,
                by,
                act,
            })
            .await;
        match &answer {
            Ok(done) if done.how == How::Committed => self.write_down(seen),
            Ok(done) => _ = writeln!(self.transcript, "  {:?}", done.how),
            Err(DispatchError::Refused(refusal)) => _ = writeln!(self.transcript, "  refused: {refusal}"),
            Err(error) => _ = writeln!(self.transcript, "  error: {error}"),
        }
        answer
    }

    fn write_down(&mut self, seen: usize) {
        let world = self.engine.store.world();
        let Some(kept) = world.cases.get(&self.case) else {
            return;
        };
        for event in kept.entries.iter().skip(seen).flat_map(|entry| &entry.events) {
            _ = writeln!(self.transcript, "  {}", line_of(event, kept.case.opened));
        }
    }

    pub(super) fn claimant(&self) -> Actor {
        Actor::Claimant {
            prefix: self.prefix,
            human: Human::Unchecked,
        }
    }

    pub(super) async fn submit(
        &mut self,
        verb: &str,
        fields: &[(&str, &str)],
        files: Vec<StoredFile>,
    ) -> Result<(), Refusal> {
        let run = self.loaded().await.map_or(0, |l| l.case.run);
        let fields = Fields(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let act = Act::Submit {
            run,
            verb: verb.to_owned(),
            fields,
            files,
        };
        match self.send(self.claimant(), act).await {
            Ok(_) => Ok(()),
            Err(DispatchError::Refused(refusal)) => Err(refusal),
            Err(DispatchError::NoCase) => Err(Refusal::Stale),
            Err(error) => panic!("{error}"),
        }
    }

    /// The code that the current step's last issue sent.
    async fn code(&self, issue_back: u32) -> String {
        let Some(loaded) = self.loaded().await else {
            return "000000".into();
        };
        let issue = loaded
            .case
            .state
            .get("issue")
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(1);
        let issue = u32::try_from(issue).unwrap().saturating_sub(issue_back);
        let step = self.definition.step(&loaded.case.step);
        let to = step.and_then(|step| readmit_steps::code::recipient(step, &self.definition, &loaded.sealed));
        let address = match to {
            Some(Recipient::Email(address) | Recipient::Phone(address)) => address,
            None => loaded.sealed.address.clone().unwrap_or_default(),
        };
        code(
            &loaded.keys,
            Place {
                purpose: "step",
                run: loaded.case.run,
                issue,
                address: &address,
            },
            6,
        )
    }

    /// Carries out one line; what the engine refuses stands in the transcript.
    pub(super) async fn play(&mut self, line: &Line) {
        match line {
            Line::Start => {
                let act = Act::Start {
                    workflow: self.definition.hash,
                    policy: self.policy.hash,
                    language: "en".into(),
                    account: (self.definition.class != Class::Recovery).then(|| AccountId(ACCOUNT.into())),
                    about: None,
                    step_up: (self.definition.class == Class::StepUp).then(|| StepUp {
                        purpose: Purpose::Withdrawal,
                        text: "Withdraw 0.5 BTC to bc1qexample".into(),
                        return_to: "https://host.example/confirmed".into(),
                    }),
                };
                _ = self.send(self.claimant(), act).await;
            }
            Line::Agree => _ = self.submit("agree", &[("agree", "on")], Vec::new()).await,
            Line::SignIn(how) => {
                let email = if how == "unknown" {
                    "nobody@example.com"
                } else {
                    ADDRESS
                };
                let password = if how == "right" { "right" } else { "wrong" };
                let (verb, fields) = match how.as_str() {
                    "forgotten" => ("forgotten", vec![("email", email)]),
                    _ => ("continue", vec![("email", email), ("password", password)]),
                };
                _ = self.submit(verb, &fields, Vec::new()).await;
            }
            Line::Code(how) => self.type_code(how).await,
            Line::Password(how) => {
                let verb = if how == "forgotten" { "forgotten" } else { "continue" };
                _ = self.submit(verb, &[("password", how)], Vec::new()).await;
            }
            Line::Questions(how) => self.answer(how).await,
            Line::Attach(slots) => {
                _ = self
                    .submit("attach", &[], slots.iter().map(|slot| self.picture(slot)).collect())
                    .await;
                self.inspect().await;
            }
            Line::Submit => _ = self.submit("submit", &[], Vec::new()).await,
            Line::SubmitAsTheyAre => {
                let read = self.pieces().await;
                let fields: Vec<(&str, &str)> = read.iter().map(|id| ("read", id.as_str())).collect();
                _ = self.submit("submit", &fields, Vec::new()).await;
            }
            Line::Reading(how) => self.reading.clone_from(how),
            Line::Totp(_)
            | Line::App(_)
            | Line::Passkey(_)
            | Line::RecoveryCode(_)
            | Line::Switch(_)
            | Line::Unavailable
            | Line::Remove(_)
            | Line::Number(_)
            | Line::Other
            | Line::Saved
            | Line::Later => self.play_factor(line).await,
            Line::Jobs => self.run_jobs().await,
            Line::Wait(span) => {
                self.pass(*span);
                self.run_jobs().await;
            }
            Line::Veto => _ = self.send(Actor::Owner { channel: 0 }, Act::Veto).await,
            Line::Withdraw => _ = self.send(self.claimant(), Act::Withdraw).await,
            Line::Host(name, value) => self.change_host(name, value),
            Line::Remedy(how) => self.engine.outside.0.lock().unwrap().remedy = how.clone(),
            _ => self.play_staff(line).await,
        }
    }

    async fn type_code(&mut self, how: &str) {
        let typed = match how {
            "right" => self.code(0).await,
            "old" => self.code(1).await,
            "wrong" => {
                let right = self.code(0).await;
                right
                    .chars()
                    .map(|c| if c == '9' { '0' } else { char::from(c as u8 + 1) })
                    .collect()
            }
            _ => {
                _ = self.submit("resend", &[], Vec::new()).await;
                return;
            }
        };
        _ = self.submit("submit", &[("code", &typed)], Vec::new()).await;
    }

    /// Answers the questions shown, from the sealed truth.
    async fn answer(&mut self, how: &str) {
        let at_once = self
            .loaded()
            .await
            .is_some_and(|l| l.case.state.get("at").is_some_and(|at| at == "not_right"));
        if at_once && how != "give_up" {
            _ = self.submit("again", &[], Vec::new()).await;
        }
        let fields = match how {
            "right" | "wrong" => self.answers(how == "right").await,
            _ => Vec::new(),
        };
        let verb = match how {
            "right" | "wrong" => "answer",
            other => other,
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        _ = self.submit(verb, &fields, Vec::new()).await;
    }

    /// A full set of answers, from the sealed truth.
    async fn answers(&self, right: bool) -> Vec<(String, String)> {
        let Some(loaded) = self.loaded().await else {
            return Vec::new();
        };
        let kept = loaded.sealed.steps.get("questions").cloned().unwrap_or_default();
        let questions = kept["questions"].as_array().cloned().unwrap_or_default();
        let mut fields = Vec::new();
        for (question, n) in questions.iter().zip(1..) {
            let truth: Vec<u64> = question["right"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|r| r.as_u64())
                .collect();
            let wrong = (0..).find(|place| !truth.contains(place)).unwrap();
            let ticked = if right { truth } else { vec![wrong] };
            fields.extend(ticked.iter().map(|place| (format!("q{n}"), place.to_string())));
        }
        fields
    }

    async fn play_staff(&mut self, line: &Line) {
        let Some(loaded) = self.loaded().await else { return };
        let Some(task) = loaded.case.task.clone() else {
            _ = writeln!(self.transcript, "  no task");
            return;
        };
        let token = task.claim.map_or(0, |claim| claim.token);
        let message = Message::of(&loaded.case, &loaded.sealed, &self.definition, &loaded.keys).digest();
        let checks = checks::names(&pieces(&loaded.sealed, &self.definition));
        let review = |choice, ticks| Act::Review {
            task: task.id,
            token,
            message,
            choice,
            ticks,
        };
        let note = String::new();
        let (who, act) = match line.clone() {
            Line::Claim(who) => (who, Act::Claim { task: task.id }),
            Line::Release(who) => (who, Act::Release { task: task.id, token }),
            Line::Approve(who) => (who, review(Choice::Approve { note }, checks)),
            Line::Hasty(who) => (
                who,
                review(Choice::Approve { note }, checks.into_iter().skip(1).collect()),
            ),
            Line::Uphold(who) => (who, review(Choice::Uphold { note }, checks)),
            Line::Reject(who, reason) => (who, review(Choice::Reject { reason, note }, Vec::new())),
            Line::Ask(who, slots) => {
                let text = "Send the whole page.".to_owned();
                let choice = Choice::Ask {
                    step: "documents".into(),
                    slots,
                    reason: "cut_off".into(),
                    text,
                    note,
                };
                (who, review(choice, checks.into_iter().take(1).collect()))
            }
            Line::TryAgain(who) => (who, Act::TryAgain { task: task.id, token }),
            Line::GiveUp(who) => (
                who,
                Act::GiveUp {
                    task: task.id,
                    token,
                    reason: "the account was closed".into(),
                },
            ),
            other => panic!("{other:?} is not for staff"),
        };
        _ = self.send(person(&who), act).await;
    }

    fn change_host(&self, name: &str, value: &str) {
        let value = match value {
            "true" | "false" => FactValue::Bool(value == "true"),
            word => FactValue::Word(word.to_owned()),
        };
        let view = &mut self.engine.outside.0.lock().unwrap().view;
        view.attributes.insert(name.to_owned(), value);
        view.attributes = mapped(&view.attributes);
    }

    /// The identifiers of the pictures that the case holds.
    async fn pieces(&self) -> Vec<String> {
        let Some(loaded) = self.loaded().await else {
            return Vec::new();
        };
        let pieces = readmit_steps::documents::pieces(&loaded.sealed, &self.definition);
        pieces.into_iter().map(|piece| piece.id.to_string()).collect()
    }

    /// Runs the inspections that are due: they take seconds, and nothing else in a script waits for them.
    async fn inspect(&mut self) {
        let is_inspection = |job: &&Job| matches!(job.effect, Effect::Inspect { .. });
        let due: Vec<Job> = self
            .engine
            .store
            .world()
            .jobs
            .values()
            .filter(is_inspection)
            .cloned()
            .collect();
        for job in due {
            self.run_job(job).await;
        }
    }

    /// Runs every due job as the worker would, in order of due time.
    pub(super) async fn run_jobs(&mut self) {
        loop {
            let now = self.now();
            let due = {
                let world = self.engine.store.world();
                world
                    .jobs
                    .values()
                    .filter(|job| job.due <= now)
                    .min_by_key(|job| (job.due, job.id))
                    .cloned()
            };
            let Some(job) = due else { return };
            self.run_job(job).await;
        }
    }

    async fn run_job(&mut self, job: Job) {
        let lease = Lease {
            job: job.id,
            until: job.due,
        };
        let resume = |result| Act::Resume {
            lease,
            effect: job.effect.clone(),
            run: job.run,
            result,
        };
        match &job.effect {
            Effect::SendCode { .. }
            | Effect::SendReturnCode { .. }
            | Effect::SendInvitation
            | Effect::Undelivered { .. }
            | Effect::Notice { .. } => {
                _ = writeln!(self.transcript, "  sent {}", effect_words(&job.effect));
                self.engine.store.drop_job(lease).await.unwrap();
            }
            Effect::Timer { name } => {
                _ = writeln!(self.transcript, "  timer {name}");
                _ = self
                    .send(Actor::Engine, resume(JobResult::Done(serde_json::Value::Null)))
                    .await;
            }
            Effect::ReadAccount => {
                let view = serde_json::to_value(&self.engine.outside.0.lock().unwrap().view).unwrap();
                _ = self.send(Actor::Engine, resume(JobResult::Done(view))).await;
            }
            Effect::Signal { case, signal } => {
                let command = Command {
                    case: *case,
                    key: RequestKey(job.id.0),
                    by: Actor::Engine,
                    act: Act::Signal { signal: signal.clone() },
                };
                self.engine.dispatch(command).await.unwrap();
                self.engine.store.drop_job(lease).await.unwrap();
                _ = writeln!(self.transcript, "  signal {signal} to the other case");
            }
            Effect::Inspect { .. } => _ = self.send(Actor::Engine, resume(inspected(&self.reading))).await,
            Effect::Remedy => {
                if !self.begin_remedy(lease).await {
                    return;
                }
                let how = self.engine.outside.0.lock().unwrap().remedy.clone();
                let result = match how.as_str() {
                    "refused" => JobResult::Refused("the account is closed".into()),
                    "dead" => JobResult::Dead("no answer".into()),
                    _ => JobResult::Done(serde_json::Value::Null),
                };
                _ = self.send(Actor::Engine, resume(result)).await;
            }
        }
    }

    /// Whether the remedy may be carried out now.
    async fn begin_remedy(&mut self, lease: Lease) -> bool {
        let begun = self.send(Actor::Engine, Act::BeginRemedy { lease }).await;
        begun.is_ok_and(|d| d.loaded.case.remedy == readmit_core::case::Remedy::Begun)
    }
}

/// A factor of the account, by what a scenario calls it.
pub(super) fn factor_id(name: &str) -> Uuid {
    name.bytes().fold(Uuid::nil(), |id, byte| {
        Uuid::from_u128((id.as_u128() << 8) | u128::from(byte))
    })
}

/// Staff of the scripts: the name says the role.
pub(super) fn person(name: &str) -> Actor {
    let role = match name {
        "olu" => Role::Operator,
        "sena" | "sol" => Role::Senior,
        "lea" => Role::Lead,
        "sup" => Role::Support,
        _ => Role::Reviewer,
    };
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    Actor::Staff {
        person: PersonId(Uuid::from_bytes(bytes)),
        role,
    }
}
