//! What every page of both faces works with.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;
use readmit_core::dispatch::Dispatcher;
use readmit_core::texts::Texts;
use readmit_core::time::At;
use readmit_core::workflow::queues::Queues;
use readmit_steps::Brand;
use readmit_storage::{Db, StorageError};

use crate::forms::FormKey;
use crate::human::HumanCheck;
use crate::origins::Origins;
use crate::refusals::Refusals;
use crate::reports::Reports;
use crate::upload::Limits;

/// The running installation, as pages see it. Made once by the binary.
pub struct App {
    pub db: Db,
    pub dispatcher: Arc<dyn Dispatcher<StorageError>>,
    pub texts: Arc<Texts>,
    pub origins: Origins,
    pub brand: Brand,
    pub forms: FormKey,
    /// How many proxies of our own stand before us: so many entries of X-Forwarded-For are believed.
    pub hops: u8,
    pub host_api: HostApi,
    pub human_check: HumanCheck,
    pub refusals: Refusals,
    pub reports: Reports,
    /// How soon people decide: claimants are told.
    pub queues: Queues,
    pub uploads: Limits,
    /// Whether anything can be sent to a phone.
    pub phones: bool,
    /// Whether everything that the installation needs is there.
    pub health: Box<dyn Fn() -> Looking + Send + Sync>,
    /// Staff may sign in with password and code as well: in the demo only (PK-09).
    pub staff_passwords: bool,
}

/// A look at every part of the installation, under way.
pub type Looking = Pin<Box<dyn Future<Output = Vec<Check>> + Send>>;

/// One part of the installation, looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub what: &'static str,
    pub says: String,
    /// What to do, where something is wrong.
    pub advice: Option<&'static str>,
}

/// How the host signs its calls to us.
pub struct HostApi {
    /// `whsec_…`, shared with the host.
    pub secret: String,
    /// The clock on the wall: a signature's age is measured between two machines, not between two moments of a case.
    pub wall: fn() -> At,
    /// Where people may be sent back to after a step-up.
    pub return_to: Vec<String>,
}

impl App {
    pub(crate) fn of(request: &HttpRequest) -> Option<&Data<Self>> {
        request.app_data::<Data<Self>>()
    }
}
