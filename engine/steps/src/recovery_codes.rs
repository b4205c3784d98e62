//! Codes that the owner saved on paper: ten, each of 80 random bits, each good once, kept as hashes (SC-01).

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How many are made together.
pub(crate) const COUNT: u8 = 10;
/// Bytes of one: 16 symbols of base 32. More than the 64 bits that a saved code must have, so that a plain hash hides it.
const BYTES: usize = 10;

/// What is kept: SHA-256 of every code not used yet, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Codes {
    sha256: Vec<String>,
}

impl Codes {
    /// New codes, as they are shown once, and as they are kept.
    pub(crate) fn new(random: impl Fn(u64) -> [u8; 32]) -> (Vec<String>, Self) {
        let shown: Vec<String> = (0..u64::from(COUNT)).map(|n| written(random(n))).collect();
        let sha256 = shown.iter().map(|code| hash(code)).collect();
        (shown, Self { sha256 })
    }

    /// How many are not used yet.
    pub(crate) fn left(&self) -> u8 {
        u8::try_from(self.sha256.len()).unwrap_or(u8::MAX)
    }

    /// Takes the code out, if it is one of them.
    pub(crate) fn strike(&mut self, typed: &str) -> Option<()> {
        let hash = hash(typed);
        let place = self.sha256.iter().position(|kept| *kept == hash)?;
        self.sha256.remove(place);
        Some(())
    }
}

/// `abcd-efgh-ijkl-mnop`.
fn written(random: [u8; 32]) -> String {
    let bytes: Vec<u8> = random.into_iter().take(BYTES).collect();
    let symbols: Vec<char> = data_encoding::BASE32_NOPAD
        .encode(&bytes)
        .to_lowercase()
        .chars()
        .collect();
    let groups: Vec<String> = symbols.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Of the letters and digits alone, upper and lower case alike: that is how people copy codes.
fn hash(code: &str) -> String {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(bare.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SC-01: a saved code has at least 64 bits, is kept hashed, and is good once however it is typed.
    #[test]
    fn sc_01_a_saved_code_is_good_once() {
        let (shown, mut kept) = Codes::new(|n| [n as u8 + 1; 32]);
        assert_eq!(shown.len(), 10);
        assert_eq!(shown.first().map(String::len), Some(19));
        let text = serde_json::to_string(&kept).unwrap_or_default();
        assert!(shown.iter().all(|code| !text.contains(&code.replace('-', ""))));
        for code in &shown {
            assert_eq!(kept.strike(&code.to_uppercase().replace('-', " ")), Some(()));
            assert_eq!(kept.strike(code), None, "used");
        }
        assert_eq!(kept.strike(""), None);
    }
}
