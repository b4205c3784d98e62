//! The workspace's programs, built as they stand now.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// What the tests switch on in the crates that they share with the programs: with the same features nothing is built twice.
const FEATURES: &str = "readmit/test-clock,readmit-storage/conformance";

/// Where a program of the workspace lies. The first call builds all of them: a stale one would test yesterday's code.
pub(crate) fn path(name: &str) -> String {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        build
            .args([
                "build",
                "--quiet",
                "--locked",
                "--workspace",
                "--bins",
                "--features",
                FEATURES,
            ])
            .current_dir(super::sources::root())
            .env("CARGO_TARGET_DIR", target());
        // What the cargo that runs us says of this crate would have build scripts run again, and with them half the build.
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            build.env_remove(name);
        }
        let built = build.status().unwrap();
        assert!(built.success(), "the programs could not be built");
        target().join("debug")
    });
    folder.join(name).to_str().unwrap().to_owned()
}

/// The build folder that this test lies in: `TARGET/debug/deps/all-…`.
fn target() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(3).unwrap().to_owned()
}
