//! The loop itself: lease, run beside each other, settle; one look a minute after what nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::{DispatchError, Dispatched, Dispatcher, How};
use readmit_core::effect::{Effect, EffectError, Lane};
use readmit_core::ids::RequestKey;
use readmit_core::kind::JobResult;
use readmit_core::time::{At, Span};
use tokio::task::JoinSet;

use crate::execute::send_code::goes_to_phone;
use crate::execute::{Ended, execute};
use crate::patience::patience;
use crate::ports::{Delivered, Host, Inspects, Jobs, Leased, Mailer, SmsGateway};
use crate::words::Words;

/// Quick jobs that run beside each other; slow ones have as many seats as the inspector.
const BESIDE: usize = 8;
/// How long a leased job belongs to this worker.
const HOLD: Span = Span::seconds(60);
/// How long an executor may take; well within its lease.
const LIMIT: Duration = Duration::from_secs(45);
/// How long the loop sleeps when no notification comes: timers come due without one.
const POLL: Duration = Duration::from_secs(1);
/// How long a stopping worker waits for jobs under way; what is left is leased again later.
const DRAIN: Duration = Duration::from_secs(10);
const TIDY_EVERY: Span = Span::minutes(1);

/// What runs jobs.
pub struct Worker<J: Jobs> {
    pub jobs: J,
    pub dispatcher: Arc<dyn Dispatcher<J::Error>>,
    pub mailer: Arc<dyn Mailer>,
    pub sms: Arc<dyn SmsGateway>,
    pub host: Arc<dyn Host>,
    pub inspections: Arc<dyn Inspects>,
    pub words: Words,
}

impl<J: Jobs> Worker<J> {
    /// Runs jobs until `stop` resolves, then lets those under way end.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let (mut quick, mut slow) = (JoinSet::new(), JoinSet::new());
        let mut tidied = None;
        loop {
            self.tidy(&mut tidied).await;
            let full = self.fill(&mut quick, Lane::Quick).await & self.fill(&mut slow, Lane::Slow).await;
            tokio::select! {
                () = &mut stop => break,
                Some(_) = quick.join_next(), if !quick.is_empty() => {}
                Some(_) = slow.join_next(), if !slow.is_empty() => {}
                () = self.jobs.woken(), if !full => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        let drained = async {
            while quick.join_next().await.is_some() {}
            while slow.join_next().await.is_some() {}
        };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::warn!("jobs under way did not end in time; they will run again");
        }
    }

    /// Runs every job that is due at this moment, and those that follow from it, until none is due. Returns their number.
    pub async fn run_due(self: &Arc<Self>) -> usize {
        let mut ran = 0;
        loop {
            let mut running = JoinSet::new();
            self.fill(&mut running, Lane::Quick).await;
            if running.is_empty() {
                self.fill(&mut running, Lane::Slow).await;
            }
            if running.is_empty() {
                return ran;
            }
            ran += running.len();
            running.join_all().await;
        }
    }

    /// Starts due jobs of a lane, as many as there is room for; whether there is none left.
    async fn fill(self: &Arc<Self>, running: &mut JoinSet<()>, lane: Lane) -> bool {
        let room = match lane {
            Lane::Quick => BESIDE,
            Lane::Slow => self.inspections.at_a_time(),
        };
        let room = room.saturating_sub(running.len());
        let leased = self.lease(room, lane).await;
        let full = leased.len() >= room;
        for leased in leased {
            let worker = Arc::clone(self);
            running.spawn(async move { worker.settle(leased).await });
        }
        full
    }

    async fn lease(&self, most: usize, lane: Lane) -> Vec<Leased> {
        if most == 0 {
            return Vec::new();
        }
        let most = u32::try_from(most).unwrap_or(1);
        match self.jobs.lease(most, self.dispatcher.now(), HOLD, lane).await {
            Ok(leased) => leased,
            Err(error) => {
                tracing::error!(%error, "no jobs could be leased");
                Vec::new()
            }
        }
    }

    async fn tidy(&self, last: &mut Option<At>) {
        let now = self.dispatcher.now();
        if last.is_some_and(|last| now - last < TIDY_EVERY) {
            return;
        }
        *last = Some(now);
        if let Err(error) = self.jobs.tidy(now).await {
            tracing::error!(%error, "unproven cases and old sessions were not removed");
        }
    }

    /// Runs one job and writes down how it ended.
    async fn settle(&self, leased: Leased) {
        let ended = tokio::time::timeout(LIMIT, execute(self, &leased)).await;
        let ended = ended.unwrap_or_else(|_| Err(EffectError::Retry("it took too long".into())));
        let written = match ended {
            Ok(Ended::Settled) => Ok(()),
            Ok(Ended::Finished(delivered)) => self.finish(&leased, delivered).await,
            Ok(Ended::Told(result)) => self.tell(&leased, result).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            self.failed(&leased, error).await;
        }
    }

