//! Links that authorise by themselves: the owner's veto (RF-11), and the invitation of support (IN-11). A link names a case
//! and a part of it, and proves that we made it, for this purpose.
//!
//! `base32(case id 16 B ‖ part 1 B ‖ tag 16 B)`, lower case, no padding: 53 symbols. The tag is the first half of
//! HMAC-SHA-256 under the case's key, so that erasing the case also ends its links.

use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::cx::Keys;
use crate::ids::CaseId;

const TAG: usize = 16;

/// What a link is for; one of one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Its part is the channel that was told.
    Veto,
    /// Its part is 0.
    Invitation,
}

impl Link {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Veto => "veto",
            Self::Invitation => "invitation",
        }
    }
}

/// The token for one part of one case.
#[must_use]
pub fn token(keys: &Keys, link: Link, case: CaseId, part: u8) -> String {
    let mut bytes = Vec::with_capacity(16 + 1 + TAG);
    bytes.extend_from_slice(case.0.as_bytes());
    bytes.push(part);
    bytes.extend_from_slice(&tag(keys, link, part));
    data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()
}

/// A token as it came: well formed, and not believed before [`Claimed::proven`] says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub case: CaseId,
    pub part: u8,
    tag: [u8; TAG],
}

impl Claimed {
    /// Whether the token was made with these keys for this purpose, in constant time.
    #[must_use]
    pub fn proven(&self, keys: &Keys, link: Link) -> bool {
        self.tag.ct_eq(&tag(keys, link, self.part)).into()
    }
}

/// The text is no such token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token of ours")]
pub struct NotAToken;

impl std::str::FromStr for Claimed {
    type Err = NotAToken;

    /// Upper and lower case are alike: some mail programs change them.
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let bytes = data_encoding::BASE32_NOPAD
            .decode(text.to_uppercase().as_bytes())
            .map_err(|_| NotAToken)?;
        let (case, rest) = bytes.split_first_chunk::<16>().ok_or(NotAToken)?;
        let (part, tag) = rest.split_first().ok_or(NotAToken)?;
        Ok(Self {
            case: CaseId(Uuid::from_bytes(*case)),
            part: *part,
            tag: tag.try_into().map_err(|_| NotAToken)?,
        })
    }
}

fn tag(keys: &Keys, link: Link, part: u8) -> [u8; TAG] {
    let full = keys.case_tag(link.purpose(), &[&[part]]).0;
    let mut half = [0; TAG];
    for (to, from) in half.iter_mut().zip(full) {
        *to = from;
    }
    half
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keys(case: u8) -> Keys {
        Keys {
            case: [case; 32],
            index: [9; 32],
        }
    }

    /// RF-11: a link opens exactly the case and channel it was made for.
    #[test]
    fn rf_11_a_token_proves_its_case_and_channel_only() {
        let case = CaseId(Uuid::from_u128(7));
        let text = token(&keys(1), Link::Veto, case, 2);
        assert_eq!(text.len(), 53);
        let claimed: Claimed = text.to_uppercase().parse().unwrap();
        assert_eq!((claimed.case, claimed.part), (case, 2));
        assert!(claimed.proven(&keys(1), Link::Veto));
        assert!(!claimed.proven(&keys(2), Link::Veto), "another case's key");
        let other = Claimed { part: 1, ..claimed };
        assert!(!other.proven(&keys(1), Link::Veto), "another channel");
        assert!(!claimed.proven(&keys(1), Link::Invitation), "another purpose");
    }

    #[test]
    fn a_changed_token_is_not_believed() {
        let text = token(&keys(1), Link::Veto, CaseId(Uuid::from_u128(7)), 0);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            let symbol = changed.get_mut(place).unwrap();
            *symbol = if *symbol == b'a' { b'b' } else { b'a' };
            let believed = String::from_utf8(changed)
                .unwrap()
                .parse::<Claimed>()
                .is_ok_and(|claimed| {
                    claimed.case == CaseId(Uuid::from_u128(7))
                        && claimed.part == 0
                        && claimed.proven(&keys(1), Link::Veto)
                });
            assert!(!believed, "symbol {place}");
        }
        for wrong in ["", "a", "ä", &text[1..], &format!("{text}aa")] {
            assert!(wrong.parse::<Claimed>().is_err(), "{wrong}");
        }
    }
}
