//! Queues.

use std::collections::BTreeSet;

use readmit_core::answers::AccountView;
use readmit_core::case::{Task, TaskKind};
use readmit_core::command::{By, Role};
use readmit_core::event::Event;
use readmit_core::guard::Guard;
use readmit_core::ids::{AccountId, CaseId, Tag, TaskId};
use readmit_core::kind::FactValue;
use readmit_core::ports::Store as _;
use readmit_core::sealed::{Sealed, Snapshot};
use readmit_core::time::Span;
use readmit_core::workflow::queues::Queues;
use serde_json::json;

use super::hand::{BEGIN, after, all_at_once, case, case_with_task, claimed, hand, new_case, new_person, review};
use crate::{Copy, Db, QueueRow, Settings};

/// What comes first is the queue's own: here objections, then accounts of high value.
const QUEUES: &str = "
recovery: {title: {en: Recovery}, roles: [reviewer], within: 4h, first: [{if: 'account.asset_tier == \"high\"', points: 20}]}
contest: {title: {en: Objections}, roles: [senior], within: 1h, first: [{if: 'true', points: 30}]}
";

async fn open(settings: &Settings) -> Db {
    let settings = Settings {
        queues: Queues::read(QUEUES).unwrap(),
        ..settings.clone()
    };
    super::hand::open(&settings).await
}

pub(super) async fn a_queue_says_what_comes_first(settings: &Settings) {
    let db = open(settings).await;
    let ordinary = of_tier(&db, "standard", later(-30)).await;
    let rich = of_tier(&db, "high", later(0)).await;
    let page = db.queue_page(&["recovery".into()], None, 9).await.unwrap();
    let rows: Vec<_> = page.rows.iter().map(|row| (row.case, row.priority)).collect();
    assert_eq!(rows, [(rich, -20), (ordinary, 0)]);
    assert_eq!(page.rows[0].due_at, after(Span::hours(4)));
    assert_eq!(
        (page.rows[0].workflow.as_str(), page.rows[0].tier.as_deref()),
        ("passkey-reset", Some("high"))
    );
}

async fn of_tier(db: &Db, tier: &str, task: Task) -> CaseId {
    let before = case(db).await;
    let sealed = Sealed {
        snapshot: Some(Snapshot {
            at: BEGIN,
            view: view(tier),
            derived: [].into(),
        }),
        ..Sealed::default()
    };
    let opened = hand(vec![Event::TaskOpened { task }]).sealed(sealed);
    opened.commit(db, &before).await.unwrap().case.id
}

fn view(tier: &str) -> AccountView {
    AccountView {
        id: AccountId("account-1".into()),
        email: "ada@example.com".into(),
        name: "Ada".into(),
        language: "en".into(),
        attributes: [("asset_tier".to_owned(), FactValue::Word(tier.into()))].into(),
        since: None,
        last_sign_in: None,
    }
}

fn later(minutes: i64) -> Task {
    Task {
        opened: after(Span::minutes(minutes)),
        ..review(1)
    }
}

pub(super) async fn pages_are_stable(settings: &Settings) {
    let db = open(settings).await;
    let queues = ["contest".to_owned(), "recovery".to_owned()];
    // Two open at every moment, so that only the last part of the key tells them apart.
    for minute in 0..12 {
        case_with_task(&db, later(minute / 2)).await;
    }
    let contest = Task {
        kind: TaskKind::Contest,
        queue: "contest".into(),
        ..later(60)
    };
    let urgent = case_with_task(&db, contest).await;

    let mut seen: Vec<QueueRow> = Vec::new();
    let mut after = None;
    loop {
        let page = db.queue_page(&queues, after, 5).await.unwrap();
        assert!(page.rows.len() <= 5);
        seen.extend(page.rows);
        after = page.next;
        // What arrives before the reader's place moves nothing after it.
        if seen.len() == 5 {
            case_with_task(&db, later(-60)).await;
        }
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 13);
    assert_eq!(
        seen.iter().map(|row| row.case).collect::<BTreeSet<_>>().len(),
        13,
        "each once"
    );
    assert!(seen.is_sorted_by_key(QueueRow::key));
    assert_eq!(seen[0].case, urgent.case.id);
    assert_eq!(seen[0].reference, urgent.case.proven.unwrap().reference);
    let counts: Vec<_> = db.queue_counts().await.unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.queue.as_str(), count.count)).collect();
    assert_eq!(counts, [("contest", 1), ("recovery", 13)]);
}

pub(super) async fn copies_wait_behind_their_case(settings: &Settings) {
    let (db, queues) = (open(settings).await, ["recovery".to_owned()]);
    let case = case_with_task(&db, review(1)).await.case.id;
    let reference = "RC-0000-0001".parse().unwrap();
    let of_account = |account| Copy {
        of: case,
        case: new_case(),
        task: TaskId(new_case().0),
        reference,
        account: Tag([account; 32]),
    };
    db.copy_cases(&[of_account(1), of_account(2)]).await.unwrap();

    let page = db.queue_page(&queues, None, 9).await.unwrap();
    let rows: Vec<_> = page.rows.iter().map(|row| (row.case, row.reference)).collect();
    assert_eq!(rows.len(), 2, "a reference is given once");
    assert_eq!(rows[1].1, reference);
    assert_eq!(db.case_by_reference(reference).await.unwrap(), Some(rows[1].0));
    let next = db.next_task(&queues, new_person(), false, BEGIN).await.unwrap();
    assert_eq!(next.unwrap().0, case, "what can be worked on comes first");
}

