//! How many pictures are opened side by side (EV-04), seen from outside: in the list of processes, and in what they write down.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;

use readmit_worker::inspector::{Inspector, SEATS};
use tokio::io::AsyncWriteExt as _;
use tokio::net::unix::pipe;

use super::opens;
use crate::support::programs;
use crate::support::wait::until;

/// The real program behind a latch: each child writes down that it began, waits until its pipe is opened, opens its picture, and
/// writes down that it ended.
struct Latched {
    folder: tempfile::TempDir,
}

impl Latched {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let script = format!(
            "#!/bin/sh\nmkfifo '{latch}.'$$\necho begun $$ >>'{log}'\nread -r _ <'{latch}.'$$\n'{program}' \"$@\"\ncode=$?\n\
             echo ended >>'{log}'\nexit $code\n",
            latch = at("latch"),
            log = at("log"),
            program = programs::path("readmit"),
        );
        std::fs::write(at("script"), script).unwrap();
        // What this process has open for writing, a test beside this one may hand to a child, and then it cannot be started.
        let install = Command::new("install")
            .args(["-m", "700", &at("script"), &at("child")])
            .status();
        assert!(install.unwrap().success());
        Self { folder }
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("child")
    }

    /// What the children wrote down, in its order.
    fn log(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    fn begun(&self) -> usize {
        self.log().iter().filter(|line| line.starts_with("begun")).count()
    }

    /// The children that there are now.
    fn alive(&self) -> usize {
        let program = self.program();
        let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let ours = |process: &PathBuf| {
            let words = std::fs::read(process.join("cmdline")).unwrap_or_default();
            let mut words = words
                .split(|byte| *byte == 0)
                .map(|word| Path::new(std::str::from_utf8(word).unwrap_or("")));
            words.any(|word| word == program)
        };
        processes.filter(ours).count()
    }

    /// Lets the child go on that waits longest.
    async fn let_one_go(&self) {
        let latches = || {
            let log = self.log().into_iter();
            let numbers = log.filter_map(|line| line.strip_prefix("begun ").map(str::to_owned));
            numbers.map(|number| self.folder.path().join(format!("latch.{number}")))
        };
        let open = until("a child that waits", async || {
            let latch = latches().find(|latch| latch.exists())?;
            // Fails until the child has opened its end.
            let pipe = pipe::OpenOptions::new().open_sender(&latch).ok()?;
            Some((latch, pipe))
        });
        let (latch, mut pipe) = open.await;
        std::fs::remove_file(latch).unwrap();
        pipe.write_all(b"go\n").await.unwrap();
    }
}

/// Opens five pictures at once with so many seats, letting one child go on at a time.
async fn five_with(seats: NonZeroUsize) {
    let latched = Latched::new();
    let inspector = Inspector::new(latched.program(), seats);
    let watch = async {
        for gone in 0..5 {
            let wanted = 5.min(gone + seats.get());
            until("all seats are taken", async || {
                (latched.begun() == wanted).then_some(())
            })
            .await;
            // All five were asked for before the first of them was waited for; a child is there as soon as it is asked for.
            assert_eq!(latched.alive(), wanted - gone, "after {gone}: {:?}", latched.log());
            latched.let_one_go().await;
            until("it has ended", async || {
                let ended = latched.log().iter().filter(|line| *line == "ended").count();
                (ended == gone + 1 && latched.alive() <= seats.get().min(4 - gone)).then_some(())
            })
            .await;
        }
    };
    let one = || opens(&inspector);
    tokio::join!(one(), one(), one(), one(), one(), watch);
    let (log, mut at_once) = (latched.log(), 0);
    let most = log.iter().map(|line| {
        at_once = if line.starts_with("begun") {
            at_once + 1
        } else {
            at_once - 1
        };
        at_once
    });
    assert_eq!(most.max(), Some(seats.get()), "{:?}", latched.log());
    assert_eq!(latched.alive(), 0);
}

/// EV-04: the third picture waits until one of the first two was opened, and the fourth for the next.
#[tokio::test]
async fn ev_04_no_more_than_two_pictures_are_opened_at_a_time() {
    assert_eq!(SEATS.get(), 2);
    five_with(SEATS).await;
}

/// EV-04: a small machine may say that one is enough.
#[tokio::test]
async fn ev_04_as_many_pictures_are_opened_at_a_time_as_the_configuration_says() {
    five_with(NonZeroUsize::MIN).await;
}
