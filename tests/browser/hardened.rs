//! (b) The hardened profile: three failed attempts, documents, asked again, approved, a day's wait, the host's lock.

use readmit_core::command::Role;
use readmit_core::time::Span;

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::Setup;
use crate::support::webdriver::Driver;

#[test]
fn pk_09_failed_answers_then_documents_then_people_then_a_day() {
    Setup::default().strict().run(async |app| {
        let driver = Driver::start();
        let (ada, rina) = (Browser::open(&driver).await, Browser::open(&driver).await);
        person::start(&ada, app).await;
        person::sign_in(&ada, app, "ada@example.com").await;
        ada.press("Show the questions").await;
        let reference = app.reference("ada@example.com").await;
        person::answer(&ada, app, &reference, false).await;
        for _ in 0..2 {
            ada.press("Answer again").await;
            person::answer(&ada, app, &reference, false).await;
        }
        ada.see("Show us pictures from your account").await;
        person::hand_in(&ada, app, &["account_email", "counterparty_transaction"]).await;

        person::staff(&rina, app, "rina", Role::Reviewer).await;
        rina.press("Next case").await;
        rina.see(&reference).await;
        rina.pick("verdict", "ask").await;
        for field in ["slot", "ask_reason"] {
            let offered = rina.offered(field).await;
            rina.pick(field, &offered[0]).await;
        }
        rina.fill("One more sentence for the claimant", "The date is cut off.")
            .await;
        rina.press("Send").await;
        rina.see("Next case").await;

        ada.go(&app.recover("/case")).await;
        ada.see("The date is cut off.").await;
        let slot = ada.open_slot().await;
        person::hand_in(&ada, app, &[&slot]).await;
        person::approve(&rina).await;
        rina.see("Next case").await;
        ada.go(&app.recover("/case")).await;
        ada.see("Nobody at Halcyon can make this wait shorter").await;
        app.pass(Span::hours(24)).await;
        person::come_back(&ada, app, "ada@example.com", &reference).await;
        ada.see("Your reset is done").await;
        for browser in [&ada, &rina] {
            browser.assert_quiet_console().await;
        }

        ada.go(&app.halcyon.url("/")).await;
        ada.fill("E-mail address", "ada@example.com").await;
        ada.fill("Password", &readmit_demo_host::password_of("ada@example.com"))
            .await;
        ada.press("By password alone (demo only)").await;
        ada.see("Withdrawals are locked until").await;
    });
}
