//! What a reviewer decides, and on what: the decision message that a second approver confirms.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::case::Case;
use crate::conversation::Letter;
use crate::ids::{Digest, Tag};
use crate::sealed::Sealed;
use crate::time::At;
use crate::workflow::definition::Definition;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    Reject,
    Ask,
    /// Of a contest task: the owner's objection stands.
    Uphold,
}

/// A reviewer's choice with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Approve {
        note: String,
    },
    Reject {
        reason: String,
        note: String,
    },
    /// Ask again for these slots of the named step; the claimant reads `text`.
    Ask {
        step: String,
        slots: Vec<String>,
        reason: String,
        text: String,
        note: String,
    },
    /// Contest tasks only: the case ends vetoed.
    Uphold {
        note: String,
    },
}

/// What an approval is about. Whatever changes one of these voids approvals (RF-15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub case: crate::ids::CaseId,
    pub round: u32,
    /// HMAC under the case's key over the evidence's identifiers and hashes.
    pub evidence: Tag,
    /// What the remedy will do, to which account.
    pub target: Tag,
    pub workflow: Digest,
    /// HMAC under the case's key over what the claimant wrote; left out where that is nothing. What staff write changes
    /// nothing that is decided about: support may not slow a case down (IN-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letters: Option<Tag>,
}

impl Message {
    /// The message of a case as it stands.
    #[must_use]
    pub fn of(case: &Case, sealed: &Sealed, definition: &Definition, keys: &crate::cx::Keys) -> Self {
        let evidence: Vec<Vec<u8>> = definition
            .steps
            .iter()
            .filter_map(|step| Some((case.left.get(&step.name)?, sealed.steps.get(&step.name))))
            .flat_map(|(state, secret)| {
                [
                    state.to_string().into_bytes(),
                    secret.map(ToString::to_string).unwrap_or_default().into_bytes(),
                ]
            })
            .collect();
        let parts: Vec<&[u8]> = evidence.iter().map(Vec::as_slice).collect();
        let account = sealed.account.as_ref().map(|a| a.0.clone()).unwrap_or_default();
        let remedy = serde_json::to_vec(&definition.remedy).unwrap_or_default();
        Self {
            case: case.id,
            round: case.round,
            evidence: keys.case_tag("evidence", &parts),
            target: keys.case_tag("target", &[account.as_bytes(), &remedy]),
            workflow: case.workflow,
            letters: of_letters(written(sealed), keys),
        }
    }

    /// When the claimant wrote the first message that the one with this digest lacks, if it lacks nothing else.
    #[must_use]
    pub fn written_since(&self, seen: Digest, sealed: &Sealed, keys: &crate::cx::Keys) -> Option<At> {
        let mut read = written(sealed).enumerate();
        let (_, first) = read.find(|(n, _)| {
            let letters = of_letters(written(sealed).take(*n), keys);
            Self {
                letters,
                ..self.clone()
            }
            .digest()
                == seen
        })?;
        Some(first.at)
    }

    /// SHA-256 of its canonical serialisation.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into())
    }
}

fn written(sealed: &Sealed) -> impl Iterator<Item = &Letter> {
    sealed.letters.iter().filter(|letter| !letter.by.is_staff())
}

fn of_letters<'l>(written: impl Iterator<Item = &'l Letter>, keys: &crate::cx::Keys) -> Option<Tag> {
    let written: Vec<Tag> = written.map(|letter| letter.commitment(keys)).collect();
    let letters: Vec<&[u8]> = written.iter().map(|letter| letter.0.as_slice()).collect();
    (!letters.is_empty()).then(|| keys.case_tag("letters", &letters))
}
