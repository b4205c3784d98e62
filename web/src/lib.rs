//! What both faces share: the frame of a page, sessions, form tokens, errors, headers, uploads, static files.
//!
//! [`envelope()`] goes around every request; [`routes::mount`] mounts a face's route table under its host name.
//! A handler takes a [`Caller`], a session extractor, and answers a page or a [`PageError`].
//!
//! Deliberately absent: any decision about a case (that is `readmit-core`) and any page of a face of its own.

mod app;
pub mod assets;
mod caller;
mod envelope;
mod error;
pub mod forms;
mod frame;
mod headers;
mod locale;
mod markup;
mod network;
mod origins;
mod request_id;
pub mod routes;
pub mod session;
mod site;
pub mod upload;

pub use app::{App, HostApi};
pub use caller::{Caller, Guest};
pub use envelope::envelope;
pub use error::PageError;
pub use forms::{FormKey, Holder};
pub use frame::{ClaimantPage, StaffPage};
pub use locale::{LANGUAGES, Language, Theme};
pub use markup::Markup;
pub use origins::{Face, NotAnOrigin, Origin, Origins, SharedHost};
pub use request_id::RequestId;
pub use session::{Anyone, ClaimantSession, Permission, Staff};

/// The texts of this crate, by language and file name, for [`readmit_core::texts::Texts::load`].
pub const TEXTS: [(&str, &str, &str); 3] = [
    ("en", "web/en.ftl", include_str!("../texts/en.ftl")),
    ("zh", "web/zh.ftl", include_str!("../texts/zh.ftl")),
    ("es", "web/es.ftl", include_str!("../texts/es.ftl")),
];
