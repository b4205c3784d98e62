//! What belongs to an account rather than to one case: its open case, its last veto, its question set, wrong tries.

use readmit_core::guard::{Standing, Wants};
use readmit_core::ids::Tag;
use readmit_core::time::At;

use crate::commit::questions_place;
use crate::row::Columns as _;
use crate::{Db, StorageError};

impl Db {
    pub(crate) async fn read_standing(&self, wants: &Wants, now: At) -> Result<Standing, StorageError> {
        let mut standing = Standing {
            spent: self.all_spent(&wants.buckets, now).await?,
            wrong: self.wrong_tries(&wants.streaks, now).await?,
            ..Standing::default()
        };
        if let Some(account) = wants.account {
            self.read_factors(account, wants.secrets, &mut standing).await?;
            self.read_account(account, &mut standing).await?;
        }
        Ok(standing)
    }

    async fn read_account(&self, account: Tag, standing: &mut Standing) -> Result<(), StorageError> {
        let sql = "SELECT open_case, last_veto, questions FROM account_standing WHERE account = $1";
        let Some(row) = self.0.pools.one(sql, [account.0.to_vec().into()]).await? else {
            return Ok(());
        };
        standing.open_case = row.maybe_case("open_case")?;
        standing.last_veto = row.maybe_at("last_veto")?;
        // Without the account's key the set is gone, as after erasure.
        if let Some(sealed) = row.get::<Option<Vec<u8>>>("questions")?
            && let Some(key) = self.0.shelf.account(account).await?
        {
            standing.questions = Some(key.open_json(&questions_place(account), &sealed)?);
        }
        Ok(())
    }
}
