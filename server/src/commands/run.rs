//! `serve`, `work` and `all`: an installation until SIGTERM or Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::dev::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::config::Config;
use crate::http;
use crate::surroundings::world;
use crate::wiring::{Wired, wire};

pub(super) async fn serve(config: &Config) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    let listener = http::bind(config.listen)?;
    let wired = wire(config, world()?).await?;
    let server = http::serve(listener, &wired)?;
    tracing::info!(listen = %config.listen, "serving");
    until_stopped(wired, Some(server), false, config, signals).await
}

pub(super) async fn work(config: &Config) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    let wired = wire(config, world()?).await?;
    tracing::info!("working");
    until_stopped(wired, None, true, config, signals).await
}

pub(super) async fn all(config: &Config) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    let listener = http::bind(config.listen)?;
    let wired = wire(config, world()?).await?;
    let server = http::serve(listener, &wired)?;
    tracing::info!(listen = %config.listen, "serving and working");
    until_stopped(wired, Some(server), true, config, signals).await
}

/// Runs pages, jobs or both until the process is told to stop; requests and jobs under way end first.
pub(crate) async fn until_stopped(
    wired: Wired,
    server: Option<Server>,
    works: bool,
    config: &Config,
    mut signals: Signals,
) -> anyhow::Result<()> {
    let figures = match config.metrics {
        Some(at) => Some(http::figures(http::bind(at)?, &wired)?),
        None => None,
    };
    let (told_figures, figures) = (figures.as_ref().map(Server::handle), figures.map(tokio::spawn));
    let (tell, told) = watch::channel(());
    let worker = works.then(|| tokio::spawn(Arc::clone(&wired.worker).run(stopped(told.clone()))));
    let handle = server.as_ref().map(Server::handle);
    let mut serving = tokio::spawn(async move {
        match server {
            Some(server) => server.await,
            None => {
                stopped(told).await;
                Ok(())
            }
        }
    });
    tokio::select! {
        () = signals.heard() => {}
        ended = &mut serving => ended??,
    }
    tracing::info!("stopping: what is under way ends first");
    wired.stopping.store(true, Ordering::Relaxed);
    tokio::time::sleep(config.drain).await;
    drop(tell);
    if let Some(handle) = handle {
        handle.stop(true).await;
    }
    if let Some(worker) = worker {
        worker.await?;
    }
    if let (Some(handle), Some(figures)) = (told_figures, figures) {
        handle.stop(false).await;
        figures.await??;
    }
    wired.db.close().await;
    Ok(())
}

/// Resolves when the sender is gone: nothing is ever sent.
async fn stopped(mut told: watch::Receiver<()>) {
    while told.changed().await.is_ok() {}
}

/// SIGTERM and Ctrl-C, heard from the moment that this is made: whoever reads that it runs may end it at once.
pub(crate) struct Signals {
    term: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.term.recv() => {}
        }
    }
}
