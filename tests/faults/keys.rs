//! A missing or wrong master key: one line that says which, exit code 2, nothing written anywhere in the installation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::installation::Setup;
use crate::support::process::Process;

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
