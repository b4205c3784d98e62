//! `GET /cases/{reference}`, and the same page again with what a form has to say.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use readmit_core::command::Role;
use readmit_core::time::At;
use readmit_web::{App, Caller, Language, PageError, Permission, Staff, assets};
use serde::Deserialize;
use serde_json::json;

use super::draft::Draft;
use super::evidence;
use super::find::{Found, find};
use super::panel;
use super::reveal::{A_DAY, WHAT, WHY, bucket};
use super::stale;
use super::timeline::{self, Viewer};
use super::view::{self, Banner, CasePage, HandOver, HeadPage, Hold, Whole};
use crate::contact::letters;
use crate::page::{self, Names};
use crate::permissions::{Reviews, SeesCases};
use crate::queues::{self, News};
use crate::sight::{self, Sight, Stance};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Which picture stands on the stage, from 1.
    #[serde(default)]
    picture: usize,
    /// The case that was decided just before.
    #[serde(default)]
    sent: String,
}

/// `GET /cases/{reference}`
pub(crate) async fn show(
    staff: Staff<SeesCases>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let found = find(&app, &reference).await?;
    if found.seen_by(&staff.person).is_err() {
        return stale::over((&app, &caller, &staff), &found).await;
    }
    page::audit(&app, &caller, &staff.person, "case_seen", Some(found.id), json!({})).await?;
    let with = With {
        banner: queues::decided(&app, &staff.person, &wanted.sent)
            .await?
            .map(News::banner),
        picture: wanted.picture,
        ..With::default()
    };
    render((&app, &caller, &staff), &found, with).await
}

/// What a form adds to the page that is shown again.
#[derive(Default)]
pub(crate) struct With {
    pub(crate) banner: Option<Banner>,
    /// What was typed and not sent; else the kept draft is shown.
    pub(crate) draft: Option<Draft>,
    pub(crate) picture: usize,
    pub(crate) revealed: Vec<String>,
    /// A message that was not taken.
    pub(crate) typed: String,
}

impl With {
    pub(crate) fn banner(banner: Banner) -> Self {
        Self {
            banner: Some(banner),
            ..Self::default()
        }
    }

    pub(super) fn revealed(revealed: Vec<String>) -> Self {
        Self {
            revealed,
            ..Self::default()
        }
    }
}

impl Banner {
    /// A form that was not taken, with a link to the field.
    pub(crate) fn problem(field: &str, text: impl Into<String>) -> Self {
        Self {
            tone: "fail",
            icon: "stop",
            href: format!("#{field}"),
            text: text.into(),
        }
    }

    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self {
            tone: "warn",
            icon: "warn",
            href: String::new(),
            text: text.into(),
        }
    }
}

/// The page of a case as this person may see it.
pub(crate) async fn render<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    found: &Found,
    with: With,
) -> Result<HttpResponse, PageError> {
    let (app, caller, staff) = who;
    let sight = found.seen_by(&staff.person)?;
    let title = match &with.banner {
        Some(banner) if banner.tone == "fail" => format!("Error: {}", found.reference),
        _ => found.reference.to_string(),
    };
    let status = if with.banner.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    if sight == Sight::Head {
        let case = &found.loaded.case;
        let body = HeadPage {
            banner: with.banner.clone(),
            conversation: letters::section(who, found, sight, &with.typed).await?,
            reference: found.reference.to_string(),
            chips: view::chips(case, None, None, caller.at),
            workflow: found.definition.title("en").to_owned(),
            opened: crate::words::stamp(case.opened),
            waits: view::waits(case.waits),
        };
        return page::show(who, &title, "/search", &body, status);
    }
    let current = page::home(&staff.person.roles);
    let body = whole_page(app, caller, staff, found, sight, with).await?;
    page::show(who, &title, current, &body, status)
}

