//! What Halcyon knows of an account. All of it is made by `seed` and never changes while the host runs; what does change
//! (passwords, locks, sessions) lives in `state`.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// One account of the exchange.
pub(crate) struct Account {
    pub(crate) id: &'static str,
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    pub(crate) language: Language,
    pub(crate) kyc: Kyc,
    pub(crate) tier: Tier,
    /// Closed for good: its remedies are refused.
    pub(crate) closed: bool,
    pub(crate) since: OffsetDateTime,
    pub(crate) profile: Profile,
    /// Newest first.
    pub(crate) sign_ins: Vec<SignIn>,
    /// Newest first.
    pub(crate) ledger: Vec<LedgerRow>,
}

/// The language the owner chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    En,
    Zh,
    Es,
}

impl Language {
    /// The BCP 47 tag, for `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
            Self::Es => "es",
        }
    }
}

/// How far the owner's identity was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kyc {
    None,
    Primary,
    Advanced,
}

/// How much lies on the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tier {
    Low,
    Standard,
    High,
}

/// What the owner told us or chose; a missing value was never given.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Profile {
    /// Year and month of registration, `2019-03`.
    pub(crate) registered_month: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<&'static str>,
    /// ISO 4217: the currency in which values are shown.
    pub(crate) currency: Option<&'static str>,
    /// `none`, `friend`, `search`, `advertisement` or `event`.
    pub(crate) referral: Option<&'static str>,
    /// The coin of the first trade: the left side of its market.
    pub(crate) first_asset_traded: Option<&'static str>,
    /// Assets with a balance above zero, in alphabetical order.
    pub(crate) assets_held: Vec<&'static str>,
}

/// One sign-in of the past.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SignIn {
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
    pub(crate) city: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
    pub(crate) device: &'static str,
}

/// What a row of the ledger did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RowKind {
    Deposit,
    Withdrawal,
    Trade,
}

/// One movement of one asset. A trade is two rows of the same time: what was bought (above zero) and what was paid (below zero).
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LedgerRow {
    pub(crate) id: String,
    pub(crate) kind: RowKind,
    pub(crate) asset: &'static str,
    /// The chain of a deposit or withdrawal.
    pub(crate) network: Option<&'static str>,
    pub(crate) amount: Amount,
    /// In the same asset, never below zero.
    pub(crate) fee: Amount,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
    /// Where a withdrawal went, or our address that a deposit came to.
    pub(crate) address: Option<String>,
    pub(crate) txid: Option<String>,
    /// The platform or wallet on the other side; of a trade, the market.
    pub(crate) counterparty: Option<&'static str>,
}

/// An amount of an asset in units of 10⁻⁸, written as a plain decimal string (`0.0125`, `-40`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Amount(pub(crate) i64);

impl Amount {
    pub(crate) const ONE: i64 = 100_000_000;
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let units = self.0.unsigned_abs();
        let one = Self::ONE.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let fraction = format!("{:08}", units % one);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", units / one),
            digits => write!(f, "{sign}{}.{digits}", units / one),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a remedy may reset. Only `password` is the host's own; the others are kept by Readmit, which tells us that they are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reset {
    Passkey,
    Totp,
    Phone,
    RecoveryCodes,
    Password,
}

impl Reset {
    /// For the owner's page.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Passkey => "passkeys",
            Self::Totp => "authenticator app",
            Self::Phone => "phone number",
            Self::RecoveryCodes => "recovery codes",
            Self::Password => "password",
        }
    }

    /// With the verb that goes with it: `passkeys were`.
    pub(crate) fn with_verb(self) -> String {
        let verb = match self {
            Self::Passkey | Self::RecoveryCodes => "were",
            Self::Totp | Self::Phone | Self::Password => "was",
        };
        format!("{} {verb}", self.words())
    }
}

/// What a remedy may take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Revoke {
    Sessions,
    TrustedDevices,
    ApiKeys,
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn amounts_are_plain_decimals() {
        let written: Vec<String> = [0, 1, 100_000_000, 125_000_000, -4_000_000_000]
            .map(|units| Amount(units).to_string())
            .into();
        assert_eq!(written, ["0", "0.00000001", "1", "1.25", "-40"]);
    }
}
