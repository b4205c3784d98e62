//! Pages for what did not work.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::go;
use crate::passwords::HashError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub(super) enum Fail {
    /// No session, or one that was ended: on to the sign-in.
    #[error("signed out")]
    SignedOut,
    #[error("a form of another site")]
    Foreign,
    #[error("nothing at this address")]
    NotFound,
    #[error("{0}")]
    BadForm(&'static str),
    #[error("Readmit did not answer")]
    Away,
    #[error("no step-up could be asked for")]
    NotConfirmed,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Render(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "pages/fail.html")]
struct Page {
    here: &'static str,
    title: &'static str,
    text: &'static str,
}

impl Fail {
    fn page(&self) -> Page {
        let (title, text) = match self {
            Self::SignedOut => ("You are signed out", "Sign in again to go on."),
            Self::Foreign => (
                "This form came from another site",
                "Nothing was done. Go to the start page and try there.",
            ),
            Self::NotFound => ("Nothing is here", "The address may be old, or was typed with a slip."),
            Self::Away => (
                "Security settings cannot be reached now",
                "Nothing about your account has changed. Try again in a minute.",
            ),
            Self::NotConfirmed => (
                "Your second factor cannot be checked now",
                "Nothing was done. Try again in a minute.",
            ),
            Self::BadForm(sentence) => ("That was not understood", *sentence),
            Self::Store(_) | Self::Io(_) | Self::Hash(_) | Self::Render(_) => (
                "Something went wrong on our side",
                "What you sent last may not have been saved. Try again in a moment.",
            ),
        };
        Page { here: "", title, text }
    }
}

impl ResponseError for Fail {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::SEE_OTHER,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadForm(_) => StatusCode::BAD_REQUEST,
            Self::Away | Self::NotConfirmed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Io(_) | Self::Hash(_) | Self::Render(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if matches!(self, Self::SignedOut) {
            return go("/?news=signed-out").finish();
        }
        if self.status_code().is_server_error() {
            tracing::error!(error = %self, "a page failed");
        }
        let body = self.page().render().unwrap_or_default();
        HttpResponse::build(self.status_code())
            .content_type("text/html; charset=utf-8")
            .body(body)
    }
}
