//! From the host's pages to ours: the host asks for a visit of its signed-in owner, and sends the browser to the address
//! that it gets. The address is good once and for a minute, and opens the security settings of that account, nothing else:
//! whatever the owner does there is proven again. When the account signs out at the host, the host says so, and what it let in is over.

use actix_web::http::header::LOCATION;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use readmit_core::ids::AccountId;
use readmit_core::time::Span;
use readmit_storage::{AuditRow, Face, NewSession};
use readmit_web::{App, Caller, PageError, session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::case::audit_row;
use crate::signed::believe;

/// How long the address is good.
const LIVES: Span = Span::minutes(1);

/// What is kept until the browser comes.
#[derive(Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
enum Kept {
    Visit { account: AccountId },
}

/// The host asks for an address for its owner.
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    account: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    believe(&app, &request, &body).await?;
    let kept = Kept::Visit {
        account: AccountId(account.into_inner()),
    };
    let row = NewSession {
        face: Face::Ceremony,
        case: None,
        person: None,
        data: serde_json::to_value(kept).map_err(PageError::internal)?,
    };
    let token = app.db.session_create(row, caller.at).await?;
    let url = format!("{}/enter/{token}", app.brand.claimant_origin);
    Ok(HttpResponse::Created().json(json!({ "url": url })))
}

/// The account signed out at the host: no visit that it let in before goes on (SE-01).
pub(crate) async fn end(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    account: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    believe(&app, &request, &body).await?;
    let account = AccountId(account.into_inner());
    app.db.sign_out(&account, caller.at).await?;
    let row = AuditRow {
        who: "host".into(),
        detail: json!({"account": app.db.account_tag(&account).to_string(), "request": caller.id.to_string()}),
        ..audit_row(&caller, "visits_ended", None, "done")
    };
    app.db.audit(row).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The browser comes: once.
pub(crate) async fn show(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    let kept = app.db.session(&token, caller.at).await?;
    let kept = kept.filter(|kept| kept.face == Face::Ceremony && caller.at - kept.created < LIVES);
    let kept = kept.ok_or(PageError::LinkUsed)?;
    let Kept::Visit { account } = serde_json::from_value(kept.data).map_err(|_| PageError::LinkUsed)?;
    // Asked for by a session of the host that is over.
    if app.db.signed_out(&account).await?.is_some_and(|at| at > kept.created) {
        return Err(PageError::LinkUsed);
    }
    if !app.db.session_end(&kept.id_hash).await? {
        return Err(PageError::LinkUsed);
    }
    // On the host's word somebody is signed in here (AU-01); whose account it is stands there as a tag.
    let row = AuditRow {
        detail: json!({"account": app.db.account_tag(&account).to_string(), "request": caller.id.to_string()}),
        ..audit_row(&caller, "entered", None, "done")
    };
    app.db.audit(row).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/security"))
        .cookie(session::enter_claimant(&app, &caller, account).await?)
        .finish())
}
