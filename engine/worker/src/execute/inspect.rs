//! Has a picture opened and read in a process of its own, keeps the copies that people see, looks whether it was sent
//! before, and hands what was found to the case.

use readmit_core::answers::LedgerRow;
use readmit_core::effect::EffectError;
use readmit_core::ids::{BlobId, CaseId, Digest, EvidenceId};
use readmit_core::inspection::{Copies, Inspected, Known, Owner, Report, Row, Scanned, Verdict};
use readmit_core::kind::{JobResult, Media};
use readmit_core::ports::Loaded;
use readmit_steps::documents::piece;

use super::Ended;
use crate::ports::{Jobs, Leased, Ledger, Opened, Print};
use crate::run::{Worker, store};

/// How often a picture is tried that ends its process: the machine may have been short of memory.
const TRIES: u32 = 3;

/// The rule pack of pictures that come with messages.
const MESSAGE: &str = "message";

/// A stored picture, and how it is to be read.
struct Wanted {
    loaded: Loaded,
    id: EvidenceId,
    blob: BlobId,
    media: Media,
    sha256: Digest,
    pack: String,
}

pub(super) async fn run<J: Jobs>(
    worker: &Worker<J>,
    leased: &Leased,
    evidence: EvidenceId,
) -> Result<Ended, EffectError> {
    let Some(wanted) = find(worker, leased, evidence).await? else {
        return Ok(Ended::NOTHING);
    };
    let owner = owner(worker, &wanted.loaded).await?;
    let case = wanted.loaded.case.id;
    let picture = worker.jobs.evidence(case, wanted.blob).await.map_err(|e| store(&e))?;
    let rules = worker.jobs.rules(wanted.loaded.case.policy, &wanted.pack).await;
    let rules = rules.map_err(|e| store(&e))?;
    let rules = rules.ok_or_else(|| EffectError::Permanent(format!("there is no rule pack {}", wanted.pack)))?;
    let Some(opened) = worker.inspections.inspect(rules, owner, &picture).await? else {
        if leased.job.attempts + 1 < TRIES {
            return Err(EffectError::Retry("the inspection ended without an answer".into()));
        }
        return Ok(Ended::Told(JobResult::Dead(
            "the inspection ended without an answer".into(),
        )));
    };
    drop(picture);
    let known = known(worker, &wanted, &opened.report).await?;
    let shown = keep(worker, &wanted, &opened).await?;
    let at = worker.dispatcher.now();
    let inspected = Inspected {
        scanned: opened.scanner.map(|by| Scanned { by, at }),
        report: with_known(opened.report, &known),
        shown,
        known,
    };
    let result = serde_json::to_value(&inspected).map_err(|_| EffectError::Permanent("unreadable".into()))?;
    let told = worker.tell(leased, JobResult::Done(result)).await;
    // When it is not known whether the commit was made, the copies stay: the case may name them.
    if matches!(told, Ok(false)) {
        for blob in shown.iter().flat_map(|shown| [shown.copy, shown.thumbnail]) {
            discard(worker, case, blob).await;
        }
    }
    told.map(|_| Ended::Settled)
}

/// The picture: evidence of a step, or a file that came with a message.
async fn find<J: Jobs>(worker: &Worker<J>, leased: &Leased, id: EvidenceId) -> Result<Option<Wanted>, EffectError> {
    let Some(loaded) = worker.jobs.opened(leased.job.case).await.map_err(|e| store(&e))? else {
        return Ok(None);
    };
    if let Some(file) = loaded.sealed.enclosure(id) {
        return Ok(Some(Wanted {
            id,
            blob: file.blob,
            media: file.media,
            sha256: file.sha256,
            pack: MESSAGE.into(),
            loaded,
        }));
    }
    let definition = worker
        .jobs
        .definition(loaded.case.workflow)
        .await
        .map_err(|e| store(&e))?;
    let found = definition.and_then(|definition| piece(&loaded.sealed, &definition, id));
    Ok(found.map(|(piece, pack)| Wanted {
        loaded,
        id,
        blob: piece.blob,
        media: piece.media,
        sha256: piece.sha256,
        pack,
    }))
}

