//! The shipped workflow is proven; mutants of it are refused, each for its own reason; random workflows that are accepted
//! keep their promise in random runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod interpreter;
mod mutants;
mod random;
mod requirements;

use crate::workflow::check::Level;
use crate::workflow::fault::Fault;
use crate::workflow::samples::{PASSKEY_RESET, Shipped};

#[test]
fn the_shipped_workflow_is_proven() {
    let checked = Shipped::files()
        .read(PASSKEY_RESET)
        .unwrap_or_else(|faults| panic!("{}", printed(&faults)));
    let told: Vec<String> = checked.notices.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert_eq!(
        told[0],
        "6:5: notice: breaks QS-01 where policy.profile == \"published\", accepted by docs/risk/RA-1.md"
    );
    assert!(
        checked.notices.iter().all(|notice| notice.level == Level::Notice),
        "{told:#?}"
    );
    assert_eq!(checked.explored.valuations, 192);
}

/// A deviation that no run needs is a warning, not a fault.
#[test]
fn a_deviation_that_is_not_needed_is_told() {
    let broad = "{from: IN-01, if: 'policy.profile == \"published\" && account.asset_tier == \"high\"', analysis: RA-1}\n  \
                 - {from: IN-01, if: 'policy.profile == \"published\"', analysis: RA-1}";
    let narrow = "{from: IN-01, if: 'policy.profile == \"published\"', analysis: RA-1}";
    let checked = Shipped::files().read(&PASSKEY_RESET.replace(narrow, broad)).unwrap();
    let warnings = checked.notices.iter().filter(|notice| notice.level == Level::Warning);
    assert_eq!(warnings.map(|notice| notice.place.line).collect::<Vec<_>>(), [9]);
}

/// What a broken proof prints: valuation, path and what is missing.
#[test]
fn a_broken_proof_shows_its_run() {
    let body = PASSKEY_RESET.replace(
        "gave_up: manual, exhausted: manual}}\n  answered",
        "gave_up: answered, exhausted: manual}}\n  answered",
    );
    let faults = Shipped::files().read(&body).unwrap_err();
    let told = printed(&faults);
    assert!(
        told.contains(
            "workflow.yaml:12:3: a path to the remedy lacks a required proof, put it on the path below, or loosen the line\n"
        ),
        "{told}"
    );
    let path = "agreement (agreed) → sign_in (entered) → email_code (passed) → known (1) → route (else) → questions (gave_up) → \
                answered (else) → cool_down (elapsed) → remedy";
    assert!(told.contains(path), "{told}");
    assert!(told.contains("policy.profile = \"published\""), "{told}");
    assert!(told.contains("missing: any of questions, documents"), "{told}");
}

/// Over the limits the variables are named.
#[test]
fn too_much_to_prove_is_refused_by_name() {
    let mut files = Shipped::files();
    let body = PASSKEY_RESET.replace(
        "{else: documents}]}",
        "{if: 'account.many == 1', go: documents}, {else: documents}]}",
    );
    let many: Vec<String> = (0..200).map(|n| n.to_string()).collect();
    let vocabulary = include_str!("../../../../../../workflows/vocabulary.yaml");
    let vocabulary = vocabulary.replace("account: ", &format!("account:\n  many: [{}] ", many.join(", ")));
    files.vocabulary =
        crate::workflow::vocabulary::Vocabulary::read(&vocabulary).unwrap_or_else(|f| panic!("{}", printed(&f)));
    let told = printed(&files.read(&body).unwrap_err());
    assert!(
        told.contains("too much to prove: more than 4096 combinations") && told.contains("account.many (200)"),
        "{told}"
    );
}

/// A queue whose order cannot be computed is told, though it stands in another file.
#[test]
fn a_queue_reads_the_vocabulary_only() {
    let mut files = Shipped::files();
    let queues =
        include_str!("../../../../../../workflows/queues.yaml").replace("account.disputed", "account.quarrelled");
    files.queues = crate::workflow::queues::Queues::read(&queues).unwrap_or_else(|f| panic!("{}", printed(&f)));
    let told = printed(&files.read(PASSKEY_RESET).unwrap_err());
    assert!(
        told.contains("queue `recovery` in workflows/queues.yaml: unknown name `account.quarrelled`"),
        "{told}"
    );
}

fn printed(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| fault.of("workflow.yaml").to_string())
        .collect();
    lines.join("\n")
}
