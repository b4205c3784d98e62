//! Ports of the tests' own builds: before and after each call to the outside they can be made to fail, or the process to end.

use std::sync::Arc;

use readmit_core::answers::AccountView;
use readmit_core::effect::EffectError;
use readmit_core::ids::{AccountId, CaseId, JobId};
use readmit_core::inspection::{Owner, Rules};
use readmit_core::time::At;
use readmit_storage::Db;
use readmit_worker::Worker;
use readmit_worker::ports::{
    Answered, Banner, Host, Inspects, Ledger, Mail, Mailer, Opened, Order, Pending, SmsGateway,
};

use crate::jobs::JobTable;
use crate::surroundings;

/// The worker with all of its outside behind such places, and the store armed as the environment says.
pub(crate) fn around(worker: Worker<JobTable>, db: &Db) -> Worker<JobTable> {
    if let Some(file) = surroundings::deaths() {
        db.points().die(file);
    }
    Worker {
        mailer: Arc::new(Pointed::of(db, worker.mailer)),
        sms: Arc::new(Pointed::of(db, worker.sms)),
        host: Arc::new(Pointed::of(db, worker.host)),
        inspections: Arc::new(Pointed::of(db, worker.inspections)),
        ..worker
    }
}

struct Pointed<P: ?Sized> {
    db: Db,
    port: Arc<P>,
}

impl<P: ?Sized> Pointed<P> {
    fn of(db: &Db, port: Arc<P>) -> Self {
        Self { db: db.clone(), port }
    }

    fn reach(&self, place: &str) -> Result<(), EffectError> {
        let reached = self.db.points().reach(place);
        reached.map_err(|error| EffectError::Retry(error.to_string()))
    }

    /// The call between its two places.
    async fn call<T>(&self, what: &str, call: Pending<'_, T>) -> Result<T, EffectError> {
        self.reach(&format!("{what}: not called"))?;
        let answer = call.await?;
        self.reach(&format!("{what}: answered"))?;
        Ok(answer)
    }
}

impl Mailer for Pointed<dyn Mailer> {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()> {
        Box::pin(self.call("mail", self.port.send(mail)))
    }

    fn reach(&self) -> Pending<'_, ()> {
        self.port.reach()
    }
}

impl SmsGateway for Pointed<dyn SmsGateway> {
    fn send<'a>(&'a self, job: JobId, number: &'a str, text: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(self.call("text message", self.port.send(job, number, text)))
    }

    fn sim_changed<'a>(&'a self, number: &'a str) -> Pending<'a, Option<At>> {
        self.port.sim_changed(number)
    }
}

impl Host for Pointed<dyn Host> {
    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<AccountView>> {
        Box::pin(self.call("account", self.port.account(account)))
    }

    fn ledger<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Ledger> {
        Box::pin(self.call("ledger", self.port.ledger(account)))
    }

    fn remedy<'a>(&'a self, account: &'a AccountId, key: CaseId, order: &'a Order) -> Pending<'a, Answered> {
        Box::pin(self.call("remedy", self.port.remedy(account, key, order)))
    }

    fn notice<'a>(&'a self, account: &'a AccountId, banner: &'a Banner) -> Pending<'a, ()> {
        Box::pin(self.call("banner", self.port.notice(account, banner)))
    }
}

impl Inspects for Pointed<dyn Inspects> {
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, picture: &'a [u8]) -> Pending<'a, Option<Opened>> {
        Box::pin(self.call("inspection", self.port.inspect(rules, owner, picture)))
    }

    fn at_a_time(&self) -> usize {
        self.port.at_a_time()
    }
}
