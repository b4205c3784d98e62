//! Published workflow, rule pack and policy versions: immutable, named by the hash of their content. A case is pinned to a
//! workflow and a policy, and by its policy to rule packs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use readmit_core::ids::Digest;
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::{self, Packs, Policy};
use readmit_core::workflow::{self, Fault};

use sea_orm::ConnectionTrait as _;

use crate::row::{Columns as _, word};
use crate::{Db, StorageError};

/// A published version of a workflow or a rule pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLine {
    pub hash: Digest,
    pub name: String,
    pub published: At,
    /// New cases run it.
    pub current: bool,
}

/// Versions read so far. They never change, so they are never forgotten.
#[derive(Default)]
pub(crate) struct Versions {
    definitions: RwLock<HashMap<Digest, Arc<Definition>>>,
    policies: RwLock<HashMap<Digest, Arc<Policy>>>,
}

/// What a stored version that cannot be read is told as. It was checked when it was published.
const UNREADABLE: StorageError = StorageError::Corrupt {
    what: "workflow or policy version",
};

/// Of two versions of one moment the one published later is the current one.
const PUBLISH_POLICY: &str = "INSERT INTO policies (hash, body, published) \
    SELECT $1, $2, CASE WHEN $3 > p.last THEN $3 ELSE p.last + 1 END \
    FROM (SELECT coalesce(max(published), 0) AS last FROM policies) AS p WHERE true \
    ON CONFLICT (hash) DO UPDATE SET published = excluded.published";
const CURRENT_POLICY: &str = "ORDER BY published DESC, hash LIMIT 1";

fn known<T>(kept: &RwLock<HashMap<Digest, Arc<T>>>, hash: Digest) -> Option<Arc<T>> {
    kept.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned()
}

fn keep<T>(kept: &RwLock<HashMap<Digest, Arc<T>>>, hash: Digest, value: T) -> Arc<T> {
    let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(kept.entry(hash).or_insert_with(|| Arc::new(value)))
}

