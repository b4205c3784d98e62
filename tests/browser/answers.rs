//! (a) Four right answers.

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::{Installation, Setup};
use crate::support::webdriver::Driver;

#[test]
fn four_right_answers_reset_the_passkey() {
    Setup::default().run(answers);
}

/// The same with a store in which every first commit meets a conflict: a browser sees nothing of it.
#[test]
fn four_right_answers_reset_the_passkey_when_every_first_commit_conflicts() {
    Setup::default().contrary().run(answers);
}

async fn answers(app: &mut Installation) {
    let driver = Driver::start();
    let browser = Browser::open(&driver).await;
    person::start(&browser, app).await;
    person::sign_in(&browser, app, "ada@example.com").await;
    browser.see("Attention").await;
    browser.press("Show the questions").await;
    let reference = app.reference("ada@example.com").await;
    person::answer(&browser, app, &reference, true).await;
    browser.see("The reset is being carried out").await;
    app.work().await;
    browser.go(&app.recover("/case")).await;
    browser.see("Your reset is done").await;
    browser.assert_quiet_console().await;
    assert_eq!(app.factors("acc_ada").await, ["phone"]);
    browser.press("Back to enter your account").await;
    browser.see("Sign in").await;
}
