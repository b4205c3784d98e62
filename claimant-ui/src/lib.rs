//! The claimant's face: start, steps, status, coming back, the owner's veto, and what the host asks us.
//!
//! A handler loads what it shows or dispatches one command, and answers a page or a redirect; its HTML lies beside it.
//! Which case a request is about stands in its session; addresses carry no case. The exception is the veto link.

mod case;
mod comeback;
mod evidence;
mod factors;
mod pages;
mod posted;
mod start;
mod status;
mod stop;
mod withdraw;

use actix_web::web::{self, ServiceConfig};
use readmit_web::routes::{Needs, Route, Verb, mount};
use readmit_web::{Face, Origins};

/// Every route of this face, beside the static files.
pub const ROUTES: &[Route] = &[
    get("/", Needs::Nothing, || web::to(start::index)),
    get("/help", Needs::Nothing, || web::to(pages::help)),
    get("/privacy", Needs::Nothing, || web::to(pages::privacy)),
    get("/case", Needs::Session, || web::to(case::show)),
    post("/case/step", Needs::Session, || web::to(case::submit)),
    get("/case/withdraw", Needs::Session, || web::to(withdraw::ask)),
    post("/case/withdraw", Needs::Session, || web::to(withdraw::act)),
    get("/case/evidence/{id}", Needs::Session, || web::to(evidence::show)),
    get("/continue", Needs::Nothing, || web::to(comeback::ask)),
    post("/continue", Needs::Nothing, || web::to(comeback::send)),
    get("/continue/code", Needs::Session, || web::to(comeback::ask_code)),
    post("/continue/code", Needs::Session, || web::to(comeback::check_code)),
    get("/stop/{token}", Needs::Link, || web::to(stop::ask)),
    post("/stop/{token}", Needs::Link, || web::to(stop::act)),
    get("/api/accounts/{id}/factors", Needs::Signature, || web::to(factors::list)),
    get("/{workflow}", Needs::Nothing, || web::to(start::show)),
    post("/{workflow}", Needs::Nothing, || web::to(start::create)),
];

const fn get(path: &'static str, needs: Needs, to: fn() -> actix_web::Route) -> Route {
    Route { method: Verb::Get, path, needs, to }
}

const fn post(path: &'static str, needs: Needs, to: fn() -> actix_web::Route) -> Route {
    Route { method: Verb::Post, path, needs, to }
}

/// Mounts the claimant's face under its host name.
pub fn configure(config: &mut ServiceConfig, origins: &Origins) {
    mount(config, origins, Face::Claimant, &[readmit_web::assets::ROUTES, ROUTES]);
}

/// The texts of this crate, by language and file name.
pub const TEXTS: [(&str, &str, &str); 3] = [
    ("en", "claimant-ui/en.ftl", include_str!("../texts/en.ftl")),
    ("zh", "claimant-ui/zh.ftl", include_str!("../texts/zh.ftl")),
    ("es", "claimant-ui/es.ftl", include_str!("../texts/es.ftl")),
];
