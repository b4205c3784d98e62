//! Authenticator apps (RFC 6238): the secret as it is kept, shown and checked. One step of skew each way; that a step
//! counts once is the caller's, by the factor's mark (TO-01, TO-02).

use readmit_core::time::At;
use serde::{Deserialize, Serialize};
use totp_rs::Builder;

/// 160 bits (TO-03), which are 32 characters of base 32.
const BYTES: usize = 20;
pub(crate) const DIGITS: u32 = 6;

/// What is kept of an app. The other values of RFC 6238 are the ones that every app knows: SHA-1, 6 digits, 30 seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totp {
    /// Base 32 without padding.
    secret: String,
}

impl Totp {
    /// A secret from random bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        let bytes: Vec<u8> = random.into_iter().take(BYTES).collect();
        Self {
            secret: data_encoding::BASE32_NOPAD.encode(&bytes),
        }
    }

    /// The key as people copy it, in groups of four.
    pub(crate) fn groups(&self) -> Vec<String> {
        let symbols: Vec<char> = self.secret.chars().collect();
        symbols.chunks(4).map(|group| group.iter().collect()).collect()
    }

    /// What the QR code says: `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER`.
    pub(crate) fn address(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (escaped(issuer), escaped(account));
        format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
            self.secret
        )
    }

    /// The time step whose code was typed, if it lies within one step of `now`.
    pub(crate) fn step(&self, typed: &str, now: At) -> Option<i64> {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let secret = data_encoding::BASE32_NOPAD.decode(self.secret.as_bytes()).ok()?;
        let totp = Builder::new().with_secret(secret).build().ok()?;
        let step = totp.check(&digits, u64::try_from(now.as_unix_seconds()).ok()?)?;
        i64::try_from(step).ok()
    }
}

/// Everything but letters, digits, `-`, `.` and `_` as `%XX`.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use readmit_core::time::Span;

    /// `12345678901234567890`, the secret of RFC 6238, appendix B.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn rfc() -> Totp {
        Totp { secret: RFC.into() }
    }

    /// TO-01: the SHA-1 vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn to_01_the_vectors_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = At::default() + Span::seconds(seconds);
            assert_eq!(rfc().step(code, at), Some(seconds / 30), "{seconds}");
        }
    }

    /// TO-01: one step of skew each way, and no more.
    #[test]
    fn to_01_one_step_each_way() {
        let at = |seconds| At::default() + Span::seconds(seconds);
        let steps = |from: i64| (0..=4).map(move |n| rfc().step("050471", at(from + 30 * n)));
        let here = 1_111_111_111 / 30;
        let seen: Vec<_> = steps(1_111_111_111 - 60).collect();
        assert_eq!(seen, [None, Some(here), Some(here), Some(here), None]);
        assert_eq!(
            rfc().step(" 050 471 ", at(1_111_111_111)),
            Some(here),
            "as people copy it"
        );
        assert_eq!(rfc().step("", at(1_111_111_111)), None);
    }

    /// TO-03: 160 bits, shown as 32 characters in groups, and in an address that every app reads.
    #[test]
    fn to_03_a_secret_has_160_bits() {
        let totp = Totp::new([7; 32]);
        assert_eq!(totp.groups().len(), 8);
        assert_eq!(totp.groups().concat().len(), 32);
        assert_eq!(
            rfc().address("North & West", "ada@example.com"),
            format!("otpauth://totp/North%20%26%20West:ada%40example.com?secret={RFC}&issuer=North%20%26%20West")
        );
    }
}
