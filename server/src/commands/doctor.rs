//! `doctor`: one line a part of the installation, and an exit code for whoever asks by machine.

use std::process::ExitCode;

use readmit_core::ports::Surroundings as _;
use readmit_storage::Db;

use super::say;
use crate::config::Config;
use crate::doctor::Doctor;
use crate::surroundings::world;
use crate::wiring::mailer;

/// Exit code 0 when all is well, 1 when something is not.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let doctor = Doctor::new(config, std::sync::Arc::new(mailer(&config.mail)?));
    let opened = Db::open(&config.storage).await;
    let checks = doctor.examine(opened.as_ref(), world()?.now()).await;
    for check in &checks {
        match check.advice {
            None => say(&format!("ok     {}: {}", check.what, check.says))?,
            Some(advice) => say(&format!("WRONG  {}: {}; {advice}", check.what, check.says))?,
        }
    }
    if let Ok(db) = opened {
        db.close().await;
    }
    let well = checks.iter().all(|check| check.advice.is_none());
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
