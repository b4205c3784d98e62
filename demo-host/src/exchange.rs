//! The exchange as its handlers see it: configuration, accounts, state, mailbox.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web;
use time::OffsetDateTime;

use crate::contract;
use crate::mailbox::Mailbox;
use crate::model::Account;
use crate::pages;
use crate::passwords::{HashError, Passwords};
use crate::readmit::{ClientError, Readmit};
use crate::remedy::Pause;
use crate::seed;
use crate::sign::{BadSecret, Signer};
use crate::smtp::{self, MailSink};
use crate::state::State;
use crate::step_up::Waiting;
use crate::store::{Store, StoreError};

/// A path, and what is mounted there.
pub(crate) type Place = (&'static str, fn() -> actix_web::Route);

/// Where the host reads the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// How a host is set up. Addresses are origins without a slash at the end: `http://halcyon.localhost:8080`.
pub struct Config {
    /// The state file; its mails lie beside it, with the ending `mails`.
    pub state: PathBuf,
    /// The secret shared with Readmit: `whsec_` and 24 to 64 bytes in base64.
    pub secret: String,
    /// Where the pages of this host are.
    pub origin: String,
    /// Where Readmit answers the host API.
    pub readmit: String,
    /// Where claimants start a recovery.
    pub recover: String,
    pub clock: Clock,
    /// For tests that kill the host in the middle of a remedy.
    pub pause: Option<Pause>,
}

/// The host could not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Secret(#[from] BadSecret),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A running Halcyon; clones are the same one.
#[derive(Clone)]
pub struct Host(web::Data<Exchange>);

pub(crate) struct Exchange {
    pub(crate) config: Config,
    pub(crate) accounts: Vec<Account>,
    pub(crate) store: Store,
    pub(crate) mailbox: Mailbox,
    pub(crate) passwords: Passwords,
    pub(crate) signer: Signer,
    pub(crate) readmit: Readmit,
    /// What waits for a second factor.
    pub(crate) waiting: Waiting,
    /// Remedies are carried out one after the other.
    pub(crate) remedies: tokio::sync::Mutex<()>,
    pub(crate) seen: pages::Seen,
}

impl Host {
    /// Opens the state file, or makes it with the accounts as they stand now. The process must have installed a rustls crypto
    /// provider.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        let now = (config.clock)().truncate_to_second();
        let passwords = Passwords::new()?;
        let signer = Signer::new(&config.secret, now)?;
        let store = Store::open::<OpenError>(&config.state, || Ok(State::new(now, &passwords)?))?;
        let epoch = store.read().epoch;
        Ok(Self(web::Data::new(Exchange {
            accounts: seed::accounts(epoch),
            mailbox: Mailbox::open(&config.state.with_extension("mails"))?,
            readmit: Readmit::at(&config.readmit)?,
            seen: pages::Seen::since(now),
            remedies: tokio::sync::Mutex::default(),
            waiting: Waiting::default(),
            store,
            passwords,
            signer,
            config,
        })))
    }

    /// Mounts the contract under `/readmit/` and the pages beside it. Put it behind a guard on the host's name where the port
    /// is shared.
    pub fn configure(&self, services: &mut web::ServiceConfig) {
        services
            .app_data(self.0.clone())
            .configure(contract::routes)
            .configure(pages::routes);
    }

    /// The path of every route that [`Host::configure`] mounts, with places in braces.
    pub fn paths() -> impl Iterator<Item = String> {
        let calls = contract::ROUTES
            .iter()
            .map(|(path, _)| format!("{}{path}", contract::ROOT));
        calls.chain(pages::ROUTES.iter().map(|(path, _)| (*path).to_owned()))
    }

    /// Listens for mail on a loopback address until the sink is dropped. Port 0 takes a free one.
    pub async fn mail_sink(&self, address: std::net::SocketAddr) -> std::io::Result<MailSink> {
        smtp::listen(address, self.0.clone().into_inner()).await
    }
}

#[cfg(test)]
impl Host {
    pub(crate) fn passwords_verified(&self) -> usize {
        self.0.passwords.verified()
    }

    pub(crate) fn remedy_phase(&self, key: &str) -> Option<crate::remedy::Phase> {
        self.0.store.read().remedies.get(key).map(|remedy| remedy.phase)
    }
}

impl Exchange {
    /// The time in whole seconds, as all our records have it.
    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.config.clock)().truncate_to_second()
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// By e-mail address, whatever its case.
    pub(crate) fn account_of(&self, email: &str) -> Option<&Account> {
        let email = email.trim();
        self.accounts
            .iter()
            .find(|account| account.email.eq_ignore_ascii_case(email))
    }
}
