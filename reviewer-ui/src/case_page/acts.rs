//! What forms of the case page do. Each is one command; rights and tokens are checked again in `decide`.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use readmit_core::case::TaskKind;
use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::ids::{Digest, PersonId, RequestKey, TaskId};
use readmit_core::kind::Fields;
use readmit_core::refusal::Refusal;
use readmit_core::review::{Choice, Message};
use readmit_storage::{AuditRow, CLAIM_HOLD, StorageError};
use readmit_web::{App, Caller, PageError, Permission, Staff};
use serde_json::json;

use super::draft::{self, Draft};
use super::find::{Found, find};
use super::show::{With, render};
use super::view::Banner;
use super::{panel, stale};
use crate::page::{self, Body, posted, see_other};
use crate::permissions::{Operates, Picks, Renews, Reviews, Works};
use crate::{queues, words};

/// `POST /cases/{reference}/claim`: taking a case by hand; recorded (IN-02).
pub(crate) async fn claim(
    staff: Staff<Picks>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    found.seen_by(&staff.person)?;
    let task = found.loaded.case.task.as_ref().ok_or(PageError::Stale)?;
    if !panel::may_pick(&found, &staff.person, task) {
        return Err(PageError::Forbidden);
    }
    let act = Act::Claim {
        task: id(&fields, "task")?,
    };
    // No log entry, no claim (AU-03).
    page::audit(
        &app,
        &caller,
        &staff.person,
        "claims_by_hand",
        Some(found.id),
        json!({}),
    )
    .await?;
    dispatch(&app, &found, &staff, key, act).await?;
    Ok(see_other(&found.path()))
}

/// `POST /cases/{reference}/release`
pub(crate) async fn release(
    staff: Staff<Works>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    let (task, token) = claim_of(&fields)?;
    match dispatch(&app, &found, &staff, key, Act::Release { task, token }).await {
        Err(error) => late((&app, &caller, &staff), &found, (token, None), Draft::default(), error).await,
        Ok(()) => Ok(see_other(page::home(&staff.person.roles))),
    }
}

/// `POST /cases/{reference}/hand-over`
pub(crate) async fn hand_over(
    staff: Staff<Works>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    let (task, token) = claim_of(&fields)?;
    let to: PersonId = id(&fields, "to")?;
    let person = app.db.person(to).await?.filter(|person| person.active);
    let kind = found
        .loaded
        .case
        .task
        .as_ref()
        .map_or(TaskKind::Review, |task| task.kind);
    let to_role = person
        .and_then(|person| crate::sight::acting(&person.roles, kind, found.loaded.case.disputed))
        .ok_or(PageError::Forbidden)?;
    let act = Act::HandOver {
        task,
        token,
        to,
        to_role,
    };
    match dispatch(&app, &found, &staff, key, act).await {
        Err(error) => late((&app, &caller, &staff), &found, (token, None), Draft::default(), error).await,
        Ok(()) => Ok(see_other(page::home(&staff.person.roles))),
    }
}

/// `POST /cases/{reference}/renew`: the page's heartbeat. It touches the lease, nothing of the case.
pub(crate) async fn renew(
    staff: Staff<Renews>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (_, fields) = posted(&app, &staff.holder, body)?;
    find(&app, &reference).await?;
    let (task, token) = claim_of(&fields)?;
    let until = caller.at + CLAIM_HOLD;
    match app.db.renew_lease(task, token, staff.person.id, until).await? {
        true => Ok(HttpResponse::Ok().json(json!({"until": until.rfc3339(), "clock": crate::words::clock(until)}))),
        false => Ok(HttpResponse::Conflict().json(json!({"error": "not_yours"}))),
    }
}

/// `POST /cases/{reference}/decide`: the decision, or its draft.
pub(crate) async fn decide(
    staff: Staff<Reviews>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let who = (&**app, &caller, &staff);
    let found = find(&app, &reference).await?;
    if found.loaded.case.keys.contains(&key) {
        return sent(who, &found, &fields, key).await;
    }
    let ((task, token), draft) = (claim_of(&fields)?, Draft::of(&fields));
    keep(&app, &found, &staff, task, &draft).await?;
    let choice = match choice(&app, &found, task, &draft) {
        _ if fields.get("do") == Some("draft") => return Ok(see_other(&found.path())),
        Some(Ok(choice)) => choice,
        Some(Err(problem)) => return again(who, &found, draft, Banner::problem(problem.field, problem.text)).await,
        None => return stale::answer(who, &found, token, draft).await,
    };
    let message: Digest = id(&fields, "message")?;
    let act = Act::Review {
        task,
        token,
        message,
        choice,
        ticks: draft.checks.clone(),
    };
    if let Err(error) = dispatch(&app, &found, &staff, key, act).await {
        return late(who, &found, (token, Some(message)), draft, error).await;
    }
    sent(who, &found, &fields, key).await
}

/// After a decision, and after the same form once more: it was one decision.
async fn sent(
    who: (&App, &Caller, &Staff<Reviews>),
    found: &Found,
    fields: &Fields,
    key: RequestKey,
) -> Result<HttpResponse, PageError> {
    if fields.get("do") == Some("next") {
        return queues::next_page(who, who.0.forms.second(key), found.reference).await;
    }
    Ok(see_other(&format!("/?sent={}", found.reference)))
}

/// `POST /cases/{reference}/try-again`
pub(crate) async fn try_again(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    let (task, token) = claim_of(&fields)?;
    match dispatch(&app, &found, &staff, key, Act::TryAgain { task, token }).await {
        Err(error) => late((&app, &caller, &staff), &found, (token, None), Draft::default(), error).await,
        Ok(()) => Ok(see_other(&found.path())),
    }
}

