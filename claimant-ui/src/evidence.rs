//! A claimant's own upload, or one that came with a message, shown to the claimant. It is a picture and never a page: sandboxed, and not to be sniffed.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use readmit_core::ids::EvidenceId;
use readmit_steps::documents;
use readmit_web::{App, Caller, ClaimantSession, PageError};

use crate::case::{audit_row, load};

/// One picture of the session's own case; a picture of another case is not there (EV-12).
pub(crate) async fn show(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let wanted: EvidenceId = id.parse().map_err(|_| PageError::NotFound)?;
    let opened = load(&app, &session).await?;
    let sealed = &opened.loaded.sealed;
    let pieces = documents::pieces(sealed, &opened.definition).into_iter();
    let pieces = pieces.map(|piece| (piece.id, piece.blob, piece.media));
    let enclosed = sealed.letters.iter().flat_map(|letter| &letter.files);
    let enclosed = enclosed.map(|file| (file.id, file.blob, file.media));
    let (_, blob, media) = pieces
        .chain(enclosed)
        .find(|(id, ..)| *id == wanted)
        .ok_or(PageError::NotFound)?;
    let case = opened.case().id;
    app.db
        .audit(audit_row(&caller, "evidence_viewed", Some(case), "done"))
        .await?;
    let picture = app.db.blobs().read(case, blob).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media.content_type()))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(picture))
}
