//! Pictures on the case page, and the evidence origin that serves them by links which live a minute (EV-12).

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};
use data_encoding::BASE64URL_NOPAD;
use readmit_core::cx::tag;
use readmit_core::ids::{BlobId, CaseId, Tag};
use readmit_core::ports::Store as _;
use readmit_core::time::{At, Span};
use readmit_steps::documents::{Piece, pieces};
use readmit_web::{App, Caller, Face, Holder, PageError, session};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::find::Found;
use crate::contact::letters::reads;
use crate::page;
use crate::sight::{Sight, sight};
use crate::words::{self, capital, plain};

/// How long the link of a picture lives.
const LIVES: Span = Span::seconds(60);

/// The strip of pictures and the one that is shown.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) strip: Vec<Item>,
    pub(super) picture: Option<Picture>,
}

pub(super) struct Item {
    pub(super) number: usize,
    pub(super) label: String,
    pub(super) detail: String,
    pub(super) here: bool,
}

pub(super) struct Picture {
    pub(super) src: String,
    pub(super) label: String,
    pub(super) water: String,
    pub(super) kind: String,
    /// As the claimant's machine called it.
    pub(super) name: String,
    pub(super) sha256: Vec<String>,
}

/// What the claimant handed in, with the picture of this number (from 1) on the stage.
pub(super) fn view(app: &App, caller: &Caller, holder: &Holder, who: &str, found: &Found, number: usize) -> Evidence {
    let all = pieces(&found.loaded.sealed, &found.definition);
    let number = number.clamp(1, all.len().max(1));
    let strip = all.iter().enumerate().map(|(place, piece)| Item {
        number: place + 1,
        label: format!("{} · {}", place + 1, capital(&plain(&piece.slot))),
        detail: detail(piece, caller.at),
        here: place + 1 == number,
    });
    Evidence {
        picture: all.get(number - 1).map(|piece| Picture {
            src: link(app, holder, found.id, piece.blob, caller.at),
            label: format!("Evidence {number}, {}", plain(&piece.slot)),
            water: format!("{who} · {} UTC", words::stamp(caller.at)),
            kind: format!("{}, {}", piece.media.content_type(), size(piece)),
            name: piece.name.clone(),
            sha256: sixteens(&piece.sha256.to_string()),
        }),
        strip: strip.collect(),
    }
}

/// `412 kB, 14:05:30`, and whether another one came for it.
fn detail(piece: &Piece, now: At) -> String {
    match piece.replaced {
        Some(at) => format!("{}, replaced {}", size(piece), words::moment(at, now)),
        None => format!("{}, {}", size(piece), words::moment(piece.at, now)),
    }
}

