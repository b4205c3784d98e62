//! What goes wrong with a request, as its sender sees it: one table from code to status; texts are looked up by code
//! (`error-{code}-title`, `error-{code}-text`). Nobody outside sees an internal message, always a request id.

use std::fmt;
use std::io::ErrorKind;

use actix_web::error::{PayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use readmit_core::dispatch::DispatchError;
use readmit_core::refusal::Refusal;
use readmit_core::time::At;
use readmit_storage::StorageError;

/// Why a page is not shown, or a form not taken.
#[derive(Clone, Debug)]
pub enum PageError {
    /// The request cannot be read: a field is missing, an encoding is wrong.
    BadRequest,
    NotFound,
    MethodNotAllowed,
    /// No session, or one that has ended.
    SignedOut,
    /// An address that works once, for a few minutes, comes a second time or too late.
    LinkUsed,
    /// Signed in, without the right.
    Forbidden,
    /// The form's token is missing, or was made for somebody else.
    FormExpired,
    /// The address of a picture that was used, is too old, or was made for another session.
    PictureLink,
    /// A call of the host that is not signed, wrongly signed, too old, or seen before.
    NotSigned,
    /// The request comes from another site's page.
    CrossSite,
    /// The case moved on since the page was made.
    Stale,
    Closed,
    Erased,
    AlreadyCarriedOut,
    /// Staff: the claim is somebody else's, or its token is old.
    NotYours,
    /// Staff: what was decided about has changed since.
    MessageChanged,
    TooLarge,
    /// The body came slower than we wait for.
    TooSlow,
    UnsupportedMedia,
    TooMany {
        until: At,
    },
    /// Every try met a conflict. Nothing was written.
    Busy,
    /// The host gave no answer in time. Nothing was written.
    HostAway,
    /// The disk is full. Nothing was written.
    Full,
    /// The database is away or locked. Nothing was written.
    Down,
    /// A fault of ours. The text goes to the log only.
    Internal(String),
}

impl PageError {
    /// A fault of ours, described for the log.
    #[must_use]
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.row().0
    }

    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.row().1
    }

    const fn row(&self) -> (&'static str, StatusCode) {
        match self {
            Self::BadRequest => ("bad_request", StatusCode::BAD_REQUEST),
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::SignedOut => ("signed_out", StatusCode::FORBIDDEN),
            Self::LinkUsed => ("link_used", StatusCode::FORBIDDEN),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
            Self::FormExpired => ("form_expired", StatusCode::FORBIDDEN),
            Self::PictureLink => ("picture_link", StatusCode::FORBIDDEN),
            Self::NotSigned => ("not_signed", StatusCode::UNAUTHORIZED),
            Self::CrossSite => ("cross_site", StatusCode::FORBIDDEN),
            Self::Stale => ("stale", StatusCode::CONFLICT),
            Self::Closed => ("closed", StatusCode::CONFLICT),
            Self::Erased => ("erased", StatusCode::GONE),
            Self::AlreadyCarriedOut => ("already_carried_out", StatusCode::CONFLICT),
            Self::NotYours => ("not_yours", StatusCode::CONFLICT),
            Self::MessageChanged => ("message_changed", StatusCode::CONFLICT),
            Self::TooLarge => ("too_large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::TooSlow => ("too_slow", StatusCode::REQUEST_TIMEOUT),
            Self::UnsupportedMedia => ("unsupported_media", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::TooMany { .. } => ("too_many", StatusCode::TOO_MANY_REQUESTS),
            Self::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE),
            Self::HostAway => ("host_away", StatusCode::SERVICE_UNAVAILABLE),
            Self::Full => ("full", StatusCode::INSUFFICIENT_STORAGE),
            Self::Down => ("down", StatusCode::SERVICE_UNAVAILABLE),
            Self::Internal(_) => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// What an extractor says of a body that it could not read.
    #[must_use]
    pub(crate) fn of_reading(error: &actix_web::Error) -> Self {
        let form = error.as_error::<UrlencodedError>();
        let payload = match form {
            Some(UrlencodedError::Payload(payload)) => Some(payload),
            _ => error.as_error::<PayloadError>(),
        };
        match payload {
            Some(PayloadError::Io(error)) if error.kind() == ErrorKind::TimedOut => Self::TooSlow,
            _ => Self::of_status(error.as_response_error().status_code()),
        }
    }

    /// The code for an answer that a library of ours gave with a bare status.
    #[must_use]
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMedia,
            status if status.is_client_error() => Self::BadRequest,
            status => Self::internal(status),
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(what) => write!(f, "internal: {what}"),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for PageError {}

/// The bare answer; the envelope puts the page into it, in the caller's language.
impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Stale | Refusal::NoTask => Self::Stale,
            Refusal::Closed => Self::Closed,
            Refusal::Erased => Self::Erased,
            Refusal::AlreadyCarriedOut => Self::AlreadyCarriedOut,
            Refusal::NotYours => Self::NotYours,
            Refusal::MessageChanged => Self::MessageChanged,
            Refusal::TooMany { until } => Self::TooMany { until },
            Refusal::HostUnknown => Self::HostAway,
            Refusal::Unproven | Refusal::NotAllowed => Self::Forbidden,
            Refusal::Field { .. } | Refusal::Fields(_) => Self::BadRequest,
            Refusal::Unsound => Self::internal("a step asked for what its workflow does not allow"),
            Refusal::UnknownStep => Self::internal("a case is in a step or of a kind that this build does not know"),
        }
    }
}

