//! Text messages through the gateway's real client: it fails, it tells what became of a message, and it is not believed.

use readmit_core::command::Role;
use readmit_core::time::Span;

use super::step_up::asks;
use crate::support::claimant::code_in;
use crate::support::installation::{Installation, SAVED_CODE, Setup};
use crate::support::texts::{Answer, Call};
use crate::support::visitor::{Page, Visitor};

/// Ada at the page that offers a code by text message.
async fn at_the_phone(app: &Installation) -> (Visitor, Page) {
    let ada = app.signed_in_owner("ada@example.com").await;
    let page = asks(app, &ada, "0.3").await;
    let page = ada.submit(page.press("switch").with("method", "sms")).await.expect(200);
    (ada, page)
}

async fn again(ada: &Visitor, page: &Page) -> Page {
    ada.get(page.url.as_str()).await.expect(200)
}

async fn operations(app: &Installation) -> (Visitor, Page) {
    let operator = app.signed_in("olu", Role::Operator).await;
    let page = operator.visitor.get(&app.staff("/operations")).await.expect(200);
    (operator.visitor, page)
}

/// WH-06: what the gateway tells is believed when it is signed, of these minutes and new; the claimant hears that a message did
/// not arrive, and its code fits all the same.
#[test]
fn wh_06_a_message_that_did_not_arrive_is_told_of() {
    Setup::default().on_postgres().with_gateway().run(async |app| {
        let (ada, page) = at_the_phone(app).await;
        let page = ada.submit(page.press("send")).await.expect(200);
        app.work().await;
        let first = code_in(&app.gateway().last_text()).unwrap();
        app.plant(&first);

        let lost = || Call::of(1, "undelivered");
        let mut old = lost();
        old.at -= 301;
        assert_eq!(old.to(app).await, 401, "skew");
        let mut early = lost();
        early.at += 360;
        assert_eq!(early.to(app).await, 401, "skew");
        let mut forged = lost();
        forged.secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(forged.to(app).await, 401);
        assert_eq!(Call::of(9, "undelivered").to(app).await, 404, "of no message of ours");
        assert_eq!(Call::of(1, "queued").to(app).await, 204, "says nothing yet");
        app.work().await;
        assert!(!again(&ada, &page).await.words().contains("did not arrive"));

        let mut told = lost();
        told.body["error"] = "30003".into();
        assert_eq!(told.to(app).await, 204);
        assert_eq!(told.to(app).await, 409, "the same call again");
        assert_eq!(lost().to(app).await, 409, "the same news again");
        app.work().await;
        let page = again(&ada, &page).await;
        assert!(page.words().contains("This message did not arrive"), "{}", page.words());
        assert!(page.offers("switch"), "another way is there");
        let (_, operations) = operations(app).await;
        assert!(
            operations.words().contains("not delivered (30003)"),
            "{}",
            operations.words()
        );

        let page = ada.submit(page.press("send")).await.expect(200);
        app.work().await;
        let second = code_in(&app.gateway().last_text()).unwrap();
        app.plant(&second);
        assert_eq!(Call::of(2, "delivered").to(app).await, 204);
        assert_eq!(
            Call::of(2, "undelivered").to(app).await,
            409,
            "what arrived has arrived"
        );
        app.work().await;
        let page = again(&ada, &page).await;
        assert!(!page.words().contains("did not arrive"), "{}", page.words());
        let done = ada.submit(page.press("submit").fill("code", &second)).await.expect(200);
        assert!(done.words().contains("Confirmed"), "{}", done.words());
    });
}

/// A gateway that is slow, away or overloaded is asked again with growing waits, and the message goes out once; the code is the
/// same however often it was tried.
#[test]
fn a_gateway_that_stumbles_is_asked_again() {
    Setup::default().with_gateway().run(async |app| {
        let (ada, page) = at_the_phone(app).await;
        let gateway = app.gateway();
        gateway.answers(&[Answer::Status(503), Answer::Never, Answer::Status(429)]);
        let page = ada.submit(page.press("send")).await.expect(200);
        app.work().await;
        app.work().await;
        assert_eq!(app.gateway().requests().len(), 1, "a wait comes before the next try");
        for tries in 2..=4 {
            app.pass(Span::seconds(20)).await;
            assert_eq!(app.gateway().requests().len(), tries);
        }
        app.pass(Span::minutes(2)).await;
        let requests = app.gateway().requests();
        assert_eq!(requests.len(), 4, "it was taken");
        assert!(requests.iter().all(|request| *request == requests[0]), "{requests:?}");
        let code = code_in(&app.gateway().last_text()).unwrap();
        app.plant(&code);
        let done = ada.submit(page.press("submit").fill("code", &code)).await.expect(200);
        assert!(done.words().contains("Confirmed"), "{}", done.words());
    });
}

