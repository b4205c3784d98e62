//! Step-up: the host asks that its owner prove a factor for one purpose, sends them to the address that it gets, and reads a
//! signed result when they come back (docs/host.md). The result is for one address, given once, and good for a minute.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use data_encoding::BASE64URL_NOPAD;
use readmit_core::case::{Case, Class, Outcome};
use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::ids::{AccountId, CaseId, Digest, RequestKey};
use readmit_core::sealed::Sealed;
use readmit_core::step_up::{Purpose, StepUp};
use readmit_core::time::Span;
use readmit_steps::words::Say;
use readmit_storage::{Face, NewSession};
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, LANGUAGES, Markup, PageError, session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::case::Opened;
use crate::signed::{believe, sign};

/// The workflow that proves a factor and nothing else.
const WORKFLOW: &str = "step-up";
/// The kinds of factors that it can prove, beside a number where messages can be sent.
const KINDS: [&str; 3] = ["passkey", "totp", "recovery_codes"];
/// How long the address for the browser is good.
const LIVES: Span = Span::minutes(5);
/// How long a result is good, and may be fetched.
const RESULT_LIVES: Span = Span::seconds(60);

/// The host's call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    account: AccountId,
    purpose: Purpose,
    text: String,
    /// SHA-256 of the text: host and we speak of the same words.
    digest: Digest,
    return_to: String,
    language: Option<String>,
}

impl Asked {
    fn read(app: &App, body: &[u8]) -> Result<Self, PageError> {
        let asked: Self = serde_json::from_slice(body).map_err(|_| PageError::BadRequest)?;
        let known = asked
            .language
            .as_ref()
            .is_none_or(|language| LANGUAGES.iter().any(|(code, _)| code == language));
        let registered = app.host_api.return_to.contains(&asked.return_to);
        if !known || !registered || !StepUp::is_showable(&asked.text) || asked.step_up().digest() != asked.digest {
            return Err(PageError::BadRequest);
        }
        Ok(asked)
    }

    fn step_up(&self) -> StepUp {
        StepUp {
            purpose: self.purpose,
            text: self.text.clone(),
            return_to: self.return_to.clone(),
        }
    }
}

/// What is kept until the browser comes.
#[derive(Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
enum Kept {
    StepUp { case: CaseId },
}

/// `POST /api/step-ups`: opens the case, and answers the address for the browser.
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    believe(&app, &request, &body).await?;
    let asked = Asked::read(&app, &body)?;
    let factors = app.db.factors(&asked.account).await?;
    let proves = |kind: &str| KINDS.contains(&kind) || kind == "phone" && app.phones;
    if !factors.iter().any(|factor| !factor.suspended && proves(&factor.kind)) {
        return Ok(HttpResponse::Conflict().json(json!({ "error": "no_factor" })));
    }
    let case = open(&app, &caller, &asked).await?;
    let row = NewSession {
        face: Face::Ceremony,
        case: None,
        person: None,
        data: serde_json::to_value(Kept::StepUp { case }).map_err(PageError::internal)?,
    };
    let token = app.db.session_create(row, caller.at).await?;
    let url = format!("{}/step-up/{token}", app.brand.claimant_origin);
    Ok(HttpResponse::Created().json(json!({ "id": case.to_string(), "url": url })))
}

async fn open(app: &App, caller: &Caller, asked: &Asked) -> Result<CaseId, PageError> {
    let workflow = app.db.current_workflow(WORKFLOW).await?;
    let workflow = workflow.filter(|workflow| workflow.class == Class::StepUp);
    let workflow = workflow.ok_or_else(|| PageError::internal("no workflow of class step_up is published"))?;
    let policy = app.db.current_policy().await?.ok_or(DispatchError::NoVersion)?;
    let chance = app.dispatcher.entropy();
    let case = CaseId(chance.uuid(caller.at, "step-up", 0));
    let command = Command {
        case,
        key: RequestKey(chance.uuid(caller.at, "step-up-key", 0)),
        by: Actor::Engine,
        act: Act::Start {
            workflow: workflow.hash,
            policy: policy.hash,
            language: asked.language.clone().unwrap_or_else(|| "en".into()),
            account: Some(asked.account.clone()),
            about: None,
            step_up: Some(asked.step_up()),
        },
    };
    app.dispatcher.dispatch(command).await?;
    Ok(case)
}