async fn whole_page<P: Permission>(
    app: &App,
    caller: &Caller,
    staff: &Staff<P>,
    found: &Found,
    sight: Sight,
    with: With,
) -> Result<CasePage, PageError> {
    let (case, person) = (&found.loaded.case, &staff.person);
    let stance = sight::stance(&person.roles, person.id, case, found.loaded.lease_until, caller.at);
    let names = Names::load(app).await?;
    let token = page::token(app, caller, &staff.holder);
    let conversation = letters::section((app, caller, staff), found, sight, &with.typed).await?;
    let whole = match sight {
        Sight::Whole => Some(whole(app, caller, staff, found, &with).await?),
        _ => None,
    };
    let draft = match (with.draft, &case.task) {
        (Some(draft), _) => draft,
        (None, Some(task)) => kept_draft(app, person.id, task.id).await?,
        (None, None) => Draft::default(),
    };
    let mine = app.db.tasks_of(person.id).await?;
    let due = mine.iter().find(|row| row.case == found.id).map(|row| row.due_at);
    let panel = panel::panel(app, found, person, stance, &draft, &names, &token)?;
    Ok(CasePage {
        reference: found.reference.to_string(),
        path: found.path(),
        chips: view::chips(case, theirs_until(stance), due, caller.at),
        until: mine_until(stance, caller.at).map(crate::words::clock),
        about: view::about(found),
        token,
        banner: with.banner,
        hold: hold(found, stance),
        hand_over: hand_over(app, found, staff, stance).await?,
        whole,
        conversation,
        timeline: timeline::render(
            &found.entries,
            &found.loaded.sealed,
            &viewer(found, staff, &names, sight, caller.at),
        ),
        panel,
        script: assets::case_page(),
    })
}

async fn whole<P: Permission>(
    app: &App,
    caller: &Caller,
    staff: &Staff<P>,
    found: &Found,
    with: &With,
) -> Result<Whole, PageError> {
    let (case, person) = (&found.loaded.case, &staff.person);
    let spent = app.db.spent(&bucket(&app.db, person.id), caller.at).await?;
    let english = Language::read("en").unwrap_or(caller.language);
    Ok(Whole {
        facts: view::facts(&found.loaded.sealed, &found.definition.remedy.reset, &with.revealed),
        steps: view::steps(app, found, english, caller.at)?,
        signals: view::signals(case, caller.at),
        evidence: evidence::view(app, caller, &staff.holder, &person.name, found, with.picture).await?,
        may_reveal: person.roles.iter().any(|role| Reviews::ROLES.contains(role)),
        reveals: A_DAY,
        reveals_left: A_DAY.saturating_sub(spent),
        revealable: WHAT.to_vec(),
        reveal_reasons: WHY.to_vec(),
    })
}

fn viewer<'a, P: Permission>(
    found: &'a Found,
    staff: &Staff<P>,
    names: &'a Names,
    sight: Sight,
    now: At,
) -> Viewer<'a> {
    let (case, person) = (&found.loaded.case, &staff.person);
    let blind = sight::blind(&person.roles, person.id, case);
    Viewer {
        person: person.id,
        blind_from_round: case.task.as_ref().filter(|_| blind).map(|task| task.round),
        reads_notes: sight == Sight::Whole,
        now,
        names,
        definition: &found.definition,
    }
}

/// Until when the case is this person's; a claim that has ended shows nothing.
fn mine_until(stance: Stance, now: At) -> Option<At> {
    match stance {
        Stance::Mine { until, .. } => until.filter(|until| *until > now),
        _ => None,
    }
}

fn theirs_until(stance: Stance) -> Option<At> {
    match stance {
        Stance::Theirs { until, .. } => until,
        _ => None,
    }
}

fn hold(found: &Found, stance: Stance) -> Option<Hold> {
    let (Stance::Mine { token, .. }, Some(task)) = (stance, &found.loaded.case.task) else {
        return None;
    };
    Some(Hold {
        renew: format!("{}/renew", found.path()),
        task: task.id.to_string(),
        fence: token,
    })
}

/// What its holder may hand over, and a lead whoever holds it.
async fn hand_over<P: Permission>(
    app: &App,
    found: &Found,
    staff: &Staff<P>,
    stance: Stance,
) -> Result<Option<HandOver>, PageError> {
    let may = match stance {
        Stance::Mine { .. } => true,
        Stance::Theirs { .. } => staff.person.roles.contains(&Role::Lead),
        Stance::Free | Stance::Onlooker => false,
    };
    let task = found.loaded.case.task.as_ref().filter(|_| may);
    let Some((task, claim)) = task.and_then(|task| Some((task, task.claim?))) else {
        return Ok(None);
    };
    let colleagues = view::colleagues(&found.loaded.case, claim.person, &app.db.people().await?);
    Ok((!colleagues.is_empty()).then(|| HandOver {
        task: task.id.to_string(),
        fence: claim.token,
        colleagues,
    }))
}

async fn kept_draft(
    app: &App,
    person: readmit_core::ids::PersonId,
    task: readmit_core::ids::TaskId,
) -> Result<Draft, PageError> {
    let kept = app.db.draft(task, person).await?;
    Ok(kept
        .and_then(|kept| serde_json::from_value(kept).ok())
        .unwrap_or_default())
}
