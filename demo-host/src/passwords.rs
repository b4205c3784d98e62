//! Passwords, hashed with Argon2id. Whether an account exists or not, a question costs one verification.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Hashes and verifies; clones share one dummy.
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    /// Verified against where there is no hash, so that the work is the same.
    dummy: String,
    #[cfg(test)]
    verified: std::sync::atomic::AtomicUsize,
}

/// Argon2 could not hash: out of memory, in practice.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

impl Passwords {
    /// 4 MiB and one pass: a demo with fifty accounts has to start at once. A real host takes its own, larger figures.
    pub(crate) fn new() -> Result<Self, HashError> {
        let params = Params::new(4096, 1, 1, None).map_err(|error| HashError(error.into()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = argon2
            .hash_password(b"nobody's password")
            .map_err(HashError)?
            .to_string();
        Ok(Self(Arc::new(Inner {
            argon2,
            dummy,
            #[cfg(test)]
            verified: 0.into(),
        })))
    }

    pub(crate) fn hash(&self, password: &str) -> Result<String, HashError> {
        Ok(self
            .0
            .argon2
            .hash_password(password.as_bytes())
            .map_err(HashError)?
            .to_string())
    }

    /// Whether `password` fits `hash`; without a hash never, after the same work. Runs beside the event loop.
    pub(crate) async fn fits(&self, hash: Option<String>, password: String) -> bool {
        let all = Arc::clone(&self.0);
        let verify = move || {
            #[cfg(test)]
            all.verified.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let against = hash.as_deref().unwrap_or(&all.dummy);
            let fits = all.argon2.verify_password(password.as_bytes(), against).is_ok();
            fits && hash.is_some()
        };
        tokio::task::spawn_blocking(verify).await.unwrap_or(false)
    }

    #[cfg(test)]
    pub(crate) fn verified(&self) -> usize {
        self.0.verified.load(std::sync::atomic::Ordering::Relaxed)
    }
}
