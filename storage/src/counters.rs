//! Counters in fixed windows, and wrong tries in a row. Inside a case's commit they are a guard; here for what belongs to no case.

use std::collections::BTreeMap;

use readmit_core::guard::{Bucket, Streak, Wrong};
use readmit_core::ids::Tag;
use readmit_core::time::At;
use sea_orm::Value;

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

    /// How much of each bucket is used, and how many tries in a row were wrong: one read, of what is more than none.
    pub(crate) async fn counted(
        &self,
        buckets: &[Bucket],
        streaks: &[Streak],
        now: At,
    ) -> Result<(BTreeMap<Tag, u32>, BTreeMap<Tag, Wrong>), StorageError> {
        let mut values: Vec<Value> = Vec::new();
        let mut bind = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let mut parts = Vec::new();
        for bucket in buckets {
            let (tag, start) = (
                bind(bucket.tag.0.to_vec().into()),
                bind(bucket.window_start(now).0.into()),
            );
            parts.push(format!(
                "SELECT 'spent' AS what, tag, used, 0 AS last FROM counters WHERE tag = {tag} AND window_start = {start}"
            ));
        }
        for streak in streaks {
            let (tag, now) = (bind(streak.tag.0.to_vec().into()), bind(now.0.into()));
            parts.push(format!(
                "SELECT 'wrong' AS what, tag, wrong AS used, last FROM streaks WHERE tag = {tag} AND until > {now} AND wrong > 0"
            ));
        }
        let (mut spent, mut wrong) = (BTreeMap::new(), BTreeMap::new());
        if parts.is_empty() {
            return Ok((spent, wrong));
        }
        for row in self.0.pools.all(&parts.join(" UNION ALL "), values).await? {
            let (tag, used) = (Tag(row.bytes32("tag")?), row.count("used")?);
            // A bucket and a streak may have the same tag.
            if row.get::<String>("what")? == "wrong" {
                let last = row.at("last")?;
                wrong.insert(tag, Wrong { tries: used, last });
            } else {
                spent.insert(tag, used);
            }
        }
        Ok((spent, wrong))
    }
}
