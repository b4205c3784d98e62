//! (c) A high-value account: its owner stops the case from the host's banner, during the cool-down.

use readmit_core::case::Outcome;
use readmit_core::command::Role;

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::Setup;
use crate::support::webdriver::Driver;

#[test]
fn rf_11_the_owner_stops_it_from_the_banner() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let owner = Browser::open(&driver).await;
        owner.go(&app.halcyon.url("/")).await;
        owner.fill("E-mail address", "dev@example.org").await;
        owner
            .fill("Password", &readmit_demo_host::password_of("dev@example.org"))
            .await;
        owner.press("By password alone (demo only)").await;
        owner.see("Dev Raman").await;

        let thief = Browser::open(&driver).await;
        person::start(&thief, app).await;
        person::forget(&thief, app, "dev@example.org").await;
        person::hand_in(&thief, app, &["account_email", "counterparty_transaction"]).await;
        let reference = app.reference("dev@example.org").await;
        for name in ["rina", "tomas"] {
            let mut reviewer = app.signed_in(name, Role::Reviewer).await;
            reviewer.takes_next(app).await;
            reviewer.approves().await;
        }
        app.work().await;

        owner.go(&app.halcyon.url("/account")).await;
        owner.press_link_to("/stop/").await;
        owner.see("Stop this request?").await;
        owner.tick("I did not ask for this, or I want it stopped").await;
        owner.press("Stop the request").await;
        owner.see("The request is stopped").await;
        owner.assert_quiet_console().await;
        thief.go(&app.recover("/case")).await;
        thief.see("The request was stopped").await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Vetoed));
        app.work().await;
    });
}
