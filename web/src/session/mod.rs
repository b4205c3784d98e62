//! Sessions: server-side rows named by a random cookie (SE-01), ended by the server, within the limits of SE-02.

mod claimant;
mod staff;

use std::pin::Pin;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use readmit_core::time::At;
use readmit_storage::{Face as Side, NewSession, Session};

pub(crate) use claimant::COOKIE as CLAIMANT_COOKIE;
pub use claimant::{
    ClaimantSession, Renewal, Visiting, claimant_gone, claimant_of, enter_claimant, renew_claimant, start_claimant,
    visit_claimant,
};
pub use staff::{Anyone, Permission, Staff, sign_in, staff_gone, staff_of};

use crate::app::App;
use crate::caller::cookie;
use crate::error::PageError;

/// How a face's sessions travel.
struct Carrier {
    side: Side,
    cookie: &'static str,
    same_site: SameSite,
}

/// For the answer to signing out: the browser forgets what it kept (SE-05). The session's cookie goes by its name:
/// `"cookies"` would reach every host of the registrable domain, and end sign-ins that are not ours.
pub const CLEAR: (&str, &str) = ("clear-site-data", r#""cache", "storage""#);

/// Opens a session under a new name; the cookie goes into the answer.
async fn open(app: &App, carrier: &Carrier, new: NewSession, now: At) -> Result<Cookie<'static>, PageError> {
    let token = app.db.session_create(new, now).await?;
    Ok(cookie(carrier.cookie, token, carrier.same_site))
}

/// Takes the cookie from the browser.
fn gone(carrier: &Carrier) -> Cookie<'static> {
    let mut cookie = cookie(carrier.cookie, String::new(), carrier.same_site);
    cookie.make_removal();
    cookie
}

/// The live session that a request names; the store knows the limits. Its use is not yet noted.
async fn live(request: &HttpRequest, carrier: &Carrier) -> Result<Session, PageError> {
    let app = App::of(request).ok_or_else(|| PageError::internal("the app is missing"))?;
    let token = request.cookie(carrier.cookie).ok_or(PageError::SignedOut)?;
    let now = app.dispatcher.now();
    let session = app.db.session(token.value(), now).await?.ok_or(PageError::SignedOut)?;
    if session.face != carrier.side {
        return Err(PageError::SignedOut);
    }
    Ok(session)
}

/// Notes that a session is in use.
async fn used(request: &HttpRequest, session: &Session) -> Result<(), PageError> {
    let app = App::of(request).ok_or_else(|| PageError::internal("the app is missing"))?;
    Ok(app.db.session_touch(session, app.dispatcher.now()).await?)
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;
