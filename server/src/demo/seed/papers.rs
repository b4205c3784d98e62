//! The documents step: pictures drawn for the case, uploaded as a browser would.

use anyhow::Context as _;
use readmit_core::answers::LedgerRow;
use readmit_core::ids::AccountId;
use readmit_core::kind::{Fields, Media, StoredFile};
use readmit_core::ports::{Loaded, Surroundings as _};
use readmit_core::workflow::definition::Definition;
use readmit_demo_host::Resident;
use readmit_steps::documents::{pieces, slots};
use serde::Deserialize;

use super::Cast;
use super::act::Form;
use crate::demo::{HOST_MAIL, pictures};

/// The first slot that a documents step has.
pub(super) fn first_slot(workflow: &Definition) -> Option<String> {
    let step = workflow.steps.iter().find(|step| step.kind == "documents")?;
    slots(step).into_iter().next()
}

/// Of the state of a documents step, the slots that take pictures.
#[derive(Deserialize)]
struct Open {
    open: Vec<String>,
}

/// One picture for each slot that is open; those that were read and found wanting are sent as they are.
pub(super) async fn form(cast: &Cast, loaded: &Loaded, who: &Resident) -> anyhow::Result<Form> {
    let sent = pieces(&loaded.sealed, &cast.workflow);
    let mut files = Vec::new();
    for slot in Open::deserialize(&loaded.case.state)?.open {
        if !sent
            .iter()
            .any(|piece| piece.slot == slot && piece.run == loaded.case.run)
        {
            files.push(upload(cast, loaded, &slot, who).await?);
        }
    }
    let read = sent.iter().map(|piece| ("read".to_owned(), piece.id.to_string()));
    Ok(Form {
        verb: "submit",
        fields: Fields(read.collect()),
        files,
    })
}

async fn upload(cast: &Cast, loaded: &Loaded, slot: &str, who: &Resident) -> anyhow::Result<StoredFile> {
    let picture = draw(cast, loaded, slot, who).await?;
    let mut blob = cast.db.blobs().create(loaded.case.id, cast.clock.now()).await?;
    blob.write(&picture).await?;
    let stored = blob.finish().await.context("the picture was not stored")?;
    Ok(StoredFile {
        slot: slot.to_owned(),
        blob: stored.blob,
        bytes: stored.bytes,
        media: Media::Png,
        sha256: stored.sha256,
        name: format!("{}.png", slot.replace('_', "-")),
    })
}

/// A mail about the newest withdrawal, or the other side's page of one; of somebody who has moved nothing, a page of
/// nobody's.
async fn draw(cast: &Cast, loaded: &Loaded, slot: &str, who: &Resident) -> anyhow::Result<Vec<u8>> {
    let ledger = cast.worker.host.ledger(&AccountId(who.id.into())).await?;
    let moved: Vec<&LedgerRow> = ledger
        .rows
        .iter()
        .filter(|row| row.kind != "trade" && !row.txid.is_empty())
        .collect();
    let row = moved.get(loaded.case.run as usize % moved.len().max(1));
    let taken = cast.clock.now();
    match (slot, row) {
        ("account_email", row) => {
            let at = row.map_or(loaded.case.opened, |row| row.at);
            pictures::mail(who, &format!("no-reply@{HOST_MAIL}"), at, taken)
        }
        (_, Some(row)) => pictures::transaction(row, taken),
        (_, None) => pictures::mail(who, "service@blauwhaven.example", loaded.case.opened, taken),
    }
}
