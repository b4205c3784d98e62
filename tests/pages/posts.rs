//! What forms must survive: no session, no token, another's token, another site, nothing filled in, twice, too late.

use readmit_web::routes::Needs;
use reqwest::Method;

use crate::support::claimant::Recovery;
use crate::support::installation::Setup;
use crate::support::routes::{Shape, shapes};
use crate::support::visitor::Visitor;

fn posts() -> impl Iterator<Item = Shape> {
    shapes().into_iter().filter(|shape| shape.method == Method::POST)
}

/// SE-04: no route that changes something does so for a stranger, for another site's page, without a token or with
/// another's. Nothing in the database is another afterwards, but for audit rows and sessions.
#[test]
fn se_04_no_post_acts_without_its_own_token() {
    Setup::default().on_postgres().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let other = Recovery::passkey().of("ben@example.com").proven().at(app).await;
        let reviewer = app
            .signed_in("rina", readmit_core::command::Role::Reviewer)
            .await
            .visitor;
        let foreign = other
            .page
            .forms()
            .iter()
            .find_map(|form| value_of(form, "token"))
            .unwrap();
        app.work().await;
        let before = app.contents();
        for shape in posts() {
            let url = app.place.on(shape.face, &shape.path);
            let own = ("origin", url.origin().ascii_serialization());
            for (visitor, whose) in [
                (&Visitor::new(), "a stranger"),
                (&ada.visitor, "a claimant"),
                (&reviewer, "a reviewer"),
            ] {
                for (body, site, what) in [
                    (String::new(), "same-origin", "nothing filled in"),
                    ("verb=submit&run=1".to_owned(), "same-origin", "no token"),
                    (
                        format!("token={foreign}&verb=submit&run=1&agree=yes"),
                        "same-origin",
                        "another's token",
                    ),
                    (
                        format!("token={foreign}&verb=submit&run=1&agree=yes"),
                        "cross-site",
                        "another site",
                    ),
                ] {
                    let headers = [
                        ("content-type", "application/x-www-form-urlencoded".to_owned()),
                        ("sec-fetch-site", site.to_owned()),
                        own.clone(),
                    ];
                    let page = visitor
                        .send(Method::POST, url.clone(), &headers, Some(body.into_bytes()))
                        .await;
                    let status = page.status.as_u16();
                    let turned_away = (400..500).contains(&status) || status == 303;
                    assert!(
                        turned_away,
                        "{whose}, {what}: {} {} answered {status}: {}",
                        shape.method,
                        shape.path,
                        page.words()
                    );
                }
            }
        }
        app.assert_holds_the_same(&before);
    });
}

/// SE-04: the right token in the right session is not enough when another site's page sends it.
#[test]
fn se_04_another_sites_page_cannot_use_a_right_token() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let page = ada.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        let refused = ada
            .visitor
            .submit(page.form_to("/case/withdraw").posted_elsewhere())
            .await;
        assert_eq!(refused.status, 403, "{}", refused.words());
        assert_eq!(app.case(&reference).await.case.outcome, None);
    });
}

/// IN-04, AU-01: what needs somebody shows nothing to nobody; the routes say who, and the answer holds them to it.
#[test]
fn what_needs_somebody_is_not_shown_to_nobody() {
    Setup::default().run(async |app| {
        for shape in shapes().into_iter().filter(|shape| shape.needs != Needs::Nothing) {
            let page = Visitor::new()
                .send(shape.method.clone(), app.place.on(shape.face, &shape.path), &[], None)
                .await;
            let link = shape.needs == Needs::Link && page.status == 200;
            let what = format!("{} {} answered {}", shape.method, shape.path, page.status);
            assert!(page.status != 200 || link, "{what}: {}", page.words());
            assert!(
                !link || page.forms().is_empty(),
                "{what}: a link of nothing offers nothing"
            );
        }
    });
}

fn value_of(form: &crate::support::html::Form, name: &str) -> Option<String> {
    form.fields
        .iter()
        .find(|(there, _)| there == name)
        .map(|(_, value)| value.clone())
}

/// SE-04, RF-11: a GET changes nothing, whoever asks and however often; mail scanners follow every link.
#[test]
fn se_04_no_get_changes_anything() {
    Setup::default().on_postgres().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reviewer = app
            .signed_in("rina", readmit_core::command::Role::Reviewer)
            .await
            .visitor;
        let stop = app.stop_link(&ada.email).await;
        let before = app.contents();
        for visitor in [&Visitor::new(), &ada.visitor, &reviewer] {
            for shape in shapes().into_iter().filter(|shape| shape.method == Method::GET) {
                visitor
                    .send(Method::GET, app.place.on(shape.face, &shape.path), &[], None)
                    .await;
                visitor
                    .send(Method::HEAD, app.place.on(shape.face, &shape.path), &[], None)
                    .await;
            }
            for _ in 0..50 {
                visitor.get(&stop).await.expect(200);
            }
        }
        app.assert_holds_the_same(&before);
    });
}

/// A doubled submit is one submit: the same page, one commit.
#[test]
fn rf_06_a_form_posted_twice_is_posted_once() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().with_password().at(app).await;
        let code = ada.code(app).await;
        let form = ada.page.press("submit").fill("code", &code);
        let first = ada
            .visitor
            .send(Method::POST, form.target.clone(), &form.headers(), Some(form.body()))
            .await;
        let reference = ada.reference(app).await;
        let version = app.case(&reference).await.case.version;
        let second = ada
            .visitor
            .send(Method::POST, form.target.clone(), &form.headers(), Some(form.body()))
            .await;
        assert_eq!(first.status, second.status);
        assert_eq!(first.header("location"), second.header("location"));
        assert_eq!(app.case(&reference).await.case.version, version);
        ada.looks(app).await;
    });
}

/// RF-06: a page of a step that is over says so, and how to go on; it changes nothing.
#[test]
fn rf_06_a_stale_page_changes_nothing() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().with_password().at(app).await;
        let old = ada.page.press("submit").fill("code", "000000");
        ada.looks(app).await;
        ada.types_code(app).await;
        let reference = ada.reference(app).await;
        let version = app.case(&reference).await.case.version;
        let page = ada.visitor.submit(old).await;
        assert_eq!(page.status, 409, "{}", page.words());
        assert!(!page.links().is_empty(), "the page leads on: {}", page.words());
        assert_eq!(app.case(&reference).await.case.version, version);
    });
}
