//! Reads the account at the host again and hands the answer to the case.

use readmit_core::effect::EffectError;
use readmit_core::kind::JobResult;

use super::Ended;
use crate::ports::{Jobs, Leased};
use crate::run::{Worker, store};

pub(super) async fn run<J: Jobs>(worker: &Worker<J>, leased: &Leased) -> Result<Ended, EffectError> {
    let opened = worker.jobs.opened(leased.job.case).await.map_err(|e| store(&e))?;
    let Some(account) = opened.and_then(|loaded| loaded.sealed.account) else {
        return Ok(Ended::NOTHING);
    };
    let result = match worker.host.account(&account).await? {
        Some(view) => {
            let view = serde_json::to_value(view).map_err(|_| EffectError::Permanent("unreadable".into()))?;
            JobResult::Done(view)
        }
        None => JobResult::Refused("no such account".into()),
    };
    Ok(Ended::Told(result))
}
