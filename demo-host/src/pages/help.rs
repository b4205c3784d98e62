//! Where "Contact us" and "Write to support" lead: what a real exchange would have here, and what a demo has instead.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::fail::Fail;
use super::html;
use crate::exchange::Exchange;

#[derive(Template)]
#[template(path = "pages/help.html")]
struct Page<'a> {
    here: &'static str,
    recover: &'a str,
}

pub(super) async fn show(exchange: Data<Exchange>) -> Result<HttpResponse, Fail> {
    let page = Page {
        here: "/help",
        recover: &exchange.config.recover,
    };
    html(StatusCode::OK, &page)
}
