//! Sessions: server-side rows named by a random cookie (SE-01), ended by the server, within the limits of SE-02.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use readmit_core::command::{Actor, Role};
use readmit_core::ids::{CaseId, CaseRef, PersonId, RequestKey, Tag};
use readmit_core::time::At;
use readmit_storage::{AuditRow, Face as Side, NewSession, Person, Session, Visit};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::caller::{Caller, cookie};
use crate::error::PageError;
use crate::forms::Holder;

const fn cookie_name(side: Side) -> &'static str {
    match side {
        Side::Claimant => "__Host-session",
        Side::Staff => "__Host-staff",
        Side::Ceremony => "__Host-ceremony",
    }
}

/// The claimant's cookie follows a link in a mail; the staff's follows no link from elsewhere.
const fn same_site(side: Side) -> SameSite {
    match side {
        Side::Claimant => SameSite::Lax,
        Side::Staff | Side::Ceremony => SameSite::Strict,
    }
}

/// Opens a session under a new name; the cookie goes into the answer.
async fn open(app: &App, new: NewSession, now: At) -> Result<Cookie<'static>, PageError> {
    let side = new.face;
    let token = app.db.session_create(new, now).await?;
    Ok(cookie(cookie_name(side), token, same_site(side)))
}

/// For the answer to signing out: the browser forgets what it kept (SE-05).
pub const CLEAR: (&str, &str) = ("clear-site-data", r#""cache", "cookies", "storage""#);

/// The live session that a request names; its use is noted unless `quiet`. The store knows the limits.
async fn live(request: &HttpRequest, side: Side, quiet: bool) -> Result<Session, PageError> {
    let app = App::of(request).ok_or_else(|| PageError::internal("the app is missing"))?;
    let token = request.cookie(cookie_name(side)).ok_or(PageError::SignedOut)?;
    let now = app.dispatcher.now();
    let session = app.db.session(token.value(), now).await?.ok_or(PageError::SignedOut)?;
    if session.face != side {
        return Err(PageError::SignedOut);
    }
    if !quiet {
        app.db.session_touch(&session, now).await?;
    }
    Ok(session)
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

/// A claimant with a session. Which case it opens, if any, stands in the session and nowhere in the address.
pub struct ClaimantSession {
    pub holder: Holder,
    pub case: Option<CaseId>,
    /// The address of the case was proven in this session, or in the one it goes on from.
    pub proven: bool,
    /// It was sent here from a second case of the same account.
    pub joined: bool,
    /// The visit by which somebody without a case comes back to one.
    pub visit: Option<Visiting>,
    /// Whom forms were made for before the session went on under a new name.
    was: Option<Tag>,
}

/// What a claimant's session keeps beside its case.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    proven: bool,
    #[serde(default)]
    joined: bool,
    visit: Option<Visiting>,
    was: Option<Tag>,
}

/// A visit under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visiting {
    pub id: Uuid,
    /// The reference as typed: it may be nobody's.
    pub reference: CaseRef,
}

impl ClaimantSession {
    /// The case that the session opens.
    ///
    /// # Errors
    /// [`PageError::SignedOut`] when it opens none.
    pub fn case(&self) -> Result<CaseId, PageError> {
        self.case.ok_or(PageError::SignedOut)
    }

    /// The request key of a form made for this session. A form from before its renewal counts too: posted twice, it is
    /// still one request; anything else it asks for is of a step run that is over.
    ///
    /// # Errors
    /// [`PageError::FormExpired`].
    pub fn check(&self, app: &App, token: &str) -> Result<RequestKey, PageError> {
        let before = || self.was.and_then(|Tag(was)| app.forms.check(&was, token));
        app.forms
            .check(&self.holder, token)
            .or_else(before)
            .ok_or(PageError::FormExpired)
    }

    /// A token for a form that is about to be shown.
    #[must_use]
    pub fn form(&self, app: &App, caller: &Caller) -> String {
        app.forms.issue(&self.holder, caller.at, &app.dispatcher.entropy())
    }
}

/// Opens a session for a case that nobody has proven anything for.
///
/// # Errors
/// As the store's.
pub async fn start_claimant(app: &App, caller: &Caller, case: CaseId) -> Result<Cookie<'static>, PageError> {
    open(app, claimant(Some(case), &Kept::default())?, caller.at).await
}

