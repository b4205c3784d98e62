//! Support's face: who waits for an answer, inviting somebody, the conversation of a case, closing what support opened.
//! These are all that support can do (IN-11).

pub(crate) mod close;
pub(crate) mod invite;
pub(crate) mod letters;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use readmit_core::ids::CaseId;
use readmit_core::ports::Store as _;
use readmit_core::time::At;
use readmit_storage::AskedLine;
use readmit_web::{App, Caller, PageError, Staff};
use serde::Deserialize;

use crate::page;
use crate::permissions::{Answers, Invites};
use crate::words::{Chip, capital, length, plain};

/// Lines of one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "contact/waiting.html")]
struct Waiting {
    rows: Vec<Row>,
    more: String,
    invites: bool,
}

struct Row {
    reference: String,
    workflow: String,
    status: Chip,
    since: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    /// Where the page before ended.
    after: String,
}

/// `GET /conversations`: cases in which a message has no answer, those that wait longest first.
pub(crate) async fn show(
    staff: Staff<Answers>,
    caller: Caller,
    app: Data<App>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let lines = app.db.asked(unmark(&wanted.after), PAGE + 1).await?;
    let more = lines.get(PAGE - 1).filter(|_| lines.len() > PAGE).map(mark);
    let mut rows = Vec::new();
    for line in lines.into_iter().take(PAGE) {
        rows.push(row(&app, &caller, line).await?);
    }
    let invites = staff
        .person
        .roles
        .iter()
        .any(|role| <Invites as readmit_web::Permission>::ROLES.contains(role));
    let body = Waiting {
        rows,
        more: more
            .map(|after| format!("/conversations?after={after}"))
            .unwrap_or_default(),
        invites,
    };
    page::show(
        (&app, &caller, &staff),
        "Conversations",
        "/conversations",
        &body,
        StatusCode::OK,
    )
}

async fn row(app: &App, caller: &Caller, line: AskedLine) -> Result<Row, PageError> {
    let definition = app.db.definition(line.workflow).await?;
    Ok(Row {
        reference: line.reference.to_string(),
        workflow: definition.map_or_else(String::new, |definition| definition.title("en").to_owned()),
        status: Chip::plain(capital(&plain(line.status.code()))),
        since: length(caller.at - line.asked),
    })
}

fn mark(line: &AskedLine) -> String {
    format!("{}.{}", line.asked.0, line.case)
}

/// The place that an address names; the beginning when it names none.
fn unmark(text: &str) -> Option<(At, CaseId)> {
    let (at, case) = text.split_once('.')?;
    Some((At(at.parse().ok()?), case.parse().ok()?))
}
