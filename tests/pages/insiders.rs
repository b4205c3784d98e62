//! What somebody with a right session and a right token can do to a wait, a lock or a factor: nothing, by any route.

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::ids::AccountId;
use readmit_core::time::Span;
use readmit_web::origins::Face;
use readmit_web::routes::{Route, Verb};
use reqwest::Method;

use crate::support::claimant::Recovery;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::Visitor;

const ACCOUNT: &str = "acc_ben";

/// Whatever any form of ours calls a field, with a value that would do the most.
const FIELDS: &str = "verb=submit&sure=yes&run=1&verdict=approve&reason=other&reject_reason=not_owner&ask_reason=other\
                      &note=now&words=now&text=now&why=now&field=email&task=00000000-0000-0000-0000-000000000000&fence=1\
                      &to=rina&name=mallory&role=operator&factor=passkey&until=2020-01-01T00:00:00Z&not_before=0&for=0s\
                      &wait=0s&lock_withdrawals_seconds=0&locked_until=2020-01-01T00:00:00Z&email=mallory@example.com\
                      &phone=%2B447700900999&code=000000&contact=email&workflow=passkey-reset&reference=";

/// Every POST of a face, with the case's reference in its place; not what ends the session itself, nor the claimant's own
/// withdrawal.
fn posts(tables: &[&[Route]], reference: &str) -> Vec<String> {
    let routes = tables.iter().flat_map(|table| table.iter());
    let posts = routes.filter(|route| route.method == Verb::Post);
    let own = ["/sign-out", "/leave", "/case/withdraw"];
    posts
        .filter(|route| !own.contains(&route.path))
        .map(|route| {
            let path = route
                .path
                .replace("{reference}", reference)
                .replace("{workflow}", "bind-passkey");
            let parts = path.split('/').map(|part| match part.starts_with('{') {
                true => "00000000000000000000000000000000",
                false => part,
            });
            parts.collect::<Vec<_>>().join("/")
        })
        .collect()
}

/// Posts to every one of the paths, each time with a token that the visitor's own page at `home` has just been given.
async fn tries_all(app: &Installation, visitor: &Visitor, face: Face, home: &str, paths: &[String], reference: &str) {
    for path in paths {
        let page = visitor.get(app.place.on(face, home).as_str()).await.expect(200);
        let mut tokens = page.every_form().into_iter();
        let token = tokens
            .find_map(|form| form.value("token").map(str::to_owned))
            .expect("no form");
        let headers = [
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
        ];
        let body = format!("token={token}&{FIELDS}{reference}");
        let url = app.place.on(face, path);
        let answer = visitor.send(Method::POST, url, &headers, Some(body.into_bytes())).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.words());
    }
}

/// Until when the case waits, whether the account is locked at the host, and what factors it has, down to their secrets.
async fn stands(app: &Installation, reference: &str) -> String {
    let case = app.case(reference).await.case;
    let factors = app.wired.db.factors(&AccountId(ACCOUNT.into())).await.unwrap();
    let locked = app.halcyon.books()["accounts"][ACCOUNT]["locked_until"].clone();
    format!("{:?} {} {locked} {factors:?}", case.status(), case.state)
}

/// RF-13, IN-07: every role, and the claimant, posts to every route there is, with a right token and whatever a field may be
/// called, while the case waits and after its effect: the end of the wait, the lock at the host and the account's factors
/// stay as they are. A wait ends when it ends.
#[test]
fn rf_13_no_route_and_no_role_shortens_a_wait_lifts_a_lock_or_touches_a_factor() {
    Setup::default().strict().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.approves().await;
        app.work().await;
        let staff = posts(
            &[readmit_reviewer_ui::ROUTES, readmit_reviewer_ui::EVIDENCE_ROUTES],
            &reference,
        );
        let claimant = posts(&[readmit_claimant_ui::ROUTES], &reference);
        assert!(staff.len() >= 20 && claimant.len() >= 10, "{staff:?} {claimant:?}");
        let mut people = Vec::new();
        for role in Role::ALL {
            people.push(app.signed_in(&format!("{}-2", role.code()), role).await.visitor);
        }
        for status in [CaseStatus::CoolingDown, CaseStatus::Closed] {
            assert_eq!(app.case(&reference).await.case.status(), status);
            let before = stands(app, &reference).await;
            for person in &people {
                tries_all(app, person, Face::Staff, "/me", &staff, &reference).await;
            }
            if status == CaseStatus::CoolingDown {
                tries_all(
                    app,
                    &ben.visitor,
                    Face::Claimant,
                    "/case/withdraw",
                    &claimant,
                    &reference,
                )
                .await;
            }
            assert_eq!(stands(app, &reference).await, before, "{status:?}");
            if status == CaseStatus::CoolingDown {
                app.pass(Span(Span::hours(24).0 - 1)).await;
                assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
                app.pass(Span(1)).await;
                assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
                assert!(app.halcyon.books()["accounts"][ACCOUNT]["locked_until"].is_string());
                for (person, role) in people.iter_mut().zip(Role::ALL) {
                    *person = app.signed_in(&format!("{}-3", role.code()), role).await.visitor;
                }
            }
        }
        app.work().await;
    });
}
