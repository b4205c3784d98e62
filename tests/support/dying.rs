//! An installation whose server dies, as by `kill -9`, at every place between two writes that it comes to, and is started
//! again each time; whoever was at it does the same once more.

use reqwest::{Method, Url};

use readmit_core::time::Span;
use readmit_web::origins::Face;

use super::process::Process;
use super::visitor::{Filled, Page, Visitor};
use super::wait::until;

/// The file that names the places, one a line.
const DEATHS: &str = "deaths";
/// More than there are places.
const OFTEN: usize = 200;

pub(crate) struct Dying {
    pub(crate) process: Process,
    /// How many deaths were seen.
    seen: usize,
}

impl Dying {
    /// From now on.
    pub(crate) fn of(mut process: Process) -> Self {
        process.kill();
        process.start_to_die(DEATHS);
        Self { process, seen: 0 }
    }

    /// Where it died so far, in order.
    pub(crate) fn places(&self) -> Vec<String> {
        let named = std::fs::read_to_string(self.process.place.at(DEATHS)).unwrap_or_default();
        named.lines().map(str::to_owned).collect()
    }

    /// Sees whether it died since the last look; then what is stored holds, and the host has done nothing twice.
    async fn died(&mut self) -> bool {
        let deaths = self.places().len();
        if deaths == self.seen {
            return false;
        }
        self.seen = deaths;
        self.process.kill();
        self.process.verify().await;
        for remedy in self.process.halcyon.remedies() {
            for part in ["locks", "revocations", "records"] {
                assert!(remedy[part].as_u64().unwrap() <= 1, "{remedy}");
            }
        }
        true
    }

    /// Has it serve, however often it takes to start it.
    async fn serves(&mut self) {
        let visitor = Visitor::new();
        let health = self.process.place.on(Face::Claimant, "/healthz");
        for _ in 0..OFTEN {
            if self.died().await {
                self.process.start_to_die(DEATHS);
            }
            let serves = until("it serves, or dies", async || {
                let page = visitor.try_send(Method::GET, health.clone(), &[], None).await;
                let died = self.places().len() > self.seen;
                (died || page.is_some()).then_some(!died)
            });
            if serves.await {
                return;
            }
        }
        panic!("it never serves");
    }

    /// Opens a page, as often as it takes.
    pub(crate) async fn get(&mut self, visitor: &Visitor, url: Url) -> Page {
        self.ask(visitor, Method::GET, url, &[], None).await
    }

    /// Sends a form, as often as it takes.
    pub(crate) async fn send(&mut self, visitor: &Visitor, form: Filled) -> Page {
        let (headers, body) = (form.headers(), form.body());
        self.ask(visitor, Method::POST, form.target, &headers, Some(body)).await
    }

    async fn ask(
        &mut self,
        visitor: &Visitor,
        method: Method,
        url: Url,
        headers: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Page {
        let (mut method, mut url, mut body) = (method, url, body);
        let mut headers = headers.to_vec();
        for _ in 0..OFTEN {
            self.serves().await;
            let answer = visitor.try_send(method.clone(), url.clone(), &headers, body.clone());
            match answer.await {
                Some(page) if page.status.is_redirection() => {
                    url = page.url.join(page.header("location").unwrap()).unwrap();
                    (method, headers, body) = (Method::GET, Vec::new(), None);
                }
                Some(page) if page.status.as_u16() < 500 => return page.expect(200),
                _ => {}
            }
        }
        panic!("it is never answered: {url}");
    }

    /// Runs jobs until none is due, and leaves it stopped.
    pub(crate) async fn settles(&mut self) {
        for _ in 0..OFTEN {
            self.serves().await;
            let ended = self.process.ask_to_stop().line();
            let died = self.died().await;
            assert!(died || ended == "0", "it ended by itself: {ended}");
            let db = self.process.open().await;
            let due = db.next_due().await.unwrap();
            db.close().await;
            // What a dead server held, and what failed, is due again within minutes.
            if !died && due.is_none_or(|due| due > self.process.now() + Span::hours(1)) {
                return;
            }
            self.process.pass(Span::minutes(1));
            self.process.start_to_die(DEATHS);
        }
        panic!("jobs are due and are not run");
    }

    /// Starts it again after [`Dying::settles`].
    pub(crate) fn goes_on(&mut self) {
        self.process.start_to_die(DEATHS);
    }

    /// The newest code that was sent to an address.
    pub(crate) async fn code(&mut self, email: &str) -> String {
        for _ in 0..OFTEN {
            self.serves().await;
            let (halcyon, seen) = (&self.process.halcyon, self.seen);
            let code = until("a code is sent, or it dies", async || {
                let messages = halcyon.messages(email).await;
                let code = messages
                    .iter()
                    .rev()
                    .find_map(|message| super::claimant::code_in(&message.text));
                (code.is_some() || self.places().len() > seen).then_some(code)
            });
            if let Some(code) = code.await {
                return code;
            }
        }
        panic!("no code is sent");
    }
}
