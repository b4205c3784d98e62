//! What the owner is told, in whose words, and what a link goes on to stop.

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::event::Event;
use readmit_core::time::Span;

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::Setup;
use crate::support::visitor::Visitor;

/// RF-11: a contest that a senior dismissed does not use the owner's link up: pressed again, it stops the case again.
#[test]
fn rf_11_the_same_link_stops_a_case_again_after_a_dismissed_contest() {
    Setup::default().run(async |app| {
        let first = Recovery::passkey().proven().at(app).await;
        let link = app.stop_link(&first.email).await;
        app.object(&link).await;
        let second = Recovery::passkey().with_documents().at(app).await;
        let reference = second.reference(app).await;
        let link = app.stop_link(&second.email).await;
        app.object(&link).await;
        assert!(app.case(&reference).await.case.contest);

        let mut signe = app.signed_in("signe", Role::Senior).await;
        signe.takes_next(app).await;
        signe
            .decides("dismiss", &[("note", "We called back on the number on file.")])
            .await;
        app.work().await;
        assert!(!app.case(&reference).await.case.contest, "{}", signe.page.words());
        app.object(&link).await;
        assert!(
            app.case(&reference).await.case.contest,
            "the link is the owner's until the remedy begins"
        );
        app.work().await;
    });
}

/// RF-19: whoever proves an account that has an open case is shown that case, and its reviewers are told.
#[test]
fn rf_19_a_second_start_is_a_signal_on_the_open_case() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let mut again = Claimant::begin(app, "/passkey-reset", &ada.email, Visitor::new()).await;
        again.signs_in(app).await;
        again.types_code(app).await;
        assert!(again.page.words().contains(&reference), "{}", again.page.words());
        app.work().await;
        let case = app.case(&reference).await.case;
        assert_eq!(case.outcome, None);
        let timeline = app.wired.db.timeline(case.id).await.unwrap();
        let told = timeline.iter().flat_map(|(_, entry)| &entry.events);
        let told = told.filter(|event| matches!(event, Event::Signalled { signal } if signal == "second_start"));
        assert_eq!(told.count(), 1);
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        assert!(rina.page.words().contains("second start"), "{}", rina.page.words());
    });
}

/// RF-09: the language of the pages is the visitor's choice; what the owner is told comes in the owner's own.
#[test]
fn rf_09_the_owner_is_told_in_their_own_language() {
    Setup::default().run(async |app| {
        let visitor = Visitor::new();
        let start = visitor.get(&app.recover("/passkey-reset?lang=zh")).await.expect(200);
        assert!(start.text().contains("lang=\"zh\""), "{}", start.words());
        let ada = "ada@example.com";
        let mut stranger = Claimant::begin(app, "/passkey-reset?lang=zh", ada, visitor).await;
        stranger.signs_in(app).await;
        stranger.types_code(app).await;
        let told = app.messages(ada).await.pop().unwrap();
        assert!(told.text.contains("I did not ask for this"), "{}", told.text);
    });
}

/// RF-10: a number is no independent channel where no gateway reaches phones; the hardened profile then waits three days.
#[test]
fn rf_10_without_a_gateway_a_phone_is_no_channel() {
    Setup::default().strict().without_phones().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.approves().await;
        app.pass(Span::hours(24)).await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
        app.pass(Span::hours(48)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
    });
}
