//! Moving through the workflow: turns, outcomes, the next step.

use serde_json::Value;

use super::draft::Draft;
use crate::case::{Class, Outcome, Phase, Remedy, TaskKind, WaitsFor};
use crate::effect::{Effect, Notice};
use crate::event::Event;
use crate::guard::Guard;
use crate::ids::{AccountId, Digest};
use crate::kind::Status as TurnStatus;
use crate::kind::{DeclaredFact, Facts, Grant, Input, Turn};
use crate::refusal::Refusal;
use crate::workflow::definition::{Step, Target};
use crate::workflow::expr::Expr;

/// The name of the timer that ends a step's patience, and of the one that ends the case's.
pub(super) const DEADLINE: &str = "deadline";
pub(super) const CASE_DEADLINE: &str = "case_deadline";

impl Draft<'_> {
    pub(super) fn open(
        &mut self,
        workflow: Digest,
        policy: Digest,
        language: &str,
        account: Option<&AccountId>,
    ) -> Result<(), Refusal> {
        if self.case.version != 0 {
            return Err(Refusal::Stale);
        }
        if let Some(account) = account {
            let view = self.cx.answers.account.as_ref().ok_or(Refusal::HostUnknown)?;
            self.sealed.address = Some(view.email.clone());
            self.sealed.account = Some(account.clone());
        }
        self.sealed.salt = self.cx.entropy.bytes("salt", 0).to_vec();
        self.push(Event::Opened {
            workflow,
            policy,
            class: self.definition.class,
            language: language.to_owned(),
            facts: self.defaults(),
        });
        if let Some(step_up) = self.sealed.step_up.clone() {
            self.push(Event::AskedFor {
                purpose: step_up.purpose,
                text: step_up.commitment(self.cx.keys),
            });
        }
        let start = self.definition.start.clone();
        self.go(&Target::Step(start))
    }

    /// The defaults of the facts that this workflow's conditions read.
    fn defaults(&self) -> Facts {
        let read: std::collections::BTreeSet<&str> =
            self.definition.conditions.values().flat_map(Expr::names).collect();
        let mut defaults = Facts::new();
        for step in &self.definition.steps {
            let kind = self.kinds.get(&step.kind);
            for fact in kind
                .and_then(|kind| kind.declare(step).ok())
                .into_iter()
                .flat_map(|d| d.facts)
            {
                let name = format!("{}.{}", step.name, fact.name);
                if let Some(value) = fact.values.into_iter().next().filter(|_| read.contains(name.as_str())) {
                    defaults.insert(name, value);
                }
            }
        }
        defaults
    }

    /// One input to the current step.
    pub(super) fn turn(&mut self, input: &Input) -> Result<(), Refusal> {
        let (kind, step) = self.current()?;
        let turn = kind.turn(&self.step_cx(step), input)?;
        self.take(turn, step)
    }

    /// Follows a target, and every step behind it that needs nobody.
    pub(super) fn go(&mut self, target: &Target) -> Result<(), Refusal> {
        match target {
            Target::End(Outcome::Approved) if !self.may_end_approved() => Err(Refusal::Unsound),
            Target::End(outcome) => {
                self.close(*outcome);
                Ok(())
            }
            Target::Start(workflow) => {
                self.close_for(
                    Outcome::HandedOver,
                    Some(workflow.clone()),
                    told_at(Outcome::HandedOver),
                );
                Ok(())
            }
            Target::Step(name) => {
                let step = self.definition.step(name).ok_or(Refusal::UnknownStep)?;
                let visited = self.case.visits.get(name).copied().unwrap_or(0);
                if visited < step.visits {
                    self.enter(name)
                } else {
                    Err(Refusal::Unsound)
                }
            }
        }
    }

    /// Invariant 11: a remedy that was carried out, or, in a step-up, a factor that was proven.
    fn may_end_approved(&self) -> bool {
        match self.case.class {
            Class::StepUp => self.case.proven.is_some() && !self.case.proofs.is_empty(),
            Class::Recovery | Class::Settings => self.case.remedy == Remedy::Done,
        }
    }

    /// Begins a run of the step, whatever its visits: an operator or a senior may have it begun anew.
    pub(super) fn enter(&mut self, name: &str) -> Result<(), Refusal> {
        let step = self.definition.step(name).ok_or(Refusal::UnknownStep)?;
        let kind = self.kinds.get(&step.kind).ok_or(Refusal::UnknownStep)?;
        let run = self.case.run + 1;
        let waits = kind.waits_for();
        // An unproven case ends by the purge; a step-up is waited for by its host.
        let timed = self.case.proven.is_some() || self.case.class == Class::StepUp;
        let patient = waits == WaitsFor::Claimant && timed;
        let deadline = patient.then(|| self.case.now + self.definition.limits.step);
        self.push(Event::Entered {
            step: name.to_owned(),
            run,
            phase: kind.phase(),
            waits,
            deadline,
            state: Value::Null,
        });
        if let Some(due) = deadline {
            self.job(run, due, Effect::Timer { name: DEADLINE.into() });
        }
        let turn = kind.enter(&self.step_cx(step));
        self.take(turn, step)
    }

    /// Writes a turn into the draft.
    fn take(&mut self, turn: Turn, step: &Step) -> Result<(), Refusal> {
        let declared = self
            .kinds
            .get(&step.kind)
            .and_then(|kind| kind.declare(step).ok())
            .ok_or(Refusal::UnknownStep)?;
        if let Some(sealed) = turn.sealed {
            self.sealed.steps.insert(step.name.clone(), sealed);
        }
        if let Some((address, account)) = turn.learned.claimant {
            (self.sealed.address, self.sealed.account) = (Some(address), account);
        }
        if let Some(enrolled) = turn.learned.enrolled {
            self.sealed.enrolled = Some(enrolled);
        }
        if let Some(codes) = turn.learned.codes {
            self.sealed.codes = Some(codes);
        }
        if let Some(removing) = turn.learned.removing {
            self.sealed.removing = Some(removing);
        }
        for signal in turn.signals {
            self.push(Event::Signalled { signal: signal.into() });
        }
        for due in turn.effects {
            self.job(self.case.run, due.at, due.effect);
        }
        for guard in turn.guards {
            self.guard(guard);
        }
        let facts = self.sort_facts(step, &declared.facts, turn.facts);
        let carries_out = declared.remedy;
        match turn.status {
            TurnStatus::Waiting => {
                let entered = self.case.state.is_null();
                self.turned(turn.state, facts);
                if entered && self.case.phase == Phase::CoolingDown {
                    self.told_of_approval();
                }
            }
            TurnStatus::Task { queue, approvals } => {
                self.turned(turn.state, facts);
                let round = self.case.round + 1;
                self.open_task(TaskKind::Review, &queue, round, approvals);
            }
            TurnStatus::Stuck { why } => {
                self.turned(turn.state, facts);
                self.stuck(&why);
            }
            TurnStatus::Done { outcome } => {
                let declared = declared
                    .outcomes
                    .iter()
                    .find(|o| o.name == outcome)
                    .ok_or(Refusal::UnknownStep)?;
                let possession = declared.possession;
                let grant = declared.grant.clone();
                if carries_out && outcome == "done" {
                    self.carried_out_here()?;
                }
                self.leave(step, &outcome, turn.state, facts, grant, possession)?;
            }
        }
        // Last: the first proof is what makes channels known.
        if let Some(notice) = turn.told {
            self.tell(notice);
        }
        Ok(())
    }

    /// Writes down the new state, unless the step was only just entered and has none to tell.
    fn turned(&mut self, state: Value, facts: Facts) {
        let entered = matches!(self.decision.events.last(), Some(Event::Entered { .. }));
        if !entered || !facts.is_empty() || state != self.case.state {
            self.push(Event::Turned { state, facts });
        }
    }

    /// Ends the current step with an outcome and goes on.
    pub(super) fn leave(
        &mut self,
        step: &Step,
        outcome: &str,
        state: Value,
        facts: Facts,
        grant: Grant,
        possession: bool,
    ) -> Result<(), Refusal> {
        let target = step.then.get(outcome).cloned().ok_or(Refusal::UnknownStep)?;
        let (was_open, run) = (self.case.phase == Phase::Open, self.case.run);
        self.cancel_run(run);
        self.push(Event::Left {
            outcome: outcome.to_owned(),
            state,
            facts,
            grant,
        });
        if possession && self.case.proven.is_none() && !self.prove()? {
            return Ok(());
        }
        self.go(&target)?;
        if was_open && self.case.phase == Phase::InReview && self.case.outcome.is_none() {
            self.tell(Notice::Submitted);
        }
        Ok(())
    }

    /// Ends the current step by the engine's own hand (a review decided, the remedy carried out).
    pub(super) fn leave_with(&mut self, outcome: &str) -> Result<(), Refusal> {
        let (kind, step) = self.current()?;
        let declared = kind.declare(step).map_err(|_| Refusal::UnknownStep)?;
        let grant = declared
            .outcomes
            .into_iter()
            .find(|o| o.name == outcome)
            .ok_or(Refusal::UnknownStep)?
            .grant;
        let state = self.case.state.clone();
        self.leave(step, outcome, state, Facts::new(), grant, false)
    }

    /// Facts by their full names; those learned before the first proof are held back.
    fn sort_facts(
        &mut self,
        step: &Step,
        declared: &[DeclaredFact],
        facts: Vec<(String, crate::kind::FactValue)>,
    ) -> Facts {
        let mut told = Facts::new();
        for (name, value) in facts {
            let held = self.case.proven.is_none() && declared.iter().any(|fact| fact.name == name && fact.held);
            let full = format!("{}.{name}", step.name);
            if held {
                self.sealed.held.insert(full, value)
            } else {
                told.insert(full, value)
            };
        }
        told
    }

    /// The case cannot go on by itself: an operator decides.
    pub(super) fn stuck(&mut self, why: &str) {
        self.push(Event::Stuck { why: why.to_owned() });
        self.open_task(TaskKind::Operator, "operations", self.case.round, 0);
    }

    /// The decision's notice goes out once, whether a review or the workflow itself approved.
    pub(super) fn told_of_approval(&mut self) {
        let told = self.decision.jobs.iter().any(|job| {
            matches!(
                job.effect,
                Effect::Notice {
                    notice: Notice::Approved,
                    ..
                }
            )
        });
        if !told {
            self.tell(Notice::Approved);
        }
    }

    /// Ends the case.
    pub(super) fn close(&mut self, outcome: Outcome) {
        self.close_for(outcome, None, told_at(outcome));
    }

    /// Ends the case; its claimant may go on in the workflow `next`.
    pub(super) fn close_for(&mut self, outcome: Outcome, next: Option<String>, notice: Notice) {
        self.close_task();
        self.cancel_all();
        if self.case.proven.is_some() {
            if let Some(account) = &self.sealed.account {
                self.guard(Guard::ReleaseAccount {
                    account: self.cx.keys.account_tag(account),
                });
            }
            // Whoever steps up at the host knows; it would be a mail a sign-in.
            if self.case.class != Class::StepUp {
                self.tell(notice);
            }
        }
        self.push(Event::Closed {
            outcome,
            linked: None,
            next,
        });
    }
}

/// What is told of an end.
const fn told_at(outcome: Outcome) -> Notice {
    match outcome {
        Outcome::Approved => Notice::Done,
        Outcome::Rejected => Notice::Rejected,
        Outcome::Withdrawn => Notice::Withdrawn,
        Outcome::HandedOver => Notice::HandedOver,
        Outcome::Vetoed => Notice::Vetoed,
        Outcome::Expired => Notice::Expired,
    }
}
