//! Calls between Readmit and the host are signed as Standard Webhooks 1.0.0, with one addition: what is signed is the request
//! line and the body, so that the signature of one address opens no other.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::HeaderMap;
use data_encoding::BASE64;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

/// How far a timestamp may be off, and how long an id is remembered.
const WINDOW: Duration = Duration::minutes(5);

/// In bytes; ids are kept in memory for as long as the window.
const LONGEST_ID: usize = 256;

/// The secret is not `whsec_` and 24 to 64 bytes in base64.
#[derive(Debug, thiserror::Error)]
#[error("the secret must be whsec_ and 24 to 64 bytes in base64")]
pub struct BadSecret;

/// Why a call was not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Distrust {
    #[error("The header {0} is missing or unreadable.")]
    Header(&'static str),
    #[error("The header webhook-timestamp is more than 5 minutes off.")]
    Time,
    #[error("The signature does not fit the request line and the body.")]
    Signature,
    #[error("This webhook-id was used before. Every call, a repeated one too, needs its own.")]
    Replayed,
    #[error("This call was signed before the host started. Sign it again.")]
    BeforeStart,
}

/// Signs and verifies with one secret, and remembers the ids it has seen.
pub(crate) struct Signer {
    hook: Webhook,
    started: OffsetDateTime,
    seen: Mutex<HashMap<String, OffsetDateTime>>,
}

/// One request, as far as it is signed.
pub(crate) struct Line<'a> {
    pub(crate) method: &'a str,
    /// Path and query as they stand in the request line.
    pub(crate) target: &'a str,
    pub(crate) body: &'a [u8],
}

impl Line<'_> {
    fn payload(&self) -> Vec<u8> {
        let mut payload = format!("{} {}\n", self.method, self.target).into_bytes();
        payload.extend_from_slice(self.body);
        payload
    }
}

impl Signer {
    /// `started`: what was signed before it is refused, because the ids seen until then are forgotten.
    pub(crate) fn new(secret: &str, started: OffsetDateTime) -> Result<Self, BadSecret> {
        let encoded = secret.strip_prefix("whsec_").ok_or(BadSecret)?;
        let key = BASE64.decode(encoded.as_bytes()).map_err(|_| BadSecret)?;
        if !(24..=64).contains(&key.len()) {
            return Err(BadSecret);
        }
        let hook = Webhook::from_bytes(key).map_err(|_| BadSecret)?;
        Ok(Self {
            hook,
            started: started.truncate_to_second(),
            seen: Mutex::default(),
        })
    }

    /// The value of `webhook-signature`. The body must be UTF-8, which JSON is.
    pub(crate) fn sign(&self, id: &str, at: OffsetDateTime, line: &Line<'_>) -> Result<String, Distrust> {
        self.hook
            .sign(id, at.unix_timestamp(), &line.payload())
            .map_err(|_| Distrust::Signature)
    }

    /// The signature of a result that comes by way of a browser.
    #[cfg(test)]
    pub(crate) fn sign_result(&self, id: &str, at: OffsetDateTime, payload: &[u8]) -> Result<String, Distrust> {
        let signed = self.hook.sign(id, at.unix_timestamp(), payload);
        signed.map_err(|_| Distrust::Signature)
    }

