//! Jobs: leased, retried, buried. A job's due time is its lease: leasing moves it, and whoever does not hold the moment
//! it was moved to holds nothing.
//!
//! Jobs of one commit that are due together lie in one row until they are leased; then each gets a row of its own.

use std::collections::BTreeMap;

use readmit_core::effect::{Effect, Job, Lane, Lease};
use readmit_core::ids::{CaseId, JobId};
use readmit_core::time::{At, Span};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::row::{Columns as _, json, rows_of};
use crate::{AuditRow, Db, StorageError};

/// A job to run, and the right to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    pub lease: Lease,
    pub job: Job,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// As it was when it died; `due` is that moment.
    pub job: Job,
    /// Its last error; no personal data.
    pub error: String,
}

/// The longest error kept of a dead job, in characters.
const ERROR_LENGTH: usize = 500;

pub(crate) const NEXT_DUE: &str = "SELECT due_at FROM jobs ORDER BY due_at, id LIMIT 1";

impl Db {
    /// Leases the due jobs of up to `n` rows of a lane, the longest due first, until `now + hold`.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; what it may have leased is due again when the lease runs out.
    pub async fn lease_jobs(&self, n: usize, now: At, hold: Span, lane: Lane) -> Result<Vec<LeasedJob>, StorageError> {
        let is = match lane {
            Lane::Quick => "NOT LIKE",
            Lane::Slow => "LIKE",
        };
        let sql = match self.0.pools.backend() {
            DbBackend::Sqlite => {
                format!(
                    "UPDATE jobs SET due_at = $2, attempts = attempts + 1 WHERE (due_at, id) IN \
                     (SELECT due_at, id FROM jobs WHERE due_at <= $1 AND effect {is} $4 ORDER BY due_at, id LIMIT $3) \
                     RETURNING due_at, id, case_id, run, effect, attempts - 1 AS attempts"
                )
            }
            _ => {
                format!(
                    "WITH due AS MATERIALIZED (SELECT due_at, id FROM jobs WHERE due_at <= $1 AND effect {is} $4 \
                     ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) \
                     UPDATE jobs SET due_at = $2, attempts = attempts + 1 FROM due \
                     WHERE jobs.due_at = due.due_at AND jobs.id = due.id \
                     RETURNING jobs.due_at, jobs.id, case_id, run, effect, attempts - 1 AS attempts"
                )
            }
        };
        let (until, slow) = (now + hold, format!("{}%", Lane::SLOW));
        let rows = self
            .0
            .pools
            .change(&sql, [now.0.into(), until.0.into(), rows_of(n).into(), slow.into()])
            .await?;
        if !rows.is_empty() {
            self.0.pools.points.reach("lease: taken")?;
        }
        let (mut leased, mut bundles) = (Vec::new(), Vec::new());
        for row in &rows {
            match jobs(row, until) {
                Ok(jobs) if jobs.len() > 1 => bundles.push(jobs),
                Ok(jobs) => leased.extend(jobs),
                // It must not keep the others from running: it is told of, and waits out its lease.
                Err(error) => tracing::error!(%error, "a job cannot be read"),
            }
        }
        if !bundles.is_empty() {
            self.unbundle(&bundles, until).await?;
            leased.extend(bundles.into_iter().flatten());
        }
        Ok(leased)
    }

    /// Gives jobs that lay in one row rows of their own, under the lease that was taken on it. Where that fails the lease runs
    /// out, and all of them are due again.
    async fn unbundle(&self, bundles: &[Vec<LeasedJob>], until: At) -> Result<(), StorageError> {
        let transaction = self.0.pools.begin().await?;
        for bundle in bundles {
            for (place, LeasedJob { lease, job }) in bundle.iter().enumerate() {
                // The first of them has the row's name.
                if place == 0 {
                    transaction.execute_raw(self.deletion(*lease)).await?;
                    self.0.pools.points.reach("lease: bundle deleted")?;
                }
                let row = Job {
                    due: until,
                    attempts: job.attempts + 1,
                    ..job.clone()
                };
                transaction.execute_raw(self.job_statement(&row)?).await?;
                self.0.pools.points.reach("lease: one of a bundle written")?;
            }
        }
        transaction.commit().await?;
        self.0.pools.points.reach("lease: bundle taken apart")
    }

