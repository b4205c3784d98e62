//! One look at one picture (EV-07, EV-12). Pictures come from the evidence origin, where no cookie of a session goes: it may
//! be of another site than the page, and browsers send such a site no cookies at all. So a page names an address of its own
//! origin; there the session's cookie is asked for, and the browser is sent on to an address that was drawn by chance, is
//! good once, for seconds, and dead as soon as the session is.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use readmit_core::ids::{BlobId, CaseId};
use readmit_core::kind::Media;
use readmit_core::time::{At, Span};
use readmit_storage::{Face as Side, NewSession};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::PageError;
use crate::forms::Holder;
use crate::origins::Face;

/// How long a browser has to follow: a slow telephone asks another host first.
const LIVES: Span = Span::seconds(30);

/// Whose look, and at what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The session that asked.
    pub holder: Holder,
    pub case: CaseId,
    pub blob: BlobId,
}

/// What is kept until the browser comes.
#[derive(Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
enum Kept {
    Picture { face: Face, look: Look },
}

/// Sends the browser on to the picture. The caller has asked for the session that looks.
///
/// # Errors
/// As the store's.
pub async fn send(app: &App, face: Face, look: Look, now: At) -> Result<HttpResponse, PageError> {
    let new = NewSession {
        face: Side::Ceremony,
        case: None,
        person: None,
        data: serde_json::to_value(Kept::Picture { face, look }).map_err(PageError::internal)?,
    };
    let drawn = app.db.session_create(new, now).await?;
    // As the faces' tables of the evidence origin have it.
    let path = match face {
        Face::Claimant => format!("/c/{drawn}"),
        Face::Staff | Face::Evidence => format!("/e/{drawn}"),
    };
    let address = app.origins.of(Face::Evidence).link(&path);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, address)).finish())
}

/// What an address of the evidence origin was drawn for: once. Whether its session still lives, and may see the picture,
/// is for the caller to ask.
///
/// # Errors
/// [`PageError::PictureLink`] for every address but one that is new; else as the store's.
pub async fn take(app: &App, wanted: Face, drawn: &str, now: At) -> Result<Look, PageError> {
    let kept = app.db.session(drawn, now).await?;
    let kept = kept.filter(|kept| kept.face == Side::Ceremony && now - kept.created < LIVES);
    let kept = kept.ok_or(PageError::PictureLink)?;
    match serde_json::from_value(kept.data) {
        Ok(Kept::Picture { face, look }) if face == wanted && app.db.session_end(&kept.id_hash).await? => Ok(look),
        _ => Err(PageError::PictureLink),
    }
}

/// The picture itself, for a page of this face.
#[must_use]
pub fn answer(app: &App, face: Face, media: Media, content: Vec<u8>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, media.content_type()));
    if !app.origins.are_one_site(face, Face::Evidence) {
        // A browser keeps pictures for the same site from a page of another, and this page is one. What else would show
        // it there has no address that is good twice.
        answer.insert_header(("cross-origin-resource-policy", "cross-origin"));
    }
    answer.body(content)
}
