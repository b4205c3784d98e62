//! Cases in which a claimant's message waits for an answer.

use readmit_core::case::CaseStatus;
use readmit_core::ids::{CaseId, CaseRef, Digest};
use readmit_core::time::At;
use uuid::Uuid;

use crate::row::{Columns as _, rows_of};
use crate::{Db, StorageError};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedLine {
    pub case: CaseId,
    pub reference: CaseRef,
    pub workflow: Digest,
    pub status: CaseStatus,
    /// Since when.
    pub asked: At,
}

pub(crate) const PAGE: &str = "SELECT id, reference, workflow, status, asked FROM cases \
                               WHERE asked IS NOT NULL AND (asked, id) > ($1, $2) ORDER BY asked, id LIMIT $3";

impl Db {
    /// Those that wait longest first, after the last line of the page before.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn asked(&self, after: Option<(At, CaseId)>, limit: usize) -> Result<Vec<AskedLine>, StorageError> {
        let (at, case) = after.unwrap_or((At(i64::MIN), CaseId(Uuid::nil())));
        let values = [at.0.into(), case.0.into(), rows_of(limit).into()];
        let rows = self.0.pools.all(PAGE, values).await?;
        rows.iter()
            .map(|row| {
                Ok(AskedLine {
                    case: row.case("id")?,
                    reference: row.reference("reference")?,
                    workflow: row.digest("workflow")?,
                    status: row.word("status")?,
                    asked: row.at("asked")?,
                })
            })
            .collect()
    }
}
