//! Links to pictures on staff pages: they live a minute, for one session (EV-12).

use data_encoding::BASE64URL_NOPAD;
use readmit_core::cx::tag;
use readmit_core::ids::{BlobId, CaseId, Tag};
use readmit_core::time::{At, Span};
use readmit_web::{App, Holder};
use subtle::ConstantTimeEq as _;

/// How long the link of a picture lives.
const LIVES: Span = Span::seconds(60);

/// A ticket: the session, the case and the end of its life, under our key. It is not the session's secret.
pub(super) struct Ticket {
    pub(super) holder: Holder,
    pub(super) case: CaseId,
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
    pub(super) fn read(text: &str, key: &[u8; 32], blob: BlobId, now: At) -> Option<Self> {
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
    format!("/look/{blob}/{ticket}")
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
}
