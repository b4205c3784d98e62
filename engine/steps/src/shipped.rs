//! The shipped workflow against these kinds: what they declare must carry its proof.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use readmit_core::workflow::policy::PolicyFile;
use readmit_core::workflow::queues::Queues;
use readmit_core::workflow::vocabulary::Vocabulary;
use readmit_core::workflow::{Checked, Fault, Library, read};

const WORKFLOW: &str = include_str!("../../../workflows/passkey-reset/workflow.yaml");

fn check(body: &str) -> Result<Checked, Vec<Fault>> {
    let vocabulary = Vocabulary::read(include_str!("../../../workflows/vocabulary.yaml")).unwrap();
    let policy = PolicyFile::read(include_str!("../../../workflows/policy.yaml"), &vocabulary).unwrap();
    let queues = Queues::read(include_str!("../../../workflows/queues.yaml")).unwrap();
    let texts: BTreeSet<String> = crate::texts::WORKFLOWS
        .iter()
        .flat_map(|(_, _, content)| content.lines())
        .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
        .collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    read(
        body,
        &Library {
            kinds: crate::kinds(),
            vocabulary: &vocabulary,
            policy: &policy,
            queues: &queues,
            analyses: &names(&["RA-1", "RA-2", "RA-3"]),
            texts: &texts,
            slots: &names(&["account_email", "counterparty_transaction"]),
            workflows: &names(&["passkey-reset"]),
        },
    )
}

#[test]
fn the_shipped_workflow_is_proven_with_these_kinds() {
    let checked = check(WORKFLOW).unwrap();
    let declared = |step: &str| checked.declared.get(step).unwrap();
    assert_eq!(checked.declared.len(), 13);
    for (step, reads) in [
        ("agreement", false),
        ("sign_in", false),
        ("email_code", false),
        ("known", false),
        ("password", true),
        ("questions", true),
        ("documents", true),
        ("review", true),
        ("cool_down", false),
        ("remedy", true),
    ] {
        assert_eq!(declared(step).reads_account, reads, "{step}");
    }
}

/// What reads the account cannot come before the code, whatever order a file writes (QS-02).
#[test]
fn qs_02_what_reads_the_account_is_refused_before_the_code() {
    for (from, to) in [
        ("then: {entered: email_code,", "then: {entered: questions,"),
        ("then: {entered: email_code,", "then: {entered: documents,"),
        ("then: {entered: email_code,", "then: {entered: password,"),
        ("then: {entered: email_code,", "then: {entered: known,"),
        (
            "passed: known, exhausted: end.expired",
            "passed: known, exhausted: documents",
        ),
    ] {
        let changed = WORKFLOW.replace(from, to);
        assert_ne!(changed, WORKFLOW, "{from} is in the file");
        assert!(check(&changed).is_err(), "{to}");
    }
}

/// SC-01: what a step makes and what the remedy adds are the same; codes are offered beside another factor alone.
#[test]
fn sc_01_what_no_remedy_keeps_is_refused() {
    const BIND: &str = include_str!("../../../workflows/bind-totp/workflow.yaml");
    const CODES: &str = include_str!("../../../workflows/recovery-codes/workflow.yaml");
    let known = "start.passkey-reset, unavailable_totp: start.passkey-reset, unavailable_sms: start.passkey-reset";
    let lost = "start.passkey-reset, unavailable_totp: start.totp-reset, unavailable_sms: start.mobile-reset";
    let (bind, codes) = (BIND.replace(lost, known), CODES.replace(lost, known));
    assert!(check(&bind).is_ok() && check(&codes).is_ok());
    let offered = "{kind: enrol_codes, offered: true, then: {enrolled: bind, held: bind, later: bind}}";
    let kept = "{kind: enrol_codes, then: {enrolled: keep}}";
    for (body, from, to, told) in [
        (
            &codes,
            kept,
            &*offered.replace("bind", "keep"),
            "`codes` offers `recovery_codes` beside no other factor",
        ),
        (
            &bind,
            "remedy: {add: totp}",
            "remedy: {}",
            "`codes` offers `recovery_codes` beside no other factor",
        ),
        (
            &bind,
            "remedy: {add: totp}",
            "remedy: {}",
            "`app` makes `totp`, which the remedy does not add",
        ),
        (
            &bind,
            offered,
            "{kind: enrol_codes, then: {enrolled: bind}}",
            "`codes` makes `recovery_codes`, which the remedy does not add",
        ),
        (
            &codes,
            kept,
            "{kind: agreement, text: passkey-reset, then: {agreed: keep}}",
            "the remedy adds `recovery_codes`, which no step makes",
        ),
    ] {
        assert!(body.contains(from), "{from}");
        let faults = check(&body.replace(from, to)).unwrap_err();
        assert!(
            faults.iter().any(|fault| fault.to_string().contains(told)),
            "{told}: {faults:?}"
        );
    }
}
