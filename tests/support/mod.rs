//! What the tests stand on.

pub(crate) mod leash;
pub(crate) mod postgres;
pub(crate) mod sources;
