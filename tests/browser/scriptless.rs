//! (e) Without scripts, on a small screen: a whole recovery by answers, and a veto from a mail.

use readmit_core::case::Outcome;

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::Setup;
use crate::support::webdriver::Driver;

#[test]
fn nothing_a_claimant_needs_takes_a_script() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let ada = Browser::open_without_scripts(&driver).await;
        person::start(&ada, app).await;
        person::sign_in(&ada, app, "ada@example.com").await;
        ada.press("Show the questions").await;
        let reference = app.reference("ada@example.com").await;
        person::answer(&ada, app, &reference, true).await;
        ada.see("The reset is being carried out").await;
        app.work().await;
        ada.go(&app.recover("/case")).await;
        ada.see("Your reset is done").await;

        let ben = Browser::open_without_scripts(&driver).await;
        person::start(&ben, app).await;
        person::forget(&ben, app, "ben@example.com").await;
        person::hand_in(&ben, app, &["account_email", "counterparty_transaction"]).await;
        let reference = app.reference("ben@example.com").await;
        let owner = Browser::open_without_scripts(&driver).await;
        owner.go(&app.stop_link("ben@example.com").await).await;
        owner.tick("I did not ask for this, or I want it stopped").await;
        owner.press("Stop the request").await;
        owner.see("The request is stopped").await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Vetoed));
        app.work().await;
    });
}
