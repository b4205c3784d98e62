//! Many nodes on one PostgreSQL, each a process of its own behind one door: servers of pages, workers, and a balancer as a
//! proxy would be, which asks the next server when one is away.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use readmit_core::ids::CaseRef;
use readmit_core::ports::Loaded;
use readmit_core::time::Span;
use readmit_storage::Db;
use readmit_web::origins::Face;
use reqwest::{Method, Url};
use tokio::net::{TcpListener, TcpStream};

use super::clock::Clock;
use super::halcyon::Halcyon;
use super::installation::{Place, Setup};
use super::leash::Leash;
use super::ports;
use super::process::{answers, serve, show};
use super::visitor::{Filled, Page, Visitor};
use super::wait::until;

/// Posts between two servers' deaths, and between two workers'.
const SERVER_DIES_EVERY: usize = 2;
const WORKER_DIES_EVERY: usize = 5;

pub(crate) struct Nodes {
    pub(crate) place: Place,
    pub(crate) halcyon: Halcyon,
    pub(crate) clock: Clock,
    /// The stores, opened by the test itself.
    pub(crate) db: Db,
    servers: Vec<Node>,
    workers: Vec<Node>,
    posts: AtomicUsize,
    kills: AtomicUsize,
}

/// One process and the command that starts it.
struct Node {
    command: &'static str,
    config: String,
    port: u16,
    /// Held while the process is killed and started again.
    leash: Mutex<Leash>,
}

impl Nodes {
    /// Makes an installation and starts so many nodes of it.
    pub(crate) async fn start(servers: usize, workers: usize) -> Self {
        super::prepare();
        let (place, listener) = Place::make();
        let halcyon = Halcyon::there(place.folder.path(), place.port, (ports::free(), ports::free()), None);
        let (setup, clock) = (Setup::default().on_postgres(), Clock::default());
        place.configure(setup, &halcyon, None, None).await;
        show(&clock, &place);
        setup.publish(&place, &clock).await;
        let db = Db::open(&place.config().storage).await.unwrap();
        let nodes = Self {
            servers: (0..servers).map(|n| Node::start("serve", &place, n)).collect(),
            workers: (0..workers).map(|n| Node::start("work", &place, servers + n)).collect(),
            place,
            halcyon,
            clock,
            db,
            posts: AtomicUsize::new(0),
            kills: AtomicUsize::new(0),
        };
        for server in &nodes.servers {
            answers(nodes.at_server(server.port, "/healthz")).await;
        }
        balance(listener, nodes.servers.iter().map(|server| server.port).collect());
        nodes
    }

    fn at_server(&self, port: u16, path: &str) -> Url {
        let mut url = self.place.on(Face::Claimant, path);
        url.set_port(Some(port)).unwrap();
        url
    }

    /// An address of each server itself, past the balancer.
    pub(crate) fn at_each(&self, path: &str) -> Vec<Url> {
        self.servers
            .iter()
            .map(|server| self.at_server(server.port, path))
            .collect()
    }

    /// How many processes were killed so far.
    pub(crate) fn kills(&self) -> usize {
        self.kills.load(Ordering::SeqCst)
    }

    /// Opens a page, as often as it takes to get one.
    pub(crate) async fn get(&self, visitor: &Visitor, url: Url) -> Page {
        self.follow(visitor, Method::GET, url, &[], None).await
    }

