//! Waking the worker after a commit that made jobs: here at once, and on PostgreSQL in other processes by NOTIFY, told by
//! another connection than the one that committed. The worker polls as well, so a lost word costs a moment and no more.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::connect::Pools;

const CHANNEL: &str = "readmit_jobs";

/// How long a process that cannot listen waits before it tries again.
const AGAIN: Duration = Duration::from_secs(30);

pub(crate) struct Wake {
    pub(crate) worker: Arc<Notify>,
    others: Option<Arc<Notify>>,
    tasks: Vec<AbortHandle>,
}

impl Wake {
    pub(crate) fn start(pools: &Pools, url: &str) -> Self {
        let worker = Arc::new(Notify::new());
        if pools.backend() != DbBackend::Postgres {
            return Self {
                worker,
                others: None,
                tasks: Vec::new(),
            };
        }
        let others = Arc::new(Notify::new());
        let telling = tokio::spawn(tell(pools.write.clone(), Arc::clone(&others)));
        let hearing = tokio::spawn(hear(url.to_owned(), Arc::clone(&worker)));
        Self {
            worker,
            others: Some(others),
            tasks: vec![telling.abort_handle(), hearing.abort_handle()],
        }
    }

    /// There may be something to do.
    pub(crate) fn up(&self) {
        self.worker.notify_one();
        if let Some(others) = &self.others {
            others.notify_one();
        }
    }

    pub(crate) fn stop(&self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        self.stop();
    }
}

/// How long after one word the next is said at the soonest.
const PAUSE: Duration = Duration::from_millis(5);

/// Many commits while one word is under way are one more word.
async fn tell(pool: DatabaseConnection, others: Arc<Notify>) {
    // A word is no record: it need not be on the disk before it is heard.
    let word = format!("BEGIN; SET LOCAL synchronous_commit TO off; NOTIFY {CHANNEL}; COMMIT");
    loop {
        others.notified().await;
        if let Err(error) = pool.execute_unprepared(&word).await {
            tracing::warn!(%error, "other processes could not be told of jobs");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(url: String, worker: Arc<Notify>) {
    loop {
        if let Err(error) = listen(&url, &worker).await {
            tracing::warn!(%error, "jobs of other processes are found by polling only");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen(url: &str, worker: &Notify) -> Result<(), sea_orm::sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // `None` is a connection that was lost and made again: something may have been missed.
        listener.try_recv().await?;
        worker.notify_one();
    }
}
