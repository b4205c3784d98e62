//! Forms in either encoding: with files or without.

use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Form, Payload};
use actix_web::{FromRequest as _, HttpRequest};
use readmit_core::ids::CaseId;
use readmit_core::kind::Fields;

use crate::app::App;
use crate::caller::Caller;
use crate::error::PageError;
use crate::upload::{self, Received};

/// Reads a form about a case. `admit` judges its token; files are stored only for a form that it lets in.
///
/// # Errors
/// [`PageError`]; then nothing was kept.
pub async fn read(
    app: &App,
    caller: &Caller,
    case: CaseId,
    request: &HttpRequest,
    payload: Payload,
    admit: impl Fn(&str) -> Result<(), PageError>,
) -> Result<Received, PageError> {
    let admit = |fields: &Fields| admit(fields.get("token").unwrap_or_default());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let form = Multipart::new(request.headers(), payload);
        return upload::receive(&app.db, case, (caller.at, app.uploads), form, admit).await;
    }
    let mut payload = payload.into_inner();
    let form = Form::<Vec<(String, String)>>::from_request(request, &mut payload).await;
    let fields = Fields(form.map_err(|error| PageError::of_reading(&error))?.into_inner());
    admit(&fields)?;
    Ok(Received {
        fields,
        files: Vec::new(),
        refused: None,
    })
}
