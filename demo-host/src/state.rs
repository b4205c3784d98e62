//! Everything of the host that changes, and the rules by which it does. Pure: the clock is handed in, `store` makes it last.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::model::{Reset, Revoke};
use crate::notice::Notice;
use crate::passwords::{HashError, Passwords};
use crate::remedy::Remedy;
use crate::seed;

/// The format of the file; another one is refused.
const FORMAT: u8 = 1;
/// Wrong passwords in a row on our own page before it pauses, and for how long.
const FAILURES: u32 = 10;
const PAUSE: Duration = Duration::minutes(15);
/// A session ends a day after sign-in (SE-02).
const SESSION: Duration = Duration::hours(24);

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    format: u8,
    /// The moment from which the accounts' pasts are counted back.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) epoch: OffsetDateTime,
    /// By account id.
    accounts: BTreeMap<String, Standing>,
    /// By the SHA-256 of the cookie's value.
    pub(crate) sessions: BTreeMap<String, Session>,
    /// Those that a remedy ended, until they would have ended by themselves.
    #[serde(default)]
    pub(crate) ended: BTreeMap<String, Ended>,
    /// By idempotency key.
    pub(crate) remedies: BTreeMap<String, Remedy>,
    /// By account id, then by thread.
    notices: BTreeMap<String, BTreeMap<String, Notice>>,
}

/// How one account stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standing {
    /// The hash; none after a reset, until the owner has set a new one.
    pub(crate) password: Option<String>,
    /// Locked by the exchange, until it says otherwise.
    password_locked: bool,
    /// Wrong passwords in a row on our own sign-in page. Readmit's questions do not count (RF-08).
    failures: u32,
    #[serde(with = "time::serde::rfc3339::option")]
    paused_until: Option<OffsetDateTime>,
    /// Withdrawals, transfers to others, new addresses.
    #[serde(with = "time::serde::rfc3339::option")]
    locked_until: Option<OffsetDateTime>,
    pub(crate) trusted_devices: Vec<String>,
    pub(crate) api_keys: Vec<String>,
    /// Newest last.
    pub(crate) resets: Vec<Done>,
    /// The SHA-256 of the token in the mail that asks for a new password.
    new_password: Option<String>,
    /// What left the account, newest last.
    #[serde(default)]
    pub(crate) withdrawals: Vec<Withdrawal>,
    #[serde(default)]
    pub(crate) bank_accounts: Vec<BankAccount>,
}

/// A withdrawal that was confirmed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    pub(crate) asset: String,
    pub(crate) amount: String,
    pub(crate) address: String,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
}

/// A bank account that was confirmed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BankAccount {
    pub(crate) iban: String,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
}

/// A reset that was carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Done {
    pub(crate) case: String,
    pub(crate) reset: Vec<Reset>,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
}

/// A browser that is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    pub(crate) account: String,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) since: OffsetDateTime,
    pub(crate) device: String,
}

/// A session that a remedy ended: its browser is told why.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    pub(crate) session: Session,
    /// What was reset; nothing where a single factor was removed.
    pub(crate) reset: Vec<Reset>,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
}

impl Session {
    pub(crate) fn lives(&self, now: OffsetDateTime) -> bool {
        now - self.since < SESSION
    }
}

impl State {
    /// A host that starts for the first time.
    pub(crate) fn new(epoch: OffsetDateTime, passwords: &Passwords) -> Result<Self, HashError> {
        let standing = |resident: &seed::Resident| {
            let password = passwords.hash(&seed::password_of(resident.email))?;
            Ok((
                resident.id.to_owned(),
                Standing::new(password, resident.is_password_locked()),
            ))
        };
        Ok(Self {
            format: FORMAT,
            epoch,
            accounts: seed::roster().iter().map(standing).collect::<Result<_, HashError>>()?,
            sessions: BTreeMap::new(),
            ended: BTreeMap::new(),
            remedies: BTreeMap::new(),
            notices: BTreeMap::new(),
        })
    }

    /// Whether this build can read the file, and knows the same accounts.
    pub(crate) fn is_readable(&self) -> bool {
        self.format == FORMAT && self.accounts.keys().map(String::as_str).eq(seed::roster_ids())
    }

    pub(crate) fn standing(&self, account: &str) -> Option<&Standing> {
        self.accounts.get(account)
    }

    pub(crate) fn standing_mut(&mut self, account: &str) -> Option<&mut Standing> {
        self.accounts.get_mut(account)
    }

    /// Locks withdrawals for `seconds` from `now`. Of two locks the later end wins (RF-14); the end is given back.
    pub(crate) fn lock(&mut self, account: &str, seconds: u32, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let standing = self.accounts.get_mut(account)?;
        let asked = (seconds > 0).then(|| now + Duration::seconds(seconds.into()));
        standing.locked_until = standing.locked_until(now).max(asked);
        standing.locked_until
    }

