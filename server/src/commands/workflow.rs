//! `workflow check`, `graph` and `publish`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use readmit_core::inspection::EVERY_PICTURE;
use readmit_core::ports::Surroundings as _;
use readmit_core::workflow::{Checked, Fault};

use super::{of_each, say};
use crate::blueprint::{self, Own, told};
use crate::config::Config;
use crate::database;
use crate::surroundings::Real;

/// The colours that pages give a graph, for a file of its own.
const GRAPH_STYLE: &str = include_str!("graph.css");

/// A workflow file with what lies beside it.
struct File {
    /// As given, or `workflow.yaml` of a folder.
    shown: String,
    body: String,
    own: Own,
}

/// Checks each file. Exit code 0 when all may be published, 1 when one may not, 2 when one cannot be read.
pub(super) fn check(paths: &[PathBuf]) -> ExitCode {
    of_each(paths, check_one)
}

fn check_one(path: &Path) -> anyhow::Result<bool> {
    let file = read(path)?;
    match judged(&file)? {
        Ok(checked) => {
            notices(&file, &checked)?;
            say(&format!("{}: ok, {} steps", file.shown, checked.definition.steps.len()))?;
            Ok(true)
        }
        Err(faults) => {
            for fault in &faults {
                say(&format!("{}", fault.of(&file.shown)))?;
            }
            Ok(false)
        }
    }
}

fn notices(file: &File, checked: &Checked) -> anyhow::Result<()> {
    checked
        .notices
        .iter()
        .try_for_each(|notice| say(&format!("{}:{notice}", file.shown)))
}

fn judged(file: &File) -> anyhow::Result<Result<Checked, Vec<Fault>>> {
    blueprint::check(&file.body, &file.own)
}

pub(super) fn graph(path: &Path) -> anyhow::Result<()> {
    let file = read(path)?;
    let checked = judged(&file)?.map_err(|faults| told(&file.shown, &faults))?;
    let svg = readmit_core::workflow::graph(&checked.definition, readmit_steps::kinds());
    let svg = svg.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" ", 1);
    say(&svg.replacen('>', &format!("><style>{GRAPH_STYLE}</style>"), 1))
}

pub(super) async fn publish(path: &Path, config: &Config) -> anyhow::Result<()> {
    let file = read(path)?;
    // Pages speak with the texts of the build: a text beside the file would be a promise that no page keeps.
    let db = database::open(&config.storage).await?;
    let policy = db
        .current_policy()
        .await?
        .context("nothing is published yet; run `readmit migrate` first")?;
    let own = Own {
        texts: Vec::new(),
        packs: policy
            .packs
            .keys()
            .filter(|name| *name != EVERY_PICTURE)
            .cloned()
            .collect(),
        ..file.own.clone()
    };
    let checked = blueprint::check(&file.body, &own)?.map_err(|faults| told(&file.shown, &faults))?;
    let definition = &checked.definition;
    let new = db.publish(&file.body, definition, Real.now()).await?;
    db.close().await;
    notices(&file, &checked)?;
    let what = if new {
        "published"
    } else {
        "was published before, and is current again"
    };
    say(&format!("{} {what}: version {}", definition.name, definition.hash))
}

/// Reads the file, the texts in `texts/` beside it, the names of rule packs in `rules` one folder up, and those of analyses
/// in `docs/risk` two folders up.
fn read(path: &Path) -> anyhow::Result<File> {
    let file = if path.is_dir() {
        path.join("workflow.yaml")
    } else {
        path.to_owned()
    };
    let body = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let texts = ["en", "zh", "es"].into_iter().filter_map(|language| {
        let text = std::fs::read_to_string(folder.join("texts").join(format!("{language}.ftl"))).ok()?;
        Some((language.to_owned(), text))
    });
    let risk = std::fs::read_dir(folder.join("../../docs/risk"));
    let analyses = risk.into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some(name.strip_suffix(".md")?.to_owned())
    });
    let rules = std::fs::read_dir(folder.join("../rules"));
    let packs = rules.into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        name.strip_suffix(".yaml")
            .filter(|name| *name != EVERY_PICTURE)
            .map(str::to_owned)
    });
    Ok(File {
        shown: file.display().to_string(),
        body,
        own: Own {
            texts: texts.collect(),
            analyses: analyses.collect(),
            packs: packs.collect(),
        },
    })
}
