//! Sessions: server-side rows named by a random cookie (SE-01), ended by the server, within the limits of SE-02.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use readmit_core::command::{Actor, Role};
use readmit_core::ids::{CaseId, PersonId};
use readmit_core::time::{At, Span};
use readmit_storage::{Face as Side, NewSession, Person, Session};

use crate::app::App;
use crate::caller::{Caller, cookie};
use crate::error::PageError;
use crate::forms::Holder;

/// How long a session lives, in all and without use (SE-02; SP 800-63B 2.2.3 and 2.3.3).
struct Limits {
    whole: Span,
    idle: Span,
}

const fn limits(side: Side) -> Limits {
    match side {
        Side::Claimant => Limits {
            whole: Span::hours(24),
            idle: Span::hours(1),
        },
        Side::Staff => Limits {
            whole: Span::hours(12),
            idle: Span::minutes(15),
        },
    }
}

impl Limits {
    fn hold(&self, session: &Session, now: At) -> bool {
        now - session.created < self.whole && now - session.seen < self.idle
    }
}

const fn cookie_name(side: Side) -> &'static str {
    match side {
        Side::Claimant => "__Host-session",
        Side::Staff => "__Host-staff",
    }
}

/// The claimant's cookie follows a link in a mail; the staff's follows no link from elsewhere.
const fn same_site(side: Side) -> SameSite {
    match side {
        Side::Claimant => SameSite::Lax,
        Side::Staff => SameSite::Strict,
    }
}

/// Opens a session; the cookie goes into the answer. A session that was there before must be ended by the caller, so
/// that its name is never carried over a sign-in (SE-01).
///
/// # Errors
/// As the store's.
pub async fn open(app: &App, new: NewSession, now: At) -> Result<Cookie<'static>, PageError> {
    let side = new.face;
    let token = app.db.session_create(new, now).await?;
    Ok(cookie(cookie_name(side), token, same_site(side)))
}

/// Ends a session at once, on the server (SE-01). The answer should carry [`CLEAR`].
///
/// # Errors
/// As the store's.
pub async fn end(app: &App, holder: &Holder) -> Result<(), PageError> {
    Ok(app.db.session_end(holder).await?)
}

/// For the answer to signing out: the browser forgets what it kept (SE-05).
pub const CLEAR: (&str, &str) = ("clear-site-data", r#""cache", "cookies", "storage""#);

/// The live session that a request names; its use is noted unless `quiet`.
async fn live(request: &HttpRequest, side: Side, quiet: bool) -> Result<Session, PageError> {
    let app = App::of(request).ok_or_else(|| PageError::internal("the app is missing"))?;
    let token = request.cookie(cookie_name(side)).ok_or(PageError::SignedOut)?;
    let now = app.dispatcher.now();
    let session = app.db.session(token.value(), now).await?.ok_or(PageError::SignedOut)?;
    if session.face != side || !limits(side).hold(&session, now) {
        return Err(PageError::SignedOut);
    }
    // A minute's precision is enough for an idle limit, and spares a write on most requests.
    if !quiet && now - session.seen >= Span::minutes(1) {
        app.db.session_touch(&session.id_hash, now).await?;
    }
    Ok(session)
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

/// A claimant with a session. Which case it opens, if any, stands in the session and nowhere in the address.
pub struct ClaimantSession {
    pub holder: Holder,
    pub case: Option<CaseId>,
    pub data: serde_json::Value,
}

impl ClaimantSession {
    /// The case that the session opens.
    ///
    /// # Errors
    /// [`PageError::SignedOut`] when it opens none.
    pub fn case(&self) -> Result<CaseId, PageError> {
        self.case.ok_or(PageError::SignedOut)
    }
}

impl FromRequest for ClaimantSession {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let session = live(&request, Side::Claimant, false).await?;
            Ok(Self {
                holder: session.id_hash,
                case: session.case,
                data: session.data,
            })
        })
    }
}

/// What a staff handler asks for, as a type in its signature.
pub trait Permission: 'static {
    /// Any one of these suffices; all roles for "signed in".
    const ROLES: &'static [Role];
    /// Whether the request counts as use of the session. A heartbeat is not (SE-02).
    const COUNTS_AS_USE: bool = true;
}

/// Any member of staff.
pub struct Anyone;
impl Permission for Anyone {
    const ROLES: &'static [Role] = &Role::ALL;
}

/// A member of staff who is signed in, active, and holds a role of `P` at this moment: losing a role, or the account,
/// acts on the next request (IN-04).
pub struct Staff<P> {
    pub holder: Holder,
    pub person: Person,
    pub data: serde_json::Value,
    permission: PhantomData<P>,
}

impl<P: Permission> Staff<P> {
    /// The person as the actor of a command, in the strongest of their roles that the permission names.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        let role = self
            .person
            .roles
            .iter()
            .copied()
            .filter(|role| P::ROLES.contains(role))
            .max()?;
        Some(Actor::Staff {
            person: self.person.id,
            role,
        })
    }
}

impl<P: Permission> FromRequest for Staff<P> {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let session = live(&request, Side::Staff, !P::COUNTS_AS_USE).await?;
            let app = App::of(&request).ok_or_else(|| PageError::internal("the app is missing"))?;
            let id = session.person.ok_or(PageError::SignedOut)?;
            let person = app
                .db
                .person(id)
                .await?
                .filter(|person| person.active)
                .ok_or(PageError::SignedOut)?;
            if !person.roles.iter().any(|role| P::ROLES.contains(role)) {
                return Err(PageError::Forbidden);
            }
            Ok(Self {
                holder: session.id_hash,
                person,
                data: session.data,
                permission: PhantomData,
            })
        })
    }
}

/// Opens a staff session at sign-in.
///
/// # Errors
/// As the store's.
pub async fn sign_in(app: &App, caller: &Caller, person: PersonId) -> Result<Cookie<'static>, PageError> {
    let new = NewSession {
        face: Side::Staff,
        case: None,
        person: Some(person),
        data: serde_json::Value::Null,
    };
    open(app, new, caller.at).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SE-02: 24 hours and one of idleness for claimants, 12 hours and 15 minutes for staff, to the microsecond.
    #[test]
    fn se_02_sessions_end_by_the_clock() {
        for (side, whole, idle) in [
            (Side::Claimant, Span::hours(24), Span::hours(1)),
            (Side::Staff, Span::hours(12), Span::minutes(15)),
        ] {
            let session = |created, seen| Session {
                id_hash: [0; 32],
                face: side,
                case: None,
                person: None,
                created,
                seen,
                data: serde_json::Value::Null,
            };
            let start = At(1_700_000_000_000_000);
            let hold = |created, seen, now| limits(side).hold(&session(created, seen), now);
            let breath = Span(1);
            assert!(hold(start, start, start + idle - breath));
            assert!(!hold(start, start, start + idle));
            let (late, over) = (start + whole - breath, start + whole);
            assert!(hold(start, late, late));
            assert!(!hold(start, over, over));
        }
    }
}
