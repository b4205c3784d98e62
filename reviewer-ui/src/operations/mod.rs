//! What operators look at: whether the installation is well, what stands still, and what to try again.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use readmit_core::event::Event;
use readmit_core::ids::JobId;
use readmit_core::time::{At, Span};
use readmit_storage::{Delivery, LostText};
use readmit_web::{App, Caller, Check, PageError, Staff};
use serde_json::json;

use crate::page::{self, Body, Names, posted, see_other};
use crate::permissions::Operates;
use crate::words::{self, plain};

/// Rows of each list.
const PAGE: usize = 100;
/// How long a text message that did not arrive is shown.
const LOST_FOR: Span = Span::days(7);

#[derive(Template)]
#[template(path = "operations/operations.html")]
struct OperationsPage {
    token: String,
    health: Vec<(&'static str, String)>,
    checks: Vec<Check>,
    stuck: Vec<Stuck>,
    dead: Vec<Dead>,
    lost: Vec<Lost>,
}

/// A text message that did not arrive.
struct Lost {
    /// None for a case without a proof.
    reference: Option<String>,
    what: &'static str,
    state: &'static str,
    error: String,
    sent: String,
    told: String,
}

struct Stuck {
    reference: String,
    workflow: String,
    since: String,
    why: String,
    holder: String,
}

struct Dead {
    id: String,
    what: String,
    error: String,
    died: String,
    attempts: u32,
}

/// `GET /operations`
pub(crate) async fn show(staff: Staff<Operates>, caller: Caller, app: Data<App>) -> Result<HttpResponse, PageError> {
    let names = Names::load(&app).await?;
    let stuck = app.db.queue_page(&["operations".to_owned()], None, PAGE).await?.rows;
    let dead = app.db.dead_jobs(PAGE).await?;
    let lost = app.db.lost_texts(caller.at - LOST_FOR, PAGE).await?;
    let checks = (app.health)().await;
    let next = app.db.next_due().await?;
    let mut cases = Vec::new();
    for row in stuck {
        let entries = app.db.timeline(row.case).await?;
        let events = entries.iter().rev().flat_map(|(_, entry)| entry.events.iter().rev());
        cases.push(Stuck {
            reference: row.reference.to_string(),
            workflow: row.workflow,
            since: words::length(caller.at - row.opened),
            why: reason(events),
            holder: row.claimed_by.map(|person| names.of(person)).unwrap_or_default(),
        });
    }
    let body = OperationsPage {
        token: page::token(&app, &caller, &staff.holder),
        health: vec![
            ("Next job", due(next, caller.at)),
            ("Dead jobs", dead.len().to_string()),
            ("Stuck cases", cases.len().to_string()),
            ("Texts not arrived", lost.len().to_string()),
        ],
        checks,
        stuck: cases,
        dead: dead
            .into_iter()
            .map(|dead| Dead {
                id: dead.job.id.to_string(),
                what: effect(&dead.job.effect),
                error: dead.error,
                died: words::moment(dead.job.due, caller.at),
                attempts: dead.job.attempts,
            })
            .collect(),
        lost: lost.into_iter().map(|lost| told_of(lost, caller.at)).collect(),
    };
    page::show(
        (&app, &caller, &staff),
        "Operations",
        "/operations",
        &body,
        StatusCode::OK,
    )
}

/// `POST /operations/jobs/{id}/retry`
pub(crate) async fn retry(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    id: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    posted(&app, &staff.holder, body)?;
    let id: JobId = id.parse().map_err(|_| PageError::NotFound)?;
    if !app.db.revive_job(id, caller.at).await? {
        return Err(PageError::Stale);
    }
    page::audit(&app, &caller, &staff.person, "job_revived", None, json!({"job": id})).await?;
    Ok(see_other("/operations"))
}

/// Why a case last came to a stop; newest event first.
fn reason<'e>(mut events: impl Iterator<Item = &'e Event>) -> String {
    let why = events.find_map(|event| match event {
        Event::Stuck { why } => Some(plain(why)),
        _ => None,
    });
    why.unwrap_or_default()
}

fn told_of(lost: LostText, now: At) -> Lost {
    Lost {
        reference: lost.reference.map(|reference| reference.to_string()),
        what: if lost.is_code { "code" } else { "notice" },
        state: match lost.state {
            Delivery::Failed => "given up by the gateway",
            _ => "not delivered",
        },
        error: lost.error.unwrap_or_default(),
        sent: words::moment(lost.sent, now),
        told: words::moment(lost.told, now),
    }
}

/// When the next job is due; one that is long overdue means that no worker runs.
fn due(next: Option<At>, now: At) -> String {
    match next {
        None => "none waits".into(),
        Some(at) if at > now => format!("in {}", words::length(at - now)),
        Some(at) => format!("{} late", words::length(now - at)),
    }
}

fn effect(effect: &readmit_core::effect::Effect) -> String {
    let value = serde_json::to_value(effect).unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(|v| v.as_str()).map(plain);
    let detail = text("notice")
        .or_else(|| text("name"))
        .map(|detail| format!(": {detail}"));
    format!("{}{}", text("do").unwrap_or_default(), detail.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use readmit_core::effect::{Effect, Notice};

    #[test]
    fn a_late_job_shows() {
        let now = At(1_700_000_000_000_000);
        assert_eq!(due(None, now), "none waits");
        assert_eq!(due(Some(now + Span::minutes(3)), now), "in 3 min");
        assert_eq!(due(Some(now - Span::minutes(30)), now), "30 min late");
    }

    #[test]
    fn effects_are_named_without_what_they_carry() {
        let notice = Effect::Notice {
            notice: Notice::AskedAgain,
            channel: 0,
        };
        assert_eq!(effect(&notice), "notice: asked again");
        assert_eq!(effect(&Effect::Remedy), "remedy");
    }
}
