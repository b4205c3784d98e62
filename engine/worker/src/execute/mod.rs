//! One executor an effect.

mod inspect;
mod notice;
mod read_account;
mod remedy;
pub(crate) mod send_code;
mod send_invitation;
mod send_return_code;
mod signal;

use readmit_core::effect::{Effect, EffectError};
use readmit_core::kind::JobResult;
use serde_json::Value;

use crate::ports::{Delivered, Jobs, Leased};
use crate::run::Worker;

/// How an executor ended.
pub(crate) enum Ended {
    /// The job changes no case: it ends here, told to the audit log where something left the house.
    Finished(Option<Delivered>),
    /// The case hears the result; the commit that takes it finishes the job.
    Told(JobResult),
    /// A commit finished the job already.
    Settled,
}

impl Ended {
    /// There is nothing left to do: superseded, expired, or of a case that is gone.
    pub(crate) const NOTHING: Self = Self::Finished(None);
}

pub(crate) async fn execute<J: Jobs>(worker: &Worker<J>, leased: &Leased) -> Result<Ended, EffectError> {
    match &leased.job.effect {
        Effect::SendCode { issue } => send_code::run(worker, leased, *issue).await,
        Effect::Undelivered { issue } => send_code::undelivered(worker, leased, *issue).await,
        Effect::SendReturnCode { visit } => send_return_code::run(worker, leased, *visit).await,
        Effect::SendInvitation => send_invitation::run(worker, leased).await,
        Effect::Notice { notice, channel } => notice::run(worker, leased, *notice, *channel).await,
        Effect::Timer { .. } => Ok(Ended::Told(JobResult::Done(Value::Null))),
        Effect::ReadAccount => read_account::run(worker, leased).await,
        Effect::Inspect { evidence } => inspect::run(worker, leased, *evidence).await,
        Effect::Remedy => remedy::run(worker, leased).await,
        Effect::Signal { case, signal } => signal::run(worker, leased, *case, signal).await,
    }
}
