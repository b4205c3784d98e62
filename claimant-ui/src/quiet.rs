//! "I did not ask": the reader of a code mail has no more codes sent there for a week. As with the veto, the link
//! authorises by itself, opening it changes nothing, and a second tap acts (RF-11).
//!
//! Codes go out again when the owner says so from a session at the host, whose call is signed. Neither page of a request
//! shows that an address is quiet: only a known one can be (RL-01).

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use readmit_core::time::At;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, Markup, PageError};
use serde::Deserialize;

use crate::case::audit_row;
use crate::{signed, stop};

#[derive(Template)]
#[template(path = "quiet.html")]
struct Quiet<'a> {
    say: Say<'a>,
    title: String,
    /// Until when no code goes to the address, once that was asked for.
    until: Option<String>,
    action: String,
    unsure: bool,
    sign_in: &'a str,
}

/// What the link is about. Changes nothing.
pub(crate) async fn ask(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    let Some(address) = app.db.quiet_address(&token) else {
        return stop::dead(&app, &caller);
    };
    let until = app.db.quiet_until(address, caller.at).await?;
    page(&app, &caller, &token, until, false)
}

/// Keeps codes back, if the box is ticked.
pub(crate) async fn act(
    app: Data<App>,
    caller: Caller,
    token: Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let Some(address) = app.db.quiet_address(&token) else {
        return stop::dead(&app, &caller);
    };
    if !stop::is_sure(&form) {
        return page(&app, &caller, &token, None, true);
    }
    let until = app.db.quiet_begin(address, caller.at).await?;
    app.db.audit(audit_row(&caller, "quiet_begun", None, "done")).await?;
    page(&app, &caller, &token, Some(until), false)
}

fn page(app: &App, caller: &Caller, token: &str, until: Option<At>, unsure: bool) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let title = say.get(if until.is_some() {
        "ui-quiet-done-title"
    } else {
        "ui-quiet-title"
    });
    let body = Markup::of(&Quiet {
        say,
        title: title.clone(),
        until: until.map(|until| {
            let until = say.when(until).text;
            say.with("ui-quiet-done", &[("until", until.into())])
        }),
        action: format!("/quiet/{token}"),
        unsure,
        sign_in: &app.brand.sign_in_url,
    })?;
    let status = if unsure {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    ClaimantPage {
        error: unsure,
        ..ClaimantPage::alone(title, body, &format!("/quiet/{token}"))
    }
    .answer(app, caller, status)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    email: String,
}

/// The owner, signed in at the host, wants codes again.
pub(crate) async fn end(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    signed::believe(&app, &request, &body).await?;
    let Address { email } = serde_json::from_slice(&body).map_err(|_| PageError::BadRequest)?;
    app.db.quiet_end(&email).await?;
    app.db.audit(audit_row(&caller, "quiet_ended", None, "done")).await?;
    Ok(HttpResponse::NoContent().finish())
}
