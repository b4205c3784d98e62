//! A disk that is really full, under the database, the key shelf and the evidence at once.

use readmit_core::case::Outcome;
use readmit_storage::CaseFilter;
use readmit_web::origins::Face;

use super::store::assert_says;
use crate::support::claimant::{picture, stop_link_in};
use crate::support::disk::OnDisk;
use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::visitor::{Filled, Page, Visitor};
use crate::support::wait::until;

/// RF-11: on a full disk every form is told so and changes nothing, and an owner's veto is written all the same, into room
/// that is kept for it. The same forms work once there is room, and the room is kept again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_11_on_a_full_disk_only_a_veto_is_written() {
    let mut process = Process::start(Setup::default()).await;
    let mut vetoes = Vec::new();
    for email in ["ada@example.com", "ben@example.com"] {
        proven(&process, email).await;
        vetoes.push(second_tap(&process, email).await);
    }
    let visitor = Visitor::new();
    let documents = proven_by(&process, &visitor, "erik@example.org").await;
    let mut upload = documents.press("submit");
    for slot in documents
        .press("submit")
        .files()
        .into_iter()
        .filter(|name| !name.contains('.'))
    {
        upload = upload.attach(&slot, "shot.png", &picture());
    }
    process.kill();

    let server = OnDisk::start(&process).await;
    assert!(server.has("data.db-reserve"));
    let newcomer = Visitor::new();
    let start = newcomer
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await;
    let start = start.expect(200).press("agree").tick("agree", "yes");
    server.fill();
    assert_says(&visitor.submit(upload.clone()).await, 507, "no room");
    assert_says(&newcomer.submit(start.clone()).await, 507, "no room");
    assert!(server.has("data.db-reserve"), "it is given to nobody else");
    for veto in vetoes {
        let page = Visitor::new().submit(veto).await.expect(200);
        assert!(page.words().contains("stopped"), "{}", page.words());
    }
    assert!(!server.has("data.db-reserve"));
    assert_says(&newcomer.submit(start.clone()).await, 507, "no room");

    server.make_room();
    until("there is room again", async || {
        let page = newcomer.submit(start.clone()).await;
        (page.status == 200).then_some(page)
    })
    .await;
    assert!(server.has("data.db-reserve"));
    visitor.submit(upload).await.expect(200);
    server.stop(&process);

    process.verify().await;
    let db = process.open().await;
    let cases = db.recent_cases(CaseFilter::default(), None, 10).await.unwrap();
    db.close().await;
    let mut outcomes: Vec<_> = cases.iter().map(|line| line.outcome).collect();
    outcomes.sort();
    assert_eq!(outcomes, [None, Some(Outcome::Vetoed), Some(Outcome::Vetoed)]);
}

/// RF-11: a server that was stopped starts on a full disk, and takes an owner's veto, from opening its link on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_11_a_server_that_starts_on_a_full_disk_takes_a_veto() {
    let mut process = Process::start(Setup::default()).await;
    proven(&process, "ada@example.com").await;
    let link = stop_link(&process, "ada@example.com").await;
    process.kill();
    let mut server = OnDisk::start(&process).await;
    server.fill();
    server.start_again_without_room(&process).await;
    assert!(!server.has("data.db-reserve"), "it was given up to open the database");
    let newcomer = Visitor::new();
    let start = newcomer
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await;
    let start = start.expect(200).press("agree").tick("agree", "yes");
    assert_says(&newcomer.submit(start).await, 507, "no room");
    let page = Visitor::new().submit(tapped_twice(&link).await).await.expect(200);
    assert!(page.words().contains("stopped"), "{}", page.words());
    server.stop(&process);
    process.verify().await;
    assert_eq!(process.last_outcome().await, Some(Outcome::Vetoed));
}

async fn proven(process: &Process, email: &str) -> Page {
    proven_by(process, &Visitor::new(), email).await
}

/// A case of somebody who forgot the password, at its documents.
async fn proven_by(process: &Process, visitor: &Visitor, email: &str) -> Page {
    let start = visitor
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await;
    let agree = start.expect(200).press("agree").tick("agree", "yes");
    let page = visitor.submit(agree).await.expect(200);
    let forgotten = page.press("forgotten").fill("email", email);
    let page = visitor.submit(forgotten).await.expect(200);
    let code = process.code(email).await;
    visitor
        .submit(page.press("submit").fill("code", &code))
        .await
        .expect(200)
}

/// The second tap on the veto link of the newest mail that has one.
pub(super) async fn second_tap(process: &Process, email: &str) -> Filled {
    tapped_twice(&stop_link(process, email).await).await
}

async fn stop_link(process: &Process, email: &str) -> String {
    until("a mail carries a veto", async || {
        let messages = process.halcyon.messages(email).await;
        messages.iter().rev().find_map(|message| stop_link_in(&message.text))
    })
    .await
}

async fn tapped_twice(link: &str) -> Filled {
    let page = Visitor::new().get(link).await.expect(200);
    let path = page.url.path().to_owned();
    page.form_to(&path).tick("sure", "yes")
}
