//! Reason codes of decisions. What the claimant reads is the text `reason-{code}` in the case's language; it never says
//! which datum or rule of ours decided (RF-18).

/// Why something is asked for again.
pub(crate) const ASK: [&str; 6] = [
    "cut_off",
    "unreadable",
    "not_counterparty",
    "address_missing",
    "amount_differs",
    "another_needed",
];

/// Why a case is rejected.
pub(crate) const REJECT: [&str; 4] = ["not_owner", "evidence_edited", "evidence_too_little", "risk"];

/// The key of the text that the claimant reads; the case's page shows it by the same key.
pub(crate) fn text_key(code: &str) -> String {
    readmit_steps::review::reason_key(code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_reason_has_its_text_in_every_language() {
        let texts = readmit_steps::texts::texts().unwrap();
        for code in ASK.iter().chain(&REJECT) {
            let english = texts.get("en", &text_key(code));
            assert!(english.len() > 20, "{code}: {english}");
            for language in ["zh", "es"] {
                let text = texts.get(language, &text_key(code));
                assert!(text != english && text != text_key(code), "{code} in {language}");
            }
        }
    }

    #[test]
    fn rf_18_no_rejection_names_what_was_wrong() {
        let texts = readmit_steps::texts::texts().unwrap();
        for code in REJECT {
            let text = texts.get("en", &text_key(code)).to_lowercase();
            let telling = [
                "answer",
                "password",
                "address",
                "amount",
                "edited",
                "question",
                "unfortunately",
            ];
            assert!(!telling.iter().any(|word| text.contains(word)), "{text}");
        }
    }
}
