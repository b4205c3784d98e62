//! What only the tests' own builds know: a clock in a file, and places at which they fail or end.

use super::none;
use crate::support::sources::{root, sources};

/// Features that only tests switch on.
const FEATURES: &[&str] = &["test-clock", "conformance"];
const SWITCHES: [&str; 2] = ["READMIT_TEST_CLOCK", "READMIT_TEST_DEATHS"];

/// What `cargo run` and `cargo build` select builds a program that has none of them.
#[test]
fn the_program_is_built_without_the_switches_of_the_tests() {
    let said = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges=normal",
            "--prefix=none",
            "--format={p} {f}",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let told = String::from_utf8(said.stdout).unwrap();
    let ours: Vec<&str> = told.lines().filter(|line| line.starts_with("readmit")).collect();
    for program in ["readmit v", "readmit-storage v"] {
        assert!(ours.iter().any(|line| line.starts_with(program)), "{program}: {ours:?}");
    }
    let switched: Vec<String> = ours
        .iter()
        .filter(|line| FEATURES.iter().any(|feature| line.contains(feature)))
        .map(|line| (*line).to_owned())
        .collect();
    none(&switched);
}

/// Their variables are read in one place, which is compiled for the tests only; elsewhere nothing can move the time, or ends.
#[test]
fn the_switches_of_the_tests_are_read_in_the_tests_build_only() {
    let mut places = Vec::new();
    for source in sources(&[".rs"])
        .iter()
        .filter(|source| !source.path.starts_with("tests/"))
    {
        let code = source.without_tests();
        let lines: Vec<&str> = code.lines().collect();
        let switched = |line: &&str| SWITCHES.iter().any(|switch| line.contains(switch));
        let named = |line: &&str| switched(line) && !line.trim_start().starts_with("//");
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| named(line)) {
            let item = lines[..number].iter().rev().take_while(|line| !line.is_empty());
            let guarded = item.clone().any(|line| *line == "#[cfg(feature = \"test-clock\")]");
            assert!(
                guarded,
                "{}:{}: a switch of the tests is read in every build",
                source.path,
                number + 1
            );
            places.push(source.path.clone());
        }
    }
    places.dedup();
    assert_eq!(places, ["server/src/surroundings.rs"]);
}
