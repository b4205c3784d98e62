//! What is kept between a browser's two calls: the state of a challenge. It lies in a row of the session table whose
//! token opens no page; it is good once, for five minutes, in the browser it was made for (PK-03).

use readmit_core::time::{At, Span};
use readmit_storage::{Db, Face, NewSession, StorageError};
use readmit_web::{Holder, PageError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long a challenge lives.
const LIVES: Span = Span::minutes(5);

/// What a challenge is for; one is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    SignIn,
    Register,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    purpose: Purpose,
    holder: Holder,
    state: Value,
}

/// Keeps the state of a ceremony for this browser; the token comes back with its answer.
pub(super) async fn keep(
    db: &Db,
    purpose: Purpose,
    holder: &Holder,
    state: &impl Serialize,
    now: At,
) -> Result<String, PageError> {
    let state = serde_json::to_value(state).map_err(PageError::internal)?;
    let kept = Kept {
        purpose,
        holder: *holder,
        state,
    };
    let row = NewSession {
        face: Face::Ceremony,
        case: None,
        person: None,
        data: serde_json::to_value(kept).map_err(PageError::internal)?,
    };
    Ok(db.session_create(row, now).await?)
}

/// The state kept under this token for this browser and purpose; a second taking finds nothing.
pub(super) async fn take<S: DeserializeOwned>(
    db: &Db,
    purpose: Purpose,
    holder: &Holder,
    token: &str,
    now: At,
) -> Result<Option<S>, StorageError> {
    let Some(session) = db.session(token, now).await? else {
        return Ok(None);
    };
    let kept: Option<Kept> = serde_json::from_value(session.data).ok();
    let fits = session.face == Face::Ceremony && now - session.created < LIVES;
    let Some(kept) = kept.filter(|kept| fits && kept.purpose == purpose && kept.holder == *holder) else {
        return Ok(None);
    };
    // Of two answers at the same moment, one ends the row.
    let first = db.session_end(&session.id_hash).await?;
    Ok(serde_json::from_value(kept.state).ok().filter(|_| first))
}
