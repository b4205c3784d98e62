//! The host contract: what Readmit asks of us, under `/readmit/`. See docs/host.md.

mod accounts;
mod fault;
mod notices;
mod remedies;
mod sign_in;
mod signed;

use actix_web::web;

use crate::exchange::Place;
use fault::Fault;

/// Where the contract begins on this host.
pub(crate) const ROOT: &str = "/readmit";

/// Every call, by its path under [`ROOT`].
pub(crate) const ROUTES: &[Place] = &[
    ("/accounts/sign-in", || web::post().to(sign_in::create)),
    ("/accounts/{id}", || web::get().to(accounts::show)),
    ("/accounts/{id}/password", || web::post().to(sign_in::password)),
    ("/accounts/{id}/facts", || web::get().to(accounts::facts)),
    ("/accounts/{id}/ledger", || web::get().to(accounts::ledger)),
    ("/accounts/{id}/remedy", || web::post().to(remedies::create)),
    ("/accounts/{id}/notice", || web::post().to(notices::create)),
];

pub(crate) fn routes(services: &mut web::ServiceConfig) {
    let calls = ROUTES.iter().map(|(path, route)| {
        web::resource(*path)
            .route(route())
            .default_service(web::to(wrong_method))
    });
    services.service(
        calls
            .fold(web::scope(ROOT), |scope, call| scope.service(call))
            .default_service(web::to(nothing_here)),
    );
}

async fn wrong_method() -> Fault {
    Fault::Method
}

async fn nothing_here() -> Fault {
    Fault::Path
}
