//! The first possession proof: it makes an unproven case a case, and pins it to the account as it is now (invariant 6).

use std::collections::BTreeMap;

use super::advance::CASE_DEADLINE;
use super::draft::Draft;
use crate::answers::AccountView;
use crate::case::{Class, Outcome};
use crate::cx::Keys;
use crate::effect::{Effect, Notice};
use crate::event::Event;
use crate::guard::Guard;
use crate::ids::{CaseRef, Digest};
use crate::kind::FactValue;
use crate::refusal::Refusal;
use crate::sealed::{Channel, Snapshot};
use crate::time::Span;

/// How long a veto makes further cases of the account disputed.
const DISPUTED_FOR: Span = Span::days(30);

/// The signal on the open case when its account was proven once more (RF-19).
const SECOND_START: &str = "second_start";

impl Draft<'_> {
    /// Gives the case its reference, snapshot and channels. `false` when the account has an open case already: then
    /// this one ends, linked to it, and the prover is shown the open one (RF-19).
    pub(super) fn prove(&mut self) -> Result<bool, Refusal> {
        let account = self.sealed.account.clone().ok_or(Refusal::HostUnknown)?;
        if let (Class::Recovery, Some(open)) = (self.case.class, self.cx.standing.account().open_case) {
            self.cancel_all();
            self.push(Event::Closed {
                outcome: Outcome::HandedOver,
                linked: Some(open),
                next: None,
            });
            let signal = SECOND_START.to_owned();
            self.job(0, self.case.now, Effect::Signal { case: open, signal });
            return Ok(false);
        }
        let tag = self.cx.keys.account_tag(&account);
        let view = self.cx.answers.account.clone().ok_or(Refusal::HostUnknown)?;
        let now = self.case.now;
        let disputed = self
            .cx
            .standing
            .account()
            .last_veto
            .is_some_and(|veto| now - veto < DISPUTED_FOR);
        self.sealed.channels = self.channels(&view.email);
        let snapshot = Snapshot {
            at: now,
            derived: self.derived(disputed),
            view,
        };
        let digest = digest(&snapshot, self.cx.keys);
        self.sealed.snapshot = Some(snapshot);
        let held = std::mem::take(&mut self.sealed.held);
        let reference = CaseRef::from_bits(self.cx.entropy.bits("reference", 0));
        self.push(Event::Proven {
            reference,
            facts: held,
            snapshot: digest,
            disputed,
        });
        if self.case.class == Class::Recovery {
            self.guard(Guard::OneOpenCase { account: tag });
        }
        self.decision.account = Some(tag);
        self.arm_case_deadline();
        if self.case.class != Class::StepUp {
            self.tell(Notice::Started);
        }
        Ok(true)
    }

    /// The case's own patience counts from its first proof.
    pub(super) fn arm_case_deadline(&mut self) {
        if let Some(proven) = self.case.proven {
            self.job(
                0,
                proven.at + self.definition.limits.case,
                Effect::Timer {
                    name: CASE_DEADLINE.into(),
                },
            );
        }
    }

    /// Every stored way to reach the owner: the directory's address, numbers bound here if there is a gateway, the host's
    /// own pages.
    fn channels(&self, email: &str) -> Vec<Channel> {
        let phones = self
            .cx
            .standing
            .account()
            .factors
            .iter()
            .filter(|f| self.cx.phones && f.kind == "phone");
        std::iter::once(Channel::Email {
            address: email.to_owned(),
        })
        .chain(phones.map(|f| Channel::Phone { number: f.name.clone() }))
        .chain(std::iter::once(Channel::Banner))
        .collect()
    }

    /// Attributes that the engine knows better than the directory.
    fn derived(&self, disputed: bool) -> BTreeMap<String, FactValue> {
        let remedy = &self.definition.remedy;
        let factors = &self.cx.standing.account().factors;
        let other_factor = factors
            .iter()
            .any(|f| f.kind != "recovery_codes" && !remedy.spoils(&f.kind));
        let settled = !self.cx.answers.account.as_ref().is_some_and(AccountView::sim_changed);
        let independent =
            self.cx.phones && settled && factors.iter().any(|f| f.kind == "phone" && !remedy.spoils(&f.kind));
        let mut derived: BTreeMap<String, FactValue> = self
            .definition
            .steps
            .iter()
            .filter_map(|step| self.kinds.get(&step.kind))
            .flat_map(|kind| kind.attributes(self.cx.answers, self.case.now))
            .collect();
        for (name, value) in [
            ("disputed", disputed),
            ("other_factor", other_factor),
            ("independent_channel", independent),
        ] {
            derived.insert(name.to_owned(), FactValue::Bool(value));
        }
        derived
    }

    /// Takes a fresh reading of the account into the sealed state; what it fills in where the first had no known value
    /// counts, what it changes is the latest reading only.
    pub(super) fn recheck(&mut self, view: &crate::answers::AccountView) {
        let Some(pinned) = &mut self.sealed.snapshot else {
            return;
        };
        for (name, value) in &view.attributes {
            pinned
                .view
                .attributes
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
        let latest = Snapshot {
            at: self.case.now,
            view: view.clone(),
            derived: pinned.derived.clone(),
        };
        let changed = latest.view.attributes != pinned.view.attributes;
        let digest = digest(&latest, self.cx.keys);
        self.sealed.latest = Some(latest);
        self.push(Event::Rechecked {
            snapshot: digest,
            changed,
        });
    }
}

/// What the record keeps of a snapshot: an HMAC under the case's key, since its content can be guessed (invariant 4).
fn digest(snapshot: &Snapshot, keys: &Keys) -> Digest {
    Digest(
        keys.case_tag("snapshot", &[&serde_json::to_vec(snapshot).unwrap_or_default()])
            .0,
    )
}
