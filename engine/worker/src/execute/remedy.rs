//! Carries out the remedy at the host: first the point of no return, then one request under one key (invariant 11).
//!
//! Killed anywhere, it runs again: `BeginRemedy` is then already true, and the host knows the key.

use readmit_core::case::Remedy;
use readmit_core::command::Act;
use readmit_core::effect::EffectError;
use readmit_core::ids::RequestKey;
use readmit_core::kind::JobResult;
use readmit_core::ports::Loaded;
use readmit_core::time::Span;
use serde_json::Value;
use uuid::Uuid;

use super::Ended;
use crate::ports::{Answered, Jobs, Leased, Order};
use crate::run::{Worker, store};

pub(super) async fn run<J: Jobs>(worker: &Worker<J>, leased: &Leased) -> Result<Ended, EffectError> {
    let begin = Act::BeginRemedy { lease: leased.lease };
    let Some(begun) = worker.dispatch(leased, begin_key(leased), begin).await? else {
        return Ok(Ended::Settled);
    };
    match begun.loaded.case.remedy {
        Remedy::Begun => {}
        // The account has changed, or the case moved on: the commit finished the job or nobody waits for it.
        Remedy::NotBegun | Remedy::Done | Remedy::GivenUp => return Ok(Ended::NOTHING),
    }
    let Some((account, order)) = order(worker, &begun.loaded).await? else {
        return Err(EffectError::Permanent("nothing to carry out".into()));
    };
    Ok(Ended::Told(
        match worker.host.remedy(&account, begun.loaded.case.id, &order).await? {
            Answered::Done => JobResult::Done(Value::Null),
            Answered::Refused(why) => JobResult::Refused(why),
        },
    ))
}

async fn order<J: Jobs>(
    worker: &Worker<J>,
    loaded: &Loaded,
) -> Result<Option<(readmit_core::ids::AccountId, Order)>, EffectError> {
    let definition = worker
        .jobs
        .definition(loaded.case.workflow)
        .await
        .map_err(|e| store(&e))?;
    let (Some(definition), Some(proven), Some(account)) = (definition, loaded.case.proven, &loaded.sealed.account)
    else {
        return Ok(None);
    };
    let remedy = &definition.remedy;
    let order = Order {
        case: proven.reference,
        reset: remedy.reset.clone(),
        lock_withdrawals: remedy.lock_withdrawals.unwrap_or(Span::ZERO),
        revoke: remedy.revoke.clone(),
    };
    Ok(Some((account.clone(), order)))
}

/// The key of `BeginRemedy`: made from the job's id, and not the id itself, which is the key of the result.
fn begin_key(leased: &Leased) -> RequestKey {
    RequestKey(Uuid::from_u128(leased.job.id.0.as_u128() ^ 1))
}
