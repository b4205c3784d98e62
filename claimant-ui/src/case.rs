//! The claimant's case: the current step, or how the case stands; and the form of the current step.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use readmit_core::case::{Case, Class, Outcome, WaitsFor};
use readmit_core::command::{Act, Actor, Command, Human};
use readmit_core::dispatch::{DispatchError, Dispatched};
use readmit_core::evolve::Entry;
use readmit_core::ids::{BlobId, CaseId, RequestKey};
use readmit_core::kind::Fields;
use readmit_core::ports::{Loaded, Store as _};
use readmit_core::refusal::Refusal;
use readmit_core::sealed::Sealed;
use readmit_core::workflow::definition::{Definition, Step};
use readmit_steps::words::Say;
use readmit_steps::{ClaimantView, Form, Fragment, code, documents, status};
use readmit_storage::AuditRow;
use readmit_web::session::{self, Renewal};
use readmit_web::upload::discard_untaken;
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError, assets};

use crate::messages;
use crate::posted::{Posted, kept};
use crate::{security, step_up};

const STEP: &str = "/case/step";

/// A case as opened for its claimant.
pub(crate) struct Opened {
    pub(crate) loaded: Loaded,
    pub(crate) definition: Arc<Definition>,
}

impl Opened {
    pub(crate) fn case(&self) -> &Case {
        &self.loaded.case
    }
}

/// The case of a session.
///
/// # Errors
/// [`PageError::SignedOut`] for an unproven case that was purged, [`PageError::Erased`] after erasure.
pub(crate) async fn load(app: &App, session: &ClaimantSession) -> Result<Opened, PageError> {
    let loaded = app.db.opened(session.case()?).await?.ok_or(PageError::SignedOut)?;
    if !loaded.readable {
        return Err(PageError::Erased);
    }
    let definition = definition(app, &loaded.case).await?;
    Ok(Opened { loaded, definition })
}

/// The workflow version that a case runs.
pub(crate) async fn definition(app: &App, case: &Case) -> Result<Arc<Definition>, PageError> {
    let definition = app.db.definition(case.workflow).await?;
    definition.ok_or_else(|| PageError::internal("a case's workflow version is not stored"))
}

/// The current step, or how the case stands.
pub(crate) async fn show(app: Data<App>, caller: Caller, session: ClaimantSession) -> Result<HttpResponse, PageError> {
    let opened = load(&app, &session).await?;
    if let Some(next) = next_case(opened.case()) {
        return follow(&app, &caller, &session, next).await;
    }
    if let Some(workflow) = &opened.case().next {
        return Ok(see(&format!("/{workflow}")));
    }
    if opened.case().class == Class::StepUp && opened.case().outcome.is_some() {
        return step_up::hand_back(&app, &caller, &session, &opened).await;
    }
    page(&app, &caller, &session, &opened, None, &Fields::default()).await
}

/// Where a refused form was shown: its address leads back to the case, for whoever loads it again.
pub(crate) async fn back() -> HttpResponse {
    see_case()
}

/// The form of the current step.
pub(crate) async fn submit(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let case = session.case()?;
    let admit = |token: &str| session.check(&app, token).map(|_| ());
    let mut posted = Posted::read(&app, &caller, case, &request, payload, admit).await?;
    let key = session.check(&app, &posted.token)?;
    let refused = posted.refused.take();
    match &refused {
        Some(refusal) if posted.files.is_empty() => {
            return again(&app, &caller, &session, refusal, &posted.fields).await;
        }
        // The files that came with it are kept, and nothing is sent on.
        Some(_) => documents::ATTACH.clone_into(&mut posted.verb),
        None => {}
    }
    let (fields, run, by) = (posted.fields.clone(), posted.run, posted.by(&app, &caller));
    if posted.verb == code::INSIST && is_checked(by) {
        end_quiet(&app, case).await?;
    }
    let blobs: Vec<BlobId> = posted.files.iter().map(|file| file.blob).collect();
    let done = dispatch(&app, &caller, by, case, key, posted.into_submit(run)).await;
    discard_untaken(&app.db, case, &blobs, &done).await?;
    match (done, refused) {
        (Ok(_), Some(refusal)) => again(&app, &caller, &session, &refusal, &fields).await,
        (Ok(dispatched), None) => to_case(&app, &caller, &session, &dispatched.loaded.case).await,
        (Err(DispatchError::Refused(Refusal::Closed)), _) => Ok(see_case()),
        (
            Err(DispatchError::Refused(
                refusal @ (Refusal::Field { .. } | Refusal::Fields(_) | Refusal::TooMany { .. }),
            )),
            _,
        ) => again(&app, &caller, &session, &refusal, &fields).await,
        (Err(error), _) => Err(error.into()),
    }
}

