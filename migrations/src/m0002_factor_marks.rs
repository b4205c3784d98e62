//! A factor remembers how far it was used: a TOTP app's last time step, a passkey's counter, how many recovery codes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = "alter table factors add column mark bigint not null default 0;";
        let text = crate::dialect::tables(manager.get_database_backend(), text);
        manager.get_connection().execute_unprepared(&text).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
