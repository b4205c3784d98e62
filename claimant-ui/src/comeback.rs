//! Coming back to a case: the reference, then a code to the address that the case proved. The reference alone opens
//! nothing; one that is nobody's gets the same pages, rows and waits (RL-01, SE-06).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, Query};
use askama::Template;
use readmit_core::codes::{self, RETURN_LIFE};
use readmit_core::effect::{Effect, Job};
use readmit_core::guard::Bucket;
use readmit_core::ids::{CaseId, CaseRef, JobId};
use readmit_core::time::Span;
use readmit_steps::words::Say;
use readmit_storage::Visit;
use readmit_web::session::{self, Renewal, Visiting};
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Guest, Markup, PageError};
use serde::Deserialize;

use crate::case::audit_row;
use crate::posted::Posted;

/// Guesses at one code.
const TRIES: u32 = 5;

#[derive(Deserialize)]
pub(crate) struct Asked {
    case: Option<String>,
}

#[derive(Template)]
#[template(path = "comeback.html")]
struct Ask<'a> {
    say: Say<'a>,
    token: String,
    reference: &'a str,
    error: Option<String>,
}

/// Asks for the reference; the link in a mail fills it in.
pub(crate) async fn ask(
    app: Data<App>,
    caller: Caller,
    guest: Guest,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    ask_page(&app, &caller, &guest, asked.case.as_deref().unwrap_or_default(), None)
}

fn ask_page(
    app: &App,
    caller: &Caller,
    guest: &Guest,
    reference: &str,
    error: Option<String>,
) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let refused = error.is_some();
    let body = Markup::of(&Ask {
        say,
        token: app.forms.issue(&guest.holder(), caller.at, &app.dispatcher.entropy()),
        reference,
        error,
    })?;
    ClaimantPage {
        error: refused,
        ..ClaimantPage::alone(say.get("web-way-continue"), body, "/continue")
    }
    .answer(app, caller, status(refused))
}

/// Sends a code, if the reference is somebody's, and goes on alike if not.
pub(crate) async fn send(
    app: Data<App>,
    caller: Caller,
    guest: Guest,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let posted = Posted::of(form.into_inner());
    app.forms
        .check(&guest.holder(), &posted.token)
        .ok_or(PageError::FormExpired)?;
    let typed = posted.fields.get("reference").unwrap_or_default();
    let Ok(reference) = typed.parse::<CaseRef>() else {
        let error = caller.say(&app).get("ui-continue-not-a-reference");
        return ask_page(&app, &caller, &guest, typed, Some(error));
    };
    spend(&app, &caller, reference).await?;
    let case = app.db.case_by_reference(reference).await?;
    let (visit, cookie) = session::visit_claimant(&app, &caller, case, reference).await?;
    let job = Job {
        id: JobId(visit.id),
        // A reference that is nobody's makes the same job; its visit leads nowhere, and nothing is sent.
        case: case.unwrap_or(CaseId(visit.id)),
        run: 0,
        due: caller.at,
        effect: Effect::SendReturnCode { visit: visit.id },
        attempts: 0,
    };
    app.db.enqueue(&job).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/continue/code"))
        .cookie(cookie)
        .finish())
}

/// Four codes an hour and ten a day per reference and network; above twenty a day a reference falls to one an hour, never
/// to none: a stranger who knows it cannot keep its claimant out (RL-04). Twenty visits an hour per network.
async fn spend(app: &App, caller: &Caller, reference: CaseRef) -> Result<(), PageError> {
    let (reference, prefix) = (reference.to_string(), caller.prefix.0);
    let bucket = |purpose: &str, parts: &[&[u8]], limit: u32, window: Span| Bucket {
        tag: app.db.index_tag(purpose, parts),
        limit,
        window,
    };
    let both: [&[u8]; 2] = [reference.as_bytes(), &prefix];
    for bucket in [
        bucket("return-network", &[&prefix], 20, Span::hours(1)),
        bucket("return-hour", &both, 4, Span::hours(1)),
        bucket("return-day", &both, 10, Span::days(1)),
    ] {
        if !app.db.spend(&bucket, caller.at).await? {
            return Err(too_many(&bucket, caller));
        }
    }
    let all = bucket("return-all", &[reference.as_bytes()], 20, Span::days(1));
    let slow = bucket("return-slow", &[reference.as_bytes()], 1, Span::hours(1));
    if app.db.spend(&all, caller.at).await? || app.db.spend(&slow, caller.at).await? {
        Ok(())
    } else {
        Err(too_many(&slow, caller))
    }
}

fn too_many(bucket: &Bucket, caller: &Caller) -> PageError {
    PageError::TooMany {
        until: bucket.window_start(caller.at) + bucket.window,
    }
}

