//! The demo's folder: what is ours, what is finished, and its secrets.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use data_encoding::{BASE64, HEXLOWER};
use readmit_core::ports::Surroundings as _;

use crate::surroundings::Real;

/// Says that a demo made the folder; holds the lock of the one that runs.
const MARK: &str = "readmit-demo";
/// Says that the data is complete.
const MADE: &str = "readmit-demo.made";
/// The models that read pictures are no data: a fresh start keeps them.
pub(crate) const MODELS: &str = "models";
const MASTER_KEY: &str = "master.key";
const HOST_SECRET: &str = "host.secret";

/// A folder that belongs to this demo for as long as the value lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where there is none. What an interrupted demo left half made is thrown away, as with `fresh`.
    pub(crate) fn open(path: &Path, fresh: bool) -> anyhow::Result<Self> {
        let strange = path.exists() && !path.join(MARK).exists() && !is_empty(path)?;
        ensure!(
            !strange,
            "this folder holds something that is not a demo's; choose another one"
        );
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .context("this folder cannot be made")?;
        let lock = private(&path.join(MARK), false)?;
        ensure!(lock.try_lock().is_ok(), "another demo runs in this folder");
        let path = path.canonicalize()?;
        let folder = Self { path, _lock: lock };
        if fresh || !folder.is_made() {
            folder.clear()?;
        }
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn is_made(&self) -> bool {
        self.path.join(MADE).exists()
    }

    /// The data is complete from now on.
    pub(crate) fn made(&self) -> anyhow::Result<()> {
        private(&self.path.join(MADE), true)?.sync_all()?;
        Ok(())
    }

    pub(crate) fn master_key(&self) -> anyhow::Result<[u8; 32]> {
        let text = self.secret(MASTER_KEY, |bytes| HEXLOWER.encode(bytes))?;
        HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .with_context(|| format!("{MASTER_KEY} is not a key any more; start with --fresh"))
    }

    /// `whsec_` and base64.
    pub(crate) fn host_secret(&self) -> anyhow::Result<String> {
        self.secret(HOST_SECRET, |bytes| format!("whsec_{}", BASE64.encode(bytes)))
    }

    /// A secret of 32 random bytes in a file that only its owner reads; drawn while the data is made.
    fn secret(&self, name: &str, write: impl Fn(&[u8]) -> String) -> anyhow::Result<String> {
        let path = self.path.join(name);
        if !path.exists() {
            ensure!(
                !self.is_made(),
                "{name} is missing, and the data cannot be read without it: put it back, or start with --fresh"
            );
            let text = write(&Real.entropy().bytes(name, 0));
            private(&path, true)?.write_all(text.as_bytes())?;
        }
        Ok(fs::read_to_string(&path)?.trim().to_owned())
    }

    /// Removes everything but the mark and the models.
    fn clear(&self) -> anyhow::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name() == MARK || entry.file_name() == MODELS {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn is_empty(path: &Path) -> anyhow::Result<bool> {
    let mut entries = fs::read_dir(path).context("this is not a folder that can be read")?;
    Ok(entries.next().is_none())
}

/// A file that only its owner may read.
fn private(path: &Path, new: bool) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    if new {
        options.create_new(true);
    } else {
        options.create(true).truncate(false);
    }
    options.open(path).context("this folder cannot be written to")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn place() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_folder_with_something_else_in_it_is_left_alone() {
        let place = place();
        fs::write(place.path().join("thesis.txt"), "x").unwrap();
        assert!(Folder::open(place.path(), true).is_err());
        assert!(place.path().join("thesis.txt").exists());
    }

    #[test]
    fn a_finished_folder_is_kept_and_a_half_made_one_is_not() {
        let place = place();
        let path = place.path().join("data");
        let folder = Folder::open(&path, false).unwrap();
        let key = folder.master_key().unwrap();
        assert!(Folder::open(&path, false).is_err(), "one demo at a time");
        drop(folder);
        let folder = Folder::open(&path, false).unwrap();
        assert_ne!(folder.master_key().unwrap(), key, "half made: thrown away");
        let key = folder.master_key().unwrap();
        folder.made().unwrap();
        drop(folder);
        let folder = Folder::open(&path, false).unwrap();
        assert_eq!(folder.master_key().unwrap(), key);
        fs::remove_file(path.join(MASTER_KEY)).unwrap();
        let said = folder.master_key().unwrap_err().to_string();
        assert!(said.starts_with("master.key is missing"), "{said}");
        assert!(!path.join(MASTER_KEY).exists(), "nothing is written");
        drop(folder);
        assert_ne!(Folder::open(&path, true).unwrap().master_key().unwrap(), key, "--fresh");
    }
}
