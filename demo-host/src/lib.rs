//! The made-up exchange **Halcyon**: a host for Readmit's demo and tests, and an example of the host contract in docs/host.md.
//!
//! It depends on nothing of Readmit and speaks only HTTP and SMTP with it. `contract` is what Readmit calls, `readmit` what we
//! call there, `pages` what the owner of an account sees. Accounts are made by `seed`; what changes is in `state` and lasts by
//! `store`; mails that Readmit sends arrive over `smtp` in the `mailbox`.

mod contract;
mod exchange;
mod mailbox;
mod model;
mod notice;
mod pages;
mod passwords;
mod readmit;
mod remedy;
mod secret;
mod seed;
mod sign;
mod smtp;
mod state;
mod step_up;
mod store;
#[cfg(test)]
mod tests;

pub use exchange::{Clock, Config, Host, OpenError};
pub use model::Language;
pub use passwords::HashError;
pub use readmit::ClientError;
pub use remedy::{Pause, Phase};
pub use seed::{Factor, FactorKind, Resident, password_of, roster};
pub use sign::BadSecret;
pub use smtp::MailSink;
pub use store::StoreError;
