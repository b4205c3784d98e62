//! Every requirement that ARCHITECTURE.md says is covered has a test that names it, or an entry in docs/limits.md.

use std::collections::BTreeSet;

use super::none;
use crate::support::sources::{root, sources};

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

/// Requirement ids in a text, of whatever family: two letters and two digits, `RF-11`, or `rf_11` as in the name of a test.
fn ids(text: &str) -> BTreeSet<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    for (place, five) in letters.windows(5).enumerate() {
        let whole = |beside: Option<&char>| beside.is_none_or(|c| !c.is_ascii_alphanumeric());
        let alone = whole(place.checked_sub(1).map(|before| &letters[before])) && whole(letters.get(place + 5));
        let (family, number) = (&five[..2], &five[3..]);
        let named = match five[2] {
            '-' => family.iter().all(char::is_ascii_uppercase),
            '_' => family.iter().all(char::is_ascii_lowercase),
            _ => false,
        };
        if alone && named && number.iter().all(char::is_ascii_digit) {
            let family: String = family.iter().collect();
            found.insert(format!(
                "{}-{}",
                family.to_uppercase(),
                number.iter().collect::<String>()
            ));
        }
    }
    found
}

#[test]
fn ids_are_found_in_prose_and_in_names() {
    let found = ids("RF-11: a veto; fn ot_02_once() {} XRF-12 RF-1 RF-123 and PROOF-13, (SE-04) WH-06 SHA-256 is-10");
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["OT-02", "RF-11", "SE-04", "WH-06"]
    );
}
