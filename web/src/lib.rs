//! What both faces share: the frame of a page, sessions, form tokens, errors, headers, uploads, static files.
//!
//! [`envelope()`] goes around every request; [`routes::mount`] mounts a face's route table under its host name.
//! A handler takes a [`Caller`], a session extractor, and answers a page or a [`PageError`].
//!
//! Deliberately absent: any decision about a case (that is `readmit-core`) and any page of a face of its own.

pub mod app;
pub mod assets;
pub mod body;
mod caller;
mod envelope;
mod error;
pub mod forms;
mod frame;
mod headers;
mod human;
mod listing;
mod locale;
mod markup;
mod network;
pub mod origins;
pub mod picture;
pub mod posted;
mod refusals;
pub mod reports;
mod request_id;
pub mod routes;
pub mod session;
mod site;
pub mod upload;

pub use app::{App, Check, HostApi, Looking};
pub use caller::{Caller, Guest};
pub use envelope::envelope;
pub use error::PageError;
pub use forms::{FormKey, Holder};
pub use frame::{ClaimantPage, StaffPage};
pub use human::HumanCheck;
pub use locale::{LANGUAGES, Language, Theme};
pub use markup::Markup;
pub use origins::{Face, NotAnOrigin, Origin, Origins, SharedHost};
pub use refusals::Refusals;
pub use reports::Reports;
pub use request_id::RequestId;
pub use session::{Anyone, ClaimantSession, Permission, Staff};

/// The texts of this crate, by language and file name, for [`readmit_core::texts::Texts::load`].
pub const TEXTS: [(&str, &str, &str); 3] = [
    ("en", "web/en.ftl", include_str!("../texts/en.ftl")),
    ("zh", "web/zh.ftl", include_str!("../texts/zh.ftl")),
    ("es", "web/es.ftl", include_str!("../texts/es.ftl")),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every error page has its words, in every language.
    #[test]
    fn every_error_has_a_title_and_a_text() {
        let texts = readmit_core::texts::Texts::load(TEXTS).unwrap();
        for error in [
            PageError::BadRequest,
            PageError::NotFound,
            PageError::MethodNotAllowed,
            PageError::SignedOut,
            PageError::LinkUsed,
            PageError::Forbidden,
            PageError::FormExpired,
            PageError::PictureLink,
            PageError::NotSigned,
            PageError::CrossSite,
            PageError::Stale,
            PageError::Closed,
            PageError::Erased,
            PageError::AlreadyCarriedOut,
            PageError::NotYours,
            PageError::MessageChanged,
            PageError::TooLarge,
            PageError::TooSlow,
            PageError::UnsupportedMedia,
            PageError::TooMany {
                until: readmit_core::time::At(0),
            },
            PageError::Busy,
            PageError::HostAway,
            PageError::Full,
            PageError::Down,
            PageError::internal("x"),
        ] {
            for (language, _) in LANGUAGES {
                for part in ["title", "text"] {
                    let key = format!("error-{}-{part}", error.code());
                    assert!(texts.has(language, &key), "{language}: {key}");
                }
            }
        }
    }

    /// Every way a file is refused has its sentence.
    #[test]
    fn every_fault_of_a_file_has_a_sentence() {
        let texts = readmit_core::texts::Texts::load(TEXTS).unwrap();
        for fault in upload::Fault::all() {
            for (language, _) in LANGUAGES {
                let key = format!("refusal-{}", fault.code());
                assert!(texts.has(language, &key), "{language}: {key}");
            }
        }
    }
}
