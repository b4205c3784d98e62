//! Passkeys in a real Chromium, as they go wrong: without user verification, with a counter that went back, on a second device,
//! and after one was deleted.

use serde_json::{Value, json};

use crate::pages::settings::settings;
use crate::support::browser::Browser;
use crate::support::installation::{Installation, Setup};
use crate::support::wait::until;
use crate::support::webdriver::Driver;

use super::{person, step_up::enter};

const FEMI: &str = "femi@example.com";

/// From the account page to a new passkey, beside the one that nobody holds.
async fn bind(browser: &Browser, app: &mut Installation, name: &str) {
    create(browser, app, name).await;
    browser.see("Your change is in force").await;
}

/// From the account page to the passkey of a new name, which is not bound yet.
async fn create(browser: &Browser, app: &mut Installation, name: &str) {
    browser.go(&app.halcyon.url("/")).await;
    browser.fill("E-mail address", FEMI).await;
    browser.fill("Password", &readmit_demo_host::password_of(FEMI)).await;
    browser.press("By password alone (demo only)").await;
    browser.press("Security settings").await;
    browser.see("Two-factor authentication").await;
    browser.press("Add a passkey").await;
    person::code(browser, app, FEMI).await;
    browser.fill("A name for it", name).await;
    browser.press("Create passkey").await;
}

/// What names a passkey to the browser: the site, the passkey, its owner.
fn named(passkey: &Value) -> [&str; 3] {
    ["rpId", "credentialId", "userHandle"].map(|name| passkey[name].as_str().unwrap().trim_end_matches('='))
}

async fn signs_in(browser: &Browser, app: &Installation) {
    enter(browser, app, FEMI).await;
    browser.press("Continue with passkey").await;
    browser.see("How you sign in").await;
    browser.press("Sign out").await;
    browser.see("Sign in to Halcyon").await;
}

/// PK-02, PK-04: a passkey that does not verify its user, and one whose counter went back, sign nobody in.
#[test]
fn pk_04_no_verification_and_a_counter_that_went_back_sign_nobody_in() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        let laptop = browser.plug_authenticator().await;
        bind(&browser, app, "My laptop").await;
        let early = browser.session.passkeys(&laptop).await.remove(0);
        signs_in(&browser, app).await;
        signs_in(&browser, app).await;

        browser.session.verify_user(&laptop, false).await;
        enter(&browser, app, FEMI).await;
        browser.press("Continue with passkey").await;
        browser.see("No passkey was used").await;

        browser.session.unplug_authenticator(&laptop).await;
        let copy = browser.plug_authenticator().await;
        browser.session.put_passkey(&copy, &early).await;
        enter(&browser, app, FEMI).await;
        browser.press("Continue with passkey").await;
        browser.see("That did not match").await;
        browser.go(&app.halcyon.url("/account")).await;
        browser.see("Sign in to Halcyon").await;
        app.work().await;
    });
}

/// PK-05, PK-07: a second passkey on another device proves that the first one goes; the browser is told, drops it, and
/// offers it no more.
#[test]
fn pk_07_a_deleted_passkey_leaves_the_browser_too() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        browser.record_signals().await;
        let laptop = browser.plug_authenticator().await;
        bind(&browser, app, "My laptop").await;
        let first = browser.session.passkeys(&laptop).await.remove(0);
        browser.session.unplug_authenticator(&laptop).await;
        let key = browser.session.plug_authenticator("usb").await;
        bind(&browser, app, "My key").await;
        assert_eq!(browser.session.passkeys(&key).await.len(), 1);

        browser.press("Back to security settings").await;
        browser.press("Remove: My laptop").await;
        browser.see("Delete this passkey?").await;
        browser.press("Go on and remove it").await;
        person::code(&browser, app, FEMI).await;
        browser.see("Use your passkey").await;
        browser.press("Continue with passkey").await;
        browser.see("being carried out").await;
        app.work().await;

        let laptop = browser.plug_authenticator().await;
        browser.session.put_passkey(&laptop, &first).await;
        browser.go(&app.recover("/security")).await;
        browser.see("My key").await;
        let second = browser.session.passkeys(&key).await.remove(0);
        let ([site, removed, owner], [_, left, _]) = (named(&first), named(&second));
        let (told, came) = browser.signalled("signalAllAcceptedCredentials").await;
        assert_eq!((&told["rpId"], &told["userId"]), (&json!(site), &json!(owner)));
        let accepted = told["allAcceptedCredentialIds"].as_array().unwrap();
        assert!(
            accepted.contains(&json!(left)) && !accepted.contains(&json!(removed)),
            "{told}"
        );
        assert_eq!(came, "taken");
        let gone = async || browser.session.passkeys(&laptop).await.is_empty().then_some(());
        until("the browser drops what is no longer accepted", gone).await;
        assert_eq!(browser.session.passkeys(&key).await.len(), 1, "the other stays");
    });
}

