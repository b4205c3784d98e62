//! The proof at publish: every run of a workflow, for every account and policy that it can tell apart, reaches its remedy
//! only with its proofs, approvals and waits.
//!
//! Sound because every real run is among those explored: account and policy are pinned for a case; a step may yield any
//! declared outcome with any declared fact; conditions are evaluated by the evaluator that runs them. What the engine adds
//! at run time (larger approvals and waits after a change of the account) only adds to what is held here.
//!
//! A state is (step × proofs held and pending × facts read later × visits left × approvals × time waited). Approvals are
//! of one review, and void as soon as new evidence is handed in; the wait counts from the last proof or approval.

mod explore;
mod judge;
mod model;
#[cfg(test)]
mod tests;

use super::check::{Notice, Subject};
use super::fault::Fault;
use model::Model;

/// Most valuations of the variables that a file mentions.
const MOST_VALUATIONS: usize = 4_096;
/// Most states over all valuations.
const MOST_STATES: usize = 1_000_000;

/// How much was explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Combinations of account attributes and policy values.
    pub valuations: usize,
    /// States of all runs; valuations that no condition tells apart share theirs.
    pub states: usize,
}

/// Explores a file that has no other fault.
///
/// # Errors
/// Each broken requirement once, with the first run that breaks it; or that there is too much to explore.
pub(super) fn prove(subject: &Subject<'_>) -> Result<(Explored, Vec<Notice>), Vec<Fault>> {
    let model = Model::of(subject).map_err(|fault| vec![fault])?;
    let mut judge = judge::Judge::new(subject, &model);
    let explored = explore::explore(&model, &mut judge).map_err(|what| vec![model.too_much(&what)])?;
    judge.verdict().map(|notices| (explored, notices))
}
