//! Ports that count what goes through them.

use std::sync::Arc;

use readmit_core::command::{Actor, Command};
use readmit_core::cx::Entropy;
use readmit_core::dispatch::{DispatchError, Dispatcher, Dispatching, How};
use readmit_core::ids::JobId;
use readmit_core::inspection::{Owner, Rules};
use readmit_core::ports::Surroundings as _;
use readmit_core::time::At;
use readmit_storage::StorageError;
use readmit_worker::ports::{Inspects, Mail, Mailer, Opened, Pending, SmsGateway};

use crate::metrics::{INSPECTIONS, MAILS, Metrics, TEXTS, TRANSITIONS, result};
use crate::surroundings::Real;

/// A port, and where it counts.
pub(crate) struct Counted<P: ?Sized> {
    pub(crate) metrics: Metrics,
    pub(crate) port: Arc<P>,
}

impl Dispatcher<StorageError> for Counted<dyn Dispatcher<StorageError>> {
    fn dispatch(&self, command: Command) -> Dispatching<'_, StorageError> {
        let by = match command.by {
            Actor::Claimant { .. } => "claimant",
            Actor::Owner { .. } => "owner",
            Actor::Staff { .. } => "staff",
            Actor::Engine => "engine",
        };
        Box::pin(async move {
            let ended = self.port.dispatch(command).await;
            let how = match &ended {
                Ok(dispatched) => match dispatched.how {
                    How::Committed => "committed",
                    How::Repeated => "repeated",
                    How::Nothing => "nothing",
                    How::Obsolete => "obsolete",
                },
                Err(DispatchError::Refused(_)) => "refused",
                Err(DispatchError::Busy) => "busy",
                Err(_) => "failed",
            };
            self.metrics.count(TRANSITIONS, &[("by", by), ("how", how)]);
            // Before its first proof a case is nobody's, and in no log.
            if let Ok(dispatched) = &ended
                && dispatched.loaded.case.proven.is_some()
            {
                tracing::info!(case = %dispatched.loaded.case.id, by, how, "a command");
            }
            ended
        })
    }

    fn now(&self) -> At {
        self.port.now()
    }

    fn entropy(&self) -> Entropy {
        self.port.entropy()
    }
}

impl<P: Mailer> Mailer for Counted<P> {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()> {
        Box::pin(async move {
            let sent = self.port.send(mail).await;
            self.metrics.count(MAILS, &[("result", result(&sent))]);
            sent
        })
    }

    fn reach(&self) -> Pending<'_, ()> {
        self.port.reach()
    }
}

impl SmsGateway for Counted<dyn SmsGateway> {
    fn send<'a>(&'a self, job: JobId, number: &'a str, text: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async move {
            let sent = self.port.send(job, number, text).await;
            self.metrics.count(TEXTS, &[("result", result(&sent))]);
            sent
        })
    }

    fn sim_changed<'a>(&'a self, number: &'a str) -> Pending<'a, Option<At>> {
        self.port.sim_changed(number)
    }
}

impl<P: Inspects> Inspects for Counted<P> {
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, picture: &'a [u8]) -> Pending<'a, Option<Opened>> {
        Box::pin(async move {
            let begun = Real.now();
            let opened = self.port.inspect(rules, owner, picture).await;
            let result = match &opened {
                Ok(None) => "no_answer",
                other => result(other),
            };
            self.metrics
                .took(INSPECTIONS, &[("result", result)], Real.now() - begun);
            opened
        })
    }

    fn at_a_time(&self) -> usize {
        self.port.at_a_time()
    }
}
