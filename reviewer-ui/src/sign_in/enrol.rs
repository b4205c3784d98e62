//! The first passkey, by a link that an operator hands over: good once, for 24 hours.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use askama::Template;
use readmit_storage::Person;
use readmit_web::{Anyone, App, Caller, Guest, PageError, Staff, assets};
use serde_json::json;
use webauthn_rs::prelude::RegisterPublicKeyCredential;

use super::{Answer, Ask, enter, invitation, me};
use crate::page;

#[derive(Template)]
#[template(path = "sign_in/enrol.html")]
struct EnrolPage<'a> {
    display: &'a str,
    token: String,
    link: &'a str,
    script: &'static str,
}

/// `GET /enrol/{token}`
pub(crate) async fn show(
    guest: Guest,
    caller: Caller,
    app: Data<App>,
    link: Path<String>,
) -> Result<HttpResponse, PageError> {
    let person = invited(&app, &caller, &link).await?;
    let body = EnrolPage {
        display: &person.display,
        token: page::token(&app, &caller, &guest.holder()),
        link: &link,
        script: assets::passkey(),
    };
    page::show_outside(&app, &caller, "Your first passkey", &body, StatusCode::OK)
}

/// `POST /enrol/{token}/options`
pub(crate) async fn options(
    guest: Guest,
    caller: Caller,
    app: Data<App>,
    link: Path<String>,
    ask: Json<Ask>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&guest.holder(), &ask.token)
        .ok_or(PageError::FormExpired)?;
    let person = invited(&app, &caller, &link).await?;
    me::start(&app, &caller, &guest.holder(), &person).await
}

/// `POST /enrol/{token}/passkey`
pub(crate) async fn finish(
    guest: Guest,
    before: Option<Staff<Anyone>>,
    caller: Caller,
    app: Data<App>,
    link: Path<String>,
    answer: Json<Answer<RegisterPublicKeyCredential>>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&guest.holder(), &answer.token)
        .ok_or(PageError::FormExpired)?;
    let person = invited(&app, &caller, &link).await?;
    let Some(passkey) = me::checked(&app, &caller, &guest.holder(), &person, &answer).await? else {
        return Ok(me::not_made());
    };
    if !invitation::accept(&app.db, &link, caller.at).await? {
        return Err(PageError::NotFound);
    }
    me::store(&app, &caller, &person, &passkey, &answer.label).await?;
    let cookie = enter(&app, &caller, before, &person, "invitation").await?;
    Ok(HttpResponse::Ok()
        .cookie(cookie)
        .json(json!({"to": page::home(&person.roles)})))
}

/// Whom a link is for. One that was used, is old or was made up is not found.
async fn invited(app: &App, caller: &Caller, link: &str) -> Result<Person, PageError> {
    let id = invitation::invited(&app.db, link, caller.at)
        .await?
        .ok_or(PageError::NotFound)?;
    let person = app.db.person(id).await?.filter(|person| person.active);
    person.ok_or(PageError::NotFound)
}
