//! What a gateway tells of a message that it took: verified in constant time, of these minutes, and heard once (WH-06).
//!
//! Whoever is not believed gets one answer whatever was wrong. Nothing of the body is logged: it names a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::web::{self, Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use readmit_core::dispatch::Dispatcher;
use readmit_core::ports::Surroundings as _;
use readmit_core::time::{At, Span};
use readmit_storage::{Db, Delivery, Heard, Named, StorageError, Told};
use readmit_web::PageError;
use readmit_web::routes::{Needs, Route, Verb};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::config::{Encoding, SmsCallback, SmsFormat, SmsSignature};
use crate::metrics::{DELIVERIES, Metrics};
use crate::surroundings::Real;

/// How far a callback's moment may lie from ours.
const TOLERANCE: Span = Span::minutes(5);
/// The longest code of a gateway's for what went wrong.
const LONGEST_ERROR: usize = 40;

/// The route of the one gateway that an installation has.
pub const ROUTES: &[Route] = &[Route {
    method: Verb::Post,
    path: "/api/callbacks/sms",
    needs: Needs::Signature,
    to: || web::to(hear),
}];

/// What listens for callbacks.
pub(crate) struct Listener {
    /// None where the gateway tells nothing.
    pub(crate) callback: Option<SmsCallback>,
    pub(crate) db: Db,
    pub(crate) dispatcher: Arc<dyn Dispatcher<StorageError>>,
    pub(crate) metrics: Metrics,
}

/// `POST /api/callbacks/sms`
async fn hear(listener: Data<Listener>, request: HttpRequest, body: Bytes) -> Result<HttpResponse, PageError> {
    let callback = listener.callback.as_ref().ok_or(PageError::NotSigned)?;
    let heard = take(&listener, callback, request.headers(), &body).await;
    let word = match &heard {
        Ok((state, Heard::News)) => state.map_or("other", Delivery::code),
        Ok((_, Heard::Known)) => "repeated",
        Ok((_, Heard::NoMessage)) => "unknown",
        Err(PageError::NotSigned) => "refused",
        Err(_) => "unreadable",
    };
    listener.metrics.count(DELIVERIES, &[("state", word)]);
    Ok(match heard? {
        (_, Heard::News) => HttpResponse::NoContent().finish(),
        (_, Heard::Known) => return Err(PageError::Stale),
        (_, Heard::NoMessage) => return Err(PageError::NotFound),
    })
}

/// Believes a callback, and takes down what it tells. A state that says nothing yet is news to nobody. The same call again
/// finds its message where it left it: a message comes into each state once.
async fn take(
    listener: &Listener,
    callback: &SmsCallback,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Option<Delivery>, Heard), PageError> {
    let sent = believe(callback, headers, body).ok_or(PageError::NotSigned)?;
    let said = Said::read(callback.format, body).ok_or(PageError::BadRequest)?;
    let told = said.get(callback.fields.at.as_ref());
    let told = told.map(|at| moment(&at).ok_or(PageError::BadRequest)).transpose()?;
    // Between two machines the clock on the wall counts; what is written down has the time of cases.
    let wall = Real.now();
    if [sent, told]
        .into_iter()
        .flatten()
        .any(|at| (wall - at).0.abs() > TOLERANCE.0)
    {
        return Err(PageError::NotSigned);
    }
    let Some(state) = said.state(callback) else {
        return Ok((None, Heard::News));
    };
    let fields = &callback.fields;
    let (ours, theirs) = (said.get(fields.reference.as_ref()), said.get(fields.message.as_ref()));
    let error = said.get(fields.error.as_ref()).filter(|error| is_code(error));
    let told = Told {
        of: match (ours.and_then(|ours| ours.parse().ok()), &theirs) {
            (Some(job), _) => Named::Ours(job),
            (None, Some(theirs)) => Named::Theirs(theirs),
            (None, None) => return Err(PageError::BadRequest),
        },
        state,
        error: error.as_deref(),
        sim_changed: said
            .get(fields.sim_changed.as_ref())
            .is_some_and(|word| super::is_yes(&word)),
    };
    Ok((
        Some(state),
        listener.db.heard_of_text(&told, listener.dispatcher.now()).await?,
    ))
}

