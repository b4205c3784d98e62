//! The limits of the child that opens pictures, each broken on purpose (EV-04): whatever happens ends in it, and the next
//! picture is inspected as if nothing had been.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use readmit_core::inspection::{Request, Rules};
use readmit_worker::inspector::NoAnswer;

use super::{inspector, opens, page, request};
use crate::support::{programs, wait};

/// A rule pack that takes a minute to read: each of its shapes is built, and is too large in the end.
fn endless() -> Request {
    let shipped = request(None).rules;
    let at = shipped.every.find("identifiers:").unwrap();
    let line_end = at + shipped.every[at..].find('\n').unwrap() + 1;
    let shapes = "  - {shape: '\\w{20}', kind: address}\n".repeat(3_000);
    let (before, after) = shipped.every.split_at(line_end);
    let every = [before, &shapes, after].concat();
    Request {
        rules: Rules { every, ..shipped },
        ..request(None)
    }
}

/// What the kernel tells of a process.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    /// Soft and hard limits of memory, processor time, file sizes, open files and core files.
    limits: Vec<String>,
    open: Vec<String>,
    environment: Vec<u8>,
    folder: PathBuf,
}

impl Held {
    /// `None` for a process that has ended meanwhile.
    fn of(process: &Path) -> Option<Self> {
        let told = std::fs::read_to_string(process.join("limits")).ok()?;
        let limit = |name: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        };
        let names = ["address space", "cpu time", "file size", "open files", "core file size"];
        let mut open: Vec<String> = std::fs::read_dir(process.join("fd"))
            .ok()?
            .map(|fd| Some(fd.ok()?.file_name().into_string().unwrap()))
            .collect::<Option<_>>()?;
        open.sort();
        Some(Self {
            limits: names
                .iter()
                .map(|name| limit(&format!("Max {name}")))
                .collect::<Option<_>>()?,
            open,
            environment: std::fs::read(process.join("environ")).ok()?,
            folder: std::fs::read_link(process.join("cwd")).ok()?,
        })
    }
}

/// What this process was itself started with, and hands on: no file that it opened is among them.
fn handed_on() -> Vec<String> {
    let open = std::fs::read_dir("/proc/self/fdinfo").unwrap().flatten();
    let kept = open.filter(|fd| {
        let told = std::fs::read_to_string(fd.path()).unwrap_or_default();
        let flags = told.lines().find_map(|line| line.strip_prefix("flags:"));
        flags.is_some_and(|flags| u32::from_str_radix(flags.trim(), 8).unwrap() & 0o2_000_000 == 0)
    });
    kept.map(|fd| fd.file_name().into_string().unwrap()).collect()
}

/// The children of this process that open pictures, each with the processor time that it took, in ticks.
fn children() -> impl Iterator<Item = (PathBuf, u64)> {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter_map(move |process| {
        let stat = std::fs::read_to_string(process.join("stat")).ok()?;
        let words: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let ours = words.get(1) == Some(&own.as_str());
        let named = ours.then(|| std::fs::read(process.join("cmdline")).ok())??;
        let ticks = words.get(11)?.parse().ok()?;
        named.ends_with(b"inspect\0").then_some((process, ticks))
    })
}

/// A child of this process that opens pictures and has been at it for a second.
fn busy_child() -> Option<Held> {
    let mut busy = children().filter(|(_, ticks)| *ticks > 100);
    busy.find_map(|(process, _)| Held::of(&process))
}

/// The most memory that each of the children ever held, in kB (proc(5)).
pub(super) fn peaks() -> impl Iterator<Item = u64> {
    children().filter_map(|(process, _)| {
        let status = std::fs::read_to_string(process.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    })
}

/// EV-04: what takes longer than twenty seconds of processor time is ended; meanwhile it holds nothing but its pipes, and what
/// it may use is what it was given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ev_04_time_runs_out_and_nothing_is_open() {
    let inspector = inspector();
    let (begun, request, picture) = (Instant::now(), endless(), page());
    let (ended, held) = tokio::join!(
        inspector.inspect(&request, &picture),
        wait::until("a child at work", async || busy_child())
    );
    let both = |limit: &str| format!("{limit} {limit}");
    let handed_on = handed_on();
    let own = held.open.iter().filter(|fd| !handed_on.contains(fd) || fd.len() == 1);
    let held = Held {
        open: own.cloned().collect(),
        ..held
    };
    assert_eq!(
        held,
        Held {
            limits: ["1073741824", "20", "0", "0", "0"].map(both).into(),
            open: ["0", "1", "2"].map(str::to_owned).into(),
            environment: Vec::new(),
            folder: "/".into(),
        }
    );
    assert!(
        matches!(ended, Err(NoAnswer::Died | NoAnswer::TooLong)),
        "{:?}",
        ended.err()
    );
    assert!(begun.elapsed() > Duration::from_secs(5), "{:?}", begun.elapsed());
    opens(&inspector).await;
}

fn leashed(what: &str, at: &str) -> Output {
    Command::new(programs::path("leashed"))
        .args([what, at])
        .output()
        .unwrap()
}

/// EV-04: on the child's leash no file is written, made or opened and no connection is made, even to one that listens; more
/// memory than it has ends it.
#[test]
fn ev_04_each_limit_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "before").unwrap();
    let file = file.to_str().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    assert!(std::net::TcpStream::connect(&address).is_ok(), "it can be reached");
    for (what, at) in [("open", file), ("make", file), ("connect", address.as_str())] {
        let said = leashed(what, at);
        assert_eq!(String::from_utf8_lossy(&said.stdout), "refused\n", "{what}: {said:?}");
    }
    // A write beyond the limit is a signal that ends the process.
    for what in ["write", "large"] {
        let said = leashed(what, file);
        assert!(!said.status.success() && said.stdout.is_empty(), "{what}: {said:?}");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
