//! Text messages through a gateway in the shape of the common ones: one POST a message, as a form or as JSON, with a bearer
//! token or basic authentication, under field names of the gateway's own.

use std::collections::BTreeMap;
use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::ids::JobId;
use readmit_core::ports::Surroundings as _;
use readmit_core::time::At;
use readmit_worker::ports::{Pending, SmsGateway};
use reqwest::{RequestBuilder, Response, Url};
use serde_json::Value;

use crate::config::{Secret, SmsAccess, SmsFields, SmsFormat, SmsLookup};
use crate::host_client::client;
use crate::surroundings::Real;

pub mod callback;
#[cfg(test)]
mod tests;

const LIMIT: Duration = Duration::from_secs(10);
/// The largest answer that is read, and the longest name in one.
const LARGEST: usize = 64 * 1024;
const LONGEST_NAME: usize = 200;

/// The gateway of the configuration.
pub(crate) struct Gateway {
    url: Url,
    token: Option<Secret>,
    user: Option<String>,
    format: SmsFormat,
    fields: SmsFields,
    from: Option<String>,
    answer: Option<String>,
    lookup: Option<SmsLookup>,
    client: reqwest::Client,
}

impl Gateway {
    pub(crate) fn new(access: &SmsAccess) -> Result<Self, String> {
        Ok(Self {
            client: client(&access.url, LIMIT)?,
            url: access.url.clone(),
            token: access.token.clone(),
            user: access.user.clone(),
            format: access.format,
            fields: access.fields.clone(),
            from: access.from.clone(),
            answer: access.answer.clone(),
            lookup: access.lookup.clone(),
        })
    }

    /// One message. The same job always makes the same request: a gateway that knows the key sends it once.
    fn request(&self, job: JobId, number: &str, text: &str) -> RequestBuilder {
        let job = job.to_string();
        let mut parts: BTreeMap<&str, &str> =
            [(self.fields.to.as_str(), number), (self.fields.text.as_str(), text)].into();
        if let Some(from) = &self.from {
            parts.insert(&self.fields.from, from);
        }
        if let Some(reference) = &self.fields.reference {
            parts.insert(reference, &job);
        }
        self.written(&self.url, &parts).header("idempotency-key", &job)
    }

    /// A request in the gateway's words.
    fn written(&self, url: &Url, parts: &BTreeMap<&str, &str>) -> RequestBuilder {
        let request = self.client.post(url.clone());
        let request = match self.format {
            SmsFormat::Form => request.form(parts),
            SmsFormat::Json => request.json(parts),
        };
        match (&self.user, &self.token) {
            (Some(user), token) => request.basic_auth(user, token.as_ref().map(Secret::reveal)),
            (None, Some(token)) => request.bearer_auth(token.reveal()),
            (None, None) => request,
        }
    }

    /// The gateway's own name of a message that it took. One that cannot be read is no reason to send twice.
    async fn name_in(&self, answer: Response) -> Option<String> {
        let field = self.answer.as_ref()?;
        let name = match read(answer).await.and_then(|body| text_at(&body, field)) {
            Some(name) if name.len() <= LONGEST_NAME => Some(name),
            _ => None,
        };
        if name.is_none() {
            tracing::warn!("the SMS gateway's answer does not name the message");
        }
        name
    }
}

/// A small answer, as JSON.
async fn read(mut answer: Response) -> Option<Value> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.ok()? {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            return None;
        }
    }
    serde_json::from_slice(&body).ok()
}

/// The text or number under a name, or a pointer (RFC 6901).
fn text_at(value: &Value, name: &str) -> Option<String> {
    let found = if name.starts_with('/') {
        value.pointer(name)
    } else {
        value.get(name)
    };
    match found? {
        Value::String(text) => Some(text.clone()),
        other @ (Value::Number(_) | Value::Bool(_)) => Some(other.to_string()),
        _ => None,
    }
}

fn is_yes(word: &str) -> bool {
    ["true", "yes", "1"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
}

impl SmsGateway for Gateway {
    fn send<'a>(&'a self, job: JobId, number: &'a str, text: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async move {
            let answer = self.request(job, number, text).send().await;
            let answer = answer.map_err(|_| EffectError::Retry("the SMS gateway did not answer".into()))?;
            let status = answer.status();
            let why = format!("the SMS gateway said {}", status.as_u16());
            if status.is_success() {
                Ok(self.name_in(answer).await)
            } else if status.is_server_error() || status.as_u16() == 429 {
                Err(EffectError::Retry(why))
            } else {
                Err(EffectError::Permanent(why))
            }
        })
    }

    fn sim_changed<'a>(&'a self, number: &'a str) -> Pending<'a, Option<At>> {
        Box::pin(async move {
            let Some(lookup) = &self.lookup else {
                return Ok(None);
            };
            let request = self.written(&lookup.url, &[(self.fields.to.as_str(), number)].into());
            let again = |why: &str| EffectError::Retry(format!("the SMS gateway's look at the SIM card {why}"));
            let answer = request.send().await.map_err(|_| again("got no answer"))?;
            if !answer.status().is_success() {
                return Err(again(&format!("got {}", answer.status().as_u16())));
            }
            let body = read(answer).await.ok_or_else(|| again("cannot be read"))?;
            changed_at(&body, &lookup.field, Real.now())
        })
    }
}

/// What an answer says of a SIM card: the moment of its change, or that there was one lately. One that says nothing of it must
/// not pass for a card that stayed.
fn changed_at(body: &Value, field: &str, now: At) -> Result<Option<At>, EffectError> {
    let found = if field.starts_with('/') {
        body.pointer(field)
    } else {
        body.get(field)
    };
    match found {
        Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(now)),
        _ => {
            let at = text_at(body, field).and_then(|text| callback::moment(&text));
            let nothing = || EffectError::Permanent("the SMS gateway says nothing of the SIM card".into());
            at.map(Some).ok_or_else(nothing)
        }
    }
}

/// No gateway is configured: what would go to a phone is a dead letter that says so.
pub(crate) struct NoGateway;

impl SmsGateway for NoGateway {
    fn send<'a>(&'a self, _: JobId, _: &'a str, _: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async { Err(EffectError::Permanent("no SMS gateway is configured".into())) })
    }
}
