//! What the worker needs to have a picture read: rule packs, models, and whom this installation speaks for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use readmit_core::effect::EffectError;
use readmit_core::inspection::{Context, Finding, Operator, Owner, Report, Request, Rules, Tell, Verdict};
use readmit_core::workflow::policy::Packs;
use readmit_worker::inspector::{Inspector, NoAnswer};
use readmit_worker::ports::{Inspects, Opened, Pending};

use crate::config::Reading;
use crate::models;
use crate::scanner::{Scanned, scan, version};

pub(crate) struct Inspections {
    inspector: Inspector,
    operator: Operator,
    models: PathBuf,
    scanner: Option<String>,
}

impl Inspections {
    pub(crate) fn new(reading: &Reading, name: &str) -> Self {
        Self {
            inspector: Inspector::new(reading.program.clone(), reading.at_a_time),
            operator: Operator {
                name: name.to_owned(),
                domains: reading.domains.clone(),
            },
            models: reading.models.clone(),
            scanner: reading.scanner.clone(),
        }
    }

    /// The same without models: nothing is read, and a picture costs next to nothing.
    pub(crate) fn without_models(reading: &Reading, name: &str) -> Self {
        Self {
            models: PathBuf::new(),
            ..Self::new(reading, name)
        }
    }
}

impl Inspects for Inspections {
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, picture: &'a [u8]) -> Pending<'a, Option<Opened>> {
        Box::pin(async move {
            let mut scanner = None;
            if let Some(at) = &self.scanner {
                let said = scan(at, picture).await?;
                scanner = Some(version(at).await);
                if let Scanned::Found(name) = said {
                    tracing::warn!(found = name, "the virus scanner found something in a picture");
                    let refused = infected(name, rules.name);
                    return Ok(Some(Opened { scanner, ..refused }));
                }
            }
            let request = Request {
                rules,
                context: Context {
                    operator: self.operator.clone(),
                    account: owner,
                },
                // Looked for each time: they may be fetched while this runs.
                models: models::ready(&self.models),
            };
            let unread = Request {
                models: None,
                ..request.clone()
            };
            // A page that takes too long to read is looked at by people, unread.
            for request in [&request, &unread] {
                match self.inspector.inspect(request, picture).await {
                    Ok(opened) => return Ok(Some(Opened { scanner, ..opened })),
                    Err(error @ NoAnswer::NotStarted(_)) => return Err(EffectError::Retry(error.to_string())),
                    Err(error @ (NoAnswer::TooLong | NoAnswer::Died)) => {
                        tracing::warn!(%error, read = request.models.is_some(), "a picture ended its inspection");
                    }
                }
            }
            Ok(None)
        })
    }

    fn at_a_time(&self) -> usize {
        self.inspector.at_a_time()
    }
}

/// What is said of a file that nobody opens.
fn infected(name: String, pack: String) -> Opened {
    let said = [
        (
            "en",
            "Our virus scanner objects to this file. Take a new screenshot and send that.",
        ),
        ("zh", "病毒扫描程序拒绝了此文件。请重新截图后发送。"),
        (
            "es",
            "Nuestro antivirus rechaza este archivo. Haz una captura nueva y envíala.",
        ),
    ];
    let said = said.map(|(language, text)| (language.to_owned(), text.to_owned()));
    Opened {
        report: Report {
            verdict: Verdict::Fail,
            read: BTreeMap::new(),
            findings: vec![Finding {
                rule: "infected".into(),
                verdict: Verdict::Fail,
                message: said.into(),
                value: Some(name),
                area: None,
                tell: Tell::Sentence,
            }],
            width: 0,
            height: 0,
            likeness: None,
            turned: Vec::new(),
            pack,
            judged_by: Packs::new(),
            was_read: false,
            telling: Vec::new(),
            if_known: None,
        },
        copy: Vec::new(),
        thumbnail: Vec::new(),
        scanner: None,
    }
}
