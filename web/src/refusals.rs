//! Refusals that need nobody to be known, as rows of the audit log (AU-01): posts of another site's page, forms with a token
//! of somebody else, calls that the host did not sign, pictures by a link of another session.
//!
//! Anybody can cause them, so a process lists so many a minute. How many more there were stands in the next row, so that a
//! flood hides neither itself nor when it was.

use std::sync::{Mutex, PoisonError};

use actix_web::http::Method;
use readmit_core::time::At;
use readmit_storage::AuditRow;

use crate::caller::Caller;
use crate::error::PageError;

/// Rows that one process writes in a minute.
const LISTED_A_MINUTE: u32 = 60;
const MINUTE: i64 = 60_000_000;

/// What was refused lately.
#[derive(Default)]
pub struct Refusals(Mutex<Lately>);

#[derive(Default)]
struct Lately {
    minute: i64,
    listed: u32,
    unlisted: u32,
}

impl Refusals {
    /// The row of a refusal, if it is of those that are listed and has room. It names the route, never the path: paths carry
    /// veto tokens and references (SE-06).
    pub(crate) fn row(
        &self,
        error: &PageError,
        caller: &Caller,
        method: &Method,
        route: Option<String>,
    ) -> Option<AuditRow> {
        let listed = matches!(
            error,
            PageError::CrossSite | PageError::FormExpired | PageError::NotSigned | PageError::PictureLink
        );
        let unlisted = listed.then(|| self.unlisted_before(caller.at)).flatten()?;
        Some(AuditRow {
            at: caller.at,
            who: "nobody".into(),
            what: "request_refused".into(),
            case: None,
            outcome: "refused".into(),
            detail: serde_json::json!({
                "why": error.code(),
                "method": method.as_str(),
                "route": route,
                "network": caller.prefix.to_string(),
                "request": caller.id.to_string(),
                "unlisted": unlisted,
            }),
        })
    }

    /// Takes a place in this minute: how many had none since the last row; nothing if there is none left.
    fn unlisted_before(&self, now: At) -> Option<u32> {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(MINUTE);
        if minute != lately.minute {
            lately.minute = minute;
            lately.listed = 0;
        }
        if lately.listed == LISTED_A_MINUTE {
            lately.unlisted = lately.unlisted.saturating_add(1);
            return None;
        }
        lately.listed += 1;
        Some(std::mem::take(&mut lately.unlisted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AU-01, RL-02: a flood of refusals fills no disk, and is not forgotten.
    #[test]
    fn au_01_a_flood_is_counted_and_not_listed() {
        let refusals = Refusals::default();
        let at = At(1_700_000_000_000_000);
        let rows = (0..1_000).filter(|_| refusals.unlisted_before(at).is_some()).count();
        assert_eq!(rows, 60);
        let later = At(at.0 + MINUTE);
        assert_eq!(refusals.unlisted_before(later), Some(940));
        assert_eq!(refusals.unlisted_before(later), Some(0));
    }
}