/// `GET /step-up/{token}`: the browser comes, once. A look writes session rows only (SE-04).
pub(crate) async fn show(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    let kept = app.db.session(&token, caller.at).await?;
    let kept = kept.filter(|kept| kept.face == Face::Ceremony && caller.at - kept.created < LIVES);
    let kept = kept.ok_or(PageError::LinkUsed)?;
    let Kept::StepUp { case } = serde_json::from_value(kept.data).map_err(|_| PageError::LinkUsed)?;
    if !app.db.session_end(&kept.id_hash).await? {
        return Err(PageError::LinkUsed);
    }
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/case"))
        .cookie(session::start_claimant(&app, &caller, case).await?)
        .finish())
}

#[derive(Template)]
#[template(path = "step_up_card.html")]
struct Card<'a> {
    say: Say<'a>,
    what: String,
    text: &'a str,
    back: &'a str,
}

/// What the host asks it for, above the step; nothing in other cases.
pub(crate) fn card(app: &App, caller: &Caller, case: &Case, sealed: &Sealed) -> Result<Option<Markup>, PageError> {
    let Some(asked) = sealed.step_up.as_ref().filter(|_| case.outcome.is_none()) else {
        return Ok(None);
    };
    let say = caller.say(app);
    let card = Card {
        what: say.get(&format!("ui-step-up-{}", asked.purpose.code())),
        say,
        text: &asked.text,
        back: &asked.return_to,
    };
    Ok(Some(Markup::of(&card)?))
}

#[derive(Template)]
#[template(path = "step_up_done.html")]
struct Done<'a> {
    say: Say<'a>,
    title: String,
    passed: bool,
    to: String,
}

/// What the host reads. Its fields stand in docs/host.md.
#[derive(Serialize)]
struct Told<'a> {
    id: String,
    account: &'a AccountId,
    purpose: Purpose,
    digest: Digest,
    outcome: &'static str,
    method: Option<&'a str>,
    audience: &'a str,
    expires: i64,
}

/// The step-up is over: gives the result out, once, and ends the session. The page leads on by itself, and by its link; a
/// redirect would be a form's, which the policy of our pages keeps on our own address.
pub(crate) async fn hand_back(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    opened: &Opened,
) -> Result<HttpResponse, PageError> {
    let (case, sealed) = (opened.case(), &opened.loaded.sealed);
    let (Some(asked), Some(account)) = (&sealed.step_up, &sealed.account) else {
        return Err(PageError::internal("a step-up without what was asked"));
    };
    let closed = case.closed.unwrap_or(case.now);
    // That the time was up is told to whoever comes too late for it.
    let late = caller.at - closed >= RESULT_LIVES && case.outcome != Some(Outcome::Expired);
    if !app.db.session_end(&session.holder).await? || late {
        return Err(PageError::SignedOut);
    }
    let passed = case.outcome == Some(Outcome::Approved);
    let at = (app.host_api.wall)();
    let told = Told {
        id: case.id.to_string(),
        account,
        purpose: asked.purpose,
        digest: asked.digest(),
        outcome: if passed { "passed" } else { "not_passed" },
        method: method(case).filter(|_| passed),
        audience: &asked.return_to,
        expires: (at + RESULT_LIVES).as_unix_seconds(),
    };
    let to = address(app, &told, at.as_unix_seconds())?;
    let say = caller.say(app);
    let title = say.get(match case.outcome {
        Some(Outcome::Approved) => "ui-step-up-passed",
        Some(Outcome::Expired) => "ui-step-up-expired",
        _ => "ui-step-up-failed",
    });
    let body = Markup::of(&Done {
        say,
        title: title.clone(),
        passed,
        to: to.clone(),
    })?;
    let mut answer = ClaimantPage::alone(title, body, "/").answer(app, caller, StatusCode::OK)?;
    let onward = format!("0; url={to}").parse().map_err(PageError::internal)?;
    answer.headers_mut().insert(actix_web::http::header::REFRESH, onward);
    Ok(answer)
}

/// By which way it was proven.
fn method(case: &Case) -> Option<&str> {
    case.left.values().find_map(|state| state.get("method")?.as_str())
}

/// The registered address with the result and its signature, which covers the address, too.
fn address(app: &App, told: &Told<'_>, at: i64) -> Result<String, PageError> {
    let result = serde_json::to_string(told).map_err(PageError::internal)?;
    let payload = format!("RESULT {}\n{result}", told.audience);
    let signature = sign(app, &told.id, at, payload.as_bytes()).ok_or_else(|| PageError::internal("not signed"))?;
    Ok(format!(
        "{}?id={}&at={at}&result={}&signature={}",
        told.audience,
        told.id,
        BASE64URL_NOPAD.encode(result.as_bytes()),
        BASE64URL_NOPAD.encode(signature.as_bytes())
    ))
}