pub(crate) const fn is_checked(by: Actor) -> bool {
    matches!(
        by,
        Actor::Claimant {
            human: Human::Checked,
            ..
        }
    )
}

/// A code asked for with a human check goes to an address whose reader asked for none, too. Done for every address that
/// was typed, known or not (RL-01).
async fn end_quiet(app: &App, case: CaseId) -> Result<(), PageError> {
    let address = app
        .db
        .opened(case)
        .await?
        .and_then(|loaded| loaded.sealed.address.clone());
    match address {
        Some(address) => Ok(app.db.quiet_end(&address).await?),
        None => Ok(()),
    }
}

/// Sends a command of the claimant. A refusal is no case event; it goes to the audit log (invariant 2, AU-01), but for
/// fields that were filled in wrongly.
pub(crate) async fn dispatch(
    app: &App,
    caller: &Caller,
    by: Actor,
    case: CaseId,
    key: RequestKey,
    act: Act,
) -> Result<Dispatched, DispatchError<readmit_storage::StorageError>> {
    let done = app.dispatcher.dispatch(Command { case, key, by, act }).await;
    if let Err(DispatchError::Refused(refusal)) = &done
        && !matches!(refusal, Refusal::Field { .. } | Refusal::Fields(_))
    {
        let row = audit_row(caller, "command", Some(case), refusal.code());
        app.db.audit(row).await.map_err(DispatchError::Store)?;
    }
    done
}

/// A line of the audit log about a claimant.
pub(crate) fn audit_row(caller: &Caller, what: &'static str, case: Option<CaseId>, outcome: &'static str) -> AuditRow {
    AuditRow {
        at: caller.at,
        who: "claimant".into(),
        what: what.into(),
        case,
        outcome: outcome.into(),
        detail: serde_json::json!({"request": caller.id.to_string()}),
    }
}

/// The refused form again, with its sentence and what was typed. What it brought was not kept.
async fn again(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    refusal: &Refusal,
    fields: &Fields,
) -> Result<HttpResponse, PageError> {
    let opened = load(app, session).await?;
    page(app, caller, session, &opened, Some(refusal), &kept(fields)).await
}

/// After a submit. The first proof is a sign-in: the session goes on under a new name (SE-01).
async fn to_case(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    after: &Case,
) -> Result<HttpResponse, PageError> {
    if after.proven.is_none() || session.proven {
        return Ok(see_case());
    }
    let cookie = session::renew_claimant(app, caller, session, after.id, Renewal::Proven).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/case"))
        .cookie(cookie)
        .finish())
}

/// The case that this one sent its claimant to: the open case of an account proven a second time, or the start of another workflow.
fn next_case(case: &Case) -> Option<CaseId> {
    case.linked.filter(|_| case.outcome == Some(Outcome::HandedOver))
}

async fn follow(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    next: CaseId,
) -> Result<HttpResponse, PageError> {
    let proven = app
        .db
        .opened(next)
        .await?
        .is_some_and(|loaded| loaded.case.proven.is_some());
    let why = if proven { Renewal::Joined } else { Renewal::Led };
    let cookie = session::renew_claimant(app, caller, session, next, why).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/case"))
        .cookie(cookie)
        .finish())
}

pub(crate) fn see_case() -> HttpResponse {
    see("/case")
}

pub(crate) fn see(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

/// What a fragment is made of, beside what every page has.
pub(crate) struct Shown<'a> {
    pub(crate) case: &'a Case,
    pub(crate) sealed: &'a Sealed,
    pub(crate) definition: &'a Definition,
    pub(crate) step: &'a Step,
    pub(crate) problem: Option<&'a Refusal>,
    pub(crate) kept: &'a Fields,
    /// How hard the human check is, where the step may ask for one.
    pub(crate) check: Option<u32>,
    /// The security settings, for whoever came from them and is done.
    pub(crate) settings: Option<&'static str>,
    /// What the owner calls the factor that the case added.
    pub(crate) added: Option<String>,
}

/// The step's own part of the page.
pub(crate) fn fragment(
    app: &App,
    caller: &Caller,
    shown: &Shown<'_>,
    action: &str,
    token: &str,
    entries: &[Entry],
) -> Result<Fragment, PageError> {
    let view = ClaimantView {
        case: shown.case,
        sealed: shown.sealed,
        definition: shown.definition,
        step: shown.step,
        texts: &app.texts,
        language: caller.language.code(),
        now: caller.at,
        form: Form {
            action,
            token,
            run: shown.case.run,
            check: shown.check,
        },
        problem: shown.problem,
        kept: shown.kept,
        brand: &app.brand,
        queues: &app.queues,
        settings: shown.settings,
        added: shown.added.as_deref(),
    };
    Ok(status::page(&view, entries)?)
}

