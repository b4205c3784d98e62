//! A claimant's own upload, shown back to its claimant.
