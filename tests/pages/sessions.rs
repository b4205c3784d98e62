//! How long somebody stays signed in (SE-02), and what is cleared when they leave (SE-05).

use readmit_core::command::Role;
use readmit_core::time::Span;
use reqwest::Method;

use super::settings::settings;
use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::Visitor;

/// What a page sends that asks for itself while pictures are read.
const WATCH: (&str, &str) = ("x-readmit-watch", "1");
const WATCHER: &str = include_str!("../../web/assets/evidence.js");

/// SE-02: a claimant's session ends after a day, however busy.
#[test]
fn se_02_a_claimants_session_ends_after_a_day_in_all() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let at = app.recover("/case");
        for _ in 0..47 {
            app.clock.pass(Span::minutes(30));
            ada.visitor.get(&at).await.expect(200);
        }
        app.clock.pass(Span(Span::minutes(30).0 - 1));
        ada.visitor.get(&at).await.expect(200);
        app.clock.pass(Span(1));
        ada.visitor.get(&at).await.expect(403);
        app.work().await;
    });
}

/// SE-02: an hour of rest ends it too, and a page that is left open while pictures are read rests.
#[test]
fn se_02_a_page_that_watches_is_no_use_of_a_session() {
    assert!(
        WATCHER.contains(&format!(
            "fetch(\"/case\", {{ headers: {{ \"{}\": \"{}\" }} }})",
            WATCH.0, WATCH.1
        )),
        "the page's script says that it watches"
    );
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let at: reqwest::Url = app.recover("/case").parse().unwrap();
        let watched = async || {
            let headers = [(WATCH.0, WATCH.1.to_owned())];
            ada.visitor.send(Method::GET, at.clone(), &headers, None).await
        };
        for _ in 0..5 {
            app.clock.pass(Span::minutes(10));
            watched().await.expect(200);
        }
        app.clock.pass(Span::minutes(10));
        watched().await.expect(403);
        app.work().await;
    });
}

/// SE-02: staff are signed out after fifteen minutes, though the page keeps its claim alive; the claim itself is kept.
#[test]
fn se_02_a_heartbeat_keeps_the_claim_and_not_the_session() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let text = rina.page.text();
        let held = |name: &str| {
            let (_, rest) = text
                .split_once(&format!("data-{name}=\""))
                .unwrap_or_else(|| panic!("no {name}"));
            rest.split('"').next().unwrap().to_owned()
        };
        let url: reqwest::Url = app.staff(&held("claim")).parse().unwrap();
        let body = format!("token={}&task={}&fence={}", held("token"), held("task"), held("fence"));
        let headers = [
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
        ];
        for _ in 0..2 {
            app.clock.pass(Span::minutes(7));
            let beat = rina
                .visitor
                .send(Method::POST, url.clone(), &headers, Some(body.clone().into_bytes()))
                .await;
            assert!(beat.status.is_success(), "{} {}", beat.status, beat.words());
        }
        let claim = app
            .case(&reference)
            .await
            .case
            .task
            .unwrap()
            .claim
            .expect("the claim is kept");
        assert_eq!(claim.person, rina.person);
        app.clock.pass(Span::minutes(1));
        let page = rina.visitor.get(&app.staff("/")).await;
        assert_eq!(page.url.path(), "/sign-in", "{}", page.words());
        app.work().await;
    });
}

/// SE-05, SE-01: whoever leaves takes what the browser kept with them, and the session's name is worth nothing.
#[test]
fn se_05_leaving_clears_what_the_browser_kept() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let rina = app.signed_in("rina", Role::Reviewer).await;
        let leave = ada
            .visitor
            .get(&app.recover("/leave"))
            .await
            .expect(200)
            .form_to("/leave");
        let out = rina
            .visitor
            .get(&app.staff("/me"))
            .await
            .expect(200)
            .form_to("/sign-out");
        for (visitor, form, home) in [
            (&ada.visitor, leave, app.recover("/case")),
            (&rina.visitor, out, app.staff("/me")),
        ] {
            let thief = visitor.copy();
            let (headers, body) = (form.headers(), form.body());
            let answer = visitor.send(Method::POST, form.target, &headers, Some(body)).await;
            assert!(answer.status.as_u16() < 400, "{} {}", answer.status, answer.words());
            assert_eq!(
                answer.header("clear-site-data"),
                Some("\"cache\", \"storage\""),
                "{home}"
            );
            let page = thief.get(&home).await;
            assert!(page.status == 403 || page.url.path() == "/sign-in", "{}", page.words());
        }
        app.work().await;
    });
}

/// Comes back to a case with its reference and the code from the mail.
async fn comes_back(app: &mut Installation, email: &str, reference: &str) -> Claimant {
    let visitor = Visitor::new();
    let ask = visitor.get(&app.recover("/continue")).await.expect(200);
    let form = ask.form_to("/continue").fill("reference", reference);
    let page = visitor.submit(form).await.expect(200);
    let mut somebody = Claimant {
        visitor,
        email: email.into(),
        page,
    };
    let code = somebody.return_code(app).await;
    let form = somebody.page.form_to("/continue/code").fill("code", &code);
    somebody.page = somebody.visitor.submit(form).await;
    somebody
}

/// SE-01, RF-16: what the host let in before the account was signed out is over also for who comes back to it by mail, before
/// and afterwards. A recovery is come back to as ever.
#[test]
fn se_01_a_change_is_not_come_back_to_after_a_sign_out() {
    Setup::default().run(async |app| {
        let email = "femi@example.com";
        let mut femi = settings(app, email).await;
        femi.begins(app, "bind-totp").await;
        app.work().await;
        let reference = app.halcyon.reference(email).await;
        let before = comes_back(app, email, &reference).await;
        assert_eq!(before.page.status, 200, "{}", before.page.words());
        let under_way = before.page.press("submit").fill("code", "123456");
        app.pass(Span::seconds(1)).await;
        let account = femi.visitor.get(&app.halcyon.url("/account")).await.expect(200);
        femi.visitor.submit(account.form_to("/sign-out")).await.expect(200);

        let page = before.visitor.get(&app.recover("/case")).await;
        assert_eq!(page.status, 403, "{}", page.words());
        let late = before.visitor.submit(under_way).await;
        assert_eq!(late.status, 403, "{}", late.words());
        let after = comes_back(app, email, &reference).await;
        assert_eq!(after.page.status, 403, "{}", after.page.words());
        assert!(!app.factors("acc_femi").await.contains(&"totp".to_owned()));
        app.work().await;
    });
}
