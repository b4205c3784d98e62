//! One PostgreSQL cluster for the whole run, started by the first test that asks for it; two databases a test: data and
//! key shelf, copied from templates that were migrated once.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use readmit_storage::{Db, EvidenceSettings, Settings};
use tokio::sync::OnceCell;

use super::leash::Leash;
use super::sources::root;

/// Wraps the keys of every shelf in the tests.
pub(crate) const MASTER_KEY: [u8; 32] = [0x0b; 32];

/// The role that the application works as (migrations/roles.sql); it owns nothing.
const APP: &str = "readmit_app";

struct Cluster {
    /// Where its socket lies.
    folder: String,
    /// Kept for its pipe: the cluster ends with this process.
    _leash: Mutex<Leash>,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let mut leash = Leash::script(include_str!("cluster.sh"));
        Cluster {
            folder: leash.line(),
            _leash: Mutex::new(leash),
        }
    })
}

/// The URLs of one installation's two databases.
pub(crate) struct Urls {
    /// Different for each.
    pub(crate) name: String,
    pub(crate) data: String,
    pub(crate) keys: String,
}

/// A migrated installation that nobody used before, as the application opens it.
pub(crate) async fn installation() -> Urls {
    static TEMPLATES: OnceCell<()> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    TEMPLATES.get_or_init(make_templates).await;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    for part in ["data", "keys"] {
        psql(
            "postgres",
            &["-c", &format!("CREATE DATABASE {part}_{number} TEMPLATE {part}")],
        );
    }
    Urls {
        name: number.to_string(),
        data: url(&format!("data_{number}"), APP),
        keys: url(&format!("keys_{number}"), "postgres"),
    }
}

/// By the owner of the tables, who then says what the application may do.
async fn make_templates() {
    psql(
        "postgres",
        &[
            "-c",
            &format!("CREATE ROLE {APP} LOGIN"),
            "-c",
            "CREATE DATABASE data",
            "-c",
            "CREATE DATABASE keys",
        ],
    );
    let nowhere = tempfile::tempdir().unwrap();
    let settings = settings(url("data", "postgres"), url("keys", "postgres"), nowhere.path());
    migrate(&settings).await;
}

/// As the operations guide says, by the owner of the tables.
pub(crate) async fn migrate(settings: &Settings) {
    let of_owner = settings.database_url.replace(APP, "postgres");
    let settings = Settings {
        database_url: of_owner,
        ..settings.clone()
    };
    Db::migrate(&settings).await.unwrap();
    let roles = root().join("migrations/roles.sql");
    psql(database_of(&settings.database_url), &["-f", roles.to_str().unwrap()]);
}

pub(crate) fn settings(database_url: String, keys_url: String, blobs: &Path) -> Settings {
    Settings {
        database_url,
        keys_url,
        evidence: EvidenceSettings::Folder(blobs.join("evidence")),
        master_key: MASTER_KEY,
        connections: 4,
        queues: readmit_core::workflow::queues::Queues::default(),
    }
}

fn url(database: &str, role: &str) -> String {
    format!("postgres:///{database}?host={}&user={role}", cluster().folder)
}

/// Runs psql as the owner and gives what it prints.
fn psql(database: &str, arguments: &[&str]) -> String {
    run(Command::new("psql")
        .args(["-d", database, "-v", "ON_ERROR_STOP=1", "-X", "-q", "-A", "-t"])
        .args(arguments))
}

/// Runs a statement as the owner of the tables of the database that the application opens by this URL.
pub(crate) fn as_owner(url: &str, sql: &str) {
    psql(database_of(url), &["-c", sql]);
}

fn database_of(url: &str) -> &str {
    url.trim_start_matches("postgres:///").split('?').next().unwrap()
}

/// Holds a lock until it is dropped, on the cluster whose socket lies in this folder.
pub(crate) fn hold(folder: &str, database: &str, lock: &str) -> Leash {
    let held = format!(
        "(echo \"BEGIN; {lock}; SELECT 'held';\"; cat) | \
         psql -h '{folder}' -U postgres -d '{database}' -X -q -A -t -v ON_ERROR_STOP=1"
    );
    let mut holder = Leash::script(&held);
    assert_eq!(holder.line(), "held");
    holder
}

/// Dumps the database of this URL and restores the dump as another one; gives its URL. As the operations guide says. Somebody
/// holds the room that is kept for vetoes: a dump that waited for it would keep vetoes from it.
pub(crate) fn copy(of: &str) -> String {
    static COPIES: AtomicUsize = AtomicUsize::new(0);
    let from = database_of(of);
    let held = rows(of, "SELECT to_regclass('reserve')").concat() == "reserve";
    let _held = held.then(|| hold(&cluster().folder, from, "LOCK TABLE reserve IN ACCESS EXCLUSIVE MODE"));
    let to = format!("{from}_restored_{}", COPIES.fetch_add(1, Ordering::Relaxed));
    let dump = tempfile::NamedTempFile::new().unwrap();
    let dump = dump.path().to_str().unwrap();
    run(Command::new("pg_dump").args([
        "-d",
        from,
        "--exclude-table=reserve",
        "--lock-wait-timeout=60s",
        "--format=custom",
        "--file",
        dump,
    ]));
    run(Command::new("createdb").arg(&to));
    run(Command::new("pg_restore").args(["-d", &to, dump]));
    of.replacen(from, &to, 1)
}

/// The first column of what a query finds, as the owner sees it.
pub(crate) fn rows(url: &str, sql: &str) -> Vec<String> {
    psql(database_of(url), &["-c", sql])
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Everything that a database holds, as statements, but for the tables named.
pub(crate) fn contents(url: &str, without: &[&str]) -> String {
    let database = database_of(url);
    let without = without.iter().map(|table| format!("--exclude-table-data={table}"));
    run(Command::new("pg_dump")
        .args(["-d", database, "--data-only", "--inserts", "--exclude-table=reserve"])
        .args(without))
}

fn run(command: &mut Command) -> String {
    let said = command
        .args(["-h", &cluster().folder, "-U", "postgres"])
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}
