//! How many pictures are opened side by side (EV-04), seen from outside: in the list of processes, and in what they write down.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use readmit_worker::inspector::{Inspector, SEATS};

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
            "#!/bin/sh\nmkfifo '{latch}.'$$\necho begun >>'{log}'\nread -r _ <'{latch}.'$$\n'{program}' \"$@\"\ncode=$?\n\
             echo ended >>'{log}'\nexit $code\n",
            latch = at("latch"),
            log = at("log"),
            program = programs::path("readmit"),
        );
        std::fs::write(at("child"), script).unwrap();
        std::fs::set_permissions(at("child"), std::fs::Permissions::from_mode(0o700)).unwrap();
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
        self.log().iter().filter(|line| *line == "begun").count()
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

    /// Lets one waiting child go on.
    async fn let_one_go(&self) {
        let latch = until("a child that waits", async || {
            let entries = std::fs::read_dir(self.folder.path()).unwrap().flatten();
            let mut latches = entries.map(|entry| entry.path());
            latches.find(|path| path.file_stem().is_some_and(|stem| stem == "latch"))
        });
        let latch = latch.await;
        // To open it waits for the child, which is about to open its end.
        let open = tokio::task::spawn_blocking(move || {
            let mut pipe = std::fs::OpenOptions::new().write(true).open(&latch).unwrap();
            std::fs::remove_file(&latch).unwrap();
            pipe.write_all(b"go\n").unwrap();
        });
        open.await.unwrap();
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
        at_once = if line == "begun" { at_once + 1 } else { at_once - 1 };
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
