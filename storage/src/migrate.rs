//! Making and checking the schema. The key shelf is looked at before anything is written.

use readmit_migrations::{Data, Keys};
use sea_orm_migration::MigratorTrait as _;

use crate::connect::Pools;
use crate::keys::Shelf;
use crate::row::Columns as _;
use crate::{KeyFault, Settings, StorageError};

pub(crate) async fn run(settings: &Settings) -> Result<(), StorageError> {
    let shelf = Shelf::open(&settings.keys_url, 1, &settings.master_key).await?;
    let belongs_to = match Pools::open(&settings.database_url, 1).await? {
        Some(pools) => {
            let fingerprint = fingerprint(&pools).await?;
            pools.close().await;
            fingerprint
        }
        None => None,
    };
    match (&shelf, belongs_to) {
        (None, Some(_)) => return Err(KeyFault::Missing.into()),
        (Some(shelf), Some(other)) if shelf.fingerprint().0 != other => return Err(KeyFault::OtherShelf.into()),
        _ => {}
    }
    if let Some(shelf) = shelf {
        shelf.close().await;
    }

    let keys = Pools::make(&settings.keys_url, 1).await?;
    Keys::up(&keys.write, None).await?;
    Shelf::furnish(&keys, &settings.master_key).await?;
    keys.close().await;
    let shelf = Shelf::open(&settings.keys_url, 1, &settings.master_key)
        .await?
        .ok_or(KeyFault::Missing)?;

    let data = Pools::make(&settings.database_url, 1).await?;
    Data::up(&data.write, None).await?;
    let sql = "INSERT INTO installation (id, shelf) VALUES (1, $1) ON CONFLICT DO NOTHING";
    data.write(sql, [shelf.fingerprint().0.to_vec().into()]).await?;
    if let Err(error) = data.fill_reserve().await {
        tracing::warn!(%error, "no room is kept for objections yet; the nodes will try again");
    }
    data.close().await;
    shelf.close().await;
    crate::blobs::Depot::of(&settings.evidence).make().await
}

/// Whether the data has this build's schema and belongs to this shelf.
pub(crate) async fn check(pools: &Pools, shelf: &Shelf) -> Result<(), StorageError> {
    let belongs_to = fingerprint(pools).await?.ok_or(StorageError::NotMigrated)?;
    let applied = pools
        .one("SELECT count(*) AS applied FROM seaql_migrations", [])
        .await?
        .ok_or(StorageError::NotMigrated)?
        .count("applied")?;
    if usize::try_from(applied) != Ok(Data::migrations().len()) {
        return Err(StorageError::NotMigrated);
    }
    if belongs_to != shelf.fingerprint().0 {
        return Err(KeyFault::OtherShelf.into());
    }
    Ok(())
}

/// The shelf that the data belongs to; `None` where there is no data yet.
async fn fingerprint(pools: &Pools) -> Result<Option<[u8; 32]>, StorageError> {
    if !pools.has_table("installation").await? {
        return Ok(None);
    }
    let row = pools.one("SELECT shelf FROM installation WHERE id = 1", []).await?;
    row.map(|row| row.bytes32("shelf")).transpose()
}