/// Opens a session, and a visit in it, for somebody who comes back and has yet to prove it.
///
/// # Errors
/// As the store's.
pub async fn visit_claimant(
    app: &App,
    caller: &Caller,
    case: Option<CaseId>,
    reference: CaseRef,
) -> Result<(Visit, Cookie<'static>), PageError> {
    let cookie = open(app, claimant(None, &Kept::default())?, caller.at).await?;
    let holder: Holder = Sha256::digest(cookie.value().as_bytes()).into();
    let visit = app.db.visit_create(&holder, case, caller.at).await?;
    let kept = Kept {
        visit: Some(Visiting {
            id: visit.id,
            reference,
        }),
        ..Kept::default()
    };
    let data = serde_json::to_value(kept).map_err(PageError::internal)?;
    app.db.session_update(&holder, None, &data).await?;
    Ok((visit, cookie))
}

/// Why a session goes on under a new name (SE-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The address was proven.
    Proven,
    /// The account has an open case already, which its prover is shown.
    Joined,
    /// The case led to another one, which proves everything again.
    Led,
}

/// Ends the session and opens another in its place.
///
/// # Errors
/// As the store's.
pub async fn renew_claimant(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    case: CaseId,
    why: Renewal,
) -> Result<Cookie<'static>, PageError> {
    let kept = Kept {
        proven: why != Renewal::Led,
        joined: why == Renewal::Joined,
        visit: None,
        was: Some(Tag(session.holder)),
    };
    let cookie = open(app, claimant(Some(case), &kept)?, caller.at).await?;
    app.db.session_end(&session.holder).await?;
    Ok(cookie)
}

fn claimant(case: Option<CaseId>, kept: &Kept) -> Result<NewSession, PageError> {
    Ok(NewSession {
        face: Side::Claimant,
        case,
        person: None,
        data: serde_json::to_value(kept).map_err(PageError::internal)?,
    })
}

impl FromRequest for ClaimantSession {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let session = live(&request, Side::Claimant, false).await?;
            let kept: Kept = serde_json::from_value(session.data).map_err(PageError::internal)?;
            Ok(Self {
                holder: session.id_hash,
                case: session.case,
                proven: kept.proven,
                joined: kept.joined,
                visit: kept.visit,
                was: kept.was,
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
    /// Ends the session at once, on the server (SE-01). The answer carries [`CLEAR`].
    ///
    /// # Errors
    /// As the store's.
    pub async fn sign_out(&self, app: &App) -> Result<(), PageError> {
        app.db.session_end(&self.holder).await?;
        Ok(())
    }

    /// The request key of a form made for this session.
    ///
    /// # Errors
    /// [`PageError::FormExpired`].
    pub fn check(&self, app: &App, token: &str) -> Result<RequestKey, PageError> {
        app.forms.check(&self.holder, token).ok_or(PageError::FormExpired)
    }

    /// A token for a form that is about to be shown.
    #[must_use]
    pub fn form(&self, app: &App, caller: &Caller) -> String {
        app.forms.issue(&self.holder, caller.at, &app.dispatcher.entropy())
    }

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
                app.db.audit(refused(&request, &person, app.dispatcher.now())).await?;
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

/// That a member of staff asked for what their roles do not open (AU-01): the route, never the path.
fn refused(request: &HttpRequest, person: &Person, at: At) -> AuditRow {
    AuditRow {
        at,
        who: format!("person:{}", person.id),
        what: "access_refused".into(),
        case: None,
        outcome: "refused".into(),
        detail: serde_json::json!({"method": request.method().as_str(), "route": request.match_pattern()}),
    }
}

/// Whose staff session this is, if it is alive and its person may still sign in: for links that are bound to a session
/// without carrying its secret.
///
/// # Errors
/// [`PageError::SignedOut`] when it has ended; else as the store's.
pub async fn staff_of(app: &App, holder: &Holder, now: At) -> Result<Person, PageError> {
    let session = app.db.session_by_id(holder, now).await?.ok_or(PageError::SignedOut)?;
    let id = session
        .person
        .filter(|_| session.face == Side::Staff)
        .ok_or(PageError::SignedOut)?;
    let person = app.db.person(id).await?.filter(|person| person.active);
    person.ok_or(PageError::SignedOut)
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
