//! Step-up: the host asks, the owner proves a factor, and the host believes the signed result once, for what it asked.

use readmit_core::case::{Class, Outcome};
use readmit_core::time::Span;
use reqwest::Method;

use super::settings::shown;
use crate::support::installation::{APP_KEY, Installation, SAVED_CODE, Setup};
use crate::support::visitor::{Page, Visitor};

/// The page that leads to Readmit, followed.
pub(super) async fn onward(visitor: &Visitor, page: &Page) -> Page {
    let link = page.links().into_iter().find(|link| link.contains("/step-up/"));
    let link = link.unwrap_or_else(|| panic!("no way on: {}", page.words()));
    assert!(
        page.header("refresh").unwrap().contains("/step-up/"),
        "no form's redirect"
    );
    visitor.get(&link).await
}

/// Asks at the host for a withdrawal; the page that asks for a factor.
pub(super) async fn asks(app: &Installation, visitor: &Visitor, amount: &str) -> Page {
    let page = visitor.get(&app.halcyon.url("/move")).await.expect(200);
    let form = page.form_to("/withdraw").with("asset", "BTC");
    let form = form.fill("amount", amount).fill("address", "bc1qexampleexample");
    let page = visitor.submit(form).await.expect(200);
    onward(visitor, &page).await.expect(200)
}

/// Proves it with the app, or a saved code, and gives the page with the way back.
async fn proves(visitor: &Visitor, page: &Page, method: &str, code: &str) -> Page {
    let page = match page.offers("switch") {
        true => {
            let form = page.press("switch").with("method", method);
            visitor.submit(form).await.expect(200)
        }
        false => panic!("no other way: {}", page.words()),
    };
    visitor.submit(page.press("submit").fill("code", code)).await
}

fn way_back(page: &Page) -> String {
    let link = page.links().into_iter().find(|link| link.contains("/confirmed?"));
    link.unwrap_or_else(|| panic!("no way back: {}", page.words()))
}

/// Invariant 11: a withdrawal is confirmed with the app; the person sees what the host wrote, the host does it once, and nobody
/// is mailed.
#[test]
fn a_withdrawal_is_confirmed_once_and_for_what_was_shown() {
    Setup::default().on_postgres().run(async |app| {
        let carla = app.signed_in_owner("carla@example.com").await;
        app.plant("bc1qexampleexample");
        let mails = app.messages("carla@example.com").await.len();
        let page = asks(app, &carla, "0.5").await;
        assert!(
            page.words().contains("Withdraw 0.5 BTC to bc1qexampleexample"),
            "{}",
            page.words()
        );
        let code = shown(APP_KEY, app.clock.at());
        let done = proves(&carla, &page, "totp", &code).await.expect(200);
        assert!(done.words().contains("Confirmed"), "{}", done.words());
        let back = way_back(&done);
        assert!(done.header("refresh").unwrap().contains(&back));
        let again = carla.get(&app.recover("/case")).await;
        assert_eq!(again.status, 403, "the result is given once: {}", again.words());

        let stranger = Visitor::new().get(&back).await;
        assert_eq!(stranger.status, 403, "another browser: {}", stranger.words());
        let other = back.replace("/confirmed?id=", "/confirmed?id=0");
        assert_eq!(carla.get(&other).await.status, 403, "a changed result");
        let home = carla.get(&back).await.expect(200);
        assert!(
            home.words().contains("Confirmed, and done") && home.words().contains("0.5 BTC"),
            "{}",
            home.words()
        );
        let twice = carla.get(&back).await;
        assert_eq!(twice.status, 403, "believed once: {}", twice.words());
        app.work().await;
        assert_eq!(app.messages("carla@example.com").await.len(), mails);
        let cases = app.wired.db.recent_cases(Default::default(), None, 9).await.unwrap();
        let step_ups: Vec<_> = cases.iter().filter(|case| case.class == Class::StepUp).collect();
        assert_eq!(step_ups.len(), 1);
        assert_eq!(step_ups[0].outcome, Some(Outcome::Approved));
    });
}

