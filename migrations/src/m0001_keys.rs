//! The first schema of the key shelf.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// `kind` is `house`, `index`, `case` or `account`; `id` is empty for the first two, else the case's id or the
/// account's tag; `wrapped` is the key, sealed under the master key.
const KEYS: &str = "create table keys (
    kind text not null,
    id bytea not null,
    made bigint not null,
    wrapped bytea not null,
    primary key (kind, id)
) /* clustered */;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = crate::dialect::tables(manager.get_database_backend(), KEYS);
        manager.get_connection().execute_unprepared(&text).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
