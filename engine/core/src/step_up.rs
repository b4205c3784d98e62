//! What the host asks a step-up for: class step_up proves a factor for one purpose, and changes nothing here.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::cx::Keys;
use crate::ids::{Digest, Tag};

/// Longest text that the person is shown, in characters.
pub const LONGEST: usize = 500;

/// What the person is about to do at the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Login,
    Withdrawal,
    AddBankAccount,
    FiatWithdrawal,
    Settings,
}

impl Purpose {
    pub const ALL: [Self; 5] = [
        Self::Login,
        Self::Withdrawal,
        Self::AddBankAccount,
        Self::FiatWithdrawal,
        Self::Settings,
    ];

    /// In calls, texts and the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Withdrawal => "withdrawal",
            Self::AddBankAccount => "add_bank_account",
            Self::FiatWithdrawal => "fiat_withdrawal",
            Self::Settings => "settings",
        }
    }
}

/// One step-up as the host asked for it. Sealed: its text names amounts and addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    pub purpose: Purpose,
    /// What the person is shown, as the host wrote it.
    pub text: String,
    /// Where the person goes back to: one of the registered addresses, and the audience of the result.
    pub return_to: String,
}

impl StepUp {
    /// SHA-256 of the text: what the result repeats.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.text.as_bytes()).into())
    }

    /// What the record keeps of the text: an HMAC under the case's key (invariant 4).
    #[must_use]
    pub(crate) fn commitment(&self, keys: &Keys) -> Tag {
        keys.case_tag("step-up", &[self.text.as_bytes(), self.return_to.as_bytes()])
    }

    /// Whether the text can be shown as it is: not empty, not too long, no control characters but line ends.
    #[must_use]
    pub fn is_showable(text: &str) -> bool {
        let odd = |c: char| c.is_control() && c != '\n';
        !text.trim().is_empty() && text.chars().count() <= LONGEST && !text.contains(odd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_as_it_is_or_not_at_all() {
        assert!(StepUp::is_showable("Withdraw 0.5 BTC\nto bc1qexample"));
        for text in ["", "  ", "a\u{7}b", "a\r\nb", &"x".repeat(LONGEST + 1)] {
            assert!(!StepUp::is_showable(text), "{text:?}");
        }
    }
}
