//! The number of a request: what an error page shows, a log line carries and a letter to support quotes.

use std::fmt;

use readmit_core::cx::Entropy;
use readmit_core::time::At;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `req_01JP5Q8W7C3M9T2N6RXKZ4HVBD`: a UUIDv7 as 26 symbols of Crockford's base 32, so that ids sort by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    #[must_use]
    pub(crate) fn draw(now: At, entropy: &Entropy) -> Self {
        let bits = entropy.uuid(now, "request", 0).as_u128();
        let symbols = (0..26).rev().map(|place| {
            let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
            char::from(CROCKFORD.get(index).copied().unwrap_or(b'0'))
        });
        Self(format!("req_{}", symbols.collect::<String>()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_sort_by_time() {
        let early = RequestId::draw(At(1_700_000_000_000_000), &Entropy([1; 32])).to_string();
        let late = RequestId::draw(At(1_700_000_001_000_000), &Entropy([1; 32])).to_string();
        let other = RequestId::draw(At(1_700_000_000_000_000), &Entropy([2; 32])).to_string();
        assert_eq!(early.len(), 30);
        assert!(early < late && early != other);
    }
}