fn size(piece: &Piece) -> String {
    match piece.bytes {
        bytes @ 0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Long hexadecimal numbers in groups of sixteen, so that they can be compared and wrap.
fn sixteens(hex: &str) -> Vec<String> {
    let digits: Vec<char> = hex.chars().collect();
    digits.chunks(16).map(|group| group.iter().collect()).collect()
}

/// A ticket: the session, the case and the end of its life, under our key. It is not the session's secret.
struct Ticket {
    holder: Holder,
    case: CaseId,
    until: At,
}

impl Ticket {
    fn write(&self, key: &[u8; 32], blob: BlobId) -> String {
        let mut bytes = Vec::with_capacity(88);
        bytes.extend(self.holder);
        bytes.extend(self.case.0.as_bytes());
        bytes.extend(self.until.0.to_be_bytes());
        bytes.extend(self.mac(key, blob).0);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The ticket, if it is ours, for this blob, and alive.
    fn read(text: &str, key: &[u8; 32], blob: BlobId, now: At) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (holder, rest) = bytes.split_first_chunk::<32>()?;
        let (case, rest) = rest.split_first_chunk::<16>()?;
        let (until, mac) = rest.split_first_chunk::<8>()?;
        let ticket = Self {
            holder: *holder,
            case: CaseId(uuid::Uuid::from_bytes(*case)),
            until: At(i64::from_be_bytes(*until)),
        };
        let genuine = bool::from(ticket.mac(key, blob).0.ct_eq(mac));
        (genuine && now < ticket.until).then_some(ticket)
    }

    fn mac(&self, key: &[u8; 32], blob: BlobId) -> Tag {
        let parts: [&[u8]; 4] = [
            &self.holder,
            self.case.0.as_bytes(),
            blob.0.as_bytes(),
            &self.until.0.to_be_bytes(),
        ];
        tag(key, "evidence-ticket", &parts)
    }
}

/// The address of a picture for this session, for a minute.
pub(crate) fn link(app: &App, holder: &Holder, case: CaseId, blob: BlobId, now: At) -> String {
    let ticket = Ticket {
        holder: *holder,
        case,
        until: now + LIVES,
    };
    let ticket = ticket.write(&app.db.secret("evidence-ticket"), blob);
    app.origins.of(Face::Evidence).link(&format!("/e/{blob}/{ticket}"))
}

/// `GET /e/{blob}/{ticket}` on the evidence origin. The ticket's session must be alive and its person must see the case
/// at this moment; every view is recorded before the picture leaves (AU-03).
pub(crate) async fn show(
    caller: Caller,
    app: Data<App>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (blob, ticket) = path.into_inner();
    let blob: BlobId = blob.parse().map_err(|_| PageError::Forbidden)?;
    let key = app.db.secret("evidence-ticket");
    let ticket = Ticket::read(&ticket, &key, blob, caller.at).ok_or(PageError::Forbidden)?;
    let person = session::staff_of(&app, &ticket.holder, caller.at).await?;
    let found = app.db.opened(ticket.case).await?.ok_or(PageError::NotFound)?;
    let sight = sight(&person.roles, person.id, &found.case);
    let enclosed = found.sealed.letters.iter().flat_map(|letter| &letter.files);
    let enclosed = enclosed.into_iter().find(|file| file.blob == blob && reads(sight));
    if enclosed.is_none() && sight != Sight::Whole {
        return Err(PageError::Forbidden);
    }
    let definition = app
        .db
        .definition(found.case.workflow)
        .await?
        .ok_or(PageError::NotFound)?;
    let pieces = pieces(&found.sealed, &definition);
    let piece = pieces.into_iter().find(|piece| piece.blob == blob);
    let media = enclosed.map(|file| file.media).or(piece.map(|piece| piece.media));
    let media = media.ok_or(PageError::NotFound)?;
    page::audit(
        &app,
        &caller,
        &person,
        "evidence_seen",
        Some(ticket.case),
        json!({"evidence": blob}),
    )
    .await?;
    let content = app.db.blobs().read(ticket.case, blob).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media.content_type()))
        .body(content))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use uuid::Uuid;

    const NOW: At = At(1_700_000_000_000_000);

    #[test]
    fn ev_12_a_ticket_is_for_one_session_one_picture_and_one_minute() {
        let (key, blob) = ([7; 32], BlobId(Uuid::from_u128(1)));
        let ticket = Ticket {
            holder: [9; 32],
            case: CaseId(Uuid::from_u128(2)),
            until: NOW + LIVES,
        };
        let text = ticket.write(&key, blob);
        let read = Ticket::read(&text, &key, blob, NOW).unwrap();
        assert_eq!((read.holder, read.case), (ticket.holder, ticket.case));
        assert!(
            Ticket::read(&text, &key, BlobId(Uuid::from_u128(3)), NOW).is_none(),
            "another picture"
        );
        assert!(
            Ticket::read(&text, &[8; 32], blob, NOW).is_none(),
            "another installation"
        );
        assert!(Ticket::read(&text, &key, blob, NOW + LIVES).is_none(), "too late");
        let mut other = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        for place in 0..other.len() {
            other[place] ^= 1;
            assert!(
                Ticket::read(&BASE64URL_NOPAD.encode(&other), &key, blob, NOW).is_none(),
                "byte {place}"
            );
            other[place] ^= 1;
        }
        assert!(Ticket::read("", &key, blob, NOW).is_none());
    }

    #[test]
    fn hexadecimal_is_grouped() {
        assert_eq!(sixteens(&"ab".repeat(12)), ["abababababababab", "abababab"]);
    }
}
