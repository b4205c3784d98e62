//! The factors kept for accounts, sealed under each account's key. Cases remove and suspend them by guards.

use readmit_core::guard::{AccountStanding, Enrolled, FactorSummary};
use readmit_core::ids::{AccountId, Tag};
use readmit_core::time::At;
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::commit::questions_place;
use crate::row::Columns as _;
use crate::seal::{Key, Place};
use crate::{Db, StorageError, chance};

/// One factor of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    pub id: Uuid,
    /// `passkey`, `totp`, `phone` or `recovery_codes`.
    pub kind: String,
    pub name: String,
    pub secret: Value,
    pub added: At,
    pub last_used: Option<At>,
    /// As in [`readmit_core::guard::Guard::FactorStep`].
    pub mark: i64,
    /// A remedy that removes it has begun: it is refused.
    pub suspended: bool,
}

/// What a passkey's id is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyId {
    /// Nobody ever bound it.
    New,
    /// Somebody has it.
    Bound,
    /// It was removed, and is refused for ever (PK-07).
    Removed,
}

/// A factor to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFactor {
    pub kind: String,
    /// What its owner calls it; a phone's number in E.164.
    pub name: String,
    pub secret: Value,
}

/// The account's own row has no `id`; every other row is a factor.
pub(crate) const ACCOUNT: &str = "
SELECT open_case, last_veto, questions AS sealed, NULL AS kind, NULL AS id, NULL AS added, NULL AS last_used, NULL AS mark,
       NULL AS suspended_by FROM account_standing WHERE account = $1
UNION ALL
SELECT NULL, NULL, body, kind, id, added, last_used, mark, suspended_by FROM factors WHERE account = $1
ORDER BY kind, added, id";

/// The purpose of the tags of passkeys' ids.
const PASSKEY_ID: &str = "passkey id";

#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    secret: Value,
}

impl Db {
    /// All factors of an account, oldest first within their kind.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when one cannot be opened.
    pub async fn factors(&self, account: &AccountId) -> Result<Vec<Factor>, StorageError> {
        self.factors_by_tag(self.account_tag(account)).await
    }

    /// Keeps a factor.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing was kept.
    pub async fn factor_add(&self, account: &AccountId, new: NewFactor, at: At) -> Result<Uuid, StorageError> {
        let tag = self.account_tag(account);
        let id = chance::uuid()?;
        let body = Body {
            name: new.name,
            secret: new.secret,
        };
        let key = self.0.shelf.account_or_new(tag, at).await?;
        let sealed = key.seal_json(&place(tag, id), &body)?;
        let sql = "INSERT INTO factors (account, kind, id, added, body) VALUES ($1, $2, $3, $4, $5)";
        let unique = self.passkey_tag(&new.kind, &body.secret);
        let values = [
            tag.0.to_vec().into(),
            new.kind.into(),
            id.into(),
            at.0.into(),
            sealed.into(),
        ];
        self.0.pools.write(sql, values).await?;
        if let Some(unique) = unique {
            let sql = "INSERT INTO passkey_ids (tag, account, factor) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            let values = [unique.0.to_vec().into(), tag.0.to_vec().into(), id.into()];
            self.0.pools.write(sql, values).await?;
        }
        Ok(id)
    }

