//! Reading columns: what does not fit its type is [`StorageError::Corrupt`], named by its column.

use readmit_core::ids::{CaseId, CaseRef, Digest, PersonId};
use readmit_core::time::At;
use sea_orm::{QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::StorageError;

pub(crate) trait Columns {
    fn get<T: TryGetable>(&self, column: &'static str) -> Result<T, StorageError>;

    fn at(&self, column: &'static str) -> Result<At, StorageError> {
        self.get(column).map(At)
    }

    fn maybe_at(&self, column: &'static str) -> Result<Option<At>, StorageError> {
        Ok(self.get::<Option<i64>>(column)?.map(At))
    }

    fn count(&self, column: &'static str) -> Result<u32, StorageError> {
        u32::try_from(self.get::<i64>(column)?).map_err(|_| StorageError::Corrupt { what: column })
    }

    fn bytes32(&self, column: &'static str) -> Result<[u8; 32], StorageError> {
        let bytes: Vec<u8> = self.get(column)?;
        bytes.try_into().map_err(|_| StorageError::Corrupt { what: column })
    }

    fn digest(&self, column: &'static str) -> Result<Digest, StorageError> {
        self.bytes32(column).map(Digest)
    }

    fn case(&self, column: &'static str) -> Result<CaseId, StorageError> {
        self.get(column).map(CaseId)
    }

    fn maybe_case(&self, column: &'static str) -> Result<Option<CaseId>, StorageError> {
        Ok(self.get::<Option<Uuid>>(column)?.map(CaseId))
    }

    fn maybe_person(&self, column: &'static str) -> Result<Option<PersonId>, StorageError> {
        Ok(self.get::<Option<Uuid>>(column)?.map(PersonId))
    }

    fn reference(&self, column: &'static str) -> Result<CaseRef, StorageError> {
        let text: String = self.get(column)?;
        text.parse().map_err(|_| StorageError::Corrupt { what: column })
    }

    /// A text column that holds JSON.
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StorageError> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|_| StorageError::Corrupt { what: column })
    }

    /// A text column that holds one word of an enumeration.
    fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StorageError> {
        let word = serde_json::Value::String(self.get(column)?);
        serde_json::from_value(word).map_err(|_| StorageError::Corrupt { what: column })
    }
}

impl Columns for QueryResult {
    fn get<T: TryGetable>(&self, column: &'static str) -> Result<T, StorageError> {
        self.try_get("", column)
            .map_err(|_| StorageError::Corrupt { what: column })
    }
}

/// A number of rows for `LIMIT`.
pub(crate) fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// An enumeration's value as its column holds it: the word that serde gives it.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// JSON for a text column.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T, what: &'static str) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|_| StorageError::Corrupt { what })
}
