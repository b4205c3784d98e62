//! The route table: what is mounted is what stands in it, so that a route without a row cannot exist (IN-04).

use actix_web::guard::Guard;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use readmit_core::command::Role;

use crate::error::PageError;
use crate::origins::{Face, Origins};

/// What a route asks of its caller. Extractors enforce it; generic tests hold the two against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nobody in particular.
    Nothing,
    /// A session of the claimant's face.
    Session,
    /// A link that authorises by itself.
    Link,
    /// A signature of the host.
    Signature,
    /// Any member of staff who is signed in.
    Staff,
    /// One of these roles.
    Role(&'static [Role]),
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: Verb,
    pub path: &'static str,
    pub needs: Needs,
    /// The handler, as actix mounts it.
    pub to: fn() -> actix_web::Route,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Mounts one face's routes for its host name only; every other host name does not see them (SE-08).
pub fn mount(config: &mut ServiceConfig, origins: &Origins, face: Face, tables: &[&[Route]]) {
    let rows: Vec<&Route> = tables.iter().flat_map(|table| table.iter()).collect();
    let mut paths: Vec<&str> = Vec::new();
    for row in &rows {
        if !paths.contains(&row.path) {
            paths.push(row.path);
        }
    }
    let mut scope = web::scope("").guard(named(origins, face));
    for path in paths {
        let mut resource = web::resource(path);
        for row in rows.iter().filter(|row| row.path == path) {
            let method = match row.method {
                Verb::Get => resource_get((row.to)()),
                Verb::Post => (row.to)().method(Method::POST),
            };
            resource = resource.route(method);
        }
        scope = scope.service(resource.default_service(web::to(method_not_allowed)));
    }
    config.service(scope);
}

/// GET answers HEAD too; actix drops the body.
fn resource_get(route: actix_web::Route) -> actix_web::Route {
    route.guard(actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head()))
}

fn named(origins: &Origins, face: Face) -> impl Guard + use<> {
    let origins = origins.clone();
    actix_web::guard::fn_guard(move |context| {
        let host = context.head().headers().get("host").and_then(|host| host.to_str().ok());
        host.and_then(|host| origins.face(host)) == Some(face)
    })
}

async fn method_not_allowed() -> Result<actix_web::HttpResponse, PageError> {
    Err(PageError::MethodNotAllowed)
}
