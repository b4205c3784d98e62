//! Configuration: one YAML file, and secrets from the environment or from files of their own.

mod file;
pub(crate) mod secrets;
mod show;
mod sms;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use readmit_core::workflow::policy::Profile;
use readmit_steps::Brand;
use readmit_storage::Settings;
use readmit_web::{HumanCheck, Origins};
use readmit_worker::{Address, Server};
use reqwest::Url;

pub use file::read;
pub use secrets::Secret;
pub use show::show;
pub use sms::{
    CallbackFields, CallbackStates, Encoding, SmsAccess, SmsCallback, SmsFields, SmsFormat, SmsLookup, SmsSignature,
};

/// Everything that an installation decides, checked.
pub struct Config {
    pub listen: SocketAddr,
    /// Where cases, keys and evidence lie, and the master key that opens them.
    pub storage: Settings,
    /// What `migrate` makes the profile of new cases.
    pub profile: Profile,
    pub origins: Origins,
    /// In whose name pages and mails speak.
    pub brand: Brand,
    pub host: HostAccess,
    pub mail: MailAccess,
    /// Without one, nobody is told by phone and no code goes there.
    pub sms: Option<SmsAccess>,
    /// How many proxies of our own stand before us; so many entries of X-Forwarded-For are believed (SE-08).
    pub proxies: u8,
    /// Staff sign in with password and code as well: in the demo only (PK-09).
    pub staff_passwords: bool,
    /// What somebody does who asks oftener than people do.
    pub human_check: HumanCheck,
    pub reading: Reading,
    /// What may be sent in a day.
    pub uploads: readmit_web::upload::Limits,
    pub logs: Logs,
    /// Where figures and probes are told; never where claimants come to.
    pub metrics: Option<SocketAddr>,
    /// How long a server that was told to stop goes on, so that whoever balances sees that it is not ready any more.
    pub drain: Duration,
}

/// How pictures are read.
pub struct Reading {
    /// The program that is started for each: this one.
    pub program: PathBuf,
    /// The folder of the models; without them nothing is read, and people look (docs/evidence.md).
    pub models: PathBuf,
    /// Domains that the host's mails come from.
    pub domains: Vec<String>,
    /// `host:port` of a clamd that has a word on every file before anybody sees it (EV-08).
    pub scanner: Option<String>,
    /// How many are opened side by side: each may take a core and a gigabyte (EV-04).
    pub at_a_time: NonZeroUsize,
}

/// The host contract (docs/host.md).
pub struct HostAccess {
    /// Everything of the contract lies under it: `https://accounts.example.com/readmit`.
    pub url: Url,
    /// The secret shared with the host: `whsec_` and 24 to 64 bytes in base64.
    pub secret: Secret,
    /// Where people may be sent back to after a step-up.
    pub return_to: Vec<String>,
}

pub struct MailAccess {
    pub server: Server,
    /// User name and password; `None` where the server asks for none.
    pub login: Option<(String, Secret)>,
    /// Certificates in PEM that the server's is believed by, beside the system's.
    pub authority: Option<Vec<u8>>,
    pub from: Address,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Logs {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why there is no configuration: one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the file {} cannot be read: {error}{}", path.display(), next_step(error))]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}:{fault}", path.display())]
    Fault { path: PathBuf, fault: String },
    #[error("a file of this build cannot be used: {0}")]
    Build(String),
    #[error("{name}: {why}")]
    Value { name: &'static str, why: String },
    #[error("no {what}: set {variable}, or name a file in `{setting}`")]
    NoSecret {
        what: &'static str,
        variable: &'static str,
        setting: &'static str,
    },
}

/// What to do about a file that is not there.
fn next_step(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "; docs/operations.md says how to make it, and `readmit demo` needs none",
        _ => "",
    }
}
