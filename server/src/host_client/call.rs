//! One signed call: Standard Webhooks over the request line and the body, so that a signature of one address is worth
//! nothing at another.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::ports::Surroundings as _;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use crate::config::HostAccess;
use crate::surroundings::World;

/// How long the host may take for a whole answer.
const LIMIT: Duration = Duration::from_secs(2);
/// The largest answer that is read.
const LARGEST: usize = 1024 * 1024;

pub(super) struct Caller {
    base: Url,
    client: reqwest::Client,
    hook: Webhook,
    wall: World,
}

/// Why there is no usable answer. Names no account.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the host did not answer")]
    Silent,
    #[error("the host said {0}")]
    Said(u16),
    /// For good: 409.
    #[error("the host refused")]
    Refused,
    #[error("the host's answer is not as agreed")]
    Unreadable,
}

impl From<Failure> for EffectError {
    fn from(failure: Failure) -> Self {
        let why = failure.to_string();
        match failure {
            Failure::Silent | Failure::Said(429 | 500..) => Self::Retry(why),
            Failure::Said(_) | Failure::Refused | Failure::Unreadable => Self::Permanent(why),
        }
    }
}

/// The body of a good answer.
pub(super) struct Answer(Vec<u8>);

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.0).map_err(|_| Failure::Unreadable)
    }
}

impl Caller {
    pub(super) fn new(access: &HostAccess, wall: World) -> Result<Self, String> {
        let key = access.secret.signing_key();
        let hook = key
            .and_then(|key| Webhook::from_bytes(key).ok())
            .ok_or("the secret shared with the host must be whsec_ and 24 to 64 bytes in base64")?;
        Ok(Self {
            client: client(&access.url, LIMIT)?,
            base: access.url.clone(),
            hook,
            wall,
        })
    }

    pub(super) async fn get(&self, path: &[&str], query: &str) -> Result<Answer, Failure> {
        let url = self.url(path, query)?;
        self.send(Method::GET, url, String::new(), |request| request).await
    }

    pub(super) async fn post(&self, path: &[&str], body: &Value) -> Result<Answer, Failure> {
        let url = self.url(path, "")?;
        self.send(Method::POST, url, body.to_string(), |request| request).await
    }

    /// A POST that is carried out once a key.
    pub(super) async fn order(&self, path: &[&str], body: &Value, key: &str) -> Result<Answer, Failure> {
        let url = self.url(path, "")?;
        let keyed = |request: RequestBuilder| request.header("idempotency-key", key);
        self.send(Method::POST, url, body.to_string(), keyed).await
    }

    /// The contract's addresses lie under `/readmit/`; an account's name is escaped, whatever it holds.
    fn url(&self, path: &[&str], query: &str) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::Unreadable)?
            .pop_if_empty()
            .push("readmit")
            .extend(path);
        url.set_query((!query.is_empty()).then_some(query));
        Ok(url)
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        body: String,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, Failure> {
        let now = self.wall.now();
        let id = format!("msg_{}", self.wall.entropy().uuid(now, "call", 0).simple());
        let stamp = now.utc().unix_timestamp();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let payload = format!("{method} {}{query}\n{body}", url.path());
        let signature = self
            .hook
            .sign(&id, stamp, payload.as_bytes())
            .map_err(|_| Failure::Unreadable)?;
        let request = self
            .client
            .request(method, url)
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, stamp)
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .header("content-type", "application/json")
            .body(body);
        let answer = with(request).send().await.map_err(|_| Failure::Silent)?;
        match answer.status() {
            status if status.is_success() => read(answer).await,
            StatusCode::CONFLICT => Err(Failure::Refused),
            status => Err(Failure::Said(status.as_u16())),
        }
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Answer, Failure> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|_| Failure::Silent)? {
        if body.len() + part.len() > LARGEST {
            return Err(Failure::Unreadable);
        }
        body.extend_from_slice(&part);
    }
    Ok(Answer(body))
}

/// A client for one address: no proxy, no redirects, and names under `.localhost` are this machine (RFC 6761), whatever
/// the resolver thinks.
pub(crate) fn client(url: &Url, limit: Duration) -> Result<reqwest::Client, String> {
    let mut client = reqwest::Client::builder()
        .timeout(limit)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    if let Some(name) = url.domain().filter(|_| is_local(url)) {
        client = client.resolve(name, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    }
    client
        .build()
        .map_err(|error| format!("no HTTP client can be made: {error}"))
}

/// Whether the address is on this machine.
pub(crate) fn is_local(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost"
            || host.ends_with(".localhost")
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    })
}
