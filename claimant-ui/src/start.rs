//! The first page, and the start of a workflow: its agreement, before there is a case.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use readmit_core::case::Class;
use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::{DispatchError, How};
use readmit_core::evolve::blank;
use readmit_core::guard::Bucket;
use readmit_core::ids::{CaseId, RequestKey};
use readmit_core::kind::Fields;
use readmit_core::refusal::Refusal;
use readmit_core::sealed::Sealed;
use readmit_core::time::Span;
use readmit_core::workflow::definition::Definition;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, Guest, Markup, PageError, assets, session};

use crate::case::{Shown, fragment, is_checked};
use crate::posted::Posted;

/// Starts in an hour (RL-02): from one browser, which may be one of many in its network, from one network, and from
/// everywhere. A case nobody proves anything for is gone an hour later.
const OF_DEVICE: u32 = 10;
const OF_NETWORK: u32 = 30;
const OF_ALL: u32 = 20_000;
/// Further ones from one network, each for a human check: many people may share it.
const CHECKED: u32 = 90;

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    say: Say<'a>,
    /// Where each begins, its title, and the mark of what was lost.
    workflows: Vec<(String, String, &'static str)>,
}

/// The agreement, and the module that does a human check.
#[derive(Template)]
#[template(path = "begin.html")]
struct Begin<'a> {
    step: &'a Markup,
    script: &'static str,
}

/// The recoveries on offer, those that reset the least first, and the way back into one.
pub(crate) async fn index(app: Data<App>, caller: Caller) -> Result<HttpResponse, PageError> {
    let mut offered = Vec::new();
    for line in app.db.workflow_list().await?.into_iter().filter(|line| line.current) {
        if let Some(definition) = app.db.current_workflow(&line.name).await?
            && definition.class == Class::Recovery
        {
            let reset = &definition.remedy.reset;
            offered.push((
                reset.len(),
                format!("/{}", line.name),
                definition.title(caller.language.code()).to_owned(),
                mark(reset),
            ));
        }
    }
    offered.sort();
    let workflows = offered.into_iter();
    let workflows = workflows.map(|(_, path, title, mark)| (path, title, mark)).collect();
    let say = caller.say(&app);
    let body = Markup::of(&Index { say, workflows })?;
    ClaimantPage::alone(say.get("ui-index-title"), body, "/").answer(&app, &caller, StatusCode::OK)
}

/// One mark a kind of loss; where several things are lost, that of them all.
fn mark(reset: &[String]) -> &'static str {
    match reset {
        [only] => match only.as_str() {
            "passkey" => "i-key",
            "totp" => "i-app",
            "phone" => "i-phone",
            _ => "i-lock",
        },
        _ => "i-shield",
    }
}

/// The agreement. No case is made for looking at it.
pub(crate) async fn show(
    app: Data<App>,
    caller: Caller,
    guest: Guest,
    workflow: Path<String>,
) -> Result<HttpResponse, PageError> {
    let definition = offered(&app, &workflow).await?;
    page(&app, &caller, &guest, &definition, None).await
}

/// A workflow that anybody may begin: a recovery. Others begin with an account that the host has signed in.
async fn offered(app: &App, name: &str) -> Result<Arc<Definition>, PageError> {
    let definition = app.db.current_workflow(name).await?;
    let offered = definition.filter(|definition| definition.class == Class::Recovery);
    offered.ok_or(PageError::NotFound)
}

