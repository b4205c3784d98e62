//! Staff under test: signed in by a session that the store hands out, so that the passkey ceremony is tested where it is
//! the subject and stays out of everything else.

use readmit_core::command::Role;
use readmit_core::ids::PersonId;
use readmit_core::ports::Surroundings as _;
use readmit_storage::{Db, Face, NewSession, Person};

use super::clock::Clock;
use super::installation::Installation;
use super::visitor::{Page, Visitor};

/// A member of staff at work.
pub(crate) struct Reviewer {
    pub(crate) visitor: Visitor,
    pub(crate) person: PersonId,
    pub(crate) page: Page,
}

impl Installation {
    /// Adds a person of a role and signs them in.
    pub(crate) async fn signed_in(&self, name: &str, role: Role) -> Reviewer {
        let (visitor, person) = session(&self.wired.db, &self.clock, name, role).await;
        let page = visitor.get(&self.staff("/")).await;
        Reviewer { visitor, person, page }
    }
}

/// Adds a person of a role, and opens a session for them.
pub(crate) async fn session(db: &Db, clock: &Clock, name: &str, role: Role) -> (Visitor, PersonId) {
    let now = clock.at();
    let id = PersonId(clock.entropy().uuid(now, "person", 0));
    let person = Person {
        id,
        name: name.into(),
        display: name.into(),
        roles: vec![role],
        active: true,
    };
    db.person_add(&person, now).await.unwrap();
    let session = NewSession {
        face: Face::Staff,
        case: None,
        person: Some(id),
        data: serde_json::Value::Null,
    };
    let token = db.session_create(session, now).await.unwrap();
    let visitor = Visitor::new();
    visitor.hold_cookie("staff.readmit.localhost", "__Host-staff", &token);
    (visitor, id)
}

impl Reviewer {
    /// Presses "Next case".
    pub(crate) async fn takes_next(&mut self, app: &Installation) {
        let queues = self.visitor.get(&app.staff("/")).await.expect(200);
        self.page = self.visitor.submit(queues.form_to("/next")).await.expect(200);
    }

    /// Approves what the page shows, with every check ticked.
    pub(crate) async fn approves(&mut self) {
        self.decides("approve", &[]).await;
    }

    pub(crate) async fn rejects(&mut self) {
        let reason = self.offered("reject_reason");
        self.decides("reject", &[("reject_reason", &reason)]).await;
    }

    /// Rejects it by "Send and next".
    pub(crate) async fn rejects_and_goes_on(&mut self) {
        let reason = self.offered("reject_reason");
        self.sends("next", "reject", &[("reject_reason", &reason)]).await;
    }

    /// Asks for the first slot again.
    pub(crate) async fn asks_again(&mut self, words: &str) {
        let slot = &self.offered("slot");
        let reason = self.offered("ask_reason");
        self.decides("ask", &[("slot", slot), ("ask_reason", &reason), ("words", words)])
            .await;
    }

    /// The first value that the page offers for a field.
    fn offered(&self, name: &str) -> String {
        let offered = self.page.forms().into_iter().flat_map(|form| form.offered);
        offered
            .into_iter()
            .find(|(there, _)| there == name)
            .unwrap_or_else(|| panic!("no {name}"))
            .1
    }

    pub(crate) async fn decides(&mut self, verdict: &str, more: &[(&str, &str)]) {
        self.sends("send", verdict, more).await;
    }

    async fn sends(&mut self, button: &str, verdict: &str, more: &[(&str, &str)]) {
        let mut form = self.page.press(button);
        for (name, value) in self.page.forms().into_iter().flat_map(|form| form.offered) {
            if name == "check" && verdict == "approve" {
                form = form.also(&name, &value);
            }
        }
        form = form.with("verdict", verdict);
        for (name, value) in more {
            form = form.with(name, value);
        }
        self.page = self.visitor.submit(form).await;
    }
}
