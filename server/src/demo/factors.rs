//! The factors that Readmit keeps for the exchange's accounts when a demo starts.
//!
//! Their shape is real (a COSE key on P-256, a TOTP secret, a number in E.164, hashed recovery codes); nobody holds the
//! private halves.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use readmit_core::cx::tag;
use readmit_core::ids::AccountId;
use readmit_core::time::{At, Span};
use readmit_demo_host::{Factor, FactorKind, Resident, roster};
use readmit_storage::{Db, NewFactor};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Points of P-256 that are public keys of nobody: multiples of the base point, x then y.
const POINTS: [(&str, &str); 3] = [
    (
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ),
    (
        "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
        "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
    ),
    (
        "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c",
        "8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032",
    ),
];

/// Gives every account the factors of the roster, as if they had been enrolled long ago, or where it is new, soon after its start.
pub(crate) async fn add(db: &Db, now: At) -> anyhow::Result<()> {
    for resident in roster() {
        let account = AccountId(resident.id.to_owned());
        let enrolled = now - Span::days(if resident.is_new() { 4 } else { 400 });
        for (place, factor) in resident.factors.iter().enumerate() {
            let new = NewFactor {
                kind: kind(factor.kind).into(),
                name: name(resident, factor),
                secret: secret(resident, factor, place),
            };
            let id = db.factor_add(&account, new, enrolled).await?;
            db.factor_used(&account, id, now - last_used(resident, place)).await?;
        }
    }
    Ok(())
}

const fn kind(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Passkey => "passkey",
        FactorKind::Totp => "totp",
        FactorKind::Phone => "phone",
        FactorKind::RecoveryCodes => "recovery_codes",
    }
}

/// A phone factor is called by its number: notices go there.
fn name(resident: &Resident, factor: &Factor) -> String {
    match (factor.kind, resident.phone) {
        (FactorKind::Phone, Some(number)) => number.to_owned(),
        _ => factor.name.to_owned(),
    }
}

fn last_used(resident: &Resident, place: usize) -> Span {
    let [first, second, ..] = bytes(resident, "last used", place);
    let hours = i64::from(first) * 3;
    let hours = if resident.is_new() { hours % 72 } else { hours };
    Span::minutes(hours * 60 + i64::from(second % 60))
}

fn secret(resident: &Resident, factor: &Factor, place: usize) -> Value {
    match factor.kind {
        FactorKind::Passkey => passkey(resident, place),
        FactorKind::Totp => json!({ "secret": BASE32_NOPAD.encode(&app_key(resident, place)) }),
        FactorKind::Phone => json!({ "number": resident.phone }),
        FactorKind::RecoveryCodes => {
            let hash = |code: usize| HEXLOWER.encode(&Sha256::digest(saved_code(resident, code)));
            json!({ "sha256": (0..10).map(hash).collect::<Vec<String>>() })
        }
    }
}

/// What the owner of an account would hold in their hands.
pub(crate) struct Keys {
    pub(crate) email: &'static str,
    /// The key in the authenticator app.
    pub(crate) app: Option<Vec<u8>>,
    /// One of the saved codes.
    pub(crate) saved: Option<String>,
}

/// Of every account that has an app or saved codes.
pub(crate) fn keys() -> impl Iterator<Item = Keys> {
    let keys = roster().iter().map(|resident| {
        let place = |kind| resident.factors.iter().position(|factor| factor.kind == kind);
        Keys {
            email: resident.email,
            app: place(FactorKind::Totp).map(|place| app_key(resident, place).to_vec()),
            saved: place(FactorKind::RecoveryCodes).map(|_| saved_code(resident, 0)),
        }
    });
    keys.filter(|keys| keys.app.is_some() || keys.saved.is_some())
}

/// 160 bits, as RFC 4226 recommends.
fn app_key(resident: &Resident, place: usize) -> [u8; 20] {
    let [key @ .., _, _, _, _, _, _, _, _, _, _, _, _] = bytes(resident, "totp", place);
    key
}

/// 16 letters and digits, as they are hashed.
fn saved_code(resident: &Resident, code: usize) -> String {
    BASE32_NOPAD
        .encode(&bytes(resident, "code", code))
        .to_lowercase()
        .chars()
        .take(16)
        .collect()
}

fn passkey(resident: &Resident, place: usize) -> Value {
    let (x, y) = POINTS.get(place % POINTS.len()).copied().unwrap_or_default();
    json!({
        "credential_id": BASE64URL_NOPAD.encode(&bytes(resident, "credential", place)),
        "public_key": BASE64URL_NOPAD.encode(&cose(x, y)),
        "sign_count": 0,
        "backup_eligible": true,
        "backed_up": true,
    })
}

/// A COSE_Key (RFC 9053, 7.1.1): kty EC2, alg ES256, crv P-256, x, y.
fn cose(x: &str, y: &str) -> Vec<u8> {
    let coordinate = |hex: &str| HEXLOWER.decode(hex.as_bytes()).unwrap_or_default();
    let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
    for (label, hex) in [(0x21, x), (0x22, y)] {
        key.extend([label, 0x58, 0x20]);
        key.extend(coordinate(hex));
    }
    key
}

/// 32 bytes that are the same in every demo.
fn bytes(resident: &Resident, purpose: &str, place: usize) -> [u8; 32] {
    tag(&[0; 32], purpose, &[resident.id.as_bytes(), &place.to_be_bytes()]).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_a_cose_key_of_77_bytes() {
        for (x, y) in POINTS {
            assert_eq!(cose(x, y).len(), 77);
        }
    }
}