/// Opens an unproven case and hands it the agreement, in one request.
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    guest: Guest,
    workflow: Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let definition = offered(&app, &workflow).await?;
    let posted = Posted::of(form.into_inner());
    let key = app
        .forms
        .check(&guest.holder(), &posted.token)
        .ok_or(PageError::FormExpired)?;
    if let Err(refusal) = spend_start(&app, &caller, &guest, posted.by(&app, &caller)).await? {
        return page(&app, &caller, &guest, &definition, Some(&refusal)).await;
    }
    match open(&app, &caller, &definition, key, posted).await {
        Ok(case) => Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/case"))
            .cookie(session::start_claimant(&app, &caller, case).await?)
            .finish()),
        Err(DispatchError::Refused(refusal @ Refusal::Field { .. })) => {
            page(&app, &caller, &guest, &definition, Some(&refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Start, and the agreement's submit. Posted twice, it is the same case twice.
async fn open(
    app: &App,
    caller: &Caller,
    definition: &Definition,
    key: RequestKey,
    posted: Posted,
) -> Result<CaseId, DispatchError<readmit_storage::StorageError>> {
    let policy = app
        .db
        .current_policy()
        .await
        .map_err(DispatchError::Store)?
        .ok_or(DispatchError::NoVersion)?;
    let case = app.forms.case_of(key);
    let by = posted.by(app, caller);
    let start = Act::Start {
        workflow: definition.hash,
        policy: policy.hash,
        language: caller.language.code().to_owned(),
        account: None,
        about: None,
        step_up: None,
    };
    let started = app
        .dispatcher
        .dispatch(Command {
            case,
            key,
            by,
            act: start,
        })
        .await?;
    // The form of a case that went on: whoever comes back to it proves the address again, as everybody does.
    if started.how == How::Repeated && started.loaded.case.version > 2 {
        return Err(Refusal::Stale.into());
    }
    let agreed = posted.into_submit(started.loaded.case.run);
    let second = Command {
        case,
        key: app.forms.second(key),
        by,
        act: agreed,
    };
    app.dispatcher.dispatch(second).await?;
    Ok(case)
}

fn starts(app: &App, purpose: &str, whose: &[&[u8]], limit: u32) -> Bucket {
    Bucket {
        tag: app.db.index_tag(purpose, whose),
        limit,
        window: Span::hours(1),
    }
}

/// What a start is counted in, the narrowest first.
fn unchecked(app: &App, caller: &Caller, guest: &Guest) -> [Bucket; 3] {
    [
        starts(app, "start-device", &[&guest.holder()], OF_DEVICE),
        starts(app, "start", &[&caller.prefix.0], OF_NETWORK),
        starts(app, "start-all", &[], OF_ALL),
    ]
}

/// Whoever fills one of them takes nothing from the others, and makes no row in them.
async fn one_is_full(app: &App, buckets: &[Bucket], caller: &Caller) -> Result<bool, PageError> {
    for bucket in buckets.iter().rev() {
        if app.db.spent(bucket, caller.at).await? >= bucket.limit {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts a start. Above a soft threshold it takes a human check, the refusal says.
///
/// # Errors
/// [`PageError::TooMany`] above the hard one.
async fn spend_start(app: &App, caller: &Caller, guest: &Guest, by: Actor) -> Result<Result<(), Refusal>, PageError> {
    let buckets = unchecked(app, caller, guest);
    if !one_is_full(app, &buckets, caller).await? && app.db.spend_all(&buckets, caller.at).await? {
        return Ok(Ok(()));
    }
    if !is_checked(by) {
        let (field, code) = ("agree".into(), "human_needed");
        return Ok(Err(Refusal::Field { field, code }));
    }
    let further = starts(app, "start-checked", &[&caller.prefix.0], CHECKED);
    if app.db.spend(&further, caller.at).await? {
        Ok(Ok(()))
    } else {
        Err(PageError::TooMany {
            until: further.window_start(caller.at) + further.window,
        })
    }
}

async fn page(
    app: &App,
    caller: &Caller,
    guest: &Guest,
    definition: &Definition,
    problem: Option<&Refusal>,
) -> Result<HttpResponse, PageError> {
    let path = format!("/{}", definition.name);
    let (case, sealed) = (blank(CaseId(uuid::Uuid::nil())), Sealed::default());
    let step = definition
        .step(&definition.start)
        .ok_or_else(|| PageError::internal("a workflow without its first step"))?;
    let token = app.forms.issue(&guest.holder(), caller.at, &app.dispatcher.entropy());
    let above = one_is_full(app, &unchecked(app, caller, guest), caller).await?;
    let shown = Shown {
        case: &case,
        sealed: &sealed,
        definition,
        step,
        problem,
        kept: &Fields::default(),
        check: app.human_check.bits().filter(|_| above),
        settings: None,
        added: None,
    };
    let fragment = fragment(app, caller, &shown, &path, &token, &[])?;
    ClaimantPage {
        title: fragment.title,
        body: Markup::of(&Begin {
            step: &Markup::of_step(fragment.html),
            script: assets::work(),
        })?,
        stage: Some(fragment.stage),
        reference: None,
        error: fragment.error,
        here: path,
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
