//! Staff: who they are, what they may do, how they sign in.

use readmit_core::command::Role;
use readmit_core::ids::PersonId;
use readmit_core::time::At;
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::row::{Columns as _, json};
use crate::seal::{Key, Place};
use crate::{Db, StorageError, chance};

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// The sign-in name; unique.
    pub name: String,
    pub display: String,
    pub roles: Vec<Role>,
    /// `false` once somebody has left: no sign-in, no session.
    pub active: bool,
}

/// A registered passkey, as the WebAuthn library serialises it.
#[derive(Clone, Debug, PartialEq)]
pub struct Passkey {
    pub id: Uuid,
    pub label: String,
    pub added: At,
    pub used: Option<At>,
    pub body: Value,
}

/// What the demo and the break-glass sign in with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// An Argon2 hash in PHC format.
    pub password_hash: String,
    pub totp_secret: Vec<u8>,
}

const COLUMNS: &str = "id, name, display, roles, left_at";

impl Db {
    /// Adds a person; `false` when the name or the id is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn person_add(&self, person: &Person, at: At) -> Result<bool, StorageError> {
        let sql = "INSERT INTO people (id, name, display, added, roles, left_at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT DO NOTHING";
        let values = [
            person.id.0.into(),
            person.name.as_str().into(),
            person.display.as_str().into(),
            at.0.into(),
            json(&person.roles, "people.roles")?.into(),
            (!person.active).then_some(at.0).into(),
        ];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE id = $1");
        let row = self.0.pools.one(&sql, [id.0.into()]).await?;
        row.as_ref().map(person).transpose()
    }

    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn person_by_name(&self, name: &str) -> Result<Option<Person>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE name = $1");
        let row = self.0.pools.one(&sql, [name.into()]).await?;
        row.as_ref().map(person).transpose()
    }

    /// All staff, by name.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM people ORDER BY name");
        self.0.pools.all(&sql, []).await?.iter().map(person).collect()
    }

    /// Sets what a person may do, and whether at all: who may no longer sign in has no session left afterwards.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn person_set(&self, id: PersonId, roles: &[Role], active: bool, at: At) -> Result<bool, StorageError> {
        let sql = "UPDATE people SET roles = $2, left_at = CASE WHEN $3 = 1 THEN NULL ELSE coalesce(left_at, $4) END \
                   WHERE id = $1";
        let values = [
            id.0.into(),
            json(roles, "people.roles")?.into(),
            i64::from(active).into(),
            at.0.into(),
        ];
        let known = self.0.pools.write(sql, values).await? == 1;
        if !active {
            self.sessions_end_of(id).await?;
        }
        Ok(known)
    }

    /// Registers a passkey; `false` when the credential is registered to anyone already (PK-01).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn passkey_add(
        &self,
        owner: PersonId,
        credential: &[u8],
        label: &str,
        body: &Value,
        at: At,
    ) -> Result<bool, StorageError> {
        let tag = self.credential_tag(credential);
        let sealed = self.staff_key().seal_json(&passkey_place(&tag), body)?;
        let sql = "INSERT INTO credentials (id, tag, person, label, added, body) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (tag) DO NOTHING";
        let values = [
            chance::uuid()?.into(),
            tag.to_vec().into(),
            owner.0.into(),
            label.into(),
            at.0.into(),
            sealed.into(),
        ];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when one cannot be opened.
    pub async fn passkeys(&self, owner: PersonId) -> Result<Vec<Passkey>, StorageError> {
        let sql = "SELECT id, tag, label, added, used, body FROM credentials WHERE person = $1 ORDER BY added, id";
        let rows = self.0.pools.all(sql, [owner.0.into()]).await?;
        rows.iter().map(|row| self.read_passkey(row)).collect()
    }

    /// Whose passkey this is.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn person_by_passkey(&self, credential: &[u8]) -> Result<Option<PersonId>, StorageError> {
        let sql = "SELECT person FROM credentials WHERE tag = $1";
        let tag = self.credential_tag(credential).to_vec();
        let row = self.0.pools.one(sql, [tag.into()]).await?;
        row.map(|row| row.get("person").map(PersonId)).transpose()
    }

    /// Writes a passkey's state after a sign-in with it; `false` when it is gone.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn passkey_update(&self, credential: &[u8], body: &Value, at: At) -> Result<bool, StorageError> {
        let tag = self.credential_tag(credential);
        let sealed = self.staff_key().seal_json(&passkey_place(&tag), body)?;
        let sql = "UPDATE credentials SET body = $2, used = $3 WHERE tag = $1";
        let values = [tag.to_vec().into(), sealed.into(), at.0.into()];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// Gives a passkey another label; `false` when the person has no such passkey.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn passkey_rename(&self, owner: PersonId, id: Uuid, label: &str) -> Result<bool, StorageError> {
        let sql = "UPDATE credentials SET label = $3 WHERE id = $1 AND person = $2";
        Ok(self
            .0
            .pools
            .write(sql, [id.into(), owner.0.into(), label.into()])
            .await?
            == 1)
    }

    /// Removes a passkey; `false` when the person has no such passkey.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn passkey_remove(&self, owner: PersonId, id: Uuid) -> Result<bool, StorageError> {
        let sql = "DELETE FROM credentials WHERE id = $1 AND person = $2";
        Ok(self.0.pools.write(sql, [id.into(), owner.0.into()]).await? == 1)
    }

    /// A person's password hash and TOTP secret, where they have them.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when they cannot be opened.
    pub async fn secrets(&self, owner: PersonId) -> Result<Option<Secrets>, StorageError> {
        let sql = "SELECT body FROM staff_secrets WHERE person = $1";
        let Some(row) = self.0.pools.one(sql, [owner.0.into()]).await? else {
            return Ok(None);
        };
        let body: Vec<u8> = row.get("body")?;
        self.staff_key().open_json(&secrets_place(owner), &body).map(Some)
    }

    /// Sets a person's password hash and TOTP secret.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn secrets_set(
        &self,
        owner: PersonId,
        password_hash: &str,
        totp_secret: &[u8],
    ) -> Result<(), StorageError> {
        let secrets = Secrets {
            password_hash: password_hash.to_owned(),
            totp_secret: totp_secret.to_vec(),
        };
        let sealed = self.staff_key().seal_json(&secrets_place(owner), &secrets)?;
        let sql = "INSERT INTO staff_secrets (person, body, last_step) VALUES ($1, $2, 0) \
                   ON CONFLICT (person) DO UPDATE SET body = excluded.body";
        self.0.pools.write(sql, [owner.0.into(), sealed.into()]).await?;
        Ok(())
    }

    /// Uses a TOTP time step up; `false` when it, or a later one, was used before (TO-02).
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then the code must not count.
    pub async fn totp_once(&self, owner: PersonId, step: u64) -> Result<bool, StorageError> {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let sql = "UPDATE staff_secrets SET last_step = $2 WHERE person = $1 AND last_step < $2";
        Ok(self.0.pools.write(sql, [owner.0.into(), step.into()]).await? == 1)
    }

    fn staff_key(&self) -> Key {
        self.0.shelf.house("staff")
    }

    fn credential_tag(&self, credential: &[u8]) -> [u8; 32] {
        self.index_tag("credential", &[credential]).0
    }

    fn read_passkey(&self, row: &QueryResult) -> Result<Passkey, StorageError> {
        let place = passkey_place(&row.bytes32("tag")?);
        Ok(Passkey {
            id: row.get("id")?,
            label: row.get("label")?,
            added: row.at("added")?,
            used: row.maybe_at("used")?,
            body: self.staff_key().open_json(&place, &row.get::<Vec<u8>>("body")?)?,
        })
    }
}

fn person(row: &QueryResult) -> Result<Person, StorageError> {
    Ok(Person {
        id: PersonId(row.get("id")?),
        name: row.get("name")?,
        display: row.get("display")?,
        roles: row.json("roles")?,
        active: row.maybe_at("left_at")?.is_none(),
    })
}

fn passkey_place(tag: &[u8; 32]) -> Place {
    Place::new("credentials.body", &[tag])
}

fn secrets_place(owner: PersonId) -> Place {
    Place::new("staff_secrets.body", &[owner.0.as_bytes()])
}
