//! `evidence check`, `lint` and `publish`, and the child process in which a picture is opened.

use std::io::{stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use readmit_core::ids::Digest;
use readmit_core::inspection::{Area, EVERY_PICTURE, Finding, Report, Request, Rules, Verdict};
use readmit_core::ports::Surroundings as _;
use readmit_core::workflow::Fault;
use readmit_inspect::{Pack, Shared, child};
use readmit_worker::inspector::{Inspector, SEATS};

use super::{of_each, say, say_wrong};
use crate::blueprint::{self, told};
use crate::cli::EvidenceCheck;
use crate::config::Config;
use crate::surroundings::Real;
use crate::{database, models};

/// Takes one request from standard input and answers it. Only other commands of this program start it.
pub(super) fn inspect() -> anyhow::Result<()> {
    Ok(child::run(stdin().lock(), stdout().lock(), child::Leash::default())?)
}

/// Inspects one picture in a child process, as the worker does.
pub(super) async fn check(asked: &EvidenceCheck) -> anyhow::Result<()> {
    let read =
        |path: &Path| std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
    let context = serde_json::from_str(&read(&asked.context)?)
        .with_context(|| format!("{} is no context", asked.context.display()))?;
    let picture =
        std::fs::read(&asked.picture).with_context(|| format!("{} cannot be read", asked.picture.display()))?;
    let models = models::ready(&asked.models.folder);
    if models.is_none() {
        say_wrong("readmit: the picture's text is not read: the models are missing; `readmit models fetch` gets them");
    }
    let request = Request {
        rules: rules(&asked.rules)?,
        context,
        models,
    };
    let inspector = Inspector::new(std::env::current_exe()?, SEATS);
    let report = inspector.inspect(&request, &picture).await?.report;
    say(&if asked.json { json(&report)? } else { lines(&report) })
}

/// A pack that comes with this build, or a file of one; then what all packs share is the build's.
fn rules(name: &str) -> anyhow::Result<Rules> {
    let known = || blueprint::PACKS.iter().filter_map(|pack| blueprint::rules(pack.name));
    if let Some(rules) = known().find(|rules| rules.name == name) {
        return Ok(rules);
    }
    let pack = std::fs::read_to_string(name).with_context(|| {
        let known: Vec<String> = known().map(|rules| rules.name).collect();
        format!(
            "there is no rule pack or file `{name}`; packs are {}",
            known.join(" and ")
        )
    })?;
    let shared = known().next().context("this build has no rule packs")?;
    Ok(Rules { pack, ..shared })
}

/// One JSON object, its messages in English.
fn json(report: &Report) -> anyhow::Result<String> {
    let finding = |finding: &Finding| {
        serde_json::json!({
            "rule": finding.rule,
            "verdict": finding.verdict,
            "message": finding.said("en"),
            "value": finding.value,
            "box": finding.area.map(|Area(x, y, width, height)| [x, y, width, height]),
        })
    };
    let findings: Vec<_> = report.findings.iter().map(finding).collect();
    let report = serde_json::json!({
        "verdict": report.verdict, "read": report.read, "findings": findings, "pack": report.pack, "judged_by": report.judged_by,
        "was_read": report.was_read,
    });
    Ok(serde_json::to_string_pretty(&report)?)
}

/// What a person wants to see: what was read, then what is not as it should be.
fn lines(report: &Report) -> String {
    let word = |verdict| match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
    };
    let mut lines = vec![format!("{} ({})", word(report.verdict), report.pack)];
    lines.extend(report.read.iter().map(|(name, value)| format!("  {name:<10} {value}")));
    let told = report
        .findings
        .iter()
        .filter(|finding| finding.verdict != Verdict::Pass);
    lines.extend(told.map(|finding| {
        let value = finding
            .value
            .as_ref()
            .map(|value| format!(" [{value}]"))
            .unwrap_or_default();
        format!(
            "{} {}{value}: {}",
            word(finding.verdict),
            finding.rule,
            finding.said("en")
        )
    }));
    lines.join("\n")
}

/// Checks rule packs. Exit code 0 when all read, 1 when one does not, 2 when a file cannot be read.
pub(super) fn lint(paths: &[PathBuf]) -> ExitCode {
    of_each(paths, lint_one)
}

fn lint_one(path: &Path) -> anyhow::Result<bool> {
    let file = File::read(path)?;
    match &file.name {
        Ok(_) => say(&format!("{}: ok", file.shown))?,
        Err(faults) => faults
            .iter()
            .try_for_each(|fault| say(&fault.of(&file.shown).to_string()))?,
    }
    Ok(file.name.is_ok())
}

/// A rule pack's file.
struct File {
    shown: String,
    body: String,
    /// The pack's name, or what is wrong with it.
    name: Result<String, Vec<Fault>>,
}

impl File {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display().to_string();
        let body = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
        let name = if path.file_stem().is_some_and(|stem| stem == EVERY_PICTURE) {
            Shared::read(&body).map(|_| EVERY_PICTURE.to_owned())
        } else {
            Pack::read(&body).map(|pack| pack.name().to_owned())
        };
        Ok(Self { shown, body, name })
    }
}

/// Publishes rule packs, all or none.
pub(super) async fn publish(paths: &[PathBuf], config: &Config) -> anyhow::Result<()> {
    let files: Vec<File> = paths
        .iter()
        .map(|path| File::read(path))
        .collect::<anyhow::Result<_>>()?;
    let mut packs: Vec<(&str, &str)> = Vec::new();
    for file in &files {
        let name = file.name.as_ref().map_err(|faults| told(&file.shown, faults))?;
        anyhow::ensure!(
            packs.iter().all(|(other, _)| other != name),
            "{}: pack `{name}` is there twice",
            file.shown
        );
        packs.push((name, &file.body));
    }
    let db = database::open(&config.storage).await?;
    anyhow::ensure!(
        db.current_policy().await?.is_some(),
        "nothing is published yet; run `readmit migrate` first"
    );
    db.publish_packs(&packs, Real.now()).await?;
    db.close().await;
    packs.iter().try_for_each(|(name, body)| {
        let hash = Digest::of(body.as_bytes());
        say(&format!("new cases are judged by {name}, version {hash}"))
    })
}
