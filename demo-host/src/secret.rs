//! Random tokens for cookies and links; only their hashes are kept.

use std::io;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// 256 random bits, safe in an address.
#[expect(clippy::disallowed_methods, reason = "the home of chance in this host")]
pub(crate) fn token() -> io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// What the state keeps of a token. The token is random, so that a plain hash tells nothing.
pub(crate) fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}
