//! The shipped workflow is proven, and every mutant of it is refused for its own reason.

#![allow(clippy::unwrap_used, clippy::panic)]

use crate::workflow::check::Level;
use crate::workflow::fault::Fault;
use crate::workflow::samples::{PASSKEY_RESET, Shipped};

#[test]
fn the_shipped_workflow_is_proven() {
    let checked = Shipped::files().read(PASSKEY_RESET).unwrap_or_else(|faults| {
        let told: Vec<String> = faults
            .iter()
            .map(|fault| fault.of("workflow.yaml").to_string())
            .collect();
        panic!("{}", told.join("\n"))
    });
    let told: Vec<String> = checked.notices.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(
        checked.notices.iter().all(|notice| notice.level == Level::Notice),
        "{told:#?}"
    );
    assert_eq!(checked.explored.valuations, 192);
    println!("{:?} {told:#?}", checked.explored);
}

/// Replaces one part of the shipped file, which must be there once.
fn mutant(from: &str, to: &str) -> Vec<Fault> {
    assert_eq!(PASSKEY_RESET.matches(from).count(), 1, "{from}");
    let body = PASSKEY_RESET.replace(from, to);
    Shipped::files()
        .read(&body)
        .expect_err(&format!("`{from}` → `{to}` was accepted"))
}
