//! What the content security policy and the escaping rest on: templates hold no code, and no value gets out unescaped.

use super::none;
use crate::support::sources::{Source, sources};

/// The places that put a step's ready-made fragment into a page: the fragment is itself a template, and escaped.
const PLACES: &[&str] = &[];

/// Templates lie in `.html` files or beside their handlers, in `source = "…"`.
fn templates() -> Vec<Source> {
    sources(&[".html", ".rs"])
        .into_iter()
        .filter(|source| !source.path.starts_with("tests/"))
        .collect()
}

/// SE-07: only a step's fragment is put into a page as it is.
#[test]
fn only_step_fragments_are_put_in_unescaped() {
    let mut faults = Vec::new();
    for source in templates() {
        for (number, line) in source.lines() {
            let squeezed = line.replace(' ', "");
            let unescaped = [
                "|safe",
                "|escape(\"none\")",
                "escape=\"none\"",
                "mark_safe",
                "MarkupDisplay",
            ]
            .iter()
            .any(|way| squeezed.contains(way));
            if unescaped && !PLACES.contains(&source.path.as_str()) {
                faults.push(source.at(number, "puts a value into a page unescaped"));
            }
        }
    }
    none(&faults);
}

/// SE-05: no inline style, script or handler; the policy would block it, and a page must not lean on it.
#[test]
fn templates_hold_no_code() {
    let mut faults = Vec::new();
    for source in templates() {
        for (number, line) in source.lines() {
            let squeezed = line.to_lowercase();
            for (sign, what) in [
                (" style=", "an inline style"),
                ("<style", "a style element"),
                ("javascript:", "a script in an address"),
            ] {
                if squeezed.contains(sign) && source.path.ends_with(".html") {
                    faults.push(source.at(number, what));
                }
            }
            if squeezed.contains("<script") && !squeezed.contains("src=") {
                faults.push(source.at(number, "a script element without src"));
            }
            if source.path.ends_with(".html") && has_handler(&squeezed) {
                faults.push(source.at(number, "an event handler in an attribute"));
            }
        }
    }
    none(&faults);
}

/// Whether a line has an attribute like `onclick=`.
fn has_handler(line: &str) -> bool {
    line.split(" on").skip(1).any(|rest| {
        let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        !name.is_empty() && rest[name.len()..].starts_with("=\"")
    })
}
