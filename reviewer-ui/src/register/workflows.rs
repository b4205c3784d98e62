//! Published workflow versions, and the graph of each.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use readmit_core::ids::Digest;
use readmit_core::ports::Store as _;
use readmit_core::workflow;
use readmit_steps::kinds;
use readmit_web::{App, Caller, Markup, PageError, Staff};

use crate::page;
use crate::permissions::ReadsWorkflows;
use crate::words;

#[derive(Template)]
#[template(path = "register/workflows.html")]
struct WorkflowsPage {
    lines: Vec<Line>,
}

struct Line {
    name: String,
    hash: String,
    /// Its beginning, as shown.
    short: String,
    published: String,
    current: bool,
}

/// `GET /workflows`
pub(crate) async fn index(
    staff: Staff<ReadsWorkflows>,
    caller: Caller,
    app: Data<App>,
) -> Result<HttpResponse, PageError> {
    let lines = app.db.workflow_list().await?.into_iter().map(|line| Line {
        name: line.name,
        short: line.hash.to_string().chars().take(12).collect::<String>() + "…",
        hash: line.hash.to_string(),
        published: words::stamp(line.published),
        current: line.current,
    });
    let body = WorkflowsPage { lines: lines.collect() };
    page::show(
        (&app, &caller, &staff),
        "Workflows",
        "/workflows",
        &body,
        StatusCode::OK,
    )
}

#[derive(Template)]
#[template(path = "register/workflow.html")]
struct WorkflowPage {
    title: String,
    name: String,
    hash: String,
    graph: Markup,
    steps: Vec<workflow::Row>,
    body: String,
}

/// `GET /workflows/{hash}`
pub(crate) async fn show(
    staff: Staff<ReadsWorkflows>,
    caller: Caller,
    app: Data<App>,
    hash: Path<String>,
) -> Result<HttpResponse, PageError> {
    let hash: Digest = hash.parse().map_err(|_| PageError::NotFound)?;
    let definition = app.db.definition(hash).await?.ok_or(PageError::NotFound)?;
    let title = definition.title("en").to_owned();
    let body = WorkflowPage {
        name: definition.name.clone(),
        hash: hash.to_string(),
        graph: Markup::of_step(workflow::graph(&definition, kinds())),
        steps: workflow::in_words(&definition, kinds()),
        body: app.db.published_body(hash).await?.unwrap_or_default(),
        title: title.clone(),
    };
    page::show((&app, &caller, &staff), &title, "/workflows", &body, StatusCode::OK)
}
