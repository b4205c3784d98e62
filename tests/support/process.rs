//! An installation as processes of its own, which a test can kill: `readmit all`, the demo host, and a clock in a file.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use readmit_core::case::Outcome;
use readmit_core::command::{By, Role};
use readmit_core::evolve::Entry;
use readmit_core::sealed::Sealed;
use readmit_core::time::{At, Span};
use readmit_storage::{CaseFilter, Db};
use readmit_web::origins::Face;
use reqwest::Method;

use super::clock::Clock;
use super::halcyon::Halcyon;
use super::installation::{Place, Setup};
use super::leash::Leash;
use super::planted;
use super::ports;
use super::programs;
use super::visitor::{Page, Visitor};
use super::wait::until;

/// How often a server that is about to end is started again for the jobs that others left.
const ROUNDS: usize = 10;

pub(crate) struct Process {
    pub(crate) place: Place,
    pub(crate) halcyon: Halcyon,
    clock: Clock,
    leash: Option<Leash>,
    planted: BTreeSet<String>,
}

/// One more server of an installation whose other server lives in this process.
pub(crate) struct ProcessBeside {
    pub(crate) port: u16,
    _leash: Leash,
}

impl ProcessBeside {
    pub(super) async fn start(config: &str, clock: &str, port: u16) -> Self {
        let leash = serve("serve", config, clock);
        answers(
            format!("http://recover.halcyon.localhost:{port}/healthz")
                .parse()
                .unwrap(),
        )
        .await;
        Self { port, _leash: leash }
    }
}

/// Starts one of the program's commands that go on for ever, with its time read from a file. What it logs is kept beside its
/// configuration, to be searched.
pub(super) fn serve(command: &str, config: &str, clock: &str) -> Leash {
    serve_in(&[format!("READMIT_TEST_CLOCK={clock}")], command, config)
}

fn serve_in(environment: &[String], command: &str, config: &str) -> Leash {
    let script = r#"exec 2>>"$0"; exec env "$@""#;
    let (log, program) = (format!("{config}.log"), programs::path("readmit"));
    let config = format!("--config={config}");
    let words = ["-c", script, &log];
    let words = words.into_iter().chain(environment.iter().map(String::as_str));
    Leash::run("sh", words.chain([program.as_str(), command, &config]))
}

/// Waits until a server answers.
pub(super) async fn answers(health: reqwest::Url) {
    let visitor = Visitor::new();
    until("the server answers", async || {
        visitor.try_send(Method::GET, health.clone(), &[], None).await
    })
    .await;
}

/// Writes the time down where processes read it. Renamed into its place, so that it is never read half written.
pub(super) fn show(clock: &Clock, place: &Place) {
    std::fs::write(place.at("clock.new"), clock.at().rfc3339()).unwrap();
    std::fs::rename(place.at("clock.new"), place.at("clock")).unwrap();
}

impl Place {
    /// Runs one command of the program on this installation, to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        let config = format!("--config={}", self.at("readmit.yaml"));
        Command::new(programs::path("readmit"))
            .args(words)
            .arg(&config)
            .output()
            .unwrap()
    }
}

impl Process {
    /// Makes and starts everything.
    pub(crate) async fn start(setup: Setup) -> Self {
        let process = Self::make(setup).await;
        assert!(process.run("migrate").status.success());
        process.begin(setup).await
    }

    /// The same on two databases that were migrated: data and key shelf.
    pub(crate) async fn start_on(setup: Setup, [data, keys]: [String; 2]) -> Self {
        let process = Self::make(setup).await;
        let storage = process.place.config().storage;
        let text = std::fs::read_to_string(process.place.at("readmit.yaml")).unwrap();
        let text = text
            .replace(&storage.database_url, &data)
            .replace(&storage.keys_url, &keys);
        std::fs::write(process.place.at("readmit.yaml"), text).unwrap();
        process.begin(setup).await
    }

    async fn make(setup: Setup) -> Self {
        super::prepare();
        let (place, listener) = Place::make();
        let halcyon = Halcyon::there(place.folder.path(), place.port, (ports::free(), ports::free()), None);
        place.configure(setup, &halcyon, None, None).await;
        drop(listener);
        let process = Self {
            place,
            halcyon,
            clock: Clock::default(),
            leash: None,
            planted: BTreeSet::new(),
        };
        process.pass(Span::ZERO);
        process
    }

    async fn begin(mut self, setup: Setup) -> Self {
        setup.publish(&self.place, &self.clock).await;
        self.start_again().await;
        self
    }

    /// Runs one command of the program to its end.
    pub(crate) fn run(&self, command: &str) -> Output {
        self.run_with(&[command])
    }

    /// As [`Process::run`], for a command of several words.
    pub(crate) fn run_with(&self, words: &[&str]) -> Output {
        self.place.run(words)
    }

    /// Kills the server, and lets the minute pass in which its worker's leases run out.
    pub(crate) fn kill(&mut self) {
        drop(self.leash.take());
        self.pass(Span::minutes(1));
    }

    /// Tells the server to stop; the leash then says how it ended.
    pub(crate) fn ask_to_stop(&mut self) -> Leash {
        let mut leash = self.leash.take().expect("the server runs");
        leash.ask_to_stop();
        leash
    }

    pub(crate) async fn start_again(&mut self) {
        self.leash = Some(serve("all", &self.place.at("readmit.yaml"), &self.place.at("clock")));
        answers(self.place.on(Face::Claimant, "/healthz")).await;
    }

