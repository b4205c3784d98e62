//! What people see at the exchange: sign-in, account, transactions, and the mailbox that only a demo has. Plain forms and
//! links; nothing needs a script.

mod account;
mod confirm;
mod fail;
mod help;
mod landing;
mod ledger;
mod mail;
mod origin;
mod password;
mod session;
mod text;

use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use askama::Template;

use crate::exchange::Place;
use fail::Fail;
pub(crate) use session::Seen;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page, by its path.
pub(crate) const ROUTES: &[Place] = &[
    ("/", || web::get().to(landing::show)),
    ("/sign-in", || web::post().to(landing::sign_in)),
    ("/sign-out", || web::post().to(landing::sign_out)),
    ("/account", || web::get().to(account::show)),
    ("/account/codes", || web::post().to(account::codes)),
    ("/security", || web::get().to(account::security)),
    ("/move", || web::get().to(confirm::show)),
    ("/withdraw", || web::post().to(confirm::withdraw)),
    ("/bank-accounts", || web::post().to(confirm::add_bank_account)),
    ("/confirmed", || web::get().to(confirm::confirmed)),
    ("/ledger", || web::get().to(ledger::show)),
    ("/password/{token}", || web::get().to(password::show)),
    ("/password/{token}", || web::post().to(password::update)),
    ("/help", || web::get().to(help::show)),
    ("/mail", || web::get().to(mail::list)),
    ("/mail.json", || web::get().to(mail::json)),
    ("/mail/{n}", || web::get().to(mail::show)),
    ("/sms", || web::post().to(mail::sms)),
    ("/style.css", || web::get().to(style)),
    ("/mark.svg", || web::get().to(mark)),
];

pub(crate) fn routes(services: &mut web::ServiceConfig) {
    let headers = DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::CACHE_CONTROL, "no-store"))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("cross-origin-resource-policy", "same-origin"));
    let pages = ROUTES
        .iter()
        .fold(web::scope(""), |scope, (path, route)| scope.route(path, route()));
    services.service(
        pages
            .wrap(headers)
            .app_data(
                web::FormConfig::default()
                    .limit(16 * 1024)
                    .error_handler(|_, _| misread()),
            )
            .app_data(web::QueryConfig::default().error_handler(|_, _| misread()))
            .app_data(web::PathConfig::default().error_handler(|_, _| Fail::NotFound.into()))
            .default_service(web::to(nothing_here)),
    );
}

fn misread() -> actix_web::Error {
    Fail::BadForm("Something in it is missing, too long or of the wrong kind. Nothing was done.").into()
}

async fn style() -> HttpResponse {
    fixed("text/css; charset=utf-8", include_str!("pages/style.css"))
}

async fn mark() -> HttpResponse {
    fixed("image/svg+xml", include_str!("pages/mark.svg"))
}

fn fixed(kind: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "max-age=300"))
        .body(body)
}

async fn nothing_here() -> Result<HttpResponse, Fail> {
    Err(Fail::NotFound)
}

/// A page, as the answer to a GET or with another status to a refused form.
fn html(status: actix_web::http::StatusCode, page: &impl Template) -> Result<HttpResponse, Fail> {
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(page.render()?))
}

fn go(to: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, to));
    answer
}