#[derive(Template)]
#[template(path = "comeback_code.html")]
struct AskCode<'a> {
    say: Say<'a>,
    token: String,
    reference: String,
    error: Option<String>,
    mail_from: &'a str,
}

/// Asks for the code, whether or not one was sent.
pub(crate) async fn ask_code(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
) -> Result<HttpResponse, PageError> {
    code_page(&app, &caller, &session, None)
}

fn code_page(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    error: Option<String>,
) -> Result<HttpResponse, PageError> {
    let Some(visit) = &session.visit else {
        return Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/continue")).finish());
    };
    let say = caller.say(app);
    let refused = error.is_some();
    let body = Markup::of(&AskCode {
        say,
        token: session.form(app, caller),
        reference: visit.reference.to_string(),
        error,
        mail_from: &app.brand.mail_from,
    })?;
    ClaimantPage {
        error: refused,
        ..ClaimantPage::alone(say.get("ui-code-title"), body, "/continue/code")
    }
    .answer(app, caller, status(refused))
}

/// Compares the code. The right one opens the case, once, in a session of a new name.
pub(crate) async fn check_code(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let posted = Posted::of(form.into_inner());
    session.check(&app, &posted.token)?;
    if session.case.is_some() {
        return Ok(crate::case::see_case());
    }
    let visiting = session.visit.as_ref().ok_or(PageError::SignedOut)?;
    let typed = posted.fields.get("code").unwrap_or_default();
    let guess = guess(&app, &caller, visiting, typed).await?;
    if let Some((case, outcome)) = guess.recorded() {
        app.db.audit(audit_row(&caller, "came_back", case, outcome)).await?;
    }
    match guess {
        Guess::Right(case) => {
            let cookie = session::renew_claimant(&app, &caller, &session, case, Renewal::Proven).await?;
            Ok(HttpResponse::SeeOther()
                .insert_header((LOCATION, "/case"))
                .cookie(cookie)
                .finish())
        }
        wrong => code_page(&app, &caller, &session, Some(wrong.sentence(caller.say(&app)))),
    }
}

/// What became of a typed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guess {
    Right(CaseId),
    /// Nothing was typed, or what cannot be a code: no guess.
    NoCode,
    Wrong {
        left: u32,
    },
    /// Older than its life, used, or tried too often: only a new code goes on.
    Over,
}

impl Guess {
    /// What the audit log says of it: every try to come back, and which case it opened (AU-01).
    const fn recorded(self) -> Option<(Option<CaseId>, &'static str)> {
        match self {
            Self::Right(case) => Some((Some(case), "done")),
            Self::Wrong { .. } | Self::Over => Some((None, "refused")),
            Self::NoCode => None,
        }
    }

    fn sentence(self, say: Say<'_>) -> String {
        match self {
            Self::Wrong { left: left @ 1.. } => say.count("ui-code-wrong", left),
            Self::NoCode => say.get("ui-code-shape"),
            Self::Right(_) | Self::Wrong { left: 0 } | Self::Over => say.get("ui-code-over"),
        }
    }
}

async fn guess(app: &App, caller: &Caller, visiting: &Visiting, typed: &str) -> Result<Guess, PageError> {
    let Some(symbols) = codes::typed_return_code(typed) else {
        return Ok(Guess::NoCode);
    };
    // The try is counted before it is judged, so that a burst is told nothing beyond its number (RL-03).
    let Some(visit) = app.db.visit_try(visiting.id, TRIES).await? else {
        return Ok(Guess::Over);
    };
    if caller.at - visit.created >= RETURN_LIFE {
        return Ok(Guess::Over);
    }
    match fits(app, &visit, &symbols).await? {
        Some(case) if app.db.visit_done(visit.id, caller.at).await? => Ok(Guess::Right(case)),
        Some(_) => Ok(Guess::Over),
        None => Ok(Guess::Wrong {
            left: TRIES.saturating_sub(visit.tries),
        }),
    }
}

/// The case whose code of this visit these symbols are.
async fn fits(app: &App, visit: &Visit, symbols: &str) -> Result<Option<CaseId>, PageError> {
    let Some(case) = visit.case else { return Ok(None) };
    let Some(loaded) = app.db.opened(case).await?.filter(|loaded| loaded.readable) else {
        return Ok(None);
    };
    let address = loaded.sealed.address.as_deref().unwrap_or_default();
    let right = !address.is_empty() && codes::returns(&loaded.keys, visit.id, visit.issue, address, symbols);
    Ok(right.then_some(case))
}

const fn status(refused: bool) -> StatusCode {
    if refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
