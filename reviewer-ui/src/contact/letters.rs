//! The conversation on the page of a case, and a message of staff: a prepared reply, own words, or both, and pictures.

use std::sync::LazyLock;

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use readmit_core::case::Class;
use readmit_core::command::{Act, By, Command, Role};
use readmit_core::conversation::LONGEST;
use readmit_core::dispatch::DispatchError;
use readmit_core::ids::BlobId;
use readmit_core::kind::Fields;
use readmit_core::refusal::Refusal;
use readmit_core::workflow::replies::Replies;
use readmit_web::upload::{Received, discard, discard_untaken};
use readmit_web::{App, Caller, Holder, Markup, PageError, Permission, Staff};

use crate::case_page::find::{Found, find};
use crate::case_page::show::{With, render};
use crate::case_page::stale;
use crate::case_page::ticket;
use crate::case_page::view::Banner;
use crate::page::{self, Names, see_other};
use crate::permissions::{Closes, Writes};
use crate::sight::Sight;
use crate::words::{moment, plain};

/// Prepared replies, from the data that ships with the product. A broken file fails the tests of the language.
static REPLIES: LazyLock<Replies> =
    LazyLock::new(|| Replies::read(include_str!("../../../workflows/replies.yaml")).unwrap_or_default());

#[derive(Template)]
#[template(path = "contact/letters.html")]
struct Section<'a> {
    path: String,
    token: String,
    letters: Vec<Letter<'a>>,
    /// Prepared replies: name, title, text as the claimant will read it.
    replies: Vec<(&'a str, &'a str, &'a str)>,
    writes: bool,
    closes: bool,
    typed: &'a str,
    language: &'a str,
    longest: usize,
}

/// One message, ready to be shown.
struct Letter<'a> {
    own: bool,
    who: String,
    text: &'a str,
    datetime: String,
    time: String,
    files: Vec<File<'a>>,
}

/// A file that came with a message.
struct File<'a> {
    href: String,
    name: &'a str,
    /// Why there is nothing to see.
    why: &'static str,
}

/// Who sees a case whole, and support, read its conversation; operators do not.
pub(crate) const fn reads(sight: Sight) -> bool {
    matches!(sight, Sight::Whole | Sight::Head)
}

/// The conversation of a case as this person may see it; nothing for who may not.
pub(crate) async fn section<P: Permission>(
    (app, caller, staff): (&App, &Caller, &Staff<P>),
    found: &Found,
    sight: Sight,
    typed: &str,
) -> Result<Option<Markup>, PageError> {
    let case = &found.loaded.case;
    if !reads(sight) || case.class == Class::StepUp {
        return Ok(None);
    }
    let names = Names::load(app).await?;
    let letters = found.loaded.sealed.letters.iter();
    let may = |roles: &[Role]| staff.person.roles.iter().any(|role| roles.contains(role));
    let open = case.outcome.is_none();
    let section = Section {
        path: found.path(),
        token: page::token(app, caller, &staff.holder),
        letters: letters
            .map(|letter| Letter {
                own: letter.by.is_staff(),
                who: match letter.by {
                    By::Staff { person, role } => format!("{}, {}", names.of(person), role.code()),
                    By::Claimant | By::Owner { .. } | By::Engine => "The claimant".into(),
                },
                text: &letter.text,
                datetime: letter.at.rfc3339(),
                time: moment(letter.at, caller.at),
                files: files(app, caller, &staff.holder, found, letter),
            })
            .collect(),
        replies: REPLIES
            .iter()
            .map(|reply| (reply.name.as_str(), reply.title.as_str(), reply.text(&case.language)))
            .collect(),
        writes: open && may(Writes::ROLES),
        closes: may(Closes::ROLES) && super::close::may_close(case),
        typed,
        language: &case.language,
        longest: LONGEST,
    };
    Ok(Some(Markup::of(&section)?))
}

