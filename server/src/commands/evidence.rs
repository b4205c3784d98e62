//! `evidence check` and `lint`, and the child process in which a picture is opened.

use std::io::{stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use readmit_core::inspection::{Area, Finding, Report, Request, Verdict};
use readmit_inspect::{Pack, Shared, child};
use readmit_worker::inspector::Inspector;

use super::{done, say, say_wrong};
use crate::blueprint;
use crate::cli::EvidenceCheck;
use crate::models;

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
        pack: pack(&asked.rules)?,
        every: blueprint::EVERY_PICTURE.to_owned(),
        context,
        models,
    };
    let inspector = Inspector::new(std::env::current_exe()?);
    let report = inspector.inspect(&request, &picture).await?.report;
    say(&if asked.json { json(&report)? } else { lines(&report) })
}

/// A pack's text: one that comes with this build, or a file.
fn pack(name: &str) -> anyhow::Result<String> {
    match blueprint::PACKS.iter().find(|pack| pack.name == name) {
        Some(pack) => Ok(pack.body.to_owned()),
        None => std::fs::read_to_string(name).with_context(|| {
            let known: Vec<&str> = blueprint::PACKS.iter().map(|pack| pack.name).collect();
            format!(
                "there is no rule pack or file `{name}`; packs are {}",
                known.join(" and ")
            )
        }),
    }
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
        "verdict": report.verdict, "read": report.read, "findings": findings, "pack": report.pack, "was_read": report.was_read,
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
    let fine: anyhow::Result<Vec<bool>> = paths.iter().map(|path| lint_one(path)).collect();
    match fine {
        Ok(fine) if fine.iter().all(|fine| *fine) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => done(Err(error)),
    }
}

fn lint_one(path: &Path) -> anyhow::Result<bool> {
    let shown = path.display().to_string();
    let body = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let shared = path.file_stem().is_some_and(|stem| stem == "every-picture");
    let faults = if shared {
        Shared::read(&body).err()
    } else {
        Pack::read(&body).err()
    };
    let Some(faults) = faults else {
        say(&format!("{shown}: ok"))?;
        return Ok(true);
    };
    faults.iter().try_for_each(|fault| say(&fault.of(&shown).to_string()))?;
    Ok(false)
}
