//! A backup is a backup once it was restored.

use std::path::Path;
use std::process::Command;

use readmit_core::time::Span;
use readmit_storage::{AuditRow, CaseFilter, Db, EvidenceSettings, KeyFault, Room, Settings, StorageError};
use readmit_web::origins::Face;

use crate::support::claimant::{Recovery, picture};
use crate::support::installation::Setup;
use crate::support::postgres;
use crate::support::process::Process;
use crate::support::visitor::Visitor;

/// PR-04: an installation that was copied while it stood still goes on in another place: its claimant looks at the case.
/// Without the key shelf, or with a shelf of its own, nothing opens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pr_04_a_copy_goes_on_elsewhere_and_opens_with_its_key_shelf_only() {
    let mut process = Process::start(Setup::default()).await;
    let visitor = Visitor::new();
    let (page, _) = process.proven(&visitor, "ben@example.com").await;
    let mut form = page.press("submit");
    for slot in form.files().into_iter().filter(|name| !name.contains('.')) {
        form = form.attach(&slot, "shot.png", &picture());
    }
    visitor.submit(form).await.expect(200);
    process.kill();
    process.verify().await;

    // Another place, by the same commands as in docs/operations.md.
    let there = tempfile::tempdir().unwrap();
    for name in ["data.db", "keys.db", "evidence"] {
        copy(&process.place.at(name), there.path());
    }
    let here = process.place.folder.path().to_str().unwrap();
    let text = std::fs::read_to_string(process.place.at("readmit.yaml")).unwrap();
    let moved = ["data.db", "keys.db", "evidence"].iter().fold(text, |text, name| {
        text.replace(&format!("{here}/{name}"), &format!("{}/{name}", there.path().display()))
    });
    std::fs::write(process.place.at("readmit.yaml"), moved).unwrap();
    for name in ["data.db", "keys.db"] {
        std::fs::remove_file(process.place.at(name)).unwrap();
    }
    std::fs::remove_dir_all(process.place.at("evidence")).unwrap();
    process.start_again().await;
    let page = visitor
        .get(process.place.on(Face::Claimant, "/case").as_str())
        .await
        .expect(200);
    assert!(page.text().contains("RC-"), "{}", page.words());
    process.kill();
    process.verify().await;

    let settings = process.place.config().storage;
    let opened = async || {
        Db::open(&settings)
            .await
            .err()
            .expect("nothing opens without the shelf")
    };
    let shelf = there.path().join("keys.db");
    std::fs::rename(&shelf, there.path().join("away")).unwrap();
    assert!(matches!(opened().await, StorageError::Key(KeyFault::Missing)));
    assert!(
        Db::migrate(&settings).await.is_err(),
        "a new shelf is not made for old data"
    );
    let other = Settings {
        database_url: format!("sqlite:{}", there.path().join("other.db").display()),
        ..settings.clone()
    };
    Db::migrate(&other).await.unwrap();
    assert!(matches!(opened().await, StorageError::Key(KeyFault::OtherShelf)));
}

/// PR-04: PostgreSQL, dumped while it runs and while somebody holds the room that is kept for objections, which no backup
/// holds: its nodes work without it, and `migrate` makes it again (RF-11). A case whose key was destroyed after the backup does
/// not come back with it, as long as the shelf is not the backup's; everything else does, evidence too.
#[test]
fn pr_04_what_was_erased_after_a_backup_does_not_come_back_with_it() {
    Setup::default().on_postgres().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        Recovery::passkey().of("erik@example.org").with_password().at(app).await;
        app.work().await;
        let backup = tempfile::tempdir().unwrap();
        let settings = app.place.config().storage;
        let EvidenceSettings::Folder(evidence) = &settings.evidence else {
            panic!("evidence lies in a folder")
        };
        copy(evidence.to_str().unwrap(), backup.path());
        let (data, shelf) = (
            postgres::copy(&settings.database_url),
            postgres::copy(&settings.keys_url),
        );
        // Erik never proves anything; after an hour his request and its key are destroyed.
        app.pass(Span::hours(2)).await;
        app.wired.db.purge_unproven(app.clock.at()).await.unwrap();

        let restored = Settings {
            database_url: data,
            keys_url: postgres::copy(&settings.keys_url),
            evidence: EvidenceSettings::Folder(backup.path().join("evidence")),
            ..settings.clone()
        };
        let db = Db::open(&restored).await.unwrap();
        let reference = ben.reference(app).await.parse().unwrap();
        let case = db
            .case_by_reference(reference)
            .await
            .unwrap()
            .expect("the proven case is there");
        let opened = db.opened(case).await.unwrap().unwrap();
        assert_eq!(opened.sealed, app.opened(case).await.sealed);
        let blobs = postgres::rows(&restored.database_url, "SELECT id FROM blobs");
        assert!(blobs.len() >= 2, "{blobs:?}");
        for blob in blobs {
            let bytes = db.blobs().read(case, blob.parse().unwrap()).await.unwrap();
            assert!(!bytes.is_empty());
        }
        let unproven = postgres::rows(&restored.database_url, "SELECT id FROM unproven");
        assert_eq!(unproven.len(), 1, "the backup still holds the row");
        let lost = unproven[0].parse().unwrap();
        let erased = db.opened(lost).await.unwrap().expect("the row is there");
        assert!(!erased.readable, "what was erased opens again");
        assert_eq!((&erased.sealed.address, erased.sealed.steps.len()), (&None, 0));
        assert_eq!(db.recent_cases(CaseFilter::default(), None, 10).await.unwrap().len(), 1);
        db.verify_all().await.unwrap().unwrap();
        assert_eq!(db.room_for_objections().await.unwrap(), Some(Room::Missing));
        db.audit(AuditRow {
            at: app.clock.at(),
            who: "engine".into(),
            what: "looked".into(),
            case: None,
            outcome: "done".into(),
            detail: serde_json::Value::Null,
        })
        .await
        .unwrap();
        postgres::migrate(&restored).await;
        assert_eq!(db.room_for_objections().await.unwrap(), Some(Room::Kept));
        db.close().await;

        // With the shelf of the backup it would: the address that Erik typed was there.
        let undone = Settings {
            keys_url: shelf,
            ..restored
        };
        let db = Db::open(&undone).await.unwrap();
        let there = db.opened(lost).await.unwrap().unwrap();
        assert!(there.readable);
        assert_eq!(there.sealed.address.as_deref(), Some("erik@example.org"));
        db.close().await;
    });
}

/// Copies a file or a folder into another one.
fn copy(from: &str, into: &Path) {
    let said = Command::new("cp").args(["-a", from]).arg(into).status().unwrap();
    assert!(said.success());
}
