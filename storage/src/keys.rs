//! The key shelf: one key a case and an account, and two of the house, each wrapped by the master key. A database of its
//! own, so that destroying a key reaches every backup of the data (PR-04).

use readmit_core::ids::{CaseId, Tag};
use readmit_core::time::At;

use crate::connect::Pools;
use crate::row::Columns as _;
use crate::seal::{Key, Place};
use crate::{KeyFault, StorageError};

pub(crate) struct Shelf {
    pools: Pools,
    /// Wraps; derived from the master key.
    wrap: Key,
    /// Seals what belongs to no case and no account.
    house: Key,
    /// Tags that must agree between cases.
    index: Key,
}

const HOUSE: &str = "house";
const INDEX: &str = "index";

impl Shelf {
    /// Opens a shelf; `None` when there is none. Writes nothing.
    pub(crate) async fn open(url: &str, master: &[u8; 32]) -> Result<Option<Self>, StorageError> {
        let Some(pools) = Pools::open(url, 1).await? else {
            return Ok(None);
        };
        if !pools.has_table("keys").await? {
            return Ok(None);
        }
        let wrap = Key::new(*master).derive("wrap", &[]);
        let Some(house) = fetch(&pools, &wrap, HOUSE, &[]).await.map_err(|error| match error {
            StorageError::Corrupt { .. } => KeyFault::WrongMaster.into(),
            other => other,
        })?
        else {
            return Ok(None);
        };
        let index = fetch(&pools, &wrap, INDEX, &[]).await?.ok_or(KeyFault::Missing)?;
        Ok(Some(Self {
            pools,
            wrap,
            house,
            index,
        }))
    }

    /// Puts the two house keys on an empty shelf.
    pub(crate) async fn furnish(pools: &Pools, master: &[u8; 32]) -> Result<(), StorageError> {
        let wrap = Key::new(*master).derive("wrap", &[]);
        for kind in [INDEX, HOUSE] {
            keep(pools, &wrap, kind, &[], &Key::fresh()?, At(0)).await?;
        }
        Ok(())
    }

    pub(crate) fn index(&self) -> &[u8; 32] {
        self.index.bytes()
    }

    pub(crate) fn house(&self, purpose: &str) -> Key {
        self.house.derive("house", &[purpose.as_bytes()])
    }

    pub(crate) fn secret(&self, purpose: &str) -> [u8; 32] {
        *self.house.derive("secret", &[purpose.as_bytes()]).bytes()
    }

    /// Names this shelf without telling anything of its keys.
    pub(crate) fn fingerprint(&self) -> Tag {
        Tag(*self.house.derive("fingerprint", &[]).bytes())
    }

    pub(crate) async fn case(&self, case: CaseId) -> Result<Option<Key>, StorageError> {
        fetch(&self.pools, &self.wrap, "case", case.0.as_bytes()).await
    }

    /// Keeps a new case's key; the answer is the key on the shelf, which is another one if somebody was first.
    pub(crate) async fn keep_case(&self, case: CaseId, key: &Key, at: At) -> Result<Key, StorageError> {
        keep(&self.pools, &self.wrap, "case", case.0.as_bytes(), key, at).await
    }

    pub(crate) async fn account(&self, account: Tag) -> Result<Option<Key>, StorageError> {
        fetch(&self.pools, &self.wrap, "account", &account.0).await
    }

    /// The account's key, made at first need.
    pub(crate) async fn account_or_new(&self, account: Tag, at: At) -> Result<Key, StorageError> {
        match self.account(account).await? {
            Some(key) => Ok(key),
            None => keep(&self.pools, &self.wrap, "account", &account.0, &Key::fresh()?, at).await,
        }
    }

    /// Destroys a case's key: whatever it sealed is gone, in backups too.
    pub(crate) async fn destroy_case(&self, case: CaseId) -> Result<(), StorageError> {
        let sql = "DELETE FROM keys WHERE kind = 'case' AND id = $1";
        self.pools.write(sql, [case.0.as_bytes().to_vec().into()]).await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.pools.close().await;
    }
}

fn place(kind: &str, id: &[u8]) -> Place {
    Place::new("keys.wrapped", &[kind.as_bytes(), id])
}

async fn fetch(pools: &Pools, wrap: &Key, kind: &str, id: &[u8]) -> Result<Option<Key>, StorageError> {
    let sql = "SELECT wrapped FROM keys WHERE kind = $1 AND id = $2";
    let Some(row) = pools.one(sql, [kind.into(), id.to_vec().into()]).await? else {
        return Ok(None);
    };
    let plain = wrap.open(&place(kind, id), &row.get::<Vec<u8>>("wrapped")?)?;
    let bytes: [u8; 32] = plain
        .as_slice()
        .try_into()
        .map_err(|_| StorageError::Corrupt { what: "keys.wrapped" })?;
    Ok(Some(Key::new(bytes)))
}

async fn keep(pools: &Pools, wrap: &Key, kind: &str, id: &[u8], key: &Key, at: At) -> Result<Key, StorageError> {
    let wrapped = wrap.seal(&place(kind, id), key.bytes())?;
    let sql = "INSERT INTO keys (kind, id, made, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let kept = pools
        .write(sql, [kind.into(), id.to_vec().into(), at.0.into(), wrapped.into()])
        .await?;
    if kept == 1 {
        return Ok(key.clone());
    }
    fetch(pools, wrap, kind, id)
        .await?
        .ok_or(StorageError::Corrupt { what: "keys.wrapped" })
}
