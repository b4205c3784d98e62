//! Signing in at the host, and withdrawing, with each kind of factor, in a real Chromium with a virtual authenticator.

use crate::support::browser::Browser;
use crate::support::installation::{APP_KEY, Installation, SAVED_CODE, Setup};
use crate::support::webdriver::Driver;

use super::person;

/// Up to the page that asks for the second factor.
pub(super) async fn enter(browser: &Browser, app: &Installation, email: &str) {
    browser.go(&app.halcyon.url("/")).await;
    browser.fill("E-mail address", email).await;
    browser.fill("Password", &readmit_demo_host::password_of(email)).await;
    browser.press("Sign in").await;
    browser.see("Sign in to Halcyon").await;
}

/// Invariant 11: the host signs its owner in on the word of each of their factors, and of nothing else; a withdrawal shows what
/// it is for, and can be cancelled.
#[test]
fn the_owner_signs_in_with_each_factor() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        browser.plug_authenticator().await;
        let email = "carla@example.com";

        enter(&browser, app, email).await;
        browser.press("Switch verification method").await;
        browser.press("Authenticator app").await;
        let code = crate::pages::settings::shown(APP_KEY, app.clock.at());
        browser.fill("Code from the app", &code).await;
        browser.press("Continue").await;
        browser.see("How you sign in").await;

        browser.press("Security settings").await;
        browser.see("Two-factor authentication").await;
        browser.press("Add a passkey").await;
        person::code(&browser, app, email).await;
        browser.fill("A name for it", "My laptop").await;
        browser.press("Create passkey").await;
        browser.see("Your change is in force").await;
        browser.go(&app.halcyon.url("/account")).await;
        browser.press("Sign out").await;
        browser.see("Sign in to Halcyon").await;

        enter(&browser, app, email).await;
        browser.press("Continue with passkey").await;
        browser.see("How you sign in").await;

        browser.press("Withdraw").await;
        browser.fill("Amount", "0.25").await;
        browser.fill("Address", "bc1qhalcyonbrowser").await;
        app.plant("bc1qhalcyonbrowser");
        browser.press("Withdraw now").await;
        browser.see("Withdraw 0.25 BTC").await;
        browser.press("Cancel").await;
        browser.see("Nothing was done").await;
        browser.press("Back to the account").await;
        browser.press("Sign out").await;
        browser.see("Sign in to Halcyon").await;

        enter(&browser, app, email).await;
        browser.press("Switch verification method").await;
        browser.press("Recovery code").await;
        app.plant(SAVED_CODE);
        browser.fill("Recovery code", SAVED_CODE).await;
        browser.press("Continue").await;
        browser.see("How you sign in").await;
        app.work().await;
    });
}

/// Password alone is not enough where there is a factor: without the result there is no session.
#[test]
fn a_password_alone_opens_nothing_where_a_factor_is_asked_for() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        enter(&browser, app, "carla@example.com").await;
        browser.press("Cancel").await;
        browser.see("Nothing was done").await;
        browser.go(&app.halcyon.url("/account")).await;
        browser.see("Sign in to Halcyon").await;
    });
}

/// RF-04, RF-16: the app is out of reach when the host asks for it; its reset by documents takes the app away and nothing else,
/// and its old code confirms nothing more.
#[test]
fn rf_16_an_app_out_of_reach_is_reset_by_documents() {
    Setup::default().run(async |app| {
        let email = "henrik@example.org";
        app.plant(email);
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        enter(&browser, app, email).await;
        browser.press("Switch verification method").await;
        browser.press("Authenticator app").await;
        browser.press("Security verification unavailable?").await;
        browser.press("Reset it").await;
        browser.see("Reset your authenticator app").await;
        browser.tick("I have read this and I agree").await;
        browser.press("Start").await;
        person::forget(&browser, app, email).await;
        browser.see("Show us pictures from your account").await;
        person::is_approved(&browser, app).await;
        assert_eq!(app.factors("acc_henrik").await, ["passkey"]);

        enter(&browser, app, email).await;
        browser.see("Use your passkey").await;
        assert!(
            !browser.source().await.contains("value=\"totp\""),
            "the app is offered no more"
        );
    });
}

/// RF-16: a passkey that is out of reach leads to its reset, where it is the only factor and where it is the first of several.
#[test]
fn rf_16_a_passkey_out_of_reach_leads_to_its_reset() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        for email in ["ines@example.com", "carla@example.com"] {
            let browser = Browser::open(&driver).await;
            enter(&browser, app, email).await;
            browser.see("Use your passkey").await;
            browser.press("Security verification unavailable?").await;
            browser.press("Reset it").await;
            browser.see("Reset your passkey").await;
            browser.tick("I have read this and I agree").await;
            browser.press("Start").await;
            browser.see("E-mail address").await;
            browser.assert_quiet_console().await;
        }
        app.work().await;
    });
}
