//! Personal data without its mask: once, with a reason, counted and recorded (IN-03).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use readmit_core::guard::Bucket;
use readmit_core::ids::PersonId;
use readmit_core::time::Span;
use readmit_storage::Db;
use readmit_web::{App, Caller, PageError, Staff};
use serde_json::json;

use super::find::find;
use super::show::{With, render};
use super::stale;
use super::view::Banner;
use crate::page::{self, Body, posted};
use crate::permissions::Reviews;
use crate::sight::Sight;

/// Reveals that one person has in a day (UTC).
pub(super) const A_DAY: u32 = 20;

/// What can be revealed.
pub(super) const WHAT: [(&str, &str); 3] = [("email", "E-mail"), ("name", "Name"), ("phone", "Phone")];

/// Why.
pub(super) const WHY: [(&str, &str); 3] = [
    ("compare", "To compare it with a picture"),
    ("asked", "The claimant asked about it"),
    ("other", "Other, I write it in the note"),
];

pub(super) fn bucket(db: &Db, person: PersonId) -> Bucket {
    Bucket {
        tag: db.index_tag("reveal", &[person.0.as_bytes()]),
        limit: A_DAY,
        window: Span::days(1),
    }
}

/// `POST /cases/{reference}/reveal`
pub(crate) async fn create(
    staff: Staff<Reviews>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (_, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    match found.seen_by(&staff.person) {
        Ok(Sight::Whole) => {}
        Ok(_) => return Err(PageError::Forbidden),
        Err(_) => return stale::too_late((&app, &caller, &staff), &found, "").await,
    }
    let what: Vec<String> = fields
        .all("what")
        .filter(|what| WHAT.iter().any(|(code, _)| code == what))
        .map(str::to_owned)
        .collect();
    let why = WHY.iter().find(|(code, _)| fields.get("why") == Some(code));
    let (Some((why, _)), false) = (why, what.is_empty()) else {
        return render(
            (&app, &caller, &staff),
            &found,
            With::banner(Banner::problem("facts", "Choose what to reveal, and why.")),
        )
        .await;
    };
    let bucket = bucket(&app.db, staff.person.id);
    if !app.db.spend(&bucket, caller.at).await? {
        let until = bucket.window_start(caller.at) + bucket.window;
        return Err(PageError::TooMany { until });
    }
    let detail = json!({"what": what, "why": why});
    page::audit(&app, &caller, &staff.person, "revealed", Some(found.id), detail).await?;
    render((&app, &caller, &staff), &found, With::revealed(what)).await
}
