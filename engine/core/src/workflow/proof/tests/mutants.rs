//! One change to the shipped workflow each, and the fault that it must be refused with.

use super::printed;
use crate::workflow::samples::{PASSKEY_RESET, Shipped};

/// The shipped file with one part replaced, which is there exactly once, and words of a fault that must be told.
const MUTANTS: [(&str, &str, &str); 54] = [
    // A proof less on some path.
    (
        "gave_up: manual, exhausted: manual}}\n  answered",
        "gave_up: answered, exhausted: manual}}\n  answered",
        "lacks a required proof",
    ),
    (
        "exhausted: end.expired}",
        "exhausted: known}",
        "`known` reads `sign_in.password` too early",
    ),
    (
        "{else: questions}]}",
        "{else: answered}]}",
        "step `questions` is never reached",
    ),
    (
        "ask_documents: documents}",
        "ask_documents: cool_down}",
        "lacks a required proof",
    ),
    (
        "rejected: end.rejected, ask",
        "rejected: cool_down, ask",
        "lacks a required proof",
    ),
    (
        "then: {submitted: review}",
        "then: {submitted: cool_down}",
        "step `review` is never reached",
    ),
    (
        "manual:     {kind: decision, rules: [{else: documents}]}",
        "manual:     {kind: decision, rules: [{if: 'account.disputed', go: cool_down}, {else: documents}]}",
        "lacks a required proof",
    ),
    // A lane that the requirement closes for some accounts.
    (
        "account.asset_tier == \"high\" || account.disputed || !account.can_ask",
        "account.disputed || !account.can_ask",
        "missing: documents; 2 approvals, there are 0",
    ),
    (
        "account.asset_tier == \"high\" || account.disputed || !account.can_ask",
        "account.asset_tier == \"high\" || !account.can_ask",
        "lacks what this line requires",
    ),
    (
        "rules: [{if: 'policy.profile == \"strict\"', go: manual}, {else: cool_down}]",
        "rules: [{if: 'policy.profile == \"published\"', go: manual}, {else: cool_down}]",
        "missing: documents",
    ),
    (
        "rules: [{if: 'policy.profile == \"strict\"', go: manual}, {else: cool_down}]",
        "rules: [{else: cool_down}]",
        "missing: documents",
    ),
    // Fewer people, shorter waits.
    ("is: 2}, {else: 1}]", "is: 1}, {else: 1}]", "2 approvals, there are 1"),
    (
        "is: 2}, {else: 1}]",
        "is: 2}, {else: 0}]",
        "a step may not approve with fewer than one person",
    ),
    (
        "[{if: 'account.asset_tier == \"high\" || (policy.profile == \"strict\" && !account.other_factor)', is: 2}, {else: 1}]",
        "[{if: 'account.asset_tier == \"high\"', is: 2}, {else: 1}]",
        "2 approvals, there are 1",
    ),
    (
        "{if: 'account.asset_tier == \"high\" || policy.profile == \"strict\"', is: 24h}, ",
        "",
        "a wait of 24h, it waits 0s",
    ),
    (
        "'account.asset_tier == \"high\" || policy.profile == \"strict\"', is: 24h",
        "'policy.profile == \"strict\"', is: 24h",
        "a wait of 24h, it waits 0s",
    ),
    (
        "'account.asset_tier == \"high\" || policy.profile == \"strict\"', is: 24h",
        "'account.asset_tier == \"high\" || policy.profile == \"strict\"', is: 23h",
        "a wait of 24h, it waits 23h",
    ),
    (
        "!account.independent_channel', is: 72h",
        "!account.independent_channel', is: 48h",
        "a wait of 72h, it waits 48h",
    ),
    (
        "!account.independent_channel', is: 72h",
        "account.independent_channel', is: 72h",
        "a wait of 72h, it waits 24h",
    ),
    (
        "approved: cool_down, rejected",
        "approved: remedy, rejected",
        "a wait of 24h, it waits 0s",
    ),
    // Requirements broken without a word, or with an analysis that is not there.
    (
        "  - {from: QS-01, if: 'policy.profile == \"published\"', analysis: RA-1}\n",
        "",
        "breaks QS-01",
    ),
    (
        "  - {from: RF-12, if: 'policy.profile == \"published\"', analysis: RA-1}\n",
        "",
        "breaks RF-12",
    ),
    (
        "  - {from: RF-10, if: 'policy.profile == \"published\"', analysis: RA-1}\n",
        "",
        "breaks RF-10",
    ),
    (
        "  - {from: IN-01, if: 'policy.profile == \"published\"', analysis: RA-1}\n",
        "",
        "breaks IN-01",
    ),
    ("  - {from: RF-01, if: 'true', analysis: RA-2}\n", "", "breaks RF-01"),
    (
        "{from: RF-01, if: 'true'",
        "{from: RF-01, if: 'policy.profile == \"published\"'",
        "breaks RF-01",
    ),
    (
        "{from: RF-01, if: 'true', analysis: RA-2}",
        "{from: RF-01, if: 'true', analysis: RA-9}",
        "the risk analysis `RA-9` does not exist",
    ),
    (
        "{from: RF-01, if: 'true', analysis: RA-2}",
        "{from: RF-01, if: 'sign_in.password == \"right\"', analysis: RA-2}",
        "a deviation depends on the fact `sign_in.password`",
    ),
    ("{from: RF-01,", "{from: RF-02,", "unknown word `RF-02`"),
    // Reading too early.
    (
        "{entered: email_code, forgotten",
        "{entered: known, forgotten",
        "`known` reads `sign_in.password` too early",
    ),
    (
        "then: {agreed: sign_in}",
        "then: {agreed: route}",
        "`route` reads `account.asset_tier` too early",
    ),
    (
        "{passed: known, exhausted: end.expired}",
        "{passed: known, exhausted: password}",
        "shows or asks what only the account's owner may see",
    ),
    // Names.
    ("{kind: questions,", "{kind: questons,", "unknown step kind `questons`"),
    (
        "{passed: answered,",
        "{passed: anwsered,",
        "unknown step `anwsered`, did you mean `answered`?",
    ),
    (
        "{passed: answered,",
        "{pased: answered,",
        "a questions step has no outcome `pased`, did you mean `passed`?",
    ),
    (
        "right: route, forgotten: manual, ",
        "right: route, ",
        "outcome `forgotten` of `password` leads nowhere",
    ),
    (
        "queue: recovery",
        "queue: recover",
        "unknown queue `recover`, did you mean `recovery`?",
    ),
    (
        "slot: account_email",
        "slot: acount_email",
        "unknown slot `acount_email`, did you mean `account_email`?",
    ),
    (
        "text: passkey-reset",
        "text: passkey-rest",
        "unknown text `passkey-rest`, did you mean `passkey-reset`?",
    ),
    (
        "'account.has_transactions'",
        "'account.has_transaction'",
        "unknown name `account.has_transaction`",
    ),
    (
        "'sign_in.password == \"wrong\"'",
        "'sign_in.password == \"false\"'",
        "`sign_in.password` is never \"false\"",
    ),
    (
        "[code.email, {any_of",
        "[code.sms, {any_of",
        "no step grants the proof `code.sms`",
    ),
    (
        "tries: 3, then: {right",
        "tires: 3, then: {right",
        "unknown field `tires`",
    ),
    (
        "exhausted: end.expired",
        "exhausted: start.pass-reset",
        "unknown workflow `pass-reset`",
    ),
    // Shape.
    (
        "    visits: 4   ",
        "    # no visits",
        "has no bound, give one of its steps `visits`",
    ),
    (
        "then: {elapsed: remedy}",
        "then: {elapsed: review}",
        "step `remedy` is never reached",
    ),
    (
        "{done: end.approved, given_up: end.rejected}",
        "{done: end.rejected, given_up: end.rejected}",
        "no path leads to `end.approved`",
    ),
    (
        "given_up: end.rejected}",
        "given_up: end.approved}",
        "`given_up` of `remedy` leads to `end.approved`",
    ),
    (
        "exhausted: manual}}\n  route",
        "exhausted: end.approved}}\n  route",
        "`exhausted` of `password` leads to `end.approved`",
    ),
    // The floor.
    (
        "ttl: 10m",
        "ttl: 15m",
        "`ttl` of `email_code` is 15m, the policy's floor: 1m to 10m",
    ),
    (
        "digits: 6",
        "digits: 4",
        "`digits` of `email_code` is 4, the policy's floor: 6 to 8",
    ),
    (
        "lock_withdrawals: 24h",
        "lock_withdrawals: 1h",
        "withdrawals are not locked long enough",
    ),
    (
        "revoke: [sessions, trusted_devices, api_keys]",
        "revoke: [sessions, api_keys]",
        "`trusted_devices` survive the remedy",
    ),
    (
        "reset: [passkey]",
        "reset: [paskey]",
        "a remedy cannot name `paskey`, did you mean `passkey`?",
    ),
];

