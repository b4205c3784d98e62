//! Sends the link by which somebody takes up what support began for them: to the address that the host has on file, and to
//! no other (IN-11). It leads to an unproven case, in which nothing is known and nothing was skipped.

use readmit_core::conversation::INVITED_FOR;
use readmit_core::effect::EffectError;
use readmit_core::link::{self, Link};
use readmit_core::quiet;
use readmit_steps::notices::{InvitationView, invitation_mail};
use serde_json::json;

use super::Ended;
use crate::ports::{Delivered, Jobs, Leased};
use crate::run::{Worker, store};
use crate::words::mail;

/// An address that nobody has, one that asked for quiet, and a link that is used or too old end without a mail; the mail
/// server is spoken to all the same (RL-01).
pub(super) async fn run<J: Jobs>(worker: &Worker<J>, leased: &Leased) -> Result<Ended, EffectError> {
    let job = &leased.job;
    let Some(loaded) = worker.jobs.opened(job.case).await.map_err(|e| store(&e))? else {
        return Ok(Ended::NOTHING);
    };
    let definition = worker.jobs.definition(loaded.case.workflow).await;
    let definition = definition.map_err(|e| store(&e))?;
    let (case, now) = (&loaded.case, worker.dispatcher.now());
    let (Some(invitation), Some(definition)) = (case.invitation, definition) else {
        return Ok(Ended::NOTHING);
    };
    let until = case.opened + INVITED_FOR;
    if invitation.followed || case.outcome.is_some() || now >= until {
        return Ok(Ended::NOTHING);
    }
    let view = match &loaded.sealed.account {
        Some(account) => worker.host.account(account).await?,
        None => None,
    };
    let Some(account) = view else {
        worker.mailer.reach().await?;
        return Ok(Ended::NOTHING);
    };
    let quiet = worker.jobs.is_quiet(&account.email, now).await;
    if quiet.map_err(|e| store(&e))? {
        worker.mailer.reach().await?;
        return Ok(Ended::Finished(Some(Delivered {
            case: job.case,
            what: "invitation_kept_back",
            detail: json!({}),
            text: None,
        })));
    }
    let language = Some(account.language.as_str()).filter(|known| !known.is_empty());
    let language = language.unwrap_or(&case.language);
    let view = InvitationView {
        brand: &worker.words.brand,
        workflow: definition.title(language),
        contact: invitation.contact,
        url: &worker
            .words
            .invitation_link(&link::token(&loaded.keys, Link::Invitation, case.id, 0)),
        quiet_url: &worker.words.quiet_link(&quiet::token(&loaded.keys, &account.email)),
        at: case.opened,
        until,
    };
    let message = invitation_mail(&worker.words.texts, language, &view);
    let mail = mail(job.id, case.opened, &account.email, message)?;
    worker.mailer.send(&mail).await?;
    Ok(Ended::Finished(Some(Delivered {
        case: job.case,
        what: "invitation_sent",
        detail: json!({ "by": "email" }),
        text: None,
    })))
}
