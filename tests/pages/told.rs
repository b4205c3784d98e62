//! RF-09: what of a request is told, and by which of the owner's channels. Read where it arrives: mailbox, phone, account.

use std::collections::BTreeSet;

use readmit_core::command::Role;
use readmit_core::time::Span;

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::Visitor;

/// An account's owner, and how much has reached them so far.
struct Owner {
    account: &'static str,
    email: &'static str,
    number: &'static str,
    mails: usize,
    texts: usize,
}

impl Owner {
    fn of(account: &'static str) -> Self {
        let resident = readmit_demo_host::roster().iter().find(|one| one.id == account);
        let resident = resident.expect("no such account");
        Self {
            account,
            email: resident.email,
            number: resident.phone.expect("an owner with a phone"),
            mails: 0,
            texts: 0,
        }
    }

    /// Every stored channel has heard of this since the last time, in words that name the case, with the link that stops it
    /// while it can be stopped, and with whom to contact.
    async fn hears(&mut self, app: &Installation, reference: &str, what: &str, stoppable: bool) {
        let contact = app.halcyon.url("/");
        let mails = app.messages(self.email).await;
        let texts = app.messages(self.number).await;
        for (by, new) in [("mail", &mails[self.mails..]), ("text message", &texts[self.texts..])] {
            let of_case: Vec<&str> = new.iter().map(|message| message.text.as_str()).collect();
            let of_case: Vec<&&str> = of_case.iter().filter(|text| text.contains(reference)).collect();
            assert!(!of_case.is_empty(), "{what}: no {by} of {reference}: {new:#?}");
            for text in of_case {
                assert_eq!(text.contains("/stop/"), stoppable, "{what}, by {by}: {text}");
                let leads_on = text.contains(&contact) || by == "text message" && stoppable;
                assert!(leads_on, "{what}, by {by}, names no contact: {text}");
            }
        }
        (self.mails, self.texts) = (mails.len(), texts.len());

        let books = app.halcyon.books();
        let banners = books["notices"][self.account].as_object().expect("no banner");
        let banner = banners.values().find(|banner| banner["kind"] == what);
        let banner = banner.unwrap_or_else(|| panic!("no banner of {what}: {banners:#?}"));
        assert_eq!(banner["stop_url"].is_string(), stoppable, "{what}: {banner}");

        // The record says the same: by each of the three.
        let case = app.case(reference).await.case.id;
        let rows = app.wired.db.audit_page(None, 1_000).await.unwrap();
        let sent = rows.iter().map(|line| &line.row);
        let sent =
            sent.filter(|row| row.what == "notice_sent" && row.case == Some(case) && row.detail["notice"] == what);
        let by: BTreeSet<&str> = sent.filter_map(|row| row.detail["by"].as_str()).collect();
        assert_eq!(by, BTreeSet::from(["banner", "email", "phone"]), "{what}");
    }

    /// What was sent up to now was not about a case: codes.
    async fn has_read(&mut self, app: &Installation) {
        self.mails = app.messages(self.email).await.len();
        self.texts = app.messages(self.number).await.len();
    }
}

/// RF-09: the start, what is handed in, what is asked for again, the decision and the effect reach all three.
#[test]
fn rf_09_every_channel_hears_of_every_step() {
    Setup::default().strict().run(async |app| {
        let mut owner = Owner::of("acc_ada");
        let mut ada = Claimant::begin(app, "/passkey-reset", owner.email, Visitor::new()).await;
        ada.forgets_password().await;
        ada.types_code(app).await;
        let reference = ada.reference(app).await;
        owner.hears(app, &reference, "started", true).await;
        ada.hands_in_documents(app).await;
        owner.hears(app, &reference, "submitted", true).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.asks_again("The date is cut off.").await;
        owner.hears(app, &reference, "asked_again", true).await;
        ada.looks(app).await;
        ada.hands_in_documents(app).await;
        owner.hears(app, &reference, "submitted", true).await;
        rina.takes_next(app).await;
        rina.approves().await;
        owner.hears(app, &reference, "approved", true).await;
        app.pass(Span::hours(24)).await;
        owner.hears(app, &reference, "done", false).await;
    });
}

/// RF-09: so does every other end: taken back, stopped, run out, not approved.
#[test]
fn rf_09_every_channel_hears_of_every_end() {
    Setup::default().run(async |app| {
        for (account, what) in [
            ("acc_ada", "withdrawn"),
            ("acc_ben", "vetoed"),
            ("acc_abel", "expired"),
            ("acc_erik", "rejected"),
        ] {
            let mut owner = Owner::of(account);
            let claimant = Recovery::passkey().of(owner.email).with_documents().at(app).await;
            let reference = claimant.reference(app).await;
            owner.has_read(app).await;
            match what {
                "withdrawn" => {
                    let ask = claimant.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
                    claimant.visitor.submit(ask.form_to("/case/withdraw")).await.expect(200);
                }
                "vetoed" => {
                    let link = app.stop_link(owner.email).await;
                    app.object(&link).await.expect(200);
                }
                "rejected" => {
                    let mut rina = app.signed_in(&format!("rina-{account}"), Role::Reviewer).await;
                    rina.takes_next(app).await;
                    rina.rejects().await;
                }
                _ => {
                    let mut rina = app.signed_in(&format!("rina-{account}"), Role::Reviewer).await;
                    rina.takes_next(app).await;
                    rina.asks_again("The date is cut off.").await;
                    app.work().await;
                    owner.has_read(app).await;
                    app.pass(Span::days(15)).await;
                }
            }
            owner.hears(app, &reference, what, false).await;
        }
    });
}
