//! One case of the past: what everybody does next, given where the case stands.

use anyhow::{Context as _, ensure};
use readmit_core::case::{CaseStatus, Task, WaitsFor};
use readmit_core::codes::{self, Place};
use readmit_core::command::{Act, Actor, Command, Human};
use readmit_core::cx::tag;
use readmit_core::ids::{CaseId, RequestKey, TaskId};
use readmit_core::kind::{Fields, StoredFile};
use readmit_core::ports::{Loaded, Surroundings as _};
use readmit_core::review::{Choice, Message};
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Step;
use readmit_demo_host::{Resident, password_of, roster};
use readmit_steps::documents::{checks, pieces};
use serde::Deserialize;
use uuid::Uuid;

use super::stories::{Answers, Password, Review, Story, Turn, What};
use super::{Cast, papers};
use crate::demo::staff;

/// What a reviewer needs between opening a case and deciding it.
const READING: Span = Span::minutes(7);
/// More acts than any story has: one that has them goes round in a circle.
const MOST_ACTS: u64 = 60;
/// No case of a well-run house waits longer: whom the plot brings before reviewers unplanned, anybody approves.
const LONGEST_IN_QUEUE: Span = Span::days(3);
const ANYBODY: Review = Review {
    by: "rina",
    after: Span::hours(5),
    what: What::Approve,
};
/// Somebody who is still looking began so long before the demo starts.
const JUST_NOW: Span = Span::minutes(3);

/// A story under way.
pub(super) struct Running {
    pub(super) story: &'static Story,
    resident: &'static Resident,
    case: CaseId,
    /// Counts commands: each has a key of its own.
    acts: u64,
    /// How many of the story's reviews are done.
    reviewed: usize,
    /// The task that was seen last, and when.
    seen: Option<(TaskId, At)>,
}

/// What the claimant sends.
pub(super) struct Form {
    pub(super) verb: &'static str,
    pub(super) fields: Fields,
    pub(super) files: Vec<StoredFile>,
}

impl Form {
    fn of(verb: &'static str, fields: &[(&str, &str)]) -> Self {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            verb,
            fields: Fields(fields.collect()),
            files: Vec::new(),
        }
    }
}

impl Running {
    /// `None` for an account that the exchange does not have.
    pub(super) fn new(story: &'static Story, place: u64) -> Option<Self> {
        Some(Self {
            story,
            resident: roster().iter().find(|one| one.id == story.who)?,
            case: CaseId(id("case", place)),
            acts: 0,
            reviewed: 0,
            seen: None,
        })
    }

    /// Somebody does the next thing. When to look again, if anybody still has something to do.
    pub(super) async fn act(&mut self, cast: &Cast) -> anyhow::Result<Option<At>> {
        let now = cast.clock.now();
        let Some(loaded) = cast.db.opened(self.case).await? else {
            let language = self.resident.language.tag().to_owned();
            let (workflow, policy) = (cast.workflow.hash, cast.policy);
            let start = Act::Start {
                workflow,
                policy,
                language,
                account: None,
                about: None,
                step_up: None,
            };
            self.dispatch(cast, self.claimant(cast), start).await?;
            return Ok(Some(now + self.pause()));
        };
        let case = &loaded.case;
        tracing::debug!(who = self.story.who, step = case.step, at = %now.rfc3339(), "acts");
        match (case.status(), &case.task) {
            (CaseStatus::Closed, _) => Ok(None),
            (_, Some(task)) if self.story.turn == Some(Turn::Withdraw) => self.turn(cast, task, Act::Withdraw).await,
            (_, Some(task)) if self.story.turn == Some(Turn::Veto) && !case.contest => {
                self.turn(cast, task, Act::Veto).await
            }
            (_, Some(task)) => self.review(cast, &loaded, task).await,
            (CaseStatus::CoolingDown, None) if self.story.turn == Some(Turn::VetoLate) => {
                self.dispatch(cast, Actor::Owner { channel: 0 }, Act::Veto).await?;
                Ok(None)
            }
            (_, None) if case.waits == WaitsFor::Claimant => self.claim(cast, &loaded).await,
            // The host or a timer has the word; jobs run in between.
            (CaseStatus::InReview, None) => Ok(Some(now + Span::minutes(1))),
            _ => Ok(None),
        }
    }

