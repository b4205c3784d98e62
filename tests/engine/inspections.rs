//! What scripted inspections tell.

use std::collections::BTreeMap;

use readmit_core::ids::{BlobId, CaseId, Digest};
use readmit_core::inspection;
use readmit_core::kind::{JobResult, Media};
use uuid::Uuid;

/// What an inspection tells.
pub(super) fn inspected(how: &str) -> JobResult {
    let verdict = match how {
        "dead" => return JobResult::Dead("it ended without an answer".into()),
        "failed" | "unopened" => inspection::Verdict::Fail,
        _ => inspection::Verdict::Pass,
    };
    let opened = how != "unopened";
    let known = inspection::Known {
        case: CaseId(Uuid::from_u128(0xd0)),
        same_account: false,
        bits: None,
        turned: false,
    };
    let inspected = inspection::Inspected {
        report: inspection::Report {
            verdict,
            read: BTreeMap::new(),
            findings: vec![inspection::Finding {
                rule: "amount_missing".into(),
                verdict,
                message: [("en".to_owned(), "The amount is not visible.".to_owned())].into(),
                value: None,
                area: None,
                tell: inspection::Tell::All,
            }],
            width: u32::from(opened) * 390,
            height: u32::from(opened) * 844,
            likeness: None,
            turned: Vec::new(),
            pack: "counterparty-transaction 1.1".into(),
            judged_by: [("every-picture".to_owned(), Digest([8; 32]))].into(),
            was_read: opened,
            telling: Vec::new(),
            if_known: None,
        },
        shown: opened.then_some(inspection::Copies {
            copy: BlobId(Uuid::from_u128(0xc0)),
            media: Media::Png,
            thumbnail: BlobId(Uuid::from_u128(0xc1)),
        }),
        known: (how == "known").then_some(known).into_iter().collect(),
        scanned: None,
    };
    JobResult::Done(serde_json::to_value(inspected).unwrap())
}
