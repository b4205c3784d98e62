//! A gateway for text messages that keeps what it was sent, answers as it is told, and tells what became of a message.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use reqwest::Method;
use serde_json::{Value, json};

use super::installation::Installation;
use super::ports;
use super::visitor::Visitor;

/// `whsec_` and bytes that everybody may know.
const SECRET: &str = "whsec_VGhlIGdhdGV3YXkgYW5kIHdlLCBpbiB0ZXN0cy4uLi4=";

/// What it does with the next message.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Status(u16),
    /// Longer than anybody waits.
    Never,
}

#[derive(Default)]
struct Kept {
    answers: VecDeque<Answer>,
    /// Every request, taken or not.
    requests: Vec<Value>,
    /// When the SIM card of every number changed.
    sim_changed: Option<String>,
}

type Shared = web::Data<Mutex<Kept>>;

pub(crate) struct Gateway {
    pub(crate) port: u16,
    kept: Shared,
    server: Option<ServerHandle>,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let listener = ports::listener();
        let mut gateway = Self {
            port: listener.local_addr().unwrap().port(),
            kept: web::Data::from(Arc::new(Mutex::new(Kept::default()))),
            server: None,
        };
        gateway.serve(listener);
        gateway
    }

    fn serve(&mut self, listener: TcpListener) {
        let kept = self.kept.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(kept.clone())
                .route("/send", web::post().to(take))
                .route("/lookup", web::post().to(look_up))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .shutdown_timeout(0)
            .listen(listener)
            .unwrap()
            .run();
        self.server = Some(server.handle());
        tokio::spawn(server);
    }

    /// What an operator writes under `sms`.
    pub(crate) fn configuration(&self, secret_file: &str) -> String {
        std::fs::write(secret_file, SECRET).unwrap();
        format!(
            "sms:
  url: http://127.0.0.1:{port}/send
  format: json
  fields: {{reference: reference}}
  answer: /message/id
  lookup: {{url: 'http://127.0.0.1:{port}/lookup', sim_changed: swapped_at}}
  callback:
    secret_file: {secret_file:?}
    format: json
    header: webhook-signature
    signature:
      signed: '{{id}}.{{timestamp}}.{{body}}'
      id: webhook-id
      timestamp: webhook-timestamp
      encoding: base64
      prefix: 'v1,'
    fields: {{message: id, state: status, error: error, sim_changed: sim_changed}}
    states: {{delivered: [delivered], undelivered: [undelivered, expired], failed: [failed]}}",
            port = self.port
        )
    }

    /// What it answers to the next messages; after them it takes each.
    pub(crate) fn answers(&self, answers: &[Answer]) {
        self.kept.lock().unwrap().answers = answers.iter().copied().collect();
    }

    /// Every message that it was asked to send, oldest first.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.kept.lock().unwrap().requests.clone()
    }

    /// What it says of the SIM card behind any number.
    pub(crate) fn sim_changed(&self, at: Option<String>) {
        self.kept.lock().unwrap().sim_changed = at;
    }

    pub(crate) fn last_text(&self) -> String {
        self.requests().last().unwrap()["text"].as_str().unwrap().to_owned()
    }

    /// Nobody listens there any more.
    pub(crate) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop(false).await;
        }
    }

    /// It is back where it was.
    pub(crate) fn start_again(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.serve(listener);
    }
}

async fn take(kept: Shared, message: web::Json<Value>) -> HttpResponse {
    let (answer, name) = {
        let mut kept = kept.lock().unwrap();
        kept.requests.push(message.into_inner());
        (kept.answers.pop_front(), format!("gw-{}", kept.requests.len()))
    };
    match answer {
        None => HttpResponse::Accepted().json(json!({"message": {"id": name}})),
        Some(Answer::Status(status)) => HttpResponse::build(status.try_into().unwrap()).finish(),
        Some(Answer::Never) => {
            std::future::pending::<()>().await;
            HttpResponse::Accepted().finish()
        }
    }
}

async fn look_up(kept: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({"swapped_at": kept.lock().unwrap().sim_changed}))
}

/// A call of the gateway's to us: `at` in seconds since 1970.
pub(crate) struct Call {
    pub(crate) id: &'static str,
    pub(crate) at: i64,
    pub(crate) body: Value,
    pub(crate) secret: &'static str,
}

impl Call {
    /// What it tells of its `n`th message, signed now.
    pub(crate) fn of(n: usize, state: &str) -> Self {
        Self {
            id: "call-1",
            at: time::OffsetDateTime::now_utc().unix_timestamp(),
            body: json!({"id": format!("gw-{n}"), "status": state}),
            secret: SECRET,
        }
    }

    /// Makes it; the status of the answer.
    pub(crate) async fn to(&self, app: &Installation) -> u16 {
        let body = self.body.to_string();
        let hook = standardwebhooks::Webhook::new(self.secret).unwrap();
        let headers = [
            ("webhook-id", self.id.to_owned()),
            ("webhook-timestamp", self.at.to_string()),
            (
                "webhook-signature",
                hook.sign(self.id, self.at, body.as_bytes()).unwrap(),
            ),
        ];
        let url = app.recover("/api/callbacks/sms").parse().unwrap();
        let answer = Visitor::new()
            .send(Method::POST, url, &headers, Some(body.into_bytes()))
            .await;
        answer.status.as_u16()
    }
}
