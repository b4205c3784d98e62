//! The case's story in the claimant's words, oldest first. It names no answer, no reviewer and no rule (RF-18).

use readmit_core::case::{Outcome, Phase, Remedy, TaskKind};
use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::review::Verdict;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Step;

use crate::face::ClaimantView;
use crate::words::{Say, When};

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// `done`, `now`, `fail`, or nothing for what is still to come: the line's class.
    pub look: &'static str,
    pub text: String,
    pub when: Option<When>,
}

/// The story so far, and what comes next.
#[must_use]
pub fn timeline(view: &ClaimantView<'_>, entries: &[Entry]) -> Vec<Moment> {
    let say = view.say();
    let mut story = Story {
        view,
        say,
        step: "",
        entered: view.case.opened,
        moments: Vec::new(),
    };
    for entry in entries {
        for event in &entry.events {
            story.tell(event, entry.at);
        }
    }
    story.comes_next();
    story.moments
}

struct Story<'a> {
    view: &'a ClaimantView<'a>,
    say: Say<'a>,
    /// The step that the events are in, and since when.
    step: &'a str,
    entered: At,
    moments: Vec<Moment>,
}

impl<'a> Story<'a> {
    fn tell(&mut self, event: &Event, at: At) {
        match event {
            Event::Entered { step, .. } => {
                let step = self.view.definition.step(step);
                (self.step, self.entered) = (step.map_or("", |step| step.name.as_str()), at);
            }
            Event::Opened { .. } => self.add("done", "opened", at),
            Event::Proven { .. } => self.add("done", "proven", at),
            Event::Left { outcome, .. } => self.left(outcome, at),
            Event::Decided { decided, .. } if decided.verdict == Verdict::Ask => self.add("done", "asked", at),
            Event::Contested { .. } => self.add("fail", "contested", at),
            Event::ContestDismissed { .. } => self.add("done", "contest-dismissed", at),
            Event::RemedyDone => {
                let remedy = &self.view.definition.remedy;
                let key = match remedy.lock_withdrawals {
                    None => "remedy-added",
                    Some(_) if remedy.reset.is_empty() || remedy.add.is_some() => "remedy-changed",
                    Some(_) => "remedy-done",
                };
                self.add("done", key, at);
            }
            Event::Closed { outcome, .. } => self.closed(*outcome, at),
            _ => {}
        }
    }

    fn left(&mut self, outcome: &str, at: At) {
        let step = self.view.definition.step(self.step);
        let kind = step.map_or("", |step| step.kind.as_str());
        match (kind, outcome) {
            ("factor" | "passkey" | "totp" | "recovery_code", "passed") => self.add("done", "verified", at),
            ("code", "passed") if step.is_some_and(is_of_new_number) => self.add("done", "new-phone", at),
            ("enrol_totp", "enrolled") => self.add("done", "new-totp", at),
            ("enrol_passkey", "enrolled") => self.add("done", "new-passkey", at),
            ("enrol_codes", "enrolled") => self.add("done", "new-codes", at),
            ("questions", "passed") => self.add("done", "answered", at),
            ("documents", "submitted") => self.add("done", "pictures", at),
            ("review", "approved") => self.add("done", "approved", at),
            // A wait of no length is not worth a line.
            ("wait", "elapsed") if at - self.entered > Span::ZERO => self.add("done", "waited", at),
            _ => {}
        }
    }

    fn closed(&mut self, outcome: Outcome, at: At) {
        match outcome {
            Outcome::Approved => {}
            Outcome::Vetoed => self.add("fail", "vetoed", at),
            // Neither done nor stopped: it is over, and no verdict is spoken by a colour.
            Outcome::Rejected | Outcome::Withdrawn | Outcome::Expired | Outcome::HandedOver => {
                self.add("", outcome.code(), at);
            }
        }
    }

    fn comes_next(&mut self) {
        let case = self.view.case;
        if case.outcome.is_some() {
            return;
        }
        let operator = case.task.as_ref().is_some_and(|task| task.kind == TaskKind::Operator);
        match case.phase {
            _ if operator || case.contest => self.add_open("now", "with-person"),
            Phase::Open => self.add_open("now", "with-you"),
            Phase::InReview => {
                self.add_open("now", "with-person");
                self.add_open("", "then-done");
            }
            Phase::CoolingDown => {
                self.add_open("now", "waiting");
                self.add_open("", "then-done");
            }
            Phase::CarryingOut if case.remedy == Remedy::Done => {}
            Phase::CarryingOut => self.add_open("now", "carrying-out"),
        }
    }

    fn add(&mut self, look: &'static str, key: &str, at: At) {
        let text = self.say.get(&format!("happened-{key}"));
        let when = Some(self.say.when(at));
        self.moments.push(Moment { look, text, when });
    }

    /// What is still open, and comes of the reset.
    fn add_open(&mut self, look: &'static str, key: &str) {
        let text = super::in_words_of_reset(self.view, &format!("happened-{key}"));
        self.moments.push(Moment { look, text, when: None });
    }
}

/// Whether the code of the step goes to the number that is being added.
fn is_of_new_number(step: &Step) -> bool {
    step.config.get("channel").and_then(|channel| channel.as_str()) == Some("new_phone")
}