/// Whether the gateway sent it: `Some` with the moment that was signed, if one was.
fn believe(callback: &SmsCallback, headers: &HeaderMap, body: &[u8]) -> Option<Option<At>> {
    let given = header(headers, &callback.header)?;
    let Some(signature) = &callback.signature else {
        let right = callback.secret.reveal().as_bytes().ct_eq(given.as_bytes());
        return bool::from(right).then_some(None);
    };
    let stamp = header(headers, &signature.timestamp)?;
    let id = match &signature.id {
        Some(name) => header(headers, name)?,
        None => "",
    };
    let right = sign(callback, signature, (stamp, id), body)?;
    let fits = |given: &str| {
        let given = given.strip_prefix(signature.prefix.as_str())?.as_bytes();
        let given = match signature.encoding {
            Encoding::Hex => HEXLOWER_PERMISSIVE.decode(given),
            Encoding::Base64 => BASE64.decode(given),
        };
        Some(bool::from(given.ok()?.as_slice().ct_eq(&right)))
    };
    let fits = given.split_ascii_whitespace().any(|given| fits(given) == Some(true));
    Some(Some(moment(stamp).filter(|_| fits)?))
}

/// The signature that the gateway makes of a call.
fn sign(callback: &SmsCallback, signature: &SmsSignature, (stamp, id): (&str, &str), body: &[u8]) -> Option<[u8; 32]> {
    let key = callback.secret.signing_key();
    let key = key.unwrap_or_else(|| callback.secret.reveal().as_bytes().to_vec());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    let (before, after) = signature.signed.split_once("{body}")?;
    let filled = |text: &str| text.replace("{timestamp}", stamp).replace("{id}", id);
    mac.update(filled(before).as_bytes());
    mac.update(body);
    mac.update(filled(after).as_bytes());
    Some(mac.finalize().into_bytes().into())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
}

/// Seconds since 1970, or RFC 3339.
pub(super) fn moment(text: &str) -> Option<At> {
    let seconds = match text.parse() {
        Ok(seconds) => seconds,
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp(),
    };
    seconds.checked_mul(1_000_000).map(At)
}

