//! What is kept for reading: published workflow versions with their graph, and the audit log.

pub(crate) mod audit;
pub(crate) mod workflows;
