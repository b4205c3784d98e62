//! Making the demo's data: staff, factors, and 60 cases that happen, act by act, under a clock that moves from weeks ago
//! to now. Everything goes through `dispatch` and the worker, as in life.

mod act;
mod clock;
mod contact;
mod papers;
mod stories;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use readmit_core::dispatch::Dispatcher;
use readmit_core::ids::Digest;
use readmit_core::inspection::{Owner, Rules};
use readmit_core::ports::Surroundings as _;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use readmit_demo_host::{Clock, Host};
use readmit_storage::{Db, StorageError};
use readmit_worker::Worker;
use readmit_worker::ports::{Inspects, Mail, Mailer, Opened, Pending};
use reqwest::Url;

use super::folder::Folder;
use super::{config, factors, open_host, sink, staff};
use crate::commands::install::publish_shipped;
use crate::config::Config;
use crate::inspections::Inspections;
use crate::jobs::JobTable;
use crate::surroundings::{Real, World};
use crate::{database, wiring};
use act::Running;
use clock::Moved;
use readmit_core::workflow::policy::Profile;
use stories::STORIES;

/// Mails older than this are not in the demo's mailbox: it would only be full.
const MAILBOX: Span = Span::days(2);
/// Pictures older than this are looked at and not read, as if the models had come only then: reading takes a second each.
const READING: Span = Span::hours(52);
/// How long ago the installation was set up.
const BEGAN: Span = Span::days(45);

/// Everybody and everything that acts while the data is made.
struct Cast {
    db: Db,
    clock: Arc<Moved>,
    dispatcher: Arc<dyn Dispatcher<StorageError>>,
    worker: Arc<Worker<JobTable>>,
    workflow: Arc<Definition>,
    policy: Digest,
    /// The moment at which seeding ends: now, on the wall.
    end: At,
}

/// Makes the data in an empty folder.
pub(crate) async fn make(folder: &Folder, port: u16) -> anyhow::Result<()> {
    let end = Real.now();
    let clock = Arc::new(Moved::new(end - BEGAN));
    // The exchange's accounts are made as of now; its clock then follows ours.
    drop(open_host(folder, port, Arc::new(move || end.utc()))?);
    let moved: Clock = {
        let clock = Arc::clone(&clock);
        Arc::new(move || clock.now().utc())
    };
    let host = open_host(folder, port, moved)?;
    let sink = sink(&host).await?;
    let mut config = config(folder, port, &sink)?;
    let (exchange, address) = serve_exchange(host)?;
    config.host.url = Url::parse(&format!("http://{address}"))?;
    config.sms = None;

    database::migrate(&config.storage).await?;
    let db = database::open(&config.storage).await?;
    publish_shipped(&db, Profile::Published, clock.now()).await?;
    factors::add(&db, end).await?;
    staff::add(&db, clock.now()).await?;
    let cast = cast(&config, db, clock, end).await?;
    play(&cast).await?;
    cast.db.close().await;
    exchange.stop(true).await;
    Ok(())
}

/// The exchange's contract on a port of its own, until the handle stops it.
fn serve_exchange(host: Host) -> anyhow::Result<(actix_web::dev::ServerHandle, SocketAddr)> {
    let listener = crate::http::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let address = listener.local_addr()?;
    let server = actix_web::HttpServer::new(move || {
        let host = host.clone();
        actix_web::App::new().configure(move |services| host.configure(services))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok((handle, address))
}

async fn cast(config: &Config, db: Db, clock: Arc<Moved>, end: At) -> anyhow::Result<Cast> {
    let world = World::shared(Arc::clone(&clock) as Arc<_>);
    let wired = wiring::assemble(config, db.clone(), world.clone(), world)?;
    let mut worker = Arc::into_inner(wired.worker).context("the worker is in use")?;
    worker.mailer = Arc::new(Recent {
        mailer: Arc::clone(&worker.mailer),
        clock: Arc::clone(&clock),
        from: end - MAILBOX,
    });
    worker.inspections = Arc::new(Since {
        early: Inspections::without_models(&config.reading, &config.brand.name),
        later: Arc::clone(&worker.inspections),
        clock: Arc::clone(&clock),
        from: end - READING,
    });
    worker.sms = Arc::new(Nowhere);
    Ok(Cast {
        workflow: db.current_workflow("passkey-reset").await?.context("no workflow")?,
        policy: db.current_policy().await?.context("no policy")?.hash,
        dispatcher: wired.dispatcher,
        worker: Arc::new(worker),
        db,
        clock,
        end,
    })
}

/// Lets every story happen, in the order of time; jobs run when they are due.
async fn play(cast: &Cast) -> anyhow::Result<()> {
    let mut running: Vec<Running> = (0u64..)
        .zip(STORIES)
        .filter_map(|(place, story)| Running::new(story, place))
        .collect();
    let mut next: BinaryHeap<Reverse<(At, usize, Due)>> = BinaryHeap::new();
    for (place, one) in running.iter().enumerate() {
        next.push(Reverse((cast.end - one.story.ago, place, Due::Act)));
        let letters = one.story.letters.iter().enumerate();
        next.extend(letters.map(|(n, letter)| Reverse((cast.end - letter.ago, place, Due::Letter(n)))));
    }
    while let Some(Reverse((at, place, due))) = next.pop() {
        work_until(cast, at).await?;
        let Some(one) = running.get_mut(place) else { continue };
        let again = match due {
            Due::Act => one.act(cast).await,
            Due::Letter(n) => one.write(cast, n).await.map(|()| None),
        };
        let again = again.with_context(|| format!("the case of {}", one.story.who))?;
        cast.worker.run_due().await;
        next.extend(
            again
                .filter(|again| *again < cast.end)
                .map(|again| Reverse((again, place, Due::Act))),
        );
    }
    contact::invite(cast).await?;
    work_until(cast, cast.end).await
}

/// What is due in a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Act,
    /// The place of a letter in its story.
    Letter(usize),
}

/// Runs what comes due until then, each at its time, and leaves the clock there.
async fn work_until(cast: &Cast, at: At) -> anyhow::Result<()> {
    while let Some(due) = cast.db.next_due().await?.filter(|due| *due <= at) {
        cast.clock.to(due);
        if cast.worker.run_due().await == 0 {
            break;
        }
    }
    cast.clock.to(at);
    Ok(())
}

/// Delivers what is recent, and takes everything else as delivered.
struct Recent {
    mailer: Arc<dyn Mailer>,
    clock: Arc<Moved>,
    from: At,
}

impl Mailer for Recent {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()> {
        if self.clock.now() < self.from {
            return Box::pin(async { Ok(()) });
        }
        self.mailer.send(mail)
    }

    fn reach(&self) -> Pending<'_, ()> {
        self.mailer.reach()
    }
}

/// Reads what is recent.
struct Since {
    early: Inspections,
    later: Arc<dyn Inspects>,
    clock: Arc<Moved>,
    from: At,
}

impl Inspects for Since {
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, picture: &'a [u8]) -> Pending<'a, Option<Opened>> {
        if self.clock.now() < self.from {
            return self.early.inspect(rules, owner, picture);
        }
        self.later.inspect(rules, owner, picture)
    }

    fn at_a_time(&self) -> usize {
        self.later.at_a_time()
    }
}

/// Text messages of the past are nobody's any more.
struct Nowhere;

impl readmit_worker::ports::SmsGateway for Nowhere {
    fn send<'a>(&'a self, _: readmit_core::ids::JobId, _: &'a str, _: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }
}
