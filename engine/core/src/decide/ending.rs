//! What ends a case or stops it: jobs that come back, veto, withdrawal, expiry, the remedy.

use std::collections::BTreeSet;

use super::advance::{CASE_DEADLINE, DEADLINE};
use super::draft::Draft;
use crate::case::{Outcome, Phase, Remedy, TaskKind};
use crate::effect::{Effect, Lease, Notice};
use crate::event::Event;
use crate::guard::{Enrolled, Guard, Streak, Which};
use crate::ids::Tag;
use crate::kind::{Input, JobResult};
use crate::refusal::Refusal;

impl Draft<'_> {
    /// A job or timer came back. One of a run that is over is refused as stale: the shell drops it as obsolete.
    pub(super) fn resume(
        &mut self,
        lease: Lease,
        effect: &Effect,
        run: u32,
        result: &JobResult,
    ) -> Result<(), Refusal> {
        // What was written is read whatever becomes of the case.
        if let Effect::Inspect { evidence } = effect
            && self.encloses(*evidence)
        {
            self.decision.finish = Some(lease);
            self.enclosure_seen(*evidence, result);
            return Ok(());
        }
        if self.case.contest || (run != 0 && run != self.case.run) {
            return Err(Refusal::Stale);
        }
        self.decision.finish = Some(lease);
        match (effect, result) {
            (Effect::Timer { name }, _) if name == DEADLINE || name == CASE_DEADLINE => self.deadline(name, run),
            (Effect::Timer { name }, _) => self.turn(&Input::Timer { name: name.clone() }),
            (Effect::Remedy, result) => self.remedy_ended(result),
            (Effect::ReadAccount, JobResult::Done(view)) => {
                let view = serde_json::from_value(view.clone()).map_err(|_| Refusal::HostUnknown)?;
                self.recheck(&view);
                self.turn(&Input::Job {
                    effect: effect.clone(),
                    result: result.clone(),
                })
            }
            _ => self.turn(&Input::Job {
                effect: effect.clone(),
                result: result.clone(),
            }),
        }
    }

    /// The claimant's time is up, unless the timer came early: then it is armed again.
    fn deadline(&mut self, name: &str, run: u32) -> Result<(), Refusal> {
        let due = match (name, self.case.proven) {
            (DEADLINE, _) => self.case.deadline,
            (_, proven) => proven.map(|p| p.at + self.definition.limits.case),
        };
        let Some(due) = due else { return Err(Refusal::Stale) };
        if self.cx.now < due {
            // An early timer changes nothing but its own row; the event says that the case was looked at.
            let state = self.case.state.clone();
            self.push(Event::Turned {
                state,
                facts: crate::kind::Facts::new(),
            });
            self.job(run, due, Effect::Timer { name: name.to_owned() });
            return Ok(());
        }
        if self.case.phase == Phase::CarryingOut {
            return Err(Refusal::Stale);
        }
        self.close(Outcome::Expired);
        Ok(())
    }

    pub(super) fn withdraw(&mut self) -> Result<(), Refusal> {
        self.stoppable()?;
        if self.case.contest {
            return Err(Refusal::Stale);
        }
        self.close(Outcome::Withdrawn);
        Ok(())
    }

    /// The owner objects. In a disputed case that opens a contest, in which nothing else may proceed.
    pub(super) fn veto(&mut self, channel: u8) -> Result<(), Refusal> {
        self.stoppable()?;
        if usize::from(channel) >= self.sealed.channels.len() {
            return Err(Refusal::NotAllowed);
        }
        if let Some(account) = &self.sealed.account {
            self.guard(Guard::RecordVeto {
                account: self.cx.keys.account_tag(account),
                at: self.case.now,
            });
        }
        if !self.case.disputed {
            self.close(Outcome::Vetoed);
            return Ok(());
        }
        if self.case.contest {
            return Ok(());
        }
        self.close_task();
        self.cancel_all();
        self.push(Event::Contested { channel });
        self.open_task(TaskKind::Contest, "contest", self.case.round, 0);
        self.tell(Notice::Contested);
        Ok(())
    }

    fn stoppable(&self) -> Result<(), Refusal> {
        match (self.case.proven, self.case.remedy) {
            (None, _) => Err(Refusal::Unproven),
            (Some(_), Remedy::NotBegun) => Ok(()),
            (Some(_), _) => Err(Refusal::AlreadyCarriedOut),
        }
    }

    /// The one point of no return (invariant 11). The job goes on under its lease; asked again, it is already true.
    pub(super) fn begin_remedy(&mut self, lease: Lease) -> Result<(), Refusal> {
        if self.case.phase != Phase::CarryingOut || self.case.contest || self.case.task.is_some() {
            return Err(Refusal::Stale);
        }
        if self.case.remedy != Remedy::NotBegun {
            return Ok(());
        }
        let view = self.cx.answers.account.as_ref().ok_or(Refusal::HostUnknown)?;
        let known = self
            .sealed
            .latest
            .as_ref()
            .or(self.sealed.snapshot.as_ref())
            .ok_or(Refusal::HostUnknown)?;
        if known.view.attributes != view.attributes {
            self.decision.finish = Some(lease);
            self.stuck("account_changed");
            return Ok(());
        }
        self.push(Event::RemedyBegun);
        for (account, which) in self.taken_away() {
            self.guard(Guard::SuspendFactors { account, which });
        }
        self.sign_out();
        Ok(())
    }

    /// At the begin of a remedy that ends the account's sessions at the host, and at its end, so that none is left from between.
    fn sign_out(&mut self) {
        let ends = self.definition.remedy.revoke.iter().any(|what| what == "sessions");
        if let Some(account) = self.sealed.account.as_ref().filter(|_| ends) {
            self.guard(Guard::SignOut {
                account: self.cx.keys.account_tag(account),
                at: self.case.now,
            });
        }
    }

    fn remedy_ended(&mut self, result: &JobResult) -> Result<(), Refusal> {
        if self.case.phase != Phase::CarryingOut || self.case.task.is_some() {
            return Err(Refusal::Stale);
        }
        match result {
            JobResult::Done(_) if self.case.remedy == Remedy::Begun => {
                self.remedied()?;
                self.leave_with("done")
            }
            JobResult::Done(_) => Err(Refusal::Stale),
            JobResult::Refused(_) => {
                self.stuck("remedy_refused");
                Ok(())
            }
            JobResult::Dead(_) => {
                self.stuck("remedy_unreachable");
                Ok(())
            }
        }
    }

    /// A remedy in which the host has no part is carried out as soon as it is reached.
    pub(super) fn carried_out_here(&mut self) -> Result<(), Refusal> {
        if self.definition.remedy.asks_host() || self.case.remedy != Remedy::NotBegun {
            return Err(Refusal::Unsound);
        }
        self.push(Event::RemedyBegun);
        self.remedied()
    }

    /// What the remedy takes away goes, what it binds is kept, in this commit.
    fn remedied(&mut self) -> Result<(), Refusal> {
        for (account, which) in self.taken_away() {
            self.guard(Guard::RemoveFactors { account, which });
        }
        self.forget_wrong_tries();
        self.sign_out();
        if let Some(kind) = &self.definition.remedy.add {
            let enrolled = self.sealed.enrolled.take().filter(|enrolled| enrolled.kind == *kind);
            self.keep(enrolled.ok_or(Refusal::Unsound)?)?;
            if let Some(codes) = self.sealed.codes.take() {
                self.keep(codes)?;
            }
        }
        self.push(Event::RemedyDone);
        Ok(())
    }

    /// From here on the factor is the account's. A new set of recovery codes takes the place of the old one.
    fn keep(&mut self, factor: Enrolled) -> Result<(), Refusal> {
        let account = self.sealed.account.as_ref().ok_or(Refusal::Unsound)?;
        let account = self.cx.keys.account_tag(account);
        if factor.kind == "recovery_codes" {
            let which = Which::Kinds(vec![factor.kind.clone()]);
            self.guard(Guard::RemoveFactors { account, which });
        }
        let alone = self.definition.remedy.adds_alone(&factor.kind);
        let id = self.fresh("factor");
        self.guard(Guard::AddFactor {
            account,
            id,
            factor,
            alone,
        });
        Ok(())
    }

    /// Wrong tries at a factor end with it, and are not held against the next one of its kind (OT-04).
    fn forget_wrong_tries(&mut self) {
        let Some(account) = &self.sealed.account else { return };
        let (account, remedy) = (self.cx.keys.account_tag(account), &self.definition.remedy);
        let named = remedy.reset.iter().chain(&remedy.add).chain(&remedy.remove);
        let kinds: BTreeSet<String> = named
            .chain(self.sealed.codes.as_ref().map(|codes| &codes.kind))
            .cloned()
            .collect();
        for kind in &kinds {
            let streak = Streak::of_factor(self.cx.keys, account, kind);
            self.guard(Guard::Tried {
                streak,
                seen: None,
                wrong: 0,
            });
        }
    }

    /// The factors that the remedy takes from the account: whole kinds, and the one that the claimant chose.
    fn taken_away(&self) -> Vec<(Tag, Which)> {
        let Some(account) = &self.sealed.account else {
            return Vec::new();
        };
        let (account, remedy) = (self.cx.keys.account_tag(account), &self.definition.remedy);
        let kinds = (!remedy.reset.is_empty()).then(|| Which::Kinds(remedy.reset.clone()));
        let one = remedy.remove.clone().zip(self.sealed.removing);
        let one = one.map(|(kind, factor)| Which::One { kind, factor });
        kinds.into_iter().chain(one).map(|which| (account, which)).collect()
    }

    pub(super) fn give_up(&mut self, person: crate::ids::PersonId, reason: &str) -> Result<(), Refusal> {
        if reason.trim().is_empty() {
            return Err(Refusal::Field {
                field: "reason".into(),
                code: "needed",
            });
        }
        self.close_task();
        let words = self.operators_words(reason);
        if self.case.phase != Phase::CarryingOut {
            self.push(Event::GivenUp { person, reason: words });
            self.close(Outcome::Rejected);
            return Ok(());
        }
        for (account, which) in self.taken_away() {
            self.guard(Guard::RestoreFactors { account, which });
        }
        self.push(Event::RemedyGivenUp { person, reason: words });
        self.leave_with("given_up")
    }

    /// Seals an operator's sentence; the key by which events name it (IN-10).
    fn operators_words(&mut self, reason: &str) -> String {
        let key = format!("task-{}", self.case.version);
        let words = crate::sealed::Words {
            to_claimant: String::new(),
            note: reason.to_owned(),
        };
        self.sealed.words.insert(key.clone(), words);
        key
    }
}
