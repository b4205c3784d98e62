//! A whole installation: a real database, the real wiring and server on a loopback port, the real demo host behind HTTP
//! and SMTP, and a clock that the test moves. Nothing runs by itself: jobs run when the test says so.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use readmit::wiring::Wired;
use readmit_core::ids::{AccountId, CaseId, CaseRef};
use readmit_core::ports::Loaded;
use readmit_core::time::Span;
use readmit_demo_host::{Factor, FactorKind, Resident};
use readmit_storage::NewFactor;
use readmit_web::origins::Face;
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::clock::Clock;
use super::contrary::{Contrary, Moods};
use super::halcyon::{self, Halcyon, Message, Stop};
use super::logs;
use super::planted;
use super::ports;
use super::postgres::{self, Urls};
use super::process::ProcessBeside;
use super::programs;
use super::s3;
use super::texts::Gateway;

/// How an installation is set up.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setup {
    strict: bool,
    newcomer: bool,
    postgres: bool,
    contrary: bool,
    host_of_its_own: bool,
    without_phones: bool,
    gateway: bool,
    on_a_bucket: bool,
    reads: bool,
    scans: bool,
    sparing: bool,
    tls: bool,
}

/// Where an installation lies and answers.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
}

pub(crate) struct Installation {
    pub(crate) clock: Clock,
    pub(crate) wired: Wired,
    pub(crate) halcyon: Halcyon,
    pub(crate) place: Place,
    /// Where evidence lies, if not in a folder.
    pub(crate) bucket: Option<s3::Server>,
    /// How the store goes wrong.
    pub(crate) moods: Arc<Moods>,
    gateway: Option<Gateway>,
    setup: Setup,
    server: ServerHandle,
    planted: BTreeSet<String>,
}

/// A further server of an installation.
pub(crate) struct Node {
    wired: Wired,
    server: ServerHandle,
}

impl Node {
    /// Runs every job that is due there.
    pub(crate) async fn work(&self) {
        self.wired.worker.run_due().await;
    }

    pub(crate) async fn stop(self) {
        self.server.stop(true).await;
        self.wired.db.close().await;
    }
}

impl Setup {
    /// With the hardened profile.
    pub(crate) fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Without a gateway that reaches phones.
    pub(crate) fn without_phones(mut self) -> Self {
        self.without_phones = true;
        self
    }

    /// With a gateway of its own for text messages, in place of the host's mailbox.
    pub(crate) fn with_gateway(mut self) -> Self {
        self.gateway = true;
        self
    }

    /// With the models that read pictures. Without them each inspection takes a fraction of a second.
    pub(crate) fn reading(mut self) -> Self {
        self.reads = true;
        self
    }

    /// With a virus scanner, at a port that is free.
    pub(crate) fn scanning(mut self) -> Self {
        self.scans = true;
        self
    }

    /// Taking three files an account and three megabytes a case in a day.
    pub(crate) fn sparing(mut self) -> Self {
        self.sparing = true;
        self
    }

    /// Behind a proxy that people reach by TLS; the tests stand where the proxy would.
    pub(crate) fn behind_tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// With evidence on an S3 server that can go away.
    pub(crate) fn on_a_bucket(mut self) -> Self {
        self.on_a_bucket = true;
        self
    }

    /// With an account, Femi's, that has no factor yet.
    pub(crate) fn with_a_newcomer(mut self) -> Self {
        self.newcomer = true;
        self
    }

    /// On PostgreSQL instead of SQLite.
    pub(crate) fn on_postgres(mut self) -> Self {
        self.postgres = true;
        self
    }

    /// With a store in which every first commit meets a conflict.
    pub(crate) fn contrary(mut self) -> Self {
        self.contrary = true;
        self
    }

    /// With a host that can be killed.
    pub(crate) fn with_host_of_its_own(mut self) -> Self {
        self.host_of_its_own = true;
        self
    }

