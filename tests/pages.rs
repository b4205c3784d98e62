//! Pages over HTTP: a whole installation in process, and people without a browser.

mod bursts;
mod contact;
mod demo;
mod evidence;
mod headers;
mod human;
mod leave;
mod limits;
mod notices;
mod owner;
mod parity;
mod pictures;
mod posts;
mod quiet;
mod quotas;
mod record;
mod recovery;
mod resets;
mod review;
mod rule_packs;
pub(crate) mod settings;
mod step_up;
mod texts;
mod uploads;
mod walk;