    /// Gives a leased job back for another try; `false` when the lease was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then the lease runs out by itself.
    pub async fn retry_job(&self, lease: Lease, due: At) -> Result<bool, StorageError> {
        let sql = "UPDATE jobs SET due_at = $3 WHERE due_at = $1 AND id = $2";
        let values = [lease.until.0.into(), lease.job.0.into(), due.0.into()];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// Moves a leased job to the dead ones; `false` when the lease was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was moved.
    pub async fn bury_job(&self, lease: Lease, error: &str, now: At) -> Result<bool, StorageError> {
        let (pools, error) = (&self.0.pools, error.chars().take(ERROR_LENGTH).collect::<String>());
        let transaction = pools.begin().await?;
        let move_over = "INSERT INTO dead_jobs (id, case_id, run, effect, attempts, died, error) \
                         SELECT id, case_id, run, effect, attempts, $3, $4 FROM jobs WHERE due_at = $1 AND id = $2";
        let (due, id) = (lease.until.0.into(), lease.job.0.into());
        let insert = pools.statement(move_over, [due, id, now.0.into(), error.into()]);
        let buried = transaction.execute_raw(insert).await?.rows_affected() == 1;
        transaction.execute_raw(self.deletion(lease)).await?;
        transaction.commit().await?;
        Ok(buried)
    }

    /// Puts a job that a commit has finished among the dead ones, too: its case heard the end, an operator should as well.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nobody hears.
    pub async fn dead_letter(&self, job: &Job, error: &str, now: At) -> Result<(), StorageError> {
        let sql = "INSERT INTO dead_jobs (id, case_id, run, effect, attempts, died, error) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let values = [
            job.id.0.into(),
            job.case.0.into(),
            i64::from(job.run).into(),
            json(&job.effect, "dead_jobs.effect")?.into(),
            i64::from(job.attempts + 1).into(),
            now.0.into(),
            error.chars().take(ERROR_LENGTH).collect::<String>().into(),
        ];
        self.0.pools.write(sql, values).await?;
        Ok(())
    }

    /// Deletes a leased job that no case hears of, and writes what it did to the audit log in the same transaction;
    /// `false`, and nothing written, when the lease was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was written.
    pub async fn finish_job(&self, lease: Lease, audit: Option<AuditRow>) -> Result<bool, StorageError> {
        let audit = audit.map(|row| self.audit_statement(&row)).transpose()?;
        self.finish_with(lease, audit).await
    }

    /// Deletes a leased job, and writes in the same transaction what it left behind.
    pub(crate) async fn finish_with(
        &self,
        lease: Lease,
        left: impl IntoIterator<Item = Statement> + Send,
    ) -> Result<bool, StorageError> {
        let left: Vec<Statement> = left.into_iter().collect();
        let points = &self.0.pools.points;
        points.reach("finish: nothing written")?;
        let transaction = self.0.pools.begin().await?;
        let finished = transaction.execute_raw(self.deletion(lease)).await?.rows_affected() == 1;
        points.reach("finish: job deleted")?;
        if finished {
            for statement in left {
                transaction.execute_raw(statement).await?;
                points.reach("finish: record written")?;
            }
        }
        transaction.commit().await?;
        points.reach("finish: committed")?;
        Ok(finished)
    }

    fn deletion(&self, lease: Lease) -> Statement {
        self.0.pools.statement(
            "DELETE FROM jobs WHERE due_at = $1 AND id = $2",
            [lease.until.0.into(), lease.job.0.into()],
        )
    }