    /// Runs a test, then holds the installation to what must be true after every test.
    pub(crate) fn run(self, test: impl AsyncFnOnce(&mut Installation)) {
        super::prepare();
        let _told = logs::ToldOnPanic;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut installation = self.start().await;
            test(&mut installation).await;
            installation.finish().await;
        });
    }

    async fn start(self) -> Installation {
        let (place, listener) = Place::make();
        let halcyon = if self.host_of_its_own {
            Halcyon::there(place.folder.path(), place.port, (ports::free(), ports::free()), None)
        } else {
            Halcyon::here(place.folder.path(), place.port).await
        };
        let bucket = self
            .on_a_bucket
            .then(|| s3::Server::start(&place.folder.path().join("s3")));
        let gateway = self.gateway.then(Gateway::start);
        place.configure(self, &halcyon, bucket.as_ref(), gateway.as_ref()).await;
        let clock = Clock::default();
        if !self.postgres {
            readmit_storage::Db::migrate(&place.config().storage).await.unwrap();
        }
        self.publish(&place, &clock).await;
        let moods = Arc::new(Moods::default());
        let (wired, server) = self.serve(&place, listener, &clock, &moods).await;
        Installation {
            moods,
            clock,
            wired,
            halcyon,
            place,
            bucket,
            gateway,
            setup: self,
            server,
            planted: BTreeSet::new(),
        }
    }

    async fn serve(
        self,
        place: &Place,
        listener: TcpListener,
        clock: &Clock,
        moods: &Arc<Moods>,
    ) -> (Wired, ServerHandle) {
        // `./check` runs the tests of the pages, and some in a browser, a second time with it set.
        let contrary = self.contrary || std::env::var_os("READMIT_CONTRARY").is_some();
        let (config, moods) = (place.config(), Arc::clone(moods));
        let over = move |db| Contrary::over(db, contrary, moods);
        let wired = readmit::wiring::wire_over(&config, clock.clone(), over).await.unwrap();
        let server = readmit::http::serve(listener, &wired).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        (wired, handle)
    }

    /// Publishes the shipped workflows under the profile, and fills the factor store as the demo does.
    pub(crate) async fn publish(self, place: &Place, clock: &Clock) {
        let db = readmit_storage::Db::open(&place.config().storage).await.unwrap();
        readmit::publish_shipped(&db, place.config().profile, clock.at())
            .await
            .unwrap();
        for resident in readmit_demo_host::roster() {
            let account = AccountId(resident.id.into());
            let is_new = self.newcomer && resident.id == "acc_femi";
            for factor in resident.factors.iter().filter(|_| !is_new) {
                db.factor_add(&account, kept(resident, factor), clock.at())
                    .await
                    .unwrap();
            }
        }
        db.close().await;
    }
}

/// The key of every authenticator app, and one of the saved codes of every account that has some.
pub(crate) const APP_KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
pub(crate) const SAVED_CODE: &str = "aaaabbbbccccdddd";

/// A factor as Readmit keeps it. Nobody holds the private half of a passkey, so its secret is only something to be kept.
fn kept(resident: &Resident, factor: &Factor) -> NewFactor {
    let (kind, name) = match factor.kind {
        FactorKind::Passkey => ("passkey", factor.name),
        FactorKind::Totp => ("totp", factor.name),
        FactorKind::Phone => ("phone", resident.phone.unwrap()),
        FactorKind::RecoveryCodes => ("recovery_codes", factor.name),
    };
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(SAVED_CODE));
    NewFactor {
        kind: kind.into(),
        name: name.into(),
        secret: match kind {
            "totp" => serde_json::json!({ "secret": APP_KEY }),
            "recovery_codes" => serde_json::json!({ "sha256": [hash] }),
            _ => serde_json::json!({"kept": true}),
        },
    }
}

/// Where `./check` keeps the models.
pub(crate) fn models() -> String {
    std::env::var("MODELS_DIR").expect("MODELS_DIR says where `readmit models fetch` put the models")
}

impl Place {
    /// A folder and a port, with the listener that holds the port.
    pub(crate) fn make() -> (Self, TcpListener) {
        let listener = ports::listener();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        (Self { folder, port }, listener)
    }

    /// A file in the folder.
    pub(crate) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The port at which a virus scanner is looked for: the one beside ours.
    pub(crate) fn scanner(&self) -> u16 {
        self.port ^ 0x4000
    }

    pub(crate) fn config(&self) -> readmit::config::Config {
        readmit::config::read(self.at("readmit.yaml").as_ref()).unwrap()
    }

    /// An address of a face.
    pub(crate) fn on(&self, face: Face, path: &str) -> Url {
        let name = match face {
            Face::Claimant => "recover.halcyon.localhost",
            Face::Staff => "staff.readmit.localhost",
            Face::Evidence => "evidence.readmit.localhost",
        };
        format!("http://{name}:{}{path}", self.port).parse().unwrap()
    }

