//! The host contract (docs/host.md), our side of it: lookups for decisions, and what jobs ask for.

mod call;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use readmit_core::answers::{AccountView, Answers, LedgerRow, Lookup, QuestionFacts, SignIn, Verdict};
use readmit_core::effect::EffectError;
use readmit_core::ids::{AccountId, CaseId};
use readmit_core::ports::{Outside, Unreachable};
use readmit_core::workflow::vocabulary::Vocabulary;
use readmit_worker::ports::{Answered, Banner, Host, Ledger, Order, Pending};
use serde_json::json;

use call::{Answer, Caller, Failure};
pub(crate) use call::{client, is_local};

use crate::config::HostAccess;
use crate::surroundings::World;

/// How long all lookups of one request may take together.
const BUDGET: Duration = Duration::from_secs(2);
/// How many rows of the ledger the host is asked for at once; questions are built from the newest of them alone.
const ROWS: usize = 200;
/// How often it is asked for older ones that a picture may be held against: 5,000 rows in all.
const PAGES: usize = 25;

/// Speaks to the host; clones share one connection pool.
#[derive(Clone)]
pub(crate) struct HostClient(Arc<Inner>);

struct Inner {
    caller: Caller,
    vocabulary: Arc<Vocabulary>,
    phones: bool,
}

/// What one lookup answered.
enum Found {
    SignIn(SignIn),
    Password(Verdict),
    Account(Option<AccountView>),
    Facts(Option<QuestionFacts>),
    /// Passkeys are no business of the host's.
    NotOurs,
}

impl HostClient {
    /// Calls are signed with the clock on the `wall`: their age is measured between two machines, not between two moments
    /// of a case.
    ///
    /// # Errors
    /// A sentence, when secret or address cannot be used.
    pub(crate) fn new(
        access: &HostAccess,
        vocabulary: Arc<Vocabulary>,
        wall: World,
        phones: bool,
    ) -> Result<Self, String> {
        let caller = Caller::new(access, wall)?;
        Ok(Self(Arc::new(Inner {
            caller,
            vocabulary,
            phones,
        })))
    }

    async fn find(&self, lookup: Lookup) -> Result<Found, Failure> {
        match lookup {
            Lookup::SignIn { email, password } => {
                let password = password.as_ref().map(|secret| secret.0.as_str());
                let body = json!({ "email": email, "password": password });
                let answer = self.0.caller.post(&["accounts", "sign-in"], &body).await?;
                Ok(Found::SignIn(answer.json::<wire::Known>()?.into()))
            }
            Lookup::Password { account, password } => {
                let body = json!({ "password": password.0 });
                let answer = self.0.caller.post(&["accounts", &account.0, "password"], &body).await?;
                Ok(Found::Password(answer.json::<wire::Tried>()?.verdict))
            }
            Lookup::Account { account } => Ok(Found::Account(self.view(&account).await?)),
            Lookup::QuestionFacts { account } => Ok(Found::Facts(self.facts(&account).await?)),
            Lookup::Passkey(_) => Ok(Found::NotOurs),
        }
    }

    async fn view(&self, account: &AccountId) -> Result<Option<AccountView>, Failure> {
        let answer = self.0.caller.get(&["accounts", &account.0], "").await;
        let account: Option<wire::Account> = known(answer)?.map(|answer| answer.json()).transpose()?;
        Ok(account.map(|account| account.view(&self.0.vocabulary)))
    }

    async fn facts(&self, account: &AccountId) -> Result<Option<QuestionFacts>, Failure> {
        let rows = format!("limit={ROWS}");
        let (facts, ledger) = (["accounts", &account.0, "facts"], ["accounts", &account.0, "ledger"]);
        let (facts, ledger) = tokio::join!(self.0.caller.get(&facts, ""), self.0.caller.get(&ledger, &rows));
        match (known(facts)?, known(ledger)?) {
            (Some(facts), Some(ledger)) => Ok(Some(wire::facts(facts.json()?, ledger.json()?))),
            _ => Ok(None),
        }
    }
}

