//! What the policy asks of every recovery, each on workflows that differ in nothing else: kept it is accepted without a
//! deviation, broken it is refused by its name.

use super::printed;
use crate::workflow::samples::Shipped;

const CODES: [&str; 2] = ["code.email", "code.sms"];
const PROOFS: [&str; 5] = ["code.email", "code.sms", "totp", "questions", "documents"];

/// A reset that asks for these proofs one after the other, then for so many people (none: no review) and so long a wait.
fn reset(proofs: &[&str], approvals: u32, wait: &str) -> String {
    let mut steps = vec!["agreement", "sign_in"];
    steps.extend(proofs.iter().map(|proof| proof.trim_start_matches("code.")));
    steps.extend((approvals > 0).then_some("review"));
    steps.extend(["cool_down", "remedy"]);
    let lines = steps.iter().zip(steps.iter().skip(1)).map(|(step, next)| {
        let kind = match *step {
            "agreement" => format!("kind: agreement, text: passkey-reset, then: {{agreed: {next}}}"),
            "sign_in" => format!("kind: credentials, ask: [email, password], then: {{entered: {next}, forgotten: {next}}}"),
            "totp" => format!("kind: totp, then: {{passed: {next}, exhausted: end.expired}}"),
            "questions" => format!(
                "kind: questions, ask: 4, tries: 3, then: {{passed: {next}, gave_up: end.rejected, exhausted: end.rejected}}"
            ),
            "documents" => format!("kind: documents, slots: [], then: {{submitted: {next}}}"),
            "review" => format!(
                "kind: review, queue: recovery, approvals: {approvals}, then: {{approved: {next}, rejected: end.rejected}}"
            ),
            "cool_down" => format!("kind: wait, for: {wait}, then: {{elapsed: {next}}}"),
            channel => format!(
                "kind: code, channel: {channel}, digits: 6, tries: 5, resends: 3, ttl: 10m, \
                 then: {{passed: {next}, exhausted: end.expired}}"
            ),
        };
        format!("  {step}: {{{kind}}}\n")
    });
    format!(
        "workflow: passkey-reset
class: recovery
title: {{en: Reset, zh: Reset, es: Reset}}
remedy: {{reset: [passkey], lock_withdrawals: 24h, revoke: [sessions, trusted_devices, api_keys]}}
proof: {{require: [{}]}}
limits: {{case: 30d, step: 14d}}
start: agreement
steps:
{}  remedy: {{kind: remedy, then: {{done: end.approved, given_up: end.rejected}}}}
",
        proofs.join(", "),
        lines.collect::<String>(),
    )
}

/// What a file is refused with; nothing where it is accepted, without a word of a deviation.
fn told(body: &str) -> String {
    match Shipped::files().read(body) {
        Ok(checked) => {
            assert!(checked.notices.is_empty(), "{body}");
            String::new()
        }
        Err(faults) => printed(&faults),
    }
}

/// RF-01: of all sets of proofs, exactly those that hold two codes, or a code and a bound factor, recover an account by
/// themselves; answers and documents beside them add nothing and take nothing away.
#[test]
fn rf_01_exactly_the_sets_of_the_standard_are_accepted() {
    for chosen in 0..1u32 << PROOFS.len() {
        let proofs: Vec<&str> = PROOFS
            .iter()
            .zip(0..)
            .filter(|(_, bit)| chosen >> bit & 1 == 1)
            .map(|(proof, _)| *proof)
            .collect();
        let standard = proofs
            .iter()
            .filter(|proof| CODES.contains(proof) || **proof == "totp")
            .count()
            >= 2;
        let told = told(&reset(&proofs, 2, "72h"));
        assert_eq!(told.is_empty(), standard, "{proofs:?}: {told}");
        let lacks_only_that = proofs.len() > 1 && proofs.contains(&"code.email");
        assert!(
            standard || !lacks_only_that || told.contains("breaks RF-01"),
            "{proofs:?}: {told}"
        );
    }
}

/// RF-02: documents and answers, however many and whoever approves them, never recover an account without a code or a
/// factor; and no deviation excuses it, for the floor has no name.
#[test]
fn rf_02_nothing_recovers_without_a_code_or_a_factor() {
    for proofs in [
        &["documents"] as &[&str],
        &["documents", "questions"],
        &["questions"],
        &[],
    ] {
        let body = reset(proofs, 2, "72h").replace(
            "proof:",
            "deviates: [{from: RF-01, if: 'true', analysis: RA-2}, {from: QS-01, if: 'true', analysis: RA-1}]\nproof:",
        );
        let told = Shipped::files()
            .read(&body)
            .map_err(|faults| printed(&faults))
            .unwrap_err();
        assert!(told.contains("no possession proof"), "{proofs:?}: {told}");
    }
}

/// RF-10, RF-12: nothing takes effect before a day has passed, nor before three where the owner can be told by one way only.
#[test]
fn rf_10_a_mailbox_alone_waits_longer() {
    let waits = |wait: &str| told(&reset(&["code.email", "totp", "documents"], 2, wait));
    assert_eq!(waits("72h"), "");
    let short = waits("71h");
    assert!(
        short.contains("breaks RF-10") && short.contains("account.independent_channel = false"),
        "{short}"
    );
    assert!(!short.contains("breaks RF-12"), "{short}");
    let none = waits("23h");
    assert!(none.contains("breaks RF-10") && none.contains("breaks RF-12"), "{none}");
}

/// IN-01: high value, and the last factor, take two people.
#[test]
fn in_01_one_person_is_not_enough() {
    let told = told(&reset(&["code.email", "totp", "documents"], 1, "72h"));
    assert!(
        told.contains("breaks IN-01") && told.contains("2 approvals, there are 1"),
        "{told}"
    );
}

/// QS-01: answers beside codes decide nothing; a bound factor or a person beside them does.
#[test]
fn qs_01_answers_decide_nothing_alone() {
    let broken = |proofs: &[&str], approvals| told(&reset(proofs, approvals, "72h")).contains("breaks QS-01");
    assert!(broken(&["code.email", "code.sms", "questions"], 0));
    assert!(!broken(&["code.email", "totp", "questions"], 0));
    assert!(!broken(&["code.email", "code.sms", "questions"], 2));
}
