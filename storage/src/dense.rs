//! JSON in little room, by the kind of what it holds and never by what it says: sealed values are as long as what is in them,
//! and their length may tell no more than their shape does.

use data_encoding::HEXLOWER;

// JSON holds no byte below 0x20 (RFC 8259, section 7), so that these can stand for something else in it.
pub(crate) const BETWEEN: u8 = 0;
/// Before 32 bytes: `"` and 64 hexadecimal digits and `"`.
const DIGEST: u8 = 1;
/// Before 16 bytes: `"`, a UUID and `"`.
const UUID: u8 = 2;
/// Its groups' digits (RFC 9562, section 4).
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
/// Before 8 bytes: a number of 16 digits, as a moment has them from 2001 to 2286.
const MOMENT: u8 = 3;
/// Before their number and so many bytes: an array of them, as salts are written.
const BYTES: u8 = 4;
/// As many as are worth it.
const FEWEST: usize = 8;
/// Before a key's place in the table.
const KEY: u8 = 5;
/// The first byte of a sealed state; JSON begins with none below 0x20.
const TIGHT: u8 = 6;

/// What the sealed state of every case is written with, the longer before what it begins with. Lengthened at its end only.
const KEYS: [&str; 38] = [
    r#""snapshot":null,"latest":null,"channels":[],"held":{},"steps":{"#,
    r#""latest":null,"channels":["#,
    r#""held":{},"steps":{"#,
    r#""snapshot":{"at":"#,
    r#""view":{"id":"#,
    r#""derived":{"disputed":"#,
    r#""attributes":{"#,
    r#""salt":"#,
    r#""account":"#,
    r#""address":"#,
    r#""snapshot":"#,
    r#""latest":"#,
    r#""channels":["#,
    r#""held":{"#,
    r#""steps":{"#,
    r#""words":{"#,
    r#""enrolled":"#,
    r#""codes":"#,
    r#""removing":"#,
    r#""step_up":"#,
    r#""letters":["#,
    r#""enclosures":{"#,
    r#""view":"#,
    r#""derived":"#,
    r#""email":"#,
    r#""name":"#,
    r#""language":"#,
    r#""since":"#,
    r#""last_sign_in":"#,
    r#""independent_channel":"#,
    r#""other_factor":"#,
    r#""disputed":"#,
    r#""to_claimant":"#,
    r#""note":"#,
    r#""by":"email","address":"#,
    r#""by":"phone","number":"#,
    r#""by":"banner""#,
    r#""by":"#,
];

/// A case's sealed state, to be sealed.
pub(crate) fn tighten(json: &[u8]) -> Vec<u8> {
    let mut dense = Vec::with_capacity(json.len());
    dense.push(TIGHT);
    condense(json, &KEYS, &mut dense);
    dense
}

/// The JSON again, also of a state that was sealed as such; `None` when it was never [`tighten`]ed.
pub(crate) fn loosen(plain: &[u8]) -> Option<Vec<u8>> {
    let Some((&TIGHT, dense)) = plain.split_first() else {
        return Some(plain.to_vec());
    };
    match expand_part(dense, &KEYS)? {
        (json, None) => Some(json),
        (_, Some(_)) => None,
    }
}

/// What no dictionary knows (identifiers, hashes, moments) as bytes instead of digits, and the keys of the table as two.
pub(crate) fn condense(json: &[u8], keys: &[&str], dense: &mut Vec<u8>) {
    let mut rest = json;
    while let Some((&first, after)) = rest.split_first() {
        let taken = match first {
            b'"' => digest(after, dense)
                .or_else(|| uuid(after, dense))
                .or_else(|| key(rest, keys, dense)),
            b'[' => bytes(after, dense),
            b'1'..=b'9' => moment(rest, dense),
            _ => None,
        };
        rest = taken.unwrap_or_else(|| {
            dense.push(first);
            after
        });
    }
}

/// From behind its first quotation mark; what follows the last.
fn digest<'a>(text: &'a [u8], dense: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (digits, rest) = text.split_first_chunk::<64>()?;
    let rest = rest.strip_prefix(b"\"")?;
    let mut bytes = [0; 32];
    HEXLOWER.decode_mut(digits, &mut bytes).ok()?;
    dense.push(DIGEST);
    dense.extend(bytes);
    Some(rest)
}

/// From behind its first quotation mark; what follows the last.
fn uuid<'a>(text: &'a [u8], dense: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (uuid, rest) = text.split_first_chunk::<36>()?;
    let rest = rest.strip_prefix(b"\"")?;
    let mut bytes = [0; 16];
    let mut places = bytes.chunks_mut(1);
    for (group, digits) in uuid.split(|byte| *byte == b'-').enumerate() {
        if GROUPS.get(group) != Some(&digits.len()) {
            return None;
        }
        for pair in digits.chunks(2) {
            HEXLOWER.decode_mut(pair, places.next()?).ok()?;
        }
    }
    if places.next().is_some() {
        return None;
    }
    dense.push(UUID);
    dense.extend(bytes);
    Some(rest)
}

/// A number of 16 digits that begins here.
fn moment<'a>(text: &'a [u8], dense: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (digits, rest) = text.split_first_chunk::<16>()?;
    let alone = matches!(dense.last(), Some(b':' | b',' | b'[')) && matches!(rest, [b',' | b'}' | b']', ..]);
    if !alone || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    dense.push(MOMENT);
    dense.extend(number.to_be_bytes());
    Some(rest)
}