/// The account that the picture is held against, with its ledger at the host.
async fn owner<J: Jobs>(worker: &Worker<J>, loaded: &Loaded) -> Result<Owner, EffectError> {
    let ledger = match &loaded.sealed.account {
        Some(account) => worker.host.ledger(account).await?,
        None => Ledger::default(),
    };
    let view = loaded.sealed.snapshot.as_ref().map(|snapshot| &snapshot.view);
    Ok(Owner {
        email: loaded.sealed.address.clone().unwrap_or_default(),
        name: view.map(|view| view.name.clone()).unwrap_or_default(),
        ledger: ledger.rows.into_iter().filter_map(row).collect(),
        ledger_goes_on: ledger.goes_on,
    })
}

/// A trade has no other side.
fn row(row: LedgerRow) -> Option<Row> {
    let known = |text: String| (!text.is_empty()).then_some(text);
    matches!(row.kind.as_str(), "deposit" | "withdrawal").then(|| Row {
        id: row.id,
        asset: row.asset,
        amount: row.amount,
        address: known(row.address),
        txid: known(row.txid),
        direction: row.kind,
        time: row.at.rfc3339(),
    })
}

async fn known<J: Jobs>(worker: &Worker<J>, wanted: &Wanted, report: &Report) -> Result<Vec<Known>, EffectError> {
    let Some(if_known) = &report.if_known else {
        return Ok(Vec::new());
    };
    let bytes = |hex: &String| {
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
        <[u8; 32]>::try_from(bytes).ok()
    };
    let likeness = report.likeness.as_ref().and_then(bytes);
    let turned: Vec<[u8; 32]> = report.turned.iter().filter_map(bytes).collect();
    let print = Print {
        evidence: wanted.id,
        case: wanted.loaded.case.id,
        account: wanted.loaded.sealed.account.as_ref(),
        sha256: wanted.sha256,
        likeness,
        turned: &turned,
        telling: &report.telling,
        alike: if_known.alike,
        at: worker.dispatcher.now(),
    };
    worker.jobs.known(&print).await.map_err(|e| store(&e))
}

/// The report with what is to be said of a picture that was sent before. The owner's own earlier case is no forgery.
fn with_known(mut report: Report, known: &[Known]) -> Report {
    report.telling.clear();
    report.turned.clear();
    let Some(if_known) = report.if_known.take() else {
        return report;
    };
    let exact = known.iter().any(|known| known.bits.is_none());
    let mut told = known.iter().filter(|known| known.bits.is_none() == exact);
    let own = told.all(|known| known.same_account);
    let finding = match (known.is_empty(), exact) {
        (true, _) => return report,
        (false, true) => if_known.exact,
        (false, false) => if_known.similar,
    };
    let verdict = if own { Verdict::Warn } else { finding.verdict };
    report.verdict = report.verdict.max(verdict);
    report
        .findings
        .push(readmit_core::inspection::Finding { verdict, ..finding });
    report
}

async fn keep<J: Jobs>(worker: &Worker<J>, wanted: &Wanted, opened: &Opened) -> Result<Option<Copies>, EffectError> {
    let case = wanted.loaded.case.id;
    if opened.copy.is_empty() {
        return Ok(None);
    }
    let now = worker.dispatcher.now();
    let copy = worker.jobs.keep(case, &opened.copy, now).await.map_err(|e| store(&e))?;
    match worker.jobs.keep(case, &opened.thumbnail, now).await {
        Ok(thumbnail) => Ok(Some(Copies {
            copy,
            media: if wanted.media == Media::Png {
                Media::Png
            } else {
                Media::Jpeg
            },
            thumbnail,
        })),
        Err(error) => {
            discard(worker, case, copy).await;
            Err(store(&error))
        }
    }
}

async fn discard<J: Jobs>(worker: &Worker<J>, case: CaseId, blob: BlobId) {
    if let Err(error) = worker.jobs.discard(case, blob).await {
        tracing::warn!(%error, "a picture's copy that nobody needs was not removed");
    }
}
