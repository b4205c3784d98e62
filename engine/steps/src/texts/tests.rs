#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::support::brand;
use crate::words::Say;

/// The variables of every key of a file, read from its source.
fn variables(content: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = None;
    for line in content.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once('=').filter(|_| !line.starts_with(' ')) {
            current = Some(key.trim());
        }
        let Some(key) = current else { continue };
        let used = keys.entry(key).or_default();
        for rest in line.split('$').skip(1) {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            used.extend(rest.get(..end));
        }
    }
    keys
}

#[test]
fn every_language_has_the_same_keys_and_variables() {
    let all: Vec<File> = FILES.into_iter().chain(WORKFLOWS).collect();
    for (_, name, english) in all.iter().filter(|(language, ..)| *language == "en") {
        let english = variables(english);
        let told = all.iter().filter(|(_, file, _)| file == name).count();
        assert_eq!(told, 3, "{name} is there in English, Chinese and Spanish");
        for (language, _, content) in all
            .iter()
            .filter(|(language, file, _)| file == name && *language != "en")
        {
            let other = variables(content);
            let keys =
                |of: &BTreeMap<&str, BTreeSet<&str>>| of.keys().map(|k| (*k).to_owned()).collect::<BTreeSet<_>>();
            let missing: Vec<_> = keys(&english).symmetric_difference(&keys(&other)).cloned().collect();
            assert!(missing.is_empty(), "{name} {language}: {missing:?}");
            for (key, used) in &english {
                assert_eq!(other.get(key), Some(used), "{name} {language}: variables of {key}");
            }
        }
    }
}

/// The words that claimants never read (the visual target's "Words").
#[test]
fn nobody_is_blamed() {
    let never = ["invalid", "failed", "unfortunately", "error:", "!"];
    for (_, name, content) in FILES
        .into_iter()
        .chain(WORKFLOWS)
        .filter(|(language, ..)| *language == "en")
    {
        for line in content
            .lines()
            .filter(|line| !line.starts_with('#') && !line.starts_with("error-title"))
        {
            let text = line.split_once('=').map_or(line, |(_, text)| text).to_lowercase();
            for word in never {
                assert!(!text.contains(word), "{name}: `{word}` in {line}");
            }
        }
    }
}

/// Letters with accents and brackets around them, marked to be read from right to left: shows what is not translated,
/// what is too narrow, and what assumes a direction.
fn mirrored(content: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for line in content.lines() {
        let (key, text) = match line.split_once('=').filter(|_| !line.starts_with([' ', '#'])) {
            Some((key, text)) => (format!("{key}= \u{202e}["), text.trim_start()),
            None => (String::new(), line),
        };
        out.push_str(&key);
        for c in text.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            out.push(match c {
                'a' if depth == 0 => 'á',
                'e' if depth == 0 => 'é',
                'o' if depth == 0 => 'ö',
                other => other,
            });
        }
        out.push('\n');
    }
    out
}

#[test]
fn a_made_up_right_to_left_language_loads_like_any_other() {
    let mirrored: Vec<(&str, String)> = FILES
        .into_iter()
        .chain(WORKFLOWS)
        .filter(|(language, ..)| *language == "en")
        .map(|(_, name, content)| (name, mirrored(content)))
        .collect();
    let texts = Texts::load(
        mirrored
            .iter()
            .map(|(name, content)| ("ar-XB", *name, content.as_str())),
    )
    .unwrap();
    let brand = brand();
    let say = Say::new(&texts, "ar-XB", &brand);
    assert_eq!(say.get("go-on"), "\u{202e}[Cöntinué");
    assert_eq!(say.count("code-wrong", 3).matches('3').count(), 1);
}

#[test]
fn every_refusal_has_a_text() {
    use readmit_core::refusal::Refusal;
    let (texts, brand) = (texts().unwrap(), brand());
    let say = Say::new(&texts, "en", &brand);
    for refusal in [
        Refusal::Stale,
        Refusal::Closed,
        Refusal::Erased,
        Refusal::AlreadyCarriedOut,
        Refusal::Unproven,
        Refusal::TooMany {
            until: readmit_core::time::At(0),
        },
        Refusal::NotYours,
        Refusal::NoTask,
        Refusal::NotAllowed,
        Refusal::MessageChanged,
        Refusal::HostUnknown,
        Refusal::UnknownStep,
        Refusal::Unsound,
    ] {
        assert!(say.has(&format!("refusal-{}", refusal.code())), "{}", refusal.code());
    }
}

/// Every key that the sources and templates of this crate name as a literal exists.
#[test]
fn every_text_named_in_the_code_exists() {
    let (texts, brand) = (texts().unwrap(), brand());
    let say = Say::new(&texts, "en", &brand);
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut missing = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "html") {
                let source = std::fs::read_to_string(&path).unwrap();
                for call in [
                    "say.get(\"",
                    "say.with(\"",
                    "say.count(\"",
                    "say().get(\"",
                    "say.around(\"",
                    "say().count(\"",
                ] {
                    for rest in source.split(call).skip(1) {
                        let key = rest.split('"').next().unwrap_or_default();
                        if !say.has(key) {
                            missing.push(format!("{}: {key}", path.display()));
                        }
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
