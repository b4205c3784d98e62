//! What a call gets that is not answered as asked: a status and one sentence in JSON.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, Responder, ResponseError};
use serde_json::json;

use crate::remedy::NotDone;
use crate::sign::Distrust;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("{0}")]
    Distrust(#[from] Distrust),
    #[error("{0}")]
    Body(String),
    #[error("The body is larger than 64 KiB.")]
    TooLarge,
    #[error("There is no such account.")]
    Account,
    #[error("There is nothing at this address.")]
    Path,
    #[error("This address does not take this method.")]
    Method,
    /// The host will not do it, however often it is asked.
    #[error("{0}")]
    Refused(&'static str),
    #[error("This Idempotency-Key was used for another order.")]
    KeyReused,
    #[error("The host could not write its state. Nothing may have been done: ask again with the same key.")]
    Store(#[from] StoreError),
}

impl From<NotDone> for Fault {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::Refused(sentence) => Self::Refused(sentence),
            NotDone::KeyReused => Self::KeyReused,
            NotDone::Store(error) => Self::Store(error),
        }
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Distrust(_) => StatusCode::UNAUTHORIZED,
            Self::Body(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Account | Self::Path => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Store(error) = self {
            tracing::error!(%error, "state not written");
        }
        let name = if matches!(self, Self::Refused(_)) {
            "refused"
        } else {
            "error"
        };
        HttpResponse::build(self.status_code()).json(json!({ name: self.to_string() }))
    }
}

impl Responder for Fault {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse {
        self.error_response()
    }
}
