//! What comes with the build: workflows, vocabulary, policy, queues and texts, so that the binary needs no files.

use std::collections::BTreeSet;

use readmit_core::inspection::{EVERY_PICTURE, Rules};
use readmit_core::texts::{Texts, TextsError};
use readmit_core::workflow::fault::{Place, suggest};
use readmit_core::workflow::policy::{Packs, Policy, PolicyFile, Profile, with_packs};
use readmit_core::workflow::queues::Queues;
use readmit_core::workflow::vocabulary::Vocabulary;
use readmit_core::workflow::{Checked, Fault, Library, read};
use readmit_steps::texts::File;

pub(crate) const POLICY: &str = include_str!("../../workflows/policy.yaml");
const VOCABULARY: &str = include_str!("../../workflows/vocabulary.yaml");
const QUEUES: &str = include_str!("../../workflows/queues.yaml");
/// The risk analyses of docs/risk.
const ANALYSES: [&str; 3] = ["RA-1", "RA-2", "RA-3"];

/// A workflow or rule pack as shipped.
pub(crate) struct Shipped {
    pub(crate) name: &'static str,
    pub(crate) body: &'static str,
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            body: include_str!(concat!("../../workflows/", $name, "/workflow.yaml")),
        }),*]
    };
}

pub(crate) const WORKFLOWS: &[Shipped] = shipped![
    "passkey-reset",
    "totp-reset",
    "mobile-reset",
    "password-reset",
    "all-factors-reset",
    "bind-totp",
    "unbind-totp",
    "recovery-codes",
    "bind-passkey",
    "delete-passkey",
    "bind-mobile",
    "change-mobile",
    "step-up",
];

/// Rule packs, and what they share.
pub(crate) const PACKS: &[Shipped] = &[
    Shipped {
        name: EVERY_PICTURE,
        body: include_str!("../../workflows/rules/every-picture.yaml"),
    },
    Shipped {
        name: "account-email",
        body: include_str!("../../workflows/rules/account-email.yaml"),
    },
    Shipped {
        name: "counterparty-transaction",
        body: include_str!("../../workflows/rules/counterparty-transaction.yaml"),
    },
    Shipped {
        name: "message",
        body: include_str!("../../workflows/rules/message.yaml"),
    },
];

/// A rule pack that comes with this build, with what all share.
pub(crate) fn rules(name: &str) -> Option<Rules> {
    let body = |name| Some(PACKS.iter().find(|pack| pack.name == name)?.body.to_owned());
    Some(Rules {
        name: name.to_owned(),
        pack: body(name).filter(|_| name != EVERY_PICTURE)?,
        every: body(EVERY_PICTURE)?,
    })
}

/// All texts: of pages, mails and the shipped workflows.
pub(crate) fn texts() -> Result<Texts, TextsError> {
    Texts::load(files())
}

fn files() -> impl Iterator<Item = File> {
    readmit_steps::texts::FILES
        .into_iter()
        .chain(readmit_steps::texts::WORKFLOWS)
        .chain(readmit_web::TEXTS)
        .chain(readmit_claimant_ui::TEXTS)
}

/// The vocabulary of conditions.
///
/// # Errors
/// As [`check`].
pub(crate) fn vocabulary() -> anyhow::Result<Vocabulary> {
    Vocabulary::read(VOCABULARY).map_err(|faults| told("workflows/vocabulary.yaml", &faults))
}

/// The policy with its floor.
///
/// # Errors
/// As [`check`].
pub(crate) fn policy() -> anyhow::Result<PolicyFile> {
    PolicyFile::read(POLICY, &vocabulary()?).map_err(|faults| told("workflows/policy.yaml", &faults))
}

/// The same under a profile of the operator's and with these rule packs, with its text: what is published and pinned.
///
/// # Errors
/// As [`check`].
pub(crate) fn policy_under(profile: Profile, packs: &Packs) -> anyhow::Result<(Policy, String)> {
    let body = match profile {
        Profile::Published => POLICY.to_owned(),
        Profile::Strict => POLICY.replacen("profile: published", "profile: strict", 1),
    };
    let body = with_packs(&body, packs);
    let read = PolicyFile::read(&body, &vocabulary()?).map_err(|faults| told("workflows/policy.yaml", &faults))?;
    anyhow::ensure!(read.policy.profile == profile, "workflows/policy.yaml names no profile");
    Ok((read.policy, body))
}