/// A gateway's code is kept, and nothing that could be more than one.
fn is_code(error: &str) -> bool {
    error.len() <= LONGEST_ERROR
        && error
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// A callback's body.
enum Said {
    Form(BTreeMap<String, String>),
    Json(Value),
}

impl Said {
    fn read(format: SmsFormat, body: &[u8]) -> Option<Self> {
        match format {
            SmsFormat::Json => serde_json::from_slice(body).ok().map(Self::Json),
            SmsFormat::Form => {
                let fields = Query::<Vec<(String, String)>>::from_query(std::str::from_utf8(body).ok()?);
                Some(Self::Form(fields.ok()?.into_inner().into_iter().collect()))
            }
        }
    }

    /// A field as text; missing and empty are alike.
    fn get(&self, name: Option<&String>) -> Option<String> {
        let name = name?;
        let text = match self {
            Self::Form(fields) => fields.get(name).cloned(),
            Self::Json(value) => super::text_at(value, name),
        };
        text.filter(|text| !text.is_empty())
    }

    /// How the message fares, in our words.
    fn state(&self, callback: &SmsCallback) -> Option<Delivery> {
        let word = self.get(Some(&callback.fields.state))?;
        let states = [
            (&callback.states.delivered, Delivery::Delivered),
            (&callback.states.undelivered, Delivery::Undelivered),
            (&callback.states.failed, Delivery::Failed),
        ];
        let mut known = states.into_iter().filter(|(words, _)| words.contains(&word));
        known.next().map(|(_, state)| state)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::config::{CallbackFields, CallbackStates, Secret};

    fn callback(signature: Option<SmsSignature>) -> SmsCallback {
        SmsCallback {
            secret: Secret::new("hush hush".into()),
            format: SmsFormat::Form,
            header: "x-signature".into(),
            signature,
            fields: CallbackFields {
                reference: None,
                message: Some("MessageSid".into()),
                state: "MessageStatus".into(),
                error: Some("ErrorCode".into()),
                at: None,
                sim_changed: None,
            },
            states: CallbackStates {
                delivered: vec!["delivered".into()],
                undelivered: vec!["undelivered".into()],
                failed: vec!["failed".into()],
            },
        }
    }

    fn signed(prefix: &str) -> Option<SmsSignature> {
        Some(SmsSignature {
            signed: "{timestamp}.{body}".into(),
            timestamp: "x-timestamp".into(),
            id: None,
            encoding: Encoding::Hex,
            prefix: prefix.into(),
        })
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    const BODY: &[u8] = b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003";
    /// `printf '1795176000.BODY' | openssl dgst -sha256 -hmac 'hush hush'`
    const SIGNATURE: &str = "f24d29e377b71fda57b03d397d74c77637c6cb6608b134ac4671c3e4164d45c3";

    /// WH-06: only what the secret signed, over exactly this body and moment.
    #[test]
    fn wh_06_a_signature_fits_its_call_only() {
        let believes = |signature: &str, stamp: &str, body: &[u8]| {
            let headers = headers(&[("x-signature", signature), ("x-timestamp", stamp)]);
            believe(&callback(signed("sha256=")), &headers, body)
        };
        let right = format!("sha256={SIGNATURE}");
        assert_eq!(
            believes(&right, "1795176000", BODY),
            Some(Some(At(1_795_176_000_000_000)))
        );
        let several = format!("sha256={} {right}", "0".repeat(64));
        assert!(believes(&several, "1795176000", BODY).is_some(), "any one of several");
        for (signature, stamp, body) in [
            (SIGNATURE, "1795176000", BODY),
            (right.as_str(), "1795176001", BODY),
            (
                right.as_str(),
                "1795176000",
                b"MessageSid=SM1&MessageStatus=delivered".as_slice(),
            ),
            ("sha256=", "1795176000", BODY),
            ("sha256=zz", "1795176000", BODY),
            (right.as_str(), "then", BODY),
            (right.as_str(), "", BODY),
        ] {
            assert_eq!(believes(signature, stamp, body), None, "{signature} {stamp}");
        }
    }

    #[test]
    fn wh_06_a_shared_secret_is_the_whole_header() {
        let believes = |given: &str| believe(&callback(None), &headers(&[("x-signature", given)]), BODY).is_some();
        assert!(believes("hush hush"));
        for wrong in ["hush", "hush hush hush", "HUSH HUSH", ""] {
            assert!(!believes(wrong), "{wrong}");
        }
        assert_eq!(believe(&callback(None), &headers(&[]), BODY), None);
    }

    #[test]
    fn fields_are_read_in_the_gateways_words() {
        let callback = callback(None);
        let said = Said::read(SmsFormat::Form, BODY).unwrap();
        assert_eq!(said.state(&callback), Some(Delivery::Undelivered));
        assert_eq!(said.get(callback.fields.error.as_ref()).as_deref(), Some("30003"));
        let said = Said::read(SmsFormat::Json, br#"{"MessageStatus":"sent"}"#).unwrap();
        assert_eq!(said.state(&callback), None, "says nothing yet");
        assert!(Said::read(SmsFormat::Json, BODY).is_none());
        assert!(!is_code("+447400123456 is away") && is_code("E-30003"));
        assert_eq!(moment("2026-11-20T12:00:00Z"), moment("1795176000"));
    }
}
