//! Sealing: XChaCha20-Poly1305 with random nonces; the associated data binds a value to its place.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::{StorageError, chance, dense};

/// The first byte of every sealed value: how the rest is to be read.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// A 256-bit key.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn fresh() -> Result<Self, StorageError> {
        Ok(Self::new(chance::bytes()?))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose: HMAC-SHA-256 of the purpose and parts, so that no key serves two.
    pub(crate) fn derive(&self, purpose: &str, parts: &[&[u8]]) -> Self {
        Self::new(readmit_core::cx::tag(&self.0, purpose, parts).0)
    }

    /// Seals bytes for one place.
    pub(crate) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, StorageError> {
        let nonce: [u8; NONCE] = chance::bytes()?;
        let mut sealed = vec![FORMAT];
        sealed.extend_from_slice(&nonce);
        sealed.extend(self.seal_with(&nonce, &place.0, plain)?);
        Ok(sealed)
    }

    /// Opens what was sealed for the same place.
    pub(crate) fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StorageError> {
        let corrupt = StorageError::Corrupt { what: place.1 };
        let Some((&FORMAT, rest)) = sealed.split_first() else {
            return Err(corrupt);
        };
        let Some((nonce, body)) = rest.split_first_chunk::<NONCE>() else {
            return Err(corrupt);
        };
        self.open_with(nonce, &place.0, body).ok_or(corrupt)
    }

    pub(crate) fn seal_json<T: Serialize>(&self, place: &Place, value: &T) -> Result<Vec<u8>, StorageError> {
        let plain = serde_json::to_vec(value).map_err(|_| StorageError::Corrupt { what: place.1 })?;
        self.seal(place, &Zeroizing::new(plain))
    }

    pub(crate) fn open_json<T: DeserializeOwned>(&self, place: &Place, sealed: &[u8]) -> Result<T, StorageError> {
        let plain = self.open(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| StorageError::Corrupt { what: place.1 })
    }

    /// As [`Key::seal_json`], in little room.
    pub(crate) fn seal_state<T: Serialize>(&self, place: &Place, value: &T) -> Result<Vec<u8>, StorageError> {
        let plain = serde_json::to_vec(value).map_err(|_| StorageError::Corrupt { what: place.1 })?;
        self.seal(place, &Zeroizing::new(dense::tighten(&Zeroizing::new(plain))))
    }

    /// What [`Key::seal_state`] sealed, or [`Key::seal_json`] before there was that.
    pub(crate) fn open_state<T: DeserializeOwned>(&self, place: &Place, sealed: &[u8]) -> Result<T, StorageError> {
        let corrupt = || StorageError::Corrupt { what: place.1 };
        let plain = dense::loosen(&self.open(place, sealed)?).map(Zeroizing::new);
        serde_json::from_slice(&plain.ok_or_else(corrupt)?).map_err(|_| corrupt())
    }

    /// One message under a nonce that the caller never uses twice.
    pub(crate) fn seal_with(&self, nonce: &[u8; NONCE], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StorageError> {
        XChaCha20Poly1305::new(&(*self.0).into())
            .encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad })
            .map_err(|_| StorageError::Corrupt { what: "value to seal" })
    }

    pub(crate) fn open_with(&self, nonce: &[u8; NONCE], aad: &[u8], body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        XChaCha20Poly1305::new(&(*self.0).into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad })
            .ok()
            .map(Zeroizing::new)
    }
}

/// Where a sealed value lies: it opens nowhere else.
pub(crate) struct Place(Vec<u8>, &'static str);

impl Place {
    /// `what` names table and column; `row` is the row's key.
    pub(crate) fn new(what: &'static str, row: &[&[u8]]) -> Self {
        let mut aad = Vec::new();
        for part in std::iter::once(&what.as_bytes()).chain(row) {
            aad.extend_from_slice(&(part.len() as u64).to_be_bytes());
            aad.extend_from_slice(part);
        }
        Self(aad, what)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let key = Key::new([7; 32]);
        let here = Place::new("table.column", &[b"a", b"b"]);
        let sealed = key.seal(&here, b"secret").unwrap();
        assert_eq!(key.open(&here, &sealed).unwrap().as_slice(), b"secret");
        assert_ne!(sealed, key.seal(&here, b"secret").unwrap(), "nonces are fresh");
        for elsewhere in [
            Place::new("table.column", &[b"ab", b""]),
            Place::new("table.other", &[b"a", b"b"]),
        ] {
            assert!(key.open(&elsewhere, &sealed).is_err());
        }
        assert!(Key::new([8; 32]).open(&here, &sealed).is_err());
        assert!(key.derive("x", &[]).open(&here, &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(key.open(&here, sealed.get(..cut).unwrap()).is_err());
        }
    }
}
