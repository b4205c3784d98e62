//! Each reset and change to its end, page by page, and what becomes of the old factor at the host's own questions.

use readmit_core::command::Role;
use readmit_core::step_up::{Purpose, StepUp};
use readmit_core::time::Span;

use super::settings::{settings, shown};
use super::step_up::onward;
use crate::support::claimant::{Claimant, code_in, link_in};
use crate::support::installation::{APP_KEY, Installation, SAVED_CODE, Setup};
use crate::support::visitor::{Page, Visitor};

/// A reset by documents up to its review.
async fn in_review(app: &mut Installation, path: &str, email: &str) -> Claimant {
    let mut claimant = Claimant::begin(app, path, email, Visitor::new()).await;
    if claimant.page.offers("forgotten") {
        claimant.forgets_password().await;
    } else {
        let form = claimant.page.press("continue").fill("email", email);
        claimant.page = claimant.visitor.submit(form).await.expect(200);
    }
    claimant.types_code(app).await;
    claimant.hands_in_documents(app).await;
    claimant
}

async fn approved_by(app: &mut Installation, people: &[&str]) {
    for person in people {
        let mut reviewer = app.signed_in(person, Role::Senior).await;
        reviewer.takes_next(app).await;
        reviewer.approves().await;
        app.work().await;
    }
}

/// Signs in at the host with the password; the page that it leads to: Readmit's question for a factor, where there is one.
async fn signs_in(app: &Installation, password: &str, email: &str) -> (Visitor, Page) {
    let visitor = Visitor::new();
    let front = visitor.get(&app.halcyon.url("/")).await.expect(200);
    let form = front.press("ask").fill("email", email).fill("password", password);
    let page = visitor.submit(form).await;
    let page = match page.links().iter().any(|link| link.contains("/step-up/")) {
        true => onward(&visitor, &page).await.expect(200),
        false => page,
    };
    (visitor, page)
}

/// The step-up of a purpose, as the host asks for it.
pub(super) fn asked(app: &Installation, account: &str, purpose: Purpose) -> serde_json::Value {
    let asked = StepUp {
        purpose,
        text: "Pay out 20 EUR".into(),
        return_to: app.halcyon.url("/confirmed"),
    };
    serde_json::json!({
        "account": account, "purpose": purpose, "text": asked.text, "digest": asked.digest().to_string(),
        "return_to": asked.return_to,
    })
}

/// RF-09, RF-16: a lost number goes by documents; it is told of that itself, gets no code any more, and the passkey stays.
#[test]
fn rf_16_a_number_is_reset_by_documents() {
    Setup::default().run(async |app| {
        let (email, number) = ("ada@example.com", "+46313900605");
        let mut ada = in_review(app, "/mobile-reset", email).await;
        approved_by(app, &["rina"]).await;
        ada.looks(app).await;
        assert!(ada.page.words().contains("Your reset is done"), "{}", ada.page.words());
        assert_eq!(app.factors("acc_ada").await, ["passkey"]);
        let told = app.messages(number).await;
        assert!(told.last().unwrap().text.contains("is done"), "RF-09: {told:?}");

        let (visitor, page) = signs_in(app, &readmit_demo_host::password_of(email), email).await;
        assert!(page.words().contains("Use your passkey"), "{}", page.words());
        let switch = page.press("begin").with("verb", "switch").with("method", "sms");
        let refused = visitor.submit(switch).await;
        assert_ne!(refused.status, 200, "{}", refused.words());
        let send = visitor.submit(page.press("begin").with("verb", "send")).await;
        assert_ne!(send.status, 200, "{}", send.words());
        assert_eq!(app.messages(number).await.len(), told.len(), "no code goes there");
        app.work().await;
    });
}

