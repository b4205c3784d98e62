//! Sends the one-time code of a step. The job names the challenge only: the digits are derived here, and never stored (OT-05).

use readmit_core::case::Class;
use readmit_core::codes::{self, Place};
use readmit_core::effect::{EffectError, Job, SIM_CHANGED};
use readmit_core::kind::JobResult;
use readmit_core::ports::Loaded;
use readmit_core::quiet;
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_steps::code::{Recipient, State, recipient};
use readmit_steps::factor;
use readmit_steps::notices::{CodeView, Purpose, code_mail, code_sms};
use readmit_steps::redeemed;
use serde_json::json;

use super::Ended;
use crate::ports::{Delivered, Jobs, Leased, Texted};
use crate::run::{Worker, store};
use crate::words::mail;

/// A superseded, used or expired challenge ends without sending. So does one of an address that nobody has, and one to an
/// address whose reader asked for quiet: the mail server is spoken to all the same, so that a server which is away is told
/// to everybody alike (RL-01).
pub(super) async fn run<J: Jobs>(worker: &Worker<J>, leased: &Leased, issue: u32) -> Result<Ended, EffectError> {
    let job = &leased.job;
    let Some(loaded) = worker.jobs.opened(job.case).await.map_err(|e| store(&e))? else {
        return Ok(Ended::NOTHING);
    };
    let definition = worker
        .jobs
        .definition(loaded.case.workflow)
        .await
        .map_err(|e| store(&e))?;
    let now = worker.dispatcher.now();
    let challenge = definition.and_then(|definition| open_challenge(&loaded, &definition, job.run, issue, now));
    let Some(challenge) = challenge else {
        return Ok(Ended::NOTHING);
    };
    if !challenge.known {
        worker.mailer.reach().await?;
        return Ok(Ended::NOTHING);
    }
    let address = match &challenge.to {
        Recipient::Phone(number) => return message(worker, leased, &loaded, issue, &challenge, number).await,
        Recipient::Email(address) => address,
    };
    let quiet = worker.jobs.is_quiet(address, now).await;
    if quiet.map_err(|e| store(&e))? {
        worker.mailer.reach().await?;
        return Ok(Ended::Finished(Some(Delivered {
            case: job.case,
            what: "code_kept_back",
            detail: json!({ "run": job.run, "issue": issue }),
            text: None,
        })));
    }
    let code = code_of(&loaded, job.run, issue, address, challenge.digits);
    let quiet = worker.words.quiet_link(&quiet::token(&loaded.keys, address));
    let view = CodeView {
        brand: &worker.words.brand,
        code: &code,
        purpose: Purpose::Step,
        until: challenge.until,
        at: challenge.sent,
        quiet_url: Some(&quiet),
    };
    let message = code_mail(&worker.words.texts, &loaded.case.language, &view);
    let mail = mail(job.id, challenge.sent, address, message)?;
    worker.mailer.send(&mail).await?;
    Ok(Ended::Finished(Some(Delivered {
        case: job.case,
        what: "code_sent",
        detail: json!({ "by": "email", "run": job.run, "issue": issue }),
        text: None,
    })))
}

/// The same by text message.
async fn message<J: Jobs>(
    worker: &Worker<J>,
    leased: &Leased,
    loaded: &Loaded,
    issue: u32,
    challenge: &Challenge,
    number: &str,
) -> Result<Ended, EffectError> {
    let job = &leased.job;
    if challenge.proves && sim_is_fresh(worker, loaded, number).await? {
        return Ok(Ended::Told(JobResult::Refused(SIM_CHANGED.into())));
    }
    let code = code_of(loaded, job.run, issue, number, challenge.digits);
    let view = CodeView {
        brand: &worker.words.brand,
        code: &code,
        purpose: Purpose::Step,
        until: challenge.until,
        at: challenge.sent,
        quiet_url: None,
    };
    let text = code_sms(&worker.words.texts, &loaded.case.language, &view);
    let name = worker.sms.send(job.id, number, &text).await?;
    Ok(Ended::Finished(Some(Delivered {
        case: job.case,
        what: "code_sent",
        detail: json!({ "by": "phone", "run": job.run, "issue": issue }),
        text: Some(Texted {
            run: job.run,
            issue: Some(issue),
            range: Some(redeemed::range(number)),
            name,
        }),
    })))
}

