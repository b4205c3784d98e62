//! (d) Two approvers in two browsers, the second on a stale page.

use readmit_core::case::Outcome;
use readmit_core::command::Role;
use readmit_core::time::Span;

use super::person;
use crate::support::browser::Browser;
use crate::support::claimant::Recovery;
use crate::support::installation::{Installation, Setup};
use crate::support::webdriver::Driver;

#[test]
fn in_01_two_approvers_and_a_stale_page() {
    Setup::default().run(two_approvers);
}

#[test]
fn in_01_two_approvers_and_a_stale_page_on_postgresql() {
    Setup::default().on_postgres().run(two_approvers);
}

async fn two_approvers(app: &mut Installation) {
    let dev = Recovery::passkey().of("dev@example.org").with_documents().at(app).await;
    let reference = dev.reference(app).await;
    let driver = Driver::start();
    let (rina, tomas) = (Browser::open(&driver).await, Browser::open(&driver).await);
    person::staff(&rina, app, "rina", Role::Reviewer).await;
    person::staff(&tomas, app, "tomas", Role::Reviewer).await;
    // Tomas has the page open until his claim is over and Rina has decided.
    tomas.press("Next case").await;
    tomas.see("Checklist").await;
    app.pass(Span::minutes(11)).await;
    person::approve(&rina).await;
    rina.see("Next case").await;
    person::decide_approval(&tomas).await;
    tomas.see("What you had written").await;
    assert_eq!(app.case(&reference).await.case.approvals.len(), 1);
    tomas.press("Back to the queues").await;
    person::approve(&tomas).await;
    tomas.see("Next case").await;
    app.pass(Span::hours(24)).await;
    let case = app.case(&reference).await.case;
    assert_eq!(case.outcome, Some(Outcome::Approved));
    assert_eq!(case.approvals.len(), 2);
}
