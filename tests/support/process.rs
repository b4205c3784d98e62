//! An installation as processes of its own, which a test can kill: `readmit all`, the demo host, and a clock in a file.

use std::process::{Command, Output};

use readmit_core::time::Span;
use readmit_web::origins::Face;
use reqwest::Method;

use super::clock::Clock;
use super::halcyon::Halcyon;
use super::installation::{Place, Setup};
use super::leash::Leash;
use super::programs;
use super::visitor::Visitor;
use super::wait::until;

pub(crate) struct Process {
    pub(crate) place: Place,
    /// Its exchange, which ends with it.
    _halcyon: Halcyon,
    clock: Clock,
    leash: Option<Leash>,
}

impl Process {
    /// Makes and starts everything.
    pub(crate) async fn start(setup: Setup) -> Self {
        super::prepare();
        let (place, listener) = Place::make();
        let halcyon = Halcyon::there(place.folder.path(), place.port, (0, 0), None);
        place.configure(setup, &halcyon).await;
        drop(listener);
        let mut process = Self {
            place,
            _halcyon: halcyon,
            clock: Clock::default(),
            leash: None,
        };
        process.pass(Span::ZERO);
        assert!(process.run("migrate").status.success());
        setup.publish(&process.place, &process.clock).await;
        process.start_again().await;
        process
    }

    /// Runs one command of the program to its end.
    pub(crate) fn run(&self, command: &str) -> Output {
        let config = format!("--config={}", self.place.at("readmit.yaml"));
        Command::new(programs::path("readmit"))
            .args([command, &config])
            .output()
            .unwrap()
    }

    /// Kills the server without a word.
    pub(crate) fn kill(&mut self) {
        drop(self.leash.take());
    }

    pub(crate) async fn start_again(&mut self) {
        let config = format!("--config={}", self.place.at("readmit.yaml"));
        let clock = format!("READMIT_TEST_CLOCK={}", self.place.at("clock"));
        self.leash = Some(Leash::run(
            "env",
            [clock.as_str(), &programs::path("readmit"), "all", &config],
        ));
        let health = self.place.on(Face::Claimant, "/healthz");
        let visitor = Visitor::new();
        until("the server answers", async || {
            visitor.try_send(Method::GET, health.clone(), &[], None).await
        })
        .await;
    }

    /// Lets time pass in the server.
    pub(crate) fn pass(&self, span: Span) {
        self.clock.pass(span);
        // Renamed into its place, so that it is never read half written.
        std::fs::write(self.place.at("clock.new"), self.clock.at().rfc3339()).unwrap();
        std::fs::rename(self.place.at("clock.new"), self.place.at("clock")).unwrap();
    }
}