    /// Whether a passkey of this id is somebody's, or was.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn passkey_id(&self, id: &[u8]) -> Result<PasskeyId, StorageError> {
        let sql = "SELECT (SELECT count(*) FROM factors AS f WHERE f.account = p.account AND f.kind = 'passkey' \
                   AND f.id = p.factor) AS bound FROM passkey_ids AS p WHERE p.tag = $1";
        let rows = self
            .0
            .pools
            .all(sql, [self.index_tag(PASSKEY_ID, &[id]).0.to_vec().into()])
            .await?;
        match rows.first() {
            None => Ok(PasskeyId::New),
            Some(row) if row.get::<i64>("bound")? > 0 => Ok(PasskeyId::Bound),
            Some(_) => Ok(PasskeyId::Removed),
        }
    }

    /// The tag of a passkey's id; other kinds have none.
    pub(crate) fn passkey_tag(&self, kind: &str, secret: &Value) -> Option<Tag> {
        let id = secret
            .pointer("/cred/cred_id")
            .filter(|_| kind == "passkey")?
            .as_str()?;
        let id = data_encoding::BASE64URL_NOPAD.decode(id.as_bytes()).ok()?;
        Some(self.index_tag(PASSKEY_ID, &[&id]))
    }

    /// Remembers that a factor was used; `false` when it is not there or is refused.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn factor_used(&self, account: &AccountId, id: Uuid, at: At) -> Result<bool, StorageError> {
        let sql = "UPDATE factors SET last_used = $3 WHERE account = $1 AND id = $2 AND suspended_by IS NULL";
        let tag = self.account_tag(account).0.to_vec();
        Ok(self.0.pools.write(sql, [tag.into(), id.into(), at.0.into()]).await? == 1)
    }

    /// The account's name on authenticators (the user handle of passkeys): a digest, which tells nothing of it.
    #[must_use]
    pub fn passkey_user(&self, account: &AccountId) -> Uuid {
        let tag = self.index_tag("passkey user", &[account.0.as_bytes()]).0;
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(tag) {
            *to = from;
        }
        Uuid::from_bytes(half)
    }

    /// What decisions may know of an account, in one read: its open case, its last veto, its question set, and its factors,
    /// refused ones not among them.
    pub(crate) async fn read_account(&self, account: Tag, secrets: bool) -> Result<AccountStanding, StorageError> {
        let mut standing = AccountStanding::default();
        let rows = self.0.pools.all(ACCOUNT, [account.0.to_vec().into()]).await?;
        // The key is another read. Without it what it sealed is gone, as after erasure.
        let mut key = None;
        for row in &rows {
            if row.get::<Option<Vec<u8>>>("sealed")?.is_some() {
                key = self.0.shelf.account(account).await?;
                break;
            }
        }
        for row in &rows {
            if row.get::<Option<Uuid>>("id")?.is_none() {
                standing.open_case = row.maybe_case("open_case")?;
                standing.last_veto = row.maybe_at("last_veto")?;
                if let (Some(key), Some(sealed)) = (&key, row.get::<Option<Vec<u8>>>("sealed")?) {
                    standing.questions = Some(key.open_json(&questions_place(account), &sealed)?);
                }
                continue;
            }
            let Some(key) = &key else { continue };
            let factor = factor(account, key, row)?;
            if factor.suspended {
                continue;
            }
            if secrets {
                standing.secrets.insert(factor.id, factor.secret);
            }
            standing.factors.push(FactorSummary {
                id: factor.id,
                kind: factor.kind,
                name: factor.name,
                last_used: factor.last_used,
                mark: factor.mark,
            });
        }
        Ok(standing)
    }

    /// The sealed body of a factor that a commit keeps.
    pub(crate) async fn seal_factor(
        &self,
        account: Tag,
        id: Uuid,
        factor: &Enrolled,
        at: At,
    ) -> Result<Vec<u8>, StorageError> {
        let body = Body {
            name: factor.name.clone(),
            secret: factor.secret.clone(),
        };
        let key = self.0.shelf.account_or_new(account, at).await?;
        key.seal_json(&place(account, id), &body)
    }

    async fn factors_by_tag(&self, account: Tag) -> Result<Vec<Factor>, StorageError> {
        let sql = "SELECT kind, id, added, body AS sealed, last_used, mark, suspended_by FROM factors WHERE account = $1 \
                   ORDER BY kind, added, id";
        let rows = self.0.pools.all(sql, [account.0.to_vec().into()]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        // Without the account's key its factors are gone, as after erasure.
        let Some(key) = self.0.shelf.account(account).await? else {
            return Ok(Vec::new());
        };
        rows.iter().map(|row| factor(account, &key, row)).collect()
    }
}

fn factor(account: Tag, key: &Key, row: &QueryResult) -> Result<Factor, StorageError> {
    let id: Uuid = row.get("id")?;
    let body: Body = key.open_json(&place(account, id), &row.get::<Vec<u8>>("sealed")?)?;
    Ok(Factor {
        id,
        kind: row.get("kind")?,
        name: body.name,
        secret: body.secret,
        added: row.at("added")?,
        last_used: row.maybe_at("last_used")?,
        mark: row.get("mark")?,
        suspended: row.maybe_case("suspended_by")?.is_some(),
    })
}

fn place(account: Tag, id: Uuid) -> Place {
    Place::new("factors.body", &[&account.0, id.as_bytes()])
}