/// TO-02, OT-04: a code that was used confirms nothing more; wrong ones count against the account and end the step-up, and the
/// host is told that it was not passed.
#[test]
fn ot_04_wrong_factors_count_and_end_it() {
    Setup::default().run(async |app| {
        let carla = app.signed_in_owner("carla@example.com").await;
        let page = asks(app, &carla, "0.1").await;
        let code = shown(APP_KEY, app.clock.at());
        let done = proves(&carla, &page, "totp", &code).await;
        carla.get(&way_back(&done)).await.expect(200);

        let page = asks(app, &carla, "0.2").await;
        let mut page = proves(&carla, &page, "totp", &code).await;
        assert!(page.words().contains("used before"), "{}", page.words());
        for wait in [1, 1, 2, 4] {
            app.pass(Span::minutes(wait)).await;
            let form = page.press("submit").fill("code", "000000");
            page = carla.submit(form).await;
        }
        assert!(page.words().contains("This was not confirmed"), "{}", page.words());
        let refused = carla.get(&way_back(&page)).await;
        assert_eq!(refused.status, 403, "{}", refused.words());
        assert!(refused.words().contains("did not fit"), "{}", refused.words());
        let moves = carla.get(&app.halcyon.url("/move")).await.expect(200);
        assert!(!moves.words().contains("0.2 BTC"));
    });
}

/// The address for the browser is good once and for five minutes, the result for one; cancelling does nothing.
#[test]
fn se_06_ways_there_and_back_are_good_once_and_briefly() {
    Setup::default().run(async |app| {
        let carla = app.signed_in_owner("carla@example.com").await;
        let page = carla.get(&app.halcyon.url("/move")).await.expect(200);
        let form = page
            .form_to("/bank-accounts")
            .fill("iban", "DE02 1203 0000 0000 2020 51");
        app.plant("DE02120300000000202051");
        let asked = carla.submit(form).await.expect(200);
        let there = asked
            .links()
            .into_iter()
            .find(|link| link.contains("/step-up/"))
            .unwrap();
        let page = carla.get(&there).await.expect(200);
        assert!(page.words().contains("Confirm a new bank account"), "{}", page.words());
        let twice = Visitor::new().get(&there).await;
        assert_eq!(twice.status, 403, "used up");
        let words = twice.words();
        assert!(
            words.contains("This link was used already") && !words.contains("req_"),
            "{words}"
        );
        let cancel = page
            .links()
            .into_iter()
            .find(|link| link.ends_with("/confirmed"))
            .unwrap();
        let cancelled = carla.get(&cancel).await;
        assert_eq!(cancelled.status, 403);
        assert!(
            cancelled.words().contains("without confirming"),
            "{}",
            cancelled.words()
        );

        let form = page.press("switch").with("method", "recovery_code");
        let page = carla.submit(form).await.expect(200);
        app.plant(SAVED_CODE);
        let form = page.press("submit").fill("code", SAVED_CODE);
        let passed = carla
            .send(Method::POST, form.target.clone(), &form.headers(), Some(form.body()))
            .await;
        assert_eq!(passed.status, 303);
        app.pass(Span::seconds(60)).await;
        let late = carla.get(&app.recover("/case")).await;
        assert_eq!(late.status, 403, "a minute later there is no result: {}", late.words());

        let form = carla.get(&app.halcyon.url("/move")).await.form_to("/bank-accounts");
        let asked = carla
            .submit(form.fill("iban", "DE02120300000000202051"))
            .await
            .expect(200);
        let there = asked
            .links()
            .into_iter()
            .find(|link| link.contains("/step-up/"))
            .unwrap();
        app.pass(Span::minutes(5)).await;
        assert_eq!(carla.get(&there).await.status, 403, "five minutes later");
    });
}

/// RF-14: while withdrawals are locked the host asks for nothing.
#[test]
fn rf_14_a_lock_stops_at_the_host() {
    Setup::default().run(async |app| {
        crate::support::claimant::Recovery::passkey()
            .of("ben@example.com")
            .with_answers()
            .at(app)
            .await;
        app.work().await;
        let ben = app.signed_in_owner("ben@example.com").await;
        let page = ben.get(&app.halcyon.url("/move")).await.expect(200);
        assert!(
            page.words().contains("Withdrawals are locked until"),
            "{}",
            page.words()
        );
        let form = page.form_to("/withdraw").with("asset", "BTC");
        let page = ben
            .submit(form.fill("amount", "1").fill("address", "bc1qexampleexample"))
            .await;
        assert_eq!(page.status, 422, "{}", page.words());
    });
}

