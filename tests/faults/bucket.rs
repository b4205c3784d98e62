//! Evidence in a bucket: what a folder does, and what becomes of an upload when the server goes away in the middle.

use readmit_core::ids::CaseId;
use readmit_core::time::{At, Span};
use readmit_storage::{BucketSettings, Db, EvidenceSettings, StorageError};
use sha2::{Digest as _, Sha256};

use crate::support::claimant::Recovery;
use crate::support::installation::Setup;
use crate::support::s3::{Moto, Server};

/// The smallest part of a multipart upload.
const PART: usize = 5 * 1024 * 1024;

/// Compressible by nothing, equal to no neighbour.
fn content(length: usize) -> Vec<u8> {
    let word = |place: usize| (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
    (0..length.div_ceil(8)).flat_map(word).take(length).collect()
}

/// An installation of SQLite whose evidence lies in the bucket, and a case in it with a key.
async fn open(folder: &std::path::Path, bucket: BucketSettings) -> (Db, CaseId) {
    crate::support::prepare();
    let mut settings = readmit_storage::conformance::in_folder(folder);
    settings.evidence = EvidenceSettings::Bucket(bucket);
    Db::migrate(&settings).await.unwrap();
    let db = Db::open(&settings).await.unwrap();
    let case = readmit_storage::conformance::a_case(&db).await;
    (db, case)
}

async fn comes_back(db: &Db, case: CaseId, length: usize) {
    let content = content(length);
    let mut writer = db.blobs().create(case, At(0)).await.unwrap();
    for piece in content.chunks(100_003) {
        writer.write(piece).await.unwrap();
    }
    let stored = writer.finish().await.unwrap();
    assert_eq!(stored.sha256.0, <[u8; 32]>::from(Sha256::digest(&content)));
    assert!(
        db.blobs().read(case, stored.blob).await.unwrap() == content,
        "{length} bytes"
    );
    db.blobs().remove(case, stored.blob).await.unwrap();
    db.blobs().remove(case, stored.blob).await.unwrap();
    let gone = db.blobs().read(case, stored.blob).await;
    assert!(matches!(gone, Err(StorageError::Corrupt { .. })), "{length} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_back_from_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("s3"));
    let (db, case) = open(folder.path(), server.settings()).await;
    for length in [0, 1, PART - 64 * 1024, PART, 2 * PART + 1, 15 * 1024 * 1024] {
        comes_back(&db, case, length).await;
    }
    assert!(server.objects().is_empty(), "{:?}", server.objects());
    db.close().await;
}

/// EV-02: what has ended is sent off, so that nothing of it stays in memory while the next file comes; it has no name before
/// it is kept. What no case names is gone from the bucket a day later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ev_02_a_file_that_has_ended_waits_in_the_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("s3"));
    let (db, case) = open(folder.path(), server.settings()).await;
    let mut waiting = Vec::new();
    for length in [1, PART + 70_000] {
        let content = content(length);
        let mut writer = db.blobs().create(case, At(0)).await.unwrap();
        writer.write(&content).await.unwrap();
        writer.end().await.unwrap();
        assert_eq!(writer.held(), 0, "{length} bytes");
        waiting.push((writer, content));
    }
    let mut dropped = db.blobs().create(case, At(0)).await.unwrap();
    dropped.write(b"never kept").await.unwrap();
    dropped.end().await.unwrap();
    drop(dropped);
    for (writer, content) in waiting {
        let stored = writer.finish().await.unwrap();
        assert_eq!(stored.sha256.0, <[u8; 32]>::from(Sha256::digest(&content)));
        assert!(db.blobs().read(case, stored.blob).await.unwrap() == content);
    }
    assert_eq!(server.objects().len(), 2, "{:?}", server.objects());
    assert_eq!(db.remove_unclaimed(At(0) + Span::hours(25)).await.unwrap(), 2);
    assert!(server.objects().is_empty(), "{:?}", server.objects());
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_does_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Moto::start().await;
    let (db, case) = open(folder.path(), server.settings()).await;
    for length in [1, 2 * PART + 1] {
        comes_back(&db, case, length).await;
    }
    db.close().await;
}

/// EV-07, PR-04: the bucket's keeper sees random names and sealed bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pr_04_a_bucket_holds_sealed_bytes_under_random_names() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("s3"));
    let (db, case) = open(folder.path(), server.settings()).await;
    let sentence = b"Your deposit of 0.25 BTC has arrived. ".repeat(40);
    let mut writer = db.blobs().create(case, At(0)).await.unwrap();
    writer.write(&sentence).await.unwrap();
    let stored = writer.finish().await.unwrap();
    let objects = server.objects();
    let object = objects
        .iter()
        .find(|path| path.ends_with(stored.blob.to_string()))
        .unwrap();
    let bytes = std::fs::read(object).unwrap();
    assert!(!bytes.windows(12).any(|window| window == &sentence[..12]));
    db.close().await;
}

