//! Guards hold for the whole commit, or undo it.

use readmit_core::event::Event;
use readmit_core::guard::{Enrolled, Guard, Wants, Which};
use readmit_core::ids::AccountId;
use readmit_core::ports::{CommitError, Loaded, Store as _};
use readmit_core::time::Span;
use serde_json::json;

use super::hand::{
    BEGIN, after, all_at_once, bucket, case, case_with_task, claimed, closed, hand, job, new_case, new_person, new_tag,
    open, prove, review, sound, stored, turned, unproven,
};
use crate::{Db, NewFactor, PasskeyId, Settings, StorageError};

/// 200 guesses at once, over four cases of one account, through two writers.
pub(super) async fn rl_03_a_burst_never_exceeds_the_limit(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    let bucket = bucket(5);
    let mut cases = Vec::new();
    for _ in 0..4 {
        cases.push(case(&one).await);
    }
    let guesses = (0..200).map(|n| {
        let db = if n % 2 == 0 { one.clone() } else { two.clone() };
        let id = cases[n % cases.len()].case.id;
        async move { guess(&db, id, bucket).await }
    });
    let told = all_at_once(guesses).await;
    let counted = told.iter().filter(|told| **told).count();
    assert_eq!(counted, 5, "as many as the limit, and no more");
    assert_eq!(one.spent(&bucket, BEGIN).await.unwrap(), 5);
    let wants = Wants {
        buckets: vec![bucket],
        ..Wants::default()
    };
    assert_eq!(two.standing(&wants, BEGIN).await.unwrap().left(&bucket), 0);
    assert_eq!(
        one.spent(&bucket, after(Span::hours(1))).await.unwrap(),
        0,
        "a new window is empty"
    );

    let outside = super::hand::bucket(7);
    let spent = all_at_once((0..200).map(|_| {
        let db = one.clone();
        async move { db.spend(&outside, BEGIN).await.unwrap() }
    }))
    .await;
    assert_eq!(spent.iter().filter(|spent| **spent).count(), 7);
    assert!(
        !one.spend(&super::hand::bucket(0), BEGIN).await.unwrap(),
        "a limit of none"
    );
    sound(&one).await;
}

