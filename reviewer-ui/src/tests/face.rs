//! The staff origin over an empty SQLite store, with a clock that stands still.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use readmit_core::command::{Command, Role};
use readmit_core::cx::{Entropy, tag};
use readmit_core::dispatch::{DispatchError, Dispatcher, Dispatching};
use readmit_core::ids::PersonId;
use readmit_core::texts::Texts;
use readmit_core::time::At;
use readmit_core::workflow::queues::Queues;
use readmit_storage::{Db, NewSession, Person, Settings, StorageError};
use readmit_web::routes::{Route, mount};
use readmit_web::{App, Face, FormKey, HostApi, Origins, envelope};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(super) const NOW: At = At(1_700_000_000_000_000);
pub(super) const ORIGIN: &str = "https://staff.example";

/// No case is ever found; time stands still; chance is counted.
struct Nothing(AtomicU64);

impl Dispatcher<StorageError> for Nothing {
    fn dispatch(&self, _: Command) -> Dispatching<'_, StorageError> {
        Box::pin(async { Err(DispatchError::NoCase) })
    }

    fn now(&self) -> At {
        NOW
    }

    fn entropy(&self) -> Entropy {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Entropy(tag(&[3; 32], "test", &[&count.to_be_bytes()]).0)
    }
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) clear: bool,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let found = self.cookies.iter().find(|(n, _)| n == name);
        found.map(|(name, value)| format!("{name}={value}"))
    }

    /// The first form token on the page.
    pub(super) fn token(&self) -> String {
        let after = self
            .text
            .split("data-token=\"")
            .nth(1)
            .or_else(|| self.text.split("name=\"token\" value=\"").nth(1));
        after.unwrap().split('"').next().unwrap().to_owned()
    }

    /// Whether the envelope answered that the right is missing, not that a link is nobody's.
    pub(super) fn is_forbidden(&self) -> bool {
        self.status == StatusCode::FORBIDDEN && !self.text.contains("shows no picture")
    }
}

/// The staff face, ready for requests.
pub(super) struct Staffed {
    pub(super) app: Data<App>,
    tables: &'static [&'static [Route]],
    _folder: tempfile::TempDir,
}

impl Staffed {
    pub(super) async fn open(tables: &'static [&'static [Route]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        let settings = Settings {
            database_url: file("data.db"),
            keys_url: file("keys.db"),
            evidence: readmit_storage::EvidenceSettings::Folder(folder.path().join("evidence")),
            master_key: [1; 32],
            connections: 2,
            queues: Queues::read(include_str!("../../../workflows/queues.yaml")).unwrap(),
        };
        Db::migrate(&settings).await.unwrap();
        let origin = |name: &str| format!("https://{name}.example").parse().unwrap();
        let texts = readmit_web::TEXTS;
        let app = App {
            uploads: readmit_web::upload::Limits::default(),
            db: Db::open(&settings).await.unwrap(),
            dispatcher: Arc::new(Nothing(AtomicU64::new(0))),
            texts: Arc::new(Texts::load(texts).unwrap()),
            origins: Origins::new(origin("claim"), origin("staff"), origin("evidence"), origin("host")).unwrap(),
            brand: readmit_steps::Brand::default(),
            forms: FormKey::new([2; 32]),
            hops: 0,
            host_api: HostApi {
                secret: String::new(),
                wall: || NOW,
                return_to: Vec::new(),
            },
            phones: false,
            staff_passwords: tables.len() > 1,
            human_check: readmit_web::HumanCheck::None,
            refusals: readmit_web::Refusals::default(),
            reports: readmit_web::Reports::default(),
            queues: settings.queues,
            health: Box::new(|| Box::pin(async { Vec::new() })),
        };
        Self {
            app: Data::new(app),
            tables,
            _folder: folder,
        }
    }

    pub(super) async fn hire(&self, name: &str, roles: &[Role]) -> Person {
        let person = Person {
            id: PersonId(Uuid::from_bytes(tag(&[4; 32], name, &[]).0[..16].try_into().unwrap())),
            name: name.to_owned(),
            display: format!("{name} Okafor"),
            roles: roles.to_vec(),
            active: true,
        };
        assert!(self.app.db.person_add(&person, NOW).await.unwrap());
        person
    }

    /// A live session of this person: its cookie, and a form token for it.
    pub(super) async fn session(&self, person: &Person) -> (String, String) {
        let new = NewSession {
            face: readmit_storage::Face::Staff,
            case: None,
            person: Some(person.id),
            data: Value::Null,
        };
        let token = self.app.db.session_create(new, NOW).await.unwrap();
        let holder = Sha256::digest(token.as_bytes()).into();
        let form = self.app.forms.issue(&holder, NOW, &self.app.dispatcher.entropy());
        (format!("__Host-staff={token}"), form)
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(TestRequest::get().uri(path), cookie).await
    }

    pub(super) async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(TestRequest::post().uri(path).set_form(fields), cookie).await
    }

    pub(super) async fn post_json(&self, path: &str, cookie: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body), cookie).await
    }

    async fn send(&self, request: TestRequest, cookie: &str) -> Answer {
        let (app, tables) = (self.app.clone(), self.tables);
        let service = init_service(
            actix_web::App::new()
                .app_data(app.clone())
                .wrap(from_fn(envelope))
                .configure(|config| mount(config, &app.origins, Face::Staff, tables)),
        )
        .await;
        let request = request
            .insert_header(("host", "staff.example"))
            .insert_header(("sec-fetch-site", "same-origin"))
            .insert_header(("cookie", cookie));
        read(service.call(request.to_request()).await.unwrap()).await
    }
}

async fn read(response: ServiceResponse<impl MessageBody + 'static>) -> Answer {
    let cookies = response.response().cookies();
    let cookies = cookies.map(|c| (c.name().to_owned(), c.value().to_owned())).collect();
    let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    Answer {
        status: response.status(),
        location: header("location").unwrap_or_default(),
        clear: header("clear-site-data").is_some(),
        cookies,
        text: {
            let body = to_bytes(response.into_body().boxed()).await.unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        },
    }
}
