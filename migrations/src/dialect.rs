//! One text of tables for two databases: written with PostgreSQL's words, read by SQLite as STRICT tables.

use sea_orm_migration::sea_orm::DbBackend;

/// What SQLite calls a type, and how it ends a table. `/* clustered */` marks tables that are their own index.
const SQLITE: [(&str, &str); 5] = [
    (" bytea", " BLOB"),
    (" uuid", " BLOB"),
    (" bigint", " INTEGER"),
    (") /* clustered */;", ") STRICT, WITHOUT ROWID;"),
    ("\n);", "\n) STRICT;"),
];

/// The text as the given database reads it.
pub(crate) fn tables(backend: DbBackend, text: &str) -> String {
    match backend {
        DbBackend::Sqlite => SQLITE
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to)),
        _ => text.to_owned(),
    }
}
