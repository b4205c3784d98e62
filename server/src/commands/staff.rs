//! `staff add`: a person, and the link by which they enrol a passkey.

use anyhow::ensure;
use readmit_core::command::Role;
use readmit_core::ids::PersonId;
use readmit_core::ports::Surroundings as _;
use readmit_storage::Person;
use readmit_web::Face;

use super::say;
use crate::config::Config;
use crate::database;
use crate::surroundings::Real;

pub(super) async fn add(config: &Config, name: &str, display: Option<&str>, roles: &[Role]) -> anyhow::Result<()> {
    ensure!(
        Role::may_combine(roles),
        "these roles may not be held by one person: only reviewer, senior and lead go together"
    );
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    ensure!(
        !name.is_empty() && name.len() <= 40 && name.chars().all(plain),
        "a sign-in name has up to 40 letters, digits, dots and dashes"
    );
    let db = database::open(&config.storage).await?;
    let now = Real.now();
    let person = Person {
        id: PersonId(Real.entropy().uuid(now, "person", 0)),
        name: name.to_owned(),
        display: display.unwrap_or(name).to_owned(),
        roles: roles.to_vec(),
        active: true,
    };
    ensure!(
        db.person_add(&person, now).await?,
        "there is somebody with the sign-in name {name} already"
    );
    let link = config
        .origins
        .of(Face::Staff)
        .link(&readmit_reviewer_ui::invite(&db, person.id, now));
    db.close().await;
    say(&format!(
        "{name} was added. Within 24 hours, open once, in the browser that holds the passkey:\n{link}"
    ))
}