    /// The claimant fills in the step's form, unless the story says that they left.
    async fn claim(&mut self, cast: &Cast, loaded: &Loaded) -> anyhow::Result<Option<At>> {
        let step = cast
            .workflow
            .step(&loaded.case.step)
            .context("the step is not in the workflow")?;
        let again = step.kind == "documents" && loaded.case.visits.get(&step.name).is_some_and(|visits| *visits > 1);
        if self.story.leaves_at == Some(&step.name) || (again && self.story.leaves_at == Some("again")) {
            return Ok(None);
        }
        let form = self.form(cast, loaded, step).await?;
        let submit = Act::Submit {
            run: loaded.case.run,
            verb: form.verb.to_owned(),
            fields: form.fields,
            files: form.files,
        };
        self.dispatch(cast, self.claimant(cast), submit).await?;
        Ok(Some(cast.clock.now() + self.pause()))
    }

    async fn form(&self, cast: &Cast, loaded: &Loaded, step: &Step) -> anyhow::Result<Form> {
        let (email, password) = (self.resident.email, password_of(self.resident.email));
        Ok(match (step.kind.as_str(), self.story.password) {
            ("agreement", _) => Form::of("agree", &[("agree", "on")]),
            ("credentials", Password::Forgotten) => Form::of("forgotten", &[("email", email)]),
            ("credentials", Password::Wrong) if step.name == "sign_in" => {
                Form::of("continue", &[("email", email), ("password", "not this one")])
            }
            ("credentials", _) => Form::of("continue", &[("email", email), ("password", &password)]),
            ("code", _) => Form::of("submit", &[("code", &code(loaded)?)]),
            ("questions", _) => self.answer(loaded, step)?,
            ("documents", _) => papers::form(cast, loaded, self.resident).await?,
            (kind, _) => anyhow::bail!("nobody knows what to do in a step of kind {kind}"),
        })
    }

    /// Rightly or wrongly, as the story wants; the sealed state knows the truth.
    fn answer(&self, loaded: &Loaded, step: &Step) -> anyhow::Result<Form> {
        let state = Asked::deserialize(&loaded.case.state)?;
        let verb = match state.at.as_str() {
            "attention" => "begin",
            "not_right" => "again",
            _ => "answer",
        };
        let mut form = Form::of(verb, &[]);
        if verb == "answer" {
            let kept = loaded.sealed.steps.get(&step.name).context("no questions were kept")?;
            let right = match self.story.answers {
                Answers::Right => true,
                Answers::Second => state.tried > 0,
                Answers::Never => false,
            };
            form.fields = Truth::deserialize(kept)?.ticks(right);
        }
        Ok(form)
    }

    /// The reviewer whose turn it is claims the task, reads, and decides.
    async fn review(&mut self, cast: &Cast, loaded: &Loaded, task: &Task) -> anyhow::Result<Option<At>> {
        let (now, seen) = (cast.clock.now(), self.seen(cast, task));
        let forgotten = self.story.reviews.is_empty() && self.story.ago > LONGEST_IN_QUEUE;
        let planned = self.story.reviews.get(self.reviewed);
        let Some(review) = planned.or(forgotten.then_some(&ANYBODY)) else {
            return Ok(None);
        };
        let due = match review.what {
            What::Look => cast.end - JUST_NOW,
            _ => seen + review.after,
        };
        if now < due {
            return Ok(Some(due));
        }
        let by = staff::called(review.by).context("nobody on the staff is called so")?;
        let person = by.id();
        let actor = Actor::Staff { person, role: by.role };
        match task.claim {
            Some(claim) if claim.person == person => {
                let choice = choice(review, cast);
                let ticks = match choice {
                    Choice::Approve { .. } => checks::names(&pieces(&loaded.sealed, &cast.workflow)),
                    _ => Vec::new(),
                };
                let decide = Act::Review {
                    task: task.id,
                    token: claim.token,
                    message: Message::of(&loaded.case, &loaded.sealed, &cast.workflow, &loaded.keys).digest(),
                    choice,
                    ticks,
                };
                self.dispatch(cast, actor, decide).await?;
                self.reviewed += 1;
                Ok(Some(now + self.pause()))
            }
            _ => {
                self.dispatch(cast, actor, Act::Claim { task: task.id }).await?;
                Ok((review.what != What::Look).then(|| now + READING))
            }
        }
    }

