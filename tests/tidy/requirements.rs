//! Every requirement that ARCHITECTURE.md says is covered has a test that names it, or an entry in docs/limits.md.

use std::collections::BTreeSet;

use super::none;
use crate::support::sources::{root, sources};

const FAMILIES: &[&str] = &["RF", "OT", "TO", "SC", "PK", "QS", "EV", "IN", "AU", "SE", "RL", "PR"];

#[test]
fn covered_requirements_are_tested_or_limited() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, list) = architecture
        .split_once("## Requirements covered")
        .expect("ARCHITECTURE.md has the section `## Requirements covered`");
    let listed = ids(list.split("\n## ").next().unwrap());
    assert!(!listed.is_empty(), "the section names no requirement");

    // An entry is a row of its table; a requirement that its prose only mentions is not excused.
    let limits = std::fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let limits: BTreeSet<String> = limits
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| ids(line.split('|').nth(1).unwrap_or_default()))
        .collect();
    let tested = tested();
    let faults: Vec<String> = listed
        .iter()
        .filter(|id| !tested.contains(*id) && !limits.contains(*id))
        .map(|id| format!("{id}: no test names it, and docs/limits.md does not explain it"))
        .collect();
    none(&faults);
}

/// The ids that stand in the name or the doc comment of a test: a mention anywhere else tests nothing.
fn tested() -> BTreeSet<String> {
    let suite = std::fs::read_to_string(root().join("storage/src/conformance.rs")).unwrap();
    let (_, run) = suite.split_once("run! {").expect("the suite lists its checks");
    let run: BTreeSet<&str> = run
        .split('}')
        .next()
        .unwrap()
        .split([',', ';', ':', ' ', '\n'])
        .collect();
    sources(&[".rs"])
        .iter()
        .filter(|source| !source.path.starts_with("tests/tidy"))
        .flat_map(|source| {
            let in_suite = source.path.starts_with("storage/src/conformance/");
            source.tests(|name| in_suite && run.contains(name))
        })
        .flat_map(|said| ids(&said))
        .collect()
}

/// Requirement ids in a text: `RF-11`, or `rf_11` as in the name of a test.
fn ids(text: &str) -> BTreeSet<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    for (place, five) in letters.windows(5).enumerate() {
        let family: String = five[..2].iter().collect::<String>().to_uppercase();
        let number: String = five[3..].iter().collect();
        let whole = place == 0 || !letters[place - 1].is_ascii_alphanumeric();
        if whole && ['-', '_'].contains(&five[2]) && FAMILIES.contains(&family.as_str()) && number.parse::<u8>().is_ok()
        {
            found.insert(format!("{family}-{number}"));
        }
    }
    found
}

#[test]
fn ids_are_found_in_prose_and_in_names() {
    let found = ids("RF-11: a veto; fn ot_02_once() {} XRF-12 RF-1 and PROOF-13, (SE-04)");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["OT-02", "RF-11", "SE-04"]);
}