    async fn finish(&self, leased: &Leased, delivered: Option<Delivered>) -> Result<(), EffectError> {
        let now = self.dispatcher.now();
        self.jobs
            .finish(leased.lease, now, delivered)
            .await
            .map_err(|error| store(&error))
    }

    /// Hands a result to the case; the commit finishes the job. `false` when the case had no use for it any more.
    pub(crate) async fn tell(&self, leased: &Leased, result: JobResult) -> Result<bool, EffectError> {
        let act = Act::Resume {
            lease: leased.lease,
            effect: leased.job.effect.clone(),
            run: leased.job.run,
            result,
        };
        let told = self.dispatch(leased, RequestKey(leased.job.id.0), act).await?;
        match told.map(|dispatched| dispatched.how) {
            Some(How::Nothing | How::Repeated) => self.finish(leased, None).await.map(|()| false),
            Some(How::Committed) => Ok(true),
            Some(How::Obsolete) | None => Ok(false),
        }
    }

    /// A command of a job. `None`: the case is gone, and the job with it.
    pub(crate) async fn dispatch(
        &self,
        leased: &Leased,
        key: RequestKey,
        act: Act,
    ) -> Result<Option<Dispatched>, EffectError> {
        let case = leased.job.case;
        let command = Command {
            case,
            key,
            by: Actor::Engine,
            act,
        };
        match self.dispatcher.dispatch(command).await {
            Ok(dispatched) => Ok(Some(dispatched)),
            Err(DispatchError::NoCase) => Ok(None),
            Err(DispatchError::Refused(refusal)) => Err(EffectError::Permanent(refusal.code().into())),
            Err(DispatchError::NoVersion) => Err(EffectError::Permanent("no_version".into())),
            Err(DispatchError::Busy) => Err(EffectError::Retry("busy".into())),
            Err(DispatchError::Unreachable(error)) => Err(EffectError::Retry(error.to_string())),
            Err(DispatchError::Store(error)) => Err(store(&error)),
        }
    }

    /// Tries again later, or gives up: then the case hears of it where it waits for the job, else an operator does.
    async fn failed(&self, leased: &Leased, error: EffectError) {
        let job = &leased.job;
        let patience = patience(&job.effect);
        let (why, again) = match error {
            EffectError::Retry(why) => (why, job.attempts + 1 < patience.tries),
            EffectError::Permanent(why) => (why, false),
        };
        let wait = patience.wait(job.attempts, self.dispatcher.entropy().bits("retry", 0));
        let now = self.dispatcher.now();
        let due = now + wait;
        tracing::warn!(job = %job.id, case = %job.case, effect = name(&job.effect), attempt = job.attempts, again, why, "a job failed");
        let written = if again {
            self.jobs.retry(leased.lease, due).await
        } else if let Effect::SendCode { issue } = job.effect {
            self.code_unsent(leased, issue, &why, now).await
        } else if !heard_by_case(&job.effect) {
            self.jobs.bury(leased.lease, &why, now).await
        } else if self.tell(leased, JobResult::Dead(why.clone())).await.is_err() {
            self.jobs.retry(leased.lease, due).await
        } else {
            Ok(())
        };
        if let Err(error) = written {
            tracing::error!(job = %job.id, %error, "how a job ended was not written down; it will run again");
        }
    }

    /// A code that cannot be sent is an operator's dead letter. The claimant hears of it where it goes to a phone, and where no mail goes out to anybody:
    /// that is the same for an address that nobody has. What the server says of one address tells who has an account,
    /// and stays in the house (RL-01).
    async fn code_unsent(&self, leased: &Leased, issue: u32, why: &str, now: At) -> Result<(), J::Error> {
        let tells = goes_to_phone(self, &leased.job, issue, now).await || self.mailer.reach().await.is_err();
        let told = tells && self.tell(leased, JobResult::Dead(why.to_owned())).await.is_ok();
        if told {
            self.jobs.letter(&leased.job, why, now).await
        } else {
            self.jobs.bury(leased.lease, why, now).await
        }
    }
}

/// Whether the case stands still until this effect has ended.
const fn heard_by_case(effect: &Effect) -> bool {
    matches!(effect, Effect::ReadAccount | Effect::Inspect { .. } | Effect::Remedy)
}

pub(crate) const fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::SendCode { .. } => "send_code",
        Effect::Undelivered { .. } => "undelivered",
        Effect::SendReturnCode { .. } => "send_return_code",
        Effect::SendInvitation => "send_invitation",
        Effect::Notice { .. } => "notice",
        Effect::Timer { .. } => "timer",
        Effect::ReadAccount => "read_account",
        Effect::Inspect { .. } => "inspect",
        Effect::Remedy => "remedy",
        Effect::Signal { .. } => "signal",
    }
}

/// A failure of our own store is always worth another try; its text goes to the log, not into the job.
pub(crate) fn store<E: std::error::Error>(error: &E) -> EffectError {
    tracing::error!(%error, "the store failed under a job");
    EffectError::Retry("store".into())
}
