//! Tells the owner on one channel (RF-09). The veto link rides along while the case can still be stopped (RF-11).

use readmit_core::case::Phase;
use readmit_core::effect::{EffectError, Notice};
use readmit_core::ids::JobId;
use readmit_core::link::{self, Link};
use readmit_core::ports::Loaded;
use readmit_core::sealed::Channel;
use readmit_core::time::{At, Span};
use readmit_steps::notices::{self, Change, NoticeView};
use readmit_steps::{enrol_codes, wait};
use serde_json::json;

use super::Ended;
use crate::ports::{Banner, Delivered, Jobs, Leased, Texted};
use crate::run::{Worker, store};
use crate::words::mail;

/// How long the last banner of a case stays in the owner's sessions.
const BANNER_STAYS: Span = Span::days(30);

pub(super) async fn run<J: Jobs>(
    worker: &Worker<J>,
    leased: &Leased,
    notice: Notice,
    channel: u8,
) -> Result<Ended, EffectError> {
    let job = &leased.job;
    let Some(loaded) = worker.jobs.opened(job.case).await.map_err(|e| store(&e))? else {
        return Ok(Ended::NOTHING);
    };
    let definition = worker
        .jobs
        .definition(loaded.case.workflow)
        .await
        .map_err(|e| store(&e))?;
    let (Some(definition), Some(proven)) = (definition, loaded.case.proven) else {
        return Ok(Ended::NOTHING);
    };
    let (texts, language) = (&worker.words.texts, language(&loaded));
    let stop = stop_link(worker, &loaded, notice, channel);
    let view = NoticeView {
        brand: &worker.words.brand,
        reference: proven.reference,
        workflow: definition.title(language),
        at: asked_for(job.id),
        veto_url: stop.as_deref(),
        until: end_of_wait(&loaded).filter(|_| notice == Notice::Approved),
        change: Change::of(&definition.remedy),
        codes: notice == Notice::Done && enrol_codes::made_beside(&definition, &loaded.case),
        lock: definition.remedy.lock_withdrawals.filter(|_| notice == Notice::Done),
    };
    let mut texted = None;
    let by = match loaded.sealed.channels.get(usize::from(channel)) {
        None => return Ok(Ended::NOTHING),
        Some(Channel::Email { address }) => {
            let message = notices::notice(texts, language, notice, &view);
            worker.mailer.send(&mail(job.id, view.at, address, message)?).await?;
            "email"
        }
        Some(Channel::Phone { number }) => {
            let text = notices::sms(texts, language, notice, &view);
            let name = worker.sms.send(job.id, number, &text).await?;
            texted = Some(Texted {
                run: 0,
                issue: None,
                range: None,
                name,
            });
            "phone"
        }
        Some(Channel::Banner) => {
            let words = notices::banner(texts, language, notice, &view);
            let at = view.at;
            show_banner(worker, &loaded, (notice, at), words, stop).await?;
            "banner"
        }
    };
    Ok(Ended::Finished(Some(Delivered {
        case: job.case,
        what: "notice_sent",
        detail: json!({ "notice": notice.code(), "by": by, "channel": channel }),
        text: texted,
    })))
}

/// The owner's own language, as the host knows it: whoever asked chose the pages' language, and may be a stranger.
fn language(loaded: &Loaded) -> &str {
    let known = loaded
        .sealed
        .snapshot
        .as_ref()
        .map(|snapshot| snapshot.view.language.as_str());
    known.filter(|known| !known.is_empty()).unwrap_or(&loaded.case.language)
}

/// The link that stops the case, while it can be stopped.
fn stop_link<J: Jobs>(worker: &Worker<J>, loaded: &Loaded, notice: Notice, channel: u8) -> Option<String> {
    let case = &loaded.case;
    let stoppable = notice.carries_veto() && case.can_be_stopped();
    stoppable.then(|| {
        worker
            .words
            .stop_link(&link::token(&loaded.keys, Link::Veto, case.id, channel))
    })
}

/// Until when a case that cools down can be stopped for certain.
fn end_of_wait(loaded: &Loaded) -> Option<At> {
    let waiting = loaded.case.phase == Phase::CoolingDown;
    wait::State::read(&loaded.case.state)
        .filter(|_| waiting)
        .map(|wait| wait.until)
}

async fn show_banner<J: Jobs>(
    worker: &Worker<J>,
    loaded: &Loaded,
    (notice, at): (Notice, At),
    words: notices::Banner,
    stop: Option<String>,
) -> Result<(), EffectError> {
    let account = loaded.sealed.account.as_ref();
    let account = account.ok_or_else(|| EffectError::Permanent("no account".into()))?;
    let banner = Banner {
        thread: loaded.case.id,
        kind: notice.code(),
        title: words.title,
        text: words.text,
        stop,
        until: loaded.case.closed.map(|closed| closed + BANNER_STAYS),
        at,
    };
    worker.host.notice(account, &banner).await
}

/// When the commit asked for the job: its id carries the moment (RFC 9562, 5.7).
fn asked_for(job: JobId) -> At {
    let (seconds, nanos) = job.0.get_timestamp().map_or((0, 0), |stamp| stamp.to_unix());
    At::default() + Span(i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1_000))
}
