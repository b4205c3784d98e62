//! Halcyon as a process of its own, for tests that end it in the middle of its work.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpServer};
use anyhow::{Context, ensure};
use clap::Parser;
use readmit_demo_host::{Config, Host, Pause, Phase};
use time::OffsetDateTime;

/// The made-up exchange Halcyon, on loopback only.
#[derive(Parser)]
struct Arguments {
    /// Where pages and contract are served; port 0 takes a free one.
    #[arg(long)]
    listen: SocketAddr,
    /// Where mails are received.
    #[arg(long)]
    smtp: SocketAddr,
    /// The state file, made where there is none.
    #[arg(long)]
    state: PathBuf,
    /// The secret shared with Readmit: `whsec_` and base64.
    #[arg(long)]
    secret: String,
    /// The origin of Readmit's host API.
    #[arg(long)]
    readmit: String,
    /// The origin of Readmit's pages for claimants; without it that of the API.
    #[arg(long)]
    recover: Option<String>,
    /// Stop for so many milliseconds after the lock of a remedy.
    #[arg(long, conflicts_with = "pause_before_answer")]
    pause_after_lock: Option<u64>,
    /// Stop for so many milliseconds when a remedy is done and not yet answered.
    #[arg(long)]
    pause_before_answer: Option<u64>,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a crypto provider is there already"))?;
    let arguments = Arguments::parse();
    ensure!(
        arguments.listen.ip().is_loopback(),
        "--listen takes loopback addresses only"
    );
    let listener = std::net::TcpListener::bind(arguments.listen).context("--listen")?;
    let (at, smtp) = (listener.local_addr()?, arguments.smtp);
    let host = Host::open(config(arguments, at.port()))?;
    let sink = host.mail_sink(smtp).await.context("--smtp")?;
    let server = HttpServer::new(move || {
        let host = host.clone();
        App::new().configure(move |services| host.configure(services))
    });
    writeln!(std::io::stdout(), "halcyon http {at} smtp {}", sink.address())?;
    server.workers(2).listen(listener)?.run().await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the home of the clock in this process")]
fn config(arguments: Arguments, port: u16) -> Config {
    let pause = |after, millis: Option<u64>| {
        millis.map(|millis| Pause {
            after,
            length: Duration::from_millis(millis),
        })
    };
    Config {
        state: arguments.state,
        secret: arguments.secret,
        origin: format!("http://halcyon.localhost:{port}"),
        recover: arguments.recover.unwrap_or_else(|| arguments.readmit.clone()),
        readmit: arguments.readmit,
        clock: Arc::new(OffsetDateTime::now_utc),
        pause: pause(Phase::Locked, arguments.pause_after_lock).or(pause(Phase::Done, arguments.pause_before_answer)),
    }
}
