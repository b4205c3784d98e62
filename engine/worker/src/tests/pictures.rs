//! Inspections: what is kept of a picture, what is found when it is known already, what becomes of one that ends its process.

use readmit_core::ids::EvidenceId;
use readmit_core::inspection::{Alike, Finding, IfKnown, Inspected, Report, Tell, Verdict};
use readmit_core::kind::Media;
use readmit_steps::documents::Reading;

use super::*;

fn picture() -> Piece {
    Piece {
        id: EvidenceId(Uuid::from_u128(5)),
        slot: "mail".into(),
        blob: BlobId(Uuid::from_u128(6)),
        bytes: 9,
        media: Media::Webp,
        at: At(0),
        run: 1,
        gone: None,
        sha256: Digest([7; 32]),
        name: "mail.webp".into(),
        reading: Reading::Waiting,
    }
}

fn opened() -> Opened {
    let finding = |rule: &str, verdict| Finding {
        rule: rule.into(),
        verdict,
        message: std::collections::BTreeMap::new(),
        value: None,
        area: None,
        tell: Tell::Nothing,
    };
    Opened {
        report: Report {
            verdict: Verdict::Pass,
            read: std::collections::BTreeMap::new(),
            findings: Vec::new(),
            width: 10,
            height: 10,
            likeness: Some("ab".repeat(32)),
            turned: vec!["cd".repeat(32)],
            pack: "some-pack 1.1".into(),
            judged_by: [("every-picture".to_owned(), Digest([8; 32]))].into(),
            was_read: true,
            telling: vec!["0.5".into()],
            if_known: Some(IfKnown {
                exact: finding("duplicate_exact", Verdict::Fail),
                similar: finding("duplicate_similar", Verdict::Warn),
                alike: Alike {
                    bits: 64,
                    words: 50,
                    unread_bits: 4,
                    turned_bits: 4,
                },
            }),
        },
        copy: b"copy".to_vec(),
        thumbnail: b"small".to_vec(),
        scanner: Some("ClamAV 1.4.1/27456".into()),
    }
}

/// A world in which a picture waits to be read, with what inspections answer.
fn reading(answers: Vec<Option<Opened>>) -> World {
    let world = World::default();
    world.with(|outside| {
        outside.piece = Some(picture());
        outside.inspections = answers.into();
    });
    world.add(Effect::Inspect { evidence: picture().id });
    world
}

fn inspected(world: &World) -> Inspected {
    world.with(|outside| match results(outside)[..] {
        [JobResult::Done(value)] => serde_json::from_value(value.clone()).unwrap(),
        ref other => panic!("{other:?}"),
    })
}

/// EV-05: what people see is kept, and the case is told; trades have no other side and are not held against pictures.
#[tokio::test]
async fn a_picture_is_read_once_and_its_copies_kept() {
    let world = reading(vec![Some(opened())]);
    assert_eq!(world.run_dry().await, 1);
    let told = inspected(&world);
    assert_eq!(
        told.shown.map(|shown| shown.media),
        Some(Media::Jpeg),
        "a WebP's copy is a JPEG"
    );
    assert!(
        told.report.findings.is_empty()
            && told.report.if_known.is_none()
            && told.report.telling.is_empty()
            && told.report.turned.is_empty()
    );
    assert_eq!(
        told.scanned.map(|scanned| scanned.by).as_deref(),
        Some("ClamAV 1.4.1/27456"),
        "EV-08"
    );
    world.with(|outside| {
        assert_eq!(outside.kept, [b"copy".to_vec(), b"small".to_vec()]);
        assert!(outside.discarded.is_empty());
        let (pack, owner) = &outside.inspected[0];
        assert_eq!(
            (
                pack.as_str(),
                owner.email.as_str(),
                owner.ledger.len(),
                owner.ledger_goes_on
            ),
            ("some-pack", "ada@example.com", 1, true)
        );
    });
}

/// EV-09: what the store knows of the picture becomes a finding; the owner's own earlier case is a warning only.
#[tokio::test]
async fn ev_09_a_picture_that_was_sent_before_is_found() {
    for (same_account, bits, rule, verdict) in [
        (false, None, "duplicate_exact", Verdict::Fail),
        (true, None, "duplicate_exact", Verdict::Warn),
        (false, Some(3), "duplicate_similar", Verdict::Warn),
    ] {
        let world = reading(vec![Some(opened())]);
        world.with(|outside| {
            outside.known = vec![Known {
                case: CASE,
                same_account,
                bits,
                turned: false,
            }];
        });
        world.run_dry().await;
        let report = inspected(&world).report;
        let found: Vec<_> = report.findings.iter().map(|f| (f.rule.as_str(), f.verdict)).collect();
        assert_eq!((found, report.verdict), (vec![(rule, verdict)], verdict));
    }
}

#[tokio::test]
async fn ev_04_a_picture_that_ends_its_process_is_given_up_after_three_tries() {
    let world = reading(vec![None, None, None]);
    assert_eq!(world.run_dry().await, 3);
    world.with(|outside| assert!(matches!(results(outside)[..], [JobResult::Dead(_)])));
}

#[tokio::test]
async fn copies_for_a_case_that_moved_on_are_removed_again() {
    let world = reading(vec![Some(opened())]);
    world.with(|outside| outside.moved_on = true);
    world.run_dry().await;
    world.with(|outside| assert_eq!(outside.discarded.len(), 2));
}
