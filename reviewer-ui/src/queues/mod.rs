//! What waits for people, and taking the next of it. Reviewers see the list and get what comes next; seniors may also
//! open a row (IN-02).

mod view;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use readmit_core::command::{Act, Command, Role};
use readmit_core::dispatch::DispatchError;
use readmit_core::event::Event;
use readmit_core::ids::{CaseRef, RequestKey};
use readmit_core::workflow::queues::Queues;
use readmit_storage::{COUNT_CAP, Person, QueueCount, QueueKey, QueueRow};
use readmit_web::{Anyone, App, Caller, PageError, Permission, Staff};
use serde::Deserialize;

use crate::case_page::find::find;
use crate::page::{self, Body, Names, posted, see_other};
use crate::permissions::Reviews;
pub(crate) use view::News;
use view::{Filter, QueuePage};

/// Rows of one page.
const PAGE: usize = 50;
/// Pages looked through for a filter before the reader is asked to go on.
const DEPTH: usize = 20;
/// How often "Next" tries again when somebody else was first.
const TRIES: usize = 3;
/// Not a queue: what this person works on.
const MINE: &str = "mine";

/// The queues, from the data that ships with the product. A broken file fails the tests of the language.
static QUEUES: LazyLock<Queues> =
    LazyLock::new(|| Queues::read(include_str!("../../../workflows/queues.yaml")).unwrap_or_default());

/// The names of the queues that these roles work on, the everyday one first.
fn served(roles: &[Role]) -> Vec<String> {
    let mut names: Vec<String> = QUEUES.served_by(roles).map(|(name, _)| name.to_owned()).collect();
    // Most people's queue is the one that most roles serve.
    names.sort_by_key(|name| std::cmp::Reverse(QUEUES.get(name).map_or(0, |queue| queue.roles.len())));
    names
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    queue: String,
    state: String,
    due: String,
    /// Where the page before ended.
    after: String,
    /// The case that was just decided.
    sent: String,
    /// "Next" found nothing.
    none: bool,
}

/// `GET /`. Who reviews nothing begins elsewhere.
pub(crate) async fn show(
    staff: Staff<Anyone>,
    caller: Caller,
    app: Data<App>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let person = &staff.person;
    if !person.roles.iter().any(|role| role.reviews()) {
        return Ok(see_other(page::home(&person.roles)));
    }
    let body = page_for(&app, &caller, person, &wanted).await?;
    let body = QueuePage {
        token: page::token(&app, &caller, &staff.holder),
        ..body
    };
    page::show((&app, &caller, &staff), &body.title.clone(), "/", &body, StatusCode::OK)
}

/// What the reader asked to see; the form's token is the handler's to add.
async fn page_for(app: &App, caller: &Caller, person: &Person, wanted: &Wanted) -> Result<QueuePage, PageError> {
    let queues = served(&person.roles);
    let known = || queues.iter().map(String::as_str).chain([MINE]);
    let here = match wanted.queue.as_str() {
        "" => known().next().unwrap_or(MINE),
        named => known().find(|queue| *queue == named).ok_or(PageError::NotFound)?,
    };
    let filter = Filter::of(&wanted.state, &wanted.due, caller.at);
    let mine = app.db.tasks_of(person.id).await?;
    let tabs = view::tabs(&queues, &app.db.queue_counts().await?, (here, &filter), mine.len());
    let (rows, next) = match here {
        MINE => (mine, None),
        queue => gather(app, queue, &filter, &wanted.after).await?,
    };
    let reader = view::Reader {
        person,
        names: Names::load(app).await?,
        now: caller.at,
    };
    let news = match decided(app, person, &wanted.sent).await? {
        Some(news) if wanted.none => Some(news.and_nothing_waits()),
        None if wanted.none => Some(News::nothing_waits()),
        news => news,
    };
    Ok(view::queue_page(
        here,
        tabs,
        &rows,
        next.as_ref(),
        &filter,
        &reader,
        news,
    ))
}

