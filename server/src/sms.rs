//! Text messages through a gateway that takes a form: `to` in E.164 and `text`.

use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::ids::JobId;
use readmit_worker::ports::{Pending, SmsGateway};
use reqwest::Url;

use crate::config::{Secret, SmsAccess};
use crate::host_client::client;

const LIMIT: Duration = Duration::from_secs(10);

/// The gateway of the configuration.
pub(crate) struct Gateway {
    url: Url,
    token: Option<Secret>,
    client: reqwest::Client,
}

impl Gateway {
    pub(crate) fn new(access: &SmsAccess) -> Result<Self, String> {
        Ok(Self {
            client: client(&access.url, LIMIT)?,
            url: access.url.clone(),
            token: access.token.clone(),
        })
    }
}

impl SmsGateway for Gateway {
    fn send<'a>(&'a self, job: JobId, number: &'a str, text: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let mut request = self
                .client
                .post(self.url.clone())
                .header("idempotency-key", job.to_string())
                .form(&[("to", number), ("text", text)]);
            if let Some(token) = &self.token {
                request = request.bearer_auth(token.reveal());
            }
            let answer = request.send().await;
            let answer = answer.map_err(|_| EffectError::Retry("the SMS gateway did not answer".into()))?;
            let (status, why) = (
                answer.status(),
                format!("the SMS gateway said {}", answer.status().as_u16()),
            );
            if status.is_success() {
                Ok(())
            } else if status.is_server_error() || status.as_u16() == 429 {
                Err(EffectError::Retry(why))
            } else {
                Err(EffectError::Permanent(why))
            }
        })
    }
}

/// No gateway is configured: what would go to a phone is a dead letter that says so.
pub(crate) struct NoGateway;

impl SmsGateway for NoGateway {
    fn send<'a>(&'a self, _: JobId, _: &'a str, _: &'a str) -> Pending<'a, ()> {
        Box::pin(async { Err(EffectError::Permanent("no SMS gateway is configured".into())) })
    }
}
