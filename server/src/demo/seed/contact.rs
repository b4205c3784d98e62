//! What support and claimants write to each other, and an invitation that nobody has followed yet.

use anyhow::Context as _;
use readmit_core::command::{Act, Actor, Command};
use readmit_core::conversation::{Contact, Invite};
use readmit_core::ids::{CaseId, RequestKey};

use super::Cast;
use super::act::{Running, id};
use crate::demo::staff;

/// Who invites, and whom.
const SUPPORT: &str = "sam";
const INVITED: &str = "gwen@example.com";

impl Running {
    /// Sends the letter at this place of the story.
    pub(super) async fn write(&mut self, cast: &Cast, place: usize) -> anyhow::Result<()> {
        let letter = self.story.letters.get(place).context("no such letter")?;
        let by = match letter.by {
            Some(name) => member(name)?,
            None => self.claimant(cast),
        };
        let act = Act::Write {
            text: letter.text.into(),
            template: None,
            files: Vec::new(),
        };
        self.dispatch(cast, by, act).await
    }
}

/// Sends the link; it is good for an hour from now.
pub(super) async fn invite(cast: &Cast) -> anyhow::Result<()> {
    let command = Command {
        case: CaseId(id("invitation", 0)),
        key: RequestKey(id("invites", 0)),
        by: member(SUPPORT)?,
        act: Act::Invite {
            workflow: cast.workflow.hash,
            policy: cast.policy,
            language: "en".into(),
            invite: Invite {
                contact: Contact::Chat,
                address: INVITED.into(),
                note: "Has a new phone and cannot find where to begin.".into(),
            },
        },
    };
    cast.dispatcher.dispatch(command).await?;
    Ok(())
}

fn member(name: &str) -> anyhow::Result<Actor> {
    let member = staff::called(name).context("nobody on the staff is called so")?;
    Ok(Actor::Staff {
        person: member.id(),
        role: member.role,
    })
}
