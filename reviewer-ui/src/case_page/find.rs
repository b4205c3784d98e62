//! From the reference in an address to the case, its workflow version and its record.

use std::sync::Arc;

use readmit_core::evolve::Entry;
use readmit_core::ids::{CaseId, CaseRef, PersonId, TaskId};
use readmit_core::ports::{Loaded, Store as _};
use readmit_core::workflow::definition::Definition;
use readmit_storage::Person;
use readmit_web::{App, PageError};

use crate::sight::{self, Sight};

/// A case as a page works with it.
pub(crate) struct Found {
    pub(crate) id: CaseId,
    pub(crate) reference: CaseRef,
    pub(crate) loaded: Loaded,
    pub(crate) definition: Arc<Definition>,
    pub(crate) entries: Vec<Entry>,
}

impl Found {
    /// How much this person sees; what they do not see at all does not exist for them.
    pub(crate) fn seen_by(&self, person: &Person) -> Result<Sight, PageError> {
        match sight::sight(&person.roles, person.id, &self.loaded.case) {
            Sight::Nothing => Err(PageError::NotFound),
            sight => Ok(sight),
        }
    }

    /// Where this case's page is.
    pub(crate) fn path(&self) -> String {
        format!("/cases/{}", self.reference)
    }

    /// Whether the account is worth two pairs of eyes: such cases are never picked by hand (IN-02).
    pub(crate) fn is_high_value(&self) -> bool {
        let snapshot = self
            .loaded
            .sealed
            .latest
            .as_ref()
            .or(self.loaded.sealed.snapshot.as_ref());
        let tier = snapshot.and_then(|snapshot| snapshot.attribute("asset_tier"));
        matches!(tier, Some(readmit_core::kind::FactValue::Word(word)) if word == "high")
    }

    /// Whether the task is or was one of this case: a form may name any.
    pub(crate) fn had(&self, id: TaskId) -> bool {
        use readmit_core::event::Event;
        self.entries
            .iter()
            .flat_map(|entry| &entry.events)
            .any(|event| matches!(event, Event::TaskOpened { task } if task.id == id))
    }

    /// Whether this person ever held the case: only then are they told what became of it.
    pub(crate) fn was_held_by(&self, person: PersonId) -> bool {
        use readmit_core::event::Event;
        self.entries
            .iter()
            .flat_map(|entry| &entry.events)
            .any(|event| match event {
                Event::TaskClaimed { person: by, .. } | Event::TaskHandedOver { to: by, .. } => *by == person,
                _ => false,
            })
    }
}

/// The case of a reference, however it is typed.
///
/// # Errors
/// [`PageError::NotFound`] alike for no reference, no case and an unproven one.
pub(crate) async fn find(app: &App, reference: &str) -> Result<Found, PageError> {
    let reference: CaseRef = reference.parse().map_err(|_| PageError::NotFound)?;
    let id = app.db.case_by_reference(reference).await?.ok_or(PageError::NotFound)?;
    let loaded = app.db.opened(id).await?.ok_or(PageError::NotFound)?;
    let definition = app.db.definition(loaded.case.workflow).await?;
    let definition = definition.ok_or_else(|| PageError::internal("a case's workflow version is not stored"))?;
    let entries = app.db.timeline(id).await?.into_iter().map(|(_, entry)| entry).collect();
    Ok(Found {
        id,
        reference,
        loaded,
        definition,
        entries,
    })
}
