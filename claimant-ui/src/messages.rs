//! What claimant and staff write to each other, as the claimant reads and writes it. A message proves nothing and moves
//! nothing; staff stay nameless (RF-18).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use readmit_core::case::{Case, Class};
use readmit_core::command::Act;
use readmit_core::conversation::{LONGEST, Letter};
use readmit_core::dispatch::DispatchError;
use readmit_core::ids::{BlobId, EvidenceId};
use readmit_core::refusal::Refusal;
use readmit_core::sealed::Sealed;
use readmit_steps::words::{Say, When};
use readmit_web::upload::{discard, discard_untaken};
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError};
use serde::Deserialize;

use crate::case::{Opened, dispatch, load, see, see_case};
use crate::posted::Posted;

const PATH: &str = "/case/messages";
/// The same once something was sent.
const SENT: &str = "/case/messages?sent=yes";
/// How many stand on the page of the case.
const LATEST: usize = 3;

/// One message, ready to be shown.
struct Shown<'a> {
    own: bool,
    who: String,
    text: &'a str,
    when: When,
    files: Vec<File<'a>>,
}

/// A file that came with a message.
struct File<'a> {
    id: EvidenceId,
    name: &'a str,
    seen: Seen,
}

/// What there is to see of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Copy,
    /// It was not opened yet.
    NotYet,
    /// It could not be opened.
    Nothing,
}

impl<'a> Shown<'a> {
    fn of(letter: &'a Letter, sealed: &Sealed, say: &Say<'_>) -> Self {
        let seen = |id| match sealed.enclosures.get(id) {
            Some(Some(_)) => Seen::Copy,
            Some(None) => Seen::Nothing,
            None => Seen::NotYet,
        };
        let own = !letter.by.is_staff();
        Self {
            own,
            who: say.get(if own { "ui-messages-you" } else { "ui-messages-us" }),
            text: &letter.text,
            when: say.when(letter.at),
            files: letter
                .files
                .iter()
                .map(|file| File {
                    id: file.id,
                    name: &file.name,
                    seen: seen(&file.id),
                })
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "messages_card.html")]
struct Card<'a> {
    say: Say<'a>,
    letters: Vec<Shown<'a>>,
    /// How many earlier ones there are.
    earlier: usize,
    writes: bool,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct Page<'a> {
    say: Say<'a>,
    token: String,
    letters: Vec<Shown<'a>>,
    /// One was just sent.
    sent: bool,
    /// What was typed and not taken.
    typed: &'a str,
    most: usize,
    writes: bool,
    /// The field and what is wrong with it.
    problem: Option<(&'static str, String)>,
}

/// Whether anything may be written in this case: from its first proof until its end.
fn writes(case: &Case) -> bool {
    case.proven.is_some() && case.outcome.is_none() && case.class != Class::StepUp
}

/// The latest messages, for the page of the case, and the way to write; nothing while nobody has proven anything.
pub(crate) fn card(app: &App, caller: &Caller, opened: &Opened) -> Result<Option<Markup>, PageError> {
    let letters = &opened.loaded.sealed.letters;
    if opened.case().proven.is_none() || !writes(opened.case()) && letters.is_empty() {
        return Ok(None);
    }
    let say = caller.say(app);
    let earlier = letters.len().saturating_sub(LATEST);
    let card = Card {
        say,
        letters: letters
            .iter()
            .skip(earlier)
            .map(|letter| Shown::of(letter, &opened.loaded.sealed, &say))
            .collect(),
        earlier,
        writes: writes(opened.case()),
    };
    Ok(Some(Markup::of(&card)?))
}

/// All of them, and the form.
pub(crate) async fn show(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let opened = load(&app, &session).await?;
    if opened.case().proven.is_none() {
        return Ok(see_case());
    }
    let own = opened
        .loaded
        .sealed
        .letters
        .last()
        .is_some_and(|last| !last.by.is_staff());
    let sent = wanted.sent.is_some() && own;
    page(
        &app,
        &caller,
        &session,
        &opened,
        Said {
            sent,
            ..Said::default()
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    sent: Option<String>,
}

/// What came of the form.
#[derive(Default)]
struct Said<'a> {
    sent: bool,
    refusal: Option<&'a Refusal>,
    /// What was typed and not taken.
    typed: &'a str,
}

/// Sends one. Its files belong to nobody unless it was taken.
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let case = session.case()?;
    let admit = |token: &str| session.check(&app, token).map(|_| ());
    let posted = Posted::read(&app, &caller, case, &request, payload, admit).await?;
    let key = session.check(&app, &posted.token)?;
    let by = posted.by(&app, &caller);
    let text = posted.fields.get("text").unwrap_or_default().replace("\r\n", "\n");
    let blobs: Vec<BlobId> = posted.files.iter().map(|file| file.blob).collect();
    // A message goes with all of its files, or not at all.
    if let Some(refusal) = &posted.refused {
        discard(&app.db, case, &blobs).await?;
        return again(&app, &caller, &session, refusal, &text).await;
    }
    let act = Act::Write {
        text: text.clone(),
        template: None,
        files: posted.files,
    };
    let done = dispatch(&app, &caller, by, case, key, act).await;
    discard_untaken(&app.db, case, &blobs, &done).await?;
    match done {
        Ok(_) | Err(DispatchError::Refused(Refusal::Closed)) => Ok(see(SENT)),
        Err(DispatchError::Refused(refusal @ (Refusal::Field { .. } | Refusal::TooMany { .. }))) => {
            again(&app, &caller, &session, &refusal, &text).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    refusal: &Refusal,
    typed: &str,
) -> Result<HttpResponse, PageError> {
    let opened = load(app, session).await?;
    let said = Said {
        refusal: Some(refusal),
        typed,
        ..Said::default()
    };
    page(app, caller, session, &opened, said)
}

fn page(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    opened: &Opened,
    said: Said<'_>,
) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let problem = said.refusal.map(|refusal| problem(refusal, &say));
    let (error, status) = match problem {
        Some(_) => (true, StatusCode::UNPROCESSABLE_ENTITY),
        None => (false, StatusCode::OK),
    };
    let letters = &opened.loaded.sealed.letters;
    let body = Markup::of(&Page {
        say,
        token: session.form(app, caller),
        letters: letters
            .iter()
            .map(|letter| Shown::of(letter, &opened.loaded.sealed, &say))
            .collect(),
        sent: said.sent,
        typed: said.typed,
        most: LONGEST,
        writes: writes(opened.case()),
        problem,
    })?;
    ClaimantPage {
        reference: opened.case().proven.map(|proven| proven.reference),
        error,
        ..ClaimantPage::alone(say.get("ui-messages-title"), body, PATH)
    }
    .answer(app, caller, status)
}

fn problem(refusal: &Refusal, say: &Say<'_>) -> (&'static str, String) {
    match refusal {
        Refusal::TooMany { until } => {
            let until = say.when(*until).text;
            ("text", say.with("ui-messages-many", &[("until", until.into())]))
        }
        Refusal::Field { field, code } if field == "file" => ("file", say.get(&format!("refusal-{code}"))),
        other => ("text", say.get(&format!("refusal-{}", other.code()))),
    }
}
