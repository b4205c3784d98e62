//! Everything that is tested from outside a crate, as one binary: it links once and shares one database cluster.
//!
//! - `conformance`: what every database must do, on PostgreSQL.
//! - `tidy`: the house rules, read from the sources.
//! - `engine`: golden transcripts of every branch, and random command sequences, against a store in memory.
//! - `figures`: what a case costs the database, counted.
//! - `pictures`: the child process that opens them, from outside.
//! - `support`: what the tests stand on: a whole installation in process, its host, its mailbox, its moved clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and tests stand in for the outside world"
)]

mod browser;
mod conformance;
mod engine;
mod faults;
mod figures;
mod pages;
mod pictures;
mod support;
mod tidy;
