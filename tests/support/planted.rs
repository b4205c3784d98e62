//! What people typed, answered or called something: after a test it must not be found where it may lie sealed only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PACK: &str = include_str!("../../workflows/rules/every-picture.yaml");

/// Assets that published rule packs know by name tell nothing of anybody.
pub(super) fn is_telling(word: &str) -> bool {
    !PACK.contains(word)
}

/// Every file of an installation with its bytes. The host keeps its own books, and mail that arrived is mail that arrived.
pub(super) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let ours = walk(folder)
        .into_iter()
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with("halcyon"));
    ours.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect()
}

/// # Panics
/// When one of the words can be read in one of the places, as itself or in hexadecimal digits as PostgreSQL writes bytes.
pub(super) fn assert_unreadable(planted: &BTreeSet<String>, places: Vec<(PathBuf, Vec<u8>)>) {
    for sentinel in planted {
        let hex: String = sentinel.bytes().map(|byte| format!("{byte:02x}")).collect();
        for (place, bytes) in &places {
            assert!(
                !holds(bytes, sentinel) && !contains(bytes, &hex),
                "`{sentinel}` can be read in {}",
                place.display()
            );
        }
    }
}

/// Whether a text stands in some bytes as a word of its own, so that a code of six digits is not found inside a moment.
fn holds(bytes: &[u8], sentinel: &str) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    bytes.windows(sentinel.len()).enumerate().any(|(place, window)| {
        let before = place.checked_sub(1).and_then(|before| bytes.get(before));
        window == sentinel.as_bytes() && !word(before) && !word(bytes.get(place + sentinel.len()))
    })
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The files of a folder and of those in it.
pub(crate) fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}
