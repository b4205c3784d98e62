//! Claimants' sessions: bound to one case, or to a visit by which somebody comes back to one.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use readmit_core::case::{Class, Remedy};
use readmit_core::ids::{AccountId, CaseId, CaseRef, RequestKey, Tag};
use readmit_core::time::At;
use readmit_storage::{Face as Side, NewSession, Visit};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Carrier, Extracting, gone, live, open, used};
use crate::app::App;
use crate::caller::Caller;
use crate::error::PageError;
use crate::forms::Holder;

pub(crate) const COOKIE: &str = "__Host-session";

/// The cookie follows a link in a mail.
const CARRIER: Carrier = Carrier {
    side: Side::Claimant,
    cookie: COOKIE,
    same_site: SameSite::Lax,
};

/// A page sends it that asks for itself while pictures are read: an unattended page signs itself out (SE-02).
const WATCH: &str = "x-readmit-watch";

/// A claimant with a session. Which case it opens, if any, stands in the session and nowhere in the address.
pub struct ClaimantSession {
    pub holder: Holder,
    pub case: Option<CaseId>,
    /// The account that the host signed in: its security settings are open to this session.
    pub account: Option<AccountId>,
    /// The address of the case was proven in this session, or in the one it goes on from.
    pub proven: bool,
    /// It was sent here from a second case of the same account.
    pub joined: bool,
    /// The visit by which somebody without a case comes back to one.
    pub visit: Option<Visiting>,
    entered: At,
    came_back_to: Option<AccountId>,
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
    #[serde(default)]
    account: Option<AccountId>,
    /// Whose settings the case changes that somebody came back to by a code.
    #[serde(default)]
    came_back_to: Option<AccountId>,
    /// When the host let it in, or when the change began that it came back to.
    #[serde(default)]
    entered: At,
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

    /// Ends the session at once, on the server (SE-01). The answer carries [`super::CLEAR`] and [`claimant_gone`].
    ///
    /// # Errors
    /// As the store's.
    pub async fn leave(&self, app: &App) -> Result<(), PageError> {
        app.db.session_end(&self.holder).await?;
        Ok(())
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

/// The case of this session, if it is alive: for what is asked for where its cookie does not go.
///
/// # Errors
/// [`PageError::SignedOut`] when it has ended, or opens no case; else as the store's.
pub async fn claimant_of(app: &App, holder: &Holder, now: At) -> Result<CaseId, PageError> {
    let session = app.db.session_by_id(holder, now).await?;
    let session = session.filter(|session| session.face == Side::Claimant);
    session.and_then(|session| session.case).ok_or(PageError::SignedOut)
}

/// For the answer to leaving: the cookie goes.
#[must_use]
pub fn claimant_gone() -> Cookie<'static> {
    gone(&CARRIER)
}

/// Opens a session for a case that nobody has proven anything for.
///
/// # Errors
/// As the store's.
pub async fn start_claimant(app: &App, caller: &Caller, case: CaseId) -> Result<Cookie<'static>, PageError> {
    open(app, &CARRIER, claimant(Some(case), &Kept::default())?, caller.at).await
}

/// Opens a session for the owner of an account, whom the host sent here.
///
/// # Errors
/// As the store's.
pub async fn enter_claimant(app: &App, caller: &Caller, account: AccountId) -> Result<Cookie<'static>, PageError> {
    let kept = Kept {
        account: Some(account),
        entered: caller.at,
        ..Kept::default()
    };
    open(app, &CARRIER, claimant(None, &kept)?, caller.at).await
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
    let cookie = open(app, &CARRIER, claimant(None, &Kept::default())?, caller.at).await?;
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
    let began = if session.account.is_none() && session.came_back_to.is_none() {
        began(app, case).await?
    } else {
        None
    };
    let (came_back_to, entered) = match began {
        Some((account, at)) => (Some(account), at),
        None => (session.came_back_to.clone(), session.entered),
    };
    let kept = Kept {
        proven: why != Renewal::Led,
        joined: why == Renewal::Joined,
        visit: None,
        was: Some(Tag(session.holder)),
        account: session.account.clone(),
        came_back_to,
        entered,
    };
    let cookie = open(app, &CARRIER, claimant(Some(case), &kept)?, caller.at).await?;
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

/// Whose settings this case changes, and since when, if it is such a change: the host let it in then.
async fn began(app: &App, case: CaseId) -> Result<Option<(AccountId, At)>, PageError> {
    let found = app.db.opened(case).await?;
    let change = found.filter(|found| found.case.class == Class::Settings);
    Ok(change.and_then(|found| found.sealed.account.map(|account| (account, found.case.opened))))
}

/// Whether a remedy (RF-16), or its owner at the host (SE-01), signed the account out since the host let this session in, or
/// the change that it came back to.
async fn is_over(app: &App, kept: &Kept) -> Result<bool, PageError> {
    let Some(account) = kept.account.as_ref().or(kept.came_back_to.as_ref()) else {
        return Ok(false);
    };
    Ok(app.db.signed_out(account).await?.is_some_and(|at| at > kept.entered))
}

/// Of a session that is over: the case that was carried out in it, and no change of the settings that is still under way.
async fn left_to_see(app: &App, case: Option<CaseId>) -> Result<Option<CaseId>, PageError> {
    let Some(id) = case else { return Ok(None) };
    let found = app.db.opened(id).await?;
    let seen = found.filter(|found| found.case.outcome.is_some() || found.case.remedy != Remedy::NotBegun);
    Ok(seen.map(|_| id))
}

impl FromRequest for ClaimantSession {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let session = live(&request, &CARRIER).await?;
            if !request.headers().contains_key(WATCH) {
                used(&request, &session).await?;
            }
            let kept: Kept = serde_json::from_value(session.data).map_err(PageError::internal)?;
            let app = App::of(&request).ok_or_else(|| PageError::internal("the app is missing"))?;
            let (case, account) = if is_over(app, &kept).await? {
                (left_to_see(app, session.case).await?, None)
            } else {
                (session.case, kept.account)
            };
            Ok(Self {
                holder: session.id_hash,
                case,
                account,
                entered: kept.entered,
                came_back_to: kept.came_back_to,
                proven: kept.proven,
                joined: kept.joined,
                visit: kept.visit,
                was: kept.was,
            })
        })
    }
}
