//! The schema, one set of migrations for SQLite and PostgreSQL. `README.md` says why it has the shape it has.
//!
//! The data and the key shelf are two databases and migrate apart, so that a backup of one never holds the other.

use sea_orm_migration::prelude::*;

mod dialect;
mod m0001_data;
mod m0001_keys;
mod m0002_factor_marks;
mod m0003_quiet;
mod m0004_streaks;
mod m0005_conversations;
mod m0006_prints;
mod m0007_rule_packs;
mod m0008_deliveries;
mod m0009_unclaimed;
mod m0010_ranges;
mod m0011_passkey_ids;
mod m0012_signed_out;
mod m0013_reserve;

/// Cases and everything beside them.
pub struct Data;

/// The key shelf.
pub struct Keys;

/// PostgreSQL: makes the role `readmit_app`, which may work with the data but not rewrite the record (IN-08). To be run
/// by the owner of the tables after every migration; it may be repeated.
pub const ROLES: &str = include_str!("../roles.sql");

/// PostgreSQL: makes the table of the room that is kept for an owner's objection (RF-11), which no backup holds.
pub const RESERVE: &str = include_str!("m0013_reserve.postgres.sql");

/// Tables to which rows are added and never changed.
pub const APPEND_ONLY: [&str; 3] = ["case_events", "approvals", "audit"];

#[async_trait::async_trait]
impl MigratorTrait for Data {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_data::Migration),
            Box::new(m0002_factor_marks::Migration),
            Box::new(m0003_quiet::Migration),
            Box::new(m0004_streaks::Migration),
            Box::new(m0005_conversations::Migration),
            Box::new(m0006_prints::Migration),
            Box::new(m0007_rule_packs::Migration),
            Box::new(m0008_deliveries::Migration),
            Box::new(m0009_unclaimed::Migration),
            Box::new(m0010_ranges::Migration),
            Box::new(m0011_passkey_ids::Migration),
            Box::new(m0012_signed_out::Migration),
            Box::new(m0013_reserve::Migration),
        ]
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Keys {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_keys::Migration)]
    }

    /// A name of its own: on PostgreSQL both may live in one database for a trial.
    fn migration_table_name() -> DynIden {
        Alias::new("keys_migrations").into_iden()
    }
}
