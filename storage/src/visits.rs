//! Coming back to a case: one visit is one try to prove the address again. A reference that names no case gets a visit
//! all the same (SE-06).

use readmit_core::ids::CaseId;
use readmit_core::time::At;
use uuid::Uuid;

use crate::row::Columns as _;
use crate::{Db, StorageError, chance};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: Uuid,
    /// The session it belongs to.
    pub session: [u8; 32],
    pub case: Option<CaseId>,
    pub created: At,
    /// The code in force; every further sending makes a new one, so this is also how many were sent.
    pub issue: u32,
    /// Codes typed so far.
    pub tries: u32,
    pub verified: Option<At>,
}

const COLUMNS: &str = "id, session, case_id, created, issue, tries, verified";

impl Db {
    /// Begins a visit; its first code is issue 1.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn visit_create(&self, session: &[u8; 32], case: Option<CaseId>, now: At) -> Result<Visit, StorageError> {
        let visit = Visit {
            id: chance::uuid()?,
            session: *session,
            case,
            created: now,
            issue: 1,
            tries: 0,
            verified: None,
        };
        let sql = "INSERT INTO visits (id, session, case_id, created, issue, tries) VALUES ($1, $2, $3, $4, 1, 0)";
        let values = [
            visit.id.into(),
            session.to_vec().into(),
            case.map(|case| case.0).into(),
            now.0.into(),
        ];
        self.0.pools.write(sql, values).await?;
        Ok(visit)
    }

    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn visit(&self, id: Uuid) -> Result<Option<Visit>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM visits WHERE id = $1");
        let row = self.0.pools.one(&sql, [id.into()]).await?;
        row.as_ref().map(visit).transpose()
    }

    /// Counts one typed code before it is looked at; `None` when the tries are used up or the visit is over. Atomic: of
    /// many at once, no more than `limit` are looked at.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then the code must not be looked at.
    pub async fn visit_try(&self, id: Uuid, limit: u32) -> Result<Option<Visit>, StorageError> {
        let sql = format!(
            "UPDATE visits SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND verified IS NULL RETURNING {COLUMNS}"
        );
        let rows = self.0.pools.change(&sql, [id.into(), i64::from(limit).into()]).await?;
        rows.first().map(visit).transpose()
    }

    /// Makes the next code the one in force; `None` when `limit` were sent or the visit is over. Tries stay (OT-03).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn visit_resend(&self, id: Uuid, limit: u32) -> Result<Option<Visit>, StorageError> {
        let sql = format!(
            "UPDATE visits SET issue = issue + 1 WHERE id = $1 AND issue < $2 AND verified IS NULL RETURNING {COLUMNS}"
        );
        let rows = self.0.pools.change(&sql, [id.into(), i64::from(limit).into()]).await?;
        rows.first().map(visit).transpose()
    }

    /// Ends a visit whose code was right; `false` when it had ended before: a code works once (OT-02).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nobody is let in.
    pub async fn visit_done(&self, id: Uuid, now: At) -> Result<bool, StorageError> {
        let sql = "UPDATE visits SET verified = $2 WHERE id = $1 AND verified IS NULL";
        Ok(self.0.pools.write(sql, [id.into(), now.0.into()]).await? == 1)
    }
}

fn visit(row: &sea_orm::QueryResult) -> Result<Visit, StorageError> {
    Ok(Visit {
        id: row.get("id")?,
        session: row.bytes32("session")?,
        case: row.maybe_case("case_id")?,
        created: row.at("created")?,
        issue: row.count("issue")?,
        tries: row.count("tries")?,
        verified: row.maybe_at("verified")?,
    })
}
