//! Counters in fixed windows, and wrong tries in a row. Inside a case's commit they are a guard; here for what belongs to no case.

use std::collections::BTreeMap;

use readmit_core::guard::{Bucket, Streak, Wrong};
use readmit_core::ids::Tag;
use readmit_core::time::At;

use crate::row::Columns as _;
use crate::{Db, StorageError};

impl Db {
    /// Adds one to the bucket if it holds fewer than its limit; `false` when it is used up. Atomic (RL-03).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was counted.
    pub async fn spend(&self, bucket: &Bucket, now: At) -> Result<bool, StorageError> {
        let start = bucket.window_start(now);
        let sql = "INSERT INTO counters AS c (tag, window_start, window_end, cap, used) \
                   SELECT $1, $2, $3, $4, 1 WHERE $4 > 0 \
                   ON CONFLICT (tag, window_start) DO UPDATE SET used = c.used + 1, cap = excluded.cap \
                   WHERE c.used < excluded.cap RETURNING used";
        let values = [
            bucket.tag.0.to_vec().into(),
            start.0.into(),
            (start + bucket.window).0.into(),
            i64::from(bucket.limit).into(),
        ];
        Ok(!self.0.pools.change(sql, values).await?.is_empty())
    }

    /// How much of the bucket is used in the current window.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn spent(&self, bucket: &Bucket, now: At) -> Result<u32, StorageError> {
        let sql = "SELECT used FROM counters WHERE tag = $1 AND window_start = $2";
        let values = [bucket.tag.0.to_vec().into(), bucket.window_start(now).0.into()];
        let row = self.0.pools.one(sql, values).await?;
        row.map_or(Ok(0), |row| row.count("used"))
    }

    pub(crate) async fn wrong_tries(&self, streaks: &[Streak], now: At) -> Result<BTreeMap<Tag, Wrong>, StorageError> {
        let sql = "SELECT wrong, last FROM streaks WHERE tag = $1 AND until > $2 AND wrong > 0";
        let mut wrong = BTreeMap::new();
        for streak in streaks {
            let values = [streak.tag.0.to_vec().into(), now.0.into()];
            if let Some(row) = self.0.pools.one(sql, values).await? {
                let tries = row.count("wrong")?;
                let last = row.at("last")?;
                wrong.insert(streak.tag, Wrong { tries, last });
            }
        }
        Ok(wrong)
    }

    pub(crate) async fn all_spent(&self, buckets: &[Bucket], now: At) -> Result<BTreeMap<Tag, u32>, StorageError> {
        let mut spent = BTreeMap::new();
        for bucket in buckets {
            let used = self.spent(bucket, now).await?;
            if used > 0 {
                spent.insert(bucket.tag, used);
            }
        }
        Ok(spent)
    }
}
