//! The gateway for text messages: how it is written to, and how it tells what became of a message.

use std::path::PathBuf;

use reqwest::Url;
use reqwest::header::HeaderName;
use serde::Deserialize;

use super::ConfigError;
use super::file::{address, value};
use super::secrets::{self, Secret, need};

/// A gateway for text messages, in the shape of the common ones: one POST a message.
pub struct SmsAccess {
    pub url: Url,
    /// The bearer token; with `user` the password of basic authentication.
    pub token: Option<Secret>,
    pub user: Option<String>,
    pub format: SmsFormat,
    pub fields: SmsFields,
    /// The sender, where the gateway wants one.
    pub from: Option<String>,
    /// Where the gateway's answer names the message; left out where it does not.
    pub answer: Option<String>,
    /// How the gateway tells what became of messages; without it nobody is believed.
    pub callback: Option<SmsCallback>,
    /// Where the gateway is asked, before a code goes out, when the SIM card behind a number changed (OT-06).
    pub lookup: Option<SmsLookup>,
}

/// A question about a number: one POST in the shape of a message, and an answer in JSON.
#[derive(Clone)]
pub struct SmsLookup {
    pub url: Url,
    /// Where the answer holds the moment of the change, or whether there was one lately.
    pub field: String,
}

/// How a gateway tells what became of a message, in its own words.
#[derive(Clone)]
pub struct SmsCallback {
    pub secret: Secret,
    pub format: SmsFormat,
    /// The header that holds the signature, or without one the secret itself.
    pub header: String,
    pub signature: Option<SmsSignature>,
    pub fields: CallbackFields,
    pub states: CallbackStates,
}

/// HMAC-SHA-256 under the secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSignature {
    /// What is signed, with `{timestamp}`, `{id}` and `{body}` in it.
    #[serde(default = "usual_signed")]
    pub signed: String,
    /// The header with the moment of the call, in seconds since 1970.
    pub timestamp: String,
    /// The header with the call's name, where one is signed.
    pub id: Option<String>,
    #[serde(default)]
    pub encoding: Encoding,
    /// What stands before the signature.
    #[serde(default)]
    pub prefix: String,
}

fn usual_signed() -> String {
    "{timestamp}.{body}".into()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    #[default]
    Hex,
    Base64,
}

/// Where a callback says what: the name of a field, or of a JSON body a pointer (`/data/0/id`, RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackFields {
    /// Our name of the message, as in `sms.fields.reference`.
    pub reference: Option<String>,
    /// The gateway's own, as in `sms.answer`.
    pub message: Option<String>,
    pub state: String,
    /// The gateway's code for what went wrong.
    pub error: Option<String>,
    /// When it was told, in seconds since 1970 or as RFC 3339 has it.
    pub at: Option<String>,
    /// Whether the number is in another SIM card than before (OT-06).
    pub sim_changed: Option<String>,
}

/// The gateway's words for how a message fares; others say nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackStates {
    pub delivered: Vec<String>,
    pub undelivered: Vec<String>,
    pub failed: Vec<String>,
}

/// How a message is written into the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsFormat {
    #[default]
    Form,
    Json,
}

/// What the gateway calls the parts of a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmsFields {
    /// The number, in E.164.
    pub to: String,
    pub text: String,
    pub from: String,
    /// Our name of the message, the same at every try; left out unless it is given here.
    pub reference: Option<String>,
}

impl Default for SmsFields {
    fn default() -> Self {
        Self {
            to: "to".into(),
            text: "text".into(),
            from: "from".into(),
            reference: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsFile {
    url: String,
    token_file: Option<PathBuf>,
    user: Option<String>,
    #[serde(default)]
    format: SmsFormat,
    #[serde(default)]
    fields: SmsFields,
    from: Option<String>,
    answer: Option<String>,
    callback: Option<CallbackFile>,
    lookup: Option<LookupFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookupFile {
    url: String,
    sim_changed: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbackFile {
    secret_file: Option<PathBuf>,
    #[serde(default)]
    format: SmsFormat,
    header: String,
    signature: Option<SmsSignature>,
    fields: CallbackFields,
    states: CallbackStates,
}

/// Every part has a name of its own.
fn apart(fields: SmsFields) -> Result<SmsFields, ConfigError> {
    let mut names = vec![&fields.to, &fields.text, &fields.from];
    names.extend(&fields.reference);
    let different: std::collections::BTreeSet<&String> = names.iter().copied().collect();
    if different.len() < names.len() || names.iter().any(|name| name.is_empty()) {
        return Err(value("sms.fields", "every part of a message needs a name of its own"));
    }
    Ok(fields)
}

pub(super) fn read(file: SmsFile) -> Result<SmsAccess, ConfigError> {
    Ok(SmsAccess {
        url: address("sms.url", &file.url)?,
        token: secrets::token(secrets::SMS, file.token_file.as_deref())?,
        user: file.user,
        format: file.format,
        fields: apart(file.fields)?,
        from: file.from,
        answer: file.answer,
        callback: file.callback.map(callback).transpose()?,
        lookup: file.lookup.map(lookup).transpose()?,
    })
}

fn lookup(file: LookupFile) -> Result<SmsLookup, ConfigError> {
    Ok(SmsLookup {
        url: address("sms.lookup.url", &file.url)?,
        field: file.sim_changed,
    })
}

fn callback(file: CallbackFile) -> Result<SmsCallback, ConfigError> {
    let wrong = |why: &str| Err(value("sms.callback", why));
    let names = [
        Some(&file.header),
        file.signature.as_ref().map(|signature| &signature.timestamp),
    ];
    if names
        .into_iter()
        .flatten()
        .any(|name| HeaderName::from_bytes(name.as_bytes()).is_err())
    {
        return wrong("a header has a name of letters, digits and dashes");
    }
    if let Some(SmsSignature { signed, id, .. }) = &file.signature
        && (!["{timestamp}", "{body}"].iter().all(|part| signed.contains(part))
            || signed.contains("{id}") != id.is_some())
    {
        return wrong("what is signed holds {timestamp} and {body}, and {id} where `id` names its header");
    }
    if file.fields.reference.is_none() && file.fields.message.is_none() {
        return wrong("`fields` says where the message is named: in `reference` or in `message`");
    }
    if file.states.delivered.is_empty() || file.states.undelivered.is_empty() {
        return wrong("`states` has the gateway's words for delivered and undelivered");
    }
    Ok(SmsCallback {
        secret: need(secrets::SMS_CALLBACK, file.secret_file.as_deref())?,
        format: file.format,
        header: file.header,
        signature: file.signature,
        fields: file.fields,
        states: file.states,
    })
}
