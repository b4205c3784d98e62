//! What waits for a second factor: kept in memory until the person comes back from Readmit with a signed result, and done
//! only then, once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::sign::{Distrust, Signer};

/// How long the person may take.
const PATIENCE: Duration = Duration::minutes(15);

/// What is done once it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Open a session for the owner, in a browser called so.
    SignIn {
        device: String,
    },
    Withdraw {
        asset: String,
        amount: String,
        address: String,
    },
    AddBankAccount {
        iban: String,
    },
}

impl Act {
    /// Readmit's word for it.
    pub(crate) const fn purpose(&self) -> &'static str {
        match self {
            Self::SignIn { .. } => "login",
            Self::Withdraw { .. } => "withdrawal",
            Self::AddBankAccount { .. } => "add_bank_account",
        }
    }

    /// What the person is shown.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::SignIn { device } => format!("Sign in to Halcyon with {device}"),
            Self::Withdraw { asset, amount, address } => format!("Withdraw {amount} {asset}\nto {address}"),
            Self::AddBankAccount { iban } => format!("Add the bank account {iban}"),
        }
    }

    pub(crate) fn digest(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.text()))
    }
}

/// Something that waits for its result.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) account: String,
    pub(crate) act: Act,
    /// Readmit's name of the step-up.
    pub(crate) id: String,
    since: OffsetDateTime,
}

/// The query of the way back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    id: String,
    at: i64,
    /// JSON in base64url.
    result: String,
    /// In base64url.
    signature: String,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    account: String,
    purpose: String,
    digest: String,
    outcome: String,
    audience: String,
    expires: i64,
}

/// Why nothing is done.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unconfirmed {
    #[error("nothing waits in this browser")]
    Nothing,
    #[error("the person came back without a result")]
    Cancelled,
    #[error("the factor was not proven")]
    NotPassed,
    #[error("the result is for something else")]
    Other,
    #[error("the result is too old")]
    Late,
    #[error(transparent)]
    Distrust(#[from] Distrust),
}

/// All that waits, by the SHA-256 of the cookie's value.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<HashMap<String, Pending>>);