    /// Whether a result of a step-up is Readmit's, and of these minutes. That it counts once is its taker's.
    pub(crate) fn verify_result(
        &self,
        id: &str,
        seconds: i64,
        given: &str,
        payload: &[u8],
        now: OffsetDateTime,
    ) -> Result<(), Distrust> {
        let at = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| Distrust::Time)?;
        let expected = self.hook.sign(id, seconds, payload).map_err(|_| Distrust::Signature)?;
        if !bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(Distrust::Signature);
        }
        if (now - at).abs() > WINDOW {
            Err(Distrust::Time)
        } else {
            Ok(())
        }
    }

    /// Believes a call once: the right signature, a fresh time, an id never seen.
    pub(crate) fn verify(&self, headers: &HeaderMap, line: &Line<'_>, now: OffsetDateTime) -> Result<(), Distrust> {
        let id = header(headers, HEADER_WEBHOOK_ID)?;
        if id.len() > LONGEST_ID {
            return Err(Distrust::Header(HEADER_WEBHOOK_ID));
        }
        let stamp = header(headers, HEADER_WEBHOOK_TIMESTAMP)?;
        let given = header(headers, HEADER_WEBHOOK_SIGNATURE)?;
        let at = stamp
            .parse()
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or(Distrust::Header(HEADER_WEBHOOK_TIMESTAMP))?;
        let expected = self.sign(id, at, line)?;
        if !given
            .split(' ')
            .any(|one| one.as_bytes().ct_eq(expected.as_bytes()).into())
        {
            return Err(Distrust::Signature);
        }
        if (now - at).abs() > WINDOW {
            return Err(Distrust::Time);
        }
        if at < self.started {
            return Err(Distrust::BeforeStart);
        }
        self.remember(id, at, now)
    }

    /// An id stays until its timestamp is too old to be accepted anyway.
    fn remember(&self, id: &str, at: OffsetDateTime, now: OffsetDateTime) -> Result<(), Distrust> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| now - *at <= WINDOW);
        match seen.insert(id.to_owned(), at) {
            None => Ok(()),
            Some(_) => Err(Distrust::Replayed),
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Distrust> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|value| !value.is_empty())
        .ok_or(Distrust::Header(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use actix_web::http::header::{HeaderName, HeaderValue};
    use time::macros::datetime;

    use super::*;

    const SECRET: &str = "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=";
    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00:30 UTC);
    const CALL: Line<'static> = Line {
        method: "POST",
        target: "/readmit/accounts/acc_ada/password",
        body: br#"{"password":"x"}"#,
    };

    fn signer() -> Signer {
        Signer::new(SECRET, NOW - Duration::hours(1)).unwrap()
    }

    fn signed(id: &str, at: OffsetDateTime) -> HeaderMap {
        let signature = signer().sign(id, at, &CALL).unwrap();
        headers([
            (HEADER_WEBHOOK_ID, id),
            (HEADER_WEBHOOK_TIMESTAMP, &at.unix_timestamp().to_string()),
            (HEADER_WEBHOOK_SIGNATURE, &signature),
        ])
    }

    fn headers<const N: usize>(pairs: [(&'static str, &str); N]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn wh_06_a_call_is_believed_once() {
        let host = signer();
        assert_eq!(host.verify(&signed("msg_1", NOW), &CALL, NOW), Ok(()));
        assert_eq!(host.verify(&signed("msg_1", NOW), &CALL, NOW), Err(Distrust::Replayed));
        assert_eq!(
            host.verify(&signed("msg_1", NOW), &CALL, NOW + Duration::minutes(5)),
            Err(Distrust::Replayed)
        );
        assert_eq!(host.verify(&signed("msg_2", NOW), &CALL, NOW), Ok(()));
    }

    #[test]
    fn wh_06_a_time_five_minutes_off_is_refused() {
        for off in [-301, 301] {
            assert_eq!(
                signer().verify(&signed("msg_1", NOW + Duration::seconds(off)), &CALL, NOW),
                Err(Distrust::Time),
                "{off}"
            );
        }
        for off in [-300, 300] {
            assert_eq!(
                signer().verify(&signed("msg_1", NOW + Duration::seconds(off)), &CALL, NOW),
                Ok(()),
                "{off}"
            );
        }
    }

    #[test]
    fn wh_01_a_signature_fits_one_method_address_and_body() {
        let others = [
            Line { method: "GET", ..CALL },
            Line {
                target: "/readmit/accounts/acc_ben/password",
                ..CALL
            },
            Line {
                target: "/readmit/accounts/acc_ada/password?x=1",
                ..CALL
            },
            Line {
                body: br#"{"password":"y"}"#,
                ..CALL
            },
        ];
        for other in others {
            assert_eq!(
                signer().verify(&signed("msg_1", NOW), &other, NOW),
                Err(Distrust::Signature),
                "{}",
                other.target
            );
        }
    }

    #[test]
    fn two_signatures_are_read_while_a_secret_is_exchanged() {
        let good = signed("msg_1", NOW);
        let value = good.get(HEADER_WEBHOOK_SIGNATURE).unwrap().to_str().unwrap();
        let both = format!("v1,AAAA {value}");
        let headers = headers([
            (HEADER_WEBHOOK_ID, "msg_1"),
            (HEADER_WEBHOOK_TIMESTAMP, &NOW.unix_timestamp().to_string()),
            (HEADER_WEBHOOK_SIGNATURE, &both),
        ]);
        assert_eq!(signer().verify(&headers, &CALL, NOW), Ok(()));
    }

    #[test]
    fn what_was_signed_before_a_restart_is_refused() {
        let restarted = Signer::new(SECRET, NOW + Duration::seconds(2)).unwrap();
        assert_eq!(
            restarted.verify(&signed("msg_1", NOW), &CALL, NOW + Duration::seconds(3)),
            Err(Distrust::BeforeStart)
        );
    }

    #[test]
    fn every_header_is_needed() {
        for name in [HEADER_WEBHOOK_ID, HEADER_WEBHOOK_TIMESTAMP, HEADER_WEBHOOK_SIGNATURE] {
            let mut headers = signed("msg_1", NOW);
            headers.remove(name);
            assert_eq!(signer().verify(&headers, &CALL, NOW), Err(Distrust::Header(name)));
        }
    }

    #[test]
    fn a_short_secret_is_refused() {
        for secret in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=",
        ] {
            assert!(Signer::new(secret, NOW).is_err(), "{secret}");
        }
    }

    /// The example of docs/host.md.
    #[test]
    fn the_worked_example_of_the_documentation_verifies() {
        let page = include_str!("../../docs/host.md");
        let value = |name: &str| {
            let label = format!("{name}: ");
            page.lines()
                .find_map(|line| line.strip_prefix(&label))
                .unwrap()
                .to_owned()
        };
        let (id, stamp, signature) = (
            value(HEADER_WEBHOOK_ID),
            value(HEADER_WEBHOOK_TIMESTAMP),
            value(HEADER_WEBHOOK_SIGNATURE),
        );
        let headers = headers([
            (HEADER_WEBHOOK_ID, &id),
            (HEADER_WEBHOOK_TIMESTAMP, &stamp),
            (HEADER_WEBHOOK_SIGNATURE, &signature),
        ]);
        let at = OffsetDateTime::from_unix_timestamp(stamp.parse().unwrap()).unwrap();
        let call = Line {
            method: "POST",
            target: "/readmit/accounts/acc_ada/password",
            body: br#"{"password":"ada-halcyon"}"#,
        };
        let host = Signer::new(&value("secret"), at).unwrap();
        assert!(page.contains(std::str::from_utf8(call.body).unwrap()));
        assert_eq!(host.verify(&headers, &call, at), Ok(()));
    }
}
