//! The kinds of steps that workflows are made of: one folder a kind with its logic, its pages' fragments and its texts.
//!
//! A new kind touches its own folder, one line in `KINDS` and, for its texts, one in `texts.rs` (invariant 12).
//!
//! Deliberately absent: requests, sessions and storage. A kind is asked and answers; it does nothing.

pub mod agreement;
mod challenge;
pub mod code;
mod config;
mod counters;
pub mod credentials;
pub mod decision;
pub mod documents;
pub mod enrol_codes;
pub mod enrol_passkey;
pub mod enrol_phone;
pub mod enrol_totp;
pub mod face;
pub mod factor;
pub mod notices;
mod otp;
pub mod questions;
mod recovery_codes;
pub mod redeemed;
pub mod remedy;
pub mod remove_factor;
pub mod review;
#[cfg(test)]
mod shipped;
pub mod status;
#[cfg(test)]
mod support;
pub mod texts;
pub mod wait;
pub mod words;

pub use face::{Brand, ClaimantView, Face, Form, Fragment, ReviewerView, Stage};
use readmit_core::kind::{Kinds, StepKind};

/// Every kind that this build knows.
static KINDS: [&dyn Face; 18] = [
    &agreement::Agreement,
    &credentials::Credentials,
    &code::Code,
    &questions::Questions,
    &documents::Documents,
    &review::Review,
    &decision::Decision,
    &wait::Wait,
    &remedy::Remedy,
    &factor::ANY,
    &factor::PASSKEY,
    &factor::TOTP,
    &factor::RECOVERY_CODE,
    &enrol_totp::EnrolTotp,
    &enrol_passkey::EnrolPasskey,
    &enrol_phone::EnrolPhone,
    &enrol_codes::EnrolCodes,
    &remove_factor::RemoveFactor,
];

struct Registry;

impl Kinds for Registry {
    fn get(&self, name: &str) -> Option<&dyn StepKind> {
        face(name).map(|kind| kind as &dyn StepKind)
    }
}

/// The logic of every kind.
#[must_use]
pub fn kinds() -> &'static dyn Kinds {
    &Registry
}

/// A kind with its fragments.
#[must_use]
pub fn face(name: &str) -> Option<&'static dyn Face> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}
