//! The texts that come with this build: those of every kind, and those of the workflows.

use readmit_core::texts::{Texts, TextsError};

/// Language, file, content: for [`Texts::load`], together with the files of other crates.
pub type File = (&'static str, &'static str, &'static str);

macro_rules! files {
    ($($name:literal at $path:literal),* $(,)?) => {
        [$(
            ("en", $name, include_str!(concat!($path, "/en.ftl"))),
            ("zh", $name, include_str!(concat!($path, "/zh.ftl"))),
            ("es", $name, include_str!(concat!($path, "/es.ftl"))),
        )*]
    };
}

/// One line a folder of texts.
pub const FILES: [File; 51] = files![
    "face" at "face/texts",
    "agreement" at "agreement/texts",
    "credentials" at "credentials/texts",
    "code" at "code/texts",
    "questions" at "questions/texts",
    "documents" at "documents/texts",
    "review" at "review/texts",
    "status" at "status/texts",
    "wait" at "wait/texts",
    "remedy" at "remedy/texts",
    "factor" at "factor/texts",
    "enrol_totp" at "enrol_totp/texts",
    "enrol_passkey" at "enrol_passkey/texts",
    "enrol_phone" at "enrol_phone/texts",
    "enrol_codes" at "enrol_codes/texts",
    "remove_factor" at "remove_factor/texts",
    "notices" at "notices/texts",
];

/// The texts of the workflows, by name: published with them, and what their files may name.
pub const WORKFLOWS: [File; 15] = files![
    "passkey-reset" at "../../../workflows/passkey-reset/texts",
    "totp-reset" at "../../../workflows/totp-reset/texts",
    "mobile-reset" at "../../../workflows/mobile-reset/texts",
    "password-reset" at "../../../workflows/password-reset/texts",
    "all-factors-reset" at "../../../workflows/all-factors-reset/texts",
];

/// All of them.
///
/// # Errors
/// [`TextsError`]; a test keeps the embedded files right.
pub fn texts() -> Result<Texts, TextsError> {
    Texts::load(FILES.into_iter().chain(WORKFLOWS))
}

#[cfg(test)]
mod tests;
