//! Room on the disk of the database that only an owner's veto may use. It is given up when a veto meets a full disk. While it is
//! gone nobody else writes, and it is made again once there is room for it and as much again, so that what it gave up is not
//! taken for room (RF-11).

mod file;
mod table;

pub(crate) use file::Beside;
pub(crate) use table::{Within, keep};

use crate::StorageError;

const TAKES_OBJECTIONS_ONLY: &str = "the disk of the database is full: until there is room it takes objections only";

#[derive(Clone)]
pub(crate) enum Reserve {
    /// Of a SQLite file.
    Beside(Beside),
    /// Of a PostgreSQL database; all nodes share it.
    Within(Within),
}

impl Reserve {
    /// Passes while everybody may write.
    ///
    /// # Errors
    /// [`StorageError::Full`] when what room there is belongs to vetoes.
    pub(crate) async fn hold(&self) -> Result<(), StorageError> {
        match self {
            Self::Beside(file) => file.hold().await,
            Self::Within(table) => table.hold(),
        }
    }

    /// Leaves its room to vetoes.
    pub(crate) async fn give_up(&self) {
        match self {
            Self::Beside(file) => {
                file.give_up().await;
            }
            Self::Within(table) => table.give_up().await,
        }
    }
}
