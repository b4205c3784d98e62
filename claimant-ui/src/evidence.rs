//! A claimant's own upload, shown back to its claimant: the copy that was encoded anew, never the file as it came (EV-05); or
//! a picture that came with a message. It is a picture and never a page: sandboxed, and not to be sniffed.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use readmit_core::ids::{BlobId, EvidenceId};
use readmit_core::inspection::Copies;
use readmit_core::kind::Media;
use readmit_steps::documents;
use readmit_web::{App, Caller, ClaimantSession, PageError};

use crate::case::{audit_row, load};

/// `GET /case/evidence/{id}`
pub(crate) async fn show(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    answer(&app, &caller, &session, &id, |copies| (copies.copy, copies.media)).await
}

/// `GET /case/evidence/{id}/small`
pub(crate) async fn show_small(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    answer(&app, &caller, &session, &id, |copies| (copies.thumbnail, Media::Jpeg)).await
}

/// A copy of one picture of the session's own case; a picture of another case is not there (EV-12).
async fn answer(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    id: &str,
    which: impl FnOnce(Copies) -> (BlobId, Media),
) -> Result<HttpResponse, PageError> {
    let wanted: EvidenceId = id.parse().map_err(|_| PageError::NotFound)?;
    let opened = load(app, session).await?;
    let sealed = &opened.loaded.sealed;
    let piece = documents::piece(sealed, &opened.definition, wanted);
    let shown = piece.and_then(|(piece, _)| piece.inspected()?.shown);
    let shown = shown.or_else(|| sealed.enclosures.get(&wanted).copied().flatten());
    let (blob, media) = which(shown.ok_or(PageError::NotFound)?);
    let case = opened.case().id;
    app.db
        .audit(audit_row(caller, "evidence_viewed", Some(case), "done"))
        .await?;
    let picture = app.db.blobs().read(case, blob).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media.content_type()))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(picture))
}
