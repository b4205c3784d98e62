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
        self.spend_all(std::slice::from_ref(bucket), now).await
    }

    /// Adds one to each bucket that has room, in one commit; `false` when one of them had none. Callers name buckets that
    /// others share behind those that are their own, so that no two wait for each other.
    ///
    /// # Errors
    /// As [`Db::spend`].
    pub async fn spend_all(&self, buckets: &[Bucket], now: At) -> Result<bool, StorageError> {
        if buckets.iter().any(|bucket| bucket.limit == 0) {
            return Ok(false);
        }
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        for bucket in buckets {
            let (start, first) = (bucket.window_start(now), values.len() + 1);
            rows.push(format!("(${first}, ${}, ${}, ${}, 1)", first + 1, first + 2, first + 3));
            values.extend([
                bucket.tag.0.to_vec().into(),
                start.0.into(),
                (start + bucket.window).0.into(),
                i64::from(bucket.limit).into(),
            ]);
        }
        let sql = format!(
            "INSERT INTO counters AS c (tag, window_start, window_end, cap, used) VALUES {} \
             ON CONFLICT (tag, window_start) DO UPDATE SET used = c.used + 1, cap = excluded.cap \
             WHERE c.used < excluded.cap RETURNING used",
            rows.join(", ")
        );
        Ok(self.0.pools.change(&sql, values).await?.len() == buckets.len())
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
