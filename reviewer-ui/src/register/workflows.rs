//! Published versions of workflows and rule packs, with the graph of each workflow.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use readmit_core::ids::Digest;
use readmit_core::ports::Store as _;
use readmit_core::workflow;
use readmit_steps::kinds;
use readmit_storage::VersionLine;
use readmit_web::{App, Caller, Markup, PageError, Staff};

use crate::page;
use crate::permissions::ReadsWorkflows;
use crate::words;

#[derive(Template)]
#[template(path = "register/workflows.html")]
struct WorkflowsPage {
    lines: Vec<Line>,
    packs: Vec<Line>,
}

struct Line {
    name: String,
    hash: String,
    /// Its beginning, as shown.
    short: String,
    published: String,
    current: bool,
}

impl Line {
    fn of(version: VersionLine) -> Self {
        Self {
            name: version.name,
            short: version.hash.to_string().chars().take(12).collect::<String>() + "…",
            hash: version.hash.to_string(),
            published: words::stamp(version.published),
            current: version.current,
        }
    }
}

/// `GET /workflows`
pub(crate) async fn index(
    staff: Staff<ReadsWorkflows>,
    caller: Caller,
    app: Data<App>,
) -> Result<HttpResponse, PageError> {
    let body = WorkflowsPage {
        lines: app.db.workflow_list().await?.into_iter().map(Line::of).collect(),
        packs: app.db.pack_list().await?.into_iter().map(Line::of).collect(),
    };
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

#[derive(Template)]
#[template(path = "register/pack.html")]
struct PackPage {
    name: String,
    hash: String,
    published: String,
    /// New cases are judged by it.
    current: bool,
    body: String,
}

/// `GET /workflows/{hash}`: of a workflow or a rule pack.
pub(crate) async fn show(
    staff: Staff<ReadsWorkflows>,
    caller: Caller,
    app: Data<App>,
    hash: Path<String>,
) -> Result<HttpResponse, PageError> {
    let hash: Digest = hash.parse().map_err(|_| PageError::NotFound)?;
    let Some(definition) = app.db.definition(hash).await? else {
        let pack = app.db.pack_list().await?.into_iter().find(|pack| pack.hash == hash);
        let pack = pack.ok_or(PageError::NotFound)?;
        let body = PackPage {
            name: pack.name,
            published: words::stamp(pack.published),
            current: pack.current,
            hash: hash.to_string(),
            body: app.db.pack_body(hash).await?.unwrap_or_default(),
        };
        return page::show((&app, &caller, &staff), &body.name, "/workflows", &body, StatusCode::OK);
    };
    let title = definition.title("en").to_owned();
    let body = WorkflowPage {
        name: definition.name.clone(),
        hash: hash.to_string(),
        graph: Markup::of_step(workflow::graph(&definition, kinds())),
        steps: workflow::in_words(&definition, kinds()),
        body: app.db.workflow_body(hash).await?.unwrap_or_default(),
        title: title.clone(),
    };
    page::show((&app, &caller, &staff), &title, "/workflows", &body, StatusCode::OK)
}
