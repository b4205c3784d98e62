//! Whether what was typed proves the factor, and the guard that makes it count once.

use readmit_core::answers::PasskeyAnswer;
use readmit_core::effect::Notice;
use readmit_core::guard::{Enrolled, FactorSummary, Guard};
use readmit_core::kind::{Fields, StepCx};
use readmit_core::refusal::Refusal;
use serde_json::Value;

use super::message;
use super::method::{Method, held};
use crate::otp::{self, Totp};
use crate::recovery_codes::Codes;

/// The signal that a passkey that was backed up is so no more (PK-05).
pub(super) const UNSYNCED: &str = "passkey_unsynced";

/// The field of the form, if it has the shape of what is asked for. A wrong shape uses up no try.
pub(super) fn typed(method: Method, fields: &Fields) -> Result<&str, Refusal> {
    let refused = |code| Refusal::Field {
        field: "code".into(),
        code,
    };
    let typed = fields.get("code").ok_or_else(|| refused("code_needed"))?;
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    match method {
        Method::Totp if digits != otp::DIGITS as usize => Err(refused("code_shape")),
        Method::Sms if digits != message::DIGITS as usize => Err(refused("code_shape")),
        Method::Passkey => Err(Refusal::NotAllowed),
        Method::Totp | Method::RecoveryCode | Method::Sms => Ok(typed),
    }
}

/// The guard of the use, where what was typed is right.
pub(super) fn fits(cx: &StepCx<'_>, method: Method, typed: &str) -> Option<Guard> {
    let account = cx.keys.account_tag(cx.sealed.account.as_ref()?);
    held(cx, method).find_map(|factor| {
        let secret = cx.standing.account().secrets.get(&factor.id)?;
        let now = match method {
            Method::Totp => totp(factor, secret, typed, cx),
            Method::RecoveryCode => recovery_code(factor, secret, typed),
            Method::Passkey | Method::Sms => None,
        }?;
        Some(Guard::FactorStep {
            account,
            factor: factor.id,
            now,
        })
    })
}

/// A code of a step that was used before, or of an earlier one, is as wrong as any other (TO-02).
fn totp(factor: &FactorSummary, secret: &Value, typed: &str, cx: &StepCx<'_>) -> Option<Enrolled> {
    let totp: Totp = serde_json::from_value(secret.clone()).ok()?;
    let step = totp.step(typed, cx.now).filter(|step| *step > factor.mark)?;
    Some(again(factor, secret.clone(), step))
}

/// A code is struck out by its use (SC-01).
fn recovery_code(factor: &FactorSummary, secret: &Value, typed: &str) -> Option<Enrolled> {
    let mut codes: Codes = serde_json::from_value(secret.clone()).ok()?;
    codes.strike(typed)?;
    Some(again(factor, serde_json::to_value(codes).ok()?, factor.mark + 1))
}

/// What the owner is told of a use: of a saved code, always (SC-01).
pub(super) fn told(used: &Guard) -> Option<Notice> {
    let Guard::FactorStep { now, .. } = used else {
        return None;
    };
    let codes: Codes = (now.kind == Method::RecoveryCode.kind())
        .then(|| serde_json::from_value(now.secret.clone()).ok())
        .flatten()?;
    Some(Notice::CodeUsed { left: codes.left() })
}

/// What the browser's answer came to: the guard of the use, or what to remember of a refusal. The library compared the
/// counter with the one that it was given; here it is compared with the one that is kept now (PK-04).
pub(super) fn passkey(cx: &StepCx<'_>) -> (Option<Guard>, Vec<&'static str>) {
    let account = cx.sealed.account.as_ref().map(|account| cx.keys.account_tag(account));
    match (&cx.answers.passkey, account) {
        (Some(PasskeyAnswer::CounterBack), _) => (None, vec!["passkey_counter"]),
        (Some(PasskeyAnswer::Used { factor, now, unsynced }), Some(account)) => {
            let Some(known) = held(cx, Method::Passkey).find(|known| known.id == *factor) else {
                return (None, Vec::new());
            };
            if known.mark >= now.mark && now.mark != 0 || known.mark > now.mark {
                return (None, vec!["passkey_counter"]);
            }
            let used = Guard::FactorStep {
                account,
                factor: *factor,
                now: now.clone(),
            };
            (Some(used), unsynced.then_some(UNSYNCED).into_iter().collect())
        }
        _ => (None, Vec::new()),
    }
}

/// The factor as it is kept after a use.
fn again(factor: &FactorSummary, secret: Value, mark: i64) -> Enrolled {
    Enrolled {
        kind: factor.kind.clone(),
        name: factor.name.clone(),
        secret,
        mark,
    }
}
