//! The checks that every database must pass, on PostgreSQL. On SQLite they run in the store's own crate, where they need
//! nothing installed.

use readmit_storage::{Settings, conformance};

use crate::support::postgres;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_does_what_every_database_must() {
    let folders = tempfile::tempdir().unwrap();
    let fresh = async || {
        let urls = postgres::installation().await;
        let folder = folders.path().join(&urls.name);
        std::fs::create_dir(&folder).unwrap();
        postgres::settings(urls.data, urls.keys, &folder)
    };
    let owner = |settings: &Settings| -> Box<conformance::Owner> {
        let url = settings.database_url.clone();
        Box::new(move |sql| {
            postgres::as_owner(&url, &sql);
            Box::pin(std::future::ready(()))
        })
    };
    conformance::exercise(fresh, owner).await;
}
