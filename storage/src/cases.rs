//! Reading cases: loading one, its timeline and chain, lists of them.

use readmit_core::case::{Case, CaseStatus, Class, Outcome};
use readmit_core::chain::{self, Broken};
use readmit_core::evolve::Entry;
use readmit_core::ids::{CaseId, CaseRef, Digest};
use readmit_core::ports::Loaded;
use readmit_core::sealed::Sealed;
use readmit_core::time::At;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::commit::sealed_place;
use crate::row::{Columns as _, rows_of};
use crate::{Db, StorageError, packed};

/// Which cases a list holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseFilter {
    pub status: Option<CaseStatus>,
    pub outcome: Option<Outcome>,
    pub reference: Option<CaseRef>,
}

/// Where a page of cases ended; newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseKey {
    pub opened: At,
    pub case: CaseId,
}

/// One line of a list of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    pub case: CaseId,
    pub reference: CaseRef,
    pub class: Class,
    pub workflow: Digest,
    pub opened: At,
    pub updated: At,
    pub status: CaseStatus,
    pub step: String,
    pub outcome: Option<Outcome>,
}

impl CaseLine {
    /// Where the next page begins if this is the last line of a page.
    #[must_use]
    pub fn key(&self) -> CaseKey {
        CaseKey {
            opened: self.opened,
            case: self.case,
        }
    }
}

/// A case whose chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("case {case}: {broken}")]
pub struct Unsound {
    pub case: CaseId,
    pub broken: Broken,
}

/// Row, last event, the event that holds the sealed state, live task: one read, wherever the case lies.
pub(crate) const LOAD: &str = "
SELECT c.version, e.entry, e.state, e.hash, s.seq AS sealed_seq, s.sealed, t.lease_until
FROM cases c LEFT JOIN case_events e ON e.case_id = c.id AND e.seq = c.version
LEFT JOIN case_events s ON s.case_id = c.id AND s.seq = e.sealed_seq
LEFT JOIN tasks t ON t.case_id = c.id WHERE c.id = $1
UNION ALL
SELECT c.version, e.entry, e.state, e.hash, s.seq AS sealed_seq, s.sealed, NULL
FROM unproven c LEFT JOIN unproven_events e ON e.case_id = c.id AND e.seq = c.version
LEFT JOIN unproven_events s ON s.case_id = c.id AND s.seq = e.sealed_seq WHERE c.id = $1";

/// What tells whether a cached case is still the stored one, and until when its task is claimed.
pub(crate) const STAMP: &str = "
SELECT c.version, t.lease_until FROM cases c LEFT JOIN tasks t ON t.case_id = c.id WHERE c.id = $1
UNION ALL SELECT c.version, NULL FROM unproven c WHERE c.id = $1";

impl Db {
    /// A case as it stands, proven or not; `None` when there is none.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when rows are missing or cannot be read.
    pub async fn opened(&self, case: CaseId) -> Result<Option<Loaded>, StorageError> {
        if let Some(cached) = self.0.cache.get(case) {
            let stamp = self.0.pools.one(STAMP, [case.0.into()]).await?;
            if let Some(row) = stamp
                && row.count("version")? == cached.case.version
            {
                let mut loaded = Loaded::clone(&cached);
                let lease_until = row.maybe_at("lease_until")?;
                if loaded.lease_until != lease_until {
                    loaded.lease_until = lease_until;
                    self.0.cache.put(loaded.clone());
                }
                return Ok(Some(loaded));
            }
            self.0.cache.forget(case);
        }
        let Some(row) = self.0.pools.one(LOAD, [case.0.into()]).await? else {
            return Ok(None);
        };
        let loaded = self.read_case(case, &row).await?;
        if loaded.readable {
            self.0.cache.put(loaded.clone());
        }
        Ok(Some(loaded))
    }

    async fn read_case(&self, id: CaseId, row: &QueryResult) -> Result<Loaded, StorageError> {
        let corrupt = |what| StorageError::Corrupt { what };
        let (_, state) = packed::unpack(row.get("entry")?, row.get("state")?)?;
        let case: Case = serde_json::from_slice(&state).map_err(|_| corrupt("case"))?;
        if case.id != id || case.version != row.count("version")? {
            return Err(corrupt("case"));
        }
        let key = self.case_key(id).await?;
        let sealed = match (&key, row.get::<Option<Vec<u8>>>("sealed")?) {
            (Some(key), Some(sealed)) => {
                let place = sealed_place(id, row.count("sealed_seq")?);
                Self::state_key(*key.bytes()).open_state(&place, &sealed)?
            }
            _ => Sealed::default(),
        };
        if key.is_some() && case.sealed != Digest::default() && sealed.commitment() != case.sealed {
            return Err(corrupt("sealed state"));
        }
        Ok(Loaded {
            head: row.digest("hash")?,
            sealed,
            lease_until: row.maybe_at("lease_until")?,
            readable: key.is_some(),
            keys: self.keys_with(key.map(|key| *key.bytes()).unwrap_or_default()),
            case,
        })
    }

