//! The token of a form: idempotency key and CSRF token in one, bound to whom it was made for (SE-04).
//!
//! `KEY.MAC`, where KEY is the request key of the one submit that the form stands for, and MAC is
//! HMAC-SHA-256(form key, holder ‖ KEY), cut to 128 bits. Nothing is stored: a token is as good as the session that it
//! is bound to, and posting it twice is one request.

use readmit_core::cx::{Entropy, tag};
use readmit_core::ids::{CaseId, RequestKey, Tag};
use readmit_core::time::At;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// Signs form tokens; the same on every node of an installation.
#[derive(Clone)]
pub struct FormKey([u8; 32]);

/// Whom a form was made for: the digest of a session's or a guest's secret.
pub type Holder = [u8; 32];

impl FormKey {
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// A token for a form that is about to be shown.
    #[must_use]
    pub fn issue(&self, holder: &Holder, now: At, entropy: &Entropy) -> String {
        let key = entropy.uuid(now, "form", 0);
        format!("{}.{}", key.simple(), self.mac(holder, key))
    }

    /// The request key, if the token was made for this holder.
    #[must_use]
    pub fn check(&self, holder: &Holder, token: &str) -> Option<RequestKey> {
        let (key, mac) = token.split_once('.')?;
        let key = Uuid::try_parse(key).ok()?;
        let right = self.mac(holder, key);
        bool::from(mac.as_bytes().ct_eq(right.as_bytes())).then_some(RequestKey(key))
    }

    /// When a token was made.
    pub(crate) fn made(token: &str) -> Option<At> {
        let key = Uuid::try_parse(token.split_once('.')?.0).ok()?;
        moment(key)
    }

    /// The case that a start form opens: the same form posted twice opens the same case.
    #[must_use]
    pub fn case_of(&self, key: RequestKey) -> CaseId {
        CaseId(self.derive("case", key))
    }

    /// The key of a further command in the same request.
    #[must_use]
    pub fn second(&self, key: RequestKey) -> RequestKey {
        RequestKey(self.derive("second", key))
    }

    /// The request key of whoever follows a link that authorises by itself: following it twice in one step run is one
    /// request. A run that begins anew, as after a contest that was dismissed, can be stopped by the same link again.
    #[must_use]
    pub fn of_link(&self, token: &str, run: u32) -> RequestKey {
        let Tag(bytes) = tag(&self.0, "link", &[token.as_bytes(), &run.to_be_bytes()]);
        RequestKey(Entropy(bytes).uuid(At::default(), "link", 0))
    }

    /// A UUIDv7 of the key's own moment.
    fn derive(&self, purpose: &str, key: RequestKey) -> Uuid {
        let moment = moment(key.0).unwrap_or_default();
        Entropy(tag(&self.0, purpose, &[key.0.as_bytes()]).0).uuid(moment, purpose, 0)
    }

    fn mac(&self, holder: &Holder, key: Uuid) -> String {
        let Tag(bytes) = tag(&self.0, "form", &[holder, key.as_bytes()]);
        let half: Vec<u8> = bytes.into_iter().take(16).collect();
        data_encoding::BASE64URL_NOPAD.encode(&half)
    }
}

/// The moment that a UUIDv7 carries.
fn moment(key: Uuid) -> Option<At> {
    let (seconds, nanos) = key.get_timestamp()?.to_unix();
    let seconds = i64::try_from(seconds).ok()?;
    Some(At(seconds.saturating_mul(1_000_000) + i64::from(nanos / 1_000)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const NOW: At = At(1_700_000_000_000_000);

    /// SE-04: a token is good for its holder only, and any change spoils it.
    #[test]
    fn se_04_a_token_is_bound_to_its_holder() {
        let forms = FormKey::new([5; 32]);
        let token = forms.issue(&[1; 32], NOW, &Entropy([3; 32]));
        let key = forms.check(&[1; 32], &token).unwrap();
        assert_eq!(forms.check(&[1; 32], &token), Some(key), "twice is the same request");
        assert_eq!(forms.check(&[2; 32], &token), None, "another session");
        assert_eq!(
            FormKey::new([6; 32]).check(&[1; 32], &token),
            None,
            "another installation"
        );
        let other = forms.issue(&[1; 32], NOW, &Entropy([4; 32]));
        assert_ne!(forms.check(&[1; 32], &other), Some(key), "one token a form");
        let (left, _) = token.split_once('.').unwrap();
        let (_, right) = other.split_once('.').unwrap();
        for wrong in ["", ".", &format!("{left}.{right}"), &token[..token.len() - 1], left] {
            assert_eq!(forms.check(&[1; 32], wrong), None, "{wrong}");
        }
    }

    #[test]
    fn derived_keys_are_steady_and_apart() {
        let forms = FormKey::new([5; 32]);
        let key = forms
            .check(&[1; 32], &forms.issue(&[1; 32], NOW, &Entropy([3; 32])))
            .unwrap();
        assert_eq!(forms.case_of(key), forms.case_of(key));
        assert_ne!(forms.case_of(key).0, forms.second(key).0);
        assert_eq!(forms.case_of(key).0.get_timestamp().unwrap().to_unix().0, 1_700_000_000);
        assert_eq!(forms.of_link("a", 1), forms.of_link("a", 1));
        assert_ne!(forms.of_link("a", 1), forms.of_link("b", 1));
        assert_ne!(forms.of_link("a", 1), forms.of_link("a", 2));
    }
}
