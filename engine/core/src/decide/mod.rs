//! From a command to what happens: pure, the same for every step kind.
//!
//! [`decide`] routes; `advance` moves through the workflow; `proof` makes an unproven case a case; `people` holds
//! claims and decisions; `contact` holds support's invitations and messages; `ending` holds veto, withdrawal, expiry and
//! the remedy.

mod advance;
mod contact;
mod draft;
mod ending;
mod people;
mod proof;

use crate::answers::Lookup;
use crate::case::Class;
use crate::command::{Act, Actor, Command, Role};
use crate::conversation;
use crate::cx::Cx;
use crate::effect::{Effect, Job, Lease};
use crate::event::Event;
use crate::guard::{Bucket, Guard, Wants};
use crate::ids::Tag;
use crate::kind::{Input, JobResult, Kinds, StepCx};
use crate::ports::Loaded;
use crate::refusal::Refusal;
use crate::sealed::Sealed;
use crate::workflow::definition::Definition;
use draft::Draft;

/// What a command comes to: everything that one transaction writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// None: there is nothing to write, the command found its wish already true.
    pub events: Vec<Event>,
    /// The new sealed state, if it changed.
    pub sealed: Option<Sealed>,
    pub jobs: Vec<Job>,
    /// The job that this commit finishes; a lost lease undoes the commit.
    pub finish: Option<Lease>,
    pub cancel: Cancel,
    pub guards: Vec<Guard>,
    /// The account's tag, from the first proof on: an immutable column of the case.
    pub account: Option<Tag>,
}

impl Decision {
    /// The buckets that it spends from.
    pub fn spends(&self) -> impl Iterator<Item = &Bucket> {
        self.guards.iter().filter_map(|guard| match guard {
            Guard::Spend(bucket) => Some(bucket),
            _ => None,
        })
    }
}

/// Which waiting jobs of the case go away in the same commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cancel {
    #[default]
    None,
    /// Those of the step runs left.
    Runs(Vec<u32>),
    /// All: the case ends, or stands still.
    All,
}

/// What to read outside for this command; asked once a request.
pub fn lookups(
    loaded: &Loaded,
    definition: &Definition,
    kinds: &dyn Kinds,
    command: &Command,
    cx: &Cx<'_>,
) -> Vec<Lookup> {
    let account = loaded.sealed.account.clone();
    match (&command.act, account) {
        (Act::Submit { run, .. }, account) if *run == loaded.case.run => {
            let Some((kind, step)) = current(loaded, definition, kinds) else {
                return Vec::new();
            };
            let step_cx = step_cx(&loaded.case, &loaded.sealed, definition, step, cx);
            let input = form(&command.act);
            let mut lookups = kind.lookups(&step_cx, &input);
            if let (None, Some(account), true) = (loaded.case.proven, account, kind.proves(&step_cx, &input)) {
                lookups.push(Lookup::Account {
                    account: account.clone(),
                });
                // A step-up asks no questions.
                if definition.class != Class::StepUp {
                    lookups.push(Lookup::QuestionFacts { account });
                }
            }
            lookups
        }
        (
            Act::Start {
                account: Some(account), ..
            },
            _,
        ) => vec![Lookup::Account {
            account: account.clone(),
        }],
        (Act::Invite { invite, .. }, _) => vec![Lookup::SignIn {
            email: invite.address.clone(),
            password: None,
        }],
        (Act::TryAgain { .. } | Act::BeginRemedy { .. }, Some(account)) => vec![Lookup::Account { account }],
        _ => Vec::new(),
    }
}

