//! The owner's page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::fail::Fail;
use super::origin::OwnPage;
use super::session::SignedIn;
use super::text::{When, when};
use super::{go, html};
use crate::exchange::Exchange;
use crate::model::{Account, Amount, Profile, Reset, SignIn};
use crate::notice::Notice;
use crate::readmit;
use crate::seed;
use crate::state::State;

#[derive(Template)]
#[template(path = "pages/account.html")]
struct Page<'a> {
    here: &'static str,
    banners: Vec<Banner>,
    name: &'a str,
    lang: &'static str,
    email: &'a str,
    locked_until: Option<When>,
    balances: Vec<(&'static str, String)>,
    /// None where Readmit did not answer.
    factors: Option<Vec<Factor>>,
    sessions: Vec<Session>,
    trusted_devices: &'a [String],
    api_keys: &'a [String],
    resets: Vec<(String, When)>,
    profile: &'a Profile,
    codes: &'a str,
    sign_ins: Vec<(&'a SignIn, When)>,
}

struct Factor {
    kind: String,
    name: String,
    last_used: Option<When>,
}

struct Session {
    device: String,
    since: When,
    is_this: bool,
}

/// What Readmit wants the owner to see, on every page of the session.
pub(super) struct Banner {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) stop_url: Option<String>,
    pub(super) at: When,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// What came of asking for codes: `again` or `later`.
    codes: Option<String>,
}

pub(super) async fn show(exchange: Data<Exchange>, who: SignedIn, asked: Query<Asked>) -> Result<HttpResponse, Fail> {
    let account = exchange.account(&who.account).ok_or(Fail::SignedOut)?;
    let factors = exchange
        .readmit
        .factors(&exchange.signer, account.id, exchange.now())
        .await;
    if let Err(cause) = &factors {
        tracing::warn!(%cause, "the host API did not answer");
    }
    let (state, now) = (exchange.store.read(), exchange.now());
    let standing = state.standing(account.id).ok_or(Fail::SignedOut)?;
    let sessions = state.sessions_of(account.id, now).into_iter();
    let page = Page {
        here: "/account",
        banners: banners(&exchange, &state, account),
        name: account.name,
        lang: account.language.tag(),
        email: account.email,
        locked_until: standing.locked_until(now).map(when),
        balances: balances(account),
        factors: factors.ok().map(|all| all.into_iter().map(factor).collect()),
        sessions: sessions
            .map(|(id, one)| Session {
                device: one.device.clone(),
                since: when(one.since),
                is_this: *id == who.session,
            })
            .collect(),
        trusted_devices: &standing.trusted_devices,
        api_keys: &standing.api_keys,
        resets: standing
            .resets
            .iter()
            .rev()
            .map(|done| (words(&done.reset, &done.case), when(done.at)))
            .collect(),
        profile: &account.profile,
        codes: asked.codes.as_deref().unwrap_or_default(),
        sign_ins: account.sign_ins.iter().map(|row| (row, when(row.at))).collect(),
    };
    html(StatusCode::OK, &page)
}

/// The owner wants codes by mail again, having asked for none.
pub(super) async fn codes(exchange: Data<Exchange>, _: OwnPage, who: SignedIn) -> Result<HttpResponse, Fail> {
    let account = exchange.account(&who.account).ok_or(Fail::SignedOut)?;
    let ended = exchange
        .readmit
        .end_quiet(&exchange.signer, account.email, exchange.now())
        .await;
    if let Err(cause) = &ended {
        tracing::warn!(%cause, "the host API did not answer");
    }
    let told = if ended.is_ok() { "again" } else { "later" };
    Ok(go(&format!("/account?codes={told}")).finish())
}

/// On to the pages where the owner changes factors.
pub(super) async fn security(exchange: Data<Exchange>, who: SignedIn) -> Result<HttpResponse, Fail> {
    let account = exchange.account(&who.account).ok_or(Fail::SignedOut)?;
    let visit = exchange
        .readmit
        .visit(&exchange.signer, account.id, exchange.now())
        .await;
    let url = visit.map_err(|cause| {
        tracing::warn!(%cause, "the host API did not answer");
        Fail::Away
    })?;
    Ok(go(&url).finish())
}

pub(super) fn banners(exchange: &Exchange, state: &State, account: &Account) -> Vec<Banner> {
    let banner = |notice: &Notice| Banner {
        title: notice.title.clone(),
        text: notice.text.clone(),
        stop_url: notice.stop_url.clone(),
        at: when(notice.at()),
    };
    state
        .notices(account.id, exchange.now())
        .into_iter()
        .map(banner)
        .collect()
}

fn balances(account: &Account) -> Vec<(&'static str, String)> {
    let held = seed::balances(&account.ledger).into_iter();
    held.filter(|(_, amount)| *amount > Amount(0))
        .map(|(asset, amount)| (asset, amount.to_string()))
        .collect()
}

fn factor(one: readmit::Factor) -> Factor {
    let kind = match one.kind.as_str() {
        "passkey" => "Passkey".to_owned(),
        "totp" => "Authenticator app".to_owned(),
        "phone" => "Phone number".to_owned(),
        "recovery_codes" => "Recovery codes".to_owned(),
        _ => one.kind,
    };
    Factor {
        kind,
        name: one.name,
        last_used: one.last_used.map(when),
    }
}

fn words(reset: &[Reset], case: &str) -> String {
    if reset.is_empty() {
        return format!("One way to sign in was removed (case {case})");
    }
    let kinds: Vec<&str> = reset.iter().map(|kind| kind.words()).collect();
    format!("Reset: {} (case {case})", kinds.join(", "))
}
