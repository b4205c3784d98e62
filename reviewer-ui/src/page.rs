//! What the pages of this face share: the frame with its links, forms read back, names of colleagues, audit rows.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Form;
use askama::Template;
use readmit_core::command::Role;
use readmit_core::ids::{CaseId, PersonId, RequestKey};
use readmit_core::kind::Fields;
use readmit_storage::{AuditRow, Person};
use readmit_web::{App, Caller, Holder, Markup, PageError, Permission, Staff, StaffPage};

use crate::permissions::{Answers, Audits, Operates, ReadsWorkflows, Reviews, Searches};

/// The bar: path, label, and who sees it.
const NAV: [(&str, &str, &[Role]); 7] = [
    ("/", "Queues", Reviews::ROLES),
    ("/operations", "Operations", Operates::ROLES),
    ("/audit", "Audit", Audits::ROLES),
    ("/conversations", "Conversations", Answers::ROLES),
    ("/search", "Search", Searches::ROLES),
    ("/workflows", "Workflows", ReadsWorkflows::ROLES),
    ("/staff", "Staff", Operates::ROLES),
];

/// Where a person's work begins.
pub(crate) fn home(roles: &[Role]) -> &'static str {
    links(roles).first().map_or("/me", |(path, _)| path)
}

fn links(roles: &[Role]) -> Vec<(&'static str, String)> {
    NAV.iter()
        .filter(|(_, _, may)| roles.iter().any(|role| may.contains(role)))
        .map(|(path, label, _)| (*path, (*label).to_owned()))
        .collect()
}

/// A page for somebody who is signed in.
pub(crate) fn show<P: Permission>(
    (app, caller, staff): (&App, &Caller, &Staff<P>),
    title: &str,
    current: &str,
    body: &impl Template,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let strongest = staff.person.roles.iter().max().map_or("", |role| role.code());
    StaffPage {
        title: title.to_owned(),
        body: Markup::of(body)?,
        nav: links(&staff.person.roles),
        current,
        person: Some(format!("{} · {strongest}", staff.person.display)),
    }
    .answer(app, caller, status)
}

/// A page for somebody who is not.
pub(crate) fn show_outside(
    app: &App,
    caller: &Caller,
    title: &str,
    body: &impl Template,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    StaffPage {
        title: title.to_owned(),
        body: Markup::of(body)?,
        nav: Vec::new(),
        current: "",
        person: None,
    }
    .answer(app, caller, status)
}

pub(crate) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

/// A posted form, as typed, in order.
pub(crate) type Body = Form<Vec<(String, String)>>;

/// The fields of a form that was made for this holder, and its request key (SE-04).
pub(crate) fn posted(app: &App, holder: &Holder, body: Body) -> Result<(RequestKey, Fields), PageError> {
    let fields = Fields(body.into_inner());
    let token = fields.get("token").unwrap_or_default();
    let key = app.forms.check(holder, token).ok_or(PageError::FormExpired)?;
    Ok((key, fields))
}

/// A token for a form that is about to be shown.
pub(crate) fn token(app: &App, caller: &Caller, holder: &Holder) -> String {
    app.forms.issue(holder, caller.at, &app.dispatcher.entropy())
}

/// Display names of all members of staff, past ones too.
pub(crate) struct Names(BTreeMap<PersonId, String>);

impl Names {
    pub(crate) async fn load(app: &App) -> Result<Self, PageError> {
        let people = app.db.people().await?;
        Ok(Self(
            people.into_iter().map(|person| (person.id, person.display)).collect(),
        ))
    }

    #[cfg(test)]
    pub(crate) fn of_one(person: PersonId, name: &str) -> Self {
        Self([(person, name.to_owned())].into())
    }

    pub(crate) fn of(&self, person: PersonId) -> String {
        self.0.get(&person).cloned().unwrap_or_else(|| "somebody".into())
    }
}

/// A member of staff in the audit log.
pub(crate) fn who(person: PersonId) -> String {
    format!("person:{person}")
}

/// Writes one row of the audit log (AU-01). Rows hold identifiers, never personal data of a claimant (AU-02).
pub(crate) async fn audit(
    app: &App,
    caller: &Caller,
    who: &Person,
    what: &'static str,
    case: Option<CaseId>,
    detail: serde_json::Value,
) -> Result<(), PageError> {
    let row = AuditRow {
        at: caller.at,
        who: self::who(who.id),
        what: what.into(),
        case,
        detail,
        outcome: "done".into(),
    };
    Ok(app.db.audit(row).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_home_and_only_their_links() {
        for (role, path) in [
            (Role::Support, "/conversations"),
            (Role::Reviewer, "/"),
            (Role::Senior, "/"),
            (Role::Lead, "/"),
            (Role::Compliance, "/audit"),
            (Role::Operator, "/operations"),
        ] {
            assert_eq!(home(&[role]), path, "{role:?}");
        }
        assert!(
            !links(&[Role::Reviewer]).iter().any(|(path, _)| *path == "/search"),
            "IN-02"
        );
        assert!(
            !links(&[Role::Operator]).iter().any(|(path, _)| *path == "/audit"),
            "IN-08"
        );
    }
}
