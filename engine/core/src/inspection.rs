//! What the inspection of one picture is asked, and what it tells: the words between the worker and the child process
//! that reads pictures (design, section 7). Holds personal data: it travels through a pipe and lies sealed.

pub mod frame;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{BlobId, CaseId};
use crate::time::At;
use crate::workflow::policy::Packs;

/// The name of what all rule packs share.
pub const EVERY_PICTURE: &str = "every-picture";

/// The rules that a picture is held against: a rule pack's file, and the file that all packs share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub name: String,
    pub pack: String,
    pub every: String,
}

/// What is asked of one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub rules: Rules,
    pub context: Context,
    /// The folder of the two models; without it nothing is read.
    pub models: Option<std::path::PathBuf>,
}

/// Whom the picture is held against. Rule packs name no operator: this does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    pub operator: Operator,
    pub account: Owner,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    pub name: String,
    /// Domains that its mails come from; their subdomains count too.
    pub domains: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    pub email: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub ledger: Vec<Row>,
    /// The host has older rows that are not among these.
    #[serde(default)]
    pub ledger_goes_on: bool,
}

/// One line of the account's ledger at the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the host calls it; empty where it has no name for it.
    #[serde(default)]
    pub id: String,
    pub asset: String,
    /// A decimal number as the host writes it.
    pub amount: String,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub txid: Option<String>,
    /// `deposit` or `withdrawal`.
    pub direction: String,
    /// RFC 3339.
    pub time: String,
}

/// How a rule judged. Rules advise; people decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    Warn,
    Fail,
}

/// A rectangle of the upright picture: left, top, width, height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area(pub u32, pub u32, pub u32, pub u32);

/// What one rule said of one picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: String,
    pub verdict: Verdict,
    /// What to tell the claimant, by language; `en` is always there. Empty when the rule passed.
    pub message: BTreeMap<String, String>,
    /// The value that the rule judged, as read.
    pub value: Option<String>,
    pub area: Option<Area>,
    #[serde(default)]
    pub tell: Tell,
}

/// How much of a finding its claimant is told. What compares with the account, or gave a forger away, is for reviewers: told
/// in full, it would be an oracle (RF-18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    /// Its sentence, and the spot on the picture.
    #[default]
    All,
    /// Its sentence alone.
    Sentence,
    Nothing,
}

/// What the inspection of one picture told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The worst of the findings.
    pub verdict: Verdict,
    /// Values by field name, as read.
    pub read: BTreeMap<String, String>,
    pub findings: Vec<Finding>,
    /// Of the upright picture; zero when it could not be opened.
    pub width: u32,
    pub height: u32,
    /// A fingerprint of how the picture looks; pictures alike differ in few bits. `None` when there is too little to see.
    pub likeness: Option<String>,
    /// The same of the picture turned and mirrored every other way. For comparing, and gone once they were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turned: Vec<String>,
    /// Pack name and version that judged, as their files say.
    pub pack: String,
    /// The files that judged: the pack, and what all packs share.
    #[serde(default, skip_serializing_if = "Packs::is_empty")]
    pub judged_by: Packs,
    /// Whether the picture's words were read.
    pub was_read: bool,
    /// The words that tell this page from others that look the same: those with a digit or an `@`. For comparing, and gone
    /// once they were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telling: Vec<String>,
    /// What to find should the store know the picture already; `None` when it could not be opened.
    pub if_known: Option<IfKnown>,
}

/// The pack's words about a picture that was sent before. The child that opens pictures knows no others, so the shell adds
/// the one that fits (EV-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IfKnown {
    /// The same bytes.
    pub exact: Finding,
    /// A picture that looks the same.
    pub similar: Finding,
    /// When a picture looks the same.
    pub alike: Alike,
}

/// When two pictures are the same one. Pages of text look much alike, so what they say decides with how they look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// In how many bits of 256 two likenesses may differ, where the pages were read.
    pub bits: u32,
    /// How many of all their telling words they must share, in percent.
    pub words: u32,
    /// In how many bits they may differ where one was not read.
    pub unread_bits: u32,
    /// In how many bits they may differ where one was turned or mirrored: nobody can read it then.
    #[serde(default)]
    pub turned_bits: u32,
}

impl Alike {
    /// Whether two pictures are the same one: their likenesses differ in so many bits, and these are their telling words.
    #[must_use]
    pub fn holds<T: Ord>(&self, bits: u32, own: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
        if own.is_empty() || other.is_empty() {
            return bits <= self.unread_bits;
        }
        let (both, all) = (own.intersection(other).count(), own.union(other).count());
        bits <= self.bits && both * 100 >= all * self.words as usize
    }
}

/// The same picture in another case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub case: CaseId,
    /// Whether that case is of the same account.
    pub same_account: bool,
    /// In how many bits of their likenesses the two differ; `None` when their bytes are the same.
    pub bits: Option<u32>,
    /// One is the other turned or mirrored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub turned: bool,
}

/// What a case keeps of an inspection, sealed beside its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected {
    pub report: Report,
    /// What people see of the picture, encoded anew, and a small one (EV-05); `None` when it could not be opened.
    pub shown: Option<Copies>,
    /// Where it was seen before, the most alike first.
    pub known: Vec<Known>,
    /// The virus scanner that had its word before anybody opened it; `None` where there is none (EV-08).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Scanned>,
}

/// A virus scanner's word on a file: what it objected to is a finding, so without one the file was clean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// The scanner with its version and that of its signatures, as it calls itself.
    pub by: String,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copies {
    pub copy: BlobId,
    pub media: crate::kind::Media,
    /// A JPEG.
    pub thumbnail: BlobId,
}

impl Copies {
    /// Which of the copies a stored file is, in a word for the audit log, and its type; `None` when it is neither.
    #[must_use]
    pub fn which(&self, blob: BlobId) -> Option<(&'static str, crate::kind::Media)> {
        match blob {
            blob if blob == self.copy => Some(("whole", self.media)),
            blob if blob == self.thumbnail => Some(("thumbnail", crate::kind::Media::Jpeg)),
            _ => None,
        }
    }
}

impl Finding {
    /// What to tell the claimant in a language, or in English.
    #[must_use]
    pub fn said(&self, language: &str) -> &str {
        let said = self.message.get(language).or_else(|| self.message.get("en"));
        said.map_or("", String::as_str)
    }
}

impl Report {
    /// Whether the picture could be opened: there is something to see.
    #[must_use]
    pub const fn was_opened(&self) -> bool {
        self.width > 0
    }

    /// The ledger row that the picture shows, in one line.
    #[must_use]
    pub fn matched(&self) -> Option<&str> {
        self.read.get("ledger").map(String::as_str)
    }
}
