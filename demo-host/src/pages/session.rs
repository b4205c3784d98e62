//! Who is signed in: an opaque cookie whose hash the state knows, looked up at every request, so that a revoked session is out
//! at the next one.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::{Mutex, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use time::{Duration, OffsetDateTime};

use super::fail::Fail;
use crate::exchange::Exchange;
use crate::secret;
use crate::state::Ended;

const COOKIE: &str = "__Host-halcyon";
/// A session that is not used for so long has ended (SE-02).
const IDLE: Duration = Duration::hours(1);

/// A live session and its account.
pub(super) struct SignedIn {
    pub(super) session: String,
    pub(super) account: String,
}

/// When sessions were last used. Only in memory: after a restart all count as used at the start.
pub(crate) struct Seen {
    start: OffsetDateTime,
    times: Mutex<HashMap<String, OffsetDateTime>>,
}

impl Seen {
    pub(crate) fn since(start: OffsetDateTime) -> Self {
        Self {
            start,
            times: Mutex::default(),
        }
    }

    /// Notes a use of a session of that age, unless it was idle for too long.
    fn touch(&self, session: &str, since: OffsetDateTime, now: OffsetDateTime) -> bool {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let last = times.get(session).copied().unwrap_or(since.max(self.start));
        let lives = now - last < IDLE;
        if lives {
            times.insert(session.to_owned(), now);
        } else {
            times.remove(session);
        }
        lives
    }
}

impl FromRequest for SignedIn {
    type Error = Fail;
    type Future = Ready<Result<Self, Fail>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(find(request).ok_or(Fail::SignedOut))
    }
}

fn find(request: &HttpRequest) -> Option<SignedIn> {
    let exchange = request.app_data::<web::Data<Exchange>>()?;
    let session = secret::hash(request.cookie(COOKIE)?.value());
    let state = exchange.store.read();
    let found = state.sessions.get(&session)?;
    let now = exchange.now();
    let lives = found.lives(now) && exchange.seen.touch(&session, found.since, now);
    lives.then(|| SignedIn {
        session,
        account: found.account.clone(),
    })
}

/// The session that this browser still holds and a remedy ended, as long as it would have lived.
pub(super) fn ended(exchange: &Exchange, request: &HttpRequest) -> Option<Ended> {
    let session = secret::hash(request.cookie(COOKIE)?.value());
    let ended = exchange.store.read().ended.get(&session).cloned();
    ended.filter(|ended| ended.session.lives(exchange.now()))
}

/// The cookie of a new session.
pub(super) fn cookie(token: String) -> Cookie<'static> {
    named(COOKIE, token)
}

/// A cookie of ours (SE-03).
pub(super) fn named(name: &'static str, token: String) -> Cookie<'static> {
    Cookie::build(name, token)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

/// The same cookie, to be forgotten.
pub(super) fn no_cookie() -> Cookie<'static> {
    let mut cookie = cookie(String::new());
    cookie.make_removal();
    cookie
}

/// A name for the browser, for the owner's list of sessions.
pub(super) fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}
