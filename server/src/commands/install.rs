//! `migrate`: databases brought up to date, and the shipped workflows published where there are none.

use readmit_core::ids::Digest;
use readmit_core::ports::Surroundings as _;
use readmit_core::time::At;
use readmit_core::workflow::policy::Profile;
use readmit_storage::Db;

use super::say;
use crate::blueprint::{self, Own, told};
use crate::config::Config;
use crate::database;
use crate::surroundings::Real;

pub(super) async fn migrate(config: &Config) -> anyhow::Result<()> {
    database::migrate(&config.storage).await?;
    let db = database::open(&config.storage).await?;
    match db.current_policy().await? {
        None => {
            for name in publish_shipped(&db, config.profile, Real.now()).await? {
                say(&format!("published workflow {name}"))?;
            }
        }
        Some(policy) => {
            if policy.profile != config.profile {
                let (policy, body) = blueprint::policy_under(config.profile, &policy.packs)?;
                db.publish_policy(&policy, &body, Real.now()).await?;
                say("new cases run under the other profile; cases that have begun keep theirs")?;
            }
            let unknown: Vec<_> = packs().filter(|(name, _)| !policy.packs.contains_key(*name)).collect();
            if !unknown.is_empty() {
                db.publish_packs(&unknown, Real.now()).await?;
            }
            for (name, _) in unknown {
                say(&format!("published rule pack {name}"))?;
            }
            for name in publish_unknown(&db, Real.now()).await? {
                say(&format!("published workflow {name}"))?;
            }
        }
    }
    db.close().await;
    say("the database is up to date")
}

/// Publishes rule packs, the policy under a profile and the workflows of this build; returns the names of workflows that are
/// new.
///
/// # Errors
/// What of the build does not hold, or the store's.
pub async fn publish_shipped(db: &Db, profile: Profile, at: At) -> anyhow::Result<Vec<&'static str>> {
    let shipped: Vec<_> = packs().collect();
    db.publish_packs(&shipped, at).await?;
    let hashes = shipped
        .iter()
        .map(|(name, body)| ((*name).to_owned(), Digest::of(body.as_bytes())));
    let (policy, body) = blueprint::policy_under(profile, &hashes.collect())?;
    db.publish_policy(&policy, &body, at).await?;
    publish(db, |_| true, at).await
}

/// The rule packs of this build by name and file.
fn packs() -> impl Iterator<Item = (&'static str, &'static str)> {
    blueprint::PACKS.iter().map(|pack| (pack.name, pack.body))
}

/// Publishes the workflows of this build whose names are new to the installation. What an operator published under a
/// shipped name stays: `workflow publish` is how it changes.
///
/// # Errors
/// As [`publish_shipped`].
pub(crate) async fn publish_unknown(db: &Db, at: At) -> anyhow::Result<Vec<&'static str>> {
    let known = db.workflow_list().await?;
    publish(db, |name| known.iter().all(|line| line.name != name), at).await
}

async fn publish(db: &Db, wanted: impl Fn(&str) -> bool, at: At) -> anyhow::Result<Vec<&'static str>> {
    let mut published = Vec::new();
    for shipped in blueprint::WORKFLOWS.iter().filter(|shipped| wanted(shipped.name)) {
        let checked = blueprint::check(shipped.body, &Own::default())?.map_err(|faults| told(shipped.name, &faults))?;
        if db.publish(shipped.body, &checked.definition, at).await? {
            published.push(shipped.name);
        }
    }
    Ok(published)
}