/// What stands around a step's part.
#[derive(Template)]
#[template(path = "case.html")]
struct Around<'a> {
    say: Say<'a>,
    joined: bool,
    step: &'a Markup,
    withdraw: bool,
    /// What the host asks a step-up for.
    asked: Option<Markup>,
    /// What was written to and fro.
    messages: Option<Markup>,
    /// Which passkeys are still accepted, for the browser.
    accepted: Option<String>,
    /// For a step that asks the browser for a passkey, or for pictures.
    script: Option<&'static str>,
    /// The module that does a human check.
    work: &'static str,
}

/// Once a case has removed passkeys its last page tells the browser, so that none of them is offered again (PK-07): to
/// nobody who has not proven what the workflow asks for (PK-06).
async fn accepted(app: &App, session: &ClaimantSession, opened: &Opened) -> Result<Option<String>, PageError> {
    let remedy = &opened.definition.remedy;
    let removes = remedy.reset.iter().chain(&remedy.remove).any(|kind| kind == "passkey");
    let done = opened.case().outcome == Some(Outcome::Approved) && session.proven;
    match &opened.loaded.sealed.account {
        Some(account) if removes && done => Ok(Some(security::accepted_now(app, account).await?)),
        _ => Ok(None),
    }
}

/// The name of the factor that the case added: the newest of its kind that the account has.
async fn added(app: &App, opened: &Opened) -> Result<Option<String>, PageError> {
    let kind = opened.definition.remedy.add.as_ref();
    let done = kind.filter(|_| opened.case().outcome == Some(Outcome::Approved));
    let (Some(kind), Some(account)) = (done, &opened.loaded.sealed.account) else {
        return Ok(None);
    };
    let factors = app.db.factors(account).await?;
    let own = factors
        .iter()
        .filter(|factor| factor.kind == *kind && !factor.suspended);
    Ok(own.max_by_key(|factor| factor.added).map(security::shown))
}

/// Whether a fragment asks the browser for a passkey, or tells it of one that is known no more (PK-07).
fn wants_passkeys(html: &str) -> bool {
    ["data-ceremony=", "data-unknown="]
        .into_iter()
        .any(|mark| html.contains(mark))
}

async fn page(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    opened: &Opened,
    problem: Option<&Refusal>,
    kept: &Fields,
) -> Result<HttpResponse, PageError> {
    let case = opened.case();
    let step = opened.definition.step(&case.step);
    let shown = Shown {
        case,
        sealed: &opened.loaded.sealed,
        definition: &opened.definition,
        step: step.ok_or_else(|| PageError::internal("a case in a step that its workflow does not have"))?,
        problem,
        kept,
        check: app.human_check.bits(),
        settings: (session.account.is_some() && case.outcome.is_some()).then_some("/security"),
        added: added(app, opened).await?,
    };
    let entries: Vec<Entry> = app
        .db
        .timeline(case.id)
        .await?
        .into_iter()
        .map(|(_, entry)| entry)
        .collect();
    let token = session.form(app, caller);
    let fragment = fragment(app, caller, &shown, STEP, &token, &entries)?;
    let accepted = accepted(app, session, opened).await?;
    let script = match &fragment.html {
        html if accepted.is_some() || wants_passkeys(html) => Some(assets::passkey()),
        html if html.contains("data-evidence") => Some(assets::evidence()),
        _ => None,
    };
    let body = Markup::of(&Around {
        accepted,
        script,
        say: caller.say(app),
        asked: step_up::card(app, caller, case, &opened.loaded.sealed)?,
        messages: messages::card(app, caller, opened)?,
        joined: session.joined,
        step: &Markup::of_step(fragment.html),
        withdraw: case.can_be_stopped() && case.waits == WaitsFor::Claimant,
        work: assets::work(),
    })?;
    ClaimantPage {
        title: fragment.title,
        body,
        // What ended without the reset has no place among the steps to it.
        stage: (case.class == Class::Recovery && case.outcome.is_none_or(|outcome| outcome == Outcome::Approved))
            .then_some(fragment.stage),
        reference: case.proven.map(|proven| proven.reference),
        error: fragment.error,
        here: "/case".into(),
    }
    .answer(
        app,
        caller,
        if problem.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        },
    )
}
