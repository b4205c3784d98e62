//! Support invites somebody who called, chatted or wrote: an unproven case, and a link to the address on file. Whether there
//! is one, nobody here is told (IN-11).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use readmit_core::case::Class;
use readmit_core::command::{Act, Command};
use readmit_core::conversation::{Contact, Invite, LONGEST_NOTE};
use readmit_core::dispatch::DispatchError;
use readmit_core::guard::Bucket;
use readmit_core::ids::PersonId;
use readmit_core::kind::Fields;
use readmit_core::refusal::Refusal;
use readmit_core::time::Span;
use readmit_steps::credentials;
use readmit_storage::Db;
use readmit_web::{App, Caller, LANGUAGES, Language, PageError, Staff};
use serde::Deserialize;
use serde_json::json;

use crate::page::{self, Body, posted, see_other};
use crate::permissions::Invites;

/// Invitations a day (UTC) by one member of support, and to one address by all of them.
const BY_PERSON: u32 = 60;
const TO_ADDRESS: u32 = 4;

const CONTACTS: [(Contact, &str); 3] = [
    (Contact::Chat, "Chat"),
    (Contact::Phone, "Telephone"),
    (Contact::Email, "E-mail"),
];

#[derive(Template)]
#[template(path = "contact/invite.html")]
struct Page<'a> {
    token: String,
    sent: bool,
    /// The field and what is wrong with it.
    problem: Option<(&'static str, String)>,
    workflows: Vec<(String, String, bool)>,
    contacts: Vec<(&'static str, &'static str, bool)>,
    languages: Vec<(&'static str, &'static str, bool)>,
    address: &'a str,
    note: &'a str,
    longest: usize,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    sent: bool,
}

/// `GET /invitations`
pub(crate) async fn show(
    staff: Staff<Invites>,
    caller: Caller,
    app: Data<App>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    page((&app, &caller, &staff), &Fields::default(), wanted.sent, None).await
}

/// `POST /invitations`. The same form twice is one invitation.
pub(crate) async fn create(
    staff: Staff<Invites>,
    caller: Caller,
    app: Data<App>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let who = (&**app, &caller, &staff);
    let case = app.forms.case_of(key);
    if app.db.opened(case).await?.is_some() {
        return Ok(see_other("/invitations?sent=true"));
    }
    let asked = match Asked::read(&fields) {
        Ok(asked) => asked,
        Err(problem) => return page(who, &fields, false, Some(problem)).await,
    };
    let Some(workflow) = app.db.current_workflow(asked.workflow).await? else {
        return page(who, &fields, false, Some(("workflow", "Choose what was lost.".into()))).await;
    };
    let policy = app.db.current_policy().await?;
    let policy = policy.ok_or_else(|| PageError::internal("no policy is published"))?;
    for bucket in buckets(&app.db, staff.person.id, &asked.invite.address) {
        if !app.db.spend(&bucket, caller.at).await? {
            let until = bucket.window_start(caller.at) + bucket.window;
            return Err(PageError::TooMany { until });
        }
    }
    let detail = json!({ "contact": asked.invite.contact.code(), "workflow": asked.workflow });
    page::audit(&app, &caller, &staff.person, "invites", Some(case), detail).await?;
    let act = Act::Invite {
        workflow: workflow.hash,
        policy: policy.hash,
        language: asked.language.to_owned(),
        invite: asked.invite,
    };
    let by = staff.actor().ok_or(PageError::Forbidden)?;
    match app.dispatcher.dispatch(Command { case, key, by, act }).await {
        Ok(_) => Ok(see_other("/invitations?sent=true")),
        Err(DispatchError::Refused(Refusal::Field { .. })) => {
            page(who, &fields, false, Some(("note", "The note is too long.".into()))).await
        }
        Err(error) => Err(error.into()),
    }
}

fn buckets(db: &Db, person: PersonId, address: &str) -> [Bucket; 2] {
    let address = address.to_lowercase();
    let bucket = |purpose: &str, part: &[u8], limit| Bucket {
        tag: db.index_tag(purpose, &[part]),
        limit,
        window: Span::days(1),
    };
    [
        bucket("invitations", person.0.as_bytes(), BY_PERSON),
        bucket("invitations-to", address.as_bytes(), TO_ADDRESS),
    ]
}

/// The form as filled in.
struct Asked<'a> {
    workflow: &'a str,
    language: &'static str,
    invite: Invite,
}

impl<'a> Asked<'a> {
    fn read(fields: &'a Fields) -> Result<Self, (&'static str, String)> {
        let wrong = |field, text: &str| (field, text.to_owned());
        let workflow = fields.get("workflow");
        let workflow = workflow.ok_or_else(|| wrong("workflow", "Choose what was lost."))?;
        let contact = fields.get("contact").and_then(Contact::read);
        let contact = contact.ok_or_else(|| wrong("contact", "Choose how they reached us."))?;
        let address = fields.get("address").and_then(credentials::read_address);
        let address = address.ok_or_else(|| wrong("address", "Enter the e-mail address of the account."))?;
        let language = fields.get("language").and_then(Language::read);
        let language = language.ok_or_else(|| wrong("language", "Choose a language."))?;
        let note = fields.get("note").map(str::trim).filter(|note| !note.is_empty());
        let note = note.ok_or_else(|| wrong("note", "Say in a sentence what they told us."))?;
        if note.chars().count() > LONGEST_NOTE {
            return Err(wrong("note", "The note is too long: 1000 characters at most."));
        }
        Ok(Self {
            workflow,
            language: language.code(),
            invite: Invite {
                contact,
                address,
                note: note.to_owned(),
            },
        })
    }
}

async fn page(
    who: (&App, &Caller, &Staff<Invites>),
    fields: &Fields,
    sent: bool,
    problem: Option<(&'static str, String)>,
) -> Result<HttpResponse, PageError> {
    let (app, caller, staff) = who;
    let mut workflows = Vec::new();
    for line in app.db.workflow_list().await?.into_iter().filter(|line| line.current) {
        if let Some(definition) = app.db.current_workflow(&line.name).await?
            && definition.class == Class::Recovery
        {
            let chosen = fields.get("workflow") == Some(line.name.as_str());
            workflows.push((line.name, definition.title("en").to_owned(), chosen));
        }
    }
    workflows.sort_by(|one, other| one.1.cmp(&other.1));
    let (title, status) = match problem {
        Some(_) => ("Error: Invite a claimant", StatusCode::UNPROCESSABLE_ENTITY),
        None => ("Invite a claimant", StatusCode::OK),
    };
    let language = fields.get("language").unwrap_or("en");
    let body = Page {
        token: page::token(app, caller, &staff.holder),
        sent,
        problem,
        workflows,
        contacts: CONTACTS
            .map(|(contact, label)| {
                let chosen = fields.get("contact") == Some(contact.code());
                (contact.code(), label, chosen)
            })
            .into(),
        languages: LANGUAGES
            .into_iter()
            .map(|(code, name)| (code, name, code == language))
            .collect(),
        address: fields.get("address").unwrap_or_default(),
        note: fields.get("note").unwrap_or_default(),
        longest: LONGEST_NOTE,
    };
    page::show(who, title, "/conversations", &body, status)
}
