//! Checksums that addresses carry. A reader takes one letter for another now and then; where a checksum tells what stood
//! there, it is put right, and where it does not, the slip is known for one.

use std::collections::BTreeSet;

use bech32::primitives::decode::UncheckedHrpstring;
use sha3::{Digest as _, Keccak256};

use super::lookalikes::{Lookalikes, Place, each};

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
/// candidates; the case of hexadecimal letters, a bit for each, only that of some dozens, and of few letters nothing.
const SLIPS: usize = 2;
const SLIPS_OF_CASE: usize = 1;
const LETTERS_OF_CASE: usize = 12;

/// A letter that all alphabets have.
const ANY: char = '2';

/// Candidates that were tried. Who draws a page may mean to keep its reader busy, so there is an end to them: for one text, and
/// for all of a page (EV-04).
#[derive(Debug, Default)]
pub(crate) struct Tries {
    of_text: usize,
    of_page: usize,
}

impl Tries {
    pub(crate) const OF_TEXT: usize = 4_000;
    pub(crate) const OF_PAGE: usize = 32_000;

    /// Whether one more may be tried.
    const fn one(&mut self) -> bool {
        let may = self.of_text < Self::OF_TEXT && self.of_page < Self::OF_PAGE;
        if may {
            self.of_text += 1;
            self.of_page += 1;
        }
        may
    }

