//! Signing in, by passkey and by password, as a browser does it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::command::Role;
use serde_json::{Value, json};
use webauthn_authenticator_rs::WebauthnAuthenticator as _;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;
use webauthn_rs::prelude::Url;

use super::face::{Answer, NOW, ORIGIN, Staffed};
use crate::{PASSWORD_ROUTES, ROUTES, hash_password, invite};

/// Makes a first passkey through a link; the answer of the second call.
async fn enrol(face: &Staffed, link: &str, device: &mut SoftPasskey) -> Answer {
    let page = face.get(link, "").await;
    let (guest, token) = (page.cookie("__Host-guest").unwrap(), page.token());
    let asked = face
        .post_json(&format!("{link}/options"), &guest, &json!({"token": token}))
        .await
        .json();
    let mut options: webauthn_rs::prelude::CreationChallengeResponse =
        serde_json::from_value(asked["options"].clone()).unwrap();
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.require_resident_key = false;
    }
    let answer = device.do_registration(Url::parse(ORIGIN).unwrap(), options).unwrap();
    let body = json!({"token": token, "ceremony": asked["ceremony"], "answer": answer, "label": "Laptop"});
    face.post_json(&format!("{link}/passkey"), &guest, &body).await
}

/// The second call of a sign-in with this passkey, and the browser's cookie.
async fn prove(face: &Staffed, device: &mut SoftPasskey, person: &readmit_storage::Person) -> (String, Value) {
    let page = face.get("/sign-in", "").await;
    let (guest, token) = (page.cookie("__Host-guest").unwrap(), page.token());
    let asked = face
        .post_json("/sign-in/options", &guest, &json!({"token": token}))
        .await
        .json();
    let mut options: webauthn_rs::prelude::RequestChallengeResponse =
        serde_json::from_value(asked["options"].clone()).unwrap();
    let stored = face.app.db.passkeys(person.id).await.unwrap();
    let known = json!({"type": "public-key", "id": stored[0].body["cred"]["cred_id"]});
    options.public_key.allow_credentials = vec![serde_json::from_value(known).unwrap()];
    let mut answer = device.do_authentication(Url::parse(ORIGIN).unwrap(), options).unwrap();
    answer.response.user_handle = Some(person.id.0.as_bytes().to_vec());
    (
        guest,
        json!({"token": token, "ceremony": asked["ceremony"], "answer": answer}),
    )
}

#[actix_web::test]
async fn pk_01_an_invitation_makes_one_passkey_and_signs_in() {
    let face = Staffed::open(&[ROUTES]).await;
    let person = face.hire("mina", &[Role::Reviewer]).await;
    let link = invite(&face.app.db, person.id, NOW);
    let answer = enrol(&face, &link, &mut SoftPasskey::new(true)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({"to": "/"})),
        "{}",
        answer.text
    );
    let session = answer.cookie("__Host-staff").unwrap();
    assert!(face.get("/me", &session).await.text.contains("Laptop"));
    assert_eq!(face.get(&link, "").await.status, 404, "the link is used up");
}

#[actix_web::test]
async fn pk_03_an_answer_signs_in_once_and_only_in_its_own_browser() {
    let face = Staffed::open(&[ROUTES]).await;
    let person = face.hire("mina", &[Role::Reviewer]).await;
    let mut device = SoftPasskey::new(true);
    enrol(&face, &invite(&face.app.db, person.id, NOW), &mut device).await;

    let (guest, body) = prove(&face, &mut device, &person).await;
    let other = face.get("/sign-in", "").await;
    let mut elsewhere = body.clone();
    elsewhere["token"] = other.token().into();
    let stolen = face
        .post_json("/sign-in/passkey", &other.cookie("__Host-guest").unwrap(), &elsewhere)
        .await;
    assert_eq!(stolen.status, 403, "another browser");

    let (first, again) = (
        face.post_json("/sign-in/passkey", &guest, &body).await,
        face.post_json("/sign-in/passkey", &guest, &body).await,
    );
    assert_eq!(
        (first.status.as_u16(), again.status.as_u16()),
        (200, 403),
        "{}",
        first.text
    );
    assert!(again.cookie("__Host-staff").is_none());
    let audit = face.app.db.audit_page(None, 10).await.unwrap();
    let what: Vec<String> = audit.into_iter().map(|line| line.row.what.into_owned()).collect();
    assert!(
        what.contains(&"signed_in".to_owned()) && what.contains(&"sign_in_refused".to_owned()),
        "{what:?}"
    );
}

