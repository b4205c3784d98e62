//! A case by its reference, exactly; there is no search by account, name or address (IN-02).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use readmit_core::ids::CaseRef;
use readmit_web::{App, Caller, PageError, Staff};
use serde::Deserialize;
use serde_json::json;

use crate::page::{self, see_other};
use crate::permissions::Searches;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    typed: &'a str,
    problem: &'static str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
}

/// `GET /search`
pub(crate) async fn show(
    staff: Staff<Searches>,
    caller: Caller,
    app: Data<App>,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let typed = asked.q.trim();
    let problem = match typed.parse::<CaseRef>() {
        Ok(reference) => {
            let found = app.db.case_by_reference(reference).await?;
            page::audit(
                &app,
                &caller,
                &staff.person,
                "searched",
                found,
                json!({"found": found.is_some()}),
            )
            .await?;
            if found.is_some() {
                return Ok(see_other(&format!("/cases/{reference}")));
            }
            "There is no case with this reference."
        }
        Err(_) if typed.is_empty() => "",
        Err(_) => "A reference looks like RC-7F3K-92QX.",
    };
    let (title, status) = match problem {
        "" => ("Search", StatusCode::OK),
        _ => ("Error: Search", StatusCode::NOT_FOUND),
    };
    page::show(
        (&app, &caller, &staff),
        title,
        "/search",
        &SearchPage { typed, problem },
        status,
    )
}
