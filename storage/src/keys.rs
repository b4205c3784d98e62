//! The key shelf: one key a case and an account, and two of the house, each wrapped by the master key. A database of its
//! own, so that destroying a key reaches every backup of the data (PR-04).

use std::sync::Arc;

use readmit_core::ids::{CaseId, Tag};
use readmit_core::time::At;
use sea_orm::{ConnectionTrait as _, Value};
use tokio::sync::{mpsc, oneshot};

use crate::connect::Pools;
use crate::row::Columns as _;
use crate::seal::{Key, Place};
use crate::{KeyFault, StorageError, copies};

pub(crate) struct Shelf {
    pools: Pools,
    keeper: Keeper,
    /// Wraps; derived from the master key.
    wrap: Key,
    /// Seals what belongs to no case and no account.
    house: Key,
    /// Tags that must agree between cases.
    index: Key,
    /// The house key's row as it was when the shelf was opened: while it stands, the master key is the same.
    standing: Vec<u8>,
}

const HOUSE: &str = "house";
const INDEX: &str = "index";

impl Shelf {
    /// Opens a shelf; `None` when there is none. Writes nothing.
    pub(crate) async fn open(url: &str, connections: u32, master: &[u8; 32]) -> Result<Option<Self>, StorageError> {
        let Some(pools) = Pools::open(url, connections).await? else {
            return Ok(None);
        };
        if !pools.has_table("keys").await? {
            return Ok(None);
        }
        let wrap = wrapping(master);
        let Some(standing) = wrapped(&pools, HOUSE, &[]).await? else {
            return Ok(None);
        };
        let Ok(house) = unwrap(&wrap, HOUSE, &[], &standing) else {
            // Closed in order: a file database is left as it was found.
            pools.close().await;
            return Err(KeyFault::WrongMaster.into());
        };
        let index = fetch(&pools, &wrap, INDEX, &[]).await?.ok_or(KeyFault::Missing)?;
        Ok(Some(Self {
            keeper: Keeper::start(&pools),
            pools,
            wrap,
            house,
            index,
            standing,
        }))
    }

