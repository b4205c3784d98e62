//! One case on one page: what is known, what was handed in, what happened, and the decision.

pub(crate) mod acts;
pub(crate) mod draft;
pub(crate) mod evidence;
pub(crate) mod find;
mod panel;
mod reasons;
pub(crate) mod reveal;
pub(crate) mod show;
pub(crate) mod stale;
pub(crate) mod ticket;
mod timeline;
pub(crate) mod view;