    /// Adds a job that belongs to no commit: the code by which somebody comes back.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn enqueue(&self, job: &Job) -> Result<(), StorageError> {
        self.0.pools.run(self.job_statement(job)?).await?;
        self.0.wake.up();
        Ok(())
    }

    pub(crate) fn job_statement(&self, job: &Job) -> Result<Statement, StorageError> {
        let sql = "INSERT INTO jobs (due_at, id, case_id, run, effect, attempts) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            job.due.0.into(),
            job.id.0.into(),
            job.case.0.into(),
            i64::from(job.run).into(),
            json(&job.effect, "jobs.effect")?.into(),
            i64::from(job.attempts).into(),
        ];
        Ok(self.0.pools.statement(sql, values))
    }

    /// When the next job is due.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn next_due(&self) -> Result<Option<At>, StorageError> {
        let row = self.0.pools.one(NEXT_DUE, []).await?;
        row.map(|row| row.at("due_at")).transpose()
    }

    /// The latest dead jobs, newest first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn dead_jobs(&self, limit: usize) -> Result<Vec<DeadJob>, StorageError> {
        let sql = "SELECT id, case_id, run, effect, attempts, died AS due_at, error FROM dead_jobs \
                   ORDER BY died DESC, id DESC LIMIT $1";
        let rows = self.0.pools.all(sql, [rows_of(limit).into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(DeadJob {
                    job: job(row, JobId(row.get("id")?), row.json("effect")?)?,
                    error: row.get("error")?,
                })
            })
            .collect()
    }

    /// Has a dead job tried again from the start; `false` when it is not there.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then it stays dead.
    pub async fn revive_job(&self, id: JobId, now: At) -> Result<bool, StorageError> {
        let pools = &self.0.pools;
        let transaction = pools.begin().await?;
        let move_back = "INSERT INTO jobs (due_at, id, case_id, run, effect, attempts) \
                         SELECT $2, id, case_id, run, effect, 0 FROM dead_jobs WHERE id = $1";
        let revived = transaction
            .execute_raw(pools.statement(move_back, [id.0.into(), now.0.into()]))
            .await?;
        transaction
            .execute_raw(pools.statement("DELETE FROM dead_jobs WHERE id = $1", [id.0.into()]))
            .await?;
        transaction.commit().await?;
        self.0.wake.up();
        Ok(revived.rows_affected() == 1)
    }
}

/// What a row holds.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Content {
    One(Effect),
    /// Of quick jobs of one commit. The first has the row's name.
    Bundle(Vec<(JobId, Effect)>),
}

/// A row of new jobs.
pub(crate) struct JobRow {
    pub(crate) due: At,
    pub(crate) id: JobId,
    pub(crate) run: u32,
    pub(crate) content: String,
}

/// The rows of one commit's jobs.
pub(crate) fn bundled(jobs: &[Job]) -> Result<Vec<JobRow>, StorageError> {
    let mut together: BTreeMap<(At, u32, Option<JobId>), Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        let alone = (job.effect.lane() == Lane::Slow).then_some(job.id);
        together.entry((job.due, job.run, alone)).or_default().push(job);
    }
    let row = |((due, run, _), jobs): (_, Vec<&Job>)| {
        let id = jobs.first().map(|job| job.id)?;
        let content = match jobs.as_slice() {
            [only] => Content::One(only.effect.clone()),
            all => Content::Bundle(all.iter().map(|job| (job.id, job.effect.clone())).collect()),
        };
        Some(json(&content, "jobs.effect").map(|content| JobRow { due, id, run, content }))
    };
    together.into_iter().filter_map(row).collect()
}

/// The jobs of a row that was leased.
fn jobs(row: &QueryResult, until: At) -> Result<Vec<LeasedJob>, StorageError> {
    let first = JobId(row.get::<Uuid>("id")?);
    let all = match row.json("effect")? {
        Content::One(effect) => vec![(first, effect)],
        Content::Bundle(all) => all,
    };
    let leased = |(id, effect)| {
        Ok(LeasedJob {
            lease: Lease { job: id, until },
            job: job(row, id, effect)?,
        })
    };
    all.into_iter().map(leased).collect()
}

fn job(row: &QueryResult, id: JobId, effect: Effect) -> Result<Job, StorageError> {
    Ok(Job {
        id,
        case: CaseId(row.get("case_id")?),
        run: row.count("run")?,
        due: row.at("due_at")?,
        effect,
        attempts: row.count("attempts")?,
    })
}
