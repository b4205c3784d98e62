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

    /// The part that is not tests: nothing of a file of tests, of another what stands before its `#[cfg(test)]`.
    pub(crate) fn without_tests(&self) -> &str {
        if self.is_tests() {
            return "";
        }
        self.text
            .split_once("#[cfg(test)]")
            .map_or(self.text.as_str(), |(code, _)| code)
    }

    /// The part that is tests.
    pub(crate) fn only_tests(&self) -> &str {
        if self.is_tests() {
            return &self.text;
        }
        self.text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
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
