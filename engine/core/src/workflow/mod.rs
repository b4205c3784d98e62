//! The workflow language: definitions, conditions, vocabulary, policy, and the proof at publish.

pub mod definition;
pub mod expr;
pub mod policy;
pub mod scope;
