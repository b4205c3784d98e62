//! Every library that is built in carries a licence that this project may be handed on with.

use super::{metadata, none};

/// Licences that ask for no more than their text, and MPL-2.0, which asks for the sources of its own files.
const FINE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn every_licence_is_one_we_may_hand_on() {
    let metadata = metadata();
    let faults: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(fine))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    none(&faults);
}

/// Whether an SPDX expression (or the old form with `/`) leaves us a choice that is fine.
fn fine(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut place = 0;
    either(&words, &mut place) && place == words.len()
}

/// `both OR both OR …`
fn either(words: &[&str], place: &mut usize) -> bool {
    let mut result = both(words, place);
    while words.get(*place) == Some(&"OR") {
        *place += 1;
        result |= both(words, place);
    }
    result
}

/// `one AND one AND …`
fn both(words: &[&str], place: &mut usize) -> bool {
    let mut result = one(words, place);
    while words.get(*place) == Some(&"AND") {
        *place += 1;
        result &= one(words, place);
    }
    result
}

/// A licence, one with an exception, or an expression in parentheses.
fn one(words: &[&str], place: &mut usize) -> bool {
    let word = words.get(*place).copied().unwrap_or_default();
    *place += 1;
    if word == "(" {
        let result = either(words, place);
        *place += 1;
        return result;
    }
    if words.get(*place) == Some(&"WITH") {
        let exception = words.get(*place + 1).copied().unwrap_or_default();
        *place += 2;
        return FINE.contains(&format!("{word} WITH {exception}").as_str());
    }
    FINE.contains(&word)
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    for yes in [
        "MIT",
        "MIT/GPL-3.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
    ] {
        assert!(fine(yes), "{yes}");
    }
    for no in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND AGPL-3.0",
        "Apache-2.0 WITH Odd-exception",
        "",
    ] {
        assert!(!fine(no), "{no}");
    }
}
