//! What we ask of Readmit: the host API. The owner's page works without it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::{Method, Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use time::OffsetDateTime;

use crate::secret;
use crate::sign::{Distrust, Line, Signer};

/// How long Readmit may take.
const BUDGET: Duration = Duration::from_secs(2);

pub(crate) struct Readmit {
    /// An origin, without a slash at the end.
    base: String,
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
struct Visit {
    url: String,
}

#[derive(Deserialize)]
struct Factors {
    factors: Vec<Factor>,
}

/// Readmit did not answer as agreed within its time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreachable {
    #[error(transparent)]
    Chance(#[from] std::io::Error),
    #[error("the call could not be signed")]
    Unsigned(#[from] Distrust),
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// What a factor is to be proven for.
#[derive(Serialize)]
pub(crate) struct StepUp<'a> {
    pub(crate) account: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) text: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) return_to: &'a str,
    pub(crate) language: &'a str,
}

/// The step-up that was opened.
#[derive(Deserialize)]
pub(crate) struct Asked {
    pub(crate) id: String,
    pub(crate) url: String,
}

impl Readmit {
    /// Names under `.localhost` are this machine (RFC 6761), whatever the resolver thinks.
    pub(crate) fn at(base: &str) -> Result<Self, ClientError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ClientError::NoCryptoProvider);
        }
        let address = Url::parse(base).map_err(|_| ClientError::Address(base.to_owned()))?;
        let mut client = reqwest::Client::builder()
            .timeout(BUDGET)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0); // each worker of the server has a runtime of its own
        if let Some(name) = address
            .domain()
            .filter(|name| *name == "localhost" || name.ends_with(".localhost"))
        {
            client = client.resolve(name, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        }
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
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
        let target = format!("/api/accounts/{account}/factors");
        let answer = self.call(signer, Method::GET, &target, String::new(), now).await?;
        Ok(answer.json::<Factors>().await?.factors)
    }

    /// The owner wants codes by mail again.
    pub(crate) async fn end_quiet(&self, signer: &Signer, email: &str, now: OffsetDateTime) -> Result<(), Unreachable> {
        let body = serde_json::json!({ "email": email }).to_string();
        self.call(signer, Method::POST, "/api/quiet/end", body, now).await?;
        Ok(())
    }

    /// Where the owner, who is signed in here, may go to change factors: once, and within a minute.
    pub(crate) async fn visit(
        &self,
        signer: &Signer,
        account: &str,
        now: OffsetDateTime,
    ) -> Result<String, Unreachable> {
        let target = format!("/api/accounts/{account}/visits");
        let answer = self.call(signer, Method::POST, &target, String::new(), now).await?;
        Ok(answer.json::<Visit>().await?.url)
    }

    /// The owner signed out here: what they opened there is over.
    pub(crate) async fn sign_out(
        &self,
        signer: &Signer,
        account: &str,
        now: OffsetDateTime,
    ) -> Result<(), Unreachable> {
        let target = format!("/api/accounts/{account}/sign-outs");
        self.call(signer, Method::POST, &target, String::new(), now).await?;
        Ok(())
    }

    /// Where the owner proves a factor for this, and by what name; nothing if the account has none.
    pub(crate) async fn step_up(
        &self,
        signer: &Signer,
        asked: StepUp<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Asked>, Unreachable> {
        let body = serde_json::to_string(&asked)?;
        let answer = self.send(signer, Method::POST, "/api/step-ups", body, now).await?;
        if answer.status() == StatusCode::CONFLICT {
            return Ok(None);
        }
        Ok(Some(answer.error_for_status()?.json().await?))
    }

    async fn call(
        &self,
        signer: &Signer,
        method: Method,
        target: &str,
        body: String,
        now: OffsetDateTime,
    ) -> Result<Response, Unreachable> {
        let answer = self.send(signer, method, target, body, now).await?;
        Ok(answer.error_for_status()?)
    }

    async fn send(
        &self,
        signer: &Signer,
        method: Method,
        target: &str,
        body: String,
        now: OffsetDateTime,
    ) -> Result<Response, Unreachable> {
        let id = format!("msg_{}", secret::token()?);
        let line = Line {
            method: method.as_str(),
            target,
            body: body.as_bytes(),
        };
        let signature = signer.sign(&id, now, &line)?;
        let call = self
            .client
            .request(method, format!("{}{target}", self.base))
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, now.unix_timestamp())
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .body(body);
        Ok(call.send().await?)
    }
}