    /// Takes away what a remedy that resets these kinds revokes.
    pub(crate) fn revoke(&mut self, account: &str, what: &[Revoke], reset: &[Reset], now: OffsetDateTime) {
        let Some(standing) = self.accounts.get_mut(account) else {
            return;
        };
        for kind in what {
            match kind {
                Revoke::Sessions => {
                    let over = self.sessions.extract_if(.., |_, session| session.account == account);
                    let over = over.map(|(name, session)| {
                        let reset = reset.to_vec();
                        (
                            name,
                            Ended {
                                session,
                                reset,
                                at: now,
                            },
                        )
                    });
                    self.ended.extend(over);
                    self.ended.retain(|_, ended| ended.session.lives(now));
                }
                Revoke::TrustedDevices => standing.trusted_devices.clear(),
                Revoke::ApiKeys => standing.api_keys.clear(),
            }
        }
    }

    /// Records what Readmit has reset. A password is ours: the old one is gone at once.
    pub(crate) fn record(&mut self, account: &str, done: Done, new_password: Option<String>) {
        let Some(standing) = self.accounts.get_mut(account) else {
            return;
        };
        if done.reset.contains(&Reset::Password) {
            standing.password = None;
            standing.new_password = new_password;
        }
        standing.resets.push(done);
    }

    /// Books a withdrawal, unless the account is locked.
    pub(crate) fn withdraw(&mut self, account: &str, made: Withdrawal, now: OffsetDateTime) -> bool {
        let open = self.unlocked(account, now);
        open.map(|standing| standing.withdrawals.push(made)).is_some()
    }

    /// Adds a bank account, unless the account is locked.
    pub(crate) fn add_bank_account(&mut self, account: &str, added: BankAccount, now: OffsetDateTime) -> bool {
        let open = self.unlocked(account, now);
        open.map(|standing| standing.bank_accounts.push(added)).is_some()
    }

    fn unlocked(&mut self, account: &str, now: OffsetDateTime) -> Option<&mut Standing> {
        let standing = self.standing_mut(account)?;
        standing.locked_until(now).is_none().then_some(standing)
    }

    /// Keeps a notice, unless a later one of its thread is here already.
    pub(crate) fn keep_notice(&mut self, account: &str, thread: String, notice: Notice) {
        let of_account = self.notices.entry(account.to_owned()).or_default();
        if of_account.get(&thread).is_none_or(|there| there.at() <= notice.at()) {
            of_account.insert(thread, notice);
        }
    }

    /// What the owner should see now, newest first.
    pub(crate) fn notices(&self, account: &str, now: OffsetDateTime) -> Vec<&Notice> {
        let mut live: Vec<&Notice> = self
            .notices
            .get(account)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter(|notice| notice.lives(now))
            .collect();
        live.sort_by_key(|notice| std::cmp::Reverse(notice.at()));
        live
    }

    /// The account whose mail carried the token with this hash.
    pub(crate) fn who_may_set(&self, token: &str) -> Option<&str> {
        let asked = self
            .accounts
            .iter()
            .find(|(_, standing)| standing.new_password.as_deref() == Some(token));
        asked.map(|(id, _)| id.as_str())
    }

    /// Sets a new password with the token of the mail, which is spent by it; false if it opens nothing.
    pub(crate) fn set_password(&mut self, token: &str, hash: String) -> bool {
        let asked = self
            .accounts
            .values_mut()
            .find(|standing| standing.new_password.as_deref() == Some(token));
        asked.map(|standing| standing.set_password(hash)).is_some()
    }

    /// Sessions that still live, of one account, oldest first.
    pub(crate) fn sessions_of(&self, account: &str, now: OffsetDateTime) -> Vec<(&String, &Session)> {
        let mut live: Vec<_> = self
            .sessions
            .iter()
            .filter(|(_, one)| one.account == account && one.lives(now))
            .collect();
        live.sort_by_key(|(_, session)| session.since);
        live
    }
}

impl Standing {
    fn new(password: String, password_locked: bool) -> Self {
        Self {
            password: Some(password),
            password_locked,
            failures: 0,
            paused_until: None,
            locked_until: None,
            trusted_devices: seed::TRUSTED_DEVICES.map(str::to_owned).into(),
            api_keys: seed::API_KEYS.map(str::to_owned).into(),
            resets: Vec::new(),
            new_password: None,
            withdrawals: Vec::new(),
            bank_accounts: Vec::new(),
        }
    }

    /// Until when withdrawals are locked, if they are.
    pub(crate) fn locked_until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.locked_until.filter(|until| *until > now)
    }

    /// Whether the password may be tried at all.
    pub(crate) fn is_locked(&self, now: OffsetDateTime) -> bool {
        self.password_locked || self.paused_until.is_some_and(|until| until > now)
    }

    /// Counts one try on our own sign-in page: after ten wrong ones in a row it pauses.
    pub(crate) fn count(&mut self, right: bool, now: OffsetDateTime) {
        self.failures = if right { 0 } else { self.failures + 1 };
        if self.failures >= FAILURES {
            self.failures = 0;
            self.paused_until = Some(now + PAUSE);
        }
    }

    /// The owner has set a new password.
    fn set_password(&mut self, hash: String) {
        self.password = Some(hash);
        self.new_password = None;
        self.failures = 0;
        self.paused_until = None;
    }
}
