//! The host's answers as they come, and what we make of them.

use std::collections::BTreeMap;

use readmit_core::answers::{AccountView, Decoys, LedgerRow, QuestionFacts, SignIn, Verdict, Visit};
use readmit_core::ids::AccountId;
use readmit_core::time::At;
use readmit_core::workflow::vocabulary::Vocabulary;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

#[derive(Deserialize)]
pub(super) struct Known {
    id: Option<AccountId>,
    verdict: Verdict,
}

impl From<Known> for SignIn {
    fn from(known: Known) -> Self {
        Self {
            account: known.id,
            verdict: known.verdict,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tried {
    pub(super) verdict: Verdict,
}

#[derive(Deserialize)]
pub(super) struct Carried {
    pub(super) done: bool,
}

#[derive(Deserialize)]
pub(super) struct Account {
    id: AccountId,
    email: String,
    name: String,
    language: String,
    attributes: BTreeMap<String, Value>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    since: Option<OffsetDateTime>,
    last_sign_in: Option<SignedIn>,
}

#[derive(Deserialize)]
struct SignedIn {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    city: String,
    country: String,
    device: String,
}

impl From<SignedIn> for Visit {
    fn from(one: SignedIn) -> Self {
        Self {
            at: one.at.into(),
            city: one.city,
            country: one.country,
            device: one.device,
        }
    }
}

impl Account {
    /// What the vocabulary does not know is left out: a condition that reads it sends the case to a person.
    pub(super) fn view(self, vocabulary: &Vocabulary) -> AccountView {
        let attributes = vocabulary.mapped(&self.attributes);
        AccountView {
            id: self.id,
            email: self.email,
            name: self.name,
            language: self.language,
            attributes,
            since: self.since.map(At::from),
            last_sign_in: self.last_sign_in.map(Visit::from),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Facts {
    profile: Profile,
    sign_ins: Vec<SignedIn>,
    decoys: Decoys,
}

#[derive(Deserialize)]
struct Profile {
    /// `2019-03`.
    registered_month: String,
}

#[derive(Deserialize)]
pub(super) struct Ledger {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    asset: String,
    network: Option<String>,
    amount: String,
    fee: String,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    address: Option<String>,
    txid: Option<String>,
    counterparty: Option<String>,
}

pub(super) fn facts(facts: Facts, ledger: Ledger) -> QuestionFacts {
    QuestionFacts {
        registered: month(&facts.profile.registered_month),
        visits: facts.sign_ins.into_iter().map(Visit::from).collect(),
        ledger: self::ledger(ledger),
        decoys: facts.decoys,
    }
}

pub(super) fn ledger(ledger: Ledger) -> Vec<LedgerRow> {
    ledger.rows.into_iter().map(row).collect()
}

fn row(row: Row) -> LedgerRow {
    LedgerRow {
        id: row.id,
        kind: row.kind,
        asset: row.asset,
        network: row.network.unwrap_or_default(),
        amount: row.amount,
        fee: row.fee,
        at: row.at.into(),
        address: row.address.unwrap_or_default(),
        txid: row.txid.unwrap_or_default(),
        counterparty: row.counterparty.unwrap_or_default(),
    }
}

/// The first moment of a month written `2019-03`.
fn month(text: &str) -> Option<At> {
    let (year, month) = text.split_once('-')?;
    let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let day = time::Date::from_calendar_date(year.parse().ok()?, month, 1).ok()?;
    Some(day.midnight().assume_utc().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_its_first_midnight() {
        assert_eq!(
            month("2021-04").map(At::rfc3339).as_deref(),
            Some("2021-04-01T00:00:00Z")
        );
        for wrong in ["2021", "2021-13", "2021-00", "x-04", ""] {
            assert_eq!(month(wrong), None, "{wrong}");
        }
    }
}
