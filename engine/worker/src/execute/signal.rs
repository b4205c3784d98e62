//! Tells another case what was seen in this one. A case that is closed or gone needs no telling.

use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::effect::EffectError;
use readmit_core::ids::{CaseId, RequestKey};

use super::Ended;
use crate::ports::{Jobs, Leased};
use crate::run::Worker;

pub(super) async fn run<J: Jobs>(
    worker: &Worker<J>,
    leased: &Leased,
    case: CaseId,
    signal: &str,
) -> Result<Ended, EffectError> {
    let command = Command {
        case,
        // The job is the request: run twice, it tells once.
        key: RequestKey(leased.job.id.0),
        by: Actor::Engine,
        act: Act::Signal {
            signal: signal.to_owned(),
        },
    };
    match worker.dispatcher.dispatch(command).await {
        Ok(_) | Err(DispatchError::Refused(_) | DispatchError::NoCase) => Ok(Ended::NOTHING),
        Err(error) => Err(EffectError::Retry(error.to_string())),
    }
}