impl Db {
    /// Publishes a checked workflow version and makes it the current one of its name; `false` when it was known.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn publish(&self, body: &str, definition: &Definition, at: At) -> Result<bool, StorageError> {
        let hash = definition.hash;
        let new = self.workflow_body(hash).await?.is_none();
        let sql = "INSERT INTO workflows (hash, name, class, body, published) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (hash) DO UPDATE SET published = excluded.published";
        let values = [
            hash.0.to_vec().into(),
            definition.name.as_str().into(),
            word(&definition.class).into(),
            body.into(),
            at.0.into(),
        ];
        self.0.pools.write(sql, values).await?;
        keep(&self.0.versions.definitions, hash, definition.clone());
        Ok(new)
    }

    /// The version that new cases of this workflow run.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when the stored version cannot be read.
    pub async fn current_workflow(&self, name: &str) -> Result<Option<Arc<Definition>>, StorageError> {
        let sql = "SELECT hash FROM workflows WHERE name = $1 ORDER BY published DESC, hash LIMIT 1";
        match self.0.pools.one(sql, [name.into()]).await? {
            Some(row) => self.stored_definition(row.digest("hash")?).await,
            None => Ok(None),
        }
    }

    /// Every published version, by name, the current one of each first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn workflow_list(&self) -> Result<Vec<VersionLine>, StorageError> {
        self.versions_in("workflows").await
    }

    /// Every published version of every rule pack, by name, the current one of each first.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn pack_list(&self) -> Result<Vec<VersionLine>, StorageError> {
        self.versions_in("rule_packs").await
    }

    async fn versions_in(&self, table: &'static str) -> Result<Vec<VersionLine>, StorageError> {
        let sql = format!("SELECT hash, name, published FROM {table} ORDER BY name, published DESC, hash");
        let mut lines: Vec<VersionLine> = Vec::new();
        for row in self.0.pools.all(&sql, []).await? {
            let name: String = row.get("name")?;
            lines.push(VersionLine {
                hash: row.digest("hash")?,
                published: row.at("published")?,
                current: lines.last().is_none_or(|line| line.name != name),
                name,
            });
        }
        Ok(lines)
    }

    /// The file of a workflow version as it was published.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn workflow_body(&self, hash: Digest) -> Result<Option<String>, StorageError> {
        self.body_in("workflows", hash).await
    }

    /// The file of a rule pack version as it was published.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn pack_body(&self, hash: Digest) -> Result<Option<String>, StorageError> {
        self.body_in("rule_packs", hash).await
    }

    async fn body_in(&self, table: &'static str, hash: Digest) -> Result<Option<String>, StorageError> {
        let sql = format!("SELECT body FROM {table} WHERE hash = $1");
        let row = self.0.pools.one(&sql, [hash.0.to_vec().into()]).await?;
        row.map(|row| row.get("body")).transpose()
    }

    pub(crate) async fn stored_definition(&self, hash: Digest) -> Result<Option<Arc<Definition>>, StorageError> {
        if let Some(definition) = known(&self.0.versions.definitions, hash) {
            return Ok(Some(definition));
        }
        let Some(body) = self.workflow_body(hash).await? else {
            return Ok(None);
        };
        let definition = workflow::load(&body).map_err(|faults| unreadable(hash, &faults))?;
        if definition.hash != hash {
            return Err(UNREADABLE);
        }
        Ok(Some(keep(&self.0.versions.definitions, hash, definition)))
    }

    /// Publishes a policy version and makes it the current one; `false` when it was known. `body` is the file as written.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn publish_policy(&self, policy: &Policy, body: &str, at: At) -> Result<bool, StorageError> {
        let known = self.stored_policy(policy.hash).await?.is_some();
        let hash = policy.hash.0.to_vec();
        let values = [hash.into(), body.into(), at.0.into()];
        self.0.pools.write(PUBLISH_POLICY, values).await?;
        Ok(!known)
    }

    /// Publishes checked rule packs, by name and file: in the policy that new cases run under they take the place of others
    /// of their names. All or none; how many were not known. Without a policy they are stored, and nothing runs them.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn publish_packs(&self, packs: &[(&str, &str)], at: At) -> Result<usize, StorageError> {
        let pools = &self.0.pools;
        // Two that publish at once would each leave out what the other one did.
        let transaction = pools.begin_alone("policies").await?;
        let mut new = 0;
        let mut current = Packs::new();
        for (name, body) in packs {
            let hash = Digest::of(body.as_bytes());
            let known = "SELECT 1 AS found FROM rule_packs WHERE hash = $1";
            let known = transaction
                .query_one_raw(pools.statement(known, [hash.0.to_vec().into()]))
                .await?;
            new += usize::from(known.is_none());
            let sql = "INSERT INTO rule_packs (hash, name, body, published) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (hash) DO UPDATE SET published = excluded.published";
            let values = [hash.0.to_vec().into(), (*name).into(), (*body).into(), at.0.into()];
            transaction.execute_raw(pools.statement(sql, values)).await?;
            current.insert((*name).to_owned(), hash);
        }
        let sql = format!("SELECT hash, body FROM policies {CURRENT_POLICY}");
        if let Some(row) = transaction.query_one_raw(pools.statement(&sql, [])).await? {
            let (hash, body) = (row.digest("hash")?, row.get::<String>("body")?);
            let mut all = policy::load(&body).map_err(|faults| unreadable(hash, &faults))?.packs;
            all.extend(current);
            let body = policy::with_packs(&body, &all);
            let hash = Digest::of(body.as_bytes()).0.to_vec();
            let values = [hash.into(), body.into(), at.0.into()];
            transaction.execute_raw(pools.statement(PUBLISH_POLICY, values)).await?;
        }
        transaction.commit().await?;
        Ok(new)
    }

    /// The policy that new cases run under.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when the stored version cannot be read.
    pub async fn current_policy(&self) -> Result<Option<Arc<Policy>>, StorageError> {
        let sql = format!("SELECT hash FROM policies {CURRENT_POLICY}");
        match self.0.pools.one(&sql, []).await? {
            Some(row) => self.stored_policy(row.digest("hash")?).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn stored_policy(&self, hash: Digest) -> Result<Option<Arc<Policy>>, StorageError> {
        if let Some(policy) = known(&self.0.versions.policies, hash) {
            return Ok(Some(policy));
        }
        let sql = "SELECT body FROM policies WHERE hash = $1";
        let Some(row) = self.0.pools.one(sql, [hash.0.to_vec().into()]).await? else {
            return Ok(None);
        };
        let policy = policy::load(&row.get::<String>("body")?).map_err(|faults| unreadable(hash, &faults))?;
        if policy.hash != hash {
            return Err(UNREADABLE);
        }
        Ok(Some(keep(&self.0.versions.policies, hash, policy)))
    }
}

fn unreadable(hash: Digest, faults: &[Fault]) -> StorageError {
    tracing::error!(%hash, ?faults, "a published version cannot be read");
    UNREADABLE
}
