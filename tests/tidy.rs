//! The house rules, as tests: what is asked of every file is read here and not left to the eye.

mod arrows;
mod catalogue;
mod contract;
mod licences;
mod requirements;
mod rules;
mod styles;
mod switches;
mod templates;
mod texts;

/// Fails with every fault found, one a line.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// What `cargo metadata` says of the workspace and everything it builds on.
fn metadata() -> serde_json::Value {
    let said = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(crate::support::sources::root())
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).unwrap()
}
