//! What claimant and staff write to each other inside a case, and how support brings somebody into one (IN-11).
//!
//! The words lie in sealed state; the record holds who wrote, when, and a digest under the case's key (invariant 4).
//! A message is no proof: nothing that is written here is evidence, and no step reads it.

use serde::{Deserialize, Serialize};

use crate::command::By;
use crate::cx::Keys;
use crate::guard::Bucket;
use crate::ids::{BlobId, CaseId, EvidenceId, PersonId, Tag};
use crate::kind::Media;
use crate::time::{At, Span};

/// Longest message, in characters.
pub const LONGEST: usize = 4_000;
/// Most files with one message.
pub const MOST_FILES: usize = 4;
/// Longest note of a member of staff, in characters.
pub const LONGEST_NOTE: usize = 1_000;
/// How long the link of an invitation is good; an unproven case is not kept longer.
pub const INVITED_FOR: Span = Span::hours(1);

/// The key of support's note with the invitation, among the words in sealed state.
pub const NOTE: &str = "invitation";

/// Messages a day of one case, by side.
const CLAIMANT_A_DAY: u32 = 20;
const STAFF_A_DAY: u32 = 60;

/// How somebody reached support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    Chat,
    Phone,
    Email,
}

impl Contact {
    pub const ALL: [Self; 3] = [Self::Chat, Self::Phone, Self::Email];

    /// In forms and in the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// The risk observation that such a contact is.
    #[must_use]
    pub const fn signal(self) -> &'static str {
        match self {
            Self::Chat => "support_chat",
            Self::Phone => "support_phone",
            Self::Email => "support_email",
        }
    }

    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contact| contact.code() == code)
    }
}

/// That support opened the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub contact: Contact,
    pub by: PersonId,
    /// Its link was followed: it opens nothing any more.
    pub followed: bool,
}

/// What a member of support asks to have sent. Personal data: it goes to sealed state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    pub contact: Contact,
    /// As the caller says it. The link goes to what the host has on file for it, and nowhere if that is nothing.
    pub address: String,
    pub note: String,
}

/// The state of a case's conversation, as the record tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Messages so far.
    pub written: u32,
    /// Since when a message of the claimant's has no answer.
    pub asked: Option<At>,
}

impl Conversation {
    #[must_use]
    pub(crate) fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// One message. Sealed state only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub at: At,
    pub by: By,
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Enclosure>,
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    pub id: EvidenceId,
    pub blob: BlobId,
    pub bytes: u64,
    pub media: Media,
    pub sha256: crate::ids::Digest,
    /// As the sender's machine called it: display text only (EV-07).
    pub name: String,
}

impl Letter {
    /// What the record keeps of it: an HMAC under the case's key, since words can be guessed (invariant 4).
    #[must_use]
    pub fn commitment(&self, keys: &Keys) -> Tag {
        keys.case_tag("letter", &[&serde_json::to_vec(self).unwrap_or_default()])
    }
}

/// What writing one more message counts against: the case's, each side for itself.
pub(crate) fn bucket(keys: &Keys, case: CaseId, staff: bool) -> Bucket {
    let (side, limit) = if staff {
        ("staff", STAFF_A_DAY)
    } else {
        ("claimant", CLAIMANT_A_DAY)
    };
    Bucket {
        tag: keys.index_tag("letters", &[case.0.as_bytes(), side.as_bytes()]),
        limit,
        window: Span::days(1),
    }
}
