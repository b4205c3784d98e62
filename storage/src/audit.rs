//! The audit log: what happened outside cases, and refusals that matter (invariant 2). Append-only; no personal data.

use std::borrow::Cow;

use readmit_core::ids::{CaseId, CaseRef};
use readmit_core::time::At;
use sea_orm::{QueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::row::{Columns as _, json, rows_of};
use crate::{Db, StorageError, chance};

/// One audit event.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    pub at: At,
    /// `person:…`, `claimant`, `owner`, `engine`, `host`; `nobody`, who is not known.
    pub who: String,
    /// A stable code: `sign_in`, `evidence_viewed`.
    pub what: Cow<'static, str>,
    pub case: Option<CaseId>,
    /// A stable code: `done`, `refused`.
    pub outcome: Cow<'static, str>,
    pub detail: Value,
}

/// Where a page of the log ended; newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditKey {
    pub at: At,
    pub id: Uuid,
}

/// A line of the log as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    pub key: AuditKey,
    pub row: AuditRow,
    /// What people know the case by, once it has been proven.
    pub reference: Option<CaseRef>,
}

pub(crate) const PAGE: &str = "SELECT at, id, who, what, case_id, outcome, detail, \
                               (SELECT reference FROM cases WHERE cases.id = audit.case_id) AS reference FROM audit \
                               WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3";
pub(crate) const OF_CASE: &str =
    "SELECT at, id, who, what, case_id, outcome, detail FROM audit WHERE case_id = $1 ORDER BY at, id";

impl Db {
    /// Writes one event.
    ///
    /// # Errors
    /// [`StorageError`] when it could not be written: then what it records must not happen either (AU-03).
    pub async fn audit(&self, row: AuditRow) -> Result<(), StorageError> {
        self.0.pools.run(self.audit_statement(&row)?).await?;
        Ok(())
    }

    pub(crate) fn audit_statement(&self, row: &AuditRow) -> Result<Statement, StorageError> {
        let sql = "INSERT INTO audit (at, id, who, what, case_id, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        Ok(self.0.pools.statement(
            sql,
            [
                row.at.0.into(),
                chance::uuid()?.into(),
                row.who.as_str().into(),
                row.what.as_ref().into(),
                row.case.map(|case| case.0).into(),
                row.outcome.as_ref().into(),
                json(&row.detail, "audit.detail")?.into(),
            ],
        ))
    }

    /// A page of the log, newest first, with the key of each row.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn audit_page(&self, after: Option<AuditKey>, limit: usize) -> Result<Vec<AuditLine>, StorageError> {
        let after = after.unwrap_or(AuditKey {
            at: At(i64::MAX),
            id: Uuid::max(),
        });
        let values = [after.at.0.into(), after.id.into(), rows_of(limit).into()];
        self.0.pools.all(PAGE, values).await?.iter().map(audit_line).collect()
    }

    /// What the log says of one case, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn audit_of(&self, case: CaseId) -> Result<Vec<AuditRow>, StorageError> {
        let rows = self.0.pools.all(OF_CASE, [case.0.into()]).await?;
        rows.iter().map(audit_row).collect()
    }
}

fn audit_line(row: &QueryResult) -> Result<AuditLine, StorageError> {
    let reference: Option<String> = row.get("reference")?;
    Ok(AuditLine {
        key: AuditKey {
            at: row.at("at")?,
            id: row.get("id")?,
        },
        row: audit_row(row)?,
        reference: reference.map(|_| row.reference("reference")).transpose()?,
    })
}

fn audit_row(row: &QueryResult) -> Result<AuditRow, StorageError> {
    Ok(AuditRow {
        at: row.at("at")?,
        who: row.get("who")?,
        what: Cow::Owned(row.get("what")?),
        case: row.maybe_case("case_id")?,
        outcome: Cow::Owned(row.get("outcome")?),
        detail: row.json("detail")?,
    })
}
