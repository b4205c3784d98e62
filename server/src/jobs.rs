//! The worker's view of the store.

use std::sync::Arc;

use readmit_core::codes::RETURN_LIFE;
use readmit_core::effect::{Job, Lane, Lease};
use readmit_core::ids::{BlobId, CaseId, Digest};
use readmit_core::inspection::{EVERY_PICTURE, Known, Rules};
use readmit_core::ports::{Loaded, Store as _};
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Policy;
use readmit_steps::redeemed;
use readmit_storage::{AuditRow, Db, SentText, StorageError};
use readmit_worker::ports::{Delivered, Jobs, Leased, Print, Return, Texted};
use uuid::Uuid;

use crate::blueprint;
use crate::metrics::{JOBS, Metrics};

/// How long a case may stay without its first proof.
const UNPROVEN: Span = Span::hours(1);
/// Within how long a code comes back, if it does (OT-01).
const CODES_LIVE: Span = Span::minutes(10);
/// How many codes are looked up at once.
const AT_ONCE: usize = 500;

/// The table of jobs.
#[derive(Clone)]
pub struct JobTable(pub(crate) Db, pub(crate) Metrics);

impl JobTable {
    fn count(&self, how: &'static str, jobs: usize) {
        if jobs > 0 {
            self.1.count_many(JOBS, &[("how", how)], jobs as u64);
        }
    }
}

impl JobTable {
    /// Ends a job that sent something.
    async fn finish_told(&self, lease: Lease, row: AuditRow, text: Option<Texted>) -> Result<bool, StorageError> {
        let (Some(text), Some(case)) = (text, row.case) else {
            return self.0.finish_job(lease, Some(row)).await;
        };
        let sent = SentText {
            id: lease.job,
            case,
            run: text.run,
            issue: text.issue,
            range: text.range.as_deref(),
            gateway: text.name.as_deref(),
        };
        self.0.finish_text(lease, &row, &sent, row.at).await
    }
}

impl JobTable {
    /// Takes down which codes came back, of those whose time is over; before the cases that hold the answer are purged.
    async fn settle_texts(&self, now: At) -> Result<(), StorageError> {
        for text in self.0.open_texts(now - CODES_LIVE, AT_ONCE).await? {
            let record = self.0.timeline(text.case).await?;
            let entries = record.iter().map(|(_, entry)| entry);
            let redeemed = redeemed::came_back(entries, text.run, text.issue);
            self.0.settle_text(text.id, redeemed).await?;
        }
        Ok(())
    }
}

impl Jobs for JobTable {
    type Error = StorageError;

    async fn lease(&self, most: u32, now: At, hold: Span, lane: Lane) -> Result<Vec<Leased>, StorageError> {
        let leased = self.0.lease_jobs(most as usize, now, hold, lane).await?;
        self.count("taken", leased.len());
        Ok(leased
            .into_iter()
            .map(|one| Leased {
                lease: one.lease,
                job: one.job,
            })
            .collect())
    }

    async fn retry(&self, lease: Lease, due: At) -> Result<(), StorageError> {
        self.count("again", usize::from(self.0.retry_job(lease, due).await?));
        Ok(())
    }

    async fn bury(&self, lease: Lease, why: &str, at: At) -> Result<(), StorageError> {
        self.count("given_up", usize::from(self.0.bury_job(lease, why, at).await?));
        Ok(())
    }

    async fn letter(&self, job: &Job, why: &str, at: At) -> Result<(), StorageError> {
        self.0.dead_letter(job, why, at).await
    }

    async fn finish(&self, lease: Lease, at: At, delivered: Option<Delivered>) -> Result<(), StorageError> {
        let finished = match delivered {
            None => self.0.finish_job(lease, None).await?,
            Some(Delivered {
                case,
                what,
                detail,
                text,
            }) => {
                let row = AuditRow {
                    at,
                    who: "engine".into(),
                    what: what.into(),
                    case: Some(case),
                    detail,
                    outcome: "done".into(),
                };
                self.finish_told(lease, row, text).await?
            }
        };
        self.count("finished", usize::from(finished));
        Ok(())
    }

    async fn woken(&self) {
        self.0.wake().notified().await;
    }

    async fn opened(&self, case: CaseId) -> Result<Option<Loaded>, StorageError> {
        self.0.opened(case).await
    }

    async fn definition(&self, hash: Digest) -> Result<Option<Arc<Definition>>, StorageError> {
        self.0.definition(hash).await
    }

    async fn rules(&self, policy: Digest, pack: &str) -> Result<Option<Rules>, StorageError> {
        let packs = self.0.policy(policy).await?.map(|policy| policy.packs.clone());
        let packs = packs.unwrap_or_default();
        // A case from before packs were published.
        if packs.is_empty() {
            return Ok(blueprint::rules(pack));
        }
        let (Some(own), Some(shared)) = (packs.get(pack), packs.get(EVERY_PICTURE)) else {
            return Ok(None);
        };
        let (own, shared) = (self.0.pack_body(*own).await?, self.0.pack_body(*shared).await?);
        Ok(own.zip(shared).map(|(own, every)| Rules {
            name: pack.to_owned(),
            pack: own,
            every,
        }))
    }

    async fn policy(&self, hash: Digest) -> Result<Option<Arc<Policy>>, StorageError> {
        self.0.policy(hash).await
    }

    async fn is_quiet(&self, address: &str, now: At) -> Result<bool, StorageError> {
        self.0.is_quiet(address, now).await
    }

    async fn returning(&self, visit: Uuid, now: At) -> Result<Option<Return>, StorageError> {
        let visit = self.0.visit(visit).await?;
        Ok(visit.and_then(|visit| {
            let alive = visit.verified.is_none() && now - visit.created < RETURN_LIFE;
            let case = visit.case.filter(|_| alive)?;
            Some(Return {
                case,
                issue: visit.issue,
                since: visit.created,
            })
        }))
    }

    async fn evidence(&self, case: CaseId, blob: BlobId) -> Result<Vec<u8>, StorageError> {
        self.0.blobs().read(case, blob).await
    }

    async fn keep(&self, case: CaseId, bytes: &[u8], at: At) -> Result<BlobId, StorageError> {
        let mut writer = self.0.blobs().create(case, at).await?;
        writer.write(bytes).await?;
        Ok(writer.finish().await?.blob)
    }

    async fn discard(&self, case: CaseId, blob: BlobId) -> Result<(), StorageError> {
        self.0.blobs().remove(case, blob).await
    }

    async fn known(&self, print: &Print<'_>) -> Result<Vec<Known>, StorageError> {
        let kept = readmit_storage::Print {
            evidence: print.evidence,
            case: print.case,
            account: print.account,
            sha256: print.sha256,
            likeness: print.likeness,
            turned: print.turned,
            telling: print.telling,
        };
        self.0.remember_print(&kept, print.at).await?;
        self.0.known_prints(&kept, print.alike).await
    }

    async fn tidy(&self, now: At) -> Result<(), StorageError> {
        self.settle_texts(now).await?;
        let purged = self.0.purge_unproven(now - UNPROVEN).await?;
        self.0.expire_sessions(now).await?;
        tracing::debug!(purged, "tidied up");
        Ok(())
    }
}