    /// Starts a server that dies at every place that this file does not name yet; waits for nothing.
    pub(crate) fn start_to_die(&mut self, at: &str) {
        let environment = [
            format!("READMIT_TEST_CLOCK={}", self.place.at("clock")),
            format!("READMIT_TEST_DEATHS={}", self.place.at(at)),
        ];
        self.leash = Some(serve_in(&environment, "all", &self.place.at("readmit.yaml")));
    }

    /// The moment, in the server.
    pub(crate) fn now(&self) -> At {
        self.clock.at()
    }

    /// Lets time pass in the server.
    pub(crate) fn pass(&self, span: Span) {
        self.clock.pass(span);
        show(&self.clock, &self.place);
    }

    /// The newest code that was sent to an address.
    pub(crate) async fn code(&self, email: &str) -> String {
        self.halcyon.code(email).await
    }

    /// A case with its first proof: its claimant's page, and the code that was typed.
    pub(crate) async fn proven(&self, visitor: &Visitor, email: &str) -> (Page, String) {
        let start = visitor
            .get(self.place.on(Face::Claimant, "/passkey-reset").as_str())
            .await
            .expect(200);
        let page = visitor
            .submit(start.press("agree").tick("agree", "yes"))
            .await
            .expect(200);
        let page = visitor
            .submit(page.press("forgotten").fill("email", email))
            .await
            .expect(200);
        let code = self.code(email).await;
        let page = visitor.submit(page.press("submit").fill("code", &code)).await;
        (page.expect(200), code)
    }

    /// A reviewer's session. While the server is down: the store has one user.
    pub(crate) async fn staff_session(&self) -> Visitor {
        let db = self.open().await;
        let (visitor, _) = super::people::session(&db, &self.clock, "rina", Role::Reviewer).await;
        db.close().await;
        visitor
    }

    /// How the newest case ended, if it has.
    pub(crate) async fn last_outcome(&self) -> Option<Outcome> {
        let db = self.open().await;
        let page = db.recent_cases(CaseFilter::default(), None, 1).await.unwrap();
        db.close().await;
        page.first().and_then(|line| line.outcome)
    }

    /// What happened in the newest case.
    pub(crate) async fn last_entries(&self) -> Vec<Entry> {
        let db = self.open().await;
        let page = db.recent_cases(CaseFilter::default(), None, 1).await.unwrap();
        let entries = db.timeline(page[0].case).await.unwrap();
        db.close().await;
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// How many of the newest case's commits a person made: its claimant, or staff.
    pub(crate) async fn commits_by_people(&self) -> usize {
        let entries = self.last_entries().await;
        let by_people = |entry: &&Entry| matches!(entry.by, By::Claimant | By::Staff { .. });
        entries.iter().filter(by_people).count()
    }

    /// Runs its jobs until the newest case is in this step, and leaves the server stopped.
    pub(crate) async fn comes_to(&mut self, step: &str) {
        for _ in 0..ROUNDS {
            assert_eq!(self.ask_to_stop().line(), "0", "the server did not stop in order");
            let db = self.open().await;
            let page = db.recent_cases(CaseFilter::default(), None, 1).await.unwrap();
            let case = db.opened(page[0].case).await.unwrap().unwrap().case;
            db.close().await;
            if case.step == step {
                return;
            }
            self.start_again().await;
        }
        panic!("the case never comes to {step}");
    }

    /// What the newest case keeps sealed.
    pub(crate) async fn last_sealed(&self) -> Sealed {
        let db = self.open().await;
        let page = db.recent_cases(CaseFilter::default(), None, 1).await.unwrap();
        let loaded = db.opened(page[0].case).await.unwrap().unwrap();
        db.close().await;
        loaded.sealed
    }

    /// As [`super::installation::Installation::plant`].
    pub(crate) fn plant_all(&mut self, sentinels: impl IntoIterator<Item = String>) {
        self.planted
            .extend(sentinels.into_iter().filter(|word| planted::is_telling(word)));
    }

    /// Holds the installation to what must be true after every test: the server stops when it is told to, no job is left
    /// that is due or dead, every chain holds, and nothing planted can be read in the databases, the evidence or the logs.
    pub(crate) async fn finish(mut self) {
        for round in 0.. {
            assert!(round < ROUNDS, "a job is due and is not run");
            if self.leash.is_none() {
                self.start_again().await;
            }
            assert_eq!(self.ask_to_stop().line(), "0", "the server did not stop in order");
            let db = self.open().await;
            let due = db.next_due().await.unwrap();
            let dead = db.dead_jobs(10).await.unwrap();
            db.close().await;
            assert!(dead.is_empty(), "{} jobs are dead", dead.len());
            if due.is_none_or(|due| due > self.clock.at()) {
                break;
            }
            // What a killed server held is free again after a minute.
            self.pass(Span::minutes(1));
        }
        let db = self.open().await;
        db.verify_all().await.unwrap().unwrap();
        // Packed rows would hide it in the files.
        let record = readmit_storage::conformance::record(&db).await;
        db.close().await;
        self.halcyon.kill().await;
        let mut places = planted::files(self.place.folder.path());
        places.push(("the record".into(), record));
        planted::assert_unreadable(&self.planted, places);
    }

    /// Every chain holds.
    pub(crate) async fn verify(&self) {
        let db = self.open().await;
        db.verify_all().await.unwrap().unwrap();
        db.close().await;
    }

    /// The store, while the server is down.
    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.place.config().storage).await.unwrap()
    }
}
