//! Whether a POST comes from our own pages: what the browser says of it, not a token, because the only thing that a session here
//! can do is end (SE-04).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};

use super::fail::Fail;
use crate::exchange::Exchange;

/// A request that a page of ours made: the browser said so.
pub(super) struct OwnPage;

/// A request that no page of another site made: ours, or a program.
pub(super) struct NotForeign;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Own,
    Foreign,
    Unsaid,
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin`.
fn source(headers: &HeaderMap, origin: &str) -> Source {
    let says = |name: &header::HeaderName| headers.get(name).map(|value| value.as_bytes().to_owned());
    let judged = |own: bool| if own { Source::Own } else { Source::Foreign };
    if let Some(site) = says(&header::HeaderName::from_static("sec-fetch-site")) {
        return judged(site == b"same-origin");
    }
    says(&header::ORIGIN).map_or(Source::Unsaid, |given| judged(given == origin.as_bytes()))
}

fn source_of(request: &HttpRequest) -> Source {
    let exchange = request.app_data::<web::Data<Exchange>>();
    exchange.map_or(Source::Foreign, |exchange| {
        source(request.headers(), &exchange.config.origin)
    })
}

impl FromRequest for OwnPage {
    type Error = Fail;
    type Future = Ready<Result<Self, Fail>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if source_of(request) == Source::Own {
            Ok(Self)
        } else {
            Err(Fail::Foreign)
        })
    }
}

impl FromRequest for NotForeign {
    type Error = Fail;
    type Future = Ready<Result<Self, Fail>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if source_of(request) == Source::Foreign {
            Err(Fail::Foreign)
        } else {
            Ok(Self)
        })
    }
}
