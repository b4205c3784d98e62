//! The staff face: sign-in, queues, the case page and its decisions, and what operators and compliance look at.
//!
//! [`ROUTES`] is the table of everything that can be asked for, with what each route needs; a handler's first extractor
//! enforces it. How much of a case a person sees is decided by `sight`.
//!
//! Deliberately absent: any way to speed up, steer or shorten anything for a claimant (RF-13, IN-11), to see or choose a
//! claimant's secret (IN-07), to search by account (IN-02).

mod case_page;
mod contact;
mod mask;
mod operations;
mod page;
mod people;
mod permissions;
mod queues;
mod register;
mod routes;
#[cfg(test)]
mod samples;
mod search;
mod sight;
mod sign_in;
#[cfg(test)]
mod tests;
mod words;

pub use routes::{EVIDENCE_ROUTES, PASSWORD_ROUTES, ROUTES};
pub use sign_in::{NotHashed, hash_password, invite};