pub(super) async fn next_gives_everybody_another_task(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    for minute in 0..60 {
        case_with_task(&one, later(minute)).await;
    }
    let given = all_at_once((0..50).map(|n| {
        let db = if n % 2 == 0 { one.clone() } else { two.clone() };
        async move {
            db.next_task(&["recovery".into()], new_person(), false, BEGIN)
                .await
                .unwrap()
        }
    }))
    .await;
    let cases: BTreeSet<_> = given.iter().flatten().map(|(case, _)| *case).collect();
    assert_eq!(cases.len(), 50, "everybody has one, and nobody another's");
}

pub(super) async fn next_reads_the_case_meanwhile(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    let case = case_with_task(&one, review(1)).await.case.id;
    assert!(two.recall(case, false).is_none());
    let next = two.next_task(&["recovery".into()], new_person(), false, BEGIN).await;
    assert_eq!(next.unwrap().unwrap().0, case);
    assert!(two.recall(case, false).is_some(), "its claim reads nothing");
}

pub(super) async fn next_passes_over(settings: &Settings) {
    let db = open(settings).await;
    let queues = ["recovery".to_owned(), "contest".to_owned()];
    let (person, other) = (new_person(), new_person());
    let free = case_with_task(&db, review(1)).await;
    let task = free.case.task.clone().unwrap().id;
    let next = async |person, senior, now| db.next_task(&queues, person, senior, now).await.unwrap();

    assert_eq!(next(person, false, BEGIN).await, Some((free.case.id, task)));
    assert_eq!(
        next(person, false, BEGIN).await,
        Some((free.case.id, task)),
        "it is kept for the same person"
    );
    assert_eq!(next(other, false, BEGIN).await, None, "and for nobody else");
    let kept = after(Span::seconds(30));
    assert_eq!(
        next(other, false, kept).await,
        Some((free.case.id, task)),
        "for half a minute"
    );

    let held = hand(vec![claimed(person, 1)]).commit(&db, &free).await.unwrap();
    assert_eq!(next(other, false, kept).await, None, "a claimed task is nobody else's");
    assert!(
        next(other, false, after(Span::minutes(11))).await.is_some(),
        "until its lease runs out"
    );

    let approved = hand(vec![Event::TaskClosed, Event::TaskOpened { task: review(1) }])
        .guard(Guard::Approve { round: 1, person })
        .guard(Guard::Lease { task, token: 1 })
        .commit(&db, &held)
        .await
        .unwrap();
    assert_eq!(
        next(person, true, BEGIN).await,
        None,
        "IN-01: not to who approved in this round"
    );
    assert_eq!(next(other, false, BEGIN).await.unwrap().0, approved.case.id);

    let contest = Task {
        kind: TaskKind::Contest,
        queue: "contest".into(),
        ..review(1)
    };
    let contest = case_with_task(&db, contest).await;
    assert_eq!(next(person, false, BEGIN).await, None, "contests are for seniors");
    assert_eq!(next(person, true, BEGIN).await.unwrap().0, contest.case.id);
}

pub(super) async fn drafts_are_kept(settings: &Settings) {
    let db = open(settings).await;
    let free = case_with_task(&db, review(1)).await;
    let (task, person) = (free.case.task.clone().unwrap().id, new_person());
    assert_eq!(db.draft(task, person).await.unwrap(), None);
    assert!(db.save_draft(task, person, &json!({"note": "one"})).await.unwrap());
    assert!(db.save_draft(task, person, &json!({"note": "two"})).await.unwrap());
    assert_eq!(db.draft(task, person).await.unwrap(), Some(json!({"note": "two"})));
    assert_eq!(
        db.draft(task, new_person()).await.unwrap(),
        None,
        "nobody reads another's"
    );
    assert_eq!(
        db.load(free.case.id, false).await.unwrap().unwrap().case,
        free.case,
        "no event, no version"
    );
    hand(vec![Event::TaskClosed]).commit(&db, &free).await.unwrap();
    assert_eq!(db.draft(task, person).await.unwrap(), None);
    assert!(!db.save_draft(task, person, &json!({})).await.unwrap());
    db.expire_sessions(BEGIN).await.unwrap();
    let left = db.0.pools.all("SELECT task FROM drafts", []).await.unwrap();
    assert!(left.is_empty());
}

/// A claimant's message puts its case on the list, the answer takes it off.
pub(super) async fn what_is_asked_waits_until_it_is_answered(settings: &Settings) {
    let db = open(settings).await;
    let wrote = |by| Event::Wrote {
        by,
        letter: Tag([0; 32]),
        files: 0,
        template: None,
    };
    let (first, second) = (case(&db).await, case(&db).await);
    assert!(db.asked(None, 9).await.unwrap().is_empty());
    let first = hand(vec![wrote(By::Claimant)]).commit(&db, &first).await.unwrap();
    let asked = hand(vec![wrote(By::Claimant)]).at(after(Span::minutes(1)));
    let second = asked.commit(&db, &second).await.unwrap();
    let listed = db.asked(None, 9).await.unwrap();
    assert_eq!(
        listed.iter().map(|line| line.case).collect::<Vec<_>>(),
        [first.case.id, second.case.id]
    );
    let rest = db
        .asked(listed.first().map(|line| (line.asked, line.case)), 9)
        .await
        .unwrap();
    assert_eq!(rest, listed[1..]);
    let person = new_person();
    let answer = hand(vec![wrote(By::Staff {
        person,
        role: Role::Support,
    })]);
    answer.at(after(Span::minutes(2))).commit(&db, &first).await.unwrap();
    assert_eq!(db.asked(None, 9).await.unwrap(), listed[1..]);
}
