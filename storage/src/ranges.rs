//! How many of the codes that went to a range of numbers came back: few of them where somebody has messages sent to be paid for
//! them (OT-07).

use readmit_core::ids::{CaseId, JobId};
use readmit_core::time::{At, Span};
use sea_orm::{QueryResult, Value};
use serde_json::json;

use crate::deliveries::SentText;
use crate::row::{Columns as _, rows_of};
use crate::seal::{Key, Place};
use crate::{Db, StorageError};

/// What is counted: the codes of so long.
const WINDOW: Span = Span::hours(24);
/// From so many codes on a range is judged.
const JUDGED_FROM: i64 = 10;
/// A range is told of when fewer than one in so many of its codes came back.
const ONE_IN: i64 = 5;

/// A code whose time is over, and of which nobody has looked up whether it came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenText {
    pub id: JobId,
    pub case: CaseId,
    pub run: u32,
    pub issue: u32,
}

/// A range of numbers from which few codes come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietRange {
    /// The numbers' beginning, in E.164.
    pub range: String,
    /// Codes of a day that went there and whose time is over.
    pub sent: u32,
    pub redeemed: u32,
}

pub(crate) const OPEN: &str = "SELECT id, case_id, run, issue FROM deliveries \
                               WHERE redeemed IS NULL AND number_range IS NOT NULL AND sent <= $1 ORDER BY sent, id LIMIT $2";

pub(crate) const QUIET: &str = "SELECT number_range, count(*) AS codes, CAST(sum(redeemed) AS bigint) AS came FROM deliveries \
                                WHERE sent > $1 AND redeemed IS NOT NULL AND number_range IS NOT NULL \
                                GROUP BY number_range HAVING count(*) >= $2 AND sum(redeemed) * $3 < count(*) \
                                ORDER BY codes DESC, number_range LIMIT $4";

impl Db {
    /// The columns of a message's range: its tag, and its name sealed; nothing of a message without a code.
    pub(crate) fn range_columns(&self, sent: &SentText<'_>) -> Result<[Value; 2], StorageError> {
        let Some(range) = sent.range else {
            return Ok([None::<Vec<u8>>.into(), None::<Vec<u8>>.into()]);
        };
        let tag = self.index_tag("range of numbers", &[range.as_bytes()]).0.to_vec();
        let name = self.range_key().seal_json(&place(sent.id), &json!(range))?;
        Ok([Some(tag).into(), Some(name).into()])
    }

    /// Codes that were sent before the moment, and of which it is not known whether they came back; the oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn open_texts(&self, before: At, limit: usize) -> Result<Vec<OpenText>, StorageError> {
        let rows = self.0.pools.all(OPEN, [before.0.into(), rows_of(limit).into()]).await?;
        let open = |row: &QueryResult| {
            Ok(OpenText {
                id: JobId(row.get("id")?),
                case: row.case("case_id")?,
                run: row.count("run")?,
                issue: row.count("issue")?,
            })
        };
        rows.iter().map(open).collect()
    }

    /// Takes down whether a code came back.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn settle_text(&self, id: JobId, redeemed: bool) -> Result<(), StorageError> {
        let sql = "UPDATE deliveries SET redeemed = $2 WHERE id = $1 AND redeemed IS NULL";
        let values = [id.0.into(), i64::from(redeemed).into()];
        self.0.pools.write(sql, values).await?;
        Ok(())
    }

    /// The ranges from which few codes of the last day came back, the most codes first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn quiet_ranges(&self, now: At, limit: usize) -> Result<Vec<QuietRange>, StorageError> {
        let values = [
            (now - WINDOW).0.into(),
            JUDGED_FROM.into(),
            ONE_IN.into(),
            rows_of(limit).into(),
        ];
        let mut ranges = Vec::new();
        for row in self.0.pools.all(QUIET, values).await? {
            ranges.push(QuietRange {
                range: self.range_name(row.get("number_range")?).await?,
                sent: row.count("codes")?,
                redeemed: row.count("came")?,
            });
        }
        Ok(ranges)
    }

    /// The range behind a tag, as any of its messages keeps it.
    async fn range_name(&self, tag: Vec<u8>) -> Result<String, StorageError> {
        let sql = "SELECT id, range_name FROM deliveries WHERE number_range = $1 AND redeemed IS NOT NULL LIMIT 1";
        let Some(row) = self.0.pools.one(sql, [tag.into()]).await? else {
            return Ok(String::new());
        };
        let place = place(JobId(row.get("id")?));
        self.range_key().open_json(&place, &row.get::<Vec<u8>>("range_name")?)
    }

    fn range_key(&self) -> Key {
        self.0.shelf.house("ranges of numbers")
    }
}

fn place(id: JobId) -> Place {
    Place::new("deliveries.range_name", &[id.0.as_bytes()])
}
