//! Sends the code by which somebody comes back to a case. It goes to the address that was proven, and writes no case event.

use readmit_core::codes::{self, RETURN_LIFE};
use readmit_core::effect::EffectError;
use readmit_steps::notices::{CodeView, Purpose, code_mail};
use serde_json::json;
use uuid::Uuid;

use super::Ended;
use crate::ports::{Delivered, Jobs, Leased};
use crate::run::{Worker, store};
use crate::words::mail;

pub(super) async fn run<J: Jobs>(worker: &Worker<J>, leased: &Leased, visit: Uuid) -> Result<Ended, EffectError> {
    let now = worker.dispatcher.now();
    let Some(coming) = worker.jobs.returning(visit, now).await.map_err(|e| store(&e))? else {
        return Ok(Ended::NOTHING);
    };
    let Some(loaded) = worker.jobs.opened(coming.case).await.map_err(|e| store(&e))? else {
        return Ok(Ended::NOTHING);
    };
    let (Some(_), Some(address)) = (loaded.case.proven, &loaded.sealed.address) else {
        return Ok(Ended::NOTHING);
    };
    let code = codes::return_code(&loaded.keys, visit, coming.issue, address);
    let view = CodeView {
        brand: &worker.words.brand,
        code: &code,
        purpose: Purpose::Return,
        until: coming.since + RETURN_LIFE,
        at: coming.since,
        quiet_url: None,
    };
    let message = code_mail(&worker.words.texts, &loaded.case.language, &view);
    let mail = mail(leased.job.id, coming.since, address, message)?;
    worker.mailer.send(&mail).await?;
    Ok(Ended::Finished(Some(Delivered {
        case: coming.case,
        what: "return_code_sent",
        detail: json!({ "by": "email" }),
        text: None,
    })))
}
