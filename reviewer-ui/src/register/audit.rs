//! The audit log, newest first: what happened outside cases, and refusals that matter. It is only ever added to.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use readmit_core::ids::PersonId;
use readmit_core::time::At;
use readmit_storage::{AuditKey, AuditLine};
use readmit_web::{App, Caller, PageError, Staff};
use serde::Deserialize;
use serde_json::Value;

use crate::page::{self, Names};
use crate::permissions::Audits;
use crate::words::{self, plain};

const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "register/audit.html")]
struct AuditPage {
    rows: Vec<Row>,
    more: String,
}

struct Row {
    at: String,
    datetime: String,
    who: String,
    what: String,
    /// Its reference, or empty.
    case: String,
    refused: bool,
    outcome: String,
    detail: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    /// Where the page before ended.
    after: String,
}

/// `GET /audit`
pub(crate) async fn show(
    staff: Staff<Audits>,
    caller: Caller,
    app: Data<App>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let rows = app.db.audit_page(unmark(&wanted.after), PAGE).await?;
    let names = Names::load(&app).await?;
    let full = rows.len() == PAGE;
    let last = rows
        .last()
        .filter(|_| full)
        .map(|line| format!("/audit?after={}.{}", line.key.at.0, line.key.id));
    let body = AuditPage {
        rows: rows.into_iter().map(|line| row(line, &names)).collect(),
        more: last.unwrap_or_default(),
    };
    page::show((&app, &caller, &staff), "Audit log", "/audit", &body, StatusCode::OK)
}

fn row(line: AuditLine, names: &Names) -> Row {
    let event = line.row;
    let person: Option<PersonId> = event.who.strip_prefix("person:").and_then(|id| id.parse().ok());
    Row {
        at: words::stamp(event.at),
        datetime: event.at.rfc3339(),
        who: person.map_or_else(|| event.who.clone(), |person| names.of(person)),
        what: plain(&event.what),
        case: line
            .reference
            .map(|reference| reference.to_string())
            .unwrap_or_default(),
        refused: event.outcome != "done",
        outcome: plain(&event.outcome),
        detail: detail(&event.detail),
    }
}

/// The names and values of a line's detail, in the order in which they were written.
fn detail(detail: &Value) -> String {
    let Value::Object(parts) = detail else {
        return words::said(detail);
    };
    let parts = parts
        .iter()
        .map(|(name, value)| format!("{} {}", plain(name), words::said(value)));
    parts.collect::<Vec<_>>().join(" · ")
}

fn unmark(text: &str) -> Option<AuditKey> {
    let (at, id) = text.split_once('.')?;
    Some(AuditKey {
        at: At(at.parse().ok()?),
        id: id.parse().ok()?,
    })
}
