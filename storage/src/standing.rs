//! What belongs to an account rather than to one case: its open case, its last veto, its question set, wrong tries.

use readmit_core::guard::{AccountStanding, Standing, Wants};
use readmit_core::ids::AccountId;
use readmit_core::time::At;

use crate::row::Columns as _;
use crate::{Db, StorageError};

impl Db {
    pub(crate) async fn read_standing(&self, wants: &Wants, now: At) -> Result<Standing, StorageError> {
        let account = match wants.account {
            Some(account) => self.read_account(account, wants.secrets).await?,
            None => AccountStanding::default(),
        };
        let (spent, wrong) = self.counted(&wants.buckets, &wants.streaks, now).await?;
        Ok(Standing::new(spent, wrong, account))
    }

    /// The host says that the account signed out there: what it let in before is over here, too (SE-01). Said twice, it is
    /// said once.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn sign_out(&self, account: &AccountId, at: At) -> Result<(), StorageError> {
        let sql = "INSERT INTO account_standing (account, signed_out) VALUES ($1, $2) \
                   ON CONFLICT (account) DO UPDATE SET signed_out = excluded.signed_out \
                   WHERE coalesce(account_standing.signed_out, 0) < excluded.signed_out";
        let values = [self.account_tag(account).0.to_vec().into(), at.0.into()];
        self.0.pools.write(sql, values).await?;
        Ok(())
    }

    /// When a remedy or its owner last signed the account out (RF-16, SE-01).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn signed_out(&self, account: &AccountId) -> Result<Option<At>, StorageError> {
        let sql = "SELECT signed_out FROM account_standing WHERE account = $1";
        let row = self
            .0
            .pools
            .one(sql, [self.account_tag(account).0.to_vec().into()])
            .await?;
        row.map_or(Ok(None), |row| row.maybe_at("signed_out"))
    }
}
