//! The demo's exchange as the host of an installation under test: in this process, or one of its own that can be killed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::{App, HttpServer};
use readmit_demo_host::{Config, Host, MailSink};
use serde::Deserialize;

use super::claimant::{code_in, reference_in, return_code_in};
use super::leash::Leash;
use super::ports;
use super::visitor::Visitor;
use super::wait::until;

/// `whsec_` and 32 bytes that everybody may know.
pub(crate) const SECRET: &str = "whsec_UmVhZG1pdCBhbmQgaXRzIGhvc3QsIGluIHRlc3RzLg==";

pub(crate) struct Halcyon {
    pub(crate) port: u16,
    pub(crate) smtp: u16,
    state: PathBuf,
    run: Run,
}

enum Run {
    Here {
        server: actix_web::dev::ServerHandle,
        host: Host,
        /// None while its mail server is away.
        sink: Option<MailSink>,
    },
    There(Leash),
    Dead,
}

/// How a host of its own process stops in the middle of a remedy, so that it can be killed there.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    AfterLock,
    BeforeAnswer,
}

/// A message as the exchange's mailbox shows it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) n: u64,
    pub(crate) text: String,
}

impl Halcyon {
    /// In this process; Readmit is at `readmit`.
    pub(crate) async fn here(folder: &Path, readmit: u16) -> Self {
        let listener = ports::listener();
        let port = listener.local_addr().unwrap().port();
        let host = Host::open(Config {
            state: state(folder),
            secret: SECRET.into(),
            origin: format!("http://halcyon.localhost:{port}"),
            readmit: format!("http://recover.halcyon.localhost:{readmit}"),
            recover: format!("http://recover.halcyon.localhost:{readmit}"),
            clock: Arc::new(time::OffsetDateTime::now_utc),
            pause: None,
        })
        .unwrap();
        let sink = host.mail_sink("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let served = host.clone();
        let server = HttpServer::new(move || {
            let host = served.clone();
            App::new().configure(move |services| host.configure(services))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            port,
            smtp: sink.address().port(),
            state: state(folder),
            run: Run::Here {
                server: handle,
                host,
                sink: Some(sink),
            },
        }
    }

    /// In a process of its own, on the ports for pages and for mail.
    pub(crate) fn there(folder: &Path, readmit: u16, (port, smtp): (u16, u16), stop: Option<Stop>) -> Self {
        let program = super::programs::path("readmit-demo-host");
        let state = state(folder);
        let mut arguments = vec![
            format!("--listen=127.0.0.1:{port}"),
            format!("--smtp=127.0.0.1:{smtp}"),
            format!("--state={}", state.display()),
            format!("--secret={SECRET}"),
            format!("--readmit=http://recover.halcyon.localhost:{readmit}"),
        ];
        // Longer than any test: it is killed in there.
        arguments.extend(stop.map(|stop| match stop {
            Stop::AfterLock => "--pause-after-lock=600000".to_owned(),
            Stop::BeforeAnswer => "--pause-before-answer=600000".to_owned(),
        }));
        let mut leash = Leash::run(&program, arguments.iter().map(String::as_str));
        // It says so when it listens.
        leash.line();
        Self {
            port,
            smtp,
            state,
            run: Run::There(leash),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://halcyon.localhost:{}{path}", self.port)
    }

    /// What was sent to an address or number, oldest first.
    pub(crate) async fn messages(&self, to: &str) -> Vec<Message> {
        let mut url: reqwest::Url = self.url("/mail.json").parse().unwrap();
        url.query_pairs_mut().append_pair("to", to);
        let page = Visitor::new().get(url.as_str()).await.expect(200);
        let mut messages: Vec<Message> = serde_json::from_slice(&page.body).unwrap();
        messages.sort_by_key(|message| message.n);
        messages
    }

    /// The newest code that was sent to an address, once there is one.
    pub(crate) async fn code(&self, email: &str) -> String {
        until("a code is sent", async || {
            let messages = self.messages(email).await;
            messages.iter().rev().find_map(|message| code_in(&message.text))
        })
        .await
    }

    /// The case that the owner of an address was told of.
    pub(crate) async fn reference(&self, email: &str) -> String {
        until("the owner is told of the case", async || {
            let messages = self.messages(email).await;
            messages.iter().find_map(|message| reference_in(&message.text))
        })
        .await
    }

    /// The newest code for coming back that was sent to an address, once there is one.
    pub(crate) async fn return_code(&self, email: &str) -> String {
        until("a code for coming back is sent", async || {
            let messages = self.messages(email).await;
            messages.iter().rev().find_map(|message| return_code_in(&message.text))
        })
        .await
    }

    /// Everything that it carried out, as its own books have it.
    pub(crate) fn remedies(&self) -> Vec<serde_json::Value> {
        self.books()["remedies"]
            .as_object()
            .unwrap()
            .values()
            .cloned()
            .collect()
    }

    /// Its own books, as they lie on its disk.
    pub(crate) fn books(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(&self.state).unwrap()).unwrap()
    }

    /// Takes its mail server away, and the rest stays.
    pub(crate) fn stop_mail(&mut self) {
        if let Run::Here { sink, .. } = &mut self.run {
            *sink = None;
        }
    }

    /// Its mail server is back where it was.
    pub(crate) async fn start_mail(&mut self) {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], self.smtp));
        if let Run::Here { sink, host, .. } = &mut self.run {
            *sink = Some(host.mail_sink(address).await.unwrap());
        }
    }

    /// Kills it without a word.
    pub(crate) async fn kill(&mut self) {
        match std::mem::replace(&mut self.run, Run::Dead) {
            Run::Here { server, .. } => server.stop(false).await,
            Run::There(leash) => drop(leash),
            Run::Dead => {}
        }
    }
}

fn state(folder: &Path) -> PathBuf {
    folder.join("halcyon.json")
}