/// PK-07: the last page of a reset tells the browser, which offers the lost passkey no more.
#[test]
fn pk_07_a_reset_passkey_leaves_the_browser_too() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        browser.record_signals().await;
        let laptop = browser.plug_authenticator().await;
        bind(&browser, app, "My laptop").await;
        let lost = browser.session.passkeys(&laptop).await.remove(0);
        let [site, _, owner] = named(&lost);
        person::start(&browser, app).await;
        person::sign_in(&browser, app, FEMI).await;
        browser.see("Show us pictures").await;
        person::is_approved(&browser, app).await;
        let (told, came) = browser.signalled("signalAllAcceptedCredentials").await;
        assert_eq!(
            told,
            json!({"rpId": site, "userId": owner, "allAcceptedCredentialIds": []})
        );
        assert_eq!(came, "taken");
        let gone = async || browser.session.passkeys(&laptop).await.is_empty().then_some(());
        until("the browser drops what is no longer accepted", gone).await;
        browser.assert_quiet_console().await;
    });
}

/// PK-07: a passkey that is removed while its owner is about to use it signs nobody in, and the page tells the browser which one
/// it is. The last step is Chromium's: its own passkey holder drops it.
#[test]
fn pk_07_a_passkey_that_is_removed_under_way_is_signalled_as_unknown() {
    Setup::default().with_a_newcomer().run(async |app| {
        let driver = Driver::start();
        let browser = Browser::open(&driver).await;
        browser.record_signals().await;
        let laptop = browser.plug_authenticator().await;
        create(&browser, app, "My laptop").await;
        let codes = person::saves_codes(&browser, app).await;
        let passkey = browser.session.passkeys(&laptop).await.remove(0);
        browser.go(&app.halcyon.url("/account")).await;
        browser.press("Sign out").await;
        browser.see("Sign in to Halcyon").await;

        // The owner does not touch the device in time.
        enter(&browser, app, FEMI).await;
        browser.session.verify_user(&laptop, false).await;
        browser.press("Continue with passkey").await;
        browser.see("No passkey was used").await;

        // Meanwhile it is removed, in another browser.
        let mut elsewhere = settings(app, FEMI).await;
        elsewhere.begins_with(app, "delete-passkey", "My laptop").await;
        elsewhere.proves(&codes[0]).await;
        app.work().await;

        browser.session.verify_user(&laptop, true).await;
        browser.press("Continue with passkey").await;
        browser.see("That did not match").await;
        let [site, id, _] = named(&passkey);
        let (told, came) = browser.signalled("signalUnknownCredential").await;
        assert_eq!(told, json!({"rpId": site, "credentialId": id}));
        assert_eq!(came, "taken");
        let gone = async || browser.session.passkeys(&laptop).await.is_empty().then_some(());
        until("the browser drops what is unknown", gone).await;
        browser.go(&app.halcyon.url("/account")).await;
        browser.see("Sign in to Halcyon").await;
        browser.assert_quiet_console().await;
    });
}
