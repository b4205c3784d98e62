//! A missing or wrong master key: one line that says which, exit code 2, nothing written anywhere in the installation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use readmit_storage::{CaseFilter, Db};
use readmit_web::origins::Face;

use crate::support::halcyon::Halcyon;
use crate::support::installation::{Place, Setup};
use crate::support::leash::Leash;
use crate::support::process::Process;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn a_missing_or_wrong_master_key_is_one_line_and_nothing_is_written() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    // Opened and closed once, so that the databases have no journals left to fold in.
    process.verify().await;
    let key = process.place.at("master.key");
    let before = files(process.place.folder.path());
    assert!(before.len() >= 4, "{:?}", before.keys());
    for (content, says) in [
        (Some("0c".repeat(32)), "the master key is wrong"),
        (Some("0c".repeat(31)), "must be 32 bytes"),
        (None, "master key"),
    ] {
        match content {
            Some(content) => std::fs::write(&key, content).unwrap(),
            None => std::fs::remove_file(&key).unwrap(),
        }
        for command in ["serve", "work", "all", "migrate"] {
            let said = process.run(command);
            let line = String::from_utf8(said.stderr).unwrap();
            assert_eq!(said.status.code(), Some(2), "{command}: {line}");
            assert_eq!(line.trim_end().lines().count(), 1, "{command}: {line}");
            assert!(line.contains(says), "{command}: {line}");
            let after = files(process.place.folder.path());
            assert!(after.keys().eq(before.keys()), "{command}: {:?}", after.keys());
            let changed: Vec<&PathBuf> = after.keys().filter(|path| after[*path] != before[*path]).collect();
            assert!(changed.is_empty(), "{command} wrote {changed:?}");
        }
    }
    std::fs::write(&key, "0b".repeat(32)).unwrap();
    process.finish().await;
}

/// The first `migrate` of a new place, without a master key or with one that is none: one line, exit code 2, and the place
/// holds what it held.
#[tokio::test]
async fn a_first_migrate_without_a_master_key_makes_nothing() {
    crate::support::prepare();
    let (place, _listener) = Place::make();
    let halcyon = Halcyon::here(place.folder.path(), place.port).await;
    place.configure(Setup::default(), &halcyon, None, None).await;
    let everything = || {
        let entries = std::fs::read_dir(place.folder.path()).unwrap();
        let names: BTreeSet<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        (names, files(place.folder.path()))
    };
    for (content, says) in [(None, "master key"), (Some("0b"), "must be 32 bytes")] {
        match content {
            Some(content) => std::fs::write(place.at("master.key"), content).unwrap(),
            None => std::fs::remove_file(place.at("master.key")).unwrap(),
        }
        let before = everything();
        for command in [
            &["migrate"][..],
            &["serve"],
            &["work"],
            &["all"],
            &["staff", "add", "rina", "--role", "reviewer"],
        ] {
            let said = place.run(command);
            let line = String::from_utf8(said.stderr).unwrap();
            assert_eq!(said.status.code(), Some(2), "{command:?}: {line}");
            assert_eq!(line.trim_end().lines().count(), 1, "{command:?}: {line}");
            assert!(line.contains(says) && said.stdout.is_empty(), "{command:?}: {line}");
            assert!(everything() == before, "{command:?} made something");
        }
    }
}

