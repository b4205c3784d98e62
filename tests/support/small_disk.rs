//! A PostgreSQL cluster on a disk that can be full: a file system in memory, in a mount namespace of its own. Its server runs as
//! a user of that namespace who is not root, because PostgreSQL refuses root.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use readmit_storage::Db;
use tempfile::TempDir;

use super::leash::Leash;
use super::postgres::settings;
use super::sources::root;
use super::wait::until;

/// MiB: the cluster, two databases, the reserve twice, and some.
const SIZE: &str = "256";

/// Where the cluster keeps its write-ahead log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// On a volume of its own, which always has room.
    Apart,
    /// On the disk that can be full.
    OnTheDisk,
}

pub(crate) struct SmallDisk {
    folder: TempDir,
    /// The disk as this process sees it.
    disk: PathBuf,
    _leash: Leash,
}

/// How `unshare` makes a namespace in which we mount, and are not root.
const ALONE: [&str; 5] = [
    "--user",
    "--mount",
    "--map-user=1000",
    "--map-group=1000",
    "--keep-caps",
];

const SCRIPT: &str = r#"set -e
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
PATH="$newest:$PATH"
mount -t tmpfs -o size="$1"m tmpfs "$2/disk"
log=
if [ "$3" = apart ]; then
    mount -t tmpfs -o size="$1"m tmpfs "$2/log"
    log="--waldir=$2/log/wal"
fi
initdb -D "$2/disk/data" -U postgres -A trust -E UTF8 --locale=C --no-sync --wal-segsize=1 $log >/dev/null
echo $$
exec postgres -D "$2/disk/data" -c listen_addresses= -c unix_socket_directories="$2" -c fsync=off -c full_page_writes=off \
    -c max_wal_size=8MB -c min_wal_size=2MB -c log_min_messages=panic >/dev/null 2>&1"#;

impl SmallDisk {
    /// A cluster with an installation's two databases, migrated, that nobody used before.
    pub(crate) async fn start(log: Log) -> Self {
        let allowed = Command::new("unshare").args(ALONE).arg("true").status();
        assert!(
            allowed.is_ok_and(|status| status.success()),
            "the kernel, or the container around the tests, denies user namespaces, in which a small disk is mounted"
        );
        let folder = tempfile::tempdir().unwrap();
        for name in ["disk", "log"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let here = folder.path().to_str().unwrap();
        let log = if log == Log::Apart { "apart" } else { "on the disk" };
        let words = ALONE
            .into_iter()
            .chain(["sh", "-c", SCRIPT, "small disk", SIZE, here, log]);
        let mut leash = Leash::run("unshare", words);
        let inside = PathBuf::from("/proc").join(leash.line()).join("root");
        let disk = inside.join(here.trim_start_matches('/')).join("disk");
        let cluster = Self {
            folder,
            disk,
            _leash: leash,
        };
        cluster.is_there().await;
        for sql in [
            "CREATE ROLE readmit_app LOGIN",
            "CREATE DATABASE data",
            "CREATE DATABASE keys",
        ] {
            cluster.psql("postgres", &["-c", sql]).unwrap();
        }
        let nowhere = tempfile::tempdir().unwrap();
        let [data, keys] = ["data", "keys"].map(|name| cluster.url(name, "postgres"));
        Db::migrate(&settings(data, keys, nowhere.path())).await.unwrap();
        let roles = root().join("migrations/roles.sql");
        cluster.psql("data", &["-f", roles.to_str().unwrap()]).unwrap();
        cluster
    }

    /// The databases' addresses, as the application opens them.
    pub(crate) fn urls(&self) -> [String; 2] {
        [self.url("data", "readmit_app"), self.url("keys", "postgres")]
    }

    fn url(&self, database: &str, role: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user={role}",
            self.folder.path().display()
        )
    }

    /// Runs a statement as the owner of the tables; what the server says, and whether it did it.
    pub(crate) fn sql(&self, sql: &str) -> Result<String, String> {
        self.psql("data", &["-c", sql])
    }

    fn psql(&self, database: &str, arguments: &[&str]) -> Result<String, String> {
        let said = Command::new("psql")
            .args([
                "-h",
                self.folder.path().to_str().unwrap(),
                "-U",
                "postgres",
                "-d",
                database,
            ])
            .args(["-v", "ON_ERROR_STOP=1", "-X", "-q", "-A", "-t"])
            .args(arguments)
            .output()
            .unwrap();
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if said.status.success() {
            Ok(told(&said.stdout))
        } else {
            Err(told(&said.stderr))
        }
    }

    /// Waits until the server answers.
    pub(crate) async fn is_there(&self) {
        until("the cluster answers", async || {
            self.psql("postgres", &["-c", "SELECT 1"]).ok()
        })
        .await;
    }

    /// Whether the room that is kept for vetoes is there.
    pub(crate) fn has_reserve(&self) -> bool {
        let size = self.sql("SELECT pg_relation_size('reserve')");
        size.is_ok_and(|size| size.parse::<u64>().unwrap() >= 8 << 20)
    }

    /// Leaves no byte free; and the next event of a case takes a page of its own, as it does where the last one is full. Over
    /// when a row that needs a page found no room: what the server had still to delete is deleted first.
    pub(crate) fn fill(&self) {
        self.sql("CREATE UNLOGGED TABLE probe (filler text)").unwrap();
        for table in ["case_events", "unproven_events", "probe"] {
            self.sql(&format!("ALTER TABLE {table} SET (fillfactor = 10)")).unwrap();
        }
        self.sql("CHECKPOINT").unwrap();
        let mut filler = File::options()
            .create(true)
            .append(true)
            .open(self.disk.join("filler"))
            .unwrap();
        for _ in 0..1_000 {
            for piece in [1 << 20, 1 << 12] {
                while filler.write_all(&vec![1; piece]).is_ok() {}
            }
            if self.sql("INSERT INTO probe VALUES (repeat('x', 1000))").is_err() {
                return;
            }
        }
        panic!("the disk has no end");
    }

    /// Holds the room that is kept for vetoes, as a dump of its table does, until it is dropped.
    pub(crate) fn read_reserve(&self) -> Leash {
        super::postgres::hold(
            self.folder.path().to_str().unwrap(),
            "data",
            "LOCK TABLE reserve IN ACCESS SHARE MODE",
        )
    }

    /// Frees all that [`SmallDisk::fill`] took.
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.disk.join("filler")).unwrap();
    }

    /// Has the server write to its log until it finds no room for more, ends itself, and is there again. Whoever met the end,
    /// it is over when the reserve is gone: nothing but a recovery empties it before a veto does.
    pub(crate) async fn ends_for_want_of_room(&self) {
        let write = "SELECT pg_logical_emit_message(false, 'readmit', repeat('z', 1000000))";
        for _ in 0..1_000 {
            if self.sql(write).is_err() || !self.has_reserve() {
                self.is_there().await;
                if !self.has_reserve() {
                    return;
                }
            }
        }
        panic!("its log has no end");
    }
}
