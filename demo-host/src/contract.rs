//! The host contract: what Readmit asks of us, under `/readmit/`. See docs/host.md.

mod accounts;
mod fault;
mod notices;
mod remedies;
mod sign_in;
mod signed;

use actix_web::web;

use fault::Fault;

pub(crate) fn routes(services: &mut web::ServiceConfig) {
    services.service(
        web::scope("/readmit")
            .service(
                web::resource("/accounts/sign-in")
                    .post(sign_in::create)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}")
                    .get(accounts::show)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}/password")
                    .post(sign_in::password)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}/facts")
                    .get(accounts::facts)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}/ledger")
                    .get(accounts::ledger)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}/remedy")
                    .post(remedies::create)
                    .default_service(web::to(wrong_method)),
            )
            .service(
                web::resource("/accounts/{id}/notice")
                    .post(notices::create)
                    .default_service(web::to(wrong_method)),
            )
            .default_service(web::to(nothing_here)),
    );
}

async fn wrong_method() -> Fault {
    Fault::Method
}

async fn nothing_here() -> Fault {
    Fault::Path
}
