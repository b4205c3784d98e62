//! The gateway against a sink that keeps what it was sent, and answers as it is told.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use uuid::Uuid;

use super::*;

#[derive(Default)]
struct Kept {
    /// What it answers next; 202 where nothing is left.
    answers: Vec<u16>,
    requests: Vec<(Vec<(String, String)>, String)>,
}

type Shared = web::Data<Mutex<Kept>>;

async fn take(kept: Shared, request: HttpRequest, body: String) -> HttpResponse {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut kept = kept.lock().unwrap();
    kept.requests.push((headers.collect(), body));
    let status = kept.answers.pop().unwrap_or(202);
    HttpResponse::build(status.try_into().unwrap()).finish()
}

/// A sink, and a gateway that sends to it.
fn sink(change: impl Fn(&mut SmsAccess)) -> (Shared, Gateway) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kept: Shared = web::Data::from(Arc::new(Mutex::new(Kept::default())));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = kept.clone();
    let server = HttpServer::new(move || App::new().app_data(served.clone()).route("/send", web::post().to(take)));
    tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    let mut access = SmsAccess {
        url: format!("http://127.0.0.1:{port}/send").parse().unwrap(),
        token: Some(Secret::new("s3cret".into())),
        user: None,
        format: SmsFormat::Form,
        fields: SmsFields::default(),
        from: None,
        answer: None,
        callback: None,
        lookup: None,
    };
    change(&mut access);
    (kept, Gateway::new(&access).unwrap())
}

const JOB: JobId = JobId(Uuid::from_u128(7));

async fn send(gateway: &Gateway) -> Result<Option<String>, EffectError> {
    gateway.send(JOB, "+447400123456", "024681 is your code & more").await
}

fn header(headers: &[(String, String)], name: &str) -> String {
    let found = headers.iter().find(|(there, _)| there == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

#[actix_web::test]
async fn a_form_with_a_bearer_token_is_what_most_take() {
    let (kept, gateway) = sink(|_| {});
    send(&gateway).await.unwrap();
    send(&gateway).await.unwrap();
    let kept = kept.lock().unwrap();
    let (headers, body) = &kept.requests[0];
    assert_eq!(body, "text=024681+is+your+code+%26+more&to=%2B447400123456");
    assert_eq!(header(headers, "authorization"), "Bearer s3cret");
    assert_eq!(header(headers, "idempotency-key"), JOB.to_string());
    assert_eq!(kept.requests[1].1, *body, "a retry is the same message");
}

#[actix_web::test]
async fn json_basic_authentication_and_names_of_its_own() {
    let (kept, gateway) = sink(|access| {
        access.user = Some("AC1".into());
        access.format = SmsFormat::Json;
        access.from = Some("Halcyon".into());
        access.fields = SmsFields {
            to: "To".into(),
            text: "Body".into(),
            from: "From".into(),
            reference: Some("ClientRef".into()),
        };
    });
    send(&gateway).await.unwrap();
    let kept = kept.lock().unwrap();
    let (headers, body) = &kept.requests[0];
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let wanted = serde_json::json!({
        "To": "+447400123456", "Body": "024681 is your code & more", "From": "Halcyon", "ClientRef": JOB.to_string(),
    });
    assert_eq!(body, wanted);
    let login = data_encoding::BASE64.encode(b"AC1:s3cret");
    assert_eq!(header(headers, "authorization"), format!("Basic {login}"));
    assert_eq!(header(headers, "content-type"), "application/json");
}

/// What may pass is tried again; what will not is an operator's dead letter. Neither names the number.
#[actix_web::test]
async fn a_gateway_that_is_away_is_asked_again() {
    let (kept, gateway) = sink(|_| {});
    for (status, again) in [
        (500, true),
        (503, true),
        (429, true),
        (400, false),
        (401, false),
        (301, false),
    ] {
        kept.lock().unwrap().answers.push(status);
        let error = send(&gateway).await.unwrap_err();
        assert_eq!(matches!(error, EffectError::Retry(_)), again, "{status}");
        assert!(!error.to_string().contains("447400"), "{error}");
    }
    let (_, gone) = sink(|access| access.url = "http://127.0.0.1:1/send".parse().unwrap());
    assert!(matches!(send(&gone).await, Err(EffectError::Retry(_))));
}

#[actix_web::test]
async fn the_answer_names_the_message() {
    let (_, gateway) = sink(|access| access.answer = Some("/message/id".into()));
    assert_eq!(
        send(&gateway).await.unwrap(),
        None,
        "an answer without a name is no reason to send again"
    );
    for (body, field, name) in [
        (r#"{"sid":"SM1"}"#, "sid", Some("SM1")),
        (
            r#"{"messages":[{"message-id":7}]}"#,
            "/messages/0/message-id",
            Some("7"),
        ),
        (r#"{"sid":{}}"#, "sid", None),
    ] {
        let found = text_at(&serde_json::from_str(body).unwrap(), field);
        assert_eq!(found.as_deref(), name, "{body}");
    }
}

/// OT-06: a moment, a word, or nothing; what says nothing of the card is not taken for one that stayed.
#[actix_web::test]
async fn ot_06_an_answer_tells_when_the_sim_card_changed() {
    let now = At(1_795_176_000_000_000);
    let read = |body: &str| changed_at(&serde_json::from_str(body).unwrap(), "/sim/changed", now);
    assert_eq!(read(r#"{"sim":{"changed":null}}"#), Ok(None));
    assert_eq!(read(r#"{"sim":{"changed":false}}"#), Ok(None));
    assert_eq!(read(r#"{"sim":{"changed":true}}"#), Ok(Some(now)));
    assert_eq!(read(r#"{"sim":{"changed":"2026-11-20T12:00:00Z"}}"#), Ok(Some(now)));
    assert_eq!(read(r#"{"sim":{"changed":1795176000}}"#), Ok(Some(now)));
    for silent in [r#"{"sim":{}}"#, r#"{"sim":{"changed":"lately"}}"#, "{}"] {
        assert!(matches!(read(silent), Err(EffectError::Permanent(_))), "{silent}");
    }
    let (_, gateway) = sink(|access| {
        let url = "http://127.0.0.1:1/lookup".parse().unwrap();
        access.lookup = Some(SmsLookup { url, field: "x".into() });
    });
    assert!(matches!(
        gateway.sim_changed("+447400123456").await,
        Err(EffectError::Retry(_))
    ));
}
