//! What we ask of Readmit: the host API. The owner's page works without it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use time::OffsetDateTime;

use crate::secret;
use crate::sign::{Line, Signer};

/// How long Readmit may take.
const BUDGET: Duration = Duration::from_secs(2);

pub(crate) struct Readmit {
    base: Url,
    client: reqwest::Client,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("install a rustls crypto provider before the host is opened")]
    NoCryptoProvider,
    #[error("the address of Readmit is not one: {0}")]
    Address(String),
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// A factor as Readmit names it to the owner's host.
#[derive(Debug, Deserialize)]
pub(crate) struct Factor {
    pub(crate) kind: String,
    pub(crate) name: String,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(crate) last_used: Option<OffsetDateTime>,
}

#[derive(Deserialize)]
struct Factors {
    factors: Vec<Factor>,
}

/// Readmit did not answer as agreed within its time; the log has the cause.
#[derive(Debug)]
pub(crate) struct Unreachable;

impl Readmit {
    /// Names under `.localhost` are this machine (RFC 6761), whatever the resolver thinks.
    pub(crate) fn at(base: &str) -> Result<Self, ClientError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ClientError::NoCryptoProvider);
        }
        let base = Url::parse(base).map_err(|_| ClientError::Address(base.to_owned()))?;
        let mut client = reqwest::Client::builder()
            .timeout(BUDGET)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0); // each worker of the server has a runtime of its own
        if let Some(name) = base
            .domain()
            .filter(|name| *name == "localhost" || name.ends_with(".localhost"))
        {
            client = client.resolve(name, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        }
        Ok(Self {
            base,
            client: client.build()?,
        })
    }

    /// What Readmit keeps for an account.
    pub(crate) async fn factors(
        &self,
        signer: &Signer,
        account: &str,
        now: OffsetDateTime,
    ) -> Result<Vec<Factor>, Unreachable> {
        self.ask(signer, &format!("/api/accounts/{account}/factors"), now)
            .await
            .map_err(|cause| {
                tracing::warn!(%cause, "the host API did not answer");
                Unreachable
            })
    }

    async fn ask(&self, signer: &Signer, target: &str, now: OffsetDateTime) -> Result<Vec<Factor>, anyhow::Error> {
        let id = format!("msg_{}", secret::token()?);
        let signature = signer.sign(
            &id,
            now,
            &Line {
                method: "GET",
                target,
                body: b"",
            },
        )?;
        let answer = self
            .client
            .get(self.base.join(target)?)
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, now.unix_timestamp())
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.json::<Factors>().await?.factors)
    }
}
