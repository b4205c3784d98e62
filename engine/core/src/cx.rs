//! What `decide` may know of the world: handed in, never read (invariant 1).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroize;

use crate::answers::Answers;
use crate::guard::Standing;
use crate::ids::Tag;
use crate::time::At;
use crate::workflow::policy::Policy;

/// The world of one decision. `now` never runs backwards within a case.
pub struct Cx<'a> {
    pub now: At,
    pub entropy: &'a Entropy,
    pub answers: &'a Answers,
    pub standing: &'a Standing,
    pub policy: &'a Policy,
    pub keys: &'a Keys,
    /// Until when the live task's claim holds; renewals touch it without an event.
    pub lease_until: Option<At>,
    /// Whether anything can be sent to a phone.
    pub phones: bool,
    pub by: crate::command::Actor,
}

/// Keys that decisions derive codes and tags with; they come from the key shelf.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub struct Keys {
    /// The case's own: codes, evidence roots. Gone after erasure.
    pub case: [u8; 32],
    /// The installation's: tags that must agree between cases (accounts, addresses, prefixes).
    pub index: [u8; 32],
}

impl Keys {
    /// HMAC-SHA-256 under the case's key over length-prefixed parts.
    #[must_use]
    pub fn case_tag(&self, purpose: &str, parts: &[&[u8]]) -> Tag {
        tag(&self.case, purpose, parts)
    }

    /// HMAC-SHA-256 under the installation's index key over length-prefixed parts.
    #[must_use]
    pub fn index_tag(&self, purpose: &str, parts: &[&[u8]]) -> Tag {
        tag(&self.index, purpose, parts)
    }

    /// The tag of an account; the same in every case.
    #[must_use]
    pub fn account_tag(&self, account: &crate::ids::AccountId) -> Tag {
        self.index_tag("account", &[account.0.as_bytes()])
    }

    /// The tag of an e-mail address, upper and lower case alike.
    #[must_use]
    pub fn address_tag(&self, address: &str) -> Tag {
        self.index_tag("address", &[address.trim().to_lowercase().as_bytes()])
    }
}

/// HMAC-SHA-256 over a purpose and parts, each prefixed by its length so that no two lists collide.
#[must_use]
pub fn tag(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> Tag {
    // RFC 2104: a key shorter than the block is padded with zeros, so this is the same function and cannot fail.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Tag(mac.finalize().into_bytes().into())
}

/// Random bits for one decision, expanded from 32 bytes drawn by the shell: the same seed and label give the same bits,
/// so that a decision taken again after a conflict makes the same identifiers.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub struct Entropy(pub [u8; 32]);

impl Entropy {
    /// 32 bytes for one use.
    #[must_use]
    pub fn bytes(&self, label: &str, index: u64) -> [u8; 32] {
        tag(&self.0, label, &[&index.to_be_bytes()]).0
    }

    /// 64 bits for one use.
    #[must_use]
    pub fn bits(&self, label: &str, index: u64) -> u64 {
        let mut eight = [0; 8];
        for (to, from) in eight.iter_mut().zip(self.bytes(label, index)) {
            *to = from;
        }
        u64::from_be_bytes(eight)
    }

    /// A UUIDv7 (RFC 9562, 5.7) of the given moment.
    #[must_use]
    pub fn uuid(&self, now: At, label: &str, index: u64) -> Uuid {
        let mut ten = [0; 10];
        for (to, from) in ten.iter_mut().zip(self.bytes(label, index)) {
            *to = from;
        }
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(now.0 / 1_000).unwrap_or(0), &ten).into_uuid()
    }
}
