//! The page that asks for a new password after a reset. Readmit never sees it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::fail::Fail;
use super::origin::OwnPage;
use super::{go, html};
use crate::exchange::Exchange;
use crate::secret;

/// Bounds of a password, in characters: 63B-4 asks for eight and more.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=256;

#[derive(Template)]
#[template(path = "pages/password.html")]
struct Page {
    here: &'static str,
    /// Whether the link still opens anything.
    asks: bool,
    wrong: bool,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    password: String,
}

pub(super) async fn show(exchange: Data<Exchange>, token: Path<String>) -> Result<HttpResponse, Fail> {
    let asks = exchange.store.read().who_may_set(&secret::hash(&token)).is_some();
    let status = if asks { StatusCode::OK } else { StatusCode::GONE };
    html(
        status,
        &Page {
            here: "",
            asks,
            wrong: false,
        },
    )
}

pub(super) async fn update(
    exchange: Data<Exchange>,
    _: OwnPage,
    token: Path<String>,
    choice: Form<Choice>,
) -> Result<HttpResponse, Fail> {
    if !LENGTHS.contains(&choice.password.chars().count()) {
        return html(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Page {
                here: "",
                asks: true,
                wrong: true,
            },
        );
    }
    let (token, hash) = (secret::hash(&token), exchange.passwords.hash(&choice.password)?);
    let set = exchange.store.change(|state| state.set_password(&token, hash)).await?;
    if set {
        Ok(go("/?news=password-set").finish())
    } else {
        html(
            StatusCode::GONE,
            &Page {
                here: "",
                asks: false,
                wrong: false,
            },
        )
    }
}
