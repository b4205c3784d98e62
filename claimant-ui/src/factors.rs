//! The host asks which factors we keep for an account, to show them to its owner.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use readmit_core::ids::AccountId;
use readmit_core::time::At;
use readmit_web::{App, PageError};
use serde::Serialize;

use crate::signed;

#[derive(Serialize)]
struct Factors {
    factors: Vec<Factor>,
}

#[derive(Serialize)]
struct Factor {
    kind: String,
    name: String,
    last_used: Option<String>,
}

/// Kinds, names and last use; no secret, and nothing that a remedy has begun to remove.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    account: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    signed::believe(&app, &request, &body).await?;
    let factors = app.db.factors(&AccountId(account.into_inner())).await?;
    let factors = factors
        .into_iter()
        .filter(|factor| !factor.suspended)
        .map(|factor| Factor {
            kind: factor.kind,
            name: factor.name,
            last_used: factor.last_used.map(At::rfc3339),
        })
        .collect();
    Ok(HttpResponse::Ok().json(Factors { factors }))
}
