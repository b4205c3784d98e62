//! `readmit demo`: everything on this machine, on one port, with nothing to install.
//!
//! The demo is an installation like any other (`wiring`), with the made-up exchange beside it and data that was made by
//! dispatching commands under a moved clock (`seed`). None of its routes exist in `serve`.

mod factors;
mod folder;
mod front;
pub mod pictures;
mod seed;
mod staff;

pub(crate) use front::reviewers;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use readmit_core::ports::Surroundings as _;
use readmit_core::workflow::policy::Profile;
use readmit_demo_host::{Clock, Host, MailSink};
use readmit_storage::{EvidenceSettings, Settings};
use readmit_web::{HumanCheck, Origins};
use reqwest::Url;

use crate::cli;
use crate::commands::install::publish_unknown;
use crate::commands::run::{Signals, until_stopped};
use crate::commands::say;
use crate::config::secrets;
use crate::config::{Config, HostAccess, Logs, MailAccess, Reading, Secret, SmsAccess, SmsFields, SmsFormat};
use crate::surroundings::Real;
use crate::{blueprint, database, http, logs, models, wiring};
use folder::Folder;
pub use front::PATHS;

const HOST: &str = "halcyon.localhost";
pub(crate) const CLAIMANT: &str = "recover.halcyon.localhost";
pub(crate) const STAFF: &str = "staff.readmit.localhost";
const EVIDENCE: &str = "evidence.readmit.localhost";
/// All of them are this machine.
pub(crate) const NAMES: [&str; 4] = [HOST, CLAIMANT, STAFF, EVIDENCE];
/// What the exchange's own mails come from.
const HOST_MAIL: &str = "halcyon.example";
const MAIL_FROM: &str = "recovery@halcyon.localhost";

/// Starts the demo and runs it until Ctrl-C.
pub(crate) async fn run(options: &cli::Demo) -> anyhow::Result<()> {
    logs::start(Logs::Text, "warn");
    let listener = http::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port)))
        .with_context(|| format!("--port {}; choose another one with `--port`", options.port))?;
    let port = listener.local_addr()?.port();
    let folder =
        Folder::open(&options.data, options.fresh).with_context(|| format!("--data {}", options.data.display()))?;

    fetch_models(&folder)?;
    if !folder.is_made() {
        say("Making the demo's data, once: a minute or two …")?;
        seed::make(&folder, port)
            .await
            .context("the demo's data could not be made")?;
        folder.made()?;
    }
    let real: Clock = Arc::new(|| Real.now().utc());
    let host = open_host(&folder, port, real)?;
    let sink = sink(&host).await?;
    let config = config(&folder, port, &sink)?;
    database::migrate(&config.storage).await?;
    let wired = wiring::wire(&config, Real).await?;
    publish_unknown(&wired.db, Real.now()).await?;
    let front = front::Front::new(port, Arc::clone(&wired.worker.host));
    let server = http::serve_with(listener, &wired, move |services| {
        services.configure(|services| front.clone().configure(services));
        let host = host.clone();
        services.service(
            actix_web::web::scope("")
                .guard(actix_web::guard::Host(HOST))
                .configure(move |services| host.configure(services)),
        );
    })?;
    let signals = Signals::listen()?;
    say(&front::banner(port, folder.path()))?;
    until_stopped(wired, Some(server), true, &config, signals).await?;
    say("Stopped. Started again, it goes on where it was.")
}

/// Gets the models that read pictures, once. Without them the demo starts all the same: people look at pictures then.
fn fetch_models(folder: &Folder) -> anyhow::Result<()> {
    let models = models_folder(folder);
    if models::ready(&models).is_some() {
        return Ok(());
    }
    match models::fetch(None, &models, &say) {
        Ok(()) => Ok(()),
        Err(error) => say(&format!(
            "Pictures will not be read: {error:#}. To read them: readmit models fetch --models {}",
            models.display()
        )),
    }
}

/// Kept across `--fresh`, and shared where MODELS_DIR says so.
fn models_folder(folder: &Folder) -> std::path::PathBuf {
    secrets::models_or(folder.path().join(folder::MODELS))
}

/// Opens the exchange on the state in the folder.
fn open_host(folder: &Folder, port: u16, clock: Clock) -> anyhow::Result<Host> {
    let origin = |name: &str| format!("http://{name}:{port}");
    Ok(Host::open(readmit_demo_host::Config {
        state: folder.path().join("halcyon.json"),
        secret: folder.host_secret()?,
        origin: origin(HOST),
        readmit: origin(CLAIMANT),
        recover: origin(CLAIMANT),
        clock,
        pause: None,
    })?)
}

async fn sink(host: &Host) -> anyhow::Result<MailSink> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    host.mail_sink(any)
        .await
        .context("no port is free for the demo's mail server")
}

/// The demo's installation.
fn config(folder: &Folder, port: u16, sink: &MailSink) -> anyhow::Result<Config> {
    let origin = |name: &str| format!("http://{name}:{port}").parse();
    let base = format!("http://{HOST}:{port}");
    Ok(Config {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        storage: storage(folder)?,
        profile: Profile::Published,
        origins: Origins::new(origin(CLAIMANT)?, origin(STAFF)?, origin(EVIDENCE)?, origin(HOST)?)?,
        brand: readmit_steps::Brand {
            name: "Halcyon".into(),
            support_url: format!("{base}/help"),
            sign_in_url: format!("{base}/account"),
            mail_from: MAIL_FROM.into(),
            claimant_origin: format!("http://{CLAIMANT}:{port}"),
        },
        host: HostAccess {
            url: Url::parse(&base)?,
            secret: Secret::new(folder.host_secret()?),
            return_to: vec![format!("{base}/confirmed")],
        },
        mail: MailAccess {
            server: format!("smtp://{}", sink.address()).parse()?,
            login: None,
            authority: None,
            from: format!("Halcyon Recovery <{MAIL_FROM}>").parse()?,
        },
        sms: Some(SmsAccess {
            url: Url::parse(&format!("{base}/sms"))?,
            token: None,
            user: None,
            format: SmsFormat::default(),
            fields: SmsFields::default(),
            from: None,
            answer: None,
            callback: None,
            lookup: None,
        }),
        proxies: 0,
        staff_passwords: true,
        human_check: HumanCheck::default(),
        uploads: readmit_web::upload::Limits::default(),
        reading: Reading {
            program: std::env::current_exe()?,
            models: models_folder(folder),
            domains: vec![HOST_MAIL.into(), HOST.into()],
            scanner: None,
            at_a_time: readmit_worker::inspector::SEATS,
        },
        logs: Logs::Text,
        metrics: None,
        drain: std::time::Duration::ZERO,
    })
}

fn storage(folder: &Folder) -> anyhow::Result<Settings> {
    let file = |name: &str| folder.path().join(name);
    Ok(Settings {
        database_url: format!("sqlite:{}", file("data.db").display()),
        keys_url: format!("sqlite:{}", file("keys.db").display()),
        evidence: EvidenceSettings::Folder(file("evidence")),
        master_key: folder.master_key()?,
        connections: 4,
        queues: blueprint::queues()?,
    })
}
