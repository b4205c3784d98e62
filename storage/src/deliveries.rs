//! What became of text messages: sent, and what their gateway told since (WH-06). No number and no word of them is here.

use readmit_core::effect::{Effect, Job, Lease, SIM_CHANGED};
use readmit_core::ids::{CaseId, CaseRef, JobId, Tag};
use readmit_core::time::{At, Span};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult, Statement};
use serde::{Deserialize, Serialize};

use crate::row::{Columns as _, rows_of, word};
use crate::{AuditRow, Db, StorageError, chance};

/// How long it is kept what became of a message.
const KEPT: Span = Span::days(90);

/// How a message fares. It goes on from `Sent`, and may arrive after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The gateway took it, and told nothing since.
    Sent,
    Delivered,
    /// It could not be brought to the phone.
    Undelivered,
    /// The gateway gave it up itself.
    Failed,
}

impl Delivery {
    /// In figures and on pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
        }
    }
}

/// A message that a gateway took.
pub struct SentText<'a> {
    /// The job that sent it.
    pub id: JobId,
    pub case: CaseId,
    pub run: u32,
    /// Of the code in it; a notice has none.
    pub issue: Option<u32>,
    /// The range of numbers that the code went to.
    pub range: Option<&'a str>,
    /// The gateway's own name of it.
    pub gateway: Option<&'a str>,
}

/// How a gateway names a message.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// As we did.
    Ours(JobId),
    Theirs(&'a str),
}

/// What a gateway tells of a message.
pub struct Told<'a> {
    pub of: Named<'a>,
    pub state: Delivery,
    /// The gateway's code for what went wrong; no personal data.
    pub error: Option<&'a str>,
    /// The number is in another SIM card than before.
    pub sim_changed: bool,
}

/// What telling came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    News,
    /// It was known already.
    Known,
    /// There is no such message.
    NoMessage,
}

/// A message that did not arrive, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostText {
    pub case: CaseId,
    /// None for a case without a proof.
    pub reference: Option<CaseRef>,
    pub is_code: bool,
    pub state: Delivery,
    pub error: Option<String>,
    pub sent: At,
    pub told: At,
}

pub(crate) const LOST: &str = "SELECT case_id, issue, state, error, sent, told, \
                               (SELECT reference FROM cases WHERE cases.id = deliveries.case_id) AS reference \
                               FROM deliveries WHERE state IN ('undelivered', 'failed') AND told > $1 \
                               ORDER BY told DESC LIMIT $2";

impl Db {
    /// As [`Db::finish_job`], of a job that sent a text message: remembers that.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was written.
    pub async fn finish_text(
        &self,
        lease: Lease,
        audit: &AuditRow,
        sent: &SentText<'_>,
        at: At,
    ) -> Result<bool, StorageError> {
        let row = self.remembered(sent, at)?;
        self.finish_with(lease, [self.audit_statement(audit)?, row]).await
    }

    /// A second try of the same job is the same message.
    fn remembered(&self, sent: &SentText<'_>, at: At) -> Result<Statement, StorageError> {
        let sql = "INSERT INTO deliveries (id, case_id, run, issue, gateway, sent, state, number_range, range_name) \
                   VALUES ($1, $2, $3, $4, $5, $6, 'sent', $7, $8) ON CONFLICT DO NOTHING";
        let [range, name] = self.range_columns(sent)?;
        let gateway = sent.gateway.map(|name| self.gateway_tag(name).0.to_vec());
        Ok(self.0.pools.statement(
            sql,
            [
                sent.id.0.into(),
                sent.case.0.into(),
                i64::from(sent.run).into(),
                sent.issue.map(i64::from).into(),
                gateway.into(),
                at.0.into(),
                range,
                name,
            ],
        ))
    }

    /// A gateway's name of a message, so that nobody who reads the table can ask the gateway for it.
    fn gateway_tag(&self, name: &str) -> Tag {
        self.index_tag("text message", &[name.as_bytes()])
    }

