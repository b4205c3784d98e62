//! What may be sent in a day, by case and by account (EV-02).

use readmit_core::guard::Bucket;
use readmit_core::ids::CaseId;
use readmit_core::time::{At, Span};
use readmit_storage::{Db, StorageError};
use serde::Deserialize;

use super::Fault;

const MEGABYTE: u64 = 1024 * 1024;

/// Files and megabytes that are taken in a day, of one case and of all cases of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub files: u32,
    pub megabytes: u32,
    pub account_files: u32,
    pub account_megabytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 60,
            megabytes: 300,
            account_files: 120,
            account_megabytes: 600,
        }
    }
}

/// The day's room for the files of one form.
pub(super) struct Quota<'a> {
    db: &'a Db,
    now: At,
    files: Vec<Bucket>,
    megabytes: Vec<Bucket>,
}

impl<'a> Quota<'a> {
    pub(super) async fn of(db: &'a Db, case: CaseId, now: At, limits: Limits) -> Result<Self, StorageError> {
        let bucket = |purpose: &str, whose: &[u8], limit| Bucket {
            tag: db.index_tag(purpose, &[whose]),
            limit,
            window: Span::days(1),
        };
        let mut files = vec![bucket("uploads", case.0.as_bytes(), limits.files)];
        let mut megabytes = vec![bucket("uploaded megabytes", case.0.as_bytes(), limits.megabytes)];
        let account = db.opened(case).await?.and_then(|loaded| loaded.sealed.account);
        if let Some(account) = account {
            let account = account.0.as_bytes();
            files.push(bucket("uploads of account", account, limits.account_files));
            megabytes.push(bucket(
                "uploaded megabytes of account",
                account,
                limits.account_megabytes,
            ));
        }
        Ok(Self {
            db,
            now,
            files,
            megabytes,
        })
    }

    /// Takes room for one more file.
    pub(super) async fn file(&self) -> Result<Option<Fault>, StorageError> {
        Ok((!self.spend(&self.files).await?).then_some(Fault::TooMany))
    }

    /// Takes room for a file that has grown from so many bytes to so many: each megabyte that was begun counts.
    pub(super) async fn grown(&self, from: u64, to: u64) -> Result<Option<Fault>, StorageError> {
        for _ in from.div_ceil(MEGABYTE)..to.div_ceil(MEGABYTE) {
            if !self.spend(&self.megabytes).await? {
                return Ok(Some(Fault::TooMuch));
            }
        }
        Ok(None)
    }

    async fn spend(&self, buckets: &[Bucket]) -> Result<bool, StorageError> {
        for bucket in buckets {
            if !self.db.spend(bucket, self.now).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
