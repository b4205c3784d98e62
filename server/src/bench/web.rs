//! A node over HTTP, as people use it: of five requests four are claimants' and one is a reviewer's. It is the demo, which
//! runs beside this: with the exchange, its directory, mails, sessions, counters and pages.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, ensure};
use readmit_core::time::{At, Span};
use reqwest::Url;
use serde_json::json;
use tokio::sync::Mutex;

use super::browser::Browser;
use super::cases::seconds;
use super::watch::Watch;
use super::yard::now;
use crate::cli::BenchWeb;
use crate::commands::say;
use crate::demo;

/// Claimants for each look of a reviewer: 6 requests each beside 5.
const CLAIMANTS: usize = 3;

/// Where the demo's pages are, and who is there.
struct Places {
    recover: Url,
    staff: Url,
    reviewers: Vec<Mutex<Browser>>,
    began: At,
    /// Claimants so far: each comes from a network of its own.
    claimants: AtomicU32,
}

pub(super) async fn run(asked: &BenchWeb) -> anyhow::Result<()> {
    let place = |name: &str| format!("http://{name}:{}/", asked.port).parse();
    let (recover, staff): (Url, Url) = (place(demo::CLAIMANT)?, place(demo::STAFF)?);
    let mut reviewers = Vec::new();
    for (name, password, code) in demo::reviewers() {
        reviewers.push(Mutex::new(sign_in(&staff, name, &password, &code).await?));
    }
    let places = Arc::new(Places {
        recover,
        staff,
        reviewers,
        began: now(),
        claimants: AtomicU32::new(0),
    });
    let from = places.began;
    let until = from + Span::seconds(i64::from(asked.seconds));
    let visits =
        (0..asked.connections).map(|place| tokio::spawn(visit(Arc::clone(&places), usize::from(place), until)));
    let mut watch = Watch::default();
    for visit in visits.collect::<Vec<_>>() {
        watch.join(visit.await??);
    }
    for reviewer in &places.reviewers {
        watch.join(std::mem::take(&mut reviewer.lock().await.watch));
    }
    tell(asked, &watch, seconds(now() - from))
}

/// One connection: claimants one after the other, and a reviewer's look at the queue among them.
async fn visit(places: Arc<Places>, place: usize, until: At) -> anyhow::Result<Watch> {
    let mut watch = Watch::default();
    while now() < until {
        for _ in 0..CLAIMANTS {
            watch.join(claimant(&places).await?);
        }
        let reviewer = places
            .reviewers
            .get(place % places.reviewers.len())
            .context("no reviewer")?;
        look(&places.staff, &mut *reviewer.lock().await).await?;
    }
    Ok(watch)
}

/// Up to the page that asks for the code, with an address that nobody has: the host is asked, and a letter is not sent.
async fn claimant(places: &Places) -> anyhow::Result<Watch> {
    let number = places.claimants.fetch_add(1, Ordering::Relaxed);
    // Another network in each run, too: of one, thirty may start in an hour.
    let from = number.wrapping_add(u32::try_from(places.began.0 & 0xffff)?);
    let [.., network, part] = from.to_be_bytes();
    let mut browser = Browser::at(Ipv4Addr::new(127, network.max(1), part, 1))?;
    let start = browser.get("page", places.recover.join("/passkey-reset")?).await?;
    let typed = [("agree", "yes"), ("verb", "agree")];
    let page = browser.submit("form", &start, "/passkey-reset", &typed).await?;
    let address = format!("nobody-{}-{number}@example.net", now().0);
    let typed = [("email", address.as_str()), ("verb", "forgotten")];
    browser.submit("form", &page, "/case/step", &typed).await?;
    Ok(browser.watch)
}

/// The queue, the next case with its evidence and findings, and back with it.
async fn look(staff: &Url, reviewer: &mut Browser) -> anyhow::Result<()> {
    let queue = reviewer.get("page", staff.join("/?queue=recovery")?).await?;
    let case = reviewer.submit("form", &queue, "/next", &[]).await?;
    if let Some(release) = case.action_to("/release") {
        reviewer.submit("form", &case, &release, &[]).await?;
    }
    Ok(())
}

async fn sign_in(staff: &Url, name: &str, password: &str, code: &str) -> anyhow::Result<Browser> {
    let mut browser = Browser::at(Ipv4Addr::LOCALHOST)?;
    let page = browser.get("page", staff.join("/sign-in")?).await;
    let page = page.context("no demo answers at this port: start `readmit demo` beside this")?;
    let typed = [("name", name), ("password", password), ("code", code)];
    let queue = browser.submit("form", &page, "/sign-in/password", &typed).await?;
    ensure!(
        queue.status.is_success(),
        "{name} could not sign in: wait half a minute for the next code"
    );
    browser.watch = Watch::default();
    Ok(browser)
}

fn tell(asked: &BenchWeb, watch: &Watch, wall: f64) -> anyhow::Result<()> {
    let mut figures = watch.figures();
    let requests = watch.calls().map(|call| watch.count(call)).sum::<usize>();
    figures.insert("requests".into(), json!(requests));
    figures.insert("wall".into(), json!(wall));
    if asked.json {
        return say(&serde_json::to_string(&figures)?);
    }
    say(&format!(
        "{requests} requests on {} connections in {wall:.1} s",
        asked.connections
    ))?;
    for call in watch.calls() {
        let at = |share| watch.at(call, share).unwrap_or_default();
        let (p50, p99) = (at(0.5), at(0.99));
        say(&format!(
            "  {call:<9} {:>6} times   p50 {p50:>8.2} ms   p99 {p99:>8.2} ms",
            watch.count(call)
        ))?;
    }
    Ok(())
}