/// A gateway that says no, or stays away: the claimant is told and takes another way; the operator finds the dead letter and
/// tries it again, which sends nothing that is too old.
#[test]
fn a_message_that_cannot_be_sent_is_told_and_is_a_dead_letter() {
    Setup::default().with_gateway().run(async |app| {
        let carla = app.signed_in_owner("carla@example.com").await;
        let page = asks(app, &carla, "0.3").await;
        let page = carla
            .submit(page.press("switch").with("method", "sms"))
            .await
            .expect(200);
        app.gateway().answers(&[Answer::Status(400)]);
        let page = carla.submit(page.press("send")).await.expect(200);
        app.work().await;
        let page = again(&carla, &page).await;
        assert!(page.words().contains("could not be sent"), "{}", page.words());

        app.gateway().stop().await;
        let page = carla.submit(page.press("send")).await.expect(200);
        for _ in 0..6 {
            app.pass(Span::minutes(1)).await;
        }
        let page = again(&carla, &page).await;
        assert!(page.words().contains("could not be sent"), "{}", page.words());
        app.gateway().start_again();

        let page = carla
            .submit(page.press("switch").with("method", "recovery_code"))
            .await
            .expect(200);
        let done = carla
            .submit(page.press("submit").fill("code", SAVED_CODE))
            .await
            .expect(200);
        assert!(done.words().contains("Confirmed"), "{}", done.words());

        let (operator, mut page) = operations(app).await;
        for why in ["the SMS gateway said 400", "look at the SIM card got no answer"] {
            assert!(page.words().contains(why), "{}", page.words());
        }
        for _ in 0..2 {
            let retry = page
                .forms()
                .into_iter()
                .find(|form| form.action.contains("/retry"))
                .unwrap()
                .action;
            page = operator.submit(page.form_to(&retry)).await.expect(200);
        }
        app.work().await;
        // The one that was refused, and the notice that a saved code was used.
        assert_eq!(app.gateway().requests().len(), 2, "what is too old is not sent");
        assert_eq!(code_in(&app.gateway().last_text()), None);
    });
}

/// OT-06: a number whose SIM card changed two days ago gets no code; another way is asked for, and the case has the signal. One
/// that changed a month ago is as good as any.
#[test]
fn ot_06_a_sim_card_that_changed_lately_gets_no_code() {
    Setup::default().with_gateway().run(async |app| {
        let (ada, page) = at_the_phone(app).await;
        let lately = (app.clock.at() - Span::days(2)).rfc3339();
        app.gateway().sim_changed(Some(lately));
        let page = ada.submit(page.press("send")).await.expect(200);
        app.work().await;
        assert!(app.gateway().requests().is_empty(), "nothing was sent");
        let page = again(&ada, &page).await;
        assert!(
            page.words().contains("SIM card behind your number was changed"),
            "{}",
            page.words()
        );
        assert!(page.words().contains("Use your passkey"), "{}", page.words());
        assert!(!page.text().contains("value=\"sms\""), "it is offered no more");

        let (ben, page) = {
            let ben = app.signed_in_owner("ben@example.com").await;
            let page = asks(app, &ben, "0.01").await;
            let page = ben.submit(page.press("switch").with("method", "sms")).await.expect(200);
            (ben, page)
        };
        let long_ago = (app.clock.at() - Span::days(30)).rfc3339();
        app.gateway().sim_changed(Some(long_ago));
        ben.submit(page.press("send")).await.expect(200);
        app.work().await;
        let code = code_in(&app.gateway().last_text()).unwrap();
        app.plant(&code);
    });
}
