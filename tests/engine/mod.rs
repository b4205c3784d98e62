//! The engine without its shell: golden transcripts of every branch, and random command sequences.

mod clock;
mod contact;
pub(crate) mod counting;
mod decisions;
mod factors;
mod flood;
mod host;
mod inspections;
mod memory;
mod player;
mod properties;
mod scenario;
mod statistics;
mod transcripts;
mod words;
