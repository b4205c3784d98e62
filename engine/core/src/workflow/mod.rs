//! The workflow language: definitions, conditions, vocabulary, policy, and the proof at publish.

mod de;
pub mod definition;
pub mod expr;
pub mod fault;
pub mod policy;
mod read;
pub mod scope;
pub mod table;
mod tree;
pub mod vocabulary;
pub mod written;

pub use fault::{Fault, Place};
pub use read::load;
