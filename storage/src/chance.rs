//! Randomness: drawn here and nowhere else in this crate, for nonces, keys, tokens and names.

use uuid::Uuid;

use crate::StorageError;

/// N bytes from the operating system.
///
/// # Errors
/// [`StorageError::Io`] when the system has none to give.
#[expect(clippy::disallowed_methods, reason = "the home of chance in this crate")]
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], StorageError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StorageError::Io(std::io::Error::other(error.to_string())))?;
    Ok(bytes)
}

/// A random UUID (RFC 9562, version 4).
pub(crate) fn uuid() -> Result<Uuid, StorageError> {
    Ok(uuid::Builder::from_random_bytes(bytes()?).into_uuid())
}