/// EV-02: the server goes away between two parts of an upload. The upload fails, says why, and leaves no row and no
/// object; when the server is back, the next one works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ev_02_an_outage_in_the_middle_of_an_upload_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(&folder.path().join("s3"));
    let (db, case) = open(folder.path(), server.settings()).await;
    let content = content(3 * PART);
    let mut writer = db.blobs().create(case, At(0)).await.unwrap();
    writer.write(&content[..PART + 70_000]).await.unwrap();
    server.stop().await;
    let failed = match writer.write(&content[PART + 70_000..]).await {
        Ok(()) => writer.finish().await.map(drop),
        failed => failed,
    };
    assert!(matches!(failed, Err(StorageError::EvidenceDown)), "{failed:?}");
    server.start_again();
    assert!(server.objects().is_empty(), "{:?}", server.objects());
    comes_back(&db, case, PART + 1).await;
    db.close().await;
}

/// Who has the wrong secret is told so in a sentence; nothing is stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("s3"));
    let (db, case) = open(folder.path(), server.settings()).await;
    db.close().await;
    let mut settings = readmit_storage::conformance::in_folder(folder.path());
    let mut wrong = server.settings();
    wrong.secret_key = "not-this-one".to_owned().into();
    settings.evidence = EvidenceSettings::Bucket(wrong);
    let db = Db::open(&settings).await.unwrap();
    let mut writer = db.blobs().create(case, At(0)).await.unwrap();
    writer.write(b"x").await.unwrap();
    let refused = writer.finish().await.unwrap_err().to_string();
    assert!(refused.contains("SignatureDoesNotMatch"), "{refused}");
    assert!(server.objects().is_empty());
    db.close().await;
}

/// The whole way of a claimant's pictures, with a bucket; while it is away a page says so and what was there is kept.
#[test]
fn a_recovery_by_documents_works_on_a_bucket() {
    Setup::default().on_a_bucket().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let objects = app.bucket.as_ref().unwrap().objects().len();
        assert_eq!(objects, 6, "two pictures, and of each the two copies that people see");
        let mut ben = Recovery::passkey().of("ben@example.com").at(app).await;
        ben.forgets_password().await;
        ben.types_code(app).await;
        app.bucket.as_mut().unwrap().stop().await;
        let form = ben
            .page
            .press("submit")
            .attach("account_email", "mail.png", &crate::support::claimant::picture());
        let page = ben.visitor.submit(form).await;
        assert_eq!(page.status, 503, "{}", page.words());
        app.bucket.as_mut().unwrap().start_again();
        let mut rina = app.signed_in("rina", readmit_core::command::Role::Reviewer).await;
        rina.takes_next(app).await;
        assert!(rina.page.words().contains(&reference));
        rina.approves().await;
        app.work().await;
        assert!(!app.factors("acc_ada").await.contains(&"passkey".to_owned()));
    });
}
