//! Personal data and secrets of one case: encrypted by the store under the case's key, beside its events.
//! Events hold only [`Sealed::commitment`]; [`crate::evolve`] never sees this type (invariants 3 and 4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::answers::AccountView;
use crate::conversation::Letter;
use crate::guard::Enrolled;
use crate::ids::{AccountId, Digest, EvidenceId};
use crate::inspection::Copies;
use crate::kind::{FactValue, Facts};
use crate::step_up::StepUp;
use crate::time::At;

/// All that a case knows and may not tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    /// Drawn at the start of the case; makes [`Sealed::commitment`] tell nothing of guessable content.
    pub salt: Vec<u8>,
    /// The account as the host named it; `None` while nobody was asked for, or the address is unknown there.
    pub account: Option<AccountId>,
    /// The e-mail address as typed by the claimant; codes go there.
    pub address: Option<String>,
    /// The account when the first possession proof passed; decides for the rest of the case.
    pub snapshot: Option<Snapshot>,
    /// The account when it was last read again (review entry).
    pub latest: Option<Snapshot>,
    /// Where the owner is told of this case. A notice names a channel by its place in this list.
    pub channels: Vec<Channel>,
    /// Facts learned before the first possession proof: they count, and are shown, only after it.
    pub held: Facts,
    /// What step kinds keep for themselves, by step name.
    pub steps: BTreeMap<String, serde_json::Value>,
    /// A factor that was proven and is kept by the remedy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<Enrolled>,
    /// Recovery codes that were made on the way, for an account that had none: the remedy keeps them, too (SC-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<Enrolled>,
    /// The factor that the claimant chose to have removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removing: Option<uuid::Uuid>,
    /// What the host asked a step-up for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
    /// What claimant and staff wrote to each other, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Letter>,
    /// What people see of files that came with messages, once they were opened; `None` where there is nothing to see.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enclosures: BTreeMap<EvidenceId, Option<Copies>>,
    /// Words of reviewers: the text that the claimant sees, and notes, by task.
    pub words: BTreeMap<String, Words>,
}

/// The account directory's answer at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub at: At,
    pub view: AccountView,
    /// Attributes that the engine derives itself (`disputed`, `other_factor`, …), beside the host's.
    pub derived: BTreeMap<String, FactValue>,
}

impl Snapshot {
    /// The value of `account.NAME`; `None` where the directory gave a value that the vocabulary does not know.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&FactValue> {
        self.derived.get(name).or_else(|| self.view.attributes.get(name))
    }
}

/// One way to reach the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Channel {
    Email {
        address: String,
    },
    Phone {
        number: String,
    },
    /// The host's own pages, in the owner's live sessions: the channel that a stolen mailbox cannot delete.
    Banner,
}

/// What a reviewer wrote with a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub to_claimant: String,
    pub note: String,
}

impl Sealed {
    /// A file that came with a message.
    #[must_use]
    pub fn enclosure(&self, file: EvidenceId) -> Option<&crate::conversation::Enclosure> {
        let mut files = self.letters.iter().flat_map(|letter| &letter.files);
        files.find(|enclosure| enclosure.id == file)
    }

    /// SHA-256 of the serialised content, salt included: what events hold in its place.
    #[must_use]
    pub fn commitment(&self) -> Digest {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        Digest(Sha256::digest(bytes).into())
    }
}
