//! What is deleted when its time is over.

use readmit_core::ids::CaseId;
use readmit_core::time::{At, Span};
use sea_orm::ConnectionTrait as _;

use crate::row::Columns as _;
use crate::sessions::Face;
use crate::{Db, StorageError};

/// How many requests one transaction purges.
const AT_ONCE: i64 = 200;

/// How long visits, counters and unfinished files outlive their use.
const KEPT: Span = Span::hours(24);

impl Db {
    /// Deletes requests that were opened before the moment and never proven, with their events, jobs and keys; how many.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; what was deleted so far stays deleted.
    pub async fn purge_unproven(&self, before: At) -> Result<u64, StorageError> {
        let mut purged = 0;
        loop {
            let cases = self.purge_some(before).await?;
            if cases.is_empty() {
                return Ok(purged);
            }
            for case in cases {
                self.0.cache.forget(case);
                self.0.shelf.destroy_case(case).await?;
                purged += 1;
            }
        }
    }

    async fn purge_some(&self, before: At) -> Result<Vec<CaseId>, StorageError> {
        let pools = &self.0.pools;
        let transaction = pools.begin().await?;
        let delete = "DELETE FROM unproven WHERE id IN \
                      (SELECT id FROM unproven WHERE opened < $1 ORDER BY opened LIMIT $2) RETURNING id";
        let statement = pools.statement(delete, [before.0.into(), AT_ONCE.into()]);
        let rows = transaction.query_all_raw(statement).await?;
        let cases: Vec<CaseId> = rows.iter().map(|row| row.case("id")).collect::<Result<_, _>>()?;
        for case in &cases {
            for sql in [
                "DELETE FROM unproven_events WHERE case_id = $1",
                "DELETE FROM jobs WHERE case_id = $1",
            ] {
                transaction.execute_raw(pools.statement(sql, [case.0.into()])).await?;
            }
        }
        transaction.commit().await?;
        Ok(cases)
    }

    /// Deletes sessions, visits, counters, wrong tries, addresses' quiet, drafts, and unfinished or unclaimed uploads, whose
    /// time is over.
    ///
    /// # Errors
    /// [`StorageError`] when the database or the evidence store fails.
    pub async fn expire_sessions(&self, now: At) -> Result<(), StorageError> {
        let (_, longest) = Face::Claimant.limits();
        for (sql, before) in [
            ("DELETE FROM sessions WHERE created <= $1", now - longest),
            ("DELETE FROM visits WHERE created <= $1", now - KEPT),
            ("DELETE FROM counters WHERE window_end <= $1", now - KEPT),
            ("DELETE FROM streaks WHERE until <= $1", now),
            ("DELETE FROM quiet WHERE until <= $1", now),
        ] {
            self.0.pools.write(sql, [before.0.into()]).await?;
        }
        self.forget_texts(now).await?;
        let drafts = "DELETE FROM drafts WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.id = drafts.task)";
        self.0.pools.write(drafts, []).await?;
        let unclaimed = self.remove_unclaimed(now).await?;
        if unclaimed > 0 {
            tracing::info!(unclaimed, "removed files that no case names");
        }
        self.0.blobs.sweep(now - KEPT).await
    }
}
