//! A decision in the making: it folds its own events as they come, so that what follows sees the case as it will be.

use crate::case::{Case, Task, TaskKind};
use crate::cx::Cx;
use crate::decide::{Cancel, Decision};
use crate::effect::{Effect, Job, NOTICES, Notice};
use crate::event::Event;
use crate::guard::Guard;
use crate::ids::{JobId, TaskId};
use crate::kind::{Kinds, StepCx, StepKind};
use crate::ports::Loaded;
use crate::refusal::Refusal;
use crate::sealed::{Channel, Sealed};
use crate::time::At;
use crate::workflow::definition::{Definition, Step};

pub(super) struct Draft<'a> {
    pub(super) definition: &'a Definition,
    pub(super) kinds: &'a dyn Kinds,
    pub(super) cx: &'a Cx<'a>,
    pub(super) case: Case,
    pub(super) sealed: Sealed,
    before: &'a Sealed,
    made: u64,
    pub(super) decision: Decision,
}

impl<'a> Draft<'a> {
    pub(super) fn new(loaded: &'a Loaded, definition: &'a Definition, kinds: &'a dyn Kinds, cx: &'a Cx<'a>) -> Self {
        let mut case = loaded.case.clone();
        case.now = case.now.max(cx.now);
        Self {
            definition,
            kinds,
            cx,
            case,
            sealed: loaded.sealed.clone(),
            before: &loaded.sealed,
            made: 0,
            decision: Decision::default(),
        }
    }

    pub(super) fn push(&mut self, event: Event) {
        crate::evolve::apply(&mut self.case, &event);
        self.decision.events.push(event);
    }

    pub(super) fn guard(&mut self, guard: Guard) {
        self.decision.guards.push(guard);
    }

    /// A job of the given step run (0: of the case).
    pub(super) fn job(&mut self, run: u32, due: At, effect: Effect) {
        let id = JobId(self.fresh("job"));
        self.decision.jobs.push(Job {
            id,
            case: self.case.id,
            run,
            due,
            effect,
            attempts: 0,
        });
    }

    /// Tells the owner on every channel; one job each, so that one that fails does not hold up the others (RF-09).
    pub(super) fn tell(&mut self, notice: Notice) {
        for channel in 0..self.sealed.channels.len().min(usize::from(u8::MAX)) {
            let channel = u8::try_from(channel).unwrap_or(u8::MAX);
            self.tell_on(channel, notice);
        }
    }

    /// Once a commit, however often it has cause to.
    fn tell_on(&mut self, channel: u8, notice: Notice) {
        let effect = Effect::Notice { notice, channel };
        if self.decision.jobs.iter().all(|job| job.effect != effect) {
            self.job(NOTICES, self.case.now, effect);
        }
    }

    /// Tells the owner by e-mail alone: what is worth a line, and no alarm.
    pub(super) fn tell_by_mail(&mut self, notice: Notice) {
        let mail = (0u8..)
            .zip(&self.sealed.channels)
            .find(|(_, channel)| matches!(channel, Channel::Email { .. }));
        if let Some((channel, _)) = mail {
            self.tell_on(channel, notice);
        }
    }

    pub(super) fn cancel_run(&mut self, run: u32) {
        self.decision.jobs.retain(|job| job.run != run);
        match &mut self.decision.cancel {
            Cancel::None => self.decision.cancel = Cancel::Runs(vec![run]),
            Cancel::Runs(runs) => runs.push(run),
            Cancel::All => {}
        }
    }

    pub(super) fn cancel_all(&mut self) {
        self.decision.jobs.retain(|job| job.run == NOTICES);
        self.decision.cancel = Cancel::All;
    }

    pub(super) fn open_task(&mut self, kind: TaskKind, queue: &str, round: u32, approvals: u32) {
        self.open_task_of(self.case.now, kind, queue, round, approvals);
    }

    /// A task that waits since an earlier moment.
    pub(super) fn open_task_of(&mut self, opened: At, kind: TaskKind, queue: &str, round: u32, approvals: u32) {
        let id = TaskId(self.fresh("task"));
        self.push(Event::TaskOpened {
            task: Task {
                id,
                kind,
                queue: queue.to_owned(),
                round,
                approvals,
                opened,
                tokens: 0,
                claim: None,
            },
        });
    }

    pub(super) fn close_task(&mut self) {
        if self.case.task.is_some() {
            self.push(Event::TaskClosed);
        }
    }

    pub(super) fn fresh(&mut self, label: &str) -> uuid::Uuid {
        self.made += 1;
        self.cx.entropy.uuid(self.case.now, label, self.made)
    }

    /// The current step and its kind.
    pub(super) fn current(&self) -> Result<(&'a dyn StepKind, &'a Step), Refusal> {
        let step = self.definition.step(&self.case.step).ok_or(Refusal::UnknownStep)?;
        Ok((self.kinds.get(&step.kind).ok_or(Refusal::UnknownStep)?, step))
    }

    pub(super) fn step_cx<'s>(&'s self, step: &'s Step) -> StepCx<'s> {
        super::step_cx(&self.case, &self.sealed, self.definition, step, self.cx)
    }

    /// Closes the draft: commits to the sealed state if it changed.
    pub(super) fn finish(mut self) -> Decision {
        if self.sealed != *self.before {
            let commitment = self.sealed.commitment();
            self.push(Event::Sealed { commitment });
            self.decision.sealed = Some(self.sealed);
        }
        self.decision
    }
}
