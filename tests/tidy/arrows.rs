//! Which crate may know which. An arrow that is not here is a design decision, and is made in this list.

use std::collections::{BTreeMap, BTreeSet};

use super::{metadata, none};
use crate::support::sources::{Source, root, sources};

/// Each crate, and the crates of ours that it may name in its code.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("readmit-core", &[]),
    ("readmit-migrations", &[]),
    ("readmit-demo-host", &[]),
    ("readmit-steps", &["readmit-core"]),
    ("readmit-inspect", &["readmit-core"]),
    ("readmit-worker", &["readmit-core", "readmit-steps", "readmit-storage"]),
    ("readmit-storage", &["readmit-core", "readmit-migrations"]),
    ("readmit-web", &["readmit-core", "readmit-steps", "readmit-storage"]),
    (
        "readmit-claimant-ui",
        &["readmit-core", "readmit-steps", "readmit-storage", "readmit-web"],
    ),
    (
        "readmit-reviewer-ui",
        &["readmit-core", "readmit-steps", "readmit-storage", "readmit-web"],
    ),
    (
        "readmit",
        &[
            "readmit-core",
            "readmit-steps",
            "readmit-inspect",
            "readmit-worker",
            "readmit-storage",
            "readmit-web",
            "readmit-claimant-ui",
            "readmit-reviewer-ui",
            "readmit-demo-host",
        ],
    ),
    // Its program `leashed` puts on the leash of the child that opens pictures.
    ("readmit-tests", &["readmit-inspect"]),
];

/// Libraries that only one crate may name, so that the rest of the house neither waits for them nor leans on them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sea-orm", &["readmit-storage", "readmit-migrations"]),
    ("sea-orm-migration", &["readmit-storage", "readmit-migrations"]),
    ("clap", &["readmit", "readmit-demo-host"]),
    ("cel", &["readmit-core"]),
    ("rten", &["readmit-inspect"]),
    ("image", &["readmit-inspect", "readmit"]),
    ("anyhow", &["readmit", "readmit-demo-host"]),
];

#[test]
fn crates_know_only_what_they_may() {
    let knows = named(|package| package.starts_with("readmit"));
    let may: BTreeMap<&str, BTreeSet<&str>> = MAY_KNOW
        .iter()
        .map(|(name, may)| (*name, may.iter().copied().collect()))
        .collect();
    let mut faults = Vec::new();
    for (package, knows) in &knows {
        match may.get(package.as_str()) {
            None => faults.push(format!("{package} is not in the list of crates")),
            Some(may) => faults.extend(
                knows
                    .iter()
                    .filter(|known| !may.contains(known.as_str()))
                    .map(|known| format!("{package} → {known} is not an arrow of the design")),
            ),
        }
    }
    none(&faults);
}

#[test]
fn libraries_stay_behind_their_crate() {
    let mut faults = Vec::new();
    for (library, homes) in ONLY_IN {
        for (package, knows) in named(|name| name == *library) {
            if !homes.contains(&package.as_str()) && !knows.is_empty() {
                faults.push(format!("{package} names {library}; only {} may", homes.join(" and ")));
            }
        }
    }
    none(&faults);
}

/// By crate of ours: the dependencies that its code (not its tests) names and that `wanted` picks.
fn named(wanted: impl Fn(&str) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let members = metadata["workspace_members"].as_array().unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| members.contains(&package["id"]))
        .map(|package| {
            let knows = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .filter(|name| wanted(name))
                .collect();
            (package["name"].as_str().unwrap().to_owned(), knows)
        })
        .collect()
}

/// A dependency that no file of its crate names is built, audited and updated for nothing.
#[test]
fn every_dependency_is_named_by_its_crate() {
    let metadata = metadata();
    let members = metadata["workspace_members"].as_array().unwrap();
    let files = sources(&[".rs"]);
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        if !members.contains(&package["id"]) {
            continue;
        }
        let folder = folder_of(package["manifest_path"].as_str().unwrap());
        let own: Vec<&Source> = files.iter().filter(|file| file.path.starts_with(&folder)).collect();
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["rename"].as_str().or(dependency["name"].as_str()).unwrap();
            if !own.iter().any(|file| names(&file.text, &name.replace('-', "_"))) {
                faults.push(format!("{folder}Cargo.toml: no file names {name}"));
            }
        }
    }
    none(&faults);
}

/// The folder of a manifest, relative to the root: `engine/core/`.
fn folder_of(manifest: &str) -> String {
    let folder = std::path::Path::new(manifest).parent().unwrap().canonicalize().unwrap();
    format!("{}/", folder.strip_prefix(root()).unwrap().display())
}

/// Whether a path of the library stands in a text: `time::` but not `runtime::` nor `super::time::`.
fn names(text: &str, library: &str) -> bool {
    let path = format!("{library}::");
    let inner = |before: char| before.is_alphanumeric() || before == '_' || before == ':';
    let mut places = text.match_indices(&path);
    places.any(|(place, _)| !text[..place].ends_with(inner)) || text.contains(&format!("use {library};"))
}

#[test]
fn a_library_is_named_by_a_path_that_begins_with_it() {
    assert!(names("let t = time::Date::MIN;", "time"));
    assert!(names("use anyhow;", "anyhow"));
    assert!(!names("use std::time::Duration; runtime::now()", "time"));
    assert!(!names("// time is money", "time"));
}