impl From<StorageError> for PageError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Self::Full,
            StorageError::Busy => Self::Busy,
            StorageError::Down | StorageError::EvidenceDown => Self::Down,
            other => Self::internal(other),
        }
    }
}

impl From<DispatchError<StorageError>> for PageError {
    fn from(error: DispatchError<StorageError>) -> Self {
        match error {
            DispatchError::Refused(refusal) => refusal.into(),
            DispatchError::NoCase => Self::NotFound,
            DispatchError::Busy => Self::Busy,
            DispatchError::Unreachable(_) => Self::HostAway,
            DispatchError::NoVersion => Self::internal("a case's workflow or policy version is not stored"),
            DispatchError::Store(error) => error.into(),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::FromRequest as _;
    use actix_web::dev::Payload;
    use actix_web::test::TestRequest;
    use actix_web::web::{Bytes, Form};
    use futures_util::stream;

    use super::*;

    fn body(parts: Vec<Result<Bytes, PayloadError>>) -> Payload {
        Payload::Stream {
            payload: Box::pin(stream::iter(parts)),
        }
    }

    /// EV-02: a form that comes too slowly is told so, whoever reads it; one that is damaged is told that.
    #[actix_web::test]
    async fn ev_02_a_slow_form_is_told_apart_from_a_damaged_one() {
        let request = TestRequest::default()
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .to_http_request();
        let late = || PayloadError::Io(std::io::Error::from(ErrorKind::TimedOut));
        let slow = || body(vec![Ok(Bytes::from_static(b"a=1")), Err(late())]);
        let form = Form::<Vec<(String, String)>>::from_request(&request, &mut slow()).await;
        assert!(matches!(PageError::of_reading(&form.unwrap_err()), PageError::TooSlow));
        let bytes = Bytes::from_request(&request, &mut slow()).await;
        assert!(matches!(PageError::of_reading(&bytes.unwrap_err()), PageError::TooSlow));
        let mut damaged = body(vec![Err(PayloadError::Incomplete(None))]);
        let form = Form::<Vec<(String, String)>>::from_request(&request, &mut damaged).await;
        assert!(matches!(
            PageError::of_reading(&form.unwrap_err()),
            PageError::BadRequest
        ));
    }
}
