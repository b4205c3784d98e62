//! Files that no case names: an upload that a crash cut off before its commit, a copy whose inspection was told to nobody.

use readmit_core::ids::{BlobId, CaseId};
use readmit_core::time::{At, Span};

use crate::row::Columns as _;
use crate::{Db, StorageError};

/// How long a case has to name a file. Uploads and inspections take minutes.
const PATIENCE: Span = Span::hours(24);
/// Files that one look is at.
const AT_ONCE: i64 = 200;

pub(crate) const UNCLAIMED: &str =
    "SELECT id, case_id FROM blobs WHERE unclaimed_since < $1 ORDER BY unclaimed_since LIMIT $2";

impl Db {
    /// Removes files that were stored more than a day ago and that their case does not name, and looks at no other again;
    /// how many were removed.
    ///
    /// # Errors
    /// [`StorageError`] when database or evidence store fail; what was removed so far stays removed.
    pub async fn remove_unclaimed(&self, now: At) -> Result<u64, StorageError> {
        let mut removed = 0;
        let before = now - PATIENCE;
        for row in self.0.pools.all(UNCLAIMED, [before.0.into(), AT_ONCE.into()]).await? {
            let (blob, case) = (BlobId(row.get("id")?), row.case("case_id")?);
            if self.is_named(case, blob).await {
                let sql = "UPDATE blobs SET unclaimed_since = NULL WHERE id = $1";
                self.0.pools.write(sql, [blob.0.into()]).await?;
            } else {
                self.blobs().remove(case, blob).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Whether anything that the case knows names the file. Where that cannot be read the file stays.
    async fn is_named(&self, case: CaseId, blob: BlobId) -> bool {
        match self.opened(case).await {
            Ok(Some(loaded)) => {
                let known = serde_json::to_string(&(&loaded.case, &loaded.sealed));
                !loaded.readable || known.map_or(true, |known| known.contains(&blob.0.to_string()))
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, %case, "a case with files cannot be read; they stay");
                true
            }
        }
    }
}
