//! One commit is all or nothing, and one at a time.

use std::sync::{Arc, Mutex};

use readmit_core::evolve::{blank, replay};
use readmit_core::ports::{CommitError, Loaded, Store as _};
use readmit_core::sealed::Sealed;
use readmit_core::time::Span;

use sea_orm::DbBackend;

use super::hand::{
    after, all_at_once, case, entered, hand, job, new_case, new_reference, new_tag, open, opened, prove, proven, sound,
    stored, turned, unproven,
};
use crate::{Settings, StorageError};

pub(super) async fn a_case_is_what_its_events_say(settings: &Settings) {
    let db = open(settings).await;
    let sealed = Sealed {
        address: Some("ada@example.com".into()),
        ..Sealed::default()
    };
    let request = unproven(&db, new_case()).await;
    let id = request.case.id;
    assert_eq!(stored(settings, id).await.unwrap().case, request.case);
    let typed = hand(vec![turned(1)])
        .sealed(sealed.clone())
        .commit(&db, &request)
        .await
        .unwrap();
    let proof = prove(new_tag())
        .at(after(Span::seconds(5)))
        .commit(&db, &typed)
        .await
        .unwrap();
    let last = hand(vec![turned(2)])
        .at(after(Span::seconds(9)))
        .commit(&db, &proof)
        .await
        .unwrap();

    let read = stored(settings, id).await.unwrap();
    assert_eq!(read.case, last.case);
    assert_eq!(
        (read.head, read.sealed.clone()),
        (last.head, sealed),
        "sealed state lasts until it changes"
    );
    assert_eq!(read.keys.case, last.keys.case);
    assert!(read.readable);

    let entries: Vec<_> = db.timeline(id).await.unwrap();
    assert_eq!(entries.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(replay(id, entries.iter().map(|(_, entry)| entry)), last.case);
    assert_eq!(
        db.case_by_reference(last.case.proven.unwrap().reference).await.unwrap(),
        Some(id)
    );
    assert_eq!(sound(&db).await, 1);
    assert!(stored(settings, new_case()).await.is_none());
}

/// A start may take a case for new that is there already, proven too: it is a conflict, and the case stays what it is.
pub(super) async fn a_case_begins_once(settings: &Settings) {
    let db = open(settings).await;
    for there in [unproven(&db, new_case()).await, case(&db).await] {
        let id = there.case.id;
        let new = Loaded {
            case: blank(id),
            ..there.clone()
        };
        let again = hand(vec![opened(), entered("sign_in", 1)]).commit(&db, &new).await;
        assert!(matches!(again, Err(CommitError::Conflict)), "{:?}", again.err());
        assert_eq!(stored(settings, id).await.unwrap().case, there.case);
        let taken = db.recall(id, true).unwrap();
        assert_eq!(taken.case.version, 0, "what is not remembered is taken for new");
        let loaded = db.load(id, true).await.unwrap().unwrap();
        assert_eq!((loaded.case, loaded.keys.case), (there.case, there.keys.case));
        assert_eq!(
            db.recall(id, true).unwrap().case,
            stored(settings, id).await.unwrap().case
        );
    }
}

pub(super) async fn a_stale_commit_conflicts_and_writes_nothing(settings: &Settings) {
    let db = open(settings).await;
    let before = case(&db).await;
    let id = before.case.id;
    let first = hand(vec![turned(1)]).commit(&db, &before).await.unwrap();
    let late = hand(vec![turned(2)])
        .job(job(id, 2, after(Span::ZERO)))
        .commit(&db, &before)
        .await;
    assert!(matches!(late, Err(CommitError::Conflict)), "{:?}", late.err());
    assert_eq!(
        db.next_due().await.unwrap(),
        None,
        "the late commit's job was not written"
    );
    let reloaded = db.load(id, false).await.unwrap().unwrap();
    assert_eq!(reloaded.case, first.case);
    hand(vec![turned(3)]).commit(&db, &reloaded).await.unwrap();
    assert_eq!(sound(&db).await, 1);
}

/// Both wait for the writer together, beside others that have done nothing wrong.
pub(super) async fn two_commits_of_one_case_in_one_batch(settings: &Settings) {
    let db = open(settings).await;
    for _ in 0..5 {
        let before = case(&db).await;
        let mut bystanders = Vec::new();
        for _ in 0..6 {
            bystanders.push(case(&db).await);
        }
        let all = [before.clone(), before].into_iter().chain(bystanders);
        let results = all_at_once(all.map(|before| {
            let db = db.clone();
            async move { hand(vec![turned(1)]).commit(&db, &before).await.map(|_| ()) }
        }))
        .await;
        let twins = results[..2].iter().filter(|result| result.is_ok()).count();
        assert_eq!(twins, 1, "exactly one of two");
        assert!(
            results[..2]
                .iter()
                .any(|result| matches!(result, Err(CommitError::Conflict)))
        );
        assert!(results[2..].iter().all(Result::is_ok), "the others are untouched");
    }
    sound(&db).await;
}

pub(super) async fn a_case_starts_once(settings: &Settings) {
    let db = open(settings).await;
    let id = new_case();
    let blank = db.load(id, true).await.unwrap().unwrap();
    let other = db.load(id, true).await.unwrap().unwrap();
    let results = all_at_once([blank, other].map(|blank| {
        let db = db.clone();
        async move {
            hand(vec![super::hand::opened(), entered("agreement", 1)])
                .commit(&db, &blank)
                .await
        }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let winner = results.into_iter().find_map(Result::ok).unwrap();
    let read = stored(settings, id).await.unwrap();
    assert_eq!(
        (read.keys.case, read.case),
        (winner.keys.case, winner.case),
        "one key, one case"
    );
}

pub(super) async fn the_first_proof_moves_the_request(settings: &Settings) {
    let db = open(settings).await;
    let request = unproven(&db, new_case()).await;
    let kept = unproven(&db, new_case()).await;
    let rows = async |table: &str| {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let row = db.0.pools.one(&sql, []).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    assert_eq!((rows("unproven").await, rows("cases").await), (2, 0));
    let turned = hand(vec![turned(1)]).commit(&db, &request).await.unwrap();
    let proof = prove(new_tag()).commit(&db, &turned).await.unwrap();
    assert_eq!((rows("unproven").await, rows("cases").await), (1, 1));
    assert_eq!((rows("unproven_events").await, rows("case_events").await), (1, 3));
    let again = prove(new_tag()).commit(&db, &turned).await;
    assert!(matches!(again, Err(CommitError::Conflict)), "a second first proof");
    assert_eq!(stored(settings, proof.case.id).await.unwrap().case, proof.case);
    assert_eq!(stored(settings, kept.case.id).await.unwrap().case, kept.case);
    assert_eq!(db.purge_unproven(after(Span::hours(1))).await.unwrap(), 1);
    assert!(stored(settings, kept.case.id).await.is_none());
    assert_eq!(rows("unproven_events").await, 0);
    assert_eq!(sound(&db).await, 1);
}

pub(super) async fn a_reference_is_given_once(settings: &Settings) {
    let db = open(settings).await;
    let reference = new_reference();
    let mut won = 0;
    for _ in 0..2 {
        let request = unproven(&db, new_case()).await;
        let made = hand(vec![proven(reference)])
            .account(new_tag())
            .commit(&db, &request)
            .await;
        match made {
            Ok(_) => won += 1,
            Err(error) => assert!(matches!(error, CommitError::Conflict), "{error}"),
        }
    }
    assert_eq!(won, 1);
}

pub(super) async fn many_cases_at_once(settings: &Settings) {
    let db = open(settings).await;
    let results = all_at_once((0..40).map(|_| {
        let db = db.clone();
        async move {
            let mut loaded = case(&db).await;
            for n in 0..6 {
                loaded = hand(vec![turned(n)]).commit(&db, &loaded).await.unwrap();
            }
            loaded.case.version
        }
    }))
    .await;
    assert!(results.iter().all(|version| *version == 8));
    assert_eq!(sound(&db).await, 40);
    let page = db.recent_cases(crate::CaseFilter::default(), None, 25).await.unwrap();
    let rest = db.recent_cases(crate::CaseFilter::default(), page.last().map(crate::CaseLine::key), 25);
    assert_eq!((page.len(), rest.await.unwrap().len()), (25, 15));
}

/// The process goes away in the middle of its commits: what was acknowledged is there, and nothing is half there.
pub(super) async fn a_cut_off_writer_leaves_whole_commits(settings: &Settings) {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for wait in [5, 40, 160] {
        let (settings, acknowledged) = (settings.clone(), Arc::clone(&acknowledged));
        let process = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let db = open(&settings).await;
                for _ in 0..16 {
                    let (db, acknowledged) = (db.clone(), Arc::clone(&acknowledged));
                    tokio::spawn(async move {
                        loop {
                            let Ok(loaded) = hand(vec![super::hand::opened(), entered("agreement", 1)])
                                .commit(&db, &db.load(new_case(), true).await.unwrap().unwrap())
                                .await
                            else {
                                break;
                            };
                            acknowledged.lock().unwrap().push((loaded.case.id, loaded.case.version));
                        }
                    });
                }
                let before = acknowledged.lock().unwrap().len();
                while acknowledged.lock().unwrap().len() < before + wait {
                    tokio::task::yield_now().await;
                }
            });
            runtime.shutdown_background();
        });
        process.join().unwrap();
    }
    let db = open(settings).await;
    sound(&db).await;
    let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
    assert!(acknowledged.len() >= 205);
    for (case, version) in acknowledged {
        let stored = db.opened(case).await.unwrap().unwrap();
        assert_eq!(stored.case.version, version);
    }
}

pub(super) async fn what_another_process_did_is_seen(settings: &Settings) {
    let (here, there) = (open(settings).await, open(settings).await);
    let before = case(&here).await;
    let theirs = there.opened(before.case.id).await.unwrap().unwrap();
    let theirs = hand(vec![turned(7)]).commit(&there, &theirs).await.unwrap();
    let ours = here.opened(before.case.id).await.unwrap().unwrap();
    assert_eq!(
        ours.case, theirs.case,
        "a cached case is used only while it is the stored one"
    );
    let ours = hand(vec![turned(8)]).commit(&here, &ours).await.unwrap();
    assert_eq!(there.opened(before.case.id).await.unwrap().unwrap().case, ours.case);
}

/// A full disk fails every commit that waits for it, writes none of them, and is over when there is room again. Only
/// SQLite can be told that its disk is small.
pub(super) async fn a_full_disk_fails_all_and_passes(settings: &Settings) {
    let db = open(settings).await;
    if db.0.pools.backend() != DbBackend::Sqlite {
        return;
    }
    let before = case(&db).await;
    super::fill_disk(&db).await;
    let results = all_at_once((0..40).map(|n| {
        let (db, before) = (db.clone(), before.clone());
        async move {
            let before = if n == 0 {
                before
            } else {
                db.load(new_case(), true).await.unwrap().unwrap()
            };
            let words = serde_json::json!({ "long": "word ".repeat(2_000) });
            let facts = readmit_core::kind::Facts::new();
            hand(vec![
                super::hand::opened(),
                readmit_core::event::Event::Turned { state: words, facts },
            ])
            .commit(&db, &before)
            .await
            .map(|loaded| loaded.case.id)
        }
    }))
    .await;
    let full = |result: &Result<_, _>| matches!(result, Err(CommitError::Store(StorageError::Full)));
    assert!(results.iter().any(full), "{:?}", results.first());
    assert!(results.iter().all(|result| result.is_ok() || full(result)));
    super::make_room(&db).await;
    for id in results.into_iter().filter_map(Result::ok) {
        assert!(db.opened(id).await.unwrap().is_some());
    }
    let before = db.load(before.case.id, false).await.unwrap().unwrap();
    hand(vec![turned(2)]).commit(&db, &before).await.unwrap();
    sound(&db).await;
}
