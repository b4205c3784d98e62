//! `keys rotate`: another master key for the shelf that there is.

use std::path::Path;

use readmit_storage::{Db, KeyFault, Settings, StorageError};

use super::say;
use crate::config::Config;
use crate::config::secrets;

/// All keys go over, or none: cut off, the command is given again. Where they have gone over already it says so.
pub(super) async fn rotate(config: &Config, to: &Path) -> anyhow::Result<()> {
    let new = secrets::key_in(to)?;
    anyhow::ensure!(
        new != config.storage.master_key,
        "the new master key is the one in force"
    );
    match Db::rotate_master_key(&config.storage, &new).await {
        Ok(keys) => say(&format!(
            "{keys} keys are wrapped under the new master key; put it into the place of the old one and start again"
        )),
        Err(StorageError::Key(KeyFault::WrongMaster)) if is_done(&config.storage, new).await => {
            say("the keys are under the new master key already; put it into the place of the old one")
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the installation opens under the new key.
async fn is_done(settings: &Settings, master_key: [u8; 32]) -> bool {
    let settings = Settings {
        master_key,
        ..settings.clone()
    };
    match Db::open(&settings).await {
        Ok(db) => {
            db.close().await;
            true
        }
        Err(_) => false,
    }
}
