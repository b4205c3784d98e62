//! The claimant takes the request back: asked on a page of its own, done by its button.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use askama::Template;
use readmit_core::command::Act;
use readmit_core::dispatch::DispatchError;
use readmit_core::refusal::Refusal;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError};

use crate::case::{dispatch, load, see_case};
use crate::posted::Posted;

#[derive(Template)]
#[template(path = "withdraw.html")]
struct Ask<'a> {
    say: Say<'a>,
    token: String,
}

pub(crate) async fn ask(app: Data<App>, caller: Caller, session: ClaimantSession) -> Result<HttpResponse, PageError> {
    let opened = load(&app, &session).await?;
    if !opened.case().can_be_stopped() {
        return Ok(see_case());
    }
    let say = caller.say(&app);
    let body = Markup::of(&Ask {
        say,
        token: session.form(&app, &caller),
    })?;
    ClaimantPage {
        reference: opened.case().proven.map(|proven| proven.reference),
        ..ClaimantPage::alone(say.get("ui-withdraw-title"), body, "/case/withdraw")
    }
    .answer(&app, &caller, StatusCode::OK)
}

pub(crate) async fn act(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let posted = Posted::of(form.into_inner());
    let key = session.check(&app, &posted.token)?;
    let by = posted.by(&app, &caller);
    match dispatch(&app, &caller, by, session.case()?, key, Act::Withdraw).await {
        Ok(_) | Err(DispatchError::Refused(Refusal::Closed)) => Ok(see_case()),
        Err(error) => Err(error.into()),
    }
}
