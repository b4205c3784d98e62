//! Who an address belongs to, and whether a password fits. Readmit's questions never count as failed sign-ins: a stranger's
//! recovery must not lock the owner out (RF-08).

use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::signed::Signed;
use crate::exchange::Exchange;
use crate::model::Account;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    email: String,
    password: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Known {
    id: Option<&'static str>,
    verdict: Verdict,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Try {
    password: String,
}

#[derive(Serialize)]
pub(super) struct Tried {
    verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Right,
    Wrong,
    Locked,
    Unknown,
    NotAsked,
}

/// The same work and the same shape whether the address is known, unknown, or asked about without a password (RL-01).
pub(super) async fn create(exchange: Data<Exchange>, call: Signed) -> Result<Json<Known>, Fault> {
    let ask: Ask = call.json()?;
    let account = exchange.account_of(&ask.email);
    let verdict = judge(&exchange, account, ask.password).await;
    Ok(Json(Known {
        id: account.map(|account| account.id),
        verdict,
    }))
}

pub(super) async fn password(exchange: Data<Exchange>, id: Path<String>, call: Signed) -> Result<Json<Tried>, Fault> {
    let tried: Try = call.json()?;
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    let verdict = judge(&exchange, Some(account), Some(tried.password)).await;
    Ok(Json(Tried { verdict }))
}

/// One verification whatever the answer; it counts nothing.
async fn judge(exchange: &Exchange, account: Option<&Account>, password: Option<String>) -> Verdict {
    let state = exchange.store.read();
    let standing = account.and_then(|account| state.standing(account.id));
    let hash = standing.and_then(|standing| standing.password.clone());
    let asked = password.is_some();
    let fits = exchange.passwords.fits(hash, password.unwrap_or_default()).await;
    match standing {
        None => Verdict::Unknown,
        Some(_) if !asked => Verdict::NotAsked,
        Some(standing) if standing.is_locked(exchange.now()) => Verdict::Locked,
        Some(_) if fits => Verdict::Right,
        Some(_) => Verdict::Wrong,
    }
}