/// The queues of human work.
///
/// # Errors
/// As [`check`].
pub(crate) fn queues() -> anyhow::Result<Queues> {
    Queues::read(QUEUES).map_err(|faults| told("workflows/queues.yaml", &faults))
}

/// Checks and proves a workflow against what this build knows, its kinds, texts and analyses, and `own` texts and
/// analyses that come with the file.
///
/// # Errors
/// A file of this build that cannot be read, which a test excludes; the file's own faults are the inner result.
pub(crate) fn check(body: &str, own: &Own) -> anyhow::Result<Result<Checked, Vec<Fault>>> {
    let (vocabulary, policy, queues) = (vocabulary()?, policy()?, queues()?);
    let texts = keys(files().map(|(language, _, text)| (language, text)).chain(own.texts()));
    let slots = texts.iter().filter_map(|key| slot(key)).map(str::to_owned).collect();
    let analyses = ANALYSES
        .into_iter()
        .map(str::to_owned)
        .chain(own.analyses.iter().cloned())
        .collect();
    let workflows = WORKFLOWS.iter().map(|shipped| shipped.name.to_owned()).collect();
    let library = Library {
        kinds: readmit_steps::kinds(),
        vocabulary: &vocabulary,
        policy: &policy,
        queues: &queues,
        analyses: &analyses,
        texts: &texts,
        slots: &slots,
        workflows: &workflows,
    };
    Ok(read(body, &library).and_then(|checked| naming_packs(checked, &own.packs)))
}

/// A workflow whose slots name rule packs that there are.
fn naming_packs(checked: Checked, own: &[String]) -> Result<Checked, Vec<Fault>> {
    let shipped = PACKS.iter().map(|pack| pack.name).filter(|name| *name != EVERY_PICTURE);
    let known = || shipped.clone().chain(own.iter().map(String::as_str));
    let steps = checked.definition.steps.iter();
    let faults: Vec<Fault> = steps
        .flat_map(|step| {
            readmit_steps::documents::packs(step)
                .into_iter()
                .map(move |pack| (step, pack))
        })
        .filter(|(_, pack)| known().all(|known| known != pack))
        .map(|(step, pack)| {
            Fault::new(
                Place {
                    line: step.line,
                    column: 1,
                },
                format!("there is no rule pack `{pack}`"),
                suggest(&pack, known()),
            )
        })
        .collect();
    if faults.is_empty() { Ok(checked) } else { Err(faults) }
}

/// What lies beside a workflow file that is not shipped.
#[derive(Clone, Default)]
pub(crate) struct Own {
    /// Language and content.
    pub(crate) texts: Vec<(String, String)>,
    /// `RA-3`.
    pub(crate) analyses: Vec<String>,
    /// Names of rule packs.
    pub(crate) packs: Vec<String>,
}

impl Own {
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(language, text)| (language.as_str(), text.as_str()))
    }
}

/// Faults in one line.
pub(crate) fn told(file: &str, faults: &[Fault]) -> anyhow::Error {
    match faults {
        [] => anyhow::anyhow!("{file} cannot be used"),
        [only] => anyhow::anyhow!("{}", only.of(file)),
        [first, rest @ ..] => anyhow::anyhow!(
            "{} (and {} more; see `readmit workflow check` or `evidence lint`)",
            first.of(file),
            rest.len()
        ),
    }
}

/// Text ids that English, Chinese and Spanish all have.
fn keys<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeSet<String> {
    let (mut en, mut zh, mut es) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (language, text) in files {
        let all = match language {
            "en" => &mut en,
            "zh" => &mut zh,
            "es" => &mut es,
            _ => continue,
        };
        let messages = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        all.extend(messages.filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned())));
    }
    en.into_iter()
        .filter(|key| zh.contains(key) && es.contains(key))
        .collect()
}

/// A slot exists where its words do: `slot-account_email-hint` → `account_email`.
fn slot(key: &str) -> Option<&str> {
    key.strip_prefix("slot-")?.strip_suffix("-hint")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_shipped_is_in_order() {
        texts().unwrap();
        for shipped in WORKFLOWS {
            let checked = check(shipped.body, &Own::default()).unwrap();
            let faults = checked.err().unwrap_or_default();
            assert!(faults.is_empty(), "{}", told(shipped.name, &faults));
        }
    }

    #[test]
    fn every_analysis_is_written_down() {
        for analysis in ANALYSES {
            let file = format!("{}/../docs/risk/{analysis}.md", env!("CARGO_MANIFEST_DIR"));
            assert!(std::path::Path::new(&file).exists(), "{file}");
        }
    }
}
