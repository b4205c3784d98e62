//! The ways of proving with a factor, strongest first, and which of them an account can use in a case.

use readmit_core::guard::FactorSummary;
use readmit_core::kind::StepCx;
use serde::{Deserialize, Serialize};

use crate::counters;

/// A way of proving. The order is that in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Method {
    Passkey,
    Totp,
    RecoveryCode,
    /// A code by text message: whoever takes the number over takes it, too (OT-06).
    Sms,
}

impl Method {
    pub(crate) const ALL: [Self; 4] = [Self::Passkey, Self::Totp, Self::RecoveryCode, Self::Sms];

    /// In outcomes, forms and texts.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Sms => "sms",
        }
    }

    /// The kind of factor that it uses.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_codes",
            Self::Sms => "phone",
        }
    }

    /// Whether a factor that cannot be used has a reset of its own to go to. Codes on paper do not.
    pub(crate) const fn can_be_lost(self) -> bool {
        !matches!(self, Self::RecoveryCode)
    }

    pub(crate) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}

/// The account's factors that may prove by this way here. What the remedy takes away proves nothing, nor does the one
/// factor that is about to be removed (invariant 10).
pub(crate) fn held<'a>(cx: &'a StepCx<'_>, method: Method) -> impl Iterator<Item = &'a FactorSummary> {
    let spoiled = cx.definition.remedy.spoils(method.kind());
    cx.standing
        .account()
        .factors
        .iter()
        .filter(move |factor| factor.kind == method.kind() && !spoiled && cx.sealed.removing != Some(factor.id))
}

/// The ways that the account has, strongest first.
pub(crate) fn offered(cx: &StepCx<'_>, among: &[Method]) -> Vec<Method> {
    among
        .iter()
        .copied()
        .filter(|method| *method != Method::Sms || cx.phones && !counters::sim_changed(cx))
        .filter(|method| held(cx, *method).next().is_some())
        .collect()
}