/// One guess as `dispatch` makes it: told only after its commit, again on a conflict while something is left.
async fn guess(db: &Db, id: readmit_core::ids::CaseId, bucket: readmit_core::guard::Bucket) -> bool {
    let _turn = db.queue(id).await;
    loop {
        let before = db.load(id, false).await.unwrap().unwrap();
        if db.spent(&bucket, BEGIN).await.unwrap() >= bucket.limit {
            return false;
        }
        match hand(vec![turned(0)])
            .guard(Guard::Spend(bucket))
            .commit(db, &before)
            .await
        {
            Ok(_) => return true,
            Err(CommitError::Conflict) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

fn is_conflict(result: &Result<Loaded, CommitError<StorageError>>) -> bool {
    matches!(result, Err(CommitError::Conflict))
}

pub(super) async fn a_refused_guard_undoes_the_commit(settings: &Settings) {
    let db = open(settings).await;
    let (full, free) = (bucket(1), bucket(9));
    assert!(db.spend(&full, BEGIN).await.unwrap());
    let before = case(&db).await;
    let account = new_tag();
    let refused = hand(vec![turned(1)])
        .guard(Guard::Spend(free))
        .guard(Guard::Spend(full))
        .guard(Guard::RecordVeto { account, at: BEGIN })
        .job(job(before.case.id, 1, BEGIN))
        .commit(&db, &before)
        .await;
    assert!(is_conflict(&refused));
    assert_eq!(
        db.spent(&free, BEGIN).await.unwrap(),
        0,
        "the other bucket was not touched"
    );
    assert_eq!(db.next_due().await.unwrap(), None);
    let wants = Wants {
        account: Some(account),
        ..Wants::default()
    };
    assert_eq!(db.standing(&wants, BEGIN).await.unwrap().account().last_veto, None);
    assert_eq!(stored(settings, before.case.id).await.unwrap().case, before.case);

    let twice = hand(vec![turned(1)])
        .guard(Guard::Spend(free))
        .guard(Guard::Spend(free));
    twice.commit(&db, &before).await.unwrap();
    assert_eq!(db.spent(&free, BEGIN).await.unwrap(), 2, "twice is two");
}

pub(super) async fn rf_19_one_open_case_an_account(settings: &Settings) {
    let db = open(settings).await;
    let account = new_tag();
    let mut requests = Vec::new();
    for _ in 0..50 {
        requests.push(unproven(&db, new_case()).await);
    }
    let results = all_at_once(requests.into_iter().map(|request| {
        let db = db.clone();
        async move {
            prove(account)
                .guard(Guard::OneOpenCase { account })
                .commit(&db, &request)
                .await
        }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| is_conflict(result)).count(), 49);
    let winner = results.into_iter().find_map(Result::ok).unwrap();
    let wants = Wants {
        account: Some(account),
        ..Wants::default()
    };
    assert_eq!(
        db.standing(&wants, BEGIN).await.unwrap().account().open_case,
        Some(winner.case.id)
    );

    let stranger = case(&db).await;
    let release = || Guard::ReleaseAccount { account };
    hand(vec![closed()])
        .guard(release())
        .commit(&db, &stranger)
        .await
        .unwrap();
    assert_eq!(
        db.standing(&wants, BEGIN).await.unwrap().account().open_case,
        Some(winner.case.id),
        "not theirs to release"
    );
    hand(vec![closed()])
        .guard(release())
        .commit(&db, &winner)
        .await
        .unwrap();
    assert_eq!(db.standing(&wants, BEGIN).await.unwrap().account().open_case, None);

    let next = unproven(&db, new_case()).await;
    let both = prove(account).guard(Guard::OneOpenCase { account }).guard(release());
    both.commit(&db, &next).await.unwrap();
    assert_eq!(
        db.standing(&wants, BEGIN).await.unwrap().account().open_case,
        None,
        "proven and ended in one commit"
    );
    sound(&db).await;
}

pub(super) async fn in_01_nobody_approves_twice(settings: &Settings) {
    let db = open(settings).await;
    let (person, other) = (new_person(), new_person());
    let before = case(&db).await;
    let approve = |round, person| Guard::Approve { round, person };
    let first = hand(vec![turned(1)])
        .guard(approve(1, person))
        .commit(&db, &before)
        .await
        .unwrap();
    let again = hand(vec![turned(2)])
        .guard(approve(1, person))
        .commit(&db, &first)
        .await;
    assert!(is_conflict(&again));
    let first = db.load(before.case.id, false).await.unwrap().unwrap();
    let second = hand(vec![turned(2)])
        .guard(approve(1, other))
        .commit(&db, &first)
        .await
        .unwrap();
    hand(vec![turned(3)])
        .guard(approve(2, person))
        .commit(&db, &second)
        .await
        .unwrap();
    sound(&db).await;
}

pub(super) async fn one_of_fifty_claims_wins(settings: &Settings) {
    let db = open(settings).await;
    let before = case_with_task(&db, review(1)).await;
    let results = all_at_once((0..50).map(|_| {
        let (db, before) = (db.clone(), before.clone());
        async move {
            let person = new_person();
            hand(vec![claimed(person, 1)])
                .commit(&db, &before)
                .await
                .map(|_| person)
        }
    }))
    .await;
    let winners: Vec<_> = results.into_iter().filter_map(Result::ok).collect();
    assert_eq!(winners.len(), 1);
    let held = db.tasks_of(winners[0]).await.unwrap();
    assert_eq!((held.len(), held[0].token), (1, 1));
    let loaded = db.opened(before.case.id).await.unwrap().unwrap();
    assert_eq!(loaded.lease_until, Some(BEGIN + crate::CLAIM_HOLD));
}

pub(super) async fn a_stale_token_changes_nothing(settings: &Settings) {
    let db = open(settings).await;
    let (first, second) = (new_person(), new_person());
    let task = review(1);
    let id = task.id;
    let free = case_with_task(&db, task).await;
    let held = hand(vec![claimed(first, 1)]).commit(&db, &free).await.unwrap();
    let taken = hand(vec![claimed(second, 2)]).commit(&db, &held).await.unwrap();
    assert!(db.tasks_of(first).await.unwrap().is_empty(), "it is the second's now");

    let release = |token| hand(vec![Event::TaskReleased { person: second }]).guard(Guard::Lease { task: id, token });
    assert!(is_conflict(&release(1).commit(&db, &taken).await));
    let until = after(Span::minutes(30));
    assert!(
        !db.renew_lease(id, 1, first, until).await.unwrap(),
        "an old token renews nothing"
    );
    assert!(db.renew_lease(id, 2, second, until).await.unwrap());
    let stolen = hand(vec![claimed(new_person(), 3)]).commit(&db, &taken).await;
    assert!(is_conflict(&stolen), "whoever saw it run out saw it before the renewal");
    let renewed = db.load(taken.case.id, false).await.unwrap().unwrap();
    assert_eq!(renewed.lease_until, Some(until), "a renewal is seen without a commit");

    let released = release(2).commit(&db, &renewed).await.unwrap();
    assert_eq!(released.lease_until, None);
    assert!(is_conflict(&release(2).commit(&db, &released).await), "nobody holds it");
    let replaced = vec![Event::TaskClosed, Event::TaskOpened { task: review(2) }];
    let released = db.load(taken.case.id, false).await.unwrap().unwrap();
    let replaced = hand(replaced).commit(&db, &released).await.unwrap();
    let page = db.queue_page(&["recovery".into()], None, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.round).collect::<Vec<_>>(), [2]);
    hand(vec![Event::TaskClosed]).commit(&db, &replaced).await.unwrap();
    assert!(
        db.queue_page(&["recovery".into()], None, 10)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    sound(&db).await;
}

pub(super) async fn factors_follow_the_remedy(settings: &Settings) {
    let db = open(settings).await;
    let account = AccountId("account-1".into());
    let other = AccountId("account-2".into());
    let tag = db.account_tag(&account);
    for (owner, kind) in [
        (&account, "passkey"),
        (&account, "passkey"),
        (&account, "phone"),
        (&other, "passkey"),
    ] {
        let new = NewFactor {
            kind: kind.into(),
            name: format!("my {kind}"),
            secret: json!({"seed": 1}),
        };
        db.factor_add(owner, new, BEGIN).await.unwrap();
    }
    let kinds = vec!["passkey".to_owned()];
    let suspended = async || {
        let all = db.factors(&account).await.unwrap();
        all.iter()
            .filter(|factor| factor.suspended)
            .map(|factor| factor.kind.clone())
            .collect::<Vec<_>>()
    };
    let wants = Wants {
        account: Some(tag),
        ..Wants::default()
    };
    let mine = case(&db).await;
    let suspend = Guard::SuspendFactors {
        account: tag,
        which: Which::Kinds(kinds.clone()),
    };
    let restore = Guard::RestoreFactors {
        account: tag,
        which: Which::Kinds(kinds.clone()),
    };
    let remove = Guard::RemoveFactors {
        account: tag,
        which: Which::Kinds(kinds),
    };
    let begun = hand(vec![turned(1)])
        .guard(suspend.clone())
        .commit(&db, &mine)
        .await
        .unwrap();
    assert_eq!(suspended().await, ["passkey", "passkey"]);
    let standing = db.standing(&wants, BEGIN).await.unwrap();
    assert_eq!(
        standing
            .account()
            .factors
            .iter()
            .map(|f| f.kind.as_str())
            .collect::<Vec<_>>(),
        ["phone"]
    );
    let passkey = db.factors(&account).await.unwrap()[0].id;
    assert!(
        !db.factor_used(&account, passkey, BEGIN).await.unwrap(),
        "a suspended factor is refused"
    );

    let stranger = case(&db).await;
    hand(vec![turned(1)])
        .guard(restore.clone())
        .commit(&db, &stranger)
        .await
        .unwrap();
    assert_eq!(
        suspended().await.len(),
        2,
        "only the case that suspended them gives them back"
    );
    let given_up = hand(vec![turned(2)]).guard(restore).commit(&db, &begun).await.unwrap();
    assert!(suspended().await.is_empty());
    assert!(
        db.factor_used(&account, passkey, after(Span::seconds(3)))
            .await
            .unwrap()
    );

    let begun = hand(vec![turned(3)])
        .guard(suspend)
        .commit(&db, &given_up)
        .await
        .unwrap();
    hand(vec![turned(4)]).guard(remove).commit(&db, &begun).await.unwrap();
    let left = db.factors(&account).await.unwrap();
    assert_eq!(
        (left.len(), left[0].name.as_str(), &left[0].secret),
        (1, "my phone", &json!({"seed": 1}))
    );
    assert_eq!(db.factors(&other).await.unwrap().len(), 1, "nobody else's are touched");
}

/// PK-01, PK-07: a passkey that was removed is never bound again, and none is bound twice, by whomever.
pub(super) async fn pk_07_a_removed_passkey_is_refused_for_ever(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    let (ada, eve) = (AccountId("account-ada".into()), AccountId("account-eve".into()));
    let bind = |owner: &AccountId| Guard::AddFactor {
        account: one.account_tag(owner),
        id: new_case().0,
        factor: Enrolled {
            kind: "passkey".into(),
            secret: json!({"cred": {"cred_id": "AQIDBA"}}),
            ..app("", 0)
        },
        alone: false,
    };
    let id = [1, 2, 3, 4];
    assert_eq!(one.passkey_id(&id).await.unwrap(), PasskeyId::New);
    let (first, second) = (case(&one).await, case(&two).await);
    let first = hand(vec![turned(1)])
        .guard(bind(&ada))
        .commit(&one, &first)
        .await
        .unwrap();
    assert_eq!(two.passkey_id(&id).await.unwrap(), PasskeyId::Bound);
    assert!(is_conflict(
        &hand(vec![turned(1)]).guard(bind(&eve)).commit(&two, &second).await
    ));

    let remove = Guard::RemoveFactors {
        account: one.account_tag(&ada),
        which: Which::Kinds(vec!["passkey".into()]),
    };
    let first = hand(vec![turned(2)]).guard(remove).commit(&one, &first).await.unwrap();
    assert_eq!(one.passkey_id(&id).await.unwrap(), PasskeyId::Removed);
    assert!(is_conflict(
        &hand(vec![turned(3)]).guard(bind(&ada)).commit(&one, &first).await
    ));
    assert_eq!(one.factors(&ada).await.unwrap(), []);
    assert_eq!(one.passkey_id(&[1, 2, 3]).await.unwrap(), PasskeyId::New, "another id");
}

fn app(secret: &str, mark: i64) -> Enrolled {
    Enrolled {
        kind: "totp".into(),
        name: "Authenticator app".into(),
        secret: json!({"secret": secret}),
        mark,
    }
}

/// TO-02, PK-04: a step counts once, under a burst and over two processes; an older one never does.
pub(super) async fn to_02_a_factors_step_counts_once(settings: &Settings) {
    let (one, two) = (open(settings).await, open(settings).await);
    let account = AccountId("account-totp".into());
    let tag = one.account_tag(&account);
    let id = new_case().0;
    let add = |id, alone| Guard::AddFactor {
        account: tag,
        id,
        factor: app("old", 40),
        alone,
    };
    hand(vec![turned(1)])
        .guard(add(id, true))
        .commit(&one, &case(&one).await)
        .await
        .unwrap();
    let second = hand(vec![turned(1)])
        .guard(add(new_case().0, true))
        .commit(&one, &case(&one).await)
        .await;
    assert!(matches!(second, Err(CommitError::Conflict)), "the account has one");

    let mut cases = Vec::new();
    for _ in 0..50 {
        cases.push(case(&one).await);
    }
    let step = move |mark| Guard::FactorStep {
        account: tag,
        factor: id,
        now: app("new", mark),
    };
    let uses: Vec<_> = cases
        .into_iter()
        .zip(0..)
        .map(|(case, n)| {
            let db = if n % 2 == 0 { one.clone() } else { two.clone() };
            async move {
                let used = hand(vec![turned(1)]).guard(step(41)).commit(&db, &case).await;
                used.is_ok()
            }
        })
        .collect();
    let passed = all_at_once(uses).await.into_iter().filter(|passed| *passed).count();
    assert_eq!(passed, 1);
    for stale in [40, 41] {
        let again = hand(vec![turned(1)])
            .guard(step(stale))
            .commit(&two, &case(&two).await)
            .await;
        assert!(matches!(again, Err(CommitError::Conflict)), "{stale}");
    }
    let wants = Wants {
        account: Some(tag),
        secrets: true,
        ..Wants::default()
    };
    let standing = two.standing(&wants, BEGIN).await.unwrap();
    assert_eq!(
        standing
            .account()
            .factors
            .iter()
            .map(|f| (f.id, f.mark))
            .collect::<Vec<_>>(),
        [(id, 41)]
    );
    assert_eq!(standing.account().secrets.get(&id), Some(&json!({"secret": "new"})));
    let without = Wants {
        account: Some(tag),
        ..Wants::default()
    };
    assert!(
        two.standing(&without, BEGIN)
            .await
            .unwrap()
            .account()
            .secrets
            .is_empty()
    );
}

/// One of several passkeys goes, the others stay and still prove.
pub(super) async fn one_factor_of_a_kind_is_removed_by_itself(settings: &Settings) {
    let db = open(settings).await;
    let account = AccountId("account-keys".into());
    let tag = db.account_tag(&account);
    let mut ids = Vec::new();
    for name in ["phone", "security key"] {
        let new = NewFactor {
            kind: "passkey".into(),
            name: name.into(),
            secret: json!({}),
        };
        ids.push(db.factor_add(&account, new, BEGIN).await.unwrap());
    }
    let one = |id| Which::One {
        kind: "passkey".into(),
        factor: id,
    };
    let (gone, kept) = (ids[0], ids[1]);
    let suspend = Guard::SuspendFactors {
        account: tag,
        which: one(gone),
    };
    let mine = case(&db).await;
    let begun = hand(vec![turned(1)]).guard(suspend).commit(&db, &mine).await.unwrap();
    let state = db.factors(&account).await.unwrap();
    assert!(state.iter().all(|factor| factor.suspended == (factor.id == gone)));
    let step = |id| Guard::FactorStep {
        account: tag,
        factor: id,
        now: Enrolled {
            kind: "passkey".into(),
            name: "security key".into(),
            secret: json!({"counter": 0}),
            mark: 0,
        },
    };
    let refused = hand(vec![turned(1)])
        .guard(step(gone))
        .commit(&db, &case(&db).await)
        .await;
    assert!(
        matches!(refused, Err(CommitError::Conflict)),
        "it is refused from now on"
    );
    for _ in 0..2 {
        hand(vec![turned(1)])
            .guard(step(kept))
            .commit(&db, &case(&db).await)
            .await
            .unwrap();
    }
    let remove = Guard::RemoveFactors {
        account: tag,
        which: one(gone),
    };
    hand(vec![turned(2)]).guard(remove).commit(&db, &begun).await.unwrap();
    let left = db.factors(&account).await.unwrap();
    assert_eq!(left.iter().map(|factor| factor.id).collect::<Vec<_>>(), [kept]);
}