    /// The case of a reference; only proven cases have one.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn case_by_reference(&self, reference: CaseRef) -> Result<Option<CaseId>, StorageError> {
        let sql = "SELECT id FROM cases WHERE reference = $1";
        let row = self.0.pools.one(sql, [reference.to_string().into()]).await?;
        row.map(|row| row.case("id")).transpose()
    }

    /// All that happened in a case, with row numbers, oldest first.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when a row cannot be read.
    pub async fn timeline(&self, case: CaseId) -> Result<Vec<(u32, Entry)>, StorageError> {
        let rows = self.chain_rows(case).await?;
        rows.iter()
            .map(|row| {
                let entry = serde_json::from_slice(&row.entry).map_err(|_| StorageError::Corrupt { what: "event" })?;
                Ok((row.seq, entry))
            })
            .collect()
    }

    /// The rows of a case's chain, oldest first.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when a column has the wrong type or length.
    pub async fn chain_rows(&self, case: CaseId) -> Result<Vec<chain::Row>, StorageError> {
        let sql = "SELECT seq, entry, state, hash FROM case_events WHERE case_id = $1 \
                   UNION ALL SELECT seq, entry, state, hash FROM unproven_events WHERE case_id = $1 ORDER BY seq";
        let rows = self.0.pools.all(sql, [case.0.into()]).await?;
        rows.iter()
            .map(|row| {
                let (entry, state) = packed::unpack(row.get("entry")?, row.get("state")?)?;
                Ok(chain::Row {
                    seq: row.count("seq")?,
                    entry,
                    state,
                    hash: row.digest("hash")?,
                })
            })
            .collect()
    }

    /// Verifies every chain, unproven requests too: how many hold, or the first that does not.
    ///
    /// # Errors
    /// [`StorageError`] when rows cannot be read at all.
    pub async fn verify_all(&self) -> Result<Result<u64, Unsound>, StorageError> {
        let mut verified = 0;
        for table in ["cases", "unproven"] {
            let mut after = Uuid::nil();
            loop {
                let sql = format!("SELECT id, version FROM {table} WHERE id > $1 ORDER BY id LIMIT 500");
                let page = self.0.pools.all(&sql, [after.into()]).await?;
                let Some(last) = page.last() else { break };
                after = last.get("id")?;
                for row in &page {
                    if let Err(unsound) = self.verify(row.case("id")?, row.count("version")?).await? {
                        return Ok(Err(unsound));
                    }
                    verified += 1;
                }
            }
        }
        Ok(Ok(verified))
    }

    /// Verifies one chain, and that it has as many rows as the case has versions.
    async fn verify(&self, case: CaseId, version: u32) -> Result<Result<(), Unsound>, StorageError> {
        let rows = self.chain_rows(case).await?;
        let all_there = u32::try_from(rows.len()) == Ok(version);
        let sound = chain::verify(case, &rows).and(if all_there {
            Ok(())
        } else {
            Err(Broken::Order { seq: version })
        });
        Ok(sound.map_err(|broken| Unsound { case, broken }))
    }

    /// A page of proven cases, newest first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn recent_cases(
        &self,
        filter: CaseFilter,
        after: Option<CaseKey>,
        limit: usize,
    ) -> Result<Vec<CaseLine>, StorageError> {
        // The first page begins after a moment that never comes.
        let after = after.unwrap_or(CaseKey {
            opened: At(i64::MAX),
            case: CaseId(Uuid::max()),
        });
        let sql = list_sql(&filter);
        let status = filter.status.map_or("", CaseStatus::code);
        let outcome = filter.outcome.map_or("", Outcome::code);
        let reference = filter.reference.map(|r| r.to_string()).unwrap_or_default();
        let values = [
            after.opened.0.into(),
            after.case.0.into(),
            rows_of(limit).into(),
            status.into(),
            outcome.into(),
            reference.into(),
        ];
        self.0.pools.all(&sql, values).await?.iter().map(line).collect()
    }
}

/// Unused parameters are still bound: one list of values fits every filter.
pub(crate) fn list_sql(filter: &CaseFilter) -> String {
    let conditions: String = [
        (filter.status.is_some(), " AND status = $4"),
        (filter.outcome.is_some(), " AND outcome = $5"),
        (filter.reference.is_some(), " AND reference = $6"),
    ]
    .into_iter()
    .filter(|(given, _)| *given)
    .map(|(_, condition)| condition)
    .collect();
    format!(
        "SELECT id, reference, class, workflow, opened, updated, status, step, outcome FROM cases \
         WHERE (opened, id) < ($1, $2){conditions} ORDER BY opened DESC, id DESC LIMIT $3"
    )
}

fn line(row: &QueryResult) -> Result<CaseLine, StorageError> {
    Ok(CaseLine {
        case: row.case("id")?,
        reference: row.reference("reference")?,
        class: row.word("class")?,
        workflow: row.digest("workflow")?,
        opened: row.at("opened")?,
        updated: row.at("updated")?,
        status: row.word("status")?,
        step: row.get("step")?,
        outcome: match row.get::<Option<String>>("outcome")? {
            Some(_) => Some(row.word("outcome")?),
            None => None,
        },
    })
}
