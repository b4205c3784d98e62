//! The page at 127.0.0.1 that links the demo's four places, and the block that the terminal shows.

use std::path::Path;
use std::sync::Arc;

use actix_web::guard::{Any, Host as Named};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, error};
use askama::Template;
use data_encoding::BASE32_NOPAD;
use readmit_core::answers::LedgerRow;
use readmit_core::command::Role;
use readmit_core::ids::AccountId;
use readmit_core::ports::Surroundings as _;
use readmit_demo_host::roster;
use readmit_worker::ports::Host;
use totp_rs::{Algorithm, Builder};

use super::factors::{self, Keys};
use super::staff::{Member, STAFF as MEMBERS};
use super::{CLAIMANT, HOST, HOST_MAIL, STAFF, pictures};
use crate::surroundings::Real;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = "/";
const STYLE: &str = "/front.css";
const PICTURE: &str = "/pictures/{account}/{kind}";

/// What the demo mounts besides the exchange.
pub const PATHS: [&str; 3] = [PAGE, STYLE, PICTURE];

/// How many accounts have pictures on the page; all have them at their address.
const SAMPLES: usize = 5;

/// The page, for every thread of the server.
#[derive(Clone)]
pub(crate) struct Front {
    port: u16,
    exchange: Arc<dyn Host>,
}

#[derive(Template)]
#[template(path = "demo/front.html")]
struct Page {
    /// Something else was asked for.
    lost: bool,
    /// What the accounts' owners would hold: of their apps and their saved codes.
    keys: Vec<Held>,
    exchange: String,
    recover: String,
    staff: String,
    members: Vec<Row>,
    seconds: u64,
    /// Accounts with pictures to hand in: identifier and address.
    samples: Vec<(&'static str, &'static str)>,
}

/// What the owner of an account would read off a phone or a sheet of paper.
struct Held {
    email: &'static str,
    code: String,
    key: String,
    saved: String,
}

struct Row {
    display: &'static str,
    role: &'static str,
    name: &'static str,
    password: String,
    code: String,
}

impl Front {
    pub(crate) fn new(port: u16, exchange: Arc<dyn Host>) -> Self {
        Self { port, exchange }
    }

    /// Answers to the machine's own names only.
    pub(crate) fn configure(self, services: &mut ServiceConfig) {
        services.service(
            web::scope("")
                .guard(Any(Named("127.0.0.1")).or(Named("localhost")))
                .app_data(web::Data::new(self))
                .route(PAGE, web::get().to(show))
                .route(STYLE, web::get().to(style))
                .route(PICTURE, web::get().to(picture))
                .default_service(web::to(lost)),
        );
    }
}

async fn show(front: web::Data<Front>) -> actix_web::Result<HttpResponse> {
    page(&front, false)
}

/// The bare address has one page; what was looked for is at one of the places that it names.
async fn lost(front: web::Data<Front>) -> actix_web::Result<HttpResponse> {
    page(&front, true)
}

fn page(front: &Front, lost: bool) -> actix_web::Result<HttpResponse> {
    let now = u64::try_from(Real.now().utc().unix_timestamp()).unwrap_or(0);
    let place = |name: &str| format!("http://{name}:{}/", front.port);
    let page = Page {
        lost,
        keys: factors::keys().map(|keys| shown(keys, now)).collect(),
        exchange: place(HOST),
        recover: place(CLAIMANT),
        staff: place(STAFF),
        members: MEMBERS.iter().map(|member| row(member, now)).collect(),
        seconds: 30 - now % 30,
        samples: roster().iter().take(SAMPLES).map(|one| (one.id, one.email)).collect(),
    };
    let status = if lost { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(page.render().map_err(error::ErrorInternalServerError)?))
}

/// A screenshot to hand in for an account: its mail, or the other side of one of its transactions.
async fn picture(front: web::Data<Front>, path: web::Path<(String, String)>) -> actix_web::Result<HttpResponse> {
    let (account, kind) = path.into_inner();
    let who = roster().iter().find(|one| one.id == account);
    let who = who.ok_or_else(|| error::ErrorNotFound("no such account"))?;
    let ledger = front.exchange.ledger(&AccountId(account)).await;
    let ledger = ledger.map_err(error::ErrorInternalServerError)?.rows;
    let other_side = |row: &&LedgerRow| row.kind != "trade" && !row.txid.is_empty();
    let sent = ledger.iter().find(|row| row.kind == "withdrawal");
    let row = ledger.iter().find(other_side);
    let now = Real.now();
    let drawn = match (kind.as_str(), row) {
        ("mail.png", _) => pictures::mail(
            who,
            &format!("no-reply@{HOST_MAIL}"),
            sent.map_or(now, |row| row.at),
            now,
        ),
        ("transaction.png", Some(row)) => pictures::transaction(row, now),
        _ => return Err(error::ErrorNotFound("no such picture")),
    };
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(drawn.map_err(error::ErrorInternalServerError)?))
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(include_str!("front.css"))
}

fn row(member: &'static Member, now: u64) -> Row {
    Row {
        display: member.display,
        role: member.role.code(),
        name: member.name,
        password: member.password(),
        code: code(member, now).unwrap_or_default(),
    }
}

/// Name, password and code of everybody who decides.
pub(crate) fn reviewers() -> impl Iterator<Item = (&'static str, String, String)> {
    let now = u64::try_from(Real.now().utc().unix_timestamp()).unwrap_or(0);
    let deciding = MEMBERS
        .iter()
        .filter(|member| matches!(member.role, Role::Reviewer | Role::Senior));
    deciding.filter_map(move |member| Some((member.name, member.password(), code(member, now)?)))
}

fn shown(keys: Keys, now: u64) -> Held {
    Held {
        email: keys.email,
        code: keys
            .app
            .as_deref()
            .and_then(|key| code_of(key, now))
            .unwrap_or_default(),
        key: keys.app.map(|key| BASE32_NOPAD.encode(&key)).unwrap_or_default(),
        saved: keys.saved.unwrap_or_default(),
    }
}

/// The code that the member's authenticator app would show (RFC 6238).
fn code(member: &Member, now: u64) -> Option<String> {
    code_of(&member.totp(), now)
}

fn code_of(key: &[u8], now: u64) -> Option<String> {
    let app = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(key.to_vec())
        .build()
        .ok()?;
    Some(app.generate(now).to_string())
}

/// What the terminal shows when everything runs.
pub(crate) fn banner(port: u16, data: &Path) -> String {
    let place = |name: &str| format!("http://{name}:{port}/");
    let mut lines = vec![
        String::new(),
        "  Readmit runs. Ctrl-C ends it; starting it again goes on from here.".into(),
        String::new(),
        format!("  Start here       {}", place("127.0.0.1")),
        format!("  The exchange     {}   accounts, passwords, mailbox", place(HOST)),
        format!("  Recover account  {}", place(CLAIMANT)),
        format!("  Staff            {}", place(STAFF)),
        String::new(),
        "  Account          ada@example.com with password ada-halcyon; all others are listed at the exchange".into(),
        "  Staff sign in    with NAME, password NAME-readmit, and the code that the start page shows".into(),
    ];
    for member in &MEMBERS {
        lines.push(format!(
            "                   {:<6} {:<14} {}",
            member.name,
            member.display,
            member.role.code()
        ));
    }
    lines.push(format!("  Data             {}", data.display()));
    lines.join("\n") + "\n"
}
