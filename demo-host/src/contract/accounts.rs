//! What Readmit may know of an account: its standing for the workflow's conditions, facts for questions, the ledger.

use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::fault::Fault;
use super::signed::Signed;
use crate::exchange::Exchange;
use crate::model::{Account, Kyc, Language, LedgerRow, Profile, SignIn, Tier};
use crate::seed::decoys;

#[derive(Serialize)]
pub(super) struct Shown {
    id: &'static str,
    email: &'static str,
    name: &'static str,
    language: Language,
    attributes: Attributes,
    #[serde(with = "time::serde::rfc3339")]
    since: OffsetDateTime,
    last_sign_in: Option<SignIn>,
}

#[derive(Serialize)]
struct Attributes {
    kyc: Kyc,
    asset_tier: Tier,
    has_transactions: bool,
}

pub(super) async fn show(exchange: Data<Exchange>, id: Path<String>, _: Signed) -> Result<Json<Shown>, Fault> {
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    Ok(Json(Shown {
        id: account.id,
        email: account.email,
        name: account.name,
        language: account.language,
        attributes: Attributes {
            kyc: account.kyc,
            asset_tier: account.tier,
            has_transactions: !account.ledger.is_empty(),
        },
        since: account.since,
        last_sign_in: account.sign_ins.first().cloned(),
    }))
}

#[derive(Serialize)]
pub(super) struct Facts {
    profile: Profile,
    sign_ins: Vec<SignIn>,
    decoys: Decoys,
}

/// What a question may offer beside the truth: of the same kind, and true of nothing in this account.
#[derive(Serialize)]
struct Decoys {
    cities: Vec<&'static str>,
    countries: Vec<&'static str>,
    devices: Vec<&'static str>,
    assets: Vec<&'static str>,
}

pub(super) async fn facts(exchange: Data<Exchange>, id: Path<String>, _: Signed) -> Result<Json<Facts>, Fault> {
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    Ok(Json(Facts {
        profile: account.profile.clone(),
        sign_ins: account.sign_ins.clone(),
        decoys: decoys_for(account),
    }))
}

fn decoys_for(account: &Account) -> Decoys {
    let not = |all: &[&'static str], is_true: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
        all.iter().copied().filter(|one| !is_true(one)).collect()
    };
    let signed_in =
        |pick: fn(&SignIn) -> &'static str| move |one: &str| account.sign_ins.iter().any(|row| pick(row) == one);
    let from_country = signed_in(|row| row.country);
    Decoys {
        cities: not(&decoys::CITIES, &signed_in(|row| row.city)),
        countries: not(&decoys::COUNTRIES, &|one| {
            from_country(one) || account.profile.country == Some(one)
        }),
        devices: not(&decoys::DEVICES, &signed_in(|row| row.device)),
        assets: not(&decoys::ASSETS, &|one| {
            account.ledger.iter().any(|row| row.asset == one)
        }),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default = "Page::usual")]
    limit: usize,
    /// Only rows that are older than this one.
    before: Option<String>,
}

impl Page {
    fn usual() -> usize {
        200
    }
}

#[derive(Serialize)]
pub(super) struct Ledger {
    rows: Vec<LedgerRow>,
}

pub(super) async fn ledger(exchange: Data<Exchange>, id: Path<String>, call: Signed) -> Result<Json<Ledger>, Fault> {
    let page: Page = call.query()?;
    if !(1..=500).contains(&page.limit) {
        return Err(Fault::Body("limit must be from 1 to 500.".to_owned()));
    }
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    let ledger = account.ledger.as_slice();
    let older = match &page.before {
        Some(before) => {
            let at = ledger.iter().position(|row| row.id == *before);
            at.and_then(|at| ledger.get(at + 1..)).unwrap_or_default()
        }
        None => ledger,
    };
    Ok(Json(Ledger {
        rows: older.iter().take(page.limit).cloned().collect(),
    }))
}