#[test]
fn every_mutant_is_refused_for_its_own_reason() {
    let files = Shipped::files();
    let mut wrong = Vec::new();
    for (from, to, expected) in MUTANTS {
        assert_eq!(PASSKEY_RESET.matches(from).count(), 1, "{from}");
        match files.read(&PASSKEY_RESET.replace(from, to)) {
            Ok(_) => wrong.push(format!("accepted: {from} → {to}")),
            Err(faults) if printed(&faults).contains(expected) => {}
            Err(faults) => wrong.push(format!(
                "{from} → {to}: expected {expected}, told\n{}",
                printed(&faults)
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A step that is at fault says nothing of what it grants: that is no second fault.
#[test]
fn a_step_at_fault_is_told_of_alone() {
    let body = PASSKEY_RESET.replace("tries: 3, then: {right", "tires: 3, then: {right");
    let told = printed(&Shipped::files().read(&body).unwrap_err());
    assert!(told.contains("unknown field `tires`"), "{told}");
    assert!(!told.contains("no step grants"), "{told}");
}

/// Invariant 10: a factor that the remedy resets is no proof, however its step is named.
#[test]
fn what_a_reset_names_is_no_proof() {
    let body = PASSKEY_RESET
        .replace("reset: [passkey]", "reset: [passkey, totp]")
        .replace(
            "passed: known, exhausted: end.expired}}",
            "passed: app, exhausted: end.expired}}\n  app: {kind: totp, then: {passed: known, exhausted: end.expired}}",
        )
        .replace(
            "{any_of: [questions, documents]}]\n",
            "{any_of: [questions, documents]}, totp]\n",
        );
    let told = printed(&Shipped::files().read(&body).unwrap_err());
    assert!(
        told.contains("the proof `totp` can never count, the remedy resets `totp`"),
        "{told}"
    );
    // Not required, it makes no standard set of the code either: RF-01 stays broken.
    let quiet = body
        .replace(", totp]\n", "]\n")
        .replace("  - {from: RF-01, if: 'true', analysis: RA-2}\n", "");
    let told = printed(&Shipped::files().read(&quiet).unwrap_err());
    assert!(told.contains("breaks RF-01"), "{told}");
    // An app that is not reset does.
    let sound = quiet.replace("reset: [passkey, totp]", "reset: [passkey]");
    assert!(Shipped::files().read(&sound).is_ok());
}

/// Evidence that comes after an approval voids it, and a proof after the wait begins the wait anew.
#[test]
fn later_evidence_voids_approvals_and_later_proofs_the_wait() {
    let cool_down = "approved: cool_down, rejected";
    let again = PASSKEY_RESET
        .replace(cool_down, "approved: more, rejected")
        .replace("  cool_down:", "  more: {kind: documents, slots: [], then: {submitted: second}}\n  second: {kind: review, queue: recovery, approvals: 1, then: {approved: cool_down, rejected: end.rejected}}\n  cool_down:");
    let told = printed(&Shipped::files().read(&again).unwrap_err());
    assert!(told.contains("2 approvals, there are 1"), "{told}");
    let late = PASSKEY_RESET
        .replace("then: {elapsed: remedy}", "then: {elapsed: late}")
        .replace(
            "  remedy: ",
            "  late: {kind: code, channel: sms, then: {passed: remedy, exhausted: end.expired}}\n  remedy: ",
        );
    let told = printed(&Shipped::files().read(&late).unwrap_err());
    assert!(told.contains("a wait of 24h, it waits 0s"), "{told}");
}

/// One slip is one fault: what follows from it is not listed beside it.
#[test]
fn a_slip_is_told_once() {
    for (from, to, expected) in [
        ("kind: wait,", "kind: wiat,", "unknown step kind `wiat`"),
        (
            "approved: cool_down, rejected",
            "aproved: cool_down, rejected",
            "has no outcome `aproved`",
        ),
        (
            "approved: cool_down, rejected",
            "approved: cooldown, rejected",
            "unknown step `cooldown`",
        ),
        ("start: agreement", "start: agreemnt", "unknown step `agreemnt`"),
        ("{done: end.approved,", "{dne: end.approved,", "has no outcome `dne`"),
    ] {
        assert_eq!(PASSKEY_RESET.matches(from).count(), 1, "{from}");
        let faults = Shipped::files().read(&PASSKEY_RESET.replace(from, to)).unwrap_err();
        assert_eq!(faults.len(), 1, "{}", printed(&faults));
        assert!(printed(&faults).contains(expected), "{}", printed(&faults));
    }
}
