//! What the tests stand on.

pub(crate) mod browser;
pub(crate) mod claimant;
pub(crate) mod clock;
pub(crate) mod contrary;
pub(crate) mod disk;
pub(crate) mod dying;
pub(crate) mod halcyon;
pub(crate) mod html;
pub(crate) mod installation;
pub(crate) mod leash;
pub(crate) mod logs;
pub(crate) mod long;
pub(crate) mod mail_server;
pub(crate) mod nodes;
pub(crate) mod owner;
pub(crate) mod people;
pub(crate) mod planted;
pub(crate) mod ports;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod programs;
pub(crate) mod routes;
pub(crate) mod s3;
pub(crate) mod small_disk;
pub(crate) mod sources;
pub(crate) mod texts;
pub(crate) mod visitor;
pub(crate) mod wait;
pub(crate) mod webdriver;

/// What every process of ours does first.
pub(crate) fn prepare() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    logs::keep();
}
