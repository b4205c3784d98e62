//! The documents step: pictures drawn for the case, uploaded as a browser would.

use anyhow::Context as _;
use readmit_core::kind::{Fields, Media, StoredFile};
use readmit_core::ports::Loaded;
use readmit_core::workflow::definition::Definition;
use readmit_demo_host::Resident;
use readmit_steps::documents::slots;
use serde::Deserialize;

use super::Cast;
use super::act::Form;
use super::pictures::{Line, screenshot};

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

/// One picture for each slot that is open.
pub(super) async fn form(cast: &Cast, loaded: &Loaded, who: &Resident) -> anyhow::Result<Form> {
    let mut files = Vec::new();
    for slot in Open::deserialize(&loaded.case.state)?.open {
        files.push(upload(cast, loaded, &slot, who).await?);
    }
    Ok(Form {
        verb: "submit",
        fields: Fields::default(),
        files,
    })
}

async fn upload(cast: &Cast, loaded: &Loaded, slot: &str, who: &Resident) -> anyhow::Result<StoredFile> {
    let picture = draw(slot, who, loaded.case.run)?;
    let mut blob = cast.db.blobs().create(loaded.case.id).await?;
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

/// A picture taken again shows another minute.
fn draw(slot: &str, who: &Resident, run: u32) -> anyhow::Result<Vec<u8>> {
    let minute = run % 60;
    match slot {
        "account_email" => screenshot(
            "MAIL",
            "NEW DEVICE",
            &[
                Line("FROM", "HALCYON <NO-REPLY@"),
                Line("TO", who.email),
                Line("RECEIVED", &format!("14 MAR 2024 09:{minute:02}")),
                Line("DEVICE", "FIREFOX, LINUX"),
            ],
            "SIGN-IN CONFIRMED",
        ),
        _ => screenshot(
            "NORDEN EXCHANGE",
            "WITHDRAWAL",
            &[
                Line("ASSET", "BTC, BITCOIN"),
                Line("AMOUNT", "0.0125"),
                Line("TO ADDRESS", "BC1Q7K4ZP09XT2M8"),
                Line("TIME", &format!("02 FEB 2026 18:{minute:02}")),
            ],
            "COMPLETED",
        ),
    }
}
