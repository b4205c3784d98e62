//! One-time codes: derived, never stored (OT-05). `decide` derives one to compare, the worker to send.

use subtle::ConstantTimeEq as _;

use crate::cx::Keys;
use crate::time::Span;

/// The code by which somebody comes back to a case: how many digits, and how long it is good for (OT-01).
pub const RETURN_DIGITS: u32 = 6;
pub const RETURN_LIFE: Span = Span::minutes(10);

/// Which code: the same place always gives the same digits, so that a retried message carries the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// `step` for a step's code, `return` for coming back to a case: a code of one purpose never fits another (OT-02).
    pub purpose: &'a str,
    /// The step run, or what tells one visit from another.
    pub run: u32,
    /// Grows with every "send again"; an older issue's code no longer fits (OT-03).
    pub issue: u32,
    /// Where it is sent, as typed.
    pub address: &'a str,
}

/// The place of a code by which somebody comes back to a case. Every visit has codes of its own: a code that was used,
/// or sent to another visit, never fits again (OT-02).
#[must_use]
pub fn returning(visit: uuid::Uuid, issue: u32, address: &str) -> Place<'_> {
    Place {
        purpose: "return",
        run: u32::try_from(visit.as_u128() & u128::from(u32::MAX)).unwrap_or_default(),
        issue,
        address,
    }
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
