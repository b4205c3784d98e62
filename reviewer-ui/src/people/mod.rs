//! Members of staff: who there is, in which roles; invited, changed and let go by operators. Who decides cases neither
//! runs the installation nor audits it (IN-08).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use readmit_core::command::Role;
use readmit_core::ids::PersonId;
use readmit_core::kind::Fields;
use readmit_storage::Person;
use readmit_web::{App, Caller, Face, PageError, Staff};
use serde_json::json;

use crate::page::{self, Body, posted, see_other};
use crate::permissions::Operates;
use crate::sign_in;

#[derive(Template)]
#[template(path = "people/people.html")]
struct PeoplePage {
    token: String,
    people: Vec<Row>,
    roles: Vec<&'static str>,
    problem: String,
    /// What was typed for somebody new.
    name: String,
    display: String,
    /// An invitation just made: shown once.
    invitation: Option<Invitation>,
}

struct Row {
    id: String,
    name: String,
    display: String,
    active: bool,
    /// Each role, and whether the person has it.
    roles: Vec<(&'static str, bool)>,
    me: bool,
}

struct Invitation {
    display: String,
    link: String,
}

#[derive(Default)]
struct With {
    problem: String,
    name: String,
    display: String,
    invitation: Option<Invitation>,
}

/// `GET /staff`
pub(crate) async fn show(staff: Staff<Operates>, caller: Caller, app: Data<App>) -> Result<HttpResponse, PageError> {
    list(&app, &caller, &staff, With::default()).await
}

/// `POST /staff`: somebody new, and the link for a first passkey.
pub(crate) async fn create(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (_, fields) = posted(&app, &staff.holder, body)?;
    let typed = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let (name, display) = (typed("name").to_lowercase(), typed("display"));
    let roles = roles(&fields);
    if let Some(problem) = problem(&name, &display, &roles) {
        let with = With {
            problem: problem.into(),
            name,
            display,
            ..With::default()
        };
        return list(&app, &caller, &staff, with).await;
    }
    let person = Person {
        id: PersonId(app.dispatcher.entropy().uuid(caller.at, "person", 0)),
        name,
        display,
        roles,
        active: true,
    };
    if !app.db.person_add(&person, caller.at).await? {
        let Person { name, display, .. } = person;
        let problem = format!("There is a member of staff called {name} already.");
        return list(
            &app,
            &caller,
            &staff,
            With {
                problem,
                name,
                display,
                ..With::default()
            },
        )
        .await;
    }
    page::audit(&app, &caller, &staff.person, "staff_added", None, described(&person)).await?;
    invited(&app, &caller, &staff, &person).await
}

/// `POST /staff/{id}/invite`: a new link for a first, or a lost, passkey.
pub(crate) async fn invite(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    id: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    posted(&app, &staff.holder, body)?;
    let person = other(&app, &staff, &id).await?;
    if !person.active {
        return Err(PageError::Forbidden);
    }
    invited(&app, &caller, &staff, &person).await
}

/// `POST /staff/{id}`: roles, or whether the person may sign in. Acts on their next request.
pub(crate) async fn update(
    staff: Staff<Operates>,
    caller: Caller,
    app: Data<App>,
    id: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (_, fields) = posted(&app, &staff.holder, body)?;
    let mut person = other(&app, &staff, &id).await?;
    match fields.get("do") {
        Some("deactivate") => person.active = false,
        Some("activate") => person.active = true,
        _ => person.roles = roles(&fields),
    }
    if let Some(problem) = problem(&person.name, &person.display, &person.roles) {
        return list(
            &app,
            &caller,
            &staff,
            With {
                problem: problem.into(),
                ..With::default()
            },
        )
        .await;
    }
    app.db
        .person_set(person.id, &person.roles, person.active, caller.at)
        .await?;
    page::audit(&app, &caller, &staff.person, "staff_changed", None, described(&person)).await?;
    Ok(see_other("/staff"))
}

/// Anybody but oneself: nobody changes their own rights.
async fn other(app: &App, staff: &Staff<Operates>, id: &str) -> Result<Person, PageError> {
    let id: PersonId = id.parse().map_err(|_| PageError::NotFound)?;
    if id == staff.person.id {
        return Err(PageError::Forbidden);
    }
    app.db.person(id).await?.ok_or(PageError::NotFound)
}

async fn invited(
    app: &App,
    caller: &Caller,
    staff: &Staff<Operates>,
    person: &Person,
) -> Result<HttpResponse, PageError> {
    let path = sign_in::invite(&app.db, person.id, caller.at);
    page::audit(
        app,
        caller,
        &staff.person,
        "staff_invited",
        None,
        json!({"person": person.id}),
    )
    .await?;
    let invitation = Invitation {
        display: person.display.clone(),
        link: app.origins.of(Face::Staff).link(&path),
    };
    let with = With {
        invitation: Some(invitation),
        ..With::default()
    };
    list(app, caller, staff, with).await
}

async fn list(app: &App, caller: &Caller, staff: &Staff<Operates>, with: With) -> Result<HttpResponse, PageError> {
    let people = app.db.people().await?;
    let row = |person: Person| Row {
        id: person.id.to_string(),
        me: person.id == staff.person.id,
        active: person.active,
        roles: Role::ALL
            .iter()
            .map(|role| (role.code(), person.roles.contains(role)))
            .collect(),
        name: person.name,
        display: person.display,
    };
    let (title, status) = match with.problem.is_empty() {
        true => ("Staff", StatusCode::OK),
        false => ("Error: Staff", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let body = PeoplePage {
        token: page::token(app, caller, &staff.holder),
        people: people.into_iter().map(row).collect(),
        roles: Role::ALL.iter().map(|role| role.code()).collect(),
        problem: with.problem,
        name: with.name,
        display: with.display,
        invitation: with.invitation,
    };
    page::show((app, caller, staff), title, "/staff", &body, status)
}

fn roles(fields: &Fields) -> Vec<Role> {
    fields.all("role").filter_map(|role| role.parse().ok()).collect()
}

/// Why somebody cannot be stored like this.
fn problem(name: &str, display: &str, roles: &[Role]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 100 || name.contains(char::is_whitespace) {
        Some("Give a sign-in name without spaces, for example a work e-mail address.")
    } else if display.is_empty() || display.chars().count() > 100 {
        Some("Give the name that colleagues read.")
    } else if !Role::may_combine(roles) {
        Some("Choose one role; only reviewer, senior and lead go together.")
    } else {
        None
    }
}

fn described(person: &Person) -> serde_json::Value {
    json!({"person": person.id, "roles": person.roles, "active": person.active})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_08_somebody_with_clashing_roles_is_not_stored() {
        assert_eq!(problem("mina", "Mina Okafor", &[Role::Reviewer, Role::Senior]), None);
        for roles in [
            &[][..],
            &[Role::Operator, Role::Lead],
            &[Role::Compliance, Role::Reviewer],
        ] {
            assert!(problem("mina", "Mina Okafor", roles).is_some(), "{roles:?}");
        }
        assert!(problem("mina okafor", "Mina", &[Role::Lead]).is_some());
        assert!(problem("mina", "", &[Role::Lead]).is_some());
    }
}
