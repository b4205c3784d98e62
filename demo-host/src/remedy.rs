//! What approval does here: lock, then revoke, then record. Each part is on disk before the next begins, so that a host that
//! dies between two parts goes on where it was when the same key comes again.

use std::time::Duration;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::exchange::Exchange;
use crate::mailbox::Received;
use crate::model::{Account, Reset, Revoke};
use crate::secret;
use crate::state::{Done, State};
use crate::store::StoreError;

/// The longest lock that is believed: 90 days.
const LONGEST_LOCK: u32 = 90 * 24 * 3_600;

/// What Readmit asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    case: String,
    reset: Vec<Reset>,
    lock_withdrawals_seconds: u32,
    revoke: Vec<Revoke>,
}

/// One remedy by its key, as the file keeps it. The counts say how often each part ran, which is once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remedy {
    pub(crate) account: String,
    pub(crate) case: String,
    /// SHA-256 of account and order: a key stands for one order.
    fingerprint: String,
    pub(crate) phase: Phase,
    #[serde(with = "time::serde::rfc3339::option")]
    locked_until: Option<OffsetDateTime>,
    pub(crate) locks: u32,
    pub(crate) revocations: u32,
    pub(crate) records: u32,
}

/// The last part that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Locked,
    Revoked,
    Done,
}

/// A stop for tests that kill the host: after a part, for so long.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    pub after: Phase,
    pub length: Duration,
}

/// The answer, the same for every call with one key.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    done: bool,
    #[serde(with = "time::serde::rfc3339::option")]
    locked_until: Option<OffsetDateTime>,
}

/// Why nothing was done.
#[derive(Debug)]
pub(crate) enum NotDone {
    Refused(&'static str),
    KeyReused,
    Store(StoreError),
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Order {
    /// What is wrong with it, in a sentence.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.case.is_empty() || self.case.len() > 64 {
            return Err("case must have 1 to 64 bytes.");
        }
        if self.reset.is_empty() && self.lock_withdrawals_seconds == 0 {
            return Err("reset must name at least one kind, or lock_withdrawals_seconds a lock.");
        }
        if self.lock_withdrawals_seconds > LONGEST_LOCK {
            return Err("lock_withdrawals_seconds must be at most 7776000, which is 90 days.");
        }
        Ok(())
    }

    fn fingerprint(&self, account: &str) -> String {
        HEXLOWER.encode(&Sha256::digest(format!("{account}\n{self:?}")))
    }
}

/// Carries out what is left of the order under `key`. Remedies queue: two calls with one key do its work once.
pub(crate) async fn carry_out(
    exchange: &Exchange,
    account: &Account,
    key: String,
    order: Order,
) -> Result<Answer, NotDone> {
    let _turn = exchange.remedies.lock().await;
    let mut remedy = begin(exchange, account, &key, &order).await?;
    while remedy.phase != Phase::Done {
        pause(exchange, remedy.phase).await;
        remedy = advance(exchange, account, &key, &order, remedy).await?;
        if remedy.phase == Phase::Done {
            pause(exchange, Phase::Done).await;
        }
    }
    Ok(Answer {
        done: true,
        locked_until: remedy.locked_until,
    })
}

/// The remedy under this key; a new one begins with the lock.
async fn begin(exchange: &Exchange, account: &Account, key: &str, order: &Order) -> Result<Remedy, NotDone> {
    let fingerprint = order.fingerprint(account.id);
    if let Some(known) = exchange.store.read().remedies.get(key) {
        return if known.fingerprint == fingerprint {
            Ok(known.clone())
        } else {
            Err(NotDone::KeyReused)
        };
    }
    if account.closed {
        return Err(NotDone::Refused("The account is closed. Nothing was changed."));
    }
    let now = exchange.now();
    let lock = |state: &mut State| {
        let remedy = Remedy {
            account: account.id.to_owned(),
            case: order.case.clone(),
            fingerprint,
            phase: Phase::Locked,
            locked_until: state.lock(account.id, order.lock_withdrawals_seconds, now),
            locks: 1,
            revocations: 0,
            records: 0,
        };
        state.remedies.insert(key.to_owned(), remedy.clone());
        remedy
    };
    Ok(exchange.store.change(lock).await?)
}

/// Runs the next part and writes it down.
async fn advance(
    exchange: &Exchange,
    account: &Account,
    key: &str,
    order: &Order,
    mut remedy: Remedy,
) -> Result<Remedy, StoreError> {
    let new_password = match remedy.phase {
        Phase::Revoked if order.reset.contains(&Reset::Password) => Some(ask_for_password(exchange, account).await?),
        _ => None,
    };
    let now = exchange.now();
    let part = |state: &mut State| {
        match remedy.phase {
            Phase::Locked => {
                state.revoke(account.id, &order.revoke, &order.reset, now);
                remedy.revocations += 1;
                remedy.phase = Phase::Revoked;
            }
            Phase::Revoked => {
                let done = Done {
                    case: order.case.clone(),
                    reset: order.reset.clone(),
                    at: now,
                };
                state.record(account.id, done, new_password);
                remedy.records += 1;
                remedy.phase = Phase::Done;
            }
            Phase::Done => {}
        }
        state.remedies.insert(key.to_owned(), remedy.clone());
        remedy
    };
    exchange.store.change(part).await
}

/// Mails the owner a link to the page that sets a new password, and gives the hash of its token. A host that dies before the
/// hash is kept mails another link, and the first opens nothing.
async fn ask_for_password(exchange: &Exchange, account: &Account) -> Result<String, StoreError> {
    let token = secret::token()?;
    let link = format!("{}/password/{token}", exchange.config.origin);
    exchange
        .mailbox
        .push(
            Received::from_halcyon(account.email, "Choose a new password", new_password_text(&link)),
            exchange.now(),
        )
        .await?;
    Ok(secret::hash(&token))
}

fn new_password_text(link: &str) -> String {
    format!(
        "Your request to reset the password was approved. The old password no longer works.\n\n\
         Choose a new one here; the link works once:\n{link}\n\nHalcyon"
    )
}

async fn pause(exchange: &Exchange, phase: Phase) {
    if let Some(pause) = exchange.config.pause.filter(|pause| pause.after == phase) {
        tokio::time::sleep(pause.length).await;
    }
}
