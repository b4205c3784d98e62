//! Checksums that addresses carry. A reader takes one letter for another now and then; where a checksum tells what stood
//! there, it is put right, and where it does not, the slip is known for one.

use std::collections::BTreeSet;

use bech32::primitives::decode::UncheckedHrpstring;
use sha3::{Digest as _, Keccak256};

use super::lookalikes::Lookalikes;

/// How an address carries its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Checksum {
    /// Base58 with four bytes of a double SHA-256: Bitcoin, Litecoin, Dogecoin, Dash, Tron.
    Base58check,
    /// The same in the alphabet of the XRP Ledger.
    Base58checkRipple,
    /// BIP 173 and BIP 350.
    Bech32,
    /// ERC-55: the case of hexadecimal letters. One case throughout carries none.
    Erc55,
}

/// What a checksum says of an address as it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Check {
    /// It carries none.
    #[default]
    None,
    Passes,
    Fails,
}

/// Letters that may be mistaken in one address. A checksum of 30 bits or more tells the right one of some thousands of
/// candidates; the case of hexadecimal letters, a bit for each, only that of some dozens.
const SLIPS: usize = 2;
const SLIPS_OF_CASE: usize = 1;

impl Checksum {
    #[must_use]
    pub(crate) fn check(self, text: &str) -> Check {
        let passes = match self {
            Self::Base58check => bs58::decode(text).with_check(None).into_vec().is_ok(),
            Self::Base58checkRipple => {
                let decode = bs58::decode(text).with_alphabet(bs58::Alphabet::RIPPLE);
                decode.with_check(None).into_vec().is_ok()
            }
            Self::Bech32 => UncheckedHrpstring::new(text).is_ok_and(|read| {
                read.has_valid_checksum::<bech32::Bech32>() || read.has_valid_checksum::<bech32::Bech32m>()
            }),
            Self::Erc55 => match erc_55(text) {
                Some(passes) => passes,
                None => return Check::None,
            },
        };
        if passes { Check::Passes } else { Check::Fails }
    }

    /// The one address that fits its shape, passes, and looks like this one, but for as few letters as may be; nothing where
    /// there are several.
    #[must_use]
    pub(crate) fn mended(self, text: &str, alike: &Lookalikes, fits: impl Fn(&str) -> bool) -> Option<String> {
        let most = if self == Self::Erc55 { SLIPS_OF_CASE } else { SLIPS };
        let mut slips = 1;
        loop {
            let mut passing = BTreeSet::new();
            alike.each(text, slips, &mut |candidate| {
                if fits(candidate) && self.check(candidate) == Check::Passes {
                    passing.insert(candidate.to_owned());
                }
            });
            if !passing.is_empty() || slips == most {
                return passing.pop_first().filter(|_| passing.is_empty());
            }
            slips += 1;
        }
    }
}

/// Whether the case of its letters is that of ERC-55; nothing where they are all of one case.
fn erc_55(text: &str) -> Option<bool> {
    let digits = text.strip_prefix("0x")?;
    let has = |case: fn(&char) -> bool| digits.chars().any(|c| case(&c));
    if !has(char::is_ascii_lowercase) || !has(char::is_ascii_uppercase) {
        return None;
    }
    let hash = Keccak256::digest(digits.to_ascii_lowercase());
    let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut letters = digits.chars().zip(halves).filter(|(c, _)| c.is_ascii_alphabetic());
    Some(letters.all(|(c, half)| c.is_ascii_uppercase() == (half >= 8)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pack::samples::shared;

    /// Addresses that everybody knows: Bitcoin's first block, examples of BIP 173 and BIP 350, of ERC-55 and of the XRP Ledger,
    /// and a token's contract at Tron.
    const KNOWN: [(&str, Checksum); 12] = [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Checksum::Base58check),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", Checksum::Base58check),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", Checksum::Base58check),
        ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", Checksum::Base58checkRipple),
        ("rrrrrrrrrrrrrrrrrrrrrhoLvTp", Checksum::Base58checkRipple),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", Checksum::Bech32),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            Checksum::Bech32,
        ),
        ("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", Checksum::Bech32),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", Checksum::Erc55),
        ("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", Checksum::Erc55),
        ("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", Checksum::Erc55),
        ("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", Checksum::Erc55),
    ];

    #[test]
    fn known_addresses_pass_and_any_other_letter_fails() {
        for (address, checksum) in KNOWN {
            assert_eq!(checksum.check(address), Check::Passes, "{address}");
            for (at, letter) in address.char_indices().skip(4) {
                let other = if letter.is_ascii_digit() { '3' } else { 'a' };
                let mut slip = address.to_owned();
                slip.replace_range(at..=at, &other.to_string());
                if !slip.eq_ignore_ascii_case(address) {
                    assert_eq!(checksum.check(&slip), Check::Fails, "{address}: {slip}");
                }
            }
        }
        for plain in ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x52908400098527886E"] {
            assert_eq!(Checksum::Erc55.check(plain), Check::None, "{plain}");
        }
    }

    /// A slip or two of the usual kind are put right, whether the alphabet has the wrong letter or not.
    #[test]
    fn slips_are_put_right_where_one_address_passes() {
        let shared = shared();
        for (read, stood) in [
            (
                "1AlzP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ),
            (
                "1A1zP1eP5QGefi2DMPTfTL55Lmv7DivfNa",
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ),
            (
                "1A1zPIeP5OGefi2DMPTfTL5SLmv7DivfNa",
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ),
            (
                "TR7NHqjeKQxGTCiBqBZY4pL8otSzgjLj6t",
                "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
            ),
            (
                "TR7NHqjeKQxGTCi8q8ZY4pL80tSzgjLj6t",
                "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
            ),
            (
                "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTb",
                "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
            ),
            (
                "rHb9CJAWyB4rj9lVRWn96DkukG4bwdtyTh",
                "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
            ),
            (
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                "bc1qwS08d6qejxtdg4y5r3zarvaryOc5xw7kv8f3t4",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                "bc1qw508d6gejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef18eAed",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ),
            (
                "0xfB6916095Ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            ),
        ] {
            let shaped = shared.shape(read).unwrap();
            assert_eq!((shaped.text.as_str(), shaped.check), (stood, Check::Passes), "{read}");
        }
    }

    /// More slips than that, or of another kind, are known for slips and left as they were read.
    #[test]
    fn what_cannot_be_told_is_left_as_it_was_read() {
        let shared = shared();
        for read in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "TR7NHqjeKQxGTCiBqBZY4pLBotSzgjLj6t",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3tw",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        ] {
            let shaped = shared.shape(read).unwrap();
            assert_eq!((shaped.text.as_str(), shaped.check), (read, Check::Fails), "{read}");
        }
        // A long number or name is no address because letters of it look like others.
        for read in ["1202611100512070834000129", "AOOIIlloo0011OOIIlloo0011OOII"] {
            assert!(shared.shape(read).is_none(), "{read}");
        }
    }
}
