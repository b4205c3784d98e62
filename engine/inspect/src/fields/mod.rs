//! The values that pages show: found by their shapes, told apart by the labels beside them.

pub(crate) mod amount;
pub(crate) mod checksum;
pub(crate) mod identifier;
pub(crate) mod lookalikes;
pub(crate) mod mail;
pub(crate) mod time;
