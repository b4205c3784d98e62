//! The link by which a person makes a first passkey: good once, for 24 hours. It holds whom it is for and until when,
//! under a key of this installation; that it was used is counted, so that no copy of it works again.

use data_encoding::BASE64URL_NOPAD;
use readmit_core::cx::tag;
use readmit_core::guard::Bucket;
use readmit_core::ids::{PersonId, Tag};
use readmit_core::time::{At, Span};
use readmit_storage::{Db, StorageError};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

const LIVES: Span = Span::hours(24);

/// The path of the link.
#[must_use]
pub fn invite(db: &Db, person: PersonId, now: At) -> String {
    let invitation = Invitation {
        person,
        until: now + LIVES,
    };
    format!("/enrol/{}", invitation.write(&db.secret("staff-invitation")))
}

/// Whom an invitation is for, while it is good. Looking does not use it up.
pub(super) async fn invited(db: &Db, token: &str, now: At) -> Result<Option<PersonId>, StorageError> {
    let Some(invitation) = Invitation::read(token, &db.secret("staff-invitation"), now) else {
        return Ok(None);
    };
    let used = db.spent(&once(db, token), now).await? > 0;
    Ok((!used).then_some(invitation.person))
}

/// Uses an invitation up; `false` when somebody was first.
pub(super) async fn accept(db: &Db, token: &str, now: At) -> Result<bool, StorageError> {
    db.spend(&once(db, token), now).await
}

fn once(db: &Db, token: &str) -> Bucket {
    Bucket {
        tag: db.index_tag("staff-invitation", &[token.as_bytes()]),
        limit: 1,
        // Longer than any invitation lives, wherever in the window it was made.
        window: Span::days(36_500),
    }
}

struct Invitation {
    person: PersonId,
    until: At,
}

impl Invitation {
    fn write(&self, key: &[u8; 32]) -> String {
        let mut bytes = Vec::with_capacity(56);
        bytes.extend(self.person.0.as_bytes());
        bytes.extend(self.until.0.to_be_bytes());
        bytes.extend(self.mac(key).0);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Only the one spelling that [`Invitation::write`] gives is read, so that a token cannot be spelled anew.
    fn read(text: &str, key: &[u8; 32], now: At) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (person, rest) = bytes.split_first_chunk::<16>()?;
        let (until, mac) = rest.split_first_chunk::<8>()?;
        let invitation = Self {
            person: PersonId(Uuid::from_bytes(*person)),
            until: At(i64::from_be_bytes(*until)),
        };
        let genuine = bool::from(invitation.mac(key).0.ct_eq(mac));
        (genuine && now < invitation.until).then_some(invitation)
    }

    fn mac(&self, key: &[u8; 32]) -> Tag {
        tag(
            key,
            "invitation",
            &[self.person.0.as_bytes(), &self.until.0.to_be_bytes()],
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::samples;

    #[test]
    fn an_invitation_is_for_one_person_for_a_day() {
        let now = At(1_700_000_000_000_000);
        let invitation = Invitation {
            person: samples::person(4),
            until: now + LIVES,
        };
        let text = invitation.write(&[1; 32]);
        assert_eq!(
            Invitation::read(&text, &[1; 32], now).unwrap().person,
            samples::person(4)
        );
        assert!(Invitation::read(&text, &[2; 32], now).is_none(), "another installation");
        assert!(Invitation::read(&text, &[1; 32], now + LIVES).is_none(), "too late");
        let other = Invitation {
            person: samples::person(5),
            ..invitation
        };
        let forged = format!("{}{}", &other.write(&[9; 32])[..32], &text[32..]);
        assert!(Invitation::read(&forged, &[1; 32], now).is_none(), "another person");
        assert!(Invitation::read("", &[1; 32], now).is_none());
    }
}