/// WH-06: the call is signed, and what it says is held to: registered address, digest of the text, words that can be shown.
#[test]
fn wh_06_only_what_the_host_signed_and_registered_is_asked() {
    use readmit_core::ids::Digest;
    use sha2::Digest as _;
    Setup::default().run(async |app| {
        let text = "Withdraw 0.5 BTC";
        let digest = Digest(sha2::Sha256::digest(text).into()).to_string();
        let return_to = app.halcyon.url("/confirmed");
        let good = serde_json::json!({
            "account": "acc_carla", "purpose": "withdrawal", "text": text, "digest": digest, "return_to": return_to,
        });
        let call = async |body: &serde_json::Value| app.host_calls("/api/step-ups", body).await;
        assert_eq!(call(&good).await, 201);
        for (field, value, status) in [
            ("return_to", "https://evil.example/confirmed", 400),
            ("return_to", &format!("{return_to}?x=1"), 400),
            ("digest", &"0".repeat(64), 400),
            ("text", "Withdraw 5 BTC", 400),
            ("purpose", "anything", 400),
            ("language", "xx", 400),
            ("more", "x", 400),
            ("account", "acc_nobody", 409),
        ] {
            let mut body = good.clone();
            body[field] = value.into();
            assert_eq!(call(&body).await, status, "{field}: {value}");
        }
        let unsigned = Visitor::new();
        let url = app.recover("/api/step-ups").parse().unwrap();
        let page = unsigned
            .send(Method::POST, url, &[], Some(good.to_string().into_bytes()))
            .await;
        assert_eq!(page.status, 401);
    });
}

/// OT-06: with a number and no passkey at hand, a code by text message confirms it; the page says that others are safer.
#[test]
fn ot_06_a_text_message_confirms_as_the_last_way() {
    Setup::default().run(async |app| {
        let ada = app.signed_in_owner("ada@example.com").await;
        let number = "+46313900605";
        let page = asks(app, &ada, "0.3").await;
        assert!(
            page.words().contains("Use your passkey"),
            "the strongest first: {}",
            page.words()
        );
        let form = page.press("switch").with("method", "sms");
        let page = ada.submit(form).await.expect(200);
        assert!(page.words().contains("an app is safer"), "{}", page.words());
        assert!(
            app.messages(number).await.is_empty(),
            "nothing is sent before it is asked for"
        );
        let page = ada.submit(page.press("send")).await.expect(200);
        app.work().await;
        assert!(page.words().contains("+46 ••• ••05"), "{}", page.words());
        let text = app.messages(number).await.last().unwrap().text.clone();
        let code = crate::support::claimant::code_in(&text).unwrap();
        app.plant(&code);
        let done = ada.submit(page.press("submit").fill("code", &code)).await.expect(200);
        assert!(done.words().contains("Confirmed"), "{}", done.words());
        let home = ada.get(&way_back(&done)).await.expect(200);
        assert!(home.words().contains("0.3 BTC"), "{}", home.words());
    });
}

/// A step-up waits a quarter of an hour for its factor and no longer: whoever comes later is told so and led back, and the host does
/// nothing.
#[test]
fn a_step_up_that_nobody_finishes_ends_by_itself() {
    Setup::default().run(async |app| {
        let carla = app.signed_in_owner("carla@example.com").await;
        let page = asks(app, &carla, "0.4").await;
        let page = carla
            .submit(page.press("switch").with("method", "totp"))
            .await
            .expect(200);
        app.pass(Span::minutes(14)).await;
        assert!(
            carla.get(page.url.as_str()).await.offers("submit"),
            "there is time left"
        );
        app.pass(Span::minutes(2)).await;
        let code = shown(APP_KEY, app.clock.at());
        let late = carla.submit(page.press("submit").fill("code", &code)).await;
        assert!(late.words().contains("The time for this was up"), "{}", late.words());
        let home = carla.get(&way_back(&late)).await;
        assert_eq!(home.status, 403, "{}", home.words());
        let moves = carla.get(&app.halcyon.url("/move")).await.expect(200);
        assert!(!moves.words().contains("0.4 BTC"));
    });
}