    /// Puts the two house keys on an empty shelf.
    pub(crate) async fn furnish(pools: &Pools, master: &[u8; 32]) -> Result<(), StorageError> {
        let wrap = wrapping(master);
        for kind in [INDEX, HOUSE] {
            let sealed = wrap.seal(&place(kind, &[]), Key::fresh()?.bytes())?;
            let sql = "INSERT INTO keys (kind, id, made, wrapped) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING";
            pools
                .write(sql, [kind.into(), Vec::<u8>::new().into(), sealed.into()])
                .await?;
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
        self.keep("case", case.0.as_bytes(), key, at).await
    }

    pub(crate) async fn account(&self, account: Tag) -> Result<Option<Key>, StorageError> {
        fetch(&self.pools, &self.wrap, "account", &account.0).await
    }

    /// The account's key, made at first need.
    pub(crate) async fn account_or_new(&self, account: Tag, at: At) -> Result<Key, StorageError> {
        match self.account(account).await? {
            Some(key) => Ok(key),
            None => self.keep("account", &account.0, &Key::fresh()?, at).await,
        }
    }

    /// Destroys a case's key: whatever it sealed is gone, in backups too.
    pub(crate) async fn destroy_case(&self, case: CaseId) -> Result<(), StorageError> {
        let sql = "DELETE FROM keys WHERE kind = 'case' AND id = $1";
        self.pools.write(sql, [case.0.as_bytes().to_vec().into()]).await?;
        Ok(())
    }

    /// Whether the shelf answers, and still goes by the master key that it was opened with.
    pub(crate) async fn answers(&self) -> Result<(), StorageError> {
        match wrapped(&self.pools, HOUSE, &[]).await? {
            Some(standing) if standing == self.standing => Ok(()),
            Some(_) => Err(KeyFault::WrongMaster.into()),
            None => Err(KeyFault::Missing.into()),
        }
    }

    /// Keeps a key unless there is one; the answer is the one that is kept. Once the master key was changed nothing more is
    /// wrapped under the old one: it could not be opened again.
    async fn keep(&self, kind: &str, id: &[u8], key: &Key, at: At) -> Result<Key, StorageError> {
        let sealed = self.wrap.seal(&place(kind, id), key.bytes())?;
        let values = [
            kind.into(),
            id.to_vec().into(),
            at.0.into(),
            sealed.into(),
            self.standing.clone().into(),
        ];
        if self.keeper.keep(values).await? {
            return Ok(key.clone());
        }
        self.answers().await?;
        fetch(&self.pools, &self.wrap, kind, id)
            .await?
            .ok_or(StorageError::Corrupt { what: "keys.wrapped" })
    }

    /// Wraps every key of the shelf anew, under another master key, in one transaction: all or none. How many.
    pub(crate) async fn rotate(&self, master: &[u8; 32]) -> Result<u64, StorageError> {
        let (wrap, mut rotated) = (wrapping(master), 0);
        let transaction = self.pools.begin_alone("keys").await?;
        let (mut kind, mut id) = (String::new(), Vec::new());
        loop {
            let sql = "SELECT kind, id, wrapped FROM keys WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT 500";
            let after = self.pools.statement(sql, [kind.as_str().into(), id.clone().into()]);
            let rows = transaction.query_all_raw(after).await?;
            if rows.is_empty() {
                transaction.commit().await?;
                return Ok(rotated);
            }
            for row in rows {
                (kind, id) = (row.get("kind")?, row.get("id")?);
                let key = unwrap(&self.wrap, &kind, &id, &row.get::<Vec<u8>>("wrapped")?)?;
                let anew = wrap.seal(&place(&kind, &id), key.bytes())?;
                let sql = "UPDATE keys SET wrapped = $3 WHERE kind = $1 AND id = $2";
                let values = [kind.as_str().into(), id.clone().into(), anew.into()];
                transaction.execute_raw(self.pools.statement(sql, values)).await?;
                rotated += 1;
            }
        }
    }

    /// Copies of cases' keys, under the names that the list gives them; they open nothing.
    pub(crate) async fn copy_cases(&self, list: &str) -> Result<(), StorageError> {
        self.pools.write(&copies::keys_sql(&self.pools), [list.into()]).await?;
        Ok(())
    }

    /// As [`crate::Db::settle`].
    pub(crate) async fn settle(&self) -> Result<(), StorageError> {
        copies::settle(&self.pools).await
    }

    pub(crate) async fn close(&self) {
        self.pools.close().await;
    }
}

/// A key's row, and the house key's row that must still stand.
type NewKey = [Value; 5];

const KEEP: &str = "INSERT INTO keys (kind, id, made, wrapped) SELECT $1, $2, $3, $4 FROM keys \
                    WHERE kind = 'house' AND wrapped = $5 ON CONFLICT DO NOTHING";

/// The most keys in one transaction.
const BATCH: usize = 64;

/// One task that writes new keys: those that wait together are one transaction.
struct Keeper(mpsc::Sender<(NewKey, oneshot::Sender<Kept>)>);

/// Whether the row is there by this call.
type Kept = Result<bool, Arc<StorageError>>;

impl Keeper {
    fn start(pools: &Pools) -> Self {
        let (queue, mut waiting) = mpsc::channel(4 * BATCH);
        let pools = pools.clone();
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while waiting.recv_many(&mut batch, BATCH).await > 0 {
                let (keys, answers): (Vec<NewKey>, Vec<oneshot::Sender<_>>) = batch.drain(..).unzip();
                let kept = keep_all(&pools, &keys).await.map_err(Arc::new);
                for (place, answer) in answers.into_iter().enumerate() {
                    let own = kept
                        .as_ref()
                        .map(|kept| kept.get(place) == Some(&true))
                        .map_err(Arc::clone);
                    // A caller that has gone away loses its answer, not its key.
                    answer.send(own).ok();
                }
            }
        });
        Self(queue)
    }

    /// Whether the row is there by this call.
    async fn keep(&self, key: NewKey) -> Result<bool, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.0.send((key, answer)).await.map_err(|_| StorageError::Down)?;
        answered
            .await
            .map_err(|_| StorageError::Down)?
            .map_err(|error| error.again())
    }
}

async fn keep_all(pools: &Pools, keys: &[NewKey]) -> Result<Vec<bool>, StorageError> {
    if let [only] = keys {
        return Ok(vec![pools.write(KEEP, only.clone()).await? == 1]);
    }
    let transaction = pools.begin().await?;
    let mut kept = Vec::with_capacity(keys.len());
    for key in keys {
        let done = transaction.execute_raw(pools.statement(KEEP, key.clone())).await?;
        kept.push(done.rows_affected() == 1);
    }
    transaction.commit().await?;
    Ok(kept)
}

fn place(kind: &str, id: &[u8]) -> Place {
    Place::new("keys.wrapped", &[kind.as_bytes(), id])
}

fn wrapping(master: &[u8; 32]) -> Key {
    Key::new(*master).derive("wrap", &[])
}

fn unwrap(wrap: &Key, kind: &str, id: &[u8], wrapped: &[u8]) -> Result<Key, StorageError> {
    let plain = wrap.open(&place(kind, id), wrapped)?;
    let bytes: [u8; 32] = plain
        .as_slice()
        .try_into()
        .map_err(|_| StorageError::Corrupt { what: "keys.wrapped" })?;
    Ok(Key::new(bytes))
}

/// A key as it lies on the shelf.
async fn wrapped(pools: &Pools, kind: &str, id: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
    let sql = "SELECT wrapped FROM keys WHERE kind = $1 AND id = $2";
    let row = pools.one(sql, [kind.into(), id.to_vec().into()]).await?;
    row.map(|row| row.get("wrapped")).transpose()
}

async fn fetch(pools: &Pools, wrap: &Key, kind: &str, id: &[u8]) -> Result<Option<Key>, StorageError> {
    let found = wrapped(pools, kind, id).await?;
    found.map(|wrapped| unwrap(wrap, kind, id, &wrapped)).transpose()
}
