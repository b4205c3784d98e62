//! A host in a folder of its own, with a clock that tests move, and somebody who signs calls as Readmit does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod contract;
mod mail;
mod pages;
mod remedy;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::App;
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::exchange::{Config, Host};
use crate::remedy::Pause;
use crate::secret;
use crate::sign::{Line, Signer};

const SECRET: &str = "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=";
const START: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

struct Rig {
    folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    host: Host,
    readmit: String,
}

impl Rig {
    fn new() -> Self {
        // Nobody listens on port 1.
        Self::with_readmit("http://127.0.0.1:1")
    }

    fn with_readmit(readmit: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(START.unix_timestamp()));
        let host = open(folder.path().join("halcyon.json"), &clock, readmit, None);
        Self {
            folder,
            clock,
            host,
            readmit: readmit.to_owned(),
        }
    }

    /// The process is killed, and another takes its file.
    fn restart(&mut self) {
        self.restart_with(None);
    }

    fn restart_with(&mut self, pause: Option<Pause>) {
        self.host = open(
            self.folder.path().join("halcyon.json"),
            &self.clock,
            &self.readmit,
            pause,
        );
    }

    fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.whole_seconds(), Ordering::Relaxed);
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.clock.load(Ordering::Relaxed)).unwrap()
    }

    /// A call as Readmit signs it, with an id of its own.
    fn call(&self, method: Method, target: &str, body: Option<Value>) -> TestRequest {
        self.call_as(&secret::token().unwrap(), method, target, body)
    }

    fn call_as(&self, id: &str, method: Method, target: &str, body: Option<Value>) -> TestRequest {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let line = Line {
            method: method.as_str(),
            target,
            body: body.as_bytes(),
        };
        let signature = Signer::new(SECRET, START).unwrap().sign(id, self.now(), &line).unwrap();
        TestRequest::with_uri(target)
            .method(method)
            .insert_header(("webhook-id", id))
            .insert_header(("webhook-timestamp", self.now().unix_timestamp().to_string()))
            .insert_header(("webhook-signature", signature))
            .set_payload(body)
    }

    async fn ask(&self, request: TestRequest) -> Answer {
        let host = self.host.clone();
        let app = actix_web::test::init_service(App::new().configure(move |services| host.configure(services))).await;
        let response = actix_web::test::call_service(&app, request.to_request()).await;
        let status = response.status();
        let pairs = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let headers = pairs.collect();
        let text = String::from_utf8(actix_web::test::read_body(response).await.to_vec()).unwrap();
        Answer { status, headers, text }
    }

    async fn post(&self, target: &str, body: Value) -> Answer {
        self.ask(self.call(Method::POST, target, Some(body))).await
    }

    async fn get(&self, target: &str) -> Answer {
        self.ask(self.call(Method::GET, target, None)).await
    }

    async fn order(&self, account: &str, key: &str, order: Value) -> Answer {
        let call = self.call(
            Method::POST,
            &format!("/readmit/accounts/{account}/remedy"),
            Some(order),
        );
        self.ask(call.insert_header(("idempotency-key", key))).await
    }

    /// A page, with the cookie of a session or without.
    async fn page(&self, target: &str, cookie: &str) -> Answer {
        self.ask(TestRequest::with_uri(target).insert_header(("cookie", cookie)))
            .await
    }

    async fn submit(&self, target: &str, cookie: &str, form: Value) -> Answer {
        let form = TestRequest::post()
            .uri(target)
            .set_form(form)
            .insert_header(("cookie", cookie));
        self.ask(form.insert_header(("sec-fetch-site", "same-origin"))).await
    }

    /// Signs in on the host's own page and gives the cookie.
    async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let answer = self
            .submit("/sign-in", "", json!({"email": email, "password": password}))
            .await;
        (answer.status == StatusCode::SEE_OTHER)
            .then(|| answer.header("set-cookie").split(';').next().unwrap().to_owned())
    }
}

fn open(state: PathBuf, clock: &Arc<AtomicI64>, readmit: &str, pause: Option<Pause>) -> Host {
    let clock = Arc::clone(clock);
    Host::open(Config {
        state,
        secret: SECRET.to_owned(),
        origin: "http://halcyon.localhost:8080".to_owned(),
        readmit: readmit.to_owned(),
        recover: "http://recover.halcyon.localhost:8080".to_owned(),
        clock: Arc::new(move || OffsetDateTime::from_unix_timestamp(clock.load(Ordering::Relaxed)).unwrap()),
        pause,
    })
    .unwrap()
}

struct Answer {
    status: StatusCode,
    headers: Vec<(String, String)>,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}: {}", self.status, self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(given, _)| given == name)
            .map_or("", |(_, value)| value)
    }
}
