//! Every route against every role (IN-04): what the table says is what happens.

use readmit_core::command::Role;
use readmit_web::routes::{Needs, Verb};

use super::face::{Answer, Staffed};
use crate::{PASSWORD_ROUTES, ROUTES};

/// The route with its placeholders filled in: by things that do not exist.
fn filled(path: &str) -> String {
    path.replace("{reference}", "RC-7F3K-92QX")
        .replace("{id}", "00000000000000000000000000000001")
        .replace("{hash}", &"0".repeat(64))
        .replace("{token}", "made-up")
}

async fn ask(face: &Staffed, verb: Verb, path: &str, (cookie, token): &(String, String)) -> Answer {
    match verb {
        Verb::Get => face.get(&filled(path), cookie).await,
        Verb::Post => face.post(&filled(path), cookie, &[("token", token)]).await,
    }
}

#[actix_web::test]
async fn in_04_every_route_is_open_to_its_roles_and_to_nobody_else() {
    let face = Staffed::open(&[ROUTES]).await;
    for role in Role::ALL {
        let person = face.hire(role.code(), &[role]).await;
        for route in ROUTES {
            // A session each: some routes end it.
            let session = face.session(&person).await;
            let answer = ask(&face, route.method, route.path, &session).await;
            let may = match route.needs {
                Needs::Role(roles) => roles.contains(&role),
                _ => true,
            };
            let what = format!(
                "{} {} as {}: {}",
                route.method.name(),
                route.path,
                role.code(),
                answer.status
            );
            assert_eq!(!answer.is_forbidden(), may, "{what}");
            assert!(!answer.status.is_server_error(), "{what}");
        }
    }
}

#[actix_web::test]
async fn in_04_nobody_gets_anywhere_without_a_session() {
    let face = Staffed::open(&[ROUTES]).await;
    for route in ROUTES
        .iter()
        .filter(|route| matches!(route.needs, Needs::Role(_) | Needs::Staff))
    {
        let answer = ask(&face, route.method, route.path, &(String::new(), String::new())).await;
        match route.method {
            Verb::Get => assert_eq!(answer.location, "/sign-in", "{}", route.path),
            Verb::Post => assert_eq!(answer.status, 403, "{}", route.path),
        }
    }
}

/// SE-04: a form without its token, or with that of another session, changes nothing.
#[actix_web::test]
async fn se_04_every_form_wants_its_own_token() {
    let face = Staffed::open(&[ROUTES]).await;
    for role in Role::ALL {
        let person = face.hire(role.code(), &[role]).await;
        let (cookie, _) = face.session(&person).await;
        let (_, foreign) = face.session(&person).await;
        let forms = ROUTES
            .iter()
            .filter(|route| route.method == Verb::Post && !matches!(route.needs, Needs::Nothing | Needs::Link));
        for route in forms {
            for token in ["", &foreign] {
                let answer = face.post(&filled(route.path), &cookie, &[("token", token)]).await;
                assert!(answer.status.is_client_error(), "{}: {}", route.path, answer.status);
            }
        }
        assert_eq!(face.get("/me", &cookie).await.status, 200, "the session is still there");
    }
}

#[actix_web::test]
async fn in_04_a_lost_role_acts_on_the_next_request() {
    let face = Staffed::open(&[ROUTES]).await;
    let person = face.hire("mina", &[Role::Operator]).await;
    let (cookie, _) = face.session(&person).await;
    assert_eq!(face.get("/staff", &cookie).await.status, 200);
    let db = &face.app.db;
    db.person_set(person.id, &[Role::Reviewer], true, super::face::NOW)
        .await
        .unwrap_or_default();
    assert_eq!(face.get("/staff", &cookie).await.status, 403);
    assert_eq!(face.get("/", &cookie).await.status, 200);
    db.person_set(person.id, &[Role::Reviewer], false, super::face::NOW)
        .await
        .unwrap_or_default();
    assert_eq!(face.get("/", &cookie).await.location, "/sign-in");
    let refused = db.audit_page(None, 1).await.unwrap_or_default();
    let refused = refused
        .first()
        .map(|line| (line.row.what.to_string(), line.row.detail.to_string()));
    let wanted = (
        "access_refused".to_owned(),
        r#"{"method":"GET","route":"/staff"}"#.to_owned(),
    );
    assert_eq!(refused, Some(wanted), "AU-01");
}

/// PK-09: without the demo's table the password route does not exist, and the page does not offer it.
#[actix_web::test]
async fn pk_09_passwords_exist_only_where_their_table_is_mounted() {
    let everyday = Staffed::open(&[ROUTES]).await;
    assert_eq!(everyday.post("/sign-in/password", "", &[]).await.status, 404);
    assert!(!everyday.get("/sign-in", "").await.text.contains("type=\"password\""));
    let demo = Staffed::open(&[ROUTES, PASSWORD_ROUTES]).await;
    assert!(demo.get("/sign-in", "").await.text.contains("type=\"password\""));
}