impl Waiting {
    pub(crate) fn add(&self, token: String, account: &str, act: Act, id: String, now: OffsetDateTime) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, pending| now - pending.since < PATIENCE);
        let account = account.to_owned();
        let since = now;
        all.insert(
            token,
            Pending {
                account,
                act,
                id,
                since,
            },
        );
    }

    /// What was confirmed, which waits no more: a result is believed once. `audience` is where it came back to.
    pub(crate) fn confirm(
        &self,
        token: &str,
        back: &Back,
        audience: &str,
        signer: &Signer,
        now: OffsetDateTime,
    ) -> Result<Pending, Unconfirmed> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = all.get(token).filter(|pending| now - pending.since < PATIENCE);
        let pending = pending.cloned().ok_or(Unconfirmed::Nothing)?;
        if back.result.is_empty() {
            return Err(Unconfirmed::Cancelled);
        }
        let decoded = |text: &str| {
            BASE64URL_NOPAD
                .decode(text.as_bytes())
                .ok()
                .and_then(|b| String::from_utf8(b).ok())
        };
        let (result, signature) = decoded(&back.result)
            .zip(decoded(&back.signature))
            .ok_or(Distrust::Signature)?;
        let payload = format!("RESULT {audience}\n{result}");
        signer.verify_result(&back.id, back.at, &signature, payload.as_bytes(), now)?;
        let told: Told = serde_json::from_str(&result).map_err(|_| Unconfirmed::Other)?;
        let fits = told.id == pending.id
            && told.id == back.id
            && told.account == pending.account
            && told.purpose == pending.act.purpose()
            && told.digest == pending.act.digest()
            && told.audience == audience;
        if !fits {
            return Err(Unconfirmed::Other);
        }
        if now.unix_timestamp() >= told.expires {
            return Err(Unconfirmed::Late);
        }
        all.remove(token);
        if told.outcome == "passed" {
            Ok(pending)
        } else {
            Err(Unconfirmed::NotPassed)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00:30 UTC);
    const HERE: &str = "https://halcyon.example/confirmed";

    fn signer() -> Signer {
        Signer::new(
            "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=",
            NOW - Duration::hours(1),
        )
        .unwrap()
    }

    fn act() -> Act {
        Act::Withdraw {
            asset: "BTC".into(),
            amount: "0.5".into(),
            address: "bc1qexample".into(),
        }
    }

    fn waiting() -> Waiting {
        let waiting = Waiting::default();
        waiting.add("token".into(), "acc_ada", act(), "su1".into(), NOW);
        waiting
    }

    /// A result as Readmit gives it, after a change.
    fn back(change: impl Fn(&mut serde_json::Value), audience: &str, at: OffsetDateTime) -> Back {
        let mut told = serde_json::json!({
            "id": "su1", "account": "acc_ada", "purpose": "withdrawal", "digest": act().digest(), "outcome": "passed",
            "method": "totp", "audience": audience, "expires": at.unix_timestamp() + 60,
        });
        change(&mut told);
        let result = told.to_string();
        let signature = signer()
            .sign_result("su1", at, format!("RESULT {audience}\n{result}").as_bytes())
            .unwrap();
        Back {
            id: "su1".into(),
            at: at.unix_timestamp(),
            result: BASE64URL_NOPAD.encode(result.as_bytes()),
            signature: BASE64URL_NOPAD.encode(signature.as_bytes()),
        }
    }

    /// The result counts for one purpose, text, account and address, for a minute, and once.
    #[test]
    fn a_result_is_believed_once_and_for_what_was_asked() {
        let (waiting, signer) = (waiting(), signer());
        let good = back(|_| {}, HERE, NOW);
        assert_eq!(
            waiting.confirm("other", &good, HERE, &signer, NOW).unwrap_err(),
            Unconfirmed::Nothing
        );
        assert_eq!(
            waiting
                .confirm("token", &Back::default(), HERE, &signer, NOW)
                .unwrap_err(),
            Unconfirmed::Cancelled
        );
        for (field, value) in [
            ("id", "su2"),
            ("account", "acc_eve"),
            ("purpose", "login"),
            ("digest", "00"),
            ("audience", "https://evil.example/"),
        ] {
            let other = back(|told| told[field] = value.into(), HERE, NOW);
            let refused = waiting.confirm("token", &other, HERE, &signer, NOW).unwrap_err();
            assert_eq!(refused, Unconfirmed::Other, "{field}");
        }
        let elsewhere = back(|_| {}, "https://evil.example/", NOW);
        assert_eq!(
            waiting.confirm("token", &elsewhere, HERE, &signer, NOW).unwrap_err(),
            Unconfirmed::Distrust(Distrust::Signature)
        );
        let late = NOW + Duration::seconds(60);
        assert_eq!(
            waiting.confirm("token", &good, HERE, &signer, late).unwrap_err(),
            Unconfirmed::Late
        );
        let pending = waiting
            .confirm("token", &good, HERE, &signer, NOW + Duration::seconds(59))
            .unwrap();
        assert_eq!((pending.account.as_str(), pending.act), ("acc_ada", act()));
        assert_eq!(
            waiting.confirm("token", &good, HERE, &signer, NOW).unwrap_err(),
            Unconfirmed::Nothing
        );
    }

    #[test]
    fn what_was_not_passed_is_over_and_what_was_changed_is_not_believed() {
        let (waiting, signer) = (waiting(), signer());
        let mut changed = back(|_| {}, HERE, NOW);
        changed.at += 1;
        assert_eq!(
            waiting.confirm("token", &changed, HERE, &signer, NOW).unwrap_err(),
            Unconfirmed::Distrust(Distrust::Signature)
        );
        let failed = back(|told| told["outcome"] = "not_passed".into(), HERE, NOW);
        assert_eq!(
            waiting.confirm("token", &failed, HERE, &signer, NOW).unwrap_err(),
            Unconfirmed::NotPassed
        );
        let after = waiting.confirm("token", &failed, HERE, &signer, NOW);
        assert_eq!(after.unwrap_err(), Unconfirmed::Nothing, "one answer a step-up");
        let later = NOW + PATIENCE;
        let waiting = super::tests::waiting();
        let good = back(|_| {}, HERE, later);
        assert_eq!(
            waiting.confirm("token", &good, HERE, &signer, later).unwrap_err(),
            Unconfirmed::Nothing
        );
    }
}