fn files<'a>(
    app: &App,
    caller: &Caller,
    holder: &Holder,
    found: &Found,
    letter: &'a readmit_core::conversation::Letter,
) -> Vec<File<'a>> {
    let shown = |file: &'a readmit_core::conversation::Enclosure| {
        let (href, why) = match found.loaded.sealed.enclosures.get(&file.id) {
            Some(Some(copies)) => (ticket::link(app, holder, found.id, copies.copy, caller.at), ""),
            Some(None) => (String::new(), "could not be opened"),
            None => (String::new(), "is being opened"),
        };
        File {
            href,
            name: &file.name,
            why,
        }
    };
    letter.files.iter().map(shown).collect()
}

/// `POST /cases/{reference}/messages`
pub(crate) async fn create(
    staff: Staff<Writes>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let found = find(&app, &reference).await?;
    let seen = found.seen_by(&staff.person);
    if matches!(seen, Ok(sight) if !reads(sight)) {
        return Err(PageError::Forbidden);
    }
    if seen.is_err() && !found.was_held_by(staff.person.id) {
        return Err(PageError::NotFound);
    }
    let admit = |token: &str| staff.check(&app, token).map(|_| ());
    let received = readmit_web::posted::read(&app, &caller, found.id, &request, payload, admit).await?;
    if seen.is_err() {
        let blobs: Vec<BlobId> = received.files.iter().map(|file| file.blob).collect();
        discard(&app.db, found.id, &blobs).await?;
        let words = received.fields.get("text").unwrap_or_default();
        return stale::too_late((&app, &caller, &staff), &found, words).await;
    }
    // A message goes with all of its files, or not at all.
    if received.refused.is_some() {
        let blobs: Vec<BlobId> = received.files.iter().map(|file| file.blob).collect();
        discard(&app.db, found.id, &blobs).await?;
        let text = "A file could not be taken. Send PNG, JPEG or WebP pictures of up to 15 MB.";
        return again((&app, &caller, &staff), &found, &received.fields, text).await;
    }
    write((&app, &caller, &staff), &found, received).await
}

async fn write(
    who: (&App, &Caller, &Staff<Writes>),
    found: &Found,
    Received { fields, files, .. }: Received,
) -> Result<HttpResponse, PageError> {
    let (app, caller, staff) = who;
    let key = staff.check(app, fields.get("token").unwrap_or_default())?;
    let reply = fields.get("reply").and_then(|name| REPLIES.get(name));
    let own = fields.get("text").unwrap_or_default().trim().replace("\r\n", "\n");
    let prepared = reply.map(|reply| reply.text(&found.loaded.case.language).to_owned());
    let parts: Vec<String> = prepared
        .into_iter()
        .chain(Some(own).filter(|own| !own.is_empty()))
        .collect();
    let blobs: Vec<BlobId> = files.iter().map(|file| file.blob).collect();
    let act = Act::Write {
        text: parts.join("\n\n"),
        template: reply.map(|reply| reply.name.clone()),
        files,
    };
    let by = staff.actor().ok_or(PageError::Forbidden)?;
    let case = found.id;
    let done = app.dispatcher.dispatch(Command { case, key, by, act }).await;
    discard_untaken(&app.db, case, &blobs, &done).await?;
    match done {
        Ok(_) => Ok(see_other(&format!("{}#messages", found.path()))),
        Err(DispatchError::Refused(Refusal::Field { code, .. })) => again(who, found, &fields, wrong(code)).await,
        Err(DispatchError::Refused(refusal)) => {
            let detail = serde_json::json!({ "refused": refusal.code(), "act": "write" });
            page::audit(app, caller, &staff.person, "message_refused", Some(case), detail).await?;
            Err(refusal.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn wrong(code: &str) -> &'static str {
    match code {
        "message_long" => "The message is too long: 4000 characters at most, the prepared reply included.",
        "message_files" => "Four pictures go with one message.",
        _ => "Choose a prepared reply, or write something.",
    }
}

async fn again(
    who: (&App, &Caller, &Staff<Writes>),
    found: &Found,
    fields: &Fields,
    text: &str,
) -> Result<HttpResponse, PageError> {
    let with = With {
        banner: Some(Banner::problem("text", plain(text))),
        typed: fields.get("text").unwrap_or_default().to_owned(),
        ..With::default()
    };
    render(who, found, with).await
}