/// Whether the SIM card behind the number changed so lately that whoever reads the code need not be the owner (OT-06). A gateway
/// that cannot say now is asked again.
async fn sim_is_fresh<J: Jobs>(worker: &Worker<J>, loaded: &Loaded, number: &str) -> Result<bool, EffectError> {
    let Some(changed) = worker.sms.sim_changed(number).await? else {
        return Ok(false);
    };
    let policy = worker.jobs.policy(loaded.case.policy).await.map_err(|e| store(&e))?;
    let policy = policy.ok_or_else(|| EffectError::Permanent("no_version".into()))?;
    Ok(worker.dispatcher.now() - changed < policy.sim_settled)
}

/// The message with the code did not arrive. Who proved nothing yet is told nothing.
pub(super) async fn undelivered<J: Jobs>(
    worker: &Worker<J>,
    leased: &Leased,
    issue: u32,
) -> Result<Ended, EffectError> {
    let now = worker.dispatcher.now();
    Ok(if goes_to_phone(worker, &leased.job, issue, now).await {
        Ended::Told(JobResult::Dead("undelivered".into()))
    } else {
        Ended::NOTHING
    })
}

/// Whether the code of a job goes to a phone, so that its claimant may be told that it does not arrive: who gets one there has
/// proven something, or is signed in at the host.
pub(crate) async fn goes_to_phone<J: Jobs>(worker: &Worker<J>, job: &Job, issue: u32, now: At) -> bool {
    let Ok(Some(loaded)) = worker.jobs.opened(job.case).await else {
        return false;
    };
    let Ok(Some(definition)) = worker.jobs.definition(loaded.case.workflow).await else {
        return false;
    };
    let known = loaded.case.proven.is_some() || definition.class != Class::Recovery;
    let challenge = open_challenge(&loaded, &definition, job.run, issue, now).filter(|_| known);
    challenge.is_some_and(|challenge| matches!(challenge.to, Recipient::Phone(_)))
}

fn code_of(loaded: &Loaded, run: u32, issue: u32, address: &str, digits: u32) -> String {
    let place = Place {
        purpose: "step",
        run,
        issue,
        address,
    };
    codes::code(&loaded.keys, place, digits)
}

struct Challenge {
    to: Recipient,
    digits: u32,
    sent: At,
    until: At,
    /// Somebody has this address at the host.
    known: bool,
    /// The code proves something of the account: it goes to a number that is the owner's already.
    proves: bool,
}

/// The challenge as the case holds it, if its code is still worth sending.
fn open_challenge(loaded: &Loaded, definition: &Definition, run: u32, issue: u32, now: At) -> Option<Challenge> {
    let (case, sealed) = (&loaded.case, &loaded.sealed);
    let step = definition.step(&case.step)?;
    if step.kind != "code" {
        let message = factor::message(&case.state, sealed.steps.get(&step.name), issue, now);
        let message = message.filter(|_| case.outcome.is_none() && case.run == run)?;
        return Some(Challenge {
            to: Recipient::Phone(message.number),
            digits: message.digits,
            sent: message.sent,
            until: message.until,
            known: sealed.account.is_some(),
            proves: true,
        });
    }
    let state = State::read(&case.state)?;
    let open = case.outcome.is_none() && case.run == run && state.wants_sent(issue, now);
    Some(Challenge {
        to: recipient(step, definition, sealed).filter(|_| open)?,
        digits: step.config.get("digits")?.as_u64()?.try_into().ok()?,
        sent: state.sent,
        until: state.until,
        known: sealed.account.is_some(),
        proves: step.config.get("channel").is_some_and(|channel| channel == "sms"),
    })
}
