//! The job loop: everything that a case asked for and that is not a page (mails, timers, the remedy) runs here.
//!
//! ```text
//! lease due jobs → run each one's executor → finish it, hand its result to the case, try it again later, or bury it
//! ```
//! Start reading at [`Worker::run`], then `execute`, one file an effect. An effect runs at least once; the job's id is the
//! idempotency key and the Message-ID, so that running it twice is the same as once (invariant 8).
//!
//! # Deliberately absent
//! No SQL, HTTP client, clock or randomness: jobs come through [`ports::Jobs`], the outside through [`ports::Host`],
//! [`ports::Mailer`] and [`ports::SmsGateway`], time and chance from the dispatcher.

mod execute;
pub mod inspector;
mod mail;
mod patience;
pub mod ports;
mod run;
mod smtp;
#[cfg(test)]
mod tests;
mod words;

pub use mail::Address;
pub use run::Worker;
pub use smtp::{BadServer, Security, Server, Smtp};
pub use words::Words;
