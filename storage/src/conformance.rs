//! What every database must do, checked the same way on each. [`exercise`] runs all of it; a check that does not hold
//! panics, as a test does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "these are tests, compiled into a library so that two test binaries can run them"
)]

mod commits;
mod evidence;
mod failpoints;
mod guards;
mod hand;
mod jobs;
mod people;
mod plans;
mod queues;
mod ranges;
mod record;
mod secrecy;
mod standing;
mod streaks;
mod versions;

use std::path::Path;

use readmit_core::ids::CaseId;
use readmit_core::workflow::queues::Queues;

use crate::row::Columns as _;
use crate::{Db, EvidenceSettings, Settings};

/// Runs a statement as the owner of the tables, on the installation that it was made for.
pub type Owner = dyn Fn(String) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// Runs every check, each on an installation of its own: `fresh` makes a migrated one and gives what the application
/// opens it with. On PostgreSQL that must be the role of `roles.sql`, not the owner of the tables, whom `owner` speaks for.
pub async fn exercise(fresh: impl AsyncFn() -> Settings, owner: impl Fn(&Settings) -> Box<Owner>) {
    macro_rules! run {
        ($($area:ident: $($check:ident),+ $(,)?);+ $(;)?) => {
            $($({
                let settings = fresh().await;
                apart(|| $area::$check(&settings)).await;
            })+)+
        };
    }
    run! {
        commits: a_case_is_what_its_events_say, a_case_begins_once, a_stale_commit_conflicts_and_writes_nothing,
            two_commits_of_one_case_in_one_batch, a_case_starts_once, the_first_proof_moves_the_request,
            a_reference_is_given_once, many_cases_at_once, a_cut_off_writer_leaves_whole_commits,
            what_another_process_did_is_seen, a_full_disk_fails_all_and_passes;
        guards: rl_03_a_burst_never_exceeds_the_limit, a_refused_guard_undoes_the_commit,
            rf_19_one_open_case_an_account, in_01_nobody_approves_twice, one_of_fifty_claims_wins,
            a_stale_token_changes_nothing, factors_follow_the_remedy, pk_07_a_removed_passkey_is_refused_for_ever, to_02_a_factors_step_counts_once,
            one_factor_of_a_kind_is_removed_by_itself;
        standing: vetoes_and_questions_are_the_accounts, a_sign_out_is_never_taken_back;
        jobs: slow_jobs_have_a_lane_of_their_own, jobs_that_are_due_together_are_one_row, a_job_is_leased_once,
            a_lost_lease_changes_nothing, leaving_a_step_cancels_its_jobs, workers_share_the_jobs, the_dead_rise_again, a_commit_wakes_the_worker;
        people: staff_come_and_go, passkeys_are_registered_once, se_01_sessions_end,
            se_02_sessions_run_out, visits_count_every_try, what_is_over_is_deleted;
        queues: a_queue_says_what_comes_first, pages_are_stable, copies_wait_behind_their_case, next_gives_everybody_another_task, next_passes_over, next_reads_the_case_meanwhile, drafts_are_kept,
            what_is_asked_waits_until_it_is_answered;
        record: in_08_the_record_is_never_rewritten, damaged_rows_are_errors, the_audit_log_pages;
        secrecy: nothing_sealed_lies_in_plain, a_wrong_master_key_is_told, a_destroyed_key_closes_the_case;
        evidence: files_come_back, changed_files_do_not, a_dropped_writer_leaves_nothing,
            files_that_no_case_names_go, pictures_are_known_again, a_picture_is_known_among_many;
        streaks: ot_04_wrong_tries_in_a_row;
        ranges: ot_07_a_range_from_which_few_codes_come_back;
        versions: workflows_and_policies_are_kept, rule_packs_are_pinned_by_policies;
        plans: an_index_serves_every_list;
    }
    let settings = fresh().await;
    let speaks = owner(&settings);
    apart(|| failpoints::rf_07_a_proof_cut_off_grants_nothing(&settings, &*speaks)).await;
    apart(|| failpoints::au_03_a_decision_cut_off_is_no_decision(&settings, &*speaks)).await;
}

/// Each check's future is large, and one after the other they need not lie on one stack: it is made in this frame.
async fn apart<F: Future>(check: impl FnOnce() -> F) {
    Box::pin(check()).await;
}

/// An installation on SQLite in a folder of its own, not yet migrated.
#[must_use]
pub fn in_folder(folder: &Path) -> Settings {
    std::fs::create_dir_all(folder).unwrap();
    let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
    Settings {
        database_url: file("readmit.db"),
        keys_url: file("keys.db"),
        evidence: EvidenceSettings::Folder(folder.join("evidence")),
        master_key: [42; 32],
        connections: 2,
        queues: Queues::default(),
    }
}

/// On SQLite whoever opens the file owns it.
#[must_use]
pub fn owner_of_file(settings: &Settings) -> Box<Owner> {
    let url = settings.database_url.clone();
    Box::new(move |sql| {
        let url = url.clone();
        Box::pin(async move {
            let pools = crate::connect::Pools::make(&url, 1).await.unwrap();
            pools.change(&sql, []).await.unwrap();
            pools.close().await;
        })
    })
}

/// A database that somebody else is writing to, until it is released.
pub struct Lock(sea_orm::DatabaseTransaction);

/// Takes the lock that every writer needs.
pub async fn lock(settings: &Settings) -> Lock {
    let pools = crate::connect::Pools::make(&settings.database_url, 1).await.unwrap();
    let lock = pools.begin().await.unwrap();
    if pools.backend() == sea_orm::DbBackend::Postgres {
        let sql = "LOCK TABLE cases, unproven IN EXCLUSIVE MODE";
        sea_orm::ConnectionTrait::execute_unprepared(&lock, sql).await.unwrap();
    }
    Lock(lock)
}

impl Lock {
    pub async fn release(self) {
        self.0.rollback().await.unwrap();
    }
}

/// From now on the disk has no room for one page more. On SQLite.
pub async fn fill_disk(db: &Db) {
    let pools = &db.0.pools;
    for sql in ["CREATE TABLE filler (bytes BLOB)", "PRAGMA max_page_count = 1"] {
        pools.change(sql, []).await.unwrap();
    }
    while pools
        .change("INSERT INTO filler VALUES (zeroblob(500))", [])
        .await
        .is_ok()
    {}
}

/// The disk has room again.
pub async fn make_room(db: &Db) {
    for sql in ["PRAGMA max_page_count = 1000000", "DROP TABLE filler"] {
        db.0.pools.change(sql, []).await.unwrap();
    }
}

/// All that the record says in the clear, as its readers see it.
pub async fn record(db: &Db) -> Vec<u8> {
    let mut said = Vec::new();
    for sql in ["SELECT id FROM cases", "SELECT id FROM unproven"] {
        for row in db.0.pools.all(sql, []).await.unwrap() {
            for link in db.chain_rows(row.case("id").unwrap()).await.unwrap() {
                said.extend([link.entry, link.state].concat());
            }
        }
    }
    said
}

/// A request that nobody has proven, with the key that its evidence is sealed under.
pub async fn a_case(db: &Db) -> CaseId {
    hand::unproven(db, hand::new_case()).await.case.id
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::in_folder;
    use crate::Db;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite_does_what_every_database_must() {
        let folder = TempDir::new().unwrap();
        let number = std::sync::atomic::AtomicU32::new(0);
        let fresh = async || {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let settings = in_folder(&folder.path().join(number.to_string()));
            Db::migrate(&settings).await.unwrap();
            settings
        };
        super::exercise(fresh, super::owner_of_file).await;
    }
}
