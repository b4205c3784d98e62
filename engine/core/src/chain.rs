//! The chain of a case: each event row's hash covers the row before it, over the stored bytes.

use sha2::{Digest as _, Sha256};

use crate::ids::{CaseId, Digest};

/// The hash of row `seq` (from 1): SHA-256 over the previous hash, the case, the place, the bytes of the entry and the
/// bytes of the folded state that lie beside it, each length-prefixed. The first row's previous hash is all zero.
#[must_use]
pub fn link(previous: &Digest, case: CaseId, seq: u32, entry: &[u8], state: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(previous.0);
    hash.update(case.0.as_bytes());
    hash.update(seq.to_be_bytes());
    for part in [entry, state] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Digest(hash.finalize().into())
}

/// One stored row, as a verifier reads it.
#[derive(Clone, Debug)]
pub struct Row {
    pub seq: u32,
    pub entry: Vec<u8>,
    pub state: Vec<u8>,
    pub hash: Digest,
}

/// Why a chain does not hold; `seq` is the first row that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("row {seq} is missing or out of order")]
    Order { seq: u32 },
    #[error("row {seq} does not hash to what is stored")]
    Hash { seq: u32 },
    #[error("row {seq} cannot be read")]
    Unreadable { seq: u32 },
    #[error("the state stored in row {seq} is not what its events fold to")]
    State { seq: u32 },
}

/// Verifies a whole case: order, hashes, and that every stored state is what the events fold to.
///
/// # Errors
/// The first [`Broken`] row.
pub fn verify(case: CaseId, rows: &[Row]) -> Result<(), Broken> {
    let mut previous = Digest::default();
    let mut folded = crate::evolve::blank(case);
    for (row, seq) in rows.iter().zip(1..) {
        if row.seq != seq {
            return Err(Broken::Order { seq });
        }
        if link(&previous, case, seq, &row.entry, &row.state) != row.hash {
            return Err(Broken::Hash { seq });
        }
        let entry: crate::evolve::Entry = serde_json::from_slice(&row.entry).map_err(|_| Broken::Unreadable { seq })?;
        folded = crate::evolve::evolve(folded, &entry);
        let stored: crate::case::Case = serde_json::from_slice(&row.state).map_err(|_| Broken::Unreadable { seq })?;
        if stored != folded {
            return Err(Broken::State { seq });
        }
        previous = row.hash;
    }
    Ok(())
}
