//! The binary's parts: command line, configuration, wiring, host client, HTTP server, demo.
//!
//! Start reading at [`wiring::wire`], which puts an installation together from its configuration, and [`http::serve`].

mod bench;
mod blueprint;
pub mod cli;
mod commands;
pub mod config;
mod counted;
mod database;
mod demo;
mod doctor;
#[cfg(feature = "test-clock")]
mod failpoints;
mod host_client;
pub mod http;
mod inspections;
mod jobs;
mod logs;
mod metrics;
mod models;
mod passkeys;
mod process;
mod scanner;
pub mod sms;
pub mod surroundings;
pub mod wiring;

pub use demo::PATHS as DEMO_PATHS;
pub use demo::pictures;

pub use commands::install::publish_shipped;
pub use commands::run;
pub use metrics::Metrics;
