//! A disk that is really full, under a PostgreSQL cluster.

use readmit_core::case::Outcome;
use readmit_storage::{AuditRow, CaseFilter, Db, StorageError};
use readmit_web::origins::Face;

use super::disk::second_tap;
use super::store::assert_says;
use crate::support::claimant::picture;
use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::small_disk::{Log, SmallDisk};
use crate::support::visitor::{Filled, Visitor};
use crate::support::wait::until;

/// An installation with what people are about to send.
struct Eve {
    process: Process,
    /// Of two owners.
    vetoes: Vec<Filled>,
    newcomer: Visitor,
    start: Filled,
    claimant: Visitor,
    upload: Filled,
}

async fn eve(disk: &SmallDisk) -> Eve {
    let process = Process::start_on(Setup::default(), disk.urls()).await;
    let mut vetoes = Vec::new();
    for email in ["ada@example.com", "ben@example.com"] {
        process.proven(&Visitor::new(), email).await;
        vetoes.push(second_tap(&process, email).await);
    }
    let claimant = Visitor::new();
    let (documents, _) = process.proven(&claimant, "erik@example.org").await;
    let mut upload = documents.press("submit");
    for slot in upload.files().into_iter().filter(|name| !name.contains('.')) {
        upload = upload.attach(&slot, "shot.png", &picture());
    }
    let newcomer = Visitor::new();
    let start = newcomer
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await;
    let start = start.expect(200).press("agree").tick("agree", "yes");
    Eve {
        process,
        vetoes,
        newcomer,
        start,
        claimant,
        upload,
    }
}

/// What `readmit doctor` says.
fn doctor(eve: &Eve) -> String {
    String::from_utf8(eve.process.run("doctor").stdout).unwrap()
}

/// Somebody else's write on another node.
async fn writes(node: &Db, eve: &Eve) -> Result<(), StorageError> {
    node.audit(AuditRow {
        at: eve.process.now(),
        who: "engine".into(),
        what: "looked".into(),
        case: None,
        outcome: "done".into(),
        detail: serde_json::Value::Null,
    })
    .await
}

/// RF-11: on a full disk under PostgreSQL forms are told so and change nothing, and an owner's veto is written all the same,
/// into room that is kept for it, which no node gives to anybody else. The same forms work once there is room, and the room
/// is kept again. The log lies on a volume of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_11_on_a_full_disk_under_postgresql_only_a_veto_is_written() {
    let disk = SmallDisk::start(Log::Apart).await;
    assert!(disk.has_reserve(), "migrating made it");
    let eve = eve(&disk).await;
    let node = eve.process.open().await;
    writes(&node, &eve).await.unwrap();

    disk.fill();
    assert_says(&eve.claimant.submit(eve.upload.clone()).await, 507, "no room");
    assert_says(&eve.newcomer.submit(eve.start.clone()).await, 507, "no room");
    assert!(disk.has_reserve(), "it is given to nobody else");
    for veto in &eve.vetoes {
        let page = Visitor::new().submit(veto.clone()).await.expect(200);
        assert!(page.words().contains("stopped"), "{}", page.words());
    }
    assert!(!disk.has_reserve());
    let told = doctor(&eve);
    assert!(
        told.contains("WRONG  Room for objections: it was given up: nothing but objections is written; make room"),
        "{told}"
    );
    assert_says(&eve.newcomer.submit(eve.start.clone()).await, 507, "no room");
    until("the other node knows", async || {
        matches!(writes(&node, &eve).await, Err(StorageError::Full)).then_some(())
    })
    .await;

    disk.make_room();
    goes_on(&disk, &eve).await;
    until("the other node knows", async || writes(&node, &eve).await.ok()).await;
    node.close().await;
    let told = doctor(&eve);
    assert!(told.contains("ok     Room for objections: is kept"), "{told}");
    disk.sql("REVOKE TRUNCATE ON reserve FROM readmit_app").unwrap();
    let told = doctor(&eve);
    assert!(
        told.contains("WRONG  Room for objections: it may not be given up; run migrations/roles.sql"),
        "{told}"
    );
    came_to_their_ends(eve).await;
}

/// RF-11: while somebody reads the room that is kept for vetoes, as a dump of its table does, it cannot be given up. A veto
/// waits for the end of that, and is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_11_a_veto_waits_until_the_room_that_is_kept_for_it_is_read_no_more() {
    let disk = SmallDisk::start(Log::Apart).await;
    let eve = eve(&disk).await;
    let reader = disk.read_reserve();
    disk.fill();
    let veto = eve.vetoes[0].clone();
    let sent = tokio::spawn(async move { Visitor::new().submit(veto).await });
    until("the veto waits", async || {
        let waits = disk.sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'");
        (waits.unwrap() != "0").then_some(())
    })
    .await;
    drop(reader);
    let page = sent.await.unwrap().expect(200);
    assert!(page.words().contains("stopped"), "{}", page.words());
    assert!(!disk.has_reserve());
}

/// RF-11: the log lies on the full disk, too. Where it finds no room for its next file PostgreSQL ends itself; the room that is
/// kept for vetoes is what it comes back with, and a veto is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_11_postgresql_comes_back_for_a_veto_when_its_log_had_no_room() {
    let disk = SmallDisk::start(Log::OnTheDisk).await;
    let eve = eve(&disk).await;
    disk.fill();
    assert_says(&eve.newcomer.submit(eve.start.clone()).await, 507, "no room");
    assert!(disk.has_reserve());
    disk.ends_for_want_of_room().await;
    assert!(!disk.has_reserve(), "its room is what it came back with");
    for veto in &eve.vetoes {
        let page = until("the veto is taken", async || {
            let page = Visitor::new().submit(veto.clone()).await;
            if page.status != 200 {
                assert_says(&page, 503, "may not have been saved");
                return None;
            }
            Some(page)
        })
        .await;
        assert!(page.words().contains("stopped"), "{}", page.words());
    }
    until("nobody else writes", async || {
        let page = eve.newcomer.submit(eve.start.clone()).await;
        (page.status == 507).then_some(())
    })
    .await;
    disk.make_room();
    goes_on(&disk, &eve).await;
    came_to_their_ends(eve).await;
}

/// Once there is room everything works, and some of it is kept again.
async fn goes_on(disk: &SmallDisk, eve: &Eve) {
    until("there is room again", async || disk.has_reserve().then_some(())).await;
    until("everybody may write", async || {
        let page = eve.newcomer.submit(eve.start.clone()).await;
        (page.status == 200).then_some(())
    })
    .await;
    eve.claimant.submit(eve.upload.clone()).await.expect(200);
}

/// Nothing was half written.
async fn came_to_their_ends(mut eve: Eve) {
    eve.process.kill();
    eve.process.verify().await;
    let db = eve.process.open().await;
    let cases = db.recent_cases(CaseFilter::default(), None, 10).await.unwrap();
    db.close().await;
    let mut outcomes: Vec<_> = cases.iter().map(|line| line.outcome).collect();
    outcomes.sort();
    assert_eq!(outcomes, [None, Some(Outcome::Vetoed), Some(Outcome::Vetoed)]);
}