/// What to read from the store beside the case; asked at every try.
pub fn wants(loaded: &Loaded, definition: &Definition, kinds: &dyn Kinds, command: &Command, cx: &Cx<'_>) -> Wants {
    // Who works on a task changes nothing of the account, and depends on nothing of it.
    if let Act::Claim { .. } | Act::Release { .. } | Act::HandOver { .. } = &command.act {
        return Wants::default();
    }
    let account = loaded.sealed.account.as_ref().map(|a| loaded.keys.account_tag(a));
    let mut wants = Wants {
        account,
        ..Wants::default()
    };
    if let Act::Start {
        account: Some(account), ..
    } = &command.act
    {
        wants.account = Some(loaded.keys.account_tag(account));
    }
    if let Act::Write { .. } = &command.act {
        let staff = matches!(command.by, Actor::Staff { .. });
        wants
            .buckets
            .push(conversation::bucket(&loaded.keys, loaded.case.id, staff));
    }
    if let Some((kind, step)) = current(loaded, definition, kinds) {
        let step_cx = step_cx(&loaded.case, &loaded.sealed, definition, step, cx);
        let input = input_of(&command.act);
        let idle = |input: &Input| loaded.case.proven.is_none() && !kind.concerns_account(&step_cx, input);
        if input.as_ref().is_some_and(idle) {
            wants.account = None;
        }
        wants = wants.and(kind.wants(&step_cx, input.as_ref()));
        wants.secrets = kind.opens_factors();
    }
    wants
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`], which writes nothing.
pub fn decide(
    loaded: &Loaded,
    definition: &Definition,
    kinds: &dyn Kinds,
    command: &Command,
    cx: &Cx<'_>,
) -> Result<Decision, Refusal> {
    if !loaded.readable {
        return Err(Refusal::Erased);
    }
    let mut draft = Draft::new(loaded, definition, kinds, cx);
    if let Act::Start {
        workflow,
        policy,
        language,
        account,
        about,
        step_up,
    } = &command.act
    {
        if step_up.is_some() != (definition.class == Class::StepUp) {
            return Err(Refusal::NotAllowed);
        }
        draft.sealed.removing = *about;
        draft.sealed.step_up = step_up.clone();
        draft.open(*workflow, *policy, language, account.as_ref())?;
        return Ok(draft.finish());
    }
    if let (
        Act::Invite {
            workflow,
            policy,
            language,
            invite,
        },
        Actor::Staff {
            person,
            role: Role::Support,
        },
    ) = (&command.act, command.by)
    {
        draft.invite((*workflow, *policy), language, person, invite)?;
        return Ok(draft.finish());
    }
    if loaded.case.version == 0 {
        return Err(Refusal::Stale);
    }
    if loaded.case.outcome.is_some() {
        return Err(Refusal::Closed);
    }
    match (&command.act, command.by) {
        (Act::Submit { run, .. }, Actor::Claimant { .. }) => {
            if *run != loaded.case.run || loaded.case.contest || loaded.case.task.is_some() {
                return Err(Refusal::Stale);
            }
            draft.turn(&form(&command.act))?;
        }
        (
            Act::Resume {
                lease,
                effect,
                run,
                result,
            },
            Actor::Engine,
        ) => draft.resume(*lease, effect, *run, result)?,
        (Act::BeginRemedy { lease }, Actor::Engine) => draft.begin_remedy(*lease)?,
        (Act::Signal { signal }, Actor::Engine) => draft.push(Event::Signalled { signal: signal.clone() }),
        (Act::Follow, Actor::Claimant { .. }) => draft.follow()?,
        (Act::Write { text, template, files }, by) => draft.write(by, text, template.as_deref(), files)?,
        (Act::Withdraw, Actor::Claimant { .. }) => draft.withdraw()?,
        (Act::Veto, Actor::Owner { channel }) => draft.veto(channel)?,
        (act, Actor::Staff { person, role }) => draft.staff(act, person, role)?,
        _ => return Err(Refusal::NotAllowed),
    }
    Ok(draft.finish())
}

fn current<'a>(
    loaded: &Loaded,
    definition: &'a Definition,
    kinds: &'a dyn Kinds,
) -> Option<(&'a dyn crate::kind::StepKind, &'a crate::workflow::definition::Step)> {
    let step = definition.step(&loaded.case.step)?;
    Some((kinds.get(&step.kind)?, step))
}

fn step_cx<'a>(
    case: &'a crate::case::Case,
    sealed: &'a Sealed,
    definition: &'a Definition,
    step: &'a crate::workflow::definition::Step,
    cx: &Cx<'a>,
) -> StepCx<'a> {
    StepCx {
        definition,
        step,
        case,
        sealed,
        now: cx.now,
        entropy: cx.entropy,
        keys: cx.keys,
        answers: cx.answers,
        standing: cx.standing,
        policy: cx.policy,
        phones: cx.phones,
        by: cx.by,
    }
}

fn form(act: &Act) -> Input {
    match act {
        Act::Submit {
            verb, fields, files, ..
        } => Input::Form {
            verb: verb.clone(),
            fields: fields.clone(),
            files: files.clone(),
        },
        _ => Input::Form {
            verb: String::new(),
            fields: crate::kind::Fields::default(),
            files: Vec::new(),
        },
    }
}

fn input_of(act: &Act) -> Option<Input> {
    match act {
        Act::Submit { .. } => Some(form(act)),
        Act::Resume {
            effect: Effect::Timer { name },
            result: JobResult::Done(_),
            ..
        } => Some(Input::Timer { name: name.clone() }),
        Act::Resume { effect, result, .. } => Some(Input::Job {
            effect: effect.clone(),
            result: result.clone(),
        }),
        _ => None,
    }
}
