//! `readmit bench`: figures that anybody can take again, with a made-up workflow on a database of its own. What is measured
//! is the engine and the store as every installation runs them; the host is not. `web` alone drives a demo that runs beside it.

mod browser;
mod cases;
mod growth;
mod kinds;
mod watch;
mod web;
mod yard;

use crate::cli::Bench;

/// Takes the figures asked for and prints them.
///
/// # Errors
/// A database that cannot be used, or belongs to an installation; a command that came to nothing.
pub(crate) async fn run(asked: &Bench) -> anyhow::Result<()> {
    match asked {
        Bench::Cases(asked) => cases::run(asked).await,
        Bench::Growth(asked) => growth::run(asked).await,
        Bench::Web(asked) => web::run(asked).await,
    }
}
