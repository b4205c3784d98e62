//! What is sealed stays sealed, and keys decide who reads.

use readmit_core::command::By;
use readmit_core::conversation::Letter;
use readmit_core::guard::Guard;
use readmit_core::ids::AccountId;
use readmit_core::ports::Store as _;
use readmit_core::sealed::{Sealed, Words};
use sea_orm::DbBackend;
use serde_json::json;

use super::hand::{
    BEGIN, case_with_task, folder, hand, new_case, new_person, open, prove, review, stored, turned, unproven,
};
use crate::{Db, Face, KeyFault, NewFactor, NewSession, Settings, StorageError};

const SENTINEL: &str = "sentinel-7f3k92qx";

/// OT-05, PR-04: a word planted wherever personal data and secrets go is found in no table and no file.
pub(super) async fn nothing_sealed_lies_in_plain(settings: &Settings) {
    let db = open(settings).await;
    let account = AccountId(SENTINEL.into());
    let tag = db.account_tag(&account);
    let set = Some(json!({"question": SENTINEL}));
    let sealed = Sealed {
        account: Some(account.clone()),
        address: Some(format!("{SENTINEL}@example.com")),
        steps: [("questions".to_owned(), json!({"answer": SENTINEL}))].into(),
        letters: vec![Letter {
            at: BEGIN,
            by: By::Claimant,
            text: SENTINEL.into(),
            files: Vec::new(),
        }],
        words: [(
            "decision-1".to_owned(),
            Words {
                to_claimant: SENTINEL.into(),
                note: SENTINEL.into(),
            },
        )]
        .into(),
        ..Sealed::default()
    };
    let request = unproven(&db, new_case()).await;
    let typed = hand(vec![turned(1)])
        .sealed(sealed)
        .commit(&db, &request)
        .await
        .unwrap();
    let keep = Guard::KeepQuestions { account: tag, set };
    let proof = prove(tag).guard(keep).commit(&db, &typed).await.unwrap();
    let new = NewFactor {
        kind: "phone".into(),
        name: SENTINEL.into(),
        secret: json!(SENTINEL),
    };
    db.factor_add(&account, new, BEGIN).await.unwrap();
    let session = NewSession {
        face: Face::Claimant,
        case: Some(proof.case.id),
        person: None,
        data: json!({"typed": SENTINEL}),
    };
    let token = db.session_create(session, BEGIN).await.unwrap();
    let person = new_person();
    db.secrets_set(person, SENTINEL, SENTINEL.as_bytes()).await.unwrap();
    db.passkey_add(person, SENTINEL.as_bytes(), "laptop", &json!(SENTINEL), BEGIN)
        .await
        .unwrap();
    let task = case_with_task(&db, review(1)).await.case.task.unwrap().id;
    assert!(db.save_draft(task, person, &json!(SENTINEL)).await.unwrap());
    let mut blob = db.blobs().create(proof.case.id, BEGIN).await.unwrap();
    blob.write(SENTINEL.as_bytes()).await.unwrap();
    blob.finish().await.unwrap();

    let words = [
        SENTINEL.to_owned(),
        token,
        data_encoding::HEXLOWER.encode(&proof.keys.case),
    ];
    for (place, bytes) in everything(&db, settings).await {
        for word in &words {
            let hex = data_encoding::HEXLOWER.encode(word.as_bytes());
            for found in [word.as_bytes(), hex.as_bytes()] {
                assert!(
                    !bytes.windows(found.len()).any(|window| window == found),
                    "{word} in {place}"
                );
            }
        }
        assert!(
            !bytes.windows(32).any(|window| window == proof.keys.case),
            "a case key in {place}"
        );
    }
}

/// Every stored byte: files of SQLite and of the evidence store, rows of PostgreSQL, and what packed rows say.
async fn everything(db: &Db, settings: &Settings) -> Vec<(String, Vec<u8>)> {
    let mut found = vec![("the record".to_owned(), super::record(db).await)];
    let mut folders = vec![folder(settings).to_owned()];
    match db.0.pools.backend() {
        DbBackend::Sqlite => folders.push(folder(settings).parent().unwrap().to_owned()),
        _ => {
            let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'";
            for row in db.0.pools.all(tables, []).await.unwrap() {
                let table: String = row.try_get("", "name").unwrap();
                let sql = format!("SELECT coalesce(string_agg(t::text, ' '), '') AS dump FROM {table} t");
                let dump = db.0.pools.one(&sql, []).await.unwrap().unwrap();
                found.push((table, dump.try_get::<String>("", "dump").unwrap().into_bytes()));
            }
        }
    }
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    assert!(
        found.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 1_000,
        "something was looked at"
    );
    found
}

pub(super) async fn a_wrong_master_key_is_told(settings: &Settings) {
    let db = open(settings).await;
    let id = unproven(&db, new_case()).await.case.id;
    db.close().await;
    let wrong = Settings {
        master_key: [43; 32],
        ..settings.clone()
    };
    let told = |result: Result<(), StorageError>, fault| match result {
        Err(StorageError::Key(found)) => assert_eq!(found, fault),
        other => panic!("{other:?}"),
    };
    told(Db::open(&wrong).await.map(drop), KeyFault::WrongMaster);
    told(Db::migrate(&wrong).await, KeyFault::WrongMaster);
    let missing = Settings {
        keys_url: format!("sqlite:{}", folder(settings).join("no-keys.db").display()),
        ..settings.clone()
    };
    told(Db::open(&missing).await.map(drop), KeyFault::Missing);
    told(Db::migrate(&missing).await, KeyFault::Missing);
    assert!(!folder(settings).join("no-keys.db").exists(), "nothing is written");
    assert!(stored(settings, id).await.is_some(), "and nothing is lost");
}

/// Without its key a case still folds, and tells nothing.
pub(super) async fn a_destroyed_key_closes_the_case(settings: &Settings) {
    let db = open(settings).await;
    let sealed = Sealed {
        address: Some(SENTINEL.into()),
        ..Sealed::default()
    };
    let request = unproven(&db, new_case()).await;
    let typed = hand(vec![turned(1)])
        .sealed(sealed)
        .commit(&db, &request)
        .await
        .unwrap();
    assert!(typed.readable);
    db.0.shelf.destroy_case(typed.case.id).await.unwrap();
    db.0.cache.forget(typed.case.id);
    let closed = db.load(typed.case.id, false).await.unwrap().unwrap();
    assert!(!closed.readable);
    assert_eq!((closed.case, closed.sealed), (typed.case, Sealed::default()));
}