/// `POST /cases/{reference}/give-up`
pub(crate) async fn give_up(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    let (task, token) = claim_of(&fields)?;
    let reason = fields.get("reason").unwrap_or_default().trim().to_owned();
    if reason.is_empty() {
        let banner = Banner::problem("reason", "Say in one sentence why the case is given up.");
        return render((&app, &caller, &staff), &found, With::banner(banner)).await;
    }
    match dispatch(&app, &found, &staff, key, Act::GiveUp { task, token, reason }).await {
        Err(error) => late((&app, &caller, &staff), &found, (token, None), Draft::default(), error).await,
        Ok(()) => Ok(see_other(&found.path())),
    }
}

/// The choice that the draft amounts to; `None` when the task that the page showed is no longer live.
fn choice(app: &App, found: &Found, task: TaskId, draft: &Draft) -> Option<Result<Choice, draft::Problem>> {
    let live = found.loaded.case.task.as_ref().filter(|live| live.id == task)?;
    let text = |code: &str| panel::claimant_text(app, found, code);
    Some(draft::choice(draft, &panel::offer(found, live), text))
}

/// Keeps what was typed, for whoever holds or held the case, with a task of this case and no other.
async fn keep<P: Permission>(
    app: &App,
    found: &Found,
    staff: &Staff<P>,
    task: TaskId,
    draft: &Draft,
) -> Result<(), PageError> {
    if !found.was_held_by(staff.person.id) || !found.had(task) {
        return Err(PageError::NotFound);
    }
    let kept = serde_json::to_value(draft).map_err(PageError::internal)?;
    app.db.save_draft(task, staff.person.id, &kept).await?;
    Ok(())
}

/// The page once more, with what was typed and what is wrong with it; the stale page for who may no longer see it.
async fn again<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    found: &Found,
    draft: Draft,
    banner: Banner,
) -> Result<HttpResponse, PageError> {
    let with = With {
        banner: Some(banner),
        draft: Some(draft),
        ..With::default()
    };
    render(who, found, with).await
}

/// What changed under a decision: the claimant wrote, or what it was decided on is another.
fn changed(now: &Found, seen: Option<Digest>) -> Banner {
    let (case, sealed, keys) = (&now.loaded.case, &now.loaded.sealed, &now.loaded.keys);
    let message = Message::of(case, sealed, &now.definition, keys);
    match seen.and_then(|seen| message.written_since(seen, sealed, keys)) {
        Some(at) => Banner {
            href: "#messages".into(),
            ..Banner::warning(format!(
                "The claimant wrote at {}. Read it, then decide; nothing was sent.",
                words::clock(at)
            ))
        },
        None => Banner::warning(
            "The evidence or the account changed while you had the page open. Look again, then decide; nothing was sent.",
        ),
    }
}

/// What a form gets that came too late, with the claim it was made for, and what it decided on; every other error goes on
/// as it is.
async fn late<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    found: &Found,
    (token, seen): (u32, Option<Digest>),
    draft: Draft,
    error: DispatchError<StorageError>,
) -> Result<HttpResponse, PageError> {
    match error {
        DispatchError::Refused(Refusal::NotYours | Refusal::NoTask | Refusal::Closed | Refusal::Stale) => {
            let (app, ..) = who;
            let now = find(app, &found.reference.to_string()).await?;
            stale::answer(who, &now, token, draft).await
        }
        DispatchError::Refused(Refusal::MessageChanged) => {
            let now = find(who.0, &found.reference.to_string()).await?;
            let banner = changed(&now, seen);
            again(who, &now, draft, banner).await
        }
        DispatchError::Refused(Refusal::Field {
            field,
            code: "tick_checks",
        }) => {
            let text = "To approve, every check must be ticked. Or ask for more.";
            again(who, found, draft, Banner::problem(&field, text)).await
        }
        other => Err(other.into()),
    }
}

async fn dispatch<P: Permission>(
    app: &App,
    found: &Found,
    staff: &Staff<P>,
    key: RequestKey,
    act: Act,
) -> Result<(), DispatchError<StorageError>> {
    let by = actor(found, staff).ok_or(DispatchError::Refused(Refusal::NotAllowed))?;
    let what = act.code();
    let command = Command {
        case: found.id,
        key,
        by,
        act,
    };
    let Err(error) = app.dispatcher.dispatch(command).await else {
        return Ok(());
    };
    if let DispatchError::Refused(refusal) = &error
        && !matches!(refusal, Refusal::Field { .. })
    {
        let row = AuditRow {
            at: app.dispatcher.now(),
            who: format!("person:{}", staff.person.id),
            what: what.into(),
            case: Some(found.id),
            outcome: "refused".into(),
            detail: json!({ "why": refusal.code() }),
        };
        app.db.audit(row).await.map_err(DispatchError::Store)?;
    }
    Err(error)
}

/// The person in the role that fits the live task, or, on a case without one, in the strongest that fits the route.
fn actor<P: Permission>(found: &Found, staff: &Staff<P>) -> Option<Actor> {
    let case = &found.loaded.case;
    let fits = case
        .task
        .as_ref()
        .and_then(|task| crate::sight::acting(&staff.person.roles, task.kind, case.disputed));
    let person = staff.person.id;
    fits.map(|role| Actor::Staff { person, role }).or_else(|| staff.actor())
}

/// Task and fencing token, as the page had them.
fn claim_of(fields: &Fields) -> Result<(TaskId, u32), PageError> {
    Ok((id(fields, "task")?, id(fields, "fence")?))
}

fn id<T: std::str::FromStr>(fields: &Fields, name: &str) -> Result<T, PageError> {
    fields
        .get(name)
        .and_then(|text| text.parse().ok())
        .ok_or(PageError::BadRequest)
}
