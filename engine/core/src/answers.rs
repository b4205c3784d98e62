//! Lookups: reads of the outside that the shell makes before `decide`, once a request, and their answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::effect::SIM_CHANGED;
use crate::guard::Enrolled;
use crate::ids::AccountId;
use crate::kind::FactValue;
use crate::time::At;

/// A word that must not be logged, stored or compared carelessly: a password as typed.
#[derive(Clone, PartialEq, Eq, Zeroize)]
#[zeroize(drop)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a step kind asks to read for one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `POST /accounts/sign-in`: made alike for known, unknown and forgotten.
    SignIn { email: String, password: Option<Secret> },
    /// `POST /accounts/{id}/password`, after the code has passed.
    Password { account: AccountId, password: Secret },
    /// `GET /accounts/{id}`: the vocabulary's attributes and where the owner is reached.
    Account { account: AccountId },
    /// Ledger, sign-ins and profile: what questions are built from.
    QuestionFacts { account: AccountId },
    /// A passkey ceremony: its library reads clock and randomness.
    Passkey(PasskeyLookup),
}

/// One half of a passkey ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasskeyLookup {
    /// A challenge. For an account that has no passkey, or none at all, the options look the same (PK-06).
    Begin {
        account: Option<AccountId>,
        address: String,
        ceremony: Ceremony,
        /// The factor that must not answer.
        except: Option<uuid::Uuid>,
    },
    /// The browser's answer to the challenge whose state was kept.
    Finish {
        account: AccountId,
        ceremony: Ceremony,
        state: serde_json::Value,
        answer: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    Create,
    Get,
}

/// A challenge: what the browser is told, and what is kept (sealed) until it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Began {
    pub options: serde_json::Value,
    pub state: serde_json::Value,
}

/// What became of the browser's answer. One refusal for all reasons (PK-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasskeyAnswer {
    /// A new passkey, without a name yet.
    Created(Enrolled),
    /// A passkey of the account answered; `now` is how it is kept from here on.
    Used {
        factor: uuid::Uuid,
        now: Enrolled,
        /// It was backed up before, and is no longer.
        unsynced: bool,
    },
    /// The signature counter did not rise: the passkey may have been copied (PK-04).
    CounterBack,
    Refused,
    /// Refused, and of an id that was removed: what the browser is told, so that it offers the passkey no more (PK-07).
    Removed {
        signal: serde_json::Value,
    },
}

/// What the lookups of one request answered; absent where not asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    pub sign_in: Option<SignIn>,
    pub password: Option<Verdict>,
    pub account: Option<AccountView>,
    pub question_facts: Option<QuestionFacts>,
    pub began: Option<Began>,
    pub passkey: Option<PasskeyAnswer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub account: Option<AccountId>,
    pub verdict: Verdict,
}

/// What the host said of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    Wrong,
    Locked,
    Unknown,
    NotAsked,
}

/// The account directory's view of one account. Personal data: sealed state only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountView {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub language: String,
    /// `account.*` of the vocabulary as the host gives them; a value outside the vocabulary is left out.
    pub attributes: BTreeMap<String, FactValue>,
    pub since: Option<At>,
    pub last_sign_in: Option<Visit>,
}

impl AccountView {
    /// Whether the host was told that the SIM card behind the owner's number changed lately (OT-06).
    #[must_use]
    pub fn sim_changed(&self) -> bool {
        self.attributes.get(SIM_CHANGED) == Some(&FactValue::Bool(true))
    }
}

/// One sign-in at the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub at: At,
    pub city: String,
    pub country: String,
    pub device: String,
}

/// What questions are built from. Amounts are decimal strings, never floats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionFacts {
    pub registered: Option<At>,
    pub visits: Vec<Visit>,
    pub ledger: Vec<LedgerRow>,
    /// Plausible wrong options of each kind, from the host's whole population.
    pub decoys: Decoys,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    pub id: String,
    /// `deposit`, `withdrawal` or `trade`.
    pub kind: String,
    pub asset: String,
    pub network: String,
    pub amount: String,
    pub fee: String,
    pub at: At,
    pub address: String,
    pub txid: String,
    pub counterparty: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoys {
    pub cities: Vec<String>,
    pub countries: Vec<String>,
    pub devices: Vec<String>,
    pub assets: Vec<String>,
}