/// What this person decided of a case last, in words, and the case's page. Anything else is no news.
pub(crate) async fn decided(app: &App, person: &Person, reference: &str) -> Result<Option<News>, PageError> {
    if reference.is_empty() {
        return Ok(None);
    }
    let found = match find(app, reference).await {
        Err(PageError::NotFound) => return Ok(None),
        found => found?,
    };
    let events = found.entries.iter().rev().flat_map(|entry| entry.events.iter().rev());
    let mut own = events.filter_map(|event| match event {
        Event::Decided {
            person: by, decided, ..
        } if *by == person.id => Some(decided),
        _ => None,
    });
    Ok(own.next().map(|decided| News::decided(&found, decided)))
}

/// A page of rows that fit, and where to go on.
async fn gather(
    app: &App,
    queue: &str,
    filter: &Filter,
    after: &str,
) -> Result<(Vec<QueueRow>, Option<QueueKey>), PageError> {
    let mut after = view::unmark(after);
    let mut rows = Vec::new();
    for _ in 0..DEPTH {
        let page = app.db.queue_page(&[queue.to_owned()], after.take(), PAGE).await?;
        rows.extend(page.rows.into_iter().filter(|row| filter.holds(row)));
        after = page.next;
        if after.is_none() || rows.len() >= PAGE {
            break;
        }
    }
    Ok((rows, after))
}

/// `POST /next`
pub(crate) async fn next(
    staff: Staff<Reviews>,
    caller: Caller,
    app: Data<App>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let given = u32::from(fields.get("given").is_some());
    Ok(match take((&app, &caller, &staff), key, given).await? {
        Some(reference) => see_other(&format!("/cases/{reference}")),
        None => see_other("/?none=true"),
    })
}

/// After a decision: to the page of the next case, or back to the queues when nothing waits. Either says what was decided.
pub(crate) async fn next_page<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    key: RequestKey,
    sent: CaseRef,
) -> Result<HttpResponse, PageError> {
    Ok(match take(who, key, 0).await? {
        Some(reference) => see_other(&format!("/cases/{reference}?sent={sent}")),
        None => see_other(&format!("/?none=true&sent={sent}")),
    })
}

/// Takes the next case. Who holds one already gets that one: pressing twice takes no second.
async fn take<P: Permission>(
    (app, caller, staff): (&App, &Caller, &Staff<P>),
    key: RequestKey,
    given: u32,
) -> Result<Option<String>, PageError> {
    let person = &staff.person;
    let held = app.db.tasks_of(person.id).await?.into_iter();
    let mut held = held.filter(|row| row.lease_until.is_some_and(|until| until > caller.at));
    if let Some(row) = held.next() {
        return Ok(Some(row.reference.to_string()));
    }
    let senior = person.roles.iter().any(|role| role.is_senior());
    let by = staff.actor().ok_or(PageError::Forbidden)?;
    for _ in 0..TRIES {
        let reserved = app
            .db
            .next_given(&served(&person.roles), (person.id, senior), given, caller.at)
            .await?;
        let Some((case, task)) = reserved else {
            return Ok(None);
        };
        let act = Act::Claim { task };
        match app.dispatcher.dispatch(Command { case, key, by, act }).await {
            Ok(done) => return Ok(done.loaded.case.proven.map(|proven| proven.reference.to_string())),
            Err(DispatchError::Refused(_) | DispatchError::Busy) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// A queue's title, or its name where the data does not know it.
fn title(queue: &str) -> String {
    match (queue, QUEUES.get(queue)) {
        (MINE, _) => "Mine".into(),
        (_, Some(queue)) => queue.title("en").to_owned(),
        (name, None) => crate::words::capital(&crate::words::plain(name)),
    }
}

/// How many tasks a queue holds, as shown.
fn shown(counts: &[QueueCount], queue: &str) -> String {
    match counts
        .iter()
        .find(|count| count.queue == queue)
        .map_or(0, |count| count.count)
    {
        COUNT_CAP.. => format!("{COUNT_CAP}+"),
        count => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_works_its_queues() {
        assert_eq!(served(&[Role::Reviewer]), ["recovery"]);
        assert_eq!(served(&[Role::Senior]), ["recovery", "contest"]);
        assert_eq!(served(&[Role::Operator]), ["operations"]);
        assert!(served(&[Role::Support, Role::Compliance]).is_empty());
    }
}
