//! What members of staff do to a case: claim, release, hand over, decide.

use super::draft::Draft;
use crate::case::{Decided, Outcome, Task, TaskKind};
use crate::command::{Act, Role};
use crate::effect::Notice;
use crate::event::Event;
use crate::guard::Guard;
use crate::ids::{Digest, PersonId, TaskId};
use crate::refusal::Refusal;
use crate::review::{Choice, Message, Verdict};
use crate::sealed::Words;
use crate::workflow::definition::Target;

/// Who decides, on exactly what, having ticked which checks.
struct Ruling {
    person: PersonId,
    message: Digest,
    ticks: Vec<String>,
}

impl Draft<'_> {
    pub(super) fn staff(&mut self, act: &Act, person: PersonId, role: Role) -> Result<(), Refusal> {
        match act {
            Act::Claim { task } => self.claim(*task, person, role),
            Act::Release { task, token } => {
                self.held(*task, *token, person)?;
                self.push(Event::TaskReleased { person });
                Ok(())
            }
            Act::HandOver {
                task,
                token,
                to,
                to_role,
            } => self.hand_over(*task, *token, (person, role), (*to, *to_role)),
            Act::Review {
                task,
                token,
                message,
                choice,
                ticks,
            } => {
                let task = self.held(*task, *token, person)?;
                self.may_work(&task, person, role)?;
                if *message != Message::of(&self.case, &self.sealed, self.definition, self.cx.keys).digest() {
                    return Err(Refusal::MessageChanged);
                }
                let ruling = Ruling {
                    person,
                    message: *message,
                    ticks: self.ticked(&task, choice, ticks)?,
                };
                self.review(&task, ruling, choice.clone())
            }
            Act::TryAgain { task, token } => {
                self.operates(*task, *token, person, role)?;
                self.try_again(person)
            }
            Act::Close { reason, note } if role == Role::Support => self.close_for_support(person, reason, note),
            Act::GiveUp { task, token, reason } => {
                self.operates(*task, *token, person, role)?;
                self.give_up(person, reason)
            }
            _ => Err(Refusal::NotAllowed),
        }
    }

    /// What an operator does with a task of theirs, and nobody with another.
    fn operates(&mut self, id: TaskId, token: u32, person: PersonId, role: Role) -> Result<(), Refusal> {
        let task = self.held(id, token, person)?;
        if task.kind != TaskKind::Operator {
            return Err(Refusal::NotAllowed);
        }
        self.may_work(&task, person, role)
    }

    /// Takes a task that is free, or whose lease has run out, or that is already this person's.
    fn claim(&mut self, id: TaskId, person: PersonId, role: Role) -> Result<(), Refusal> {
        let task = self.live(id)?;
        self.may_work(&task, person, role)?;
        let alive = self.cx.lease_until.is_some_and(|until| until > self.cx.now);
        match task.claim {
            Some(claim) if alive && claim.person == person => return Ok(()),
            Some(_) if alive => return Err(Refusal::NotYours),
            _ => {}
        }
        self.push(Event::TaskClaimed {
            person,
            token: task.tokens + 1,
        });
        Ok(())
    }

    /// By the holder or a lead, to somebody who could have claimed it.
    fn hand_over(
        &mut self,
        id: TaskId,
        token: u32,
        (person, role): (PersonId, Role),
        (to, to_role): (PersonId, Role),
    ) -> Result<(), Refusal> {
        let task = self.live(id)?;
        let claim = task
            .claim
            .filter(|claim| claim.token == token)
            .ok_or(Refusal::NotYours)?;
        if claim.person != person && role != Role::Lead {
            return Err(Refusal::NotYours);
        }
        self.may_work(&task, to, to_role)?;
        self.guard(Guard::Lease { task: id, token });
        self.push(Event::TaskHandedOver {
            from: claim.person,
            to,
            token: task.tokens + 1,
        });
        Ok(())
    }

    fn live(&self, id: TaskId) -> Result<Task, Refusal> {
        self.case
            .task
            .clone()
            .filter(|task| task.id == id)
            .ok_or(Refusal::NoTask)
    }

    /// The task, if this person holds it under this token: a stale token changes nothing.
    fn held(&mut self, id: TaskId, token: u32, person: PersonId) -> Result<Task, Refusal> {
        let task = self.live(id)?;
        let claim = task.claim.ok_or(Refusal::NotYours)?;
        if claim.person != person || claim.token != token {
            return Err(Refusal::NotYours);
        }
        self.guard(Guard::Lease { task: id, token });
        Ok(task)
    }

    /// Roles, and the four eyes: who approved in this round works on it no more (IN-01).
    fn may_work(&self, task: &Task, person: PersonId, role: Role) -> Result<(), Refusal> {
        let role_fits = match task.kind {
            TaskKind::Review if self.case.disputed => role.is_senior(),
            TaskKind::Review => role.reviews(),
            TaskKind::Contest => role.is_senior(),
            TaskKind::Operator => role == Role::Operator,
        };
        if role_fits && !self.approved_already(person) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed)
        }
    }

    fn approved_already(&self, person: PersonId) -> bool {
        let round = self.case.task.as_ref().map_or(self.case.round, |task| task.round);
        self.case
            .approvals
            .iter()
            .any(|a| a.round == round && a.person == person)
    }

    /// Of what was ticked, the checks that this case has. An approval has them all (EV-11).
    fn ticked(&self, task: &Task, choice: &Choice, ticks: &[String]) -> Result<Vec<String>, Refusal> {
        if task.kind != TaskKind::Review {
            return Ok(Vec::new());
        }
        let steps = self.definition.steps.iter();
        let left = steps.filter(|step| self.case.left.contains_key(&step.name));
        let checks = left.filter_map(|step| Some(self.kinds.get(&step.kind)?.checks(&self.step_cx(step))));
        let (ticked, missing): (Vec<String>, Vec<String>) = checks.flatten().partition(|check| ticks.contains(check));
        if matches!(choice, Choice::Approve { .. }) && !missing.is_empty() {
            return Err(Refusal::Field {
                field: "checks".into(),
                code: "tick_checks",
            });
        }
        Ok(ticked)
    }

    fn review(&mut self, task: &Task, ruling: Ruling, choice: Choice) -> Result<(), Refusal> {
        match (task.kind, choice) {
            (TaskKind::Review, Choice::Approve { note }) => self.approve(task, ruling, note),
            (TaskKind::Review, Choice::Reject { reason, note }) => {
                self.decided(
                    ruling,
                    Verdict::Reject,
                    reason,
                    Vec::new(),
                    Words {
                        to_claimant: String::new(),
                        note,
                    },
                )?;
                self.close_task();
                self.leave_with("rejected")
            }
            (
                TaskKind::Review,
                Choice::Ask {
                    step,
                    slots,
                    reason,
                    text,
                    note,
                },
            ) => {
                let outcome = self.askable(&step)?;
                if slots.is_empty() {
                    return Err(Refusal::Field {
                        field: "slots".into(),
                        code: "choose_slot",
                    });
                }
                self.decided(
                    ruling,
                    Verdict::Ask,
                    reason,
                    slots,
                    Words {
                        to_claimant: text,
                        note,
                    },
                )?;
                self.close_task();
                self.leave_with(&outcome)?;
                self.tell(Notice::AskedAgain);
                Ok(())
            }
            (TaskKind::Contest, Choice::Uphold { note }) => {
                self.decided(
                    ruling,
                    Verdict::Uphold,
                    "objection_upheld".into(),
                    Vec::new(),
                    Words {
                        to_claimant: String::new(),
                        note,
                    },
                )?;
                self.close(Outcome::Vetoed);
                Ok(())
            }
            (TaskKind::Contest, Choice::Approve { note }) => {
                let person = ruling.person;
                self.decided(
                    ruling,
                    Verdict::Approve,
                    "objection_dismissed".into(),
                    Vec::new(),
                    Words {
                        to_claimant: String::new(),
                        note,
                    },
                )?;
                self.close_task();
                self.push(Event::ContestDismissed { person });
                self.arm_case_deadline();
                let step = self.case.step.clone();
                self.enter(&step)
            }
            _ => Err(Refusal::NotAllowed),
        }
    }

    /// One approval. The last one that the round wants moves the case; an earlier one opens the next person's task.
    fn approve(&mut self, task: &Task, ruling: Ruling, note: String) -> Result<(), Refusal> {
        let round = task.round;
        let Ruling { person, message, .. } = ruling;
        self.guard(Guard::Approve { round, person });
        self.push(Event::Approved { person, round, message });
        let given = self
            .case
            .approvals
            .iter()
            .filter(|a| a.round == round && a.message == message)
            .count();
        self.decided(
            ruling,
            Verdict::Approve,
            "approved".into(),
            Vec::new(),
            Words {
                to_claimant: String::new(),
                note,
            },
        )?;
        self.close_task();
        if given < task.approvals as usize {
            self.open_task(TaskKind::Review, &task.queue, round, task.approvals);
            return Ok(());
        }
        self.told_of_approval();
        self.leave_with("approved")
    }

    fn decided(
        &mut self,
        ruling: Ruling,
        verdict: Verdict,
        reason: String,
        slots: Vec<String>,
        words: Words,
    ) -> Result<(), Refusal> {
        if reason.trim().is_empty() {
            return Err(Refusal::Field {
                field: "reason".into(),
                code: "choose_reason",
            });
        }
        let key = format!("decision-{}", self.case.version);
        self.sealed.words.insert(key.clone(), words);
        let decided = Decided {
            at: self.case.now,
            verdict,
            reason,
            slots,
            words: key,
            ticks: ruling.ticks,
        };
        self.push(Event::Decided {
            person: ruling.person,
            round: self.case.round,
            decided,
            message: ruling.message,
        });
        Ok(())
    }

    /// The review's outcome that asks the named step again, if that step has visits left.
    fn askable(&self, step: &str) -> Result<String, Refusal> {
        let (_, review) = self.current()?;
        let outcome = format!("ask_{step}");
        let Some(Target::Step(target)) = review.then.get(&outcome) else {
            return Err(Refusal::NotAllowed);
        };
        let step = self.definition.step(target).ok_or(Refusal::UnknownStep)?;
        let visited = self.case.visits.get(target).copied().unwrap_or(0);
        if visited < step.visits {
            Ok(outcome)
        } else {
            Err(Refusal::NotAllowed)
        }
    }

    fn try_again(&mut self, person: PersonId) -> Result<(), Refusal> {
        if let Some(view) = self.cx.answers.account.clone()
            && self.case.remedy == crate::case::Remedy::NotBegun
            && self.case.phase != crate::case::Phase::CarryingOut
        {
            self.recheck(&view);
        }
        self.close_task();
        self.push(Event::TriedAgain { person });
        let step = self.case.step.clone();
        self.enter(&step)
    }
}
