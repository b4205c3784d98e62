//! The question before a factor is removed: what goes, and what that brings with it. Its button begins the workflow.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use readmit_core::case::Class;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError};
use serde::Deserialize;
use uuid::Uuid;

use crate::security::shown;

#[derive(Template)]
#[template(path = "remove.html")]
struct Ask<'a> {
    say: Say<'a>,
    title: String,
    name: String,
    factor: Uuid,
    action: String,
    token: String,
    /// It is the last of its kind.
    last: bool,
    lock: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct About {
    factor: Uuid,
}

/// `GET /security/{workflow}?factor=…`: for the workflows that remove one factor of the session's account.
pub(crate) async fn ask(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    workflow: Path<String>,
    about: Query<About>,
) -> Result<HttpResponse, PageError> {
    let account = session.account.clone().ok_or(PageError::SignedOut)?;
    let definition = app.db.current_workflow(&workflow).await?;
    let definition = definition.filter(|definition| definition.class == Class::Settings);
    let definition = definition.ok_or(PageError::NotFound)?;
    let kind = definition.remedy.remove.clone().ok_or(PageError::NotFound)?;
    let factors = app.db.factors(&account).await?;
    let kept = || factors.iter().filter(|factor| factor.kind == kind && !factor.suspended);
    let factor = kept()
        .find(|factor| factor.id == about.factor)
        .ok_or(PageError::NotFound)?;
    let say = caller.say(&app);
    let title = say.get(&format!("ui-remove-{kind}"));
    let lock = definition.remedy.lock_withdrawals;
    let body = Markup::of(&Ask {
        say,
        title: title.clone(),
        name: shown(factor),
        factor: factor.id,
        action: format!("/security/{workflow}"),
        token: session.form(&app, &caller),
        last: kept().count() == 1,
        lock: lock.map(|span| say.with("ui-remove-lock", &[("span", say.span(span).into())])),
    })?;
    ClaimantPage::alone(title, body, "/security").answer(&app, &caller, StatusCode::OK)
}
