//! The owner at the security settings, in a real Chromium with a virtual authenticator: binding, switching, deleting.

use crate::support::browser::Browser;
use crate::support::claimant::code_in;
use crate::support::installation::{Installation, Setup};
use crate::support::webdriver::Driver;

use super::{person, step_up};

/// From the host's account page to the security settings.
async fn settings(browser: &Browser, app: &Installation, email: &str) {
    browser.go(&app.halcyon.url("/")).await;
    browser.fill("E-mail address", email).await;
    browser.fill("Password", &readmit_demo_host::password_of(email)).await;
    browser.press("By password alone (demo only)").await;
    browser.press("Security settings").await;
    browser.see("Two-factor authentication").await;
}

/// The same from a change that is done.
async fn to_settings(browser: &Browser) {
    browser.press("Back to security settings").await;
    browser.see("Two-factor authentication").await;
}

/// Begins a change and proves the address.
async fn begin(browser: &Browser, app: &mut Installation, label: &str, email: &str) {
    browser.press(label).await;
    person::code(browser, app, email).await;
}

/// PK-01, PK-02, PK-05, PK-07, SC-01: a passkey is bound, proves a removal, and an app that is there can be switched to; the
/// first leads to recovery codes; what was deleted is gone, and withdrawals are locked at the host.
#[test]
fn pk_05_passkeys_and_an_app_are_bound_used_and_deleted() {
    Setup::default().with_a_newcomer().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        browser.plug_authenticator().await;
        let email = "femi@example.com";
        settings(&browser, app, email).await;

        begin(&browser, app, "Add a passkey", email).await;
        browser.see("So that you recognise it later").await;
        browser.fill("A name for it", "My laptop").await;
        browser.press("Create passkey").await;
        person::saves_codes(&browser, app).await;
        to_settings(&browser).await;
        browser.see("My laptop").await;

        begin(&browser, app, "Add an authenticator app", email).await;
        browser.see("Scan this with the app").await;
        let key = crate::pages::settings::key_of(&browser.source().await);
        app.plant(&key);
        let code = crate::pages::settings::shown(&key, app.clock.at());
        browser.fill("Code from the app", &code).await;
        browser.press("Add the app").await;
        browser.see("Your authenticator app was added").await;
        to_settings(&browser).await;

        browser.press("Remove: Authenticator app").await;
        browser.see("cannot be brought back").await;
        begin(&browser, app, "Go on and remove it", email).await;
        browser.see("Use your passkey").await;
        browser.press("Continue with passkey").await;
        browser.see("being carried out").await;
        app.work().await;
        assert!(!app.factors("acc_femi").await.contains(&"totp".to_owned()));
        browser.go(&app.recover("/case")).await;
        browser.see("Withdrawals are locked until").await;
        browser.assert_quiet_console().await;
    });
}

/// The newest code that was texted to a number, whatever else it was told since.
async fn texted(app: &mut Installation, number: &str) -> String {
    let messages = app.messages(number).await;
    let mut newest = messages.iter().rev();
    let code = newest
        .find_map(|message| code_in(&message.text))
        .expect("no code was sent");
    app.plant(&code);
    code
}

/// OT-06, SC-01: a number is bound by a code to the address and one to the number, its country chosen by name; then one of the
/// recovery codes that came with it signs its owner in at the host, and so does the number, as the way that is offered last.
#[test]
fn ot_06_a_mobile_number_is_bound_and_signs_in() {
    Setup::default().with_a_newcomer().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        let (email, number) = ("femi@example.com", "+447400123456");
        app.plant(number);
        settings(&browser, app, email).await;
        begin(&browser, app, "Add a mobile number", email).await;
        browser.see("Your mobile number").await;
        browser.see("United Kingdom (GB) +44").await;
        browser.pick("country", "GB").await;
        browser.fill("Mobile number", "07400 12").await;
        browser.press("Send me a code").await;
        browser.see("There is no number like this in that country").await;
        browser.fill("Mobile number", "07400 123456").await;
        browser.press("Send me a code").await;
        browser.see("+44 ••• ••56 by text message").await;
        let code = texted(app, number).await;
        browser.fill("Code from the text message", &code).await;
        browser.press("Continue").await;
        let codes = person::saves_codes(&browser, app).await;
        to_settings(&browser).await;
        browser.see("+44 ••• ••56").await;
        assert!(app.factors("acc_femi").await.contains(&"phone".to_owned()));
        browser.go(&app.halcyon.url("/account")).await;
        browser.press("Sign out").await;
        browser.see("Sign in to Halcyon").await;

        step_up::enter(&browser, app, email).await;
        browser.fill("Recovery code", &codes[0]).await;
        browser.press("Continue").await;
        browser.see("How you sign in").await;
        browser.press("Sign out").await;
        browser.see("Sign in to Halcyon").await;

        step_up::enter(&browser, app, email).await;
        browser.press("Switch verification method").await;
        browser.press("Text message").await;
        browser.see("a passkey or an app is safer").await;
        browser.press("Send me a code").await;
        browser.see("Code from the message").await;
        let code = texted(app, number).await;
        browser.fill("Code from the message", &code).await;
        browser.press("Continue").await;
        browser.see("How you sign in").await;
    });
}
