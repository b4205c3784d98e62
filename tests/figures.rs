//! What a case costs PostgreSQL, in figures that no machine moves: bytes of write-ahead log, transactions, and updates that
//! touch no index. Speed itself is measured by `readmit bench`, never asserted (docs/performance.md).

use std::io::Write as _;
use std::process::Command;

use crate::support::leash::Leash;
use crate::support::programs;

const CASES: u32 = 400;

/// Bytes of write-ahead log a case, its notices and its audit trail included, without images of whole pages.
const MOST_WAL: f64 = 10_150.0;
/// Reads and commits of the data a case: four commits, and what they are decided on; and a look a second at the reserve.
const MOST_TRANSACTIONS: f64 = 8.5;
/// Of the updates of cases and tasks: claims touch no index, an end moves the case to another place in the list of its status.
const LEAST_HOT: f64 = 0.6;

/// A cluster of its own: what other tests write is not counted.
struct Cluster(String, #[expect(dead_code, reason = "the cluster ends with it")] Leash);

impl Cluster {
    fn start() -> Self {
        let mut leash = Leash::script(include_str!("support/cluster.sh"));
        Self(leash.line(), leash)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.0)
    }

    /// What a query finds in the database, as a number.
    fn number(&self, database: &str, sql: &str) -> f64 {
        let told = Command::new("psql")
            .args([
                "-h", &self.0, "-U", "postgres", "-d", database, "-X", "-q", "-A", "-t", "-c", sql,
            ])
            .output()
            .unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        String::from_utf8(told.stdout).unwrap().trim().parse().unwrap_or(0.0)
    }

    fn bench(&self, cases: u32) {
        let done = Command::new(programs::path("readmit"))
            .args(["bench", "cases", "--json", "--drivers", "4", "--n", &cases.to_string()])
            .args(["--database", &self.url("data"), "--keys", &self.url("keys")])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let figures: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert!(figures["cases_s"].as_f64().unwrap() > 0.0, "{figures}");
    }
}

#[test]
fn a_case_costs_what_it_did() {
    let cluster = Cluster::start();
    for database in ["data", "keys"] {
        cluster.number("postgres", &format!("CREATE DATABASE {database}"));
    }
    // Tables, versions and plans are made before it counts.
    cluster.bench(8);
    let wal = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn";
    let transactions = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'data'";
    let (log, ended) = (cluster.number("data", wal), cluster.number("data", transactions));
    cluster.bench(CASES);
    let a_case = |before: f64, sql| (cluster.number("data", sql) - before) / f64::from(CASES);
    let (log, ended) = (a_case(log, wal), a_case(ended, transactions));
    let hot = "SELECT sum(n_tup_hot_upd)::float / sum(n_tup_upd) FROM pg_stat_user_tables WHERE relname IN ('cases', 'tasks')";
    let hot = cluster.number("data", hot);
    let figures = format!(
        "a case: {log:.0} bytes of log, {ended:.1} transactions, {:.0} % of updates hot\n",
        100.0 * hot
    );
    std::io::stdout().write_all(figures.as_bytes()).unwrap();
    assert!(log > 1_000.0 && ended >= 4.0, "nothing was counted");
    assert!(log <= MOST_WAL, "{log:.0} bytes of log a case");
    assert!(ended <= MOST_TRANSACTIONS, "{ended:.1} transactions a case");
    assert!(hot >= LEAST_HOT, "{hot:.2} of updates touch no index");
}
