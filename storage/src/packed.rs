//! Event rows in little room. What happened and the case folded after it are JSON that repeats itself, from row to row and
//! within one; together they are packed against a fixed dictionary. The chain's hashes are over the JSON, not over this.

use std::cell::RefCell;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::StorageError;
use crate::dense::{BETWEEN, condense, expand_part};

/// The first byte of a packed row: how the rest is to be read. An entry that was never packed begins with `{`.
const FORMAT: u8 = 1;

/// What rows are made of, by how much a row gains from it, the most last. Never changed: another one is another format.
const DICTIONARY: &[u8] = include_bytes!("packed.dictionary");

/// Of Zstandard (RFC 8878): a higher one takes twice as long for a tenth less.
const LEVEL: i32 = 3;

/// Bytes: the most that one row holds once it is unpacked.
const MOST: u64 = 16 << 20;

static TO_PACK: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static TO_UNPACK: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packs an event row's entry and state.
pub(crate) fn pack(entry: &[u8], state: &[u8]) -> Result<Vec<u8>, StorageError> {
    let mut dense = Vec::with_capacity(entry.len() + state.len());
    condense(entry, &[], &mut dense);
    dense.push(BETWEEN);
    condense(state, &[], &mut dense);
    if dense.len() as u64 > MOST {
        return Err(StorageError::Corrupt { what: "event to store" });
    }
    let packed = PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(packer) => packer,
            None => packer.insert(Compressor::with_prepared_dictionary(&TO_PACK)?),
        };
        packer.compress(&dense)
    });
    let mut row = vec![FORMAT];
    row.extend(packed.map_err(StorageError::Io)?);
    Ok(row)
}

/// An event row's entry and state, from what the columns of these names hold. Of a packed row the second holds nothing.
pub(crate) fn unpack(entry: Vec<u8>, state: Vec<u8>) -> Result<(Vec<u8>, Vec<u8>), StorageError> {
    let corrupt = StorageError::Corrupt { what: "event" };
    let Some((&FORMAT, packed)) = entry.split_first() else {
        return Ok((entry, state));
    };
    if !state.is_empty() {
        return Err(corrupt);
    }
    let size = match zstd::zstd_safe::get_frame_content_size(packed) {
        Ok(Some(size)) if size <= MOST => usize::try_from(size).unwrap_or_default(),
        _ => return Err(corrupt),
    };
    let dense = UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(Decompressor::with_prepared_dictionary(&TO_UNPACK)?),
        };
        unpacker.decompress(packed, size)
    });
    dense.ok().and_then(|dense| expand(&dense)).ok_or(corrupt)
}

/// Entry and state again; `None` when this was never condensed.
fn expand(dense: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (entry, rest) = expand_part(dense, &[])?;
    let (state, rest) = expand_part(rest?, &[])?;
    rest.is_none().then_some((entry, state))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use data_encoding::HEXLOWER;
    use sha2::{Digest as _, Sha256};

    use super::*;

    const ENTRY: &str = r#"{"at":1795808764742950,"key":"01a21e8b-2345-7dc1-a005-c3a4234895be","by":{"by":"claimant"},"events":[{"event":"opened","workflow":"d31cd33b6450815f091015372837dcb1b00b644af434565da34828c9a82fa098","class":"recovery","language":"en","facts":{}}]}"#;
    const STATE: &str = r#"{"id":"01a21e8b-2345-7d3a-afd1-050163c6fe51","version":1,"workflow":"d31cd33b6450815f091015372837dcb1b00b644af434565da34828c9a82fa098","class":"recovery","language":"en","opened":1795808764742950,"now":1795808764742950,"proven":null,"disputed":false}"#;

    fn there_and_back(entry: &str, state: &str) -> usize {
        let packed = pack(entry.as_bytes(), state.as_bytes()).unwrap();
        let (first, second) = unpack(packed.clone(), Vec::new()).unwrap();
        assert_eq!(
            (first.as_slice(), second.as_slice()),
            (entry.as_bytes(), state.as_bytes())
        );
        packed.len()
    }

    #[test]
    fn rows_come_back_byte_by_byte() {
        let packed = there_and_back(ENTRY, STATE);
        assert!(3 * packed < ENTRY.len() + STATE.len(), "{packed} bytes");
        // What only looks like an identifier, a hash or a moment, and what no dictionary has met.
        for odd in [
            "",
            "{}",
            r#"{"a":"01A21E8B-2345-7DC1-A005-C3A4234895BE","b":"01a21e8b-2345-7dc1-a005-c3a4234895bez"}"#,
            r#"{"a":"01a21e8b+2345+7dc1+a005+c3a4234895be","b":1795808764742950.5,"c":[1795808764742950,17958087647429501]}"#,
            r#"{"a":"D31CD33B6450815F091015372837DCB1B00B644AF434565DA34828C9A82FA098","b":0795808764742950}"#,
            r#"{"a":"1795808764742950","b":-1795808764742950,"c":"\u0001\u0002é 漢字 \"01a21e8b-2345-7dc1-a005-c3a4234895be\""}"#,
            r#""01a21e8b-2345-7dc1-a005-c3a4234895be"#,
        ] {
            there_and_back(odd, STATE);
            there_and_back(ENTRY, odd);
        }
        assert_eq!(
            unpack(ENTRY.into(), STATE.into()).unwrap(),
            (ENTRY.into(), STATE.into()),
            "rows from before they were packed"
        );
    }

    #[test]
    fn a_damaged_row_is_an_error() {
        let packed = pack(ENTRY.as_bytes(), STATE.as_bytes()).unwrap();
        for cut in 1..packed.len() {
            assert!(
                unpack(packed.get(..cut).unwrap().to_vec(), Vec::new()).is_err(),
                "{cut}"
            );
        }
        assert!(unpack(packed, STATE.into()).is_err(), "another state beside it");
        assert!(expand(b"no end").is_none() && expand(b"a\0b\0c").is_none() && expand(b"\x01short").is_none());
    }

    /// Rows that lie in databases were packed with these bytes.
    #[test]
    fn the_dictionary_stays_as_it_is() {
        assert_eq!(
            HEXLOWER.encode(&Sha256::digest(DICTIONARY)),
            "b3e4a5ee4f0ee0d10fd7708f41d45b1c54b5c4f8bce6530b272f7e6d6b64b486"
        );
    }
}
