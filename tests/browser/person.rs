//! What people do in a browser, in the words that they see.

use std::sync::atomic::{AtomicUsize, Ordering};

use readmit_core::command::Role;
use readmit_core::ids::PersonId;

use crate::support::browser::Browser;
use crate::support::claimant::{chosen, code_in, picture, return_code_in, right_answers};
use crate::support::installation::Installation;
use crate::support::people;
use crate::support::webdriver::Scripts;

/// Reads the instructions and agrees.
pub(super) async fn start(browser: &Browser, app: &Installation) {
    browser.go(&app.recover("/passkey-reset")).await;
    browser.see("Reset your passkey").await;
    browser.tick("I have read this and I agree").await;
    browser.press("Start").await;
    browser.see("Sign in with your password").await;
}

/// Hands in what is asked for; a reviewer approves, and the page says that the reset is done.
pub(super) async fn is_approved(browser: &Browser, app: &mut Installation) {
    hand_in(browser, app, &["account_email", "counterparty_transaction"]).await;
    let mut rina = app.signed_in("rina", Role::Reviewer).await;
    rina.takes_next(app).await;
    rina.approves().await;
    app.work().await;
    browser.go(&app.recover("/case")).await;
    browser.see("Your reset is done").await;
}

pub(super) async fn sign_in(browser: &Browser, app: &mut Installation, email: &str) {
    let password = readmit_demo_host::password_of(email);
    browser.fill("E-mail address", email).await;
    browser.fill("Password", &password).await;
    browser.press("Continue").await;
    app.plant(password);
    code(browser, app, email).await;
}

pub(super) async fn forget(browser: &Browser, app: &mut Installation, email: &str) {
    browser.fill("E-mail address", email).await;
    browser.press("I do not know my password").await;
    code(browser, app, email).await;
}

/// Saves the recovery codes that a new factor leads to (SC-01): what they are.
pub(super) async fn saves_codes(browser: &Browser, app: &mut Installation) -> Vec<String> {
    browser.see("Ten codes, each good once").await;
    let codes = crate::pages::settings::codes_of(&browser.source().await);
    assert_eq!(codes.len(), 10);
    app.plant_all(codes.clone());
    browser.tick("I have saved them").await;
    browser.press("Continue").await;
    browser.see("Your recovery codes are in force, too").await;
    codes
}

/// A session ended in the meantime: the reference, a code to the proven address, and the case is there again.
pub(super) async fn come_back(browser: &Browser, app: &mut Installation, email: &str, reference: &str) {
    browser.go(&app.recover("/continue")).await;
    browser.fill("Case reference", reference).await;
    browser.press("Send me a code").await;
    enter(browser, app, email, return_code_in).await;
}

pub(super) async fn code(browser: &Browser, app: &mut Installation, email: &str) {
    enter(browser, app, email, code_in).await;
}

/// Types the code of the newest mail that has one.
async fn enter(browser: &Browser, app: &mut Installation, email: &str, code_in: fn(&str) -> Option<String>) {
    browser.see("Enter the code we sent you").await;
    let messages = app.messages(email).await;
    let code = messages
        .iter()
        .rev()
        .find_map(|message| code_in(&message.text))
        .unwrap();
    browser.fill("Code from the e-mail", &code).await;
    browser.press("Continue").await;
    app.plant(email);
    app.plant(code);
}

/// Answers the questions that are shown: all rightly, or the first one not.
pub(super) async fn answer(browser: &Browser, app: &mut Installation, reference: &str, rightly: bool) {
    browser.see("Answer 4 questions about your account").await;
    let case = app.case(reference).await;
    let mut answers = right_answers(&case.sealed);
    let (_, first) = answers.iter_mut().find(|(name, _)| name == "q1").unwrap();
    if !rightly {
        let other = (0..)
            .map(|place: u32| place.to_string())
            .find(|place| !first.contains(place));
        *first = vec![other.unwrap()];
    }
    app.plant_all(chosen(&case.sealed, &answers));
    for (name, places) in answers {
        for place in places {
            browser.pick(&name, &place).await;
        }
    }
    browser.press("Check my answers").await;
}

/// Hands one picture in for each slot named; a person has the case then.
pub(super) async fn hand_in(browser: &Browser, app: &mut Installation, slots: &[&str]) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    for slot in slots {
        let name = format!("{slot} of mine {}.png", NEXT.fetch_add(1, Ordering::Relaxed));
        let file = app.place.folder.path().join(format!("halcyon-{name}"));
        std::fs::write(&file, picture()).unwrap();
        app.plant(format!("halcyon-{name}"));
        browser.attach(slot, &file).await;
        // A script sends each file as it is chosen; the form sends them all together.
        if browser.scripts == Scripts::On {
            browser.see(&format!("halcyon-{name}")).await;
        }
    }
    browser.press("Send for review").await;
    browser.see("We are reading your pictures").await;
    app.work().await;
    browser.see("We are checking your pictures").await;
}

/// A member of staff makes a passkey by their invitation, signs out, and signs in with it.
pub(super) async fn staff(browser: &Browser, app: &Installation, name: &str, role: Role) -> PersonId {
    let (_, person) = people::session(&app.wired.db, &app.clock, name, role).await;
    let link = readmit_reviewer_ui::invite(&app.wired.db, person, app.clock.at());
    browser.plug_authenticator().await;
    browser.go(&app.staff(&link)).await;
    browser.press("Make a passkey").await;
    browser.see("Next case").await;
    browser.go(&app.staff("/me")).await;
    browser.press("Sign out").await;
    browser.press("Continue with passkey").await;
    browser.see("Next case").await;
    person
}

/// Takes the next case and approves it.
pub(super) async fn approve(browser: &Browser) {
    browser.press("Next case").await;
    decide_approval(browser).await;
}

/// Ticks every check of the open page and sends an approval.
pub(super) async fn decide_approval(browser: &Browser) {
    browser.see("Checklist").await;
    for check in browser.offered("check").await {
        browser.pick("check", &check).await;
    }
    browser.pick("verdict", "approve").await;
    browser.press("Send").await;
}
