//! One picture of a case, with what only reviewers and its claimant may know of it.

use readmit_core::ids::{BlobId, Digest, EvidenceId};
use readmit_core::inspection::{Finding, Inspected, Tell, Verdict};
use readmit_core::kind::Media;
use readmit_core::time::At;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub id: EvidenceId,
    pub slot: String,
    /// The file as it came, sealed. Nobody is shown it (EV-05).
    pub blob: BlobId,
    pub bytes: u64,
    pub media: Media,
    pub at: At,
    /// The step run it was added in.
    pub run: u32,
    /// When it was replaced or removed; it stays in the record.
    pub gone: Option<Gone>,
    pub sha256: Digest,
    /// As the claimant's machine called it: display text only (EV-07).
    pub name: String,
    pub reading: Reading,
}

/// How a picture left what the claimant hands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub at: At,
    /// Another picture took its place.
    pub replaced: bool,
}

/// How far the inspection of a picture is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    Waiting,
    Done(Box<Inspected>),
    /// It ended without an answer however often it was tried: something is wrong with the picture.
    GivenUp,
}

/// How many findings passed, warned and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub passed: u32,
    pub warned: u32,
    pub failed: u32,
}

impl Piece {
    /// Whether it is still part of what the claimant hands in.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.gone.is_none()
    }

    #[must_use]
    pub fn inspected(&self) -> Option<&Inspected> {
        match &self.reading {
            Reading::Done(inspected) => Some(inspected),
            Reading::Waiting | Reading::GivenUp => None,
        }
    }

    /// Whether it is a picture that people can look at, or may still turn out to be one.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match &self.reading {
            Reading::Waiting => true,
            Reading::Done(inspected) => inspected.shown.is_some(),
            Reading::GivenUp => false,
        }
    }

    #[must_use]
    pub fn tally(&self) -> Option<Tally> {
        let findings = &self.inspected()?.report.findings;
        let count = |verdict| {
            let count = findings.iter().filter(|finding| finding.verdict == verdict).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        Some(Tally {
            passed: count(Verdict::Pass),
            warned: count(Verdict::Warn),
            failed: count(Verdict::Fail),
        })
    }

    /// What the claimant is told: failures first, each sentence once.
    #[must_use]
    pub fn told(&self) -> Vec<&Finding> {
        let findings = self.inspected().map_or(&[][..], |inspected| &inspected.report.findings);
        let mut told: Vec<&Finding> = Vec::new();
        for verdict in [Verdict::Fail, Verdict::Warn] {
            for finding in findings {
                let new = !told.iter().any(|other| other.message == finding.message);
                if finding.verdict == verdict && finding.tell != Tell::Nothing && new {
                    told.push(finding);
                }
            }
        }
        told
    }

    /// Whether the claimant has something to mend.
    #[must_use]
    pub fn wants_change(&self) -> bool {
        !self.is_usable() || self.told().iter().any(|finding| finding.verdict == Verdict::Fail)
    }
}
