//! The start page: sign in, the way to a recovery, and who may sign in here.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::confirm::onward;
use super::fail::Fail;
use super::origin::OwnPage;
use super::session::{self, SignedIn};
use super::text::when;
use super::{go, html};
use crate::exchange::Exchange;
use crate::model::{Account, Reset};
use crate::secret;
use crate::seed::{self, Resident};
use crate::state::{Ended, Session};
use crate::step_up::Act;
use crate::store::StoreError;

#[derive(Template)]
#[template(path = "pages/landing.html")]
struct Page<'a> {
    here: &'static str,
    recover: &'a str,
    email: &'a str,
    wrong: bool,
    news: Option<String>,
    featured: Vec<Row>,
    others: Vec<Row>,
}

/// An account on the list of those who may sign in.
struct Row {
    name: &'static str,
    lang: &'static str,
    email: &'static str,
    password: String,
    purpose: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Arrival {
    news: Option<News>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum News {
    SignedOut,
    /// Here, and Readmit could not be told.
    SignedOutHere,
    PasswordSet,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    email: String,
    password: String,
    /// `alone`: without a second factor, which only a demo lets anybody choose.
    #[serde(default)]
    second: Second,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Second {
    #[default]
    Alone,
    Ask,
}

impl News {
    const fn words(self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out. Sign in again to go on.",
            Self::SignedOutHere => {
                "You are signed out here. Your security settings could not be told: if they are open, close them. They end by \
                 themselves after an hour without use."
            }
            Self::PasswordSet => "Your new password is set. Sign in with it.",
        }
    }
}

/// Who comes with a session that a remedy ended reads why, and nobody else does.
pub(super) async fn show(
    exchange: Data<Exchange>,
    arrival: Option<Query<Arrival>>,
    request: HttpRequest,
) -> Result<HttpResponse, Fail> {
    let arrived = arrival.and_then(|arrival| arrival.news);
    let news = match arrived {
        Some(News::PasswordSet) => None,
        _ => session::ended(&exchange, &request).map(|ended| why(&ended)),
    };
    let news = news.or_else(|| arrived.map(|arrived| arrived.words().to_owned()));
    html(StatusCode::OK, &page(&exchange, "", false, news))
}

/// Why every session of the account ended, and what to do now (RF-16).
fn why(ended: &Ended) -> String {
    let at = when(ended.at).people;
    let (what, then) = match ended.reset.as_slice() {
        [] => (
            "a way to sign in was removed".to_owned(),
            "Sign in again with one that you have.",
        ),
        [Reset::Password] => (
            "your password was reset".to_owned(),
            "Choose a new one by the link that we sent you, then sign in.",
        ),
        // It is reset, or changed for another that is there already: the order says the same of both.
        [Reset::Phone] => (
            "your phone number was reset or changed".to_owned(),
            "Sign in again and see that yours is bound.",
        ),
        [one] => (
            format!("your {} reset", one.with_verb()),
            "Sign in again and bind a new one.",
        ),
        several => (
            format!("your {} were reset", listed(several)),
            "Sign in again and bind new ones.",
        ),
    };
    format!("You were signed out everywhere because {what} on {at}. {then}")
}

/// `passkeys, phone number and recovery codes`.
fn listed(kinds: &[Reset]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// One answer for every wrong entry, after the same work.
pub(super) async fn sign_in(
    exchange: Data<Exchange>,
    _: OwnPage,
    entry: Form<Entry>,
    request: HttpRequest,
) -> Result<HttpResponse, Fail> {
    let account = exchange.account_of(&entry.email);
    let agent = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let (token, device) = (secret::token()?, session::device(agent.unwrap_or_default()));
    let asked = (entry.second == Second::Ask).then_some(account).flatten();
    let session = asked.is_none().then_some(token.as_str());
    if open(&exchange, account, &entry.password, session, &device).await? {
        let Some(account) = asked else {
            return Ok(go("/account").cookie(session::cookie(token)).finish());
        };
        let act = Act::SignIn { device: device.clone() };
        if let Some(onward) = onward(&exchange, account, act).await? {
            return Ok(onward);
        }
        // Without a second factor the password is all there is.
        open(&exchange, Some(account), &entry.password, Some(&token), &device).await?;
        return Ok(go("/account").cookie(session::cookie(token)).finish());
    }
    html(
        StatusCode::UNPROCESSABLE_ENTITY,
        &page(&exchange, &entry.email, true, None),
    )
}

/// Whether the password fits, and a session under this token if there is one; the try counts, and a reset that came in
/// between wins.
async fn open(
    exchange: &Exchange,
    account: Option<&Account>,
    password: &str,
    token: Option<&str>,
    device: &str,
) -> Result<bool, StoreError> {
    let hash = account.and_then(|account| exchange.store.read().standing(account.id)?.password.clone());
    let fits = exchange.passwords.fits(hash.clone(), password.to_owned()).await;
    let (now, session) = (exchange.now(), token.map(secret::hash));
    let enter = |state: &mut crate::state::State| {
        state.sessions.retain(|_, session| session.lives(now));
        let account = account.filter(|account| !account.closed)?;
        let standing = state
            .standing_mut(account.id)
            .filter(|standing| !standing.is_locked(now))?;
        let fits = fits && standing.password == hash;
        standing.count(fits, now);
        if let Some(session) = session.filter(|_| fits) {
            let opened = Session {
                account: account.id.to_owned(),
                since: now,
                device: device.to_owned(),
            };
            state.sessions.insert(session, opened);
        }
        fits.then_some(())
    };
    Ok(exchange.store.change(enter).await?.is_some())
}

/// What the owner opened at Readmit from here ends with the session.
pub(super) async fn sign_out(exchange: Data<Exchange>, _: OwnPage, who: SignedIn) -> Result<HttpResponse, Fail> {
    exchange
        .store
        .change(|state| state.sessions.remove(&who.session))
        .await?;
    let told = exchange
        .readmit
        .sign_out(&exchange.signer, &who.account, exchange.now())
        .await;
    if let Err(cause) = &told {
        tracing::warn!(%cause, "the host API did not answer");
    }
    let news = if told.is_ok() { "signed-out" } else { "signed-out-here" };
    Ok(go(&format!("/?news={news}")).cookie(session::no_cookie()).finish())
}

fn page<'a>(exchange: &'a Exchange, email: &'a str, wrong: bool, news: Option<String>) -> Page<'a> {
    let (featured, others) = seed::roster()
        .iter()
        .partition::<Vec<_>, _>(|resident| !resident.purpose.is_empty());
    let rows = |residents: Vec<&Resident>| residents.into_iter().map(row).collect();
    Page {
        here: "/",
        recover: &exchange.config.recover,
        email,
        wrong,
        news,
        featured: rows(featured),
        others: rows(others),
    }
}

fn row(resident: &Resident) -> Row {
    Row {
        name: resident.name,
        lang: resident.language.tag(),
        email: resident.email,
        password: seed::password_of(resident.email),
        purpose: resident.purpose,
    }
}