/// RF-16: the old app's code is refused, by whatever form it comes; the passkey is asked for as before.
#[test]
fn rf_16_the_old_apps_code_confirms_nothing() {
    Setup::default().run(async |app| {
        let email = "zainab@example.com";
        let _zainab = in_review(app, "/totp-reset", email).await;
        approved_by(app, &["rina"]).await;
        assert_eq!(app.factors("acc_zainab").await, ["passkey"]);
        let (visitor, page) = signs_in(app, &readmit_demo_host::password_of(email), email).await;
        let code = shown(APP_KEY, app.clock.at());
        let begun = page.press("begin");
        for forged in [
            begun.clone().with("verb", "submit").with("code", &code),
            begun.clone().with("verb", "switch").with("method", "totp"),
        ] {
            let refused = visitor.submit(forged).await;
            assert_ne!(refused.status, 200, "{}", refused.words());
        }
        let still = visitor.get(&app.recover("/case")).await.expect(200);
        assert!(still.words().contains("Use your passkey"), "{}", still.words());
        let account = visitor.get(&app.halcyon.url("/account")).await;
        assert_eq!(account.url.path(), "/", "not signed in");
        app.work().await;
    });
}

/// RF-16: two people and a day, then nothing is left that proves anything, saved codes neither.
#[test]
fn rf_16_every_factor_goes_with_its_saved_codes() {
    Setup::default().run(async |app| {
        let email = "priya@example.org";
        assert_eq!(app.factors("acc_priya").await, ["passkey", "recovery_codes"]);
        let priya = in_review(app, "/all-factors-reset", email).await;
        let reference = priya.reference(app).await;
        approved_by(app, &["rina", "sena"]).await;
        assert_eq!(app.factors("acc_priya").await.len(), 2, "not before the day is over");
        app.pass(Span::hours(24)).await;
        let outcome = app.case(&reference).await.case.outcome;
        assert_eq!(outcome, Some(readmit_core::case::Outcome::Approved));
        assert_eq!(app.factors("acc_priya").await, [""; 0]);
        let step_up = asked(app, "acc_priya", Purpose::Login);
        assert_eq!(
            app.host_calls("/api/step-ups", &step_up).await,
            409,
            "no factor is left"
        );
        app.work().await;
    });
}

/// RF-04: a new password is set at the host alone, the old one is refused, and the other factors are asked for as before.
#[test]
fn rf_04_a_new_password_bypasses_no_factor() {
    Setup::default().run(async |app| {
        let email = "henrik@example.org";
        let (old, new) = (readmit_demo_host::password_of(email), "four plain words together");
        app.plant(new);
        let mut henrik = in_review(app, "/password-reset", email).await;
        approved_by(app, &["rina"]).await;
        henrik.looks(app).await;
        let told = henrik.page.words();
        assert!(
            told.contains("Halcyon asks you for a new password on its own page"),
            "{told}"
        );
        assert_eq!(app.factors("acc_henrik").await, ["passkey", "totp"]);
        let (_, refused) = signs_in(app, &old, email).await;
        assert!(refused.words().contains("Sign in to Halcyon"), "{}", refused.words());
        assert!(!refused.offers("begin"), "{}", refused.words());

        let mails = app.messages(email).await;
        let link = mails.iter().rev().find_map(|mail| link_in(&mail.text, "/password/"));
        let visitor = Visitor::new();
        let page = visitor.get(&link.expect("no link to a new password")).await.expect(200);
        visitor.submit(page.form_to("").fill("password", new)).await.expect(200);

        let (visitor, page) = signs_in(app, new, email).await;
        assert!(
            page.words().contains("Use your passkey"),
            "still asked for: {}",
            page.words()
        );
        let account = visitor.get(&app.halcyon.url("/account")).await;
        assert_eq!(account.url.path(), "/", "the password alone opens nothing");
        let page = visitor
            .submit(page.press("switch").with("method", "totp"))
            .await
            .expect(200);
        let code = shown(APP_KEY, app.clock.at());
        let done = visitor
            .submit(page.press("submit").fill("code", &code))
            .await
            .expect(200);
        let back = done.links().into_iter().find(|link| link.contains("/confirmed?"));
        let home = visitor.get(&back.unwrap()).await.expect(200);
        assert!(home.words().contains("How you sign in"), "{}", home.words());
        app.work().await;
    });
}

