//! The link of support's invitation. Opening it changes nothing (mail scanners open links); pressing its button uses it up
//! and begins the request where everybody begins it (IN-11).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use askama::Template;
use readmit_core::command::{Act, Actor, Command, Human};
use readmit_core::conversation::INVITED_FOR;
use readmit_core::dispatch::{DispatchError, How};
use readmit_core::ids::CaseId;
use readmit_core::link::{Claimed, Link};
use readmit_core::refusal::Refusal;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, Markup, PageError, session};

use crate::case::definition;

#[derive(Template)]
#[template(path = "invited.html")]
struct Invited<'a> {
    say: Say<'a>,
    workflow: String,
    action: String,
    until: String,
}

#[derive(Template)]
#[template(path = "invited_dead.html")]
struct Dead<'a> {
    say: Say<'a>,
    support: &'a str,
}

/// What the link begins.
pub(crate) async fn ask(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    let Some(case) = believed(&app, &caller, &token).await? else {
        return dead(&app, &caller);
    };
    let Some(loaded) = app.db.opened(case).await? else {
        return dead(&app, &caller);
    };
    let say = caller.say(&app);
    let until = say.when(loaded.case.opened + INVITED_FOR).text;
    let body = Markup::of(&Invited {
        say,
        workflow: definition(&app, &loaded.case).await?.title(say.language()).to_owned(),
        action: format!("/invited/{token}"),
        until: say.with("ui-invited-until", &[("until", until.into())]),
    })?;
    ClaimantPage::alone(say.get("ui-invited-title"), body, &format!("/invited/{token}")).answer(
        &app,
        &caller,
        StatusCode::OK,
    )
}

/// Uses the link up. Of several at once one gets the session.
pub(crate) async fn act(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    let Some(case) = believed(&app, &caller, &token).await? else {
        return dead(&app, &caller);
    };
    let command = Command {
        case,
        key: app.forms.of_link(&token, 0),
        by: Actor::Claimant {
            prefix: caller.prefix,
            human: Human::Unchecked,
        },
        act: Act::Follow,
    };
    match app.dispatcher.dispatch(command).await {
        Ok(done) if done.how == How::Committed => Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/case"))
            .cookie(session::start_claimant(&app, &caller, case).await?)
            .finish()),
        Ok(_) | Err(DispatchError::NoCase | DispatchError::Refused(Refusal::Stale | Refusal::Closed)) => {
            dead(&app, &caller)
        }
        Err(error) => Err(error.into()),
    }
}

/// The case, if the token was made for it and is still good.
async fn believed(app: &App, caller: &Caller, token: &str) -> Result<Option<CaseId>, PageError> {
    let Ok(claimed) = token.parse::<Claimed>() else {
        return Ok(None);
    };
    let loaded = app.db.opened(claimed.case).await?;
    let loaded = loaded.filter(|loaded| loaded.readable && claimed.proven(&loaded.keys, Link::Invitation));
    let good = loaded.filter(|loaded| {
        let case = &loaded.case;
        let fresh = case.invitation.is_some_and(|invitation| !invitation.followed);
        fresh && case.proven.is_none() && case.outcome.is_none() && caller.at < case.opened + INVITED_FOR
    });
    Ok(good.map(|_| claimed.case))
}

/// A link that is used up, too old, cut off, or made up: all alike.
fn dead(app: &App, caller: &Caller) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let body = Markup::of(&Dead {
        say,
        support: &app.brand.support_url,
    })?;
    ClaimantPage::alone(say.get("ui-invited-dead-title"), body, "/").answer(app, caller, StatusCode::NOT_FOUND)
}