    /// Writes the configuration file, with its secrets in files beside it: what an operator would write.
    pub(crate) async fn configure(
        &self,
        setup: Setup,
        halcyon: &Halcyon,
        bucket: Option<&s3::Server>,
        gateway: Option<&Gateway>,
    ) {
        let urls = if setup.postgres {
            postgres::installation().await
        } else {
            Urls {
                name: String::new(),
                data: format!("sqlite:{}", self.at("data.db")),
                keys: format!("sqlite:{}", self.at("keys.db")),
            }
        };
        std::fs::write(self.at("master.key"), "0b".repeat(32)).unwrap();
        std::fs::write(self.at("host.secret"), halcyon::SECRET).unwrap();
        std::fs::write(self.at("s3.secret"), s3::SECRET_KEY).unwrap();
        let text = format!(
            "listen: 127.0.0.1:{port}
profile: {profile}
storage: {{database: {database:?}, keys: {keys:?}, {evidence}, connections: 4}}
master_key_file: {master:?}
origins:
  claimant: {scheme}://recover.halcyon.localhost:{port}
  staff: {scheme}://staff.readmit.localhost:{port}
  evidence: {scheme}://evidence.readmit.localhost:{port}
  host: http://halcyon.localhost:{host}
brand:
  name: Halcyon
  support: http://halcyon.localhost:{host}/
  sign_in: http://halcyon.localhost:{host}/
host: {{url: \"http://halcyon.localhost:{host}\", secret_file: {secret:?}, return_to: [\"http://halcyon.localhost:{host}/confirmed\"]}}
mail: {{server: \"smtp://127.0.0.1:{smtp}\", from: Halcyon Recovery <recovery@halcyon.example>}}
reading: {{program: {program:?}, models: {models:?}{scanner}}}
{uploads}
{sms}
",
            program = programs::path("readmit"),
            scanner = if setup.scans {
                format!(", scanner: '127.0.0.1:{}'", self.scanner())
            } else {
                String::new()
            },
            uploads = if setup.sparing {
                "uploads: {megabytes: 3, account_files: 3}"
            } else {
                ""
            },
            models = if setup.reads { models() } else { self.at("models") },
            sms = match gateway {
                _ if setup.without_phones => String::new(),
                Some(gateway) => gateway.configuration(&self.at("sms.secret")),
                None => format!("sms: {{url: \"http://halcyon.localhost:{}/sms\"}}", halcyon.port),
            },
            port = self.port,
            scheme = if setup.tls { "https" } else { "http" },
            profile = if setup.strict { "strict" } else { "published" },
            database = urls.data,
            keys = urls.keys,
            evidence = match bucket {
                None => format!("evidence: {:?}", self.at("evidence")),
                Some(bucket) => bucket.configuration(&self.at("s3.secret")),
            },
            master = self.at("master.key"),
            secret = self.at("host.secret"),
            host = halcyon.port,
            smtp = halcyon.smtp,
        );
        std::fs::write(self.at("readmit.yaml"), text).unwrap();
    }
}

impl Installation {
    /// A page of the claimants' face.
    pub(crate) fn recover(&self, path: &str) -> String {
        self.place.on(Face::Claimant, path).into()
    }

    /// A page of the staff's face.
    pub(crate) fn staff(&self, path: &str) -> String {
        self.place.on(Face::Staff, path).into()
    }

    /// The gateway of an installation that has one of its own.
    pub(crate) fn gateway(&mut self) -> &mut Gateway {
        self.gateway.as_mut().expect("no gateway")
    }

    /// Runs every job that is due, and what follows from it.
    pub(crate) async fn work(&self) {
        self.wired.worker.run_due().await;
    }

    /// Lets time pass, then runs what has come due.
    pub(crate) async fn pass(&self, span: Span) {
        self.clock.pass(span);
        self.work().await;
    }

    /// What was sent to an address, oldest first, after all due jobs have run.
    pub(crate) async fn messages(&self, to: &str) -> Vec<Message> {
        self.work().await;
        self.halcyon.messages(to).await
    }

    /// The case that people know by this reference.
    pub(crate) async fn case(&self, reference: &str) -> Loaded {
        let reference: CaseRef = reference.parse().unwrap();
        let id = self
            .wired
            .db
            .case_by_reference(reference)
            .await
            .unwrap()
            .expect("no such case");
        self.opened(id).await
    }

    pub(crate) async fn opened(&self, id: CaseId) -> Loaded {
        self.wired.db.opened(id).await.unwrap().expect("no such case")
    }

    /// The kinds of factors that an account has here.
    pub(crate) async fn factors(&self, account: &str) -> Vec<String> {
        let factors = self.wired.db.factors(&AccountId(account.into())).await.unwrap();
        factors.into_iter().map(|factor| factor.kind).collect()
    }

    /// Everything in the database but what a GET may write, audit rows and sessions: a statement a row. On PostgreSQL.
    pub(crate) fn contents(&self) -> BTreeSet<String> {
        let dump = postgres::contents(&self.place.config().storage.database_url, &["audit", "sessions"]);
        dump.lines()
            .filter(|line| line.starts_with("INSERT"))
            .map(str::to_owned)
            .collect()
    }

    /// The whole database, a statement a row. On PostgreSQL.
    pub(crate) fn everything(&self) -> String {
        postgres::contents(&self.place.config().storage.database_url, &[])
    }

    /// Fails with the rows that came or went.
    pub(crate) fn assert_holds_the_same(&self, before: &BTreeSet<String>) {
        let after = self.contents();
        let changed: Vec<&String> = after.symmetric_difference(before).collect();
        assert!(changed.is_empty(), "{changed:#?}");
    }

    /// A second server over the same stores, with caches, writers and locks of its own: another node.
    pub(crate) async fn second_node(&self) -> Node {
        let (wired, server) = self
            .setup
            .serve(&self.place, ports::listener(), &self.clock, &self.moods)
            .await;
        Node { wired, server }
    }

    /// A further server of the same installation in a process of its own. Its clock shows the time of this moment.
    pub(crate) async fn process_beside(&self) -> ProcessBeside {
        let port = ports::free();
        let own = std::fs::read_to_string(self.place.at("readmit.yaml")).unwrap();
        let config = self.place.at("readmit-beside.yaml");
        let listen = |port: u16| format!("listen: 127.0.0.1:{port}");
        std::fs::write(&config, own.replace(&listen(self.place.port), &listen(port))).unwrap();
        std::fs::write(self.place.at("clock"), self.clock.at().rfc3339()).unwrap();
        ProcessBeside::start(&config, &self.place.at("clock"), port).await
    }

    /// The time of this moment, for processes beside.
    pub(crate) fn shows_its_clock(&self) {
        super::process::show(&self.clock, &self.place);
    }

    /// Stops and starts the server: nothing but what is stored lives on.
    pub(crate) async fn restart(&mut self) {
        self.server.stop(true).await;
        self.wired.db.close().await;
        let listener = TcpListener::bind(("127.0.0.1", self.place.port)).unwrap();
        (self.wired, self.server) = self.setup.serve(&self.place, listener, &self.clock, &self.moods).await;
    }

    /// Kills the host and starts it again where it was, to stop at `stop` if it comes there.
    pub(crate) async fn restart_host(&mut self, stop: Option<Stop>) {
        self.halcyon.kill().await;
        let ports = (self.halcyon.port, self.halcyon.smtp);
        self.halcyon = Halcyon::there(self.place.folder.path(), self.place.port, ports, stop);
    }

    /// Something that was typed, answered or called so by a person: it must not be found anywhere afterwards.
    pub(crate) fn plant(&mut self, sentinel: impl Into<String>) {
        self.planted.insert(sentinel.into());
    }

    pub(crate) fn plant_all(&mut self, sentinels: Vec<String>) {
        let own = sentinels.into_iter().filter(|word| planted::is_telling(word));
        self.planted.extend(own);
    }

    /// What must be true after every test: no job is left that is due or dead, every chain holds, and nothing planted can
    /// be read in the database, the evidence or the logs. No job is run for a test that left it: what follows from a job
    /// is the test's to see.
    async fn finish(mut self) {
        let db = &self.wired.db;
        let dead = db.dead_jobs(10).await.unwrap();
        assert!(dead.is_empty(), "{} jobs are dead", dead.len());
        let due = db.next_due().await.unwrap();
        assert!(
            due.is_none_or(|due| due > self.clock.at()),
            "a job is due and was not run"
        );
        db.verify_all().await.unwrap().unwrap();
        // Packed rows would hide it in the files.
        let record = readmit_storage::conformance::record(db).await;
        self.halcyon.kill().await;
        self.server.stop(true).await;
        self.wired.db.close().await;
        self.assert_nothing_planted_is_readable(record);
    }

    fn assert_nothing_planted_is_readable(&self, record: Vec<u8>) {
        let mut places = planted::files(self.place.folder.path());
        places.push((PathBuf::from("the logs"), logs::all()));
        places.push((PathBuf::from("the record"), record));
        if self.setup.postgres {
            let storage = self.place.config().storage;
            for url in [storage.database_url, storage.keys_url] {
                places.push((PathBuf::from("PostgreSQL"), postgres::contents(&url, &[]).into_bytes()));
            }
        }
        planted::assert_unreadable(&self.planted, places);
    }
}
