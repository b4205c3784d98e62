//! Addresses whose reader asked for no codes for a while. What is kept of an address is a tag.

use readmit_core::cx::Keys;
use readmit_core::ids::Tag;
use readmit_core::quiet;
use readmit_core::time::At;

use crate::row::Columns as _;
use crate::{Db, StorageError};

impl Db {
    /// The address that a token of ours was made for.
    #[must_use]
    pub fn quiet_address(&self, token: &str) -> Option<Tag> {
        quiet::read(&self.house_keys(), token)
    }

    /// From now on no code goes to the address.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn quiet_begin(&self, address: Tag, now: At) -> Result<At, StorageError> {
        let until = now + quiet::LASTS;
        let sql = "INSERT INTO quiet (address, until) VALUES ($1, $2) \
                   ON CONFLICT (address) DO UPDATE SET until = excluded.until";
        self.0
            .pools
            .write(sql, [address.0.to_vec().into(), until.0.into()])
            .await?;
        Ok(until)
    }

    /// Codes go to the address again; it may be nobody's, and was perhaps never quiet.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn quiet_end(&self, address: &str) -> Result<(), StorageError> {
        let tag = quiet::tag_of(&self.house_keys(), address);
        let sql = "DELETE FROM quiet WHERE address = $1";
        self.0.pools.write(sql, [tag.0.to_vec().into()]).await?;
        Ok(())
    }

    /// Until when no code goes to the address.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn quiet_until(&self, address: Tag, now: At) -> Result<Option<At>, StorageError> {
        let sql = "SELECT until FROM quiet WHERE address = $1 AND until > $2";
        let row = self.0.pools.one(sql, [address.0.to_vec().into(), now.0.into()]).await?;
        row.map(|row| row.at("until")).transpose()
    }

    /// Whether codes are kept back from the address.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn is_quiet(&self, address: &str, now: At) -> Result<bool, StorageError> {
        let tag = quiet::tag_of(&self.house_keys(), address);
        Ok(self.quiet_until(tag, now).await?.is_some())
    }

    /// Keys for what belongs to no case.
    fn house_keys(&self) -> Keys {
        self.keys_with([0; 32])
    }
}
