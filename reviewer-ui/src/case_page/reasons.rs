//! Reason codes of decisions. What the claimant reads is the text `reason-{code}` in the case's language; it never says
//! which datum or rule of ours decided (RF-18).

/// Why something is asked for again.
pub(crate) const ASK: [&str; 8] = [
    "cut_off",
    "unreadable",
    "other_recipient",
    "other_sender",
    "not_counterparty",
    "address_missing",
    "amount_differs",
    "another_needed",
];

/// Why a case is rejected.
pub(crate) const REJECT: [&str; 4] = ["not_owner", "evidence_edited", "evidence_too_little", "risk"];

/// A reason as staff read it, beside its code.
pub(crate) fn label(code: &str) -> String {
    let label = match code {
        "cut_off" => "Part of the page is missing",
        "unreadable" => "The picture cannot be read",
        "other_recipient" => "The mail went to another address",
        "other_sender" => "The mail came from another sender",
        "not_counterparty" => "Not the counterparty’s page",
        "address_missing" => "The recipient’s address is not seen",
        "amount_differs" => "The picture does not fit the ledger",
        "another_needed" => "One is not enough",
        "not_owner" => "Not shown to be the owner",
        "evidence_edited" => "The evidence was edited",
        "evidence_too_little" => "Too little evidence",
        "risk" => "Too risky to go on",
        other => return crate::words::capital(&crate::words::plain(other)),
    };
    label.to_owned()
}

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
            assert_ne!(
                label(code),
                crate::words::capital(&crate::words::plain(code)),
                "{code} has no words"
            );
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
