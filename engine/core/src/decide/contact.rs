//! Support's part in a case, and what both sides write in it. Nothing that staff do here touches a step, a proof, a task or a
//! wait (IN-11); what the claimant writes after an approval voids it.

use super::draft::Draft;
use crate::case::{Class, Outcome, Phase, Remedy, TaskKind, WaitsFor};
use crate::command::{Actor, Role};
use crate::conversation::{self, Enclosure, INVITED_FOR, Invite, LONGEST, LONGEST_NOTE, Letter, MOST_FILES, NOTE};
use crate::effect::{Effect, Notice};
use crate::event::Event;
use crate::guard::Guard;
use crate::ids::{Digest, EvidenceId, PersonId};
use crate::inspection::Inspected;
use crate::kind::{JobResult, StoredFile};
use crate::refusal::Refusal;
use crate::sealed::Words;

impl Draft<'_> {
    /// Opens an unproven case, as its claimant would, at its first step: the invitation skips nothing. A known and an
    /// unknown address are the same rows (RL-01).
    pub(super) fn invite(
        &mut self,
        (workflow, policy): (Digest, Digest),
        language: &str,
        person: PersonId,
        invite: &Invite,
    ) -> Result<(), Refusal> {
        if self.definition.class != Class::Recovery {
            return Err(Refusal::NotAllowed);
        }
        let note = noted(&invite.note)?;
        let found = self.cx.answers.sign_in.as_ref().ok_or(Refusal::HostUnknown)?;
        self.open(workflow, policy, language, None)?;
        (self.sealed.address, self.sealed.account) = (Some(invite.address.clone()), found.account.clone());
        self.sealed.words.insert(NOTE.into(), note);
        let contact = invite.contact;
        self.push(Event::Invited { person, contact });
        self.push(Event::Signalled {
            signal: contact.signal().into(),
        });
        self.job(0, self.case.now, Effect::SendInvitation);
        Ok(())
    }

    /// Uses the link up. Whoever follows it stands where everybody begins.
    pub(super) fn follow(&mut self) -> Result<(), Refusal> {
        let fresh = self.case.invitation.is_some_and(|invitation| !invitation.followed);
        if !fresh || self.case.proven.is_some() || self.cx.now >= self.case.opened + INVITED_FOR {
            return Err(Refusal::Stale);
        }
        self.push(Event::InvitationFollowed);
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        by: Actor,
        text: &str,
        template: Option<&str>,
        files: &[StoredFile],
    ) -> Result<(), Refusal> {
        let notice = self.may_write(by)?;
        let text = text.trim();
        let refused = |code| Refusal::Field {
            field: "text".into(),
            code,
        };
        if text.is_empty() && files.is_empty() {
            return Err(refused("message_needed"));
        }
        if text.chars().count() > LONGEST {
            return Err(refused("message_long"));
        }
        if files.len() > MOST_FILES {
            return Err(refused("message_files"));
        }
        let staff = matches!(by, Actor::Staff { .. });
        let bucket = conversation::bucket(self.cx.keys, self.case.id, staff);
        if self.cx.standing.left(&bucket) == 0 {
            let until = bucket.window_start(self.cx.now) + bucket.window;
            return Err(Refusal::TooMany { until });
        }
        self.guard(Guard::Spend(bucket));
        let letter = Letter {
            at: self.case.now,
            by: by.into(),
            text: text.to_owned(),
            files: files.iter().map(|file| self.enclosed(file)).collect(),
        };
        self.push(Event::Wrote {
            by: by.into(),
            letter: letter.commitment(self.cx.keys),
            files: u32::try_from(files.len()).unwrap_or(u32::MAX),
            template: template.map(str::to_owned),
        });
        for file in &letter.files {
            self.job(0, self.case.now, Effect::Inspect { evidence: file.id });
        }
        self.sealed.letters.push(letter);
        if !staff {
            self.void_approvals();
        }
        self.tell_by_mail(notice);
        Ok(())
    }

    /// Nobody has approved what the claimant wrote since: the approvals are given anew, in a round in which everybody may give
    /// one, and which waits since the first.
    fn void_approvals(&mut self) {
        let task = self.case.task.clone().filter(|task| task.kind == TaskKind::Review);
        let Some(task) = task.filter(|task| self.case.approvals.iter().any(|given| given.round == task.round)) else {
            return;
        };
        self.close_task();
        self.open_task_of(
            task.opened,
            TaskKind::Review,
            &task.queue,
            task.round + 1,
            task.approvals,
        );
    }

    /// The claimant of a case, support, and reviewers: of these, one who gets cases by turn only in the one they hold (IN-02).
    fn may_write(&self, by: Actor) -> Result<Notice, Refusal> {
        if self.case.proven.is_none() {
            return Err(Refusal::Unproven);
        }
        if self.case.class == Class::StepUp {
            return Err(Refusal::NotAllowed);
        }
        let holds = |person| {
            let claim = self.case.task.as_ref().and_then(|task| task.claim);
            claim.is_some_and(|claim| claim.person == person)
        };
        match by {
            Actor::Claimant { .. } => Ok(Notice::Wrote),
            Actor::Staff { role, person } => match role {
                Role::Support | Role::Senior | Role::Lead => Ok(Notice::Answered),
                Role::Reviewer if holds(person) => Ok(Notice::Answered),
                Role::Reviewer | Role::Compliance | Role::Operator => Err(Refusal::NotAllowed),
            },
            Actor::Owner { .. } | Actor::Engine => Err(Refusal::NotAllowed),
        }
    }

    /// Whether a file came with a message.
    pub(super) fn encloses(&self, file: EvidenceId) -> bool {
        self.sealed.enclosure(file).is_some()
    }

    /// A file was opened: people may see the copies that were made of it, or there is nothing to see (EV-05).
    pub(super) fn enclosure_seen(&mut self, file: EvidenceId, result: &JobResult) {
        let inspected = match result {
            JobResult::Done(inspected) => serde_json::from_value::<Inspected>(inspected.clone()).ok(),
            JobResult::Refused(_) | JobResult::Dead(_) => None,
        };
        let shown = inspected.and_then(|inspected| inspected.shown);
        self.sealed.enclosures.insert(file, shown);
    }

    fn enclosed(&mut self, file: &StoredFile) -> Enclosure {
        Enclosure {
            id: EvidenceId(self.fresh("enclosure")),
            blob: file.blob,
            bytes: file.bytes,
            media: file.media,
            sha256: file.sha256,
            name: file.name.clone(),
        }
    }

    /// Ends what support began, while it waits for the claimant alone: a case that people decide, or that cools down, is
    /// out of support's hands.
    pub(super) fn close_for_support(&mut self, person: PersonId, reason: &str, note: &str) -> Result<(), Refusal> {
        if self.case.proven.is_none() {
            return Err(Refusal::Unproven);
        }
        let waits = self.case.phase == Phase::Open && self.case.waits == WaitsFor::Claimant && self.case.task.is_none();
        let began = self.case.invitation.is_some();
        if !began || !waits || self.case.contest || self.case.remedy != Remedy::NotBegun {
            return Err(Refusal::NotAllowed);
        }
        if reason.trim().is_empty() {
            return Err(Refusal::Field {
                field: "reason".into(),
                code: "choose_reason",
            });
        }
        let key = format!("closed-{}", self.case.version);
        self.sealed.words.insert(key.clone(), noted(note)?);
        self.push(Event::ClosedBySupport {
            person,
            reason: reason.to_owned(),
            note: key,
        });
        self.close_for(Outcome::Withdrawn, None, Notice::ClosedBySupport);
        Ok(())
    }
}

/// A note of a member of staff.
fn noted(note: &str) -> Result<Words, Refusal> {
    if note.chars().count() > LONGEST_NOTE {
        return Err(Refusal::Field {
            field: "note".into(),
            code: "note_long",
        });
    }
    Ok(Words {
        to_claimant: String::new(),
        note: note.trim().to_owned(),
    })
}