    #[cfg(test)]
    pub(crate) const fn made(&self) -> usize {
        self.of_page
    }
}

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

    /// The one address that fits its shape, does not fail, and looks like this one, but for as few letters as may be; nothing
    /// where there are several, or too many candidates.
    #[must_use]
    pub(crate) fn mended(
        self,
        text: &str,
        alike: &Lookalikes,
        tries: &mut Tries,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let most = self.slips(text);
        let places = self.places(text, alike, &fits)?;
        tries.of_text = 0;
        for slips in 1..=most {
            let mut standing = BTreeSet::new();
            let all = each(&places, slips, &mut |candidate| {
                let may = tries.one();
                if may && fits(candidate) && self.check(candidate) != Check::Fails {
                    standing.insert(candidate.to_owned());
                }
                may
            });
            if !all || !standing.is_empty() {
                return standing.pop_first().filter(|_| all && standing.is_empty());
            }
        }
        None
    }

    /// How many letters of a text may be put right.
    fn slips(self, text: &str) -> usize {
        let letters = || text.chars().filter(|c| matches!(c, 'a'..='f' | 'A'..='F')).count();
        match self {
            Self::Erc55 if letters() < LETTERS_OF_CASE => 0,
            Self::Erc55 => SLIPS_OF_CASE,
            Self::Base58check | Self::Base58checkRipple | Self::Bech32 => SLIPS,
        }
    }

    /// What each letter may have been; nothing where the length or the head is not that of the shape. Of a head only its last
    /// letter is put right: the first of base58, the `1` of bech32.
    fn places(self, text: &str, alike: &Lookalikes, fits: &impl Fn(&str) -> bool) -> Option<Vec<Place>> {
        let letters: Vec<char> = text.chars().collect();
        let heads = match self {
            Self::Base58check | Self::Base58checkRipple => 1..=1,
            Self::Bech32 => 3..=7,
            Self::Erc55 => 2..=2,
        };
        let mut heads = heads.filter_map(|length| letters.split_at_checked(length));
        heads.find_map(|(head, body)| {
            let (last, first) = head.split_last()?;
            let begins = |last: char| {
                let rest = std::iter::repeat_n(ANY, body.len());
                fits(&first.iter().copied().chain([last]).chain(rest).collect::<String>())
            };
            let last = Place {
                letter: *last,
                others: alike.of(*last).filter(|other| begins(*other)).collect(),
                wrong: !begins(*last),
            };
            if last.wrong && last.others.is_empty() {
                return None;
            }
            let as_read = |letter: &char| Place {
                letter: *letter,
                others: Vec::new(),
                wrong: false,
            };
            let place = |letter: &char| Place {
                letter: *letter,
                others: self.others(*letter, alike),
                wrong: !self.has(*letter),
            };
            let first = first.iter().map(as_read);
            Some(first.chain([last]).chain(body.iter().map(place)).collect())
        })
    }

    /// Letters of its alphabet that look like this one. Where case is all that a checksum tells by, it does not choose between
    /// several that differ in more.
    fn others(self, letter: char, alike: &Lookalikes) -> Vec<char> {
        let others = alike.of(letter).filter(|other| self.has(*other));
        if self != Self::Erc55 {
            return others.collect();
        }
        let (mut case, more): (Vec<char>, Vec<char>) = others.partition(|other| other.eq_ignore_ascii_case(&letter));
        if more.len() == 1 {
            case.extend(more);
        }
        case
    }

    /// Whether a letter is of its alphabet.
    fn has(self, letter: char) -> bool {
        match self {
            Self::Base58check | Self::Base58checkRipple => {
                letter.is_ascii_alphanumeric() && !matches!(letter, '0' | 'O' | 'I' | 'l')
            }
            Self::Bech32 => "qpzry9x8gf2tvdw0s3jn54khce6mua7l".contains(letter),
            Self::Erc55 => letter.is_ascii_hexdigit(),
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
                "bclqw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                "lA1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
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
            let shaped = shared.shape(read, &mut Tries::default()).unwrap();
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
            let shaped = shared.shape(read, &mut Tries::default()).unwrap();
            assert_eq!((shaped.text.as_str(), shaped.check), (read, Check::Fails), "{read}");
        }
        // A long number or name is no address because letters of it look like others.
        for read in ["1202611100512070834000129", "AOOIIlloo0011OOIIlloo0011OOII"] {
            assert!(shared.shape(read, &mut Tries::default()).is_none(), "{read}");
        }
    }
    /// The case of few letters passes by chance once in some dozens, so it chooses nothing.
    #[test]
    fn case_tells_only_where_there_are_letters_enough() {
        let shared = shared();
        let digits = "52908400098527886503708069857024169337";
        let cased = |body: &str| {
            let all = (0..1 << body.chars().filter(char::is_ascii_alphabetic).count()).map(|bits: u32| {
                let mut letter = 0;
                let put = body.chars().map(|c| {
                    letter += u32::from(c.is_ascii_alphabetic());
                    let upper = c.is_ascii_alphabetic() && bits >> (letter - 1) & 1 == 1;
                    if upper { c.to_ascii_uppercase() } else { c }
                });
                format!("0x{}", put.collect::<String>())
            });
            all.collect::<Vec<String>>()
        };
        let few = cased(&format!("{digits}cb"));
        let mut mixed = few.iter().filter(|text| Checksum::Erc55.check(text) != Check::None);
        assert!(mixed.clone().count() == 2);
        assert!(mixed.all(|text| {
            let shaped = shared.shape(text, &mut Tries::default()).unwrap();
            shaped.text == *text && shaped.check == Checksum::Erc55.check(text)
        }));
    }

    /// An address of one case carries no checksum, and one letter of the other case is a slip.
    #[test]
    fn one_capital_among_small_letters_is_put_right() {
        let shared = shared();
        for (read, stood) in [
            (
                "0x5aaeb6053f3e94C9b9a09f33669435e7ef1beaed",
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            ),
            (
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1BeaeD",
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1BeaeD",
            ),
            (
                "0x5AAEB6053F3E94c9B9A09F33669435E7EF1BEAED",
                "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
            ),
            (
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeE",
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeE",
            ),
        ] {
            let shaped = shared.shape(read, &mut Tries::default()).unwrap();
            let check = if read == stood { Check::Fails } else { Check::None };
            assert_eq!((shaped.text.as_str(), shaped.check), (stood, check), "{read}");
        }
    }

    /// Addresses of Waves and Decred look like Bitcoin's and Dogecoin's, and carry other checksums.
    #[test]
    fn addresses_of_other_houses_are_not_held_against_a_checksum_of_bitcoin() {
        let shared = shared();
        for address in [
            "3PJaDyprvekvPXPuAtxrapacuDJopgJRaU3",
            "3P274YB5qseSE9DTTL3bpSjosZrYBPDpJ8k",
            "DsUZxxoHJSty8DCfwfartwTYbuhmVct7tJu",
            "DcuQKx8BES9wU7C6Q5VmLBjw436r27hayjS",
        ] {
            assert_eq!(Checksum::Base58check.check(address), Check::Fails, "{address}");
            let shaped = shared.shape(address, &mut Tries::default()).unwrap();
            assert_eq!((shaped.text.as_str(), shaped.check), (address, Check::None));
        }
        let slip = "3P98t1WpEZ73CNmQviecrnyiWrnqRhWNLy";
        let shaped = shared.shape(slip, &mut Tries::default()).unwrap();
        assert_eq!(shaped.check, Check::Fails, "one of 34 letters is Bitcoin's");
    }
}
