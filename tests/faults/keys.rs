//! A missing or wrong master key: one line that says which, exit code 2, nothing written.

use crate::support::installation::Setup;
use crate::support::process::Process;

#[tokio::test]
async fn a_missing_or_wrong_master_key_is_one_line_and_nothing_is_written() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    let key = process.place.at("master.key");
    let before = std::fs::read(process.place.at("data.db")).unwrap();
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
            assert_eq!(std::fs::read(process.place.at("data.db")).unwrap(), before, "{command}");
        }
    }
}
