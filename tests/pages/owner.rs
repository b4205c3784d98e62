//! Stopping, taking back, coming back.

use readmit_core::case::{Outcome, Remedy};
use readmit_core::time::Span;

use crate::support::claimant::Recovery;
use crate::support::halcyon::Stop;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// RF-11, RF-09: every stored channel is told at once, each with a link that stops the case, without signing in, and only
/// after a second tap.
#[test]
fn rf_11_the_owner_stops_a_case_from_any_notice() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let link = app.stop_link(&ada.email).await;
        let sms = app.messages("+46313900605").await;
        assert!(!sms.is_empty(), "RF-09: the stored number is told as well");
        let page = Visitor::new().get(&link).await.expect(200);
        let path = page.url.path().to_owned();
        let untouched = Visitor::new().submit(page.form_to(&path)).await;
        assert_eq!(untouched.status, 422, "without the second tap: {}", untouched.words());
        assert_eq!(app.case(&reference).await.case.outcome, None);
        app.object(&link).await.expect(200);
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Vetoed));
        let told = app.messages(&ada.email).await;
        assert!(
            told.last().unwrap().text.contains(&reference),
            "RF-09: told of the veto"
        );
        assert!(app.factors("acc_ada").await.contains(&"passkey".to_owned()));
        let again = app.object(&link).await;
        assert!(again.words().contains("The request is stopped"), "{}", again.words());
    });
}

/// RF-09: the page after a stop says that somebody may know the password where it was proven in the case, and where whoever
/// began was signed in at the host; nowhere else.
#[test]
fn rf_09_a_stop_warns_of_a_known_password_where_it_was_proven() {
    Setup::default().run(async |app| {
        let mut femi = super::settings::settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let ada = Recovery::passkey().proven().at(app).await;
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        for (email, known) in [(&ada.email, true), (&ben.email, false), (&femi.email, true)] {
            let stopped = app.object(&app.stop_link(email).await).await.expect(200).words();
            assert!(stopped.contains("The request is stopped"), "{stopped}");
            assert_eq!(stopped.contains("may know your password"), known, "{email}: {stopped}");
            assert!(stopped.contains("Look at the devices that are signed in"), "{stopped}");
        }
        app.work().await;
    });
}

/// RF-12: a veto a microsecond, and a millisecond, before the cool-down ends wins; one after the remedy has been carried out
/// comes too late and says how to freeze the account. A restart in between, and two workers that come for the end of the
/// wait at the same moment, change nothing: the remedy is carried out once.
#[test]
fn rf_12_the_cool_down_ends_to_the_microsecond() {
    for (early, outcome) in [
        (Span(1_000), Outcome::Vetoed),
        (Span(1), Outcome::Vetoed),
        (Span::ZERO, Outcome::Approved),
    ] {
        Setup::default().strict().on_postgres().run(async |app| {
            let ada = Recovery::passkey().with_documents().at(app).await;
            let reference = ada.reference(app).await;
            let link = app.stop_link(&ada.email).await;
            let mut rina = app.signed_in("rina", readmit_core::command::Role::Reviewer).await;
            rina.takes_next(app).await;
            rina.approves().await;
            app.work().await;
            app.restart().await;
            let other = app.second_node().await;
            app.clock.pass(Span(Span::hours(24).0 - early.0));
            tokio::join!(app.work(), other.work());
            assert_eq!(app.case(&reference).await.case.outcome.is_some(), early == Span::ZERO);
            let told = app.object(&link).await;
            app.clock.pass(early);
            tokio::join!(app.work(), other.work());
            assert_eq!(app.case(&reference).await.case.outcome, Some(outcome));
            assert_eq!(
                told.words().contains("freeze your account"),
                outcome == Outcome::Approved,
                "{}",
                told.words()
            );
            assert_eq!(
                app.factors("acc_ada").await.contains(&"passkey".to_owned()),
                outcome == Outcome::Vetoed
            );
            assert_eq!(app.halcyon.remedies().len(), usize::from(outcome == Outcome::Approved));
            other.stop().await;
        });
    }
}

/// RF-11: between the point of no return and the host's answer a veto comes too late: it says so, and how to freeze the
/// account; the remedy is finished all the same, once.
#[test]
fn rf_11_a_veto_while_the_host_is_at_it_comes_too_late() {
    Setup::default().with_host_of_its_own().run(async |app| {
        app.restart_host(Some(Stop::AfterLock)).await;
        let ada = Recovery::passkey().with_answers().at(app).await;
        app.work().await;
        let reference = ada.reference(app).await;
        let case = app.case(&reference).await.case;
        assert_eq!((case.remedy, case.outcome), (Remedy::Begun, None));
        let link: reqwest::Url = app.stop_link(&ada.email).await.parse().unwrap();
        let shown = app.object(link.as_str()).await;
        let headers = [
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
            ("origin", link.origin().ascii_serialization()),
        ];
        let posted = Visitor::new()
            .send(reqwest::Method::POST, link, &headers, Some(b"sure=yes".to_vec()))
            .await;
        for told in [shown, posted] {
            assert!(told.words().contains("freeze your account"), "{}", told.words());
        }
        let case = app.case(&reference).await.case;
        assert_eq!((case.remedy, case.outcome), (Remedy::Begun, None));
        app.restart_host(None).await;
        app.pass(Span::hours(1)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
        assert_eq!(app.halcyon.remedies().len(), 1);
    });
}

#[test]
fn a_claimant_takes_the_request_back() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let page = ada.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        ada.visitor.submit(page.form_to("/case/withdraw")).await.expect(200);
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Withdrawn));
        app.work().await;
    });
}

/// SE-06: coming back takes the reference and a code of 80 bits to the proven address, however it is typed; in the right hands
/// it opens the case, once. What cannot be a code costs no try; five wrong ones end the visit, and the code with it.
#[test]
fn se_06_coming_back_takes_a_code() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let elsewhere = Visitor::new();
        let ask = asks_to_come_back(app, &elsewhere, &reference).await;
        let before = ask.words();
        assert!(!before.contains(&ada.email), "{before}");
        let none = types(&elsewhere, &ask, "000000").await.expect(422);
        assert!(none.words().contains("did not use up a try"), "{}", none.words());
        let wrong = types(&elsewhere, &none, "0000-0000-0000-0000").await.expect(422);
        assert!(wrong.words().contains("4 tries"), "{}", wrong.words());
        let code = ada.return_code(app).await;
        let right = types(&elsewhere, &wrong, &code.to_lowercase().replace('-', " "))
            .await
            .expect(200);
        assert_eq!(right.url.path(), "/case");
        assert!(right.words().contains(&reference), "{}", right.words());

        let again = Visitor::new();
        let ask = asks_to_come_back(app, &again, &reference).await;
        let used = types(&again, &ask, &code).await.expect(422);
        assert_eq!(used.url.path(), "/continue/code", "a code is good once");
        let mut page = used;
        for _ in 0..4 {
            page = types(&again, &page, "0000-0000-0000-0000").await.expect(422);
        }
        let code = ada.return_code(app).await;
        let late = types(&again, &page, &code).await.expect(422);
        assert!(late.words().contains("tried too often"), "{}", late.words());
    });
}

async fn asks_to_come_back(app: &Installation, visitor: &Visitor, reference: &str) -> Page {
    let page = visitor.get(&app.recover("/continue")).await.expect(200);
    let form = page.form_to("/continue").fill("reference", reference);
    visitor.submit(form).await.expect(200)
}

async fn types(visitor: &Visitor, page: &Page, code: &str) -> Page {
    visitor.submit(page.form_to("/continue/code").fill("code", code)).await
}
