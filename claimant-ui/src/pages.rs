//! Help, and what is kept for how long: short pages that are the same for everybody.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use readmit_steps::words::Say;
use readmit_web::{App, Caller, ClaimantPage, Markup, PageError};

#[derive(Template)]
#[template(path = "help.html")]
struct Help<'a> {
    say: Say<'a>,
    support: &'a str,
    mail_from: &'a str,
}

pub(crate) async fn help(app: Data<App>, caller: Caller) -> Result<HttpResponse, PageError> {
    let say = caller.say(&app);
    let body = Markup::of(&Help {
        say,
        support: &app.brand.support_url,
        mail_from: &app.brand.mail_from,
    })?;
    ClaimantPage::alone(say.get("ui-help-title"), body, "/help").answer(&app, &caller, StatusCode::OK)
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct Privacy<'a> {
    say: Say<'a>,
    rows: Vec<(String, String)>,
}

pub(crate) async fn privacy(app: Data<App>, caller: Caller) -> Result<HttpResponse, PageError> {
    let say = caller.say(&app);
    let rows = (1..=5)
        .map(|n| {
            (
                say.get(&format!("ui-privacy-{n}")),
                say.get(&format!("ui-privacy-{n}-text")),
            )
        })
        .collect();
    let body = Markup::of(&Privacy { say, rows })?;
    ClaimantPage::alone(say.get("ui-privacy-title"), body, "/privacy").answer(&app, &caller, StatusCode::OK)
}
