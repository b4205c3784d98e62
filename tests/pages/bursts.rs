//! One right code, posted fifty times at once, each time by a form of its own: it counts once.

use readmit_core::case::{Class, Outcome};
use readmit_core::event::Event;
use readmit_core::ids::CaseId;
use reqwest::Method;

use super::limits::case_of;
use super::settings::{settings, shown};
use super::step_up::asks;
use crate::support::claimant::{Recovery, code_in};
use crate::support::installation::{APP_KEY, Installation, SAVED_CODE, Setup};
use crate::support::visitor::Visitor;

/// Posts a code fifty times at once, from these people's pages in turn; none is told of a fault of ours.
async fn fifty(app: &Installation, people: &[Visitor], code: &str) {
    let mut forms = Vec::new();
    for visitor in people.iter().cycle().take(50) {
        let page = visitor.get(&app.recover("/case")).await.expect(200);
        forms.push((visitor.copy(), page.press("submit").fill("code", code)));
    }
    let mut posts = tokio::task::JoinSet::new();
    for (visitor, form) in forms {
        posts.spawn(async move {
            let (headers, body) = (form.headers(), form.body());
            visitor.send(Method::POST, form.target, &headers, Some(body)).await
        });
    }
    for page in posts.join_all().await {
        let status = page.status.as_u16();
        assert!(
            [303, 403, 409, 422, 429, 503].contains(&status),
            "{status}: {}",
            page.words()
        );
    }
}

/// How often a step of the case was passed.
async fn passed(app: &Installation, case: CaseId) -> usize {
    let entries = app.wired.db.timeline(case).await.unwrap();
    let events = entries.iter().flat_map(|(_, entry)| &entry.events);
    events
        .filter(|event| matches!(event, Event::Left { outcome, .. } if outcome == "passed"))
        .count()
}

/// OT-02: the code of a mail.
#[test]
fn ot_02_a_mailed_code_posted_fifty_times_counts_once() {
    Setup::default().on_postgres().run(async |app| {
        let ada = Recovery::passkey().with_password().at(app).await;
        let code = ada.code(app).await;
        let case = case_of(app, &ada.visitor).await;
        assert_eq!(passed(app, case).await, 0);
        fifty(app, std::slice::from_ref(&ada.visitor), &code).await;
        assert_eq!(passed(app, case).await, 1);
        assert!(app.opened(case).await.case.proven.is_some());
        let told = app.messages("ada@example.com").await;
        let started = told.iter().filter(|mail| mail.text.contains("/stop/"));
        assert_eq!(started.count(), 1, "told once");
        app.work().await;
    });
}

/// OT-02: the code of a text message, which binds one number.
#[test]
fn ot_02_a_texted_code_posted_fifty_times_counts_once() {
    Setup::default().with_a_newcomer().on_postgres().run(async |app| {
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-mobile").await;
        let form = femi.page.press("send").fill("number", "+44 7400 123456");
        femi.page = femi.visitor.submit(form).await.expect(200);
        let code = code_in(&app.messages("+447400123456").await.last().unwrap().text).unwrap();
        app.plant(&code);
        let case = case_of(app, &femi.visitor).await;
        let before = passed(app, case).await;
        fifty(app, std::slice::from_ref(&femi.visitor), &code).await;
        assert_eq!(passed(app, case).await, before + 1);
        femi.page = femi.visitor.get(&app.recover("/case")).await.expect(200);
        femi.saves_none().await;
        assert_eq!(app.factors("acc_femi").await, ["phone"]);
        app.work().await;
    });
}

/// TO-02: the code of an app, over five requests of its account: one is confirmed, the others are not.
#[test]
fn to_02_an_apps_code_posted_fifty_times_confirms_once() {
    confirms_once("totp", |app| shown(APP_KEY, app.clock.at()));
}

/// SC-01: a recovery code, likewise: it is used up by the first.
#[test]
fn sc_01_a_recovery_code_posted_fifty_times_confirms_once() {
    confirms_once("recovery_code", |app| {
        app.plant(SAVED_CODE);
        SAVED_CODE.to_owned()
    });
}

fn confirms_once(method: &str, code: impl Fn(&mut Installation) -> String) {
    Setup::default().on_postgres().run(async |app| {
        let mut browsers = Vec::new();
        for n in 1..=5 {
            let carla = app.signed_in_owner("carla@example.com").await;
            let page = asks(app, &carla, &format!("0.{n}")).await;
            let form = page.press("switch").with("method", method);
            carla.submit(form).await.expect(200);
            browsers.push(carla);
        }
        let code = code(app);
        fifty(app, &browsers, &code).await;
        let cases = app.wired.db.recent_cases(Default::default(), None, 20).await.unwrap();
        let step_ups = cases.iter().filter(|case| case.class == Class::StepUp);
        let confirmed = step_ups.filter(|case| case.outcome == Some(Outcome::Approved));
        assert_eq!(confirmed.count(), 1);
        app.work().await;
    });
}
