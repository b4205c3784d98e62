//! Leaving a device that others use too: the session ends, here and on the server. Asked on a page of its own, done by
//! its button.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Form};
use askama::Template;
use readmit_core::case::Class;
use readmit_core::ids::CaseRef;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError, session};

use crate::case::{audit_row, see};
use crate::posted::Posted;

const HERE: &str = "/leave";

/// How somebody comes back.
#[derive(Clone, Copy)]
enum Way {
    /// By the reference of a proven case, and a code.
    Reference(CaseRef),
    /// From the host, which signed them in.
    Host,
    /// Nothing was proven in this session.
    Other,
}

impl Way {
    async fn of(app: &App, session: &ClaimantSession) -> Result<Self, PageError> {
        let loaded = match session.case {
            Some(case) => app.db.opened(case).await?,
            None => None,
        };
        let case = loaded.map(|loaded| loaded.case);
        let from_host = session.account.is_some() || case.as_ref().is_some_and(|case| case.class == Class::StepUp);
        Ok(match case.and_then(|case| case.proven) {
            _ if from_host => Self::Host,
            Some(proven) => Self::Reference(proven.reference),
            None => Self::Other,
        })
    }

    fn host(self) -> bool {
        matches!(self, Self::Host)
    }

    fn reference(self) -> Option<String> {
        match self {
            Self::Reference(reference) => Some(reference.to_string()),
            Self::Host | Self::Other => None,
        }
    }
}

#[derive(Template)]
#[template(path = "leave.html")]
struct Ask<'a> {
    say: Say<'a>,
    token: String,
    back: &'static str,
}

/// Asks. Where no session is open any more there is nothing to ask.
pub(crate) async fn ask(
    app: Data<App>,
    caller: Caller,
    session: Result<ClaimantSession, PageError>,
) -> Result<HttpResponse, PageError> {
    let session = match session {
        Err(PageError::SignedOut) => return left(&app, &caller, Way::Other),
        session => session?,
    };
    let say = caller.say(&app);
    let body = Markup::of(&Ask {
        say,
        token: session.form(&app, &caller),
        back: match session.case {
            Some(_) => "/case",
            None if session.account.is_some() => "/security",
            None => "/continue/code",
        },
    })?;
    ClaimantPage::alone(say.get("ui-leave-title"), body, HERE).answer(&app, &caller, StatusCode::OK)
}

/// Ends the session, and says how to come back: the answer itself does, for nothing remembers it afterwards.
pub(crate) async fn act(
    app: Data<App>,
    caller: Caller,
    session: Result<ClaimantSession, PageError>,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let session = match session {
        Err(PageError::SignedOut) => return Ok(see(HERE)),
        session => session?,
    };
    session.check(&app, &Posted::of(form.into_inner()).token)?;
    let way = Way::of(&app, &session).await?;
    session.leave(&app).await?;
    app.db.audit(audit_row(&caller, "left", session.case, "done")).await?;
    left(&app, &caller, way)
}

#[derive(Template)]
#[template(path = "left.html")]
struct Left<'a> {
    say: Say<'a>,
    reference: Option<String>,
    from_host: bool,
    host: &'a str,
}

/// The browser keeps nothing either (SE-05).
fn left(app: &App, caller: &Caller, way: Way) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let body = Markup::of(&Left {
        say,
        reference: way.reference(),
        from_host: way.host(),
        host: &app.brand.sign_in_url,
    })?;
    let page = ClaimantPage::alone(say.get("ui-leave-done-title"), body, HERE);
    let mut answer = page.answer(app, caller, StatusCode::OK)?;
    let (name, value) = session::CLEAR;
    answer
        .headers_mut()
        .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    answer
        .add_cookie(&session::claimant_gone())
        .map_err(PageError::internal)?;
    Ok(answer)
}
