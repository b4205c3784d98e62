//! Wrong tries in a row.

use readmit_core::guard::{Bucket, Guard, Streak, Wants};
use readmit_core::ports::{CommitError, Store as _};
use readmit_core::time::Span;

use super::hand::{BEGIN, after, all_at_once, case, hand, new_tag, open, sound, turned};
use crate::{Db, Settings};

/// OT-04: of many wrong tries at once, over two processes, one is counted at a time, and only by who saw the number before
/// it. What was counted is there after a restart, and is forgotten in time.
pub(super) async fn ot_04_wrong_tries_in_a_row(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    let streak = Streak {
        tag: new_tag(),
        kept: Span::hours(24),
    };
    let tried = move |seen, wrong| Guard::Tried { streak, seen, wrong };
    let mut cases = Vec::new();
    for _ in 0..20 {
        cases.push(case(&one).await);
    }
    let tries = cases.into_iter().enumerate().map(|(n, loaded)| {
        let db = if n % 2 == 0 { one.clone() } else { two.clone() };
        async move {
            hand(vec![turned(1)])
                .guard(tried(Some(0), 1))
                .commit(&db, &loaded)
                .await
                .is_ok()
        }
    });
    let counted = all_at_once(tries).await;
    assert_eq!(counted.iter().filter(|counted| **counted).count(), 1);

    // The tries of a day are counted under the same tag, and are another number.
    let day = Bucket {
        tag: streak.tag,
        limit: 9,
        window: Span::hours(24),
    };
    for _ in 0..3 {
        assert!(one.spend(&day, BEGIN).await.unwrap());
    }
    let wants = Wants {
        streaks: vec![streak],
        buckets: vec![day],
        ..Wants::default()
    };
    assert_eq!(two.standing(&wants, BEGIN).await.unwrap().spent, [(day.tag, 3)].into());
    let wrong = async |db: &Db, at| {
        let standing = db.standing(&wants, at).await.unwrap();
        standing.wrong.get(&streak.tag).map(|wrong| (wrong.tries, wrong.last))
    };
    let reopened = open(settings).await;
    assert_eq!(wrong(&reopened, BEGIN).await, Some((1, BEGIN)), "after a restart");
    assert_eq!(wrong(&reopened, after(Span::hours(24))).await, None, "forgotten");

    let loaded = case(&one).await;
    let stale = hand(vec![turned(1)])
        .guard(tried(Some(0), 0))
        .commit(&one, &loaded)
        .await;
    assert!(matches!(stale, Err(CommitError::Conflict)), "a right one that saw less");
    let loaded = hand(vec![turned(1)])
        .guard(tried(Some(1), 2))
        .commit(&one, &loaded)
        .await
        .unwrap();
    assert_eq!(wrong(&two, BEGIN).await, Some((2, BEGIN)));
    let late = hand(vec![turned(1)])
        .at(after(Span::hours(25)))
        .guard(tried(Some(0), 1));
    let loaded = late.commit(&two, &loaded).await.unwrap();
    assert_eq!(
        wrong(&two, after(Span::hours(26))).await,
        Some((1, after(Span::hours(25))))
    );
    let set = hand(vec![turned(1)]).at(after(Span::hours(26))).guard(tried(None, 0));
    set.commit(&two, &loaded).await.unwrap();
    assert_eq!(wrong(&one, after(Span::hours(26))).await, None, "ended whatever it was");
    one.expire_sessions(after(Span::hours(60))).await.unwrap();
    sound(&one).await;
}
