//! The workflow language: definitions, conditions, vocabulary, policy, and the proof at publish.
//!
//! ```text
//! bytes → tree (YAML, bounded, every value knows its place) → read (typed parts, all faults) → Definition   load: stored versions
//!                                                                    └→ check (names, shape, reads, floor) → proof   read: publishing
//! ```
//! Conditions are [`expr`], durations and counts [`table`]; [`graph()`] and [`in_words`] show a workflow to people.

mod check;
mod de;
pub mod definition;
pub mod expr;
pub mod fault;
mod graph;
pub mod policy;
mod proof;
pub mod queues;
mod read;
pub mod replies;
#[cfg(test)]
mod samples;
mod schema;
pub mod scope;
pub mod table;
pub mod tree;
pub mod vocabulary;
pub mod written;

pub use check::{Checked, Level, Library, Notice, read};
pub use fault::{Fault, Place, Run};
pub use graph::{Row, graph, in_words, table_of_steps};
pub use proof::Explored;
pub use read::load;
pub use schema::schema;
