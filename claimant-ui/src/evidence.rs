//! A claimant's own upload, shown back to its claimant: the copy that was encoded anew, never the file as it came (EV-05);
//! or a picture that came with a message. Pages name it on this origin, and it is served by the evidence origin (EV-07).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use readmit_core::ids::{BlobId, EvidenceId};
use readmit_core::inspection::Copies;
use readmit_steps::documents;
use readmit_web::picture::{self, Look};
use readmit_web::{App, Caller, ClaimantSession, Face, PageError, session};

use crate::case::{audit_row, definition, load};

/// `GET /case/evidence/{id}`
pub(crate) async fn send(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    on(&app, &caller, &session, &id, |copies| copies.copy).await
}

/// `GET /case/evidence/{id}/small`
pub(crate) async fn send_small(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    on(&app, &caller, &session, &id, |copies| copies.thumbnail).await
}

/// On to a picture of the session's own case; one of another case has no address here (EV-12).
async fn on(
    app: &App,
    caller: &Caller,
    session: &ClaimantSession,
    id: &str,
    which: impl FnOnce(Copies) -> BlobId,
) -> Result<HttpResponse, PageError> {
    let wanted: EvidenceId = id.parse().map_err(|_| PageError::PictureLink)?;
    let opened = load(app, session).await?;
    let sealed = &opened.loaded.sealed;
    let piece = documents::piece(sealed, &opened.definition, wanted);
    let shown = piece.and_then(|(piece, _)| piece.inspected()?.shown);
    let shown = shown.or_else(|| sealed.enclosures.get(&wanted).copied().flatten());
    let look = Look {
        holder: session.holder,
        case: opened.case().id,
        blob: which(shown.ok_or(PageError::PictureLink)?),
    };
    picture::send(app, Face::Claimant, look, caller.at).await
}

/// `GET /c/{look}` on the evidence origin: the session must be alive and the picture one of its case's at this moment; every
/// view is recorded before the picture leaves (AU-03).
pub(crate) async fn show(app: Data<App>, caller: Caller, drawn: Path<String>) -> Result<HttpResponse, PageError> {
    let Look { holder, case, blob } = picture::take(&app, Face::Claimant, &drawn, caller.at).await?;
    let own = session::claimant_of(&app, &holder, caller.at).await;
    match own {
        Ok(own) if own == case => {}
        Ok(_) | Err(PageError::SignedOut) => return Err(PageError::PictureLink),
        Err(error) => return Err(error),
    }
    let found = app.db.opened(case).await?.filter(|found| found.readable);
    let found = found.ok_or(PageError::Erased)?;
    let definition = definition(&app, &found.case).await?;
    let pieces = documents::pieces(&found.sealed, &definition).into_iter();
    let pieces = pieces.filter_map(|piece| piece.inspected()?.shown);
    let enclosed = found.sealed.enclosures.values().copied().flatten();
    let media = pieces.chain(enclosed).find_map(|copies| Some(copies.which(blob)?.1));
    let media = media.ok_or(PageError::NotFound)?;
    let row = audit_row(&caller, "evidence_viewed", Some(case), "done");
    app.db.audit(row).await?;
    let content = app.db.blobs().read(case, blob).await?;
    Ok(picture::answer(&app, Face::Claimant, media, content))
}
