//! Support closes a case that it opened, while it waits for the claimant alone.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use readmit_core::case::{Case, Phase, WaitsFor};
use readmit_core::command::{Act, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::refusal::Refusal;
use readmit_web::{App, Caller, PageError, Staff};
use serde_json::json;

use crate::case_page::find::find;
use crate::case_page::show::{With, render};
use crate::case_page::view::Banner;
use crate::page::{self, Body, posted, see_other};
use crate::permissions::Closes;

/// Why; the record keeps the code.
const WHY: [&str; 3] = ["claimant_asked", "mistaken", "no_answer"];

/// Whether the page offers it; `decide` judges again.
pub(super) fn may_close(case: &Case) -> bool {
    let waits = case.phase == Phase::Open && case.waits == WaitsFor::Claimant && case.task.is_none();
    case.invitation.is_some() && waits && case.can_be_stopped() && !case.contest
}

/// `POST /cases/{reference}/close`
pub(crate) async fn create(
    staff: Staff<Closes>,
    caller: Caller,
    app: Data<App>,
    reference: Path<String>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    let (key, fields) = posted(&app, &staff.holder, body)?;
    let found = find(&app, &reference).await?;
    found.seen_by(&staff.person)?;
    let reason = fields.get("reason").filter(|reason| WHY.contains(reason));
    let Some(reason) = reason else {
        let banner = Banner::problem("messages", "Say why the case is closed.");
        return render((&app, &caller, &staff), &found, With::banner(banner)).await;
    };
    let act = Act::Close {
        reason: reason.to_owned(),
        note: fields.get("note").unwrap_or_default().to_owned(),
    };
    let by = staff.actor().ok_or(PageError::Forbidden)?;
    let case = found.id;
    match app.dispatcher.dispatch(Command { case, key, by, act }).await {
        Ok(_) => Ok(see_other(&found.path())),
        Err(DispatchError::Refused(refusal @ Refusal::NotAllowed)) => {
            let detail = json!({ "refused": refusal.code() });
            page::audit(&app, &caller, &staff.person, "close_refused", Some(case), detail).await?;
            Err(refusal.into())
        }
        Err(DispatchError::Refused(Refusal::Field { .. })) => {
            let banner = Banner::problem("messages", "The note is too long.");
            render((&app, &caller, &staff), &found, With::banner(banner)).await
        }
        Err(error) => Err(error.into()),
    }
}
