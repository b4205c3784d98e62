//! Logs on standard error, as text or JSON. No personal data: events name cases, jobs and requests by id.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::Logs;

/// Starts logging; `RUST_LOG` chooses what is logged, `usual` where it is not set.
pub(crate) fn start(format: Logs, usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A test that starts logging twice keeps the first.
    let _started = match format {
        Logs::Text => logs.with_target(false).try_init(),
        Logs::Json => logs.json().try_init(),
    };
}
