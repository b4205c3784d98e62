//! Whole recoveries, from the instructions to the host's lock: by answers and by documents, on both databases, and with a
//! store in which every first commit meets a conflict.

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::time::Span;
use readmit_core::workflow::policy::Profile;

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::Visitor;

/// RF-14, RF-16: four right answers reset the passkey at once; withdrawals are locked for a day, every session is over, and
/// the claimant is not signed in anywhere by it.
async fn by_answers(app: &mut Installation) {
    let owner = app.signed_in_owner("ada@example.com").await;
    let mut ada = Recovery::passkey().with_answers().at(app).await;
    assert!(!ada.page.text().contains("data-accepted"), "PK-06: not before the end");
    app.work().await;
    ada.looks(app).await;
    // PK-07: the browser is told that none of the passkeys is accepted any more.
    assert!(
        ada.page.text().contains("allAcceptedCredentialIds&#34;:[]"),
        "{}",
        ada.page.text()
    );
    let reference = ada.reference(app).await;
    assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
    assert_eq!(app.factors("acc_ada").await, ["phone"]);
    assert!(
        ada.page.words().contains("Back to enter your account"),
        "{}",
        ada.page.words()
    );
    assert!(
        ada.page.links().contains(&"/password-reset".to_owned()),
        "a password that is forgotten too can be changed now: {:?}",
        ada.page.links()
    );
    assert_eq!(
        owner.get(&app.halcyon.url("/account")).await.url.path(),
        "/",
        "the owner's session is over"
    );
    let owner = app.signed_in_owner("ada@example.com").await;
    let account = owner.get(&app.halcyon.url("/account")).await.expect(200);
    assert!(
        account.words().contains("Withdrawals are locked"),
        "{}",
        account.words()
    );
}

/// RF-09, RF-12, IN-10: documents, asked for again, approved by a person; the claimant follows it by page and mail.
async fn by_documents(app: &mut Installation) {
    let mut ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
    let reference = ben.reference(app).await;
    assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);
    let mut rina = app.signed_in("rina", Role::Reviewer).await;
    rina.takes_next(app).await;
    rina.asks_again("The date is cut off.").await;
    app.work().await;
    ben.looks(app).await;
    assert!(
        ben.page.words().contains("The date is cut off."),
        "{}",
        ben.page.words()
    );
    ben.hands_in_documents(app).await;
    rina.takes_next(app).await;
    rina.approves().await;
    app.work().await;
    let case = app.case(&reference).await.case;
    assert_eq!(case.outcome, Some(Outcome::Approved));
    let decided: Vec<String> = case
        .approvals
        .iter()
        .map(|approval| approval.person.to_string())
        .collect();
    assert_eq!(
        decided,
        [rina.person.to_string()],
        "IN-10: who decided stands in the record"
    );
}

#[test]
fn rf_16_answers_reset_a_passkey() {
    Setup::default().run(by_answers);
}

#[test]
fn answers_reset_a_passkey_on_postgresql() {
    Setup::default().on_postgres().run(by_answers);
}

#[test]
fn answers_reset_a_passkey_when_every_first_commit_conflicts() {
    Setup::default().contrary().run(by_answers);
}

#[test]
fn in_10_documents_and_a_person_reset_a_passkey() {
    Setup::default().run(by_documents);
}

#[test]
fn documents_and_a_person_reset_a_passkey_on_postgresql() {
    Setup::default().on_postgres().run(by_documents);
}

#[test]
fn documents_and_a_person_reset_a_passkey_when_every_first_commit_conflicts() {
    Setup::default().contrary().run(by_documents);
}

/// RF-03: a case goes on under the policy that it began under, whatever is published since: the right answers reset at once.
/// A new case runs under the new one, where they inform a reviewer.
#[test]
fn rf_03_a_case_keeps_the_policy_that_it_began_under() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let before = app.case(&reference).await.case.policy;
        readmit::publish_shipped(&app.wired.db, Profile::Strict, app.clock.at())
            .await
            .unwrap();
        app.restart().await;
        ada.answers_rightly(app).await;
        app.work().await;
        let case = app.case(&reference).await.case;
        assert_eq!((case.outcome, case.policy), (Some(Outcome::Approved), before));

        let ben = Recovery::passkey().of("ben@example.com").with_answers().at(app).await;
        assert!(
            ben.page.offers("submit"),
            "documents are asked for: {}",
            ben.page.words()
        );
        let reference = ben.reference(app).await;
        assert_ne!(app.case(&reference).await.case.policy, before);
    });
}

/// RF-19: an account has one open case; who proves it a second time is shown the one that is open.
#[test]
fn rf_19_a_second_prover_is_shown_the_open_case() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let again = Recovery::passkey().proven().at(app).await;
        assert!(again.page.words().contains(&reference), "{}", again.page.words());
        assert_eq!(again.reference(app).await, reference);
    });
}

/// RF-08: a stranger who starts a hundred recoveries changes nothing: no lock, no notice beyond code mails, and the owner
/// signs in, and recovers after a human check. RL-05: the mailbox is not flooded.
#[test]
fn rf_08_a_hundred_starts_by_strangers_change_nothing() {
    Setup::default().run(async |app| {
        // Locks, paused sign-ins, resets, trusted devices; notices and remedies of all accounts.
        let host = |app: &Installation| {
            let books = app.halcyon.books();
            ["accounts", "notices", "remedies"].map(|part| books[part].clone())
        };
        let before = host(app);
        for place in 0..100u8 {
            let somewhere = Visitor::at(std::net::Ipv4Addr::new(127, 7, place / 20, 1));
            let mut stranger = Claimant::begin(app, "/passkey-reset", "ada@example.com", somewhere).await;
            let form = stranger.page.press("forgotten").fill("email", "ada@example.com");
            stranger.page = stranger.visitor.submit(form).await;
            app.work().await;
        }
        let mails = app.messages("ada@example.com").await;
        assert!(mails.len() <= 25, "RL-05: {} mails", mails.len());
        assert_eq!(host(app), before, "the host was told something");
        app.signed_in_owner("ada@example.com").await;
        assert_eq!(app.factors("acc_ada").await.len(), 2);
        app.pass(Span::hours(1)).await;
        let mut ada = Recovery::passkey().with_password().at(app).await;
        let form = ada.page.press("insist").with("work", &ada.page.work());
        ada.page = ada.visitor.submit(form).await.expect(200);
        ada.types_code(app).await;
        ada.answers_rightly(app).await;
        app.work().await;
        let reference = ada.reference(app).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
    });
}
