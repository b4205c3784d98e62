//! `serve`, `work` and `all`: an installation until SIGTERM or Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::dev::Server;
use tokio::sync::watch;

use crate::config::Config;
use crate::http;
use crate::surroundings::world;
use crate::wiring::{Wired, wire};

pub(super) async fn serve(config: &Config) -> anyhow::Result<()> {
    let listener = http::bind(config.listen)?;
    let wired = wire(config, world()?).await?;
    let server = http::serve(listener, &wired)?;
    tracing::info!(listen = %config.listen, "serving");
    until_stopped(wired, Some(server), false, config).await
}

pub(super) async fn work(config: &Config) -> anyhow::Result<()> {
    let wired = wire(config, world()?).await?;
    tracing::info!("working");
    until_stopped(wired, None, true, config).await
}

pub(super) async fn all(config: &Config) -> anyhow::Result<()> {
    let listener = http::bind(config.listen)?;
    let wired = wire(config, world()?).await?;
    let server = http::serve(listener, &wired)?;
    tracing::info!(listen = %config.listen, "serving and working");
    until_stopped(wired, Some(server), true, config).await
}

/// Runs pages, jobs or both until the process is told to stop; requests and jobs under way end first.
pub(crate) async fn until_stopped(
    wired: Wired,
    server: Option<Server>,
    works: bool,
    config: &Config,
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
        signal = signalled() => signal?,
        ended = &mut serving => ended??,
    }
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

/// Resolves at SIGTERM or Ctrl-C.
async fn signalled() -> std::io::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ctrl_c = tokio::signal::ctrl_c() => ctrl_c,
        _ = term.recv() => Ok(()),
    }
}