    /// Posts a form, now and then killing a node while it is at it, and posts it again until there is an answer.
    pub(crate) async fn post(&self, visitor: &Visitor, form: Filled) -> Page {
        let (headers, body, target) = (form.headers(), form.body(), form.target);
        let sent = tokio::spawn({
            let (visitor, headers, body, target) = (visitor.clone(), headers.clone(), body.clone(), target.clone());
            async move { visitor.try_send(Method::POST, target, &headers, Some(body)).await }
        });
        let number = self.posts.fetch_add(1, Ordering::SeqCst) + 1;
        if number.is_multiple_of(SERVER_DIES_EVERY) {
            self.kill_one(&self.servers).await;
        }
        if number.is_multiple_of(WORKER_DIES_EVERY) {
            self.kill_one(&self.workers).await;
            // What it held is due again.
            self.pass(Span::minutes(1));
        }
        match sent.await.unwrap() {
            Some(page) if page.status.is_redirection() => {
                let next = page.url.join(page.header("location").unwrap()).unwrap();
                self.get(visitor, next).await
            }
            Some(page) if page.status != 503 => page,
            _ => self.follow(visitor, Method::POST, target, &headers, Some(body)).await,
        }
    }

    async fn follow(
        &self,
        visitor: &Visitor,
        method: Method,
        url: Url,
        headers: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Page {
        let mut page = patiently(visitor, method, url, headers, body).await;
        while page.status.is_redirection() {
            let next = page.url.join(page.header("location").unwrap()).unwrap();
            page = patiently(visitor, Method::GET, next, &[], None).await;
        }
        page
    }

    /// Kills any one of them, a moment from now, and starts it again.
    async fn kill_one(&self, among: &[Node]) {
        let chance = chance();
        for _ in 0..chance % 5_000 {
            tokio::task::yield_now().await;
        }
        among[chance as usize % among.len()].start_again();
        self.kills.fetch_add(1, Ordering::SeqCst);
    }

    /// The case that people know by this reference, opened.
    pub(crate) async fn case(&self, reference: &str) -> Loaded {
        let reference: CaseRef = reference.parse().unwrap();
        let id = self
            .db
            .case_by_reference(reference)
            .await
            .unwrap()
            .expect("no such case");
        self.db.opened(id).await.unwrap().unwrap()
    }

    /// Lets time pass for all nodes.
    pub(crate) fn pass(&self, span: Span) {
        self.clock.pass(span);
        show(&self.clock, &self.place);
    }
}

impl Node {
    /// Each listens on a port of its own; everything else is the installation's.
    fn start(command: &'static str, place: &Place, number: usize) -> Self {
        let port = ports::free();
        let config = place.at(&format!("node-{number}.yaml"));
        let own = std::fs::read_to_string(place.at("readmit.yaml")).unwrap();
        let listen = |port: u16| format!("listen: 127.0.0.1:{port}");
        std::fs::write(&config, own.replace(&listen(place.port), &listen(port))).unwrap();
        let leash = Mutex::new(serve(command, &config, &place.at("clock")));
        Self {
            command,
            config,
            port,
            leash,
        }
    }

    fn start_again(&self) {
        let mut leash = self.leash.lock().unwrap();
        leash.kill();
        let clock = std::path::Path::new(&self.config).with_file_name("clock");
        *leash = serve(self.command, &self.config, clock.to_str().unwrap());
    }
}

/// Sends a request until something but silence or "busy" comes back.
async fn patiently(
    visitor: &Visitor,
    method: Method,
    url: Url,
    headers: &[(&str, String)],
    body: Option<Vec<u8>>,
) -> Page {
    until("a node answers", async || {
        let page = visitor
            .try_send(method.clone(), url.clone(), headers, body.clone())
            .await;
        page.filter(|page| page.status != 503)
    })
    .await
}

/// Hands every connection to one server after the other; the next one where one does not answer.
fn balance(listener: std::net::TcpListener, servers: Vec<u16>) {
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    let (servers, next) = (Arc::new(servers), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let (servers, next) = (Arc::clone(&servers), Arc::clone(&next));
            tokio::spawn(async move {
                for _ in 0..servers.len() {
                    let server = servers[next.fetch_add(1, Ordering::Relaxed) % servers.len()];
                    if let Ok(mut there) = TcpStream::connect(("127.0.0.1", server)).await {
                        let _cut_off = tokio::io::copy_bidirectional(&mut caller, &mut there).await;
                        return;
                    }
                }
            });
        }
    });
}

fn chance() -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_be_bytes(bytes)
}
