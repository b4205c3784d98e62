//! What the content security policy and the escaping rest on: templates hold no code, and no value gets out unescaped.

use super::none;
use crate::support::sources::{Source, sources};

/// The one type whose values go into a page as they are; it is made by templates, which escape.
const MARKUP: &str = "web/src/markup.rs";

/// Where a step's fragment, which its kind's template made, becomes such a value; the frame names an icon by it.
const FRAGMENTS: &[&str] = &[
    "claimant-ui/src/case.rs",
    "claimant-ui/src/start.rs",
    "reviewer-ui/src/case_page/view.rs",
    "reviewer-ui/src/register/workflows.rs",
    "web/src/frame/mod.rs",
];

/// Templates lie in `.html` files.
fn templates() -> Vec<Source> {
    sources(&[".html"])
}

/// So that the tests here see every template.
#[test]
fn no_template_stands_in_rust() {
    let mut faults = Vec::new();
    for source in sources(&[".rs"])
        .iter()
        .filter(|source| !source.path.starts_with("tests/"))
    {
        for (number, _) in source.lines().filter(|(_, line)| line.contains("template(source")) {
            faults.push(source.at(number, "a template outside a file of its own"));
        }
    }
    none(&faults);
}

/// SE-07: every value is escaped, but markup that a template made.
#[test]
fn se_07_only_templates_make_markup() {
    let unescaped = ["|safe", "|escape(", "escape=\"none\"", "filters::Safe", "HtmlSafe"];
    let mut faults = Vec::new();
    for source in sources(&[".html", ".rs"]) {
        for (number, line) in (1..).zip(source.without_tests().lines()) {
            let line = line.replace(' ', "");
            let plain_text = line.contains(".txt\",escape=\"none\"");
            if unescaped.iter().any(|way| line.contains(way)) && source.path != MARKUP && !plain_text {
                faults.push(source.at(number, "puts a value into a page unescaped"));
            }
            if line.contains("Markup::of_step(") && !FRAGMENTS.contains(&source.path.as_str()) {
                faults.push(source.at(number, "makes markup of text"));
            }
        }
    }
    none(&faults);
}

/// SE-05: no inline style, script or handler; the policy would block it, and a page must not lean on it.
#[test]
fn se_05_templates_hold_no_code() {
    let mut faults = Vec::new();
    for source in templates() {
        for (number, line) in source.lines() {
            let line = line.to_lowercase();
            for (wrong, what) in [
                (line.contains(" style="), "an inline style"),
                (line.contains("<style"), "a style element"),
                (line.contains("javascript:"), "a script in an address"),
                (
                    line.contains("<script") && !line.contains("src="),
                    "a script element without src",
                ),
                (has_handler(&line), "an event handler in an attribute"),
            ] {
                faults.extend(wrong.then(|| source.at(number, what)));
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
