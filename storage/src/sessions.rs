//! Server-side sessions (SE-01, SE-02). The browser holds a random token; the table holds its hash.

use readmit_core::ids::{CaseId, PersonId};
use readmit_core::time::{At, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::row::{Columns as _, word};
use crate::seal::{Key, Place};
use crate::{Db, StorageError, chance};

/// Which pages a session belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    Claimant,
    Staff,
    /// No page: what is kept between two calls of a ceremony, such as a challenge. Its token opens nothing.
    Ceremony,
}

impl Face {
    /// How long a session lives idle and in all. SE-02: claimants an hour and a day; staff 15 minutes and 12 hours.
    #[must_use]
    pub const fn limits(self) -> (Span, Span) {
        match self {
            Self::Claimant => (Span::hours(1), Span::hours(24)),
            Self::Staff => (Span::minutes(15), Span::hours(12)),
            Self::Ceremony => (Span::hours(24), Span::hours(24)),
        }
    }
}

/// How old a session's last sight may be before it is written anew: a page with ten pictures is one sight.
const SEEN_EVERY: Span = Span::seconds(30);

/// A live session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// SHA-256 of the token: its name in tables and logs.
    pub id_hash: [u8; 32],
    pub face: Face,
    pub case: Option<CaseId>,
    pub person: Option<PersonId>,
    pub created: At,
    pub seen: At,
    /// What pages keep in it; sealed in the table.
    pub data: Value,
}

/// A session to begin.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSession {
    pub face: Face,
    pub case: Option<CaseId>,
    pub person: Option<PersonId>,
    pub data: Value,
}

impl Db {
    /// Begins a session; the answer is its token, 256 random bits in base64url, told once.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then there is no session.
    pub async fn session_create(&self, new: NewSession, now: At) -> Result<String, StorageError> {
        let token = data_encoding::BASE64URL_NOPAD.encode(&chance::bytes::<32>()?);
        let id = id_of(&token);
        let sealed = self.session_key().seal_json(&place(&id), &new.data)?;
        let sql = "INSERT INTO sessions (id, face, created, person, case_id, seen, data) \
                   VALUES ($1, $2, $3, $4, $5, $3, $6)";
        let values = [
            id.to_vec().into(),
            word(&new.face).into(),
            now.0.into(),
            new.person.map(|person| person.0).into(),
            new.case.map(|case| case.0).into(),
            sealed.into(),
        ];
        self.0.pools.write(sql, values).await?;
        Ok(token)
    }

    /// The live session of a token; `None` when there is none, or its time is over.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when its data cannot be opened.
    pub async fn session(&self, token: &str, now: At) -> Result<Option<Session>, StorageError> {
        self.session_by_id(&id_of(token), now).await
    }

    /// The live session of this name (SHA-256 of its token), for links that are bound to a session.
    ///
    /// # Errors
    /// As [`Db::session`].
    pub async fn session_by_id(&self, id: &[u8; 32], now: At) -> Result<Option<Session>, StorageError> {
        let id = *id;
        let sql = "SELECT face, created, person, case_id, seen, data FROM sessions WHERE id = $1";
        let Some(row) = self.0.pools.one(sql, [id.to_vec().into()]).await? else {
            return Ok(None);
        };
        let face: Face = row.word("face")?;
        let (created, seen) = (row.at("created")?, row.at("seen")?);
        let (idle, in_all) = face.limits();
        if now >= seen + idle || now >= created + in_all {
            return Ok(None);
        }
        Ok(Some(Session {
            id_hash: id,
            face,
            case: row.maybe_case("case_id")?,
            person: row.maybe_person("person")?,
            created,
            seen,
            data: self
                .session_key()
                .open_json(&place(&id), &row.get::<Vec<u8>>("data")?)?,
        }))
    }

    /// Remembers that a session is in use; writes at most every 30 seconds.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn session_touch(&self, session: &Session, now: At) -> Result<(), StorageError> {
        if now - session.seen < SEEN_EVERY {
            return Ok(());
        }
        let sql = "UPDATE sessions SET seen = $2 WHERE id = $1 AND seen < $2";
        self.0
            .pools
            .write(sql, [session.id_hash.to_vec().into(), now.0.into()])
            .await?;
        Ok(())
    }

    /// Writes a session's case and data; `false` when the session has ended meanwhile.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn session_update(
        &self,
        id_hash: &[u8; 32],
        case: Option<CaseId>,
        data: &Value,
    ) -> Result<bool, StorageError> {
        let sealed = self.session_key().seal_json(&place(id_hash), data)?;
        let sql = "UPDATE sessions SET case_id = $2, data = $3 WHERE id = $1";
        let values = [id_hash.to_vec().into(), case.map(|case| case.0).into(), sealed.into()];
        Ok(self.0.pools.write(sql, values).await? == 1)
    }

    /// Ends a session; `false` when it had ended before: of many at once, one ends it.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then it may still live.
    pub async fn session_end(&self, id_hash: &[u8; 32]) -> Result<bool, StorageError> {
        let sql = "DELETE FROM sessions WHERE id = $1";
        Ok(self.0.pools.write(sql, [id_hash.to_vec().into()]).await? == 1)
    }

    /// Ends all sessions of a person (SE-01); how many there were.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then some may still live.
    pub async fn sessions_end_of(&self, person: PersonId) -> Result<u64, StorageError> {
        self.0
            .pools
            .write("DELETE FROM sessions WHERE person = $1", [person.0.into()])
            .await
    }

    fn session_key(&self) -> Key {
        self.0.shelf.house("sessions")
    }
}

fn id_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn place(id: &[u8; 32]) -> Place {
    Place::new("sessions.data", &[id])
}
