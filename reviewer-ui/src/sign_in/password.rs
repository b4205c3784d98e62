//! Passwords and TOTP of staff: in the demo only (PK-09); `serve` mounts no route to it.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use readmit_core::time::At;
use readmit_storage::Person;
use readmit_web::{Anyone, App, Caller, Guest, PageError, Staff};
use totp_rs::Builder;

use super::{TRIES, enter, form, refused, spend};
use crate::page::{self, Body, posted};

/// A hash that no password matches in practice: unknown names cost the same work as known ones (RL-01).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$QmX0HrQwJXzNr5hB0xAe0t5S0Lk7l6jFq7b0m1V3x8E";

/// The password could not be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct NotHashed;

/// An argon2id hash in PHC form, with a fresh salt.
///
/// # Errors
/// [`NotHashed`], only for passwords of absurd length.
pub fn hash_password(password: &str) -> Result<String, NotHashed> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|_| NotHashed)?;
    Ok(hash.to_string())
}

/// `POST /sign-in/password`. Mounted only where the installation says so ([`crate::PASSWORD_ROUTES`]).
pub(crate) async fn create(
    guest: Guest,
    before: Option<Staff<Anyone>>,
    caller: Caller,
    app: Data<App>,
    body: Body,
) -> Result<HttpResponse, PageError> {
    if !app.staff_passwords {
        return Err(PageError::NotFound);
    }
    let (_, fields) = posted(&app, &guest.holder(), body)?;
    let typed = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let name = typed("name").to_lowercase();
    spend(
        &app,
        &caller,
        "staff-password",
        &[name.as_bytes(), &caller.prefix.0],
        TRIES,
    )
    .await?;
    let claimed = app.db.person_by_name(&name).await?.filter(|person| person.active);
    let password = fields.get("password").unwrap_or_default().to_owned();
    if let Some(person) = check(&app, caller.at, claimed.as_ref(), password, &typed("code")).await? {
        let cookie = enter(&app, &caller, before, &person, "password_and_code").await?;
        let to = (LOCATION, page::home(&person.roles));
        return Ok(HttpResponse::SeeOther().insert_header(to).cookie(cookie).finish());
    }
    refused(&app, &caller, claimed.map(|person| person.id), "password_refused").await?;
    form(&app, &caller, &guest, Some(&name))
}

/// The person, if password and code fit and the code's time step was not used before (TO-02).
async fn check(
    app: &App,
    now: At,
    claimed: Option<&Person>,
    password: String,
    code: &str,
) -> Result<Option<Person>, PageError> {
    let secrets = match claimed {
        Some(person) => app.db.secrets(person.id).await?,
        None => None,
    };
    let (hash, secret) = secrets.map_or((None, Vec::new()), |s| (Some(s.password_hash), s.totp_secret));
    let fits = actix_web::web::block(move || fits(&password, hash.as_deref()))
        .await
        .map_err(PageError::internal)?;
    let step = totp_step(&secret, code, now);
    match (claimed, fits, step) {
        (Some(person), true, Some(step)) if app.db.totp_once(person.id, step).await? => Ok(Some(person.clone())),
        _ => Ok(None),
    }
}

/// Whether the password is the one hashed; `None` is an unknown person and does the same work.
pub(crate) fn fits(password: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let matches = Argon2::default()
        .verify_password(password.as_bytes(), hash.unwrap_or(NOBODY))
        .is_ok();
    known && matches
}

/// The time step that a code belongs to (RFC 6238, one step of skew each way); `None` when it fits none.
/// That a step is accepted once only is the caller's to see to (TO-02).
pub(crate) fn totp_step(secret: &[u8], code: &str, now: At) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = Builder::new().with_secret(secret.to_vec()).with_skew(1).build().ok()?;
    totp.check(&digits, u64::try_from(now.0 / 1_000_000).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use readmit_core::time::Span;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(fits("correct horse", Some(&hash)));
        assert!(!fits("correct horse ", Some(&hash)));
        assert!(!fits("correct horse", None));
    }

    #[test]
    fn nobody_costs_the_same_work() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODY).is_ok());
        let ours = hash_password("x").unwrap();
        assert_eq!(ours.split('$').nth(3), NOBODY.split('$').nth(3), "same parameters");
    }

    #[test]
    fn to_01_rfc_6238_vectors_and_one_step_of_skew() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let at = At(seconds * 1_000_000);
            let step = u64::try_from(seconds / 30).unwrap();
            assert_eq!(totp_step(secret, code, at), Some(step));
            assert_eq!(totp_step(secret, code, at + Span::seconds(30)), Some(step));
            assert_eq!(totp_step(secret, code, at - Span::seconds(30)), Some(step));
            assert_eq!(totp_step(secret, code, at + Span::seconds(60)), None);
            assert_eq!(totp_step(secret, code, at - Span::seconds(60)), None);
        }
        assert_eq!(totp_step(secret, "287 082", At(59_000_000)), Some(1));
        assert_eq!(totp_step(secret, "", At(59_000_000)), None);
    }
}
