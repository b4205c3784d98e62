//! "I did not ask": the link in a code mail by which the reader of a mailbox has no more codes sent there for a week.
//!
//! `base32(address tag 32 B ‖ MAC 16 B)`, lower case, no padding: 77 symbols. It names an address, not a case: whoever
//! asks next begins another case. Both halves are HMACs under the installation's key, so that nobody makes a link for an
//! address, nor reads the address from a link.

use subtle::ConstantTimeEq as _;

use crate::cx::Keys;
use crate::ids::Tag;
use crate::time::Span;

/// How long no code goes to the address.
pub const LASTS: Span = Span::days(7);

const MAC: usize = 16;

/// What an address is remembered by; upper and lower case are alike.
#[must_use]
pub fn tag_of(keys: &Keys, address: &str) -> Tag {
    keys.index_tag("quiet", &[&keys.address_tag(address).0])
}

/// The token of the link in mails to an address.
#[must_use]
pub fn token(keys: &Keys, address: &str) -> String {
    let tag = tag_of(keys, address);
    let mut bytes = tag.0.to_vec();
    bytes.extend(mac(keys, tag));
    data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()
}

/// The address that a token was made for; `None` for a token that is not ours. In constant time.
#[must_use]
pub fn read(keys: &Keys, token: &str) -> Option<Tag> {
    let bytes = data_encoding::BASE32_NOPAD
        .decode(token.to_uppercase().as_bytes())
        .ok()?;
    let (tag, given) = bytes.split_first_chunk::<32>()?;
    let tag = Tag(*tag);
    bool::from(given.ct_eq(&mac(keys, tag))).then_some(tag)
}

fn mac(keys: &Keys, tag: Tag) -> Vec<u8> {
    let whole = keys.index_tag("quiet-link", &[&tag.0]).0;
    whole.into_iter().take(MAC).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keys(index: u8) -> Keys {
        Keys {
            case: [1; 32],
            index: [index; 32],
        }
    }

    /// RL-05: a link silences the address that it was sent to, and no other.
    #[test]
    fn rl_05_a_link_names_its_address_only() {
        let token = token(&keys(9), "ada@example.com");
        assert_eq!(token.len(), 77);
        let ada = tag_of(&keys(9), "Ada@example.com");
        assert_eq!(read(&keys(9), &token), Some(ada));
        assert_eq!(
            read(&keys(9), &token.to_uppercase()),
            Some(ada),
            "as mail programs write it"
        );
        assert_ne!(tag_of(&keys(9), "eve@example.com"), ada);
        assert_eq!(read(&keys(8), &token), None, "another installation's");
        for place in 0..token.len() - 1 {
            let mut changed = token.clone().into_bytes();
            let symbol = changed.get_mut(place).unwrap();
            *symbol = if *symbol == b'a' { b'b' } else { b'a' };
            assert_eq!(
                read(&keys(9), &String::from_utf8(changed).unwrap()),
                None,
                "symbol {place}"
            );
        }
        for wrong in ["", "a", "ä", &token[1..], &format!("{token}aa")] {
            assert_eq!(read(&keys(9), wrong), None, "{wrong}");
        }
    }
}