    /// Takes down what a gateway tells of a message; where a code did not arrive, or the number moved to another SIM card,
    /// its case is told by jobs of the same transaction.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was written.
    pub async fn heard_of_text(&self, told: &Told<'_>, now: At) -> Result<Heard, StorageError> {
        let (pools, state) = (&self.0.pools, word(&told.state));
        let (column, name) = match told.of {
            Named::Ours(job) => ("id", job.0.into()),
            Named::Theirs(name) => ("gateway", self.gateway_tag(name).0.to_vec().into()),
        };
        let transaction = pools.begin().await?;
        let found = pools.statement(
            &format!("SELECT id, case_id, run, issue FROM deliveries WHERE {column} = $1"),
            [name],
        );
        let Some(row) = transaction.query_one_raw(found).await? else {
            return Ok(Heard::NoMessage);
        };
        let sql = "UPDATE deliveries SET state = $2, told = $3, error = $4 \
                   WHERE id = $1 AND state <> $2 AND (state = 'sent' OR $2 = 'delivered')";
        let id: uuid::Uuid = row.get("id")?;
        let change = pools.statement(sql, [id.into(), state.into(), now.0.into(), told.error.into()]);
        if transaction.execute_raw(change).await?.rows_affected() == 0 {
            return Ok(Heard::Known);
        }
        for (run, effect) in news(&row, told)? {
            self.job_in(&transaction, &row, run, &effect, now).await?;
        }
        transaction.commit().await?;
        self.0.wake.up();
        Ok(Heard::News)
    }

    async fn job_in(
        &self,
        transaction: &DatabaseTransaction,
        row: &QueryResult,
        run: u32,
        effect: &Effect,
        now: At,
    ) -> Result<(), StorageError> {
        let job = Job {
            id: JobId(chance::uuid()?),
            case: row.case("case_id")?,
            run,
            due: now,
            effect: effect.clone(),
            attempts: 0,
        };
        transaction.execute_raw(self.job_statement(&job)?).await?;
        Ok(())
    }

    /// Messages that did not arrive, the last told first: of the time in which an operator can do something about it.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn lost_texts(&self, since: At, limit: usize) -> Result<Vec<LostText>, StorageError> {
        let rows = self.0.pools.all(LOST, [since.0.into(), rows_of(limit).into()]).await?;
        rows.iter().map(lost).collect()
    }

    /// Forgets messages whose time is over.
    pub(crate) async fn forget_texts(&self, now: At) -> Result<(), StorageError> {
        let before = (now - KEPT).0.into();
        self.0
            .pools
            .write("DELETE FROM deliveries WHERE sent <= $1", [before])
            .await?;
        Ok(())
    }
}

/// What the message's case hears, each in its step run; 0 is the case itself.
fn news(row: &QueryResult, told: &Told<'_>) -> Result<Vec<(u32, Effect)>, StorageError> {
    let mut news = Vec::new();
    let lost = matches!(told.state, Delivery::Undelivered | Delivery::Failed);
    if let (true, Some(_)) = (lost, row.get::<Option<i64>>("issue")?) {
        let issue = row.count("issue")?;
        news.push((row.count("run")?, Effect::Undelivered { issue }));
    }
    if told.sim_changed {
        let (case, signal) = (row.case("case_id")?, SIM_CHANGED.to_owned());
        news.push((0, Effect::Signal { case, signal }));
    }
    Ok(news)
}

fn lost(row: &QueryResult) -> Result<LostText, StorageError> {
    let reference: Option<String> = row.get("reference")?;
    Ok(LostText {
        case: row.case("case_id")?,
        reference: reference.map(|_| row.reference("reference")).transpose()?,
        is_code: row.get::<Option<i64>>("issue")?.is_some(),
        state: row.word("state")?,
        error: row.get("error")?,
        sent: row.at("sent")?,
        told: row.at("told")?,
    })
}