#[actix_web::test]
async fn pk_04_a_copied_passkey_is_refused_and_recorded() {
    let face = Staffed::open(&[ROUTES]).await;
    let person = face.hire("mina", &[Role::Reviewer]).await;
    let mut device = SoftPasskey::new(true);
    enrol(&face, &invite(&face.app.db, person.id, NOW), &mut device).await;
    let stored = face.app.db.passkeys(person.id).await.unwrap().remove(0);
    let mut ahead = stored.body.clone();
    ahead["cred"]["counter"] = 1_000.into();
    let key: webauthn_rs::prelude::Passkey = serde_json::from_value(stored.body).unwrap();
    face.app.db.passkey_update(key.cred_id(), &ahead, NOW).await.unwrap();
    let (guest, body) = prove(&face, &mut device, &person).await;
    assert_eq!(face.post_json("/sign-in/passkey", &guest, &body).await.status, 403);
    let audit = face.app.db.audit_page(None, 10).await.unwrap();
    let counter = |detail: &Value| detail["why"] == "passkey_counter";
    assert!(audit.iter().any(|line| counter(&line.row.detail)), "{audit:?}");
}

#[actix_web::test]
async fn se_01_signing_out_ends_the_session_on_the_server() {
    let face = Staffed::open(&[ROUTES]).await;
    let person = face.hire("mina", &[Role::Reviewer]).await;
    let (cookie, token) = face.session(&person).await;
    let answer = face.post("/sign-out", &cookie, &[("token", &token)]).await;
    assert_eq!((answer.location.as_str(), answer.clear), ("/sign-in", true));
    assert_eq!(
        face.get("/me", &cookie).await.location,
        "/sign-in",
        "the old cookie opens nothing"
    );
}

/// A sign-in as the form of the demo does it.
async fn with_password(face: &Staffed, name: &str, password: &str, code: &str) -> Answer {
    let page = face.get("/sign-in", "").await;
    let fields = [
        ("token", &*page.token()),
        ("name", name),
        ("password", password),
        ("code", code),
    ];
    face.post("/sign-in/password", &page.cookie("__Host-guest").unwrap(), &fields)
        .await
}

fn code() -> String {
    let totp = totp_rs::Builder::new().with_secret(SECRET.to_vec()).build().unwrap();
    totp.generate(1_700_000_000).to_string()
}

const SECRET: &[u8] = b"12345678901234567890";

async fn demo() -> Staffed {
    let face = Staffed::open(&[ROUTES, PASSWORD_ROUTES]).await;
    let person = face.hire("mina", &[Role::Senior]).await;
    let hash = hash_password("correct horse").unwrap();
    face.app.db.secrets_set(person.id, &hash, SECRET).await.unwrap();
    face
}

#[actix_web::test]
async fn to_02_a_code_signs_in_once() {
    let face = demo().await;
    let first = with_password(&face, "Mina", "correct horse", &code()).await;
    assert_eq!(
        (first.status.as_u16(), first.location.as_str()),
        (303, "/"),
        "{}",
        first.text
    );
    assert!(first.cookie("__Host-staff").is_some());
    assert_eq!(with_password(&face, "mina", "correct horse", &code()).await.status, 403);
}

#[actix_web::test]
async fn rl_01_every_wrong_sign_in_reads_the_same_and_they_are_counted() {
    let face = demo().await;
    let good = code();
    let wrong = [
        with_password(&face, "mina", "wrong", &good).await,
        with_password(&face, "mina", "correct horse", "000000").await,
        with_password(&face, "nina", "correct horse", &good).await,
    ];
    let page = |answer: &Answer| {
        let text = answer.text.replace(&answer.token(), "").replace("nina", "mina");
        (answer.status, text)
    };
    assert!(
        wrong.iter().all(|answer| page(answer) == page(&wrong[0])),
        "one page for all"
    );
    for _ in 2..10 {
        assert_eq!(with_password(&face, "mina", "wrong", &good).await.status, 403);
    }
    assert_eq!(with_password(&face, "mina", "correct horse", &good).await.status, 429);
    let other = with_password(&face, "nina", "wrong", &good).await;
    assert_eq!(other.status, 403, "another name is counted by itself");
}