impl HostClient {
    /// The ledger, page by page. A host that does not tell older rows is not asked again: then there may be some.
    async fn whole_ledger(&self, account: &AccountId, rows: usize, pages: usize) -> Result<Ledger, Failure> {
        let mut ledger = Ledger::default();
        for _ in 0..pages {
            let last = ledger.rows.last().map(|row| row.id.clone());
            let query = match &last {
                Some(last) => format!("limit={rows}&before={}", in_query(last)),
                None => format!("limit={rows}"),
            };
            let path = ["accounts", account.0.as_str(), "ledger"];
            let page = match (known(self.0.caller.get(&path, &query).await), &last) {
                (Ok(Some(answer)), _) => wire::ledger(answer.json()?),
                (Ok(None) | Err(Failure::Said(400..=428) | Failure::Refused), Some(_)) => break,
                (Ok(None), None) => return Ok(ledger),
                (Err(failure), _) => return Err(failure),
            };
            let full = page.len() >= rows;
            let first = |rows: &[LedgerRow]| rows.first().map(|row| row.id.clone());
            if last.is_some() && full && first(&page) == first(&ledger.rows) {
                break;
            }
            ledger.rows.extend(page);
            if !full {
                return Ok(ledger);
            }
        }
        ledger.goes_on = true;
        Ok(ledger)
    }
}

/// A value of a query, with what has a meaning there written as bytes (RFC 3986, section 2.1).
fn in_query(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let written = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    value.bytes().map(written).collect()
}

/// The host's "no such account" is an answer.
fn known(answer: Result<Answer, Failure>) -> Result<Option<Answer>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Failure::Said(404)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

impl Outside for HostClient {
    fn reaches_phones(&self) -> bool {
        self.0.phones
    }

    async fn look_up(&self, lookups: Vec<Lookup>) -> Result<Answers, Unreachable> {
        let all = try_join_all(lookups.into_iter().map(|lookup| self.find(lookup)));
        let found = match tokio::time::timeout(BUDGET, all).await {
            Ok(Ok(found)) => found,
            Ok(Err(failure)) => {
                tracing::warn!(%failure, "the host gave no usable answer");
                return Err(Unreachable("the host".into()));
            }
            Err(_) => return Err(Unreachable("the host".into())),
        };
        Ok(found.into_iter().fold(Answers::default(), |mut answers, one| {
            match one {
                Found::SignIn(sign_in) => answers.sign_in = Some(sign_in),
                Found::Password(verdict) => answers.password = Some(verdict),
                Found::Account(view) => answers.account = view,
                Found::Facts(facts) => answers.question_facts = facts,
                Found::NotOurs => {}
            }
            answers
        }))
    }
}

impl Host for HostClient {
    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<AccountView>> {
        Box::pin(async move { Ok(self.view(account).await?) })
    }

    fn ledger<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Ledger> {
        Box::pin(async move { Ok(self.whole_ledger(account, ROWS, PAGES).await?) })
    }

    fn remedy<'a>(&'a self, account: &'a AccountId, key: CaseId, order: &'a Order) -> Pending<'a, Answered> {
        Box::pin(async move {
            let body = json!({
                "case": order.case,
                "reset": order.reset,
                "lock_withdrawals_seconds": order.lock_withdrawals.as_seconds(),
                "revoke": order.revoke,
            });
            let path = ["accounts", account.0.as_str(), "remedy"];
            match self.0.caller.order(&path, &body, &key.to_string()).await {
                Ok(answer) if answer.json::<wire::Carried>()?.done => Ok(Answered::Done),
                Ok(_) => Err(EffectError::Retry("the host has not finished".into())),
                Err(Failure::Refused) => Ok(Answered::Refused("the host refused".into())),
                Err(failure) => Err(failure.into()),
            }
        })
    }

    fn notice<'a>(&'a self, account: &'a AccountId, banner: &'a Banner) -> Pending<'a, ()> {
        Box::pin(async move {
            let body = json!({
                "thread": banner.thread,
                "kind": banner.kind,
                "title": banner.title,
                "text": banner.text,
                "stop_url": banner.stop,
                "until": banner.until.map(readmit_core::time::At::rfc3339),
                "at": banner.at.rfc3339(),
            });
            self.0.caller.post(&["accounts", &account.0, "notice"], &body).await?;
            Ok(())
        })
    }
}
