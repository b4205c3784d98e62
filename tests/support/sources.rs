//! The project's own files, for tests that read them.

use std::path::{Path, PathBuf};

/// One text file of the project.
pub(crate) struct Source {
    /// Relative to the root, with `/`: `storage/src/lib.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The part that is not tests, line for line: nothing of a file of tests; of another everything but its
    /// `#[cfg(test)] mod tests { … }`, whose lines are empty here. What stands below such a module still counts.
    pub(crate) fn without_tests(&self) -> String {
        if self.is_tests() {
            return String::new();
        }
        let (mut code, mut inside) = (String::new(), false);
        let mut lines = self.text.lines().peekable();
        while let Some(line) = lines.next() {
            inside = inside || line == "#[cfg(test)]" && lines.peek().is_some_and(|next| *next == "mod tests {");
            if !inside {
                code.push_str(line);
            }
            code.push('\n');
            // Formatted sources close what they open at the margin there, and nothing else.
            inside = inside && line != "}";
        }
        code
    }

    /// What each test of the file says of itself: its doc comment and its name. Functions of the conformance suite are
    /// tests where the suite runs them.
    pub(crate) fn tests(&self, is_run: impl Fn(&str) -> bool) -> Vec<String> {
        let (mut tests, mut said, mut marked) = (Vec::new(), String::new(), false);
        for line in self.text.lines().map(str::trim) {
            if let Some(doc) = line.strip_prefix("///") {
                said.push_str(doc);
            } else if line.starts_with("#[") {
                marked |= marks_a_test(line);
            } else {
                if let Some(name) = function(line).filter(|name| marked || is_run(name)) {
                    tests.push(format!("{name}: {said}"));
                }
                said.clear();
                marked = false;
            }
        }
        tests
    }

    fn is_tests(&self) -> bool {
        let named = ["tests", "tests.rs", "test", "test.rs", "conformance"];
        self.path.split('/').any(|part| named.contains(&part))
    }

    /// `path:line: what`.
    pub(crate) fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// `#[test]`, `#[tokio::test]`, `#[actix_web::test(…)]`; not `#[cfg(test)]`.
fn marks_a_test(attribute: &str) -> bool {
    let path = attribute.trim_start_matches("#[").split(['(', ']']).next();
    path.is_some_and(|path| path.rsplit("::").next() == Some("test"))
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "pub(crate)", "pub(super)", "async"];
    let begins = before.split_whitespace().all(|word| words.contains(&word));
    begins.then(|| after.split(['(', '<']).next().unwrap())
}

/// The folder that holds the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// All files whose names end in one of `endings`, in order of their paths.
pub(crate) fn sources(endings: &[&str]) -> Vec<Source> {
    let (root, mut found) = (root(), Vec::new());
    walk(&root, &root, endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no file ends in {endings:?}");
    found
}

/// Skips what is not ours: hidden folders, built things, the demo's data.
fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let foreign = name.starts_with('.') || folder == root && ["target", "data"].contains(&name.as_str());
            if !foreign {
                walk(root, &path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(Source {
                path: path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
                text: std::fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source {
            path: "storage/src/any.rs".into(),
            text: text.into(),
        }
    }

    #[test]
    fn code_below_the_tests_is_still_code() {
        let file = source("a();\n#[cfg(test)]\nmod tests {\n    fn t() {\n    }\n}\nb();\n");
        assert_eq!(file.without_tests(), "a();\n\n\n\n\n\nb();\n");
        let declared = source("#[cfg(test)]\nmod tests;\nb();\n");
        assert!(declared.without_tests().contains("b();"));
    }

    #[test]
    fn only_tests_say_what_is_tested() {
        let file = source(
            "/// RF-01: prose\nfn helper() {}\n/// RF-02: a test\n#[test]\nfn t() { // RF-03\n}\n// RF-04\n\
             #[tokio::test(flavor = \"x\")]\nasync fn rf_05_u() {}\n/// RF-06\n#[cfg(test)]\nfn v() {}\n/// RF-07\npub(super) async fn w(x: &X) {}",
        );
        let said = file.tests(|name| name == "w");
        assert_eq!(said, ["t:  RF-02: a test", "rf_05_u: ", "w:  RF-07"]);
    }
}
