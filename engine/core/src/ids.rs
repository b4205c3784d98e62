//! Identifiers. Each is parsed once, at the edge, and trusted from there on.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id!(/// A case, for machines; people see its [`CaseRef`].
    CaseId);
uuid_id!(/// A job row.
    JobId);
uuid_id!(/// A human work item.
    TaskId);
uuid_id!(/// A member of staff.
    PersonId);
uuid_id!(/// One uploaded file as part of a case.
    EvidenceId);
uuid_id!(/// A stored object: random, never derived from its content (EV-07).
    BlobId);
uuid_id!(/// The idempotency key of one request; the per-form token for pages, the job id for jobs.
    RequestKey);

/// The host's own identifier of an account. Personal data: it lives in sealed state only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub String);

/// A keyed digest (HMAC-SHA-256) of something guessable: an account, an address, a client prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub [u8; 32]);

/// A SHA-256 digest: of a workflow, a policy, an event row, a decision message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

macro_rules! hex32 {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = NotHex;
            fn from_str(text: &str) -> Result<Self, NotHex> {
                let bytes = data_encoding::HEXLOWER_PERMISSIVE
                    .decode(text.as_bytes())
                    .map_err(|_| NotHex)?;
                bytes.try_into().map(Self).map_err(|_| NotHex)
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

hex32!(Tag);
hex32!(Digest);

impl Digest {
    /// SHA-256 of a file, which names its version.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }
}

/// The text was not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct NotHex;

/// What people call a case: `RC-7F3K-92QX`. Eight symbols of Crockford's base 32 (no I, L, O, U): 40 bits.
/// It opens nothing by itself (SE-06): every page behind it asks for a proof first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseRef([u8; 8]);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Crockford's symbol of the lowest five bits.
pub(crate) fn symbol(bits: u64) -> char {
    CROCKFORD
        .get((bits & 31) as usize)
        .map_or('0', |symbol| char::from(*symbol))
}

/// The symbols of a typed text, forgiving, as people type them: any case, with or without dashes and spaces; O reads as 0,
/// I and L as 1. `None` where something is no symbol.
pub(crate) fn symbols(typed: &str) -> Option<String> {
    let bare = typed.chars().filter(char::is_ascii_alphanumeric);
    bare.map(|c| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        'U' => None,
        other => Some(other),
    })
    .collect()
}

impl CaseRef {
    /// A reference from 40 random bits.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let mut symbols = [b'0'; 8];
        for (place, symbol) in symbols.iter_mut().enumerate() {
            *symbol = self::symbol(bits >> (5 * place)) as u8;
        }
        Self(symbols)
    }
}

impl fmt::Display for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.0);
        let (first, last) = text.split_at(4);
        write!(f, "RC-{first}-{last}")
    }
}

/// The text is not a case reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case reference looks like RC-7F3K-92QX")]
pub struct NotAReference;

impl std::str::FromStr for CaseRef {
    type Err = NotAReference;

    /// Forgiving, as people type it, with or without `RC`.
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let whole = symbols(text).ok_or(NotAReference)?;
        let body = if whole.len() == 10 {
            whole.strip_prefix("RC").unwrap_or(&whole)
        } else {
            &whole
        };
        body.as_bytes().try_into().map(Self).map_err(|_| NotAReference)
    }
}

impl Serialize for CaseRef {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseRef {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_reads_back_however_it_is_typed() {
        let reference = CaseRef::from_bits(0x00_12_34_56_78_9A);
        let text = reference.to_string();
        assert_eq!(text.len(), 12);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.trim_start_matches("RC-").into(),
        ] {
            assert_eq!(typed.parse::<CaseRef>().unwrap(), reference, "{typed}");
        }
        assert_eq!("RC-OIL0-0000".parse::<CaseRef>().unwrap().to_string(), "RC-0110-0000");
        assert!("RC-7F3K-92Q".parse::<CaseRef>().is_err());
        assert!("RC-7F3K-92QU".parse::<CaseRef>().is_err());
    }
}
