//! Staff sign in with a passkey, which names them by itself. Whatever is wrong, the answer is the same; the audit log
//! tells it apart.

mod ceremony;
mod enrol;
mod invitation;
mod me;
mod passkey;
mod password;

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json};
use askama::Template;
use readmit_core::guard::Bucket;
use readmit_core::ids::PersonId;
use readmit_core::time::Span;
use readmit_storage::{AuditRow, Person};
use readmit_web::{Anyone, App, Caller, Face, Guest, PageError, Staff, assets, session};
use serde::Deserialize;
use serde_json::json;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use crate::page::{self, Body, posted};
use ceremony::Purpose;
pub(crate) use enrol::{finish as enrol_finish, options as enrol_options, show as enrol_show};
pub use invitation::invite;
pub(crate) use me::{add_finish, add_options, remove, rename, show as me_show};
use passkey::{PasskeyError, RelyingParty};
pub(crate) use password::create as password_create;
pub use password::{NotHashed, hash_password};

/// Tries of one name from one network in a quarter of an hour, good ones too.
const TRIES: u32 = 10;
/// Challenges given to one network in a quarter of an hour.
const CHALLENGES: u32 = 60;

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignInPage<'a> {
    token: String,
    passwords: bool,
    refused: bool,
    name: &'a str,
    script: &'static str,
}

/// `GET /sign-in`
pub(crate) async fn show(guest: Guest, caller: Caller, app: Data<App>) -> Result<HttpResponse, PageError> {
    form(&app, &caller, &guest, None)
}

/// The form; again with the name that was refused.
fn form(app: &App, caller: &Caller, guest: &Guest, refused: Option<&str>) -> Result<HttpResponse, PageError> {
    let body = SignInPage {
        token: page::token(app, caller, &guest.holder()),
        passwords: app.staff_passwords,
        refused: refused.is_some(),
        name: refused.unwrap_or_default(),
        script: assets::passkey(),
    };
    let (title, status) = match refused {
        Some(_) => ("Error: Staff sign-in", StatusCode::FORBIDDEN),
        None => ("Staff sign-in", StatusCode::OK),
    };
    page::show_outside(app, caller, title, &body, status)
}

/// A first call of the passkey script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    token: String,
}

/// The second call: what the device answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer<C> {
    token: String,
    ceremony: String,
    answer: C,
    /// What its owner calls a new passkey.
    #[serde(default)]
    label: String,
}

/// `POST /sign-in/options`
pub(crate) async fn options(
    guest: Guest,
    caller: Caller,
    app: Data<App>,
    ask: Json<Ask>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&guest.holder(), &ask.token)
        .ok_or(PageError::FormExpired)?;
    spend(&app, &caller, "staff-challenge", &[&caller.prefix.0], CHALLENGES).await?;
    let (options, state) = party(&app)?.start_sign_in().map_err(PageError::internal)?;
    let ceremony = ceremony::keep(&app.db, Purpose::SignIn, &guest.holder(), &state, caller.at).await?;
    Ok(HttpResponse::Ok().json(json!({"ceremony": ceremony, "options": options})))
}

/// `POST /sign-in/passkey`
pub(crate) async fn create(
    guest: Guest,
    before: Option<Staff<Anyone>>,
    caller: Caller,
    app: Data<App>,
    answer: Json<Answer<PublicKeyCredential>>,
) -> Result<HttpResponse, PageError> {
    app.forms
        .check(&guest.holder(), &answer.token)
        .ok_or(PageError::FormExpired)?;
    let person = match check(&app, &caller, &guest, &answer).await? {
        Ok(person) => person,
        Err((claimed, why)) => {
            refused(&app, &caller, claimed, &why.to_string()).await?;
            return Ok(HttpResponse::Forbidden().json(json!({"error": "That did not let you in. Try again."})));
        }
    };
    let cookie = enter(&app, &caller, before, &person, "passkey").await?;
    Ok(HttpResponse::Ok()
        .cookie(cookie)
        .json(json!({"to": page::home(&person.roles)})))
}

/// Who an answer comes from, if every check passes; its passkey is brought up to date only then (PK-04).
async fn check(
    app: &App,
    caller: &Caller,
    guest: &Guest,
    answer: &Answer<PublicKeyCredential>,
) -> Result<Result<Person, (Option<PersonId>, PasskeyError)>, PageError> {
    let party = party(app)?;
    let claimed = party.claimed_person(&answer.answer).ok();
    let state: Option<DiscoverableAuthentication> =
        ceremony::take(&app.db, Purpose::SignIn, &guest.holder(), &answer.ceremony, caller.at).await?;
    let (Some(id), Some(state)) = (claimed, state) else {
        return Ok(Err((claimed, PasskeyError::Refused)));
    };
    spend(
        app,
        caller,
        "staff-sign-in",
        &[id.0.as_bytes(), &caller.prefix.0],
        TRIES,
    )
    .await?;
    let Some(person) = app.db.person(id).await?.filter(|person| person.active) else {
        return Ok(Err((claimed, PasskeyError::Refused)));
    };
    let own = me::own_passkeys(app, id).await?;
    match party.finish_sign_in(&answer.answer, state, &own) {
        Ok(passkey) => {
            let body = serde_json::to_value(&passkey).map_err(PageError::internal)?;
            app.db.passkey_update(passkey.cred_id(), &body, caller.at).await?;
            Ok(Ok(person))
        }
        Err(why) => Ok(Err((claimed, why))),
    }
}

/// `POST /sign-out`
pub(crate) async fn sign_out(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    posted(&app, &staff.holder, body)?;
    staff.sign_out(&app).await?;
    page::audit(&app, &caller, &staff.person, "signed_out", None, json!({})).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/sign-in"))
        .insert_header(session::CLEAR)
        .cookie(session::staff_gone())
        .finish())
}

/// Opens the session under a new name; one that was there before ends (SE-01).
async fn enter(
    app: &App,
    caller: &Caller,
    before: Option<Staff<Anyone>>,
    person: &Person,
    how: &str,
) -> Result<Cookie<'static>, PageError> {
    if let Some(before) = before {
        before.sign_out(app).await?;
    }
    let cookie = session::sign_in(app, caller, person.id).await?;
    page::audit(app, caller, person, "signed_in", None, json!({"by": how})).await?;
    Ok(cookie)
}

/// Records a sign-in that was turned away, with whom it claimed to be.
async fn refused(app: &App, caller: &Caller, claimed: Option<PersonId>, why: &str) -> Result<(), PageError> {
    let row = AuditRow {
        at: caller.at,
        who: claimed.map_or_else(|| "nobody".into(), page::who),
        what: "sign_in_refused".into(),
        case: None,
        detail: json!({"why": why, "network": caller.prefix.to_string()}),
        outcome: "refused".into(),
    };
    Ok(app.db.audit(row).await?)
}

/// Counts one try (RL-02).
async fn spend(app: &App, caller: &Caller, purpose: &str, parts: &[&[u8]], limit: u32) -> Result<(), PageError> {
    let bucket = Bucket {
        tag: app.db.index_tag(purpose, parts),
        limit,
        window: Span::minutes(15),
    };
    match app.db.spend(&bucket, caller.at).await? {
        true => Ok(()),
        false => Err(PageError::TooMany {
            until: bucket.window_start(caller.at) + bucket.window,
        }),
    }
}

fn party(app: &App) -> Result<RelyingParty, PageError> {
    RelyingParty::of(&app.origins.of(Face::Staff).to_string()).map_err(PageError::internal)
}
