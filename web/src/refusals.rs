//! Refusals that need nobody to be known, as rows of the audit log (AU-01): posts of another site's page, forms with a token
//! of somebody else, calls that the host did not sign, pictures by a link of another session.

use actix_web::http::Method;
use readmit_storage::AuditRow;

use crate::caller::Caller;
use crate::error::PageError;
use crate::listing::Listing;

/// What was refused lately.
#[derive(Default)]
pub struct Refusals(Listing);

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
        let unlisted = listed.then(|| self.0.unlisted_before(caller.at)).flatten()?;
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
}
