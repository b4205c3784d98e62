//! The first schema of the data.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        let backend = manager.get_database_backend();
        database
            .execute_unprepared(&crate::dialect::tables(backend, include_str!("m0001_data.sql")))
            .await?;
        match backend {
            DbBackend::Sqlite => database.execute_unprepared(&append_only()).await?,
            _ => {
                database
                    .execute_unprepared(include_str!("m0001_data.postgres.sql"))
                    .await?
            }
        };
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// SQLite has no roles: triggers keep the record (IN-08).
fn append_only() -> String {
    crate::APPEND_ONLY
        .iter()
        .flat_map(|table| ["update", "delete"].map(|change| (table, change)))
        .map(|(table, change)| {
            format!(
                "create trigger {table}_no_{change} before {change} on {table} \
                 begin select raise(abort, '{table} is append-only'); end;\n"
            )
        })
        .collect()
}
