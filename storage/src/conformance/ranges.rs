//! Codes that come back, and ranges of numbers from which they do not.

use readmit_core::effect::Lane;
use readmit_core::time::{At, Span};
use serde_json::json;

use super::hand::{BEGIN, after, job, new_case, open};
use crate::{AuditRow, Db, QuietRange, SentText, Settings};

/// A code, or a notice, that went to a range.
async fn sends(db: &Db, range: Option<&str>, at: At) {
    let one = job(new_case(), 1, BEGIN);
    db.enqueue(&one).await.unwrap();
    let leased = db.lease_jobs(1, BEGIN, Span::minutes(1), Lane::Quick).await.unwrap();
    let audit = AuditRow {
        at: BEGIN,
        who: "engine".into(),
        what: "code_sent".into(),
        case: Some(one.case),
        outcome: "done".into(),
        detail: json!({}),
    };
    let sent = SentText {
        id: one.id,
        case: one.case,
        run: 1,
        issue: range.map(|_| 1),
        range,
        gateway: None,
    };
    assert!(db.finish_text(leased[0].lease, &audit, &sent, at).await.unwrap());
}

/// OT-07: a range is told of when ten codes or more went there and fewer than one in five came back; codes whose time is not
/// over say nothing, nor do notices, nor yesterday's. What is kept of a range is sealed.
pub(super) async fn ot_07_a_range_from_which_few_codes_come_back(settings: &Settings) {
    let db = open(settings).await;
    let (pumped, sound, few) = ("+44740012", "+34612340", "+86138001");
    let ranges = [(pumped, 11), (sound, 10), (few, 9)].map(|(range, codes)| [range].repeat(codes));
    let mut at = BEGIN;
    for range in ranges.concat() {
        sends(&db, Some(range), at).await;
        at = at + Span::seconds(1);
    }
    sends(&db, None, at).await;
    let (soon, later) = (after(Span::minutes(9)), after(Span::minutes(20)));
    assert!(db.open_texts(BEGIN - Span::seconds(1), 99).await.unwrap().is_empty());
    assert!(
        db.quiet_ranges(soon, 9).await.unwrap().is_empty(),
        "nobody has looked yet"
    );
    let open = db.open_texts(at, 99).await.unwrap();
    assert_eq!(open.len(), 30, "every code, and no notice");
    assert_eq!(db.open_texts(at, 7).await.unwrap().len(), 7);
    // Of the pumped range two of eleven come back, of the sound one two of ten.
    for (place, text) in open.iter().enumerate() {
        let redeemed = [0, 1, 11, 12].contains(&place);
        db.settle_text(text.id, redeemed).await.unwrap();
        db.settle_text(text.id, !redeemed).await.unwrap();
        assert_eq!((text.run, text.issue), (1, 1));
    }
    assert!(db.open_texts(later, 99).await.unwrap().is_empty());
    let told = db.quiet_ranges(later, 9).await.unwrap();
    let wanted = QuietRange {
        range: pumped.into(),
        sent: 11,
        redeemed: 2,
    };
    assert_eq!(told, [wanted]);
    assert!(db.quiet_ranges(after(Span::hours(25)), 9).await.unwrap().is_empty());
}
