//! Calls of the host: signed as docs/host.md says (Standard Webhooks 1.0.0), of these minutes, and believed once.

use actix_web::HttpRequest;
use readmit_core::guard::Bucket;
use readmit_core::time::{At, Span};
use readmit_web::{App, PageError};
use standardwebhooks::Webhook;
use subtle::ConstantTimeEq as _;

/// How far a signature's moment may lie from ours (Standard Webhooks 1.0.0, as docs/host.md).
const TOLERANCE: Span = Span::minutes(5);

/// The headers of a signature.
struct Signature<'a> {
    id: &'a str,
    at: At,
    given: &'a str,
}

impl<'a> Signature<'a> {
    fn read(request: &'a HttpRequest) -> Option<Self> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let seconds: i64 = header(standardwebhooks::HEADER_WEBHOOK_TIMESTAMP)?.parse().ok()?;
        Some(Self {
            id: header(standardwebhooks::HEADER_WEBHOOK_ID).filter(|id| !id.is_empty() && id.len() <= 256)?,
            at: At(seconds.checked_mul(1_000_000)?),
            given: header(standardwebhooks::HEADER_WEBHOOK_SIGNATURE)?,
        })
    }

    /// Whether one of the signatures is ours for this payload, in constant time.
    fn fits(&self, secret: &str, payload: &[u8]) -> bool {
        let sign = |webhook: Webhook| webhook.sign(self.id, self.at.0 / 1_000_000, payload);
        let Ok(right) = Webhook::new(secret).and_then(sign) else {
            return false;
        };
        self.given
            .split(' ')
            .any(|given| bool::from(given.as_bytes().ct_eq(right.as_bytes())))
    }
}

/// Signs what leaves for the host by way of a browser; nothing only if the shared secret is none.
pub(crate) fn sign(app: &App, id: &str, at: i64, payload: &[u8]) -> Option<String> {
    let webhook = Webhook::new(&app.host_api.secret).ok()?;
    webhook.sign(id, at, payload).ok()
}

/// Lets a call in: signed, of these minutes, and for the first time (WH-06).
pub(crate) async fn believe(app: &App, request: &HttpRequest, body: &[u8]) -> Result<(), PageError> {
    let signature = Signature::read(request).ok_or(PageError::NotSigned)?;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut payload = format!("{} {target}\n", request.method()).into_bytes();
    payload.extend_from_slice(body);
    if !signature.fits(&app.host_api.secret, &payload) {
        return Err(PageError::NotSigned);
    }
    let now = (app.host_api.wall)();
    if (now - signature.at).0.abs() > TOLERANCE.0 {
        return Err(PageError::NotSigned);
    }
    // Counted in the window of the signature's own moment: the same call again falls into the same window.
    let once = Bucket {
        tag: app.db.index_tag("host-call", &[signature.id.as_bytes()]),
        limit: 1,
        window: Span::days(1),
    };
    if app.db.spend(&once, signature.at).await? {
        Ok(())
    } else {
        Err(PageError::NotSigned)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SECRET: &str = "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=";

    fn signature(given: &str) -> Signature<'_> {
        Signature {
            id: "msg_2xK8c1Qm7dVt",
            at: At(1_795_176_000_000_000),
            given,
        }
    }

    /// WH-06: the worked example of docs/host.md, and what is not it.
    #[test]
    fn wh_06_a_signature_fits_its_payload_only() {
        let payload = b"POST /readmit/accounts/acc_ada/password\n{\"password\":\"ada-halcyon\"}";
        let right = "v1,fAv8tF4QLSDy8r1rR9ujqazXoOiD2b8lm1HscM4jCU8=";
        assert!(signature(right).fits(SECRET, payload));
        assert!(
            signature(&format!("v1,AAAA {right}")).fits(SECRET, payload),
            "any one of several"
        );
        assert!(!signature(right).fits(SECRET, b"POST /readmit/accounts/acc_eve/password\n{}"));
        assert!(!signature(right).fits("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", payload));
        for wrong in [
            "",
            "v1,",
            "v1a,fAv8tF4QLSDy8r1rR9ujqazXoOiD2b8lm1HscM4jCU8=",
            "fAv8tF4QLSDy8r1rR9ujqazXoOiD2b8lm1HscM4jCU8=",
        ] {
            assert!(!signature(wrong).fits(SECRET, payload), "{wrong}");
        }
    }
}
