//! One case on one page: what is known, what was handed in, what happened, and the decision.

pub(crate) mod acts;
mod draft;
pub(crate) mod evidence;
mod find;
mod panel;
mod reasons;
pub(crate) mod reveal;
pub(crate) mod show;
mod stale;
mod timeline;
mod view;