    /// The claimant or the owner ends it, some hours after it came before a reviewer.
    async fn turn(&mut self, cast: &Cast, task: &Task, act: Act) -> anyhow::Result<Option<At>> {
        let due = self.seen(cast, task) + Span::hours(3);
        if cast.clock.now() < due {
            return Ok(Some(due));
        }
        let by = match act {
            Act::Veto => Actor::Owner { channel: 0 },
            _ => self.claimant(cast),
        };
        self.dispatch(cast, by, act).await?;
        Ok(None)
    }

    /// When this task was first seen.
    fn seen(&mut self, cast: &Cast, task: &Task) -> At {
        match self.seen {
            Some((id, at)) if id == task.id => at,
            _ => {
                let now = cast.clock.now();
                self.seen = Some((task.id, now));
                now
            }
        }
    }

    pub(super) async fn dispatch(&mut self, cast: &Cast, by: Actor, act: Act) -> anyhow::Result<()> {
        self.acts += 1;
        ensure!(self.acts < MOST_ACTS, "the story comes to no end");
        let key = tag(&[0; 32], "command", &[self.case.0.as_bytes(), &self.acts.to_be_bytes()]);
        let command = Command {
            case: self.case,
            key: RequestKey(uuid_of(&key.0)),
            by,
            act,
        };
        cast.dispatcher.dispatch(command).await?;
        Ok(())
    }

    pub(super) fn claimant(&self, cast: &Cast) -> Actor {
        Actor::Claimant {
            prefix: cast.db.index_tag("prefix", &[self.resident.id.as_bytes()]),
            human: Human::Unchecked,
        }
    }

    /// People take one to six minutes over a page.
    fn pause(&self) -> Span {
        let [first, second, ..] = tag(&[0; 32], "pause", &[self.case.0.as_bytes(), &self.acts.to_be_bytes()]).0;
        Span::seconds(60 + i64::from(first) + i64::from(second % 64))
    }
}

fn choice(review: &Review, cast: &Cast) -> Choice {
    let note = String::new();
    match review.what {
        What::Approve | What::Look => Choice::Approve { note },
        What::Reject(reason) => Choice::Reject {
            reason: reason.into(),
            note,
        },
        What::Ask(reason, text) => Choice::Ask {
            step: "documents".into(),
            slots: papers::first_slot(&cast.workflow).into_iter().collect(),
            reason: reason.into(),
            text: text.into(),
            note,
        },
    }
}

/// Of the state of a questions step, what a claimant sees.
#[derive(Deserialize)]
struct Asked {
    at: String,
    tried: u32,
}

/// Of its sealed state, what the claimant knows.
#[derive(Deserialize)]
struct Truth {
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    right: Vec<usize>,
}

impl Truth {
    /// Ticks for every question: the right ones, or one that is not.
    fn ticks(&self, rightly: bool) -> Fields {
        let ticks = self.questions.iter().zip(1..).flat_map(|(question, n)| {
            let wrong = (0..).find(|option| !question.right.contains(option));
            let ticked = if rightly {
                question.right.clone()
            } else {
                wrong.into_iter().collect()
            };
            ticked
                .into_iter()
                .map(move |option| (format!("q{n}"), option.to_string()))
        });
        Fields(ticks.collect())
    }
}

/// What the mail said.
fn code(loaded: &Loaded) -> anyhow::Result<String> {
    let state = readmit_steps::code::State::read(&loaded.case.state).context("the code's state cannot be read")?;
    let address = loaded.sealed.address.as_deref().context("the case has no address")?;
    let place = Place {
        purpose: "step",
        run: loaded.case.run,
        issue: state.issue,
        address,
    };
    Ok(codes::code(&loaded.keys, place, 6))
}

pub(super) fn id(purpose: &str, place: u64) -> Uuid {
    uuid_of(&tag(&[0; 32], purpose, &[&place.to_be_bytes()]).0)
}

fn uuid_of(bytes: &[u8; 32]) -> Uuid {
    let [sixteen @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *bytes;
    uuid::Builder::from_random_bytes(sixteen).into_uuid()
}
