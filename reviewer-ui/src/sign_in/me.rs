//! A member of staff's own page: passkeys are added, renamed and removed by their owner only.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path, Query};
use askama::Template;
use readmit_core::ids::PersonId;
use readmit_storage::Person;
use readmit_web::{Anyone, App, Caller, Holder, PageError, Staff, assets};
use serde::{Deserialize, Serialize};
use serde_json::json;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use super::ceremony::{self, Purpose};
use super::{Answer, Ask, party};
use crate::page::{self, Body, posted, see_other};
use crate::words;

#[derive(Template)]
#[template(path = "sign_in/me.html")]
struct MePage<'a> {
    display: &'a str,
    name: &'a str,
    roles: String,
    token: String,
    passkeys: Vec<Row>,
    /// The only passkey was to be removed.
    last: bool,
    script: &'static str,
}

struct Row {
    id: String,
    label: String,
    added: String,
    used: String,
}

#[derive(Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    last: bool,
}

/// `GET /me`
pub(crate) async fn show(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    shown: Query<Shown>,
) -> Result<HttpResponse, PageError> {
    let passkeys = app.db.passkeys(staff.person.id).await?;
    let roles: Vec<&str> = staff.person.roles.iter().map(|role| role.code()).collect();
    let body = MePage {
        display: &staff.person.display,
        name: &staff.person.name,
        roles: roles.join(", "),
        token: page::token(&app, &caller, &staff.holder),
        passkeys: passkeys
            .into_iter()
            .map(|passkey| Row {
                id: passkey.id.to_string(),
                label: passkey.label,
                added: words::day(passkey.added),
                used: passkey.used.map(words::day).unwrap_or_default(),
            })
            .collect(),
        last: shown.last,
        script: assets::passkey(),
    };
    page::show(
        (&app, &caller, &staff),
        &staff.person.display,
        "/me",
        &body,
        StatusCode::OK,
    )
}

/// `POST /me/passkeys/options`
pub(crate) async fn add_options(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    ask: Json<Ask>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&staff.holder, &ask.token)
        .ok_or(PageError::FormExpired)?;
    start(&app, &caller, &staff.holder, &staff.person).await
}

/// `POST /me/passkeys`
pub(crate) async fn add_finish(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    answer: Json<Answer<RegisterPublicKeyCredential>>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&staff.holder, &answer.token)
        .ok_or(PageError::FormExpired)?;
    match checked(&app, &caller, &staff.holder, &staff.person, &answer).await? {
        Some(passkey) => {
            store(&app, &caller, &staff.person, &passkey, &answer.label).await?;
            Ok(HttpResponse::Ok().json(json!({"to": "/me"})))
        }
        None => Ok(not_made()),
    }
}

/// `POST /me/passkeys/{id}/rename`
pub(crate) async fn rename(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    id: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (_, fields) = posted(&app, &staff.holder, body)?;
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let label = label(fields.get("label").unwrap_or_default());
    if !app.db.passkey_rename(staff.person.id, id, &label).await? {
        return Err(PageError::NotFound);
    }
    page::audit(&app, &caller, &staff.person, "passkey_renamed", None, json!({})).await?;
    Ok(see_other("/me"))
}

/// `POST /me/passkeys/{id}/remove`. The last one stays: nobody locks themselves out.
pub(crate) async fn remove(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    id: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    posted(&app, &staff.holder, body)?;
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    if app.db.passkeys(staff.person.id).await?.len() < 2 {
        return Ok(see_other("/me?last=true"));
    }
    if !app.db.passkey_remove(staff.person.id, id).await? {
        return Err(PageError::NotFound);
    }
    page::audit(&app, &caller, &staff.person, "passkey_removed", None, json!({})).await?;
    Ok(see_other("/me"))
}

/// A registration's state, bound to the person that it is for.
#[derive(Serialize, Deserialize)]
struct Registering {
    person: PersonId,
    state: PasskeyRegistration,
}

pub(super) async fn start(
    app: &App,
    caller: &Caller,
    holder: &Holder,
    person: &Person,
) -> Result<HttpResponse, PageError> {
    let own = own_passkeys(app, person.id).await?;
    let (options, state) = party(app)?
        .start_registration(person.id, &person.name, &person.display, &own)
        .map_err(PageError::internal)?;
    let state = Registering {
        person: person.id,
        state,
    };
    let ceremony = ceremony::keep(&app.db, Purpose::Register, holder, &state, caller.at).await?;
    Ok(HttpResponse::Ok().json(json!({"ceremony": ceremony, "options": options})))
}

/// The new passkey, if every check passes.
pub(super) async fn checked(
    app: &App,
    caller: &Caller,
    holder: &Holder,
    person: &Person,
    answer: &Answer<RegisterPublicKeyCredential>,
) -> Result<Option<Passkey>, PageError> {
    let kept: Option<Registering> =
        ceremony::take(&app.db, Purpose::Register, holder, &answer.ceremony, caller.at).await?;
    let Some(kept) = kept.filter(|kept| kept.person == person.id) else {
        return Ok(None);
    };
    Ok(party(app)?.finish_registration(&answer.answer, &kept.state).ok())
}

pub(super) async fn store(
    app: &App,
    caller: &Caller,
    person: &Person,
    passkey: &Passkey,
    typed: &str,
) -> Result<(), PageError> {
    let body = serde_json::to_value(passkey).map_err(PageError::internal)?;
    let label = label(typed);
    // A credential that anybody has already is refused by the store (PK-01).
    if !app
        .db
        .passkey_add(person.id, passkey.cred_id(), &label, &body, caller.at)
        .await?
    {
        return Err(PageError::Forbidden);
    }
    page::audit(app, caller, person, "passkey_added", None, json!({})).await
}

pub(super) async fn own_passkeys(app: &App, person: PersonId) -> Result<Vec<Passkey>, PageError> {
    let stored = app.db.passkeys(person).await?;
    let read = stored.into_iter().map(|passkey| serde_json::from_value(passkey.body));
    read.collect::<Result<_, _>>().map_err(PageError::internal)
}

pub(super) fn not_made() -> HttpResponse {
    HttpResponse::Forbidden().json(json!({"error": "The passkey was not made. Reload the page and try again."}))
}

/// A label as shown: trimmed, at most 40 characters, never empty.
fn label(typed: &str) -> String {
    let label: String = typed.trim().chars().take(40).collect();
    if label.is_empty() { "Passkey".into() } else { label }
}
