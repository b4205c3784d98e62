//! Staff sessions: bound to a person, whose roles are read anew at every request.

use std::marker::PhantomData;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use readmit_core::command::{Actor, Role};
use readmit_core::ids::{PersonId, RequestKey};
use readmit_core::time::At;
use readmit_storage::{AuditRow, Face as Side, NewSession, Person};

use super::{Carrier, Extracting, gone, live, open, used};
use crate::app::App;
use crate::caller::Caller;
use crate::error::PageError;
use crate::forms::Holder;

/// The cookie follows no link from elsewhere.
const CARRIER: Carrier = Carrier {
    side: Side::Staff,
    cookie: "__Host-staff",
    same_site: SameSite::Strict,
};

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
    permission: PhantomData<P>,
}

impl<P: Permission> Staff<P> {
    /// Ends the session at once, on the server (SE-01). The answer carries [`super::CLEAR`] and [`staff_gone`].
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
            let session = live(&request, &CARRIER).await?;
            if P::COUNTS_AS_USE {
                used(&request, &session).await?;
            }
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

/// For the answer to signing out: the cookie goes.
#[must_use]
pub fn staff_gone() -> Cookie<'static> {
    gone(&CARRIER)
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
    open(app, &CARRIER, new, caller.at).await
}