/// One of the keys, which begins here.
fn key<'a>(text: &'a [u8], keys: &[&str], dense: &mut Vec<u8>) -> Option<&'a [u8]> {
    let place = keys.iter().position(|key| text.starts_with(key.as_bytes()))?;
    dense.extend([KEY, u8::try_from(place).ok()?]);
    text.get(keys.get(place)?.len()..)
}

/// From behind the bracket that opens the array; what follows the one that closes it.
fn bytes<'a>(text: &'a [u8], dense: &mut Vec<u8>) -> Option<&'a [u8]> {
    let end = text
        .iter()
        .take(4 * usize::from(u8::MAX))
        .position(|byte| *byte == b']')?;
    let (numbers, rest) = text.split_at_checked(end)?;
    let number = |digits: &[u8]| {
        let alone = digits == b"0" || matches!(digits.first(), Some(b'1'..=b'9'));
        std::str::from_utf8(digits).ok().filter(|_| alone)?.parse::<u8>().ok()
    };
    let bytes: Vec<u8> = numbers.split(|byte| *byte == b',').map(number).collect::<Option<_>>()?;
    let length = u8::try_from(bytes.len()).ok().filter(|_| bytes.len() >= FEWEST)?;
    dense.extend([BYTES, length]);
    dense.extend(bytes);
    rest.strip_prefix(b"]")
}

/// One part, and what follows it if it has an end.
pub(crate) fn expand_part<'a>(dense: &'a [u8], keys: &[&str]) -> Option<(Vec<u8>, Option<&'a [u8]>)> {
    let mut part = Vec::with_capacity(2 * dense.len());
    let mut rest = dense;
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            BETWEEN => return Some((part, Some(after))),
            DIGEST => {
                let (bytes, left) = after.split_first_chunk::<32>()?;
                part.extend(format!("\"{}\"", HEXLOWER.encode(bytes)).bytes());
                left
            }
            UUID => {
                let (bytes, left) = after.split_first_chunk::<16>()?;
                part.extend(format!("\"{}\"", uuid::Uuid::from_bytes(*bytes).hyphenated()).bytes());
                left
            }
            MOMENT => {
                let (bytes, left) = after.split_first_chunk::<8>()?;
                part.extend(u64::from_be_bytes(*bytes).to_string().bytes());
                left
            }
            BYTES => {
                let (&length, left) = after.split_first()?;
                let (bytes, left) = left.split_at_checked(usize::from(length))?;
                let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
                part.extend(format!("[{}]", numbers.join(",")).bytes());
                left
            }
            KEY => {
                let (&place, left) = after.split_first()?;
                part.extend(keys.get(usize::from(place))?.bytes());
                left
            }
            _ => {
                part.push(first);
                after
            }
        };
    }
    Some((part, None))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::ids::AccountId;
    use readmit_core::sealed::{Channel, Sealed};

    use super::*;

    fn state(salt: u8, account: &str) -> Sealed {
        Sealed {
            salt: vec![salt; 32],
            account: Some(AccountId(account.into())),
            address: Some("ada@example.com".into()),
            channels: vec![Channel::Email {
                address: "ada@example.com".into(),
            }],
            ..Sealed::default()
        }
    }

    fn room(json: &str) -> usize {
        let tight = tighten(json.as_bytes());
        assert_eq!(loosen(&tight).unwrap(), json.as_bytes());
        for cut in 1..tight.len() {
            let _ = loosen(tight.get(..cut).unwrap());
        }
        tight.len()
    }

    #[test]
    fn a_state_comes_back_byte_by_byte() {
        let json = serde_json::to_string(&state(255, "acct-1")).unwrap();
        let tight = room(&json);
        assert!(2 * tight < json.len(), "{tight} of {} bytes", json.len());
        assert_eq!(loosen(json.as_bytes()).unwrap(), json.as_bytes(), "sealed before");
        for odd in [
            "",
            "{}",
            "[1,2,3,4,5,6,7,8]",
            "[01,2,3,4,5,6,7,8]",
            "[1,2,3,4,5,6,7,256]",
            "[1,2,3,4,5,6,7,+8]",
            "[1, 2,3,4,5,6,7,8,9]",
            "[[1,2,3,4,5,6,7,8],[",
            r#"{"salt":"\"salt\":","note":"\u0005","steps":{"salt":"by","by":"banner"}}"#,
        ] {
            room(odd);
        }
        room(&format!("[{}]", ["7"; 300].join(",")));
    }

    /// What is said takes as much room as its letters, whatever was said before.
    #[test]
    fn its_length_tells_nothing_but_its_shape() {
        let of = |salt, account| room(&serde_json::to_string(&state(salt, account)).unwrap());
        assert_eq!(of(7, "acct-1"), of(255, "acct-2"));
        assert_eq!(of(7, "ada@example.com"), of(7, "bob@example.org"), "said twice or not");
    }

    #[test]
    fn what_was_never_tightened_is_refused() {
        for bad in [
            &[TIGHT, KEY, 200][..],
            &[TIGHT, BYTES, 9, 1],
            &[TIGHT, BETWEEN, b'1'],
            &[TIGHT, UUID, 1],
        ] {
            assert!(loosen(bad).is_none(), "{bad:?}");
        }
    }
}
