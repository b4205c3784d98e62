//! The demo's staff: one of each role, and several reviewers so that four eyes can be tried.

use anyhow::ensure;
use readmit_core::command::Role;
use readmit_core::cx::{Entropy, tag};
use readmit_core::ids::PersonId;
use readmit_core::time::At;
use readmit_reviewer_ui::hash_password;
use readmit_storage::{Db, Person};

/// A member of the demo's staff.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) display: &'static str,
    pub(crate) role: Role,
}

impl Member {
    pub(crate) fn id(&self) -> PersonId {
        PersonId(Entropy([0; 32]).uuid(At::default(), self.name, 0))
    }

    /// The rule that the front page shows.
    pub(crate) fn password(&self) -> String {
        format!("{}-readmit", self.name)
    }

    /// The secret of the authenticator app: 20 bytes, the same in every demo.
    pub(crate) fn totp(&self) -> Vec<u8> {
        tag(&[0; 32], "totp", &[self.name.as_bytes()]).0.split_at(20).0.to_vec()
    }
}

const fn member(name: &'static str, display: &'static str, role: Role) -> Member {
    Member { name, display, role }
}

pub(crate) const STAFF: [Member; 8] = [
    member("rina", "Rina Patel", Role::Reviewer),
    member("tomas", "Tomás Vega", Role::Reviewer),
    member("jun", "Jun Watanabe", Role::Reviewer),
    member("signe", "Signe Dahl", Role::Senior),
    member("lewis", "Lewis Grant", Role::Lead),
    member("clara", "Clara Novak", Role::Compliance),
    member("omar", "Omar Aziz", Role::Operator),
    member("sam", "Sam Ito", Role::Support),
];

/// The member with this sign-in name.
pub(crate) fn called(name: &str) -> Option<&'static Member> {
    STAFF.iter().find(|member| member.name == name)
}

/// Adds everybody, with password and TOTP, as only a demo may.
pub(crate) async fn add(db: &Db, at: At) -> anyhow::Result<()> {
    for member in &STAFF {
        let person = Person {
            id: member.id(),
            name: member.name.into(),
            display: member.display.into(),
            roles: vec![member.role],
            active: true,
        };
        ensure!(db.person_add(&person, at).await?, "there is a {} already", member.name);
        let password = hash_password(&member.password())?;
        db.secrets_set(person.id, &password, &member.totp()).await?;
    }
    Ok(())
}