/// PR-04: `keys rotate` wraps every key under another master key, all or none: killed at any moment, either the old key
/// opens everything or the new one does. A server that runs meanwhile is not ready any more and keeps no key under the old
/// one; started with the new one it goes on with the cases that there were.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pr_04_the_master_key_is_changed_for_all_keys_or_for_none() {
    let mut process = Process::start(Setup::default()).await;
    let visitor = Visitor::new();
    let (page, code) = process.proven(&visitor, "ada@example.com").await;
    let next = process.place.at("next.key");
    std::fs::write(&next, "0c".repeat(32)).unwrap();

    process.kill();
    let opens = async |key: u8| {
        let mut settings = process.place.config().storage;
        settings.master_key = [key; 32];
        let Ok(db) = Db::open(&settings).await else {
            return false;
        };
        let case = db.recent_cases(CaseFilter::default(), None, 1).await.unwrap()[0].case;
        assert!(
            db.opened(case).await.unwrap().is_some(),
            "the shelf opens, and one of its keys does not"
        );
        db.close().await;
        true
    };
    let rotate = ["keys", "rotate", "--to", &next];
    for rounds in [0, 1_000, 10_000, 30_000] {
        let config = format!("--config={}", process.place.at("readmit.yaml"));
        let program = crate::support::programs::path("readmit");
        let leash = Leash::run(&program, rotate.into_iter().chain([config.as_str()]));
        for _ in 0..rounds {
            tokio::task::yield_now().await;
        }
        drop(leash);
        let (old, new) = (opens(0x0b).await, opens(0x0c).await);
        assert!(old != new, "{rounds}: old {old}, new {new}");
        if new {
            // It came to its end; back, for the next moment.
            let mut settings = process.place.config().storage;
            settings.master_key = [0x0c; 32];
            Db::rotate_master_key(&settings, &[0x0b; 32]).await.unwrap();
        }
    }
    process.start_again().await;
    let ready = async |process: &Process| {
        visitor
            .get(process.place.on(Face::Claimant, "/readyz").as_str())
            .await
            .status
    };
    assert_eq!(ready(&process).await, 204);
    let said = process.run_with(&rotate);
    let told = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(
        said.status.success() && told.contains("under the new master key"),
        "{told}"
    );
    assert_eq!(ready(&process).await, 503);
    let page = visitor.submit(page.press("submit")).await;
    assert!(
        page.status.is_server_error() || page.status.is_client_error(),
        "{}",
        page.status
    );

    process.kill();
    let said = process.run("serve");
    assert!(String::from_utf8_lossy(&said.stderr).contains("the master key is wrong"));
    std::fs::copy(&next, process.place.at("master.key")).unwrap();
    process.start_again().await;
    assert_eq!(ready(&process).await, 204);
    visitor
        .get(process.place.on(Face::Claimant, "/case").as_str())
        .await
        .expect(200);
    process.plant_all(["ada@example.com".to_owned(), code]);
    process.finish().await;
}

/// A secret of the wrong shape is met by every command that reads the configuration, before anything is written.
#[tokio::test]
async fn a_secret_of_the_wrong_shape_is_one_line_and_nothing_is_written() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    process.verify().await;
    let before = files(process.place.folder.path());
    let secret = process.place.at("host.secret");
    let good = std::fs::read_to_string(&secret).unwrap();
    for (content, says) in [
        ("hush", "must be whsec_ and 24 to 64 bytes in base64"),
        ("whsec_c2hvcnQ=", "must be whsec_ and 24 to 64 bytes in base64"),
        (" \n", "the secret shared with the host is empty"),
    ] {
        std::fs::write(&secret, content).unwrap();
        for command in [&["migrate"][..], &["config", "show"], &["serve"]] {
            let said = process.run_with(command);
            let line = String::from_utf8(said.stderr).unwrap();
            assert_eq!(said.status.code(), Some(2), "{command:?}: {line}");
            assert_eq!(line.trim_end().lines().count(), 1, "{command:?}: {line}");
            assert!(line.contains(says) && said.stdout.is_empty(), "{command:?}: {line}");
        }
    }
    std::fs::write(&secret, good).unwrap();
    assert!(files(process.place.folder.path()) == before, "something was written");
    process.finish().await;
}

/// Every file of an installation with what is in it: databases with their journals, keys, evidence, configuration. Not the
/// master key, which the test itself changes, nor the host's own books.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path));
        } else if name != "master.key" && !name.starts_with("halcyon") {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}
