//! The scripted host: one account, as its scenario wants it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use readmit_core::answers::{AccountView, Answers, Decoys, LedgerRow, Lookup, QuestionFacts, SignIn, Verdict, Visit};
use readmit_core::ids::AccountId;
use readmit_core::kind::FactValue;
use readmit_core::ports::{Outside, Unreachable};
use readmit_core::time::Span;
use readmit_core::workflow::vocabulary::Vocabulary;

use super::player::{ACCOUNT, ADDRESS, NOON};

#[derive(Clone)]
pub(super) struct Host(pub(super) Arc<Mutex<HostState>>);

pub(super) struct HostState {
    pub(super) view: AccountView,
    pub(super) password: Verdict,
    pub(super) bare: bool,
    pub(super) remedy: String,
}

impl Outside for Host {
    fn reaches_phones(&self) -> bool {
        true
    }

    async fn look_up(&self, lookups: Vec<Lookup>) -> Result<Answers, Unreachable> {
        let host = self.0.lock().unwrap();
        let mut answers = Answers::default();
        for lookup in lookups {
            match lookup {
                Lookup::SignIn { email, password } => {
                    let known = email == ADDRESS;
                    let verdict = match (known, password) {
                        (false, _) => Verdict::Unknown,
                        (true, None) => Verdict::NotAsked,
                        (true, Some(p)) if p.0 == "right" => host.password,
                        (true, Some(_)) => Verdict::Wrong,
                    };
                    answers.sign_in = Some(SignIn {
                        account: known.then(|| AccountId(ACCOUNT.into())),
                        verdict,
                    });
                }
                Lookup::Password { password, .. } => {
                    answers.password = Some(if password.0 == "right" {
                        host.password
                    } else {
                        Verdict::Wrong
                    });
                }
                Lookup::Account { .. } => answers.account = Some(host.view.clone()),
                Lookup::QuestionFacts { .. } => {
                    answers.question_facts = Some(if host.bare { QuestionFacts::default() } else { facts() });
                }
                Lookup::Passkey(lookup) => super::factors::passkey(lookup, &mut answers),
            }
        }
        Ok(answers)
    }
}

/// An ordinary account's history: enough to ask about.
fn facts() -> QuestionFacts {
    let visit = |days: i64, city: &str, country: &str, device: &str| Visit {
        at: NOON - Span::days(days),
        city: city.into(),
        country: country.into(),
        device: device.into(),
    };
    let row = |n: i64, kind: &str, asset: &str, network: &str, amount: &str| LedgerRow {
        id: format!("L-{n}"),
        kind: kind.into(),
        asset: asset.into(),
        network: network.into(),
        amount: amount.into(),
        fee: "0.1".into(),
        at: NOON - Span::days(n * 11),
        address: format!("addr{n}"),
        txid: format!("tx{n}"),
        counterparty: "Northwind".into(),
    };
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    QuestionFacts {
        registered: Some(NOON - Span::days(900)),
        visits: vec![
            visit(3, "Utrecht", "NL", "Pixel 8"),
            visit(20, "Utrecht", "NL", "ThinkPad X1"),
            visit(45, "Ghent", "BE", "Pixel 8"),
            visit(80, "Utrecht", "NL", "Pixel 8"),
        ],
        ledger: vec![
            row(1, "deposit", "BTC", "bitcoin", "0.42"),
            row(2, "withdrawal", "USDT", "tron", "1250.00"),
            row(3, "deposit", "ETH", "ethereum", "3.1"),
            row(4, "trade", "SOL", "", "40"),
            row(5, "deposit", "USDT", "tron", "900"),
            row(6, "withdrawal", "BTC", "bitcoin", "0.1"),
        ],
        decoys: Decoys {
            cities: words(&[
                "Oslo", "Porto", "Leeds", "Turin", "Graz", "Malmö", "Lyon", "Cork", "Gdańsk", "Bilbao",
            ]),
            countries: words(&["NO", "PT", "GB", "IT", "AT", "SE", "FR", "IE", "PL", "ES"]),
            devices: words(&[
                "iPhone 13",
                "Galaxy S22",
                "MacBook Air",
                "Surface 9",
                "iPad 9",
                "Xperia 5",
                "Moto G",
            ]),
            assets: words(&["DOGE", "ADA", "XRP", "LTC", "DOT", "TRX", "AVAX", "LINK", "ATOM", "XMR"]),
        },
    }
}

/// Attributes as the account directory's adapter hands them on: what the vocabulary does not know is left out.
pub(super) fn mapped(attributes: &BTreeMap<String, FactValue>) -> BTreeMap<String, FactValue> {
    let vocabulary = std::fs::read_to_string(super::transcripts::workflows().join("vocabulary.yaml")).unwrap();
    let given = attributes
        .iter()
        .map(|(name, value)| (name.clone(), serde_json::to_value(value).unwrap()));
    Vocabulary::read(&vocabulary).unwrap().mapped(&given.collect())
}
