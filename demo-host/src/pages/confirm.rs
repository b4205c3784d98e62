//! Asking for a second factor, and the way back from it: sign-in, withdrawal, a new bank account.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::fail::Fail;
use super::origin::OwnPage;
use super::session::{self, SignedIn};
use super::text::{When, when};
use super::{go, html};
use crate::exchange::Exchange;
use crate::model::Account;
use crate::readmit::StepUp;
use crate::secret;
use crate::state::{BankAccount, Session, Withdrawal};
use crate::step_up::{Act, Back, Pending, Unconfirmed};

const COOKIE: &str = "__Host-halcyon-asked";
/// What can be withdrawn here.
const ASSETS: [&str; 3] = ["BTC", "ETH", "USDT"];

/// The page that leads to Readmit: a redirect would be a form's, which the policy of these pages keeps at home.
#[derive(Template)]
#[template(path = "pages/onward.html")]
struct Onward<'a> {
    here: &'static str,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/unconfirmed.html")]
struct NotDone {
    here: &'static str,
    text: &'static str,
}

#[derive(Template)]
#[template(path = "pages/move.html")]
struct Move<'a> {
    here: &'static str,
    locked_until: Option<When>,
    problem: Option<&'static str>,
    assets: [&'static str; 3],
    withdrawals: Vec<(&'a Withdrawal, When)>,
    bank_accounts: Vec<(&'a BankAccount, When)>,
    done: bool,
}

#[derive(Deserialize)]
pub(super) struct Wish {
    asset: String,
    amount: String,
    address: String,
}

#[derive(Deserialize)]
pub(super) struct Bank {
    iban: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Came {
    done: bool,
}

/// Withdrawals and bank accounts of the owner.
pub(super) async fn show(exchange: Data<Exchange>, who: SignedIn, came: Query<Came>) -> Result<HttpResponse, Fail> {
    page(&exchange, &who, None, came.done)
}

fn page(exchange: &Exchange, who: &SignedIn, problem: Option<&'static str>, done: bool) -> Result<HttpResponse, Fail> {
    let (state, now) = (exchange.store.read(), exchange.now());
    let standing = state.standing(&who.account).ok_or(Fail::SignedOut)?;
    let page = Move {
        here: "/move",
        locked_until: standing.locked_until(now).map(when),
        problem,
        assets: ASSETS,
        withdrawals: standing
            .withdrawals
            .iter()
            .rev()
            .map(|one| (one, when(one.at)))
            .collect(),
        bank_accounts: standing
            .bank_accounts
            .iter()
            .rev()
            .map(|one| (one, when(one.at)))
            .collect(),
        done,
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    html(status, &page)
}

/// A withdrawal. While the account is locked nothing is even asked.
pub(super) async fn withdraw(
    exchange: Data<Exchange>,
    _: OwnPage,
    who: SignedIn,
    wish: Form<Wish>,
) -> Result<HttpResponse, Fail> {
    if let Some(problem) = locked(&exchange, &who.account) {
        return page(&exchange, &who, Some(problem), false);
    }
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let amount_fits = wish.amount.parse::<f64>().is_ok_and(|amount| amount > 0.0) && wish.amount.chars().all(digits);
    let address_fits =
        (8..=100).contains(&wish.address.len()) && wish.address.chars().all(|c| c.is_ascii_alphanumeric());
    if !ASSETS.contains(&wish.asset.as_str()) || !amount_fits || wish.amount.len() > 20 || !address_fits {
        let problem = "Enter an amount like 0.5, and an address of letters and digits.";
        return page(&exchange, &who, Some(problem), false);
    }
    let Wish { asset, amount, address } = wish.into_inner();
    ask(&exchange, &who, Act::Withdraw { asset, amount, address }).await
}

/// A bank account. It is an address by which value leaves, and so under the lock as well.
pub(super) async fn add_bank_account(
    exchange: Data<Exchange>,
    _: OwnPage,
    who: SignedIn,
    bank: Form<Bank>,
) -> Result<HttpResponse, Fail> {
    if let Some(problem) = locked(&exchange, &who.account) {
        return page(&exchange, &who, Some(problem), false);
    }
    let iban: String = bank
        .iban
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_uppercase();
    let fits = (15..=34).contains(&iban.len()) && iban.chars().all(|c| c.is_ascii_alphanumeric());
    if !fits {
        return page(&exchange, &who, Some("An IBAN has 15 to 34 letters and digits."), false);
    }
    ask(&exchange, &who, Act::AddBankAccount { iban }).await
}

fn locked(exchange: &Exchange, account: &str) -> Option<&'static str> {
    let state = exchange.store.read();
    let locked = state.standing(account)?.locked_until(exchange.now()).is_some();
    locked.then_some("Withdrawals are locked. Nothing leaves the account before the lock ends, whoever asks.")
}

async fn ask(exchange: &Exchange, who: &SignedIn, act: Act) -> Result<HttpResponse, Fail> {
    let account = exchange.account(&who.account).ok_or(Fail::SignedOut)?;
    match onward(exchange, account, act).await? {
        Some(answer) => Ok(answer),
        None => page(
            exchange,
            who,
            Some("Add a passkey or an authenticator app first: what leaves the account is confirmed with it."),
            false,
        ),
    }
}

/// To Readmit, to prove a factor for this. Nothing if the account has none.
pub(super) async fn onward(exchange: &Exchange, account: &Account, act: Act) -> Result<Option<HttpResponse>, Fail> {
    let now = exchange.now();
    let (text, digest, return_to) = (act.text(), act.digest(), way_back(exchange));
    let step_up = exchange.readmit.step_up(
        &exchange.signer,
        StepUp {
            account: account.id,
            purpose: act.purpose(),
            text: &text,
            digest: &digest,
            return_to: &return_to,
            language: account.language.tag(),
        },
        now,
    );
    let Some(asked) = step_up.await.map_err(|cause| {
        tracing::warn!(%cause, "no step-up could be asked for");
        Fail::NotConfirmed
    })?
    else {
        return Ok(None);
    };
    let token = secret::token()?;
    exchange
        .waiting
        .add(secret::hash(&token), account.id, act, asked.id, now);
    let mut answer = html(
        StatusCode::OK,
        &Onward {
            here: "",
            url: &asked.url,
        },
    )?;
    answer
        .add_cookie(&session::named(COOKIE, token))
        .map_err(|_| Fail::NotConfirmed)?;
    let refresh = format!("0; url={}", asked.url)
        .parse()
        .map_err(|_| Fail::NotConfirmed)?;
    answer.headers_mut().insert(header::REFRESH, refresh);
    Ok(Some(answer))
}

fn way_back(exchange: &Exchange) -> String {
    format!("{}/confirmed", exchange.config.origin)
}

/// The way back: what was asked for is done, if the result says so.
pub(super) async fn confirmed(
    exchange: Data<Exchange>,
    request: HttpRequest,
    back: Query<Back>,
) -> Result<HttpResponse, Fail> {
    let token = request.cookie(COOKIE).map(|cookie| secret::hash(cookie.value()));
    let token = token.unwrap_or_default();
    let here = way_back(&exchange);
    let confirmed = exchange
        .waiting
        .confirm(&token, &back, &here, &exchange.signer, exchange.now());
    match confirmed {
        Ok(pending) => carry_out(&exchange, pending).await,
        Err(why) => {
            tracing::info!(%why, "not confirmed");
            let text = match why {
                Unconfirmed::Cancelled => "You came back without confirming. Nothing was done.",
                Unconfirmed::NotPassed => "The second factor did not fit. Nothing was done.",
                Unconfirmed::Late => "That took too long. Nothing was done; try again.",
                Unconfirmed::Nothing | Unconfirmed::Other | Unconfirmed::Distrust(_) => {
                    "We could not match this to anything you asked for here. Nothing was done."
                }
            };
            html(StatusCode::FORBIDDEN, &NotDone { here: "", text })
        }
    }
}

async fn carry_out(exchange: &Exchange, pending: Pending) -> Result<HttpResponse, Fail> {
    let now = exchange.now();
    let Pending { account, act, .. } = pending;
    match act {
        Act::SignIn { device } => {
            let token = secret::token()?;
            let (hash, since) = (secret::hash(&token), now);
            let opened = exchange
                .store
                .change(|state| state.sessions.insert(hash, Session { account, since, device }));
            opened.await?;
            Ok(go("/account").cookie(session::cookie(token)).finish())
        }
        Act::Withdraw { asset, amount, address } => {
            let made = Withdrawal {
                asset,
                amount,
                address,
                at: now,
            };
            // The lock may have come in between.
            let done = exchange
                .store
                .change(|state| state.withdraw(&account, made, now))
                .await?;
            Ok(go(if done { "/move?done=true" } else { "/move" }).finish())
        }
        Act::AddBankAccount { iban } => {
            let added = BankAccount { iban, at: now };
            let done = exchange
                .store
                .change(|state| state.add_bank_account(&account, added, now))
                .await?;
            Ok(go(if done { "/move?done=true" } else { "/move" }).finish())
        }
    }
}