/// RF-09, RF-16, SC-01: a number is changed on the word of a saved code. The old number reads that it was replaced, and that a code
/// was used; every session at the host is over, and codes go to the new number alone.
#[test]
fn rf_16_a_number_is_changed_and_the_old_one_is_told() {
    Setup::default().run(async |app| {
        let (email, old, new) = ("carla@example.com", "+447700900102", "+447400123456");
        app.plant(new);
        app.plant(SAVED_CODE);
        let elsewhere = app.signed_in_owner(email).await;
        let mut carla = settings(app, email).await;
        carla.begins(app, "change-mobile").await;
        assert!(
            !carla.page.text().contains("value=\"sms\""),
            "the old number proves nothing here"
        );
        let form = carla.page.press("switch").with("method", "recovery_code");
        carla.page = carla.visitor.submit(form).await.expect(200);
        carla.proves(SAVED_CODE).await;
        let form = carla.page.press("send").fill("number", "+44 909 879 0000");
        let premium = carla.visitor.submit(form).await;
        assert_eq!(premium.status, 422, "OT-07: {}", premium.words());
        let form = carla.page.press("send").fill("number", "+44 7400 123456");
        carla.page = carla.visitor.submit(form).await.expect(200);
        let code = code_in(&app.messages(new).await.last().unwrap().text).unwrap();
        app.plant(&code);
        carla.proves(&code).await;
        app.work().await;
        carla.looks(app).await;
        assert!(carla.page.words().contains("in force"), "{}", carla.page.words());

        let texts: Vec<String> = app.messages(old).await.into_iter().map(|told| told.text).collect();
        assert!(
            texts.iter().any(|text| text.contains("código de recuperación")),
            "SC-01: {texts:?}"
        );
        assert!(texts.last().unwrap().contains("está hecha"), "{texts:?}");
        let mails = app.messages(email).await;
        assert!(
            mails.last().unwrap().text.contains("se cambió por uno nuevo"),
            "{mails:?}"
        );
        let mail = mails.iter().find(|mail| mail.text.contains("códigos de recuperación"));
        assert!(mail.unwrap().text.contains("No queda ninguno"), "{mail:?}");
        for session in [&elsewhere, &carla.visitor] {
            let account = session.get(&app.halcyon.url("/account")).await;
            assert_eq!(account.url.path(), "/", "every session is over");
        }

        let (visitor, page) = signs_in(app, &readmit_demo_host::password_of(email), email).await;
        let form = page.press("switch").with("method", "sms");
        let page = visitor.submit(form).await.expect(200);
        visitor.submit(page.press("send")).await.expect(200);
        assert!(code_in(&app.messages(new).await.last().unwrap().text).is_some());
        assert_eq!(
            app.messages(old).await.len(),
            texts.len(),
            "nothing more goes to the old one"
        );
        app.work().await;
    });
}

/// Every purpose of a step-up says on its page what it is for.
#[test]
fn each_purpose_says_what_it_is_for() {
    Setup::default().run(async |app| {
        for (purpose, title) in Purpose::ALL.into_iter().zip([
            "Sign in to Halcyon",
            "Confirm a withdrawal",
            "Confirm a new bank account",
            "Confirm a payout to a bank",
            "Confirm a change of your settings",
        ]) {
            let answer = app.host_asks("/api/step-ups", &asked(app, "acc_carla", purpose)).await;
            let told: serde_json::Value = serde_json::from_slice(&answer.expect(201).body).unwrap();
            let page = Visitor::new().get(told["url"].as_str().unwrap()).await.expect(200);
            let words = page.words();
            assert!(
                words.contains(title) && words.contains("Pay out 20 EUR"),
                "{purpose:?}: {words}"
            );
        }
        app.work().await;
    });
}
