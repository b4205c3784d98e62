//! Secrets: from the environment, or from a file that only we may read; never from the configuration file itself.

use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use super::ConfigError;

/// A word that is never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(super) fn into_inner(self) -> Zeroizing<String> {
        self.0
    }

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its bytes, where it is a secret as Standard Webhooks writes them: `whsec_` and 24 to 64 bytes in base64.
    pub(crate) fn signing_key(&self) -> Option<Vec<u8>> {
        let encoded = self.0.strip_prefix("whsec_")?;
        let key = BASE64.decode(encoded.as_bytes()).ok()?;
        (24..=64).contains(&key.len()).then_some(key)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// One secret's three names.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) what: &'static str,
    pub(super) variable: &'static str,
    pub(super) setting: &'static str,
}

pub(super) const MASTER_KEY: Name = Name {
    what: "master key",
    variable: "READMIT_MASTER_KEY",
    setting: "master_key_file",
};
/// May hold a password.
pub(super) const DATABASE: Name = Name {
    what: "address of the database",
    variable: "READMIT_DATABASE_URL",
    setting: "storage.database",
};
pub(super) const KEYS: Name = Name {
    what: "address of the key shelf",
    variable: "READMIT_KEYS_URL",
    setting: "storage.keys",
};
pub(super) const S3: Name = Name {
    what: "secret key of the evidence bucket",
    variable: "READMIT_S3_SECRET_KEY",
    setting: "storage.s3.secret_key_file",
};
pub(super) const HOST: Name = Name {
    what: "secret shared with the host",
    variable: "READMIT_HOST_SECRET",
    setting: "host.secret_file",
};
pub(super) const MAIL: Name = Name {
    what: "password of the mail server",
    variable: "READMIT_MAIL_PASSWORD",
    setting: "mail.password_file",
};
pub(super) const SMS: Name = Name {
    what: "token of the SMS gateway",
    variable: "READMIT_SMS_TOKEN",
    setting: "sms.token_file",
};

pub(super) const SMS_CALLBACK: Name = Name {
    what: "secret of the SMS gateway's callbacks",
    variable: "READMIT_SMS_CALLBACK_SECRET",
    setting: "sms.callback.secret_file",
};

/// Where the models lie if nothing says so: MODELS_DIR, as for the command line, or here.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read with the configuration"
)]
pub(crate) fn models_or(here: PathBuf) -> PathBuf {
    std::env::var_os("MODELS_DIR").map_or(here, PathBuf::from)
}

/// The secret, if there is one: the variable wins over the file.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read with the configuration"
)]
pub(super) fn find(name: Name, file: Option<&Path>) -> Result<Option<Secret>, ConfigError> {
    if let Ok(text) = std::env::var(name.variable) {
        return some(name.variable, name.what, &text);
    }
    let Some(path) = file else { return Ok(None) };
    match std::fs::read_to_string(path) {
        Ok(text) => some(name.setting, name.what, &text),
        Err(error) => Err(ConfigError::Value {
            name: name.setting,
            why: format!("the {} cannot be read from {}: {error}", name.what, path.display()),
        }),
    }
}

fn some(name: &'static str, what: &str, text: &str) -> Result<Option<Secret>, ConfigError> {
    match text.trim() {
        "" => Err(ConfigError::Value {
            name,
            why: format!("the {what} is empty"),
        }),
        text => Ok(Some(Secret::new(text.to_owned()))),
    }
}

/// The variable, or what the configuration file says.
pub(super) fn or(name: Name, written: String) -> Result<String, ConfigError> {
    Ok(find(name, None)?.map_or(written, |secret| secret.reveal().to_owned()))
}

pub(super) fn need(name: Name, file: Option<&Path>) -> Result<Secret, ConfigError> {
    find(name, file)?.ok_or(ConfigError::NoSecret {
        what: name.what,
        variable: name.variable,
        setting: name.setting,
    })
}

/// The secret that signs what goes between the host and us.
pub(super) fn shared(file: Option<&Path>) -> Result<Secret, ConfigError> {
    let secret = need(HOST, file)?;
    match secret.signing_key() {
        Some(_) => Ok(secret),
        None => Err(ConfigError::Value {
            name: HOST.setting,
            why: format!("the {} must be whsec_ and 24 to 64 bytes in base64", HOST.what),
        }),
    }
}

/// A token that goes into a header.
pub(super) fn token(name: Name, file: Option<&Path>) -> Result<Option<Secret>, ConfigError> {
    let token = find(name, file)?;
    match &token {
        Some(token) if !token.reveal().bytes().all(|byte| byte.is_ascii_graphic()) => Err(ConfigError::Value {
            name: name.setting,
            why: format!("the {} has letters, digits and signs only", name.what),
        }),
        _ => Ok(token),
    }
}

/// The master key that a file holds.
///
/// # Errors
/// [`ConfigError`]: it cannot be read, or is none.
pub(crate) fn key_in(file: &Path) -> Result<[u8; 32], ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
        path: file.to_owned(),
        error,
    })?;
    key(&Secret::new(text.trim().to_owned()), "--to")
}

/// The master key, from the variable or the file.
pub(super) fn master_key(file: Option<&Path>) -> Result<[u8; 32], ConfigError> {
    match find(MASTER_KEY, None)? {
        Some(secret) => key(&secret, MASTER_KEY.variable),
        None => key(&need(MASTER_KEY, file)?, MASTER_KEY.setting),
    }
}

/// 32 bytes, as 64 hexadecimal digits or in base64; a fault is told of the place that they stand in.
fn key(secret: &Secret, place: &'static str) -> Result<[u8; 32], ConfigError> {
    let text = secret.reveal().as_bytes();
    HEXLOWER_PERMISSIVE
        .decode(text)
        .or_else(|_| BASE64.decode(text))
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| ConfigError::Value {
            name: place,
            why: "the master key must be 32 bytes, as 64 hexadecimal digits or in base64".into(),
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_32_bytes() {
        let key_of = |text: &str| key(&Secret::new(text.into()), "here").ok();
        assert_eq!(key_of(&"0a".repeat(32)), Some([10; 32]));
        assert_eq!(key_of(&BASE64.encode(&[7; 32])), Some([7; 32]));
        for wrong in ["", "0a", &"0a".repeat(31), &"zz".repeat(32)] {
            assert_eq!(key_of(wrong), None, "{wrong}");
        }
        assert!(!format!("{:?}", Secret::new("hush".into())).contains("hush"));
    }
}
