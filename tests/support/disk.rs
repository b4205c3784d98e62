//! A real disk that can be full: a file system in memory of a server's own, made in a mount namespace that it alone lives in.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use readmit_web::origins::Face;

use super::process::{Process, answers};
use super::{leash::Leash, programs};

/// MiB: what the server needs, its reserve, and some.
const SIZE: u32 = 64;

/// The server of an installation on such a disk.
pub(crate) struct OnDisk {
    leash: Leash,
    /// The process that starts and stops the server.
    shell: String,
    /// The disk as this process sees it.
    disk: PathBuf,
    /// What was on it when the server had ended.
    after: PathBuf,
}

/// Mounts the disk, fills it with what the installation has, and runs the server there, whose process it says. Told by USR1
/// it fills what is left, starts the server again and fills what that freed; told to stop, it copies everything back.
const SCRIPT: &str = r#"set -e
mount -t tmpfs -o size="$1"m tmpfs "$2/disk"
cp -a "$2"/data.db* "$2"/keys.db* "$2/evidence" "$2/disk"
serve() { READMIT_TEST_CLOCK="$2/clock" "$3" all --config="$2/on-disk.yaml" >&2 & server=$!; echo $server; }
stop() { kill -TERM $server; wait $server || true; }
trap 'stop; cat /dev/zero >>"$2/disk/filler" 2>/dev/null || true; serve "$@"' USR1
trap 'stop; rm -f "$2/disk/filler"; cp -a "$2/disk/." "$2/after"; exit' TERM
echo $$
serve "$@"
while true; do wait $server || true; done"#;

impl OnDisk {
    /// Starts a stopped installation's server on a disk of its own.
    pub(crate) async fn start(process: &Process) -> Self {
        let place = &process.place;
        let here = place.folder.path();
        let text = std::fs::read_to_string(place.at("readmit.yaml")).unwrap();
        let moved = ["data.db", "keys.db", "evidence"].iter().fold(text, |text, name| {
            let (from, to) = (here.join(name), here.join("disk").join(name));
            text.replace(from.to_str().unwrap(), to.to_str().unwrap())
        });
        std::fs::write(place.at("on-disk.yaml"), moved).unwrap();
        for folder in ["disk", "after"] {
            std::fs::create_dir(place.at(folder)).unwrap();
        }
        let (size, program) = (SIZE.to_string(), programs::path("readmit"));
        let words = [
            "-rm",
            "sh",
            "-c",
            SCRIPT,
            "disk",
            &size,
            here.to_str().unwrap(),
            &program,
        ];
        let mut leash = Leash::run("unshare", words);
        let shell = leash.line();
        leash.line();
        answers(place.on(Face::Claimant, "/healthz")).await;
        let root = Path::new("/proc").join(&shell).join("root");
        Self {
            leash,
            shell,
            disk: root.join(here.strip_prefix("/").unwrap()).join("disk"),
            after: here.join("after"),
        }
    }

    /// Starts the server once more, with no byte left that it did not use itself.
    pub(crate) async fn start_again_without_room(&mut self, process: &Process) {
        let told = std::process::Command::new("kill").args(["-USR1", &self.shell]).status();
        assert!(told.unwrap().success());
        self.leash.line();
        answers(process.place.on(Face::Claimant, "/healthz")).await;
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.disk.join(name).exists()
    }

    /// Leaves no byte free.
    pub(crate) fn fill(&self) {
        let mut filler = File::options()
            .create(true)
            .append(true)
            .open(self.disk.join("filler"))
            .unwrap();
        for piece in [1 << 20, 1 << 12] {
            while filler.write_all(&vec![1; piece]).is_ok() {}
        }
    }

    /// Frees all that [`OnDisk::fill`] took.
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.disk.join("filler")).unwrap();
    }

    /// Stops the server and puts what is on its disk back into the installation's own place.
    pub(crate) fn stop(mut self, process: &Process) {
        self.leash.ask_to_stop();
        self.leash.line();
        for name in ["data.db", "keys.db"] {
            for log in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(process.place.at(&format!("{name}{log}")));
            }
            std::fs::copy(self.after.join(name), process.place.at(name)).unwrap();
        }
    }
}
