//! One-time codes: derived, never stored (OT-05). `decide` derives one to compare, the worker to send.

use subtle::ConstantTimeEq as _;

use crate::cx::Keys;
use crate::ids::{symbol, symbols};
use crate::time::Span;

/// How long the code is good by which somebody comes back to a case (OT-01).
pub const RETURN_LIFE: Span = Span::minutes(10);
/// Its symbols of base 32: 80 bits, where 64 are asked for (SE-06).
const RETURN_SYMBOLS: usize = 16;

/// Which code: the same place always gives the same digits, so that a retried message carries the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// `step` for a step's code: a code of one purpose never fits another (OT-02).
    pub purpose: &'a str,
    /// The step run.
    pub run: u32,
    /// Grows with every "send again"; an older issue's code no longer fits (OT-03).
    pub issue: u32,
    /// Where it is sent, as typed.
    pub address: &'a str,
}

/// The code by which somebody comes back to a case, as it is sent: `7F3K-92QX-A4MN-0TVB`. Derived like a step's code, under
/// the case's key; every visit has codes of its own, so that one that was used never fits again (OT-02).
#[must_use]
pub fn return_code(keys: &Keys, visit: uuid::Uuid, issue: u32, address: &str) -> String {
    let symbols: Vec<char> = return_symbols(keys, visit, issue, address).chars().collect();
    let groups: Vec<String> = symbols.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The symbols of a typed code for coming back, whatever its case, spaces and dashes; `None` when it is no such code.
#[must_use]
pub fn typed_return_code(typed: &str) -> Option<String> {
    symbols(typed).filter(|symbols| symbols.len() == RETURN_SYMBOLS)
}

/// Whether these symbols are the visit's code, in constant time.
#[must_use]
pub fn returns(keys: &Keys, visit: uuid::Uuid, issue: u32, address: &str, symbols: &str) -> bool {
    let right = return_symbols(keys, visit, issue, address);
    right.len() == symbols.len() && bool::from(right.as_bytes().ct_eq(symbols.as_bytes()))
}

fn return_symbols(keys: &Keys, visit: uuid::Uuid, issue: u32, address: &str) -> String {
    let address = keys.address_tag(address);
    let parts: [&[u8]; 3] = [visit.as_bytes(), &issue.to_be_bytes(), &address.0];
    let mac = keys.case_tag("return-code", &parts).0;
    let word = |from: usize| {
        mac.iter()
            .skip(from)
            .take(5)
            .fold(0u64, |word, byte| (word << 8) | u64::from(*byte))
    };
    // Five bytes are eight symbols.
    let places = (0..RETURN_SYMBOLS / 8).flat_map(|part| (0..8).map(move |place| (part * 5, place * 5)));
    places.map(|(from, shift)| symbol(word(from) >> shift)).collect()
}

/// The code of a place: HMAC-SHA-256 under the case's key, truncated as in RFC 4226, section 5.3, leading zeros kept.
#[must_use]
pub fn code(keys: &Keys, place: Place<'_>, digits: u32) -> String {
    let address = keys.address_tag(place.address);
    let parts: [&[u8]; 4] = [
        place.purpose.as_bytes(),
        &place.run.to_be_bytes(),
        &place.issue.to_be_bytes(),
        &address.0,
    ];
    let mac = keys.case_tag("code", &parts).0;
    let offset = usize::from(mac.last().copied().unwrap_or(0) & 0x0f);
    let word = mac
        .iter()
        .skip(offset)
        .take(4)
        .fold(0u32, |word, byte| (word << 8) | u32::from(*byte))
        & 0x7fff_ffff;
    let digits = digits.clamp(6, 9);
    format!("{:0width$}", word % 10u32.pow(digits), width = digits as usize)
}

/// Whether the typed text is the place's code, in constant time; spaces and dashes are how people copy codes.
#[must_use]
pub fn matches(keys: &Keys, place: Place<'_>, digits: u32, typed: &str) -> bool {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right = code(keys, place, digits);
    typed.len() == right.len() && bool::from(typed.as_bytes().ct_eq(right.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(issue: u32) -> Place<'static> {
        Place {
            purpose: "step",
            run: 3,
            issue,
            address: "ada@example.com",
        }
    }

    #[test]
    fn a_code_fits_its_place_only() {
        let keys = Keys {
            case: [7; 32],
            index: [9; 32],
        };
        let right = code(&keys, place(1), 6);
        assert_eq!(right.len(), 6);
        let (first, last) = right.split_at(3);
        assert!(matches(&keys, place(1), 6, &format!(" {first} {last} ")));
        assert!(matches(
            &keys,
            Place {
                address: "ADA@example.com ",
                ..place(1)
            },
            6,
            &right
        ));
        assert!(!matches(&keys, place(2), 6, &right));
        assert!(!matches(
            &keys,
            Place {
                purpose: "return",
                ..place(1)
            },
            6,
            &right
        ));
        assert!(!matches(
            &keys,
            Place {
                address: "eve@example.com",
                ..place(1)
            },
            6,
            &right
        ));
        assert!(!matches(&keys, place(1), 6, ""));
    }

    /// SE-06: a code for coming back has at least 64 bits, however it is typed, and fits its visit, issue and address only.
    #[test]
    fn se_06_a_return_code_has_80_bits_and_forgives_how_it_is_typed() {
        let keys = Keys {
            case: [7; 32],
            index: [9; 32],
        };
        let visit = uuid::Uuid::from_u128(5);
        let code = return_code(&keys, visit, 1, "ada@example.com");
        assert_eq!(code.len(), 19);
        let fits = |visit, issue, address, typed: &str| {
            typed_return_code(typed).is_some_and(|symbols| returns(&keys, visit, issue, address, &symbols))
        };
        let careless = code.replace('0', "o").replace('1', "l");
        for typed in [
            code.clone(),
            code.to_lowercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            format!(" {} ", code.replace('-', "\u{2013}")),
            careless,
        ] {
            assert!(fits(visit, 1, "Ada@example.com", &typed), "{typed}");
        }
        assert!(!fits(visit, 2, "ada@example.com", &code));
        assert!(!fits(uuid::Uuid::from_u128(6), 1, "ada@example.com", &code));
        assert!(!fits(visit, 1, "eve@example.com", &code));
        assert_eq!(typed_return_code("123456"), None, "no code, and so no try");
        assert_eq!(typed_return_code("UUUU-UUUU-UUUU-UUUU"), None);

        let mut seen = std::collections::BTreeMap::new();
        for visit in 0..4_000u128 {
            let code = return_code(&keys, uuid::Uuid::from_u128(visit), 1, "ada@example.com");
            for (place, symbol) in code.chars().filter(|c| *c != '-').enumerate() {
                *seen.entry((place, symbol)).or_insert(0u32) += 1;
            }
        }
        assert_eq!(seen.len(), 16 * 32, "every symbol in every place");
        assert!(
            seen.values().all(|n| (60..200).contains(n)),
            "each of them about 125 times"
        );
    }

    /// OT-01: digits are evenly spread and leading zeros kept. 20,000 codes, chi-square over the first digit: with 9
    /// degrees of freedom a fair source exceeds 33.7 once in 10,000 runs; keys are fixed, so this never flickers.
    #[test]
    fn ot_01_codes_are_evenly_spread() {
        let keys = Keys {
            case: [1; 32],
            index: [2; 32],
        };
        let mut counts = [0f64; 10];
        let n = 20_000u32;
        for issue in 0..n {
            let digit = code(&keys, place(issue), 6)
                .bytes()
                .next()
                .map_or(0, |b| usize::from(b - b'0'));
            if let Some(count) = counts.get_mut(digit) {
                *count += 1.0;
            }
        }
        let expected = f64::from(n) / 10.0;
        let chi: f64 = counts.iter().map(|c| (c - expected).powi(2) / expected).sum();
        assert!(chi < 33.7, "chi-square {chi}");
    }
}
