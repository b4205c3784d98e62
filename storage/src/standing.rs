//! What belongs to an account rather than to one case: its open case, its last veto, its question set, wrong tries.

use readmit_core::guard::{Standing, Wants};
use readmit_core::time::At;

use crate::{Db, StorageError};

impl Db {
    pub(crate) async fn read_standing(&self, wants: &Wants, now: At) -> Result<Standing, StorageError> {
        let mut standing = Standing {
            spent: self.all_spent(&wants.buckets, now).await?,
            wrong: self.wrong_tries(&wants.streaks, now).await?,
            ..Standing::default()
        };
        if let Some(account) = wants.account {
            self.read_account(account, wants.secrets, &mut standing).await?;
        }
        Ok(standing)
    }
}
