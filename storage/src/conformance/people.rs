//! Staff, sessions, comings-back.

use readmit_core::command::Role;
use readmit_core::time::Span;
use serde_json::json;

use super::hand::{BEGIN, after, all_at_once, new_case, new_person, open, unproven};
use crate::{Db, Face, NewSession, Person, Settings};

fn somebody(name: &str, roles: &[Role]) -> Person {
    Person {
        id: new_person(),
        name: name.into(),
        display: format!("{name} the tester"),
        roles: roles.to_vec(),
        active: true,
    }
}

pub(super) async fn staff_come_and_go(settings: &Settings) {
    let db = open(settings).await;
    let rina = somebody("rina", &[Role::Reviewer]);
    assert!(db.person_add(&rina, BEGIN).await.unwrap());
    assert!(
        !db.person_add(&somebody("rina", &[Role::Operator]), BEGIN)
            .await
            .unwrap(),
        "the name is taken"
    );
    assert!(
        db.person_add(&somebody("ari", &[Role::Senior, Role::Lead]), BEGIN)
            .await
            .unwrap()
    );
    assert_eq!(db.person_by_name("rina").await.unwrap(), Some(rina.clone()));
    assert_eq!(db.person_by_name("nobody").await.unwrap(), None);
    let names: Vec<_> = db
        .people()
        .await
        .unwrap()
        .into_iter()
        .map(|person| person.name)
        .collect();
    assert_eq!(names, ["ari", "rina"]);

    let token = session(&db, Some(&rina)).await;
    assert!(db.person_set(rina.id, &[Role::Compliance], false, BEGIN).await.unwrap());
    let left = db.person(rina.id).await.unwrap().unwrap();
    assert_eq!((left.active, left.roles), (false, vec![Role::Compliance]));
    assert_eq!(
        db.session(&token, BEGIN).await.unwrap(),
        None,
        "their sessions end with it"
    );
    assert!(db.person_set(rina.id, &[Role::Reviewer], true, BEGIN).await.unwrap());
    assert!(db.person(rina.id).await.unwrap().unwrap().active);

    assert!(db.secrets(rina.id).await.unwrap().is_none());
    db.secrets_set(rina.id, "$argon2id$…", b"12345678901234567890")
        .await
        .unwrap();
    let secrets = db.secrets(rina.id).await.unwrap().unwrap();
    assert_eq!(secrets.totp_secret, b"12345678901234567890");
    let used = all_at_once((0..50).map(|_| {
        let db = db.clone();
        async move { db.totp_once(rina.id, 41).await.unwrap() }
    }))
    .await;
    assert_eq!(
        used.iter().filter(|used| **used).count(),
        1,
        "TO-02: a time step is used once"
    );
    assert!(!db.totp_once(rina.id, 40).await.unwrap(), "nor an older one after it");
    assert!(db.totp_once(rina.id, 42).await.unwrap());
}

pub(super) async fn passkeys_are_registered_once(settings: &Settings) {
    let db = open(settings).await;
    let (mine, theirs) = (new_person(), new_person());
    let body = json!({"cred": {"counter": 0}});
    assert!(
        db.passkey_add(mine, b"credential-1", "laptop", &body, BEGIN)
            .await
            .unwrap()
    );
    assert!(
        !db.passkey_add(theirs, b"credential-1", "stolen", &body, BEGIN)
            .await
            .unwrap(),
        "PK-01"
    );
    assert!(
        db.passkey_add(mine, b"credential-2", "phone", &body, after(Span::seconds(1)))
            .await
            .unwrap()
    );
    assert_eq!(db.person_by_passkey(b"credential-1").await.unwrap(), Some(mine));
    assert_eq!(db.person_by_passkey(b"credential-9").await.unwrap(), None);
    let newer = json!({"cred": {"counter": 5}});
    assert!(
        db.passkey_update(b"credential-1", &newer, after(Span::hours(1)))
            .await
            .unwrap()
    );
    let passkeys = db.passkeys(mine).await.unwrap();
    assert_eq!((passkeys[0].label.as_str(), &passkeys[0].body), ("laptop", &newer));
    assert_eq!(passkeys[0].used, Some(after(Span::hours(1))));
    assert!(!db.passkey_rename(theirs, passkeys[0].id, "mine").await.unwrap());
    assert!(db.passkey_rename(mine, passkeys[0].id, "old laptop").await.unwrap());
    assert!(!db.passkey_remove(theirs, passkeys[0].id).await.unwrap());
    assert!(db.passkey_remove(mine, passkeys[0].id).await.unwrap());
    assert_eq!(db.passkeys(mine).await.unwrap().len(), 1);
}

async fn session(db: &Db, person: Option<&Person>) -> String {
    let new = NewSession {
        face: if person.is_some() { Face::Staff } else { Face::Claimant },
        case: None,
        person: person.map(|person| person.id),
        data: json!({"note": 1}),
    };
    db.session_create(new, BEGIN).await.unwrap()
}

pub(super) async fn se_01_sessions_end(settings: &Settings) {
    let db = open(settings).await;
    let rina = somebody("rina", &[Role::Reviewer]);
    let (first, second) = (session(&db, Some(&rina)).await, session(&db, Some(&rina)).await);
    let guest = session(&db, None).await;
    assert!(first != second && first.len() == 43, "256 bits each");
    assert_eq!(db.session("no such token", BEGIN).await.unwrap(), None);
    let live = db.session(&first, BEGIN).await.unwrap().unwrap();
    assert_eq!(
        (live.person, live.face, &live.data),
        (Some(rina.id), Face::Staff, &json!({"note": 1}))
    );

    let case = new_case();
    assert!(
        db.session_update(&live.id_hash, Some(case), &json!({"note": 2}))
            .await
            .unwrap()
    );
    let live = db.session(&first, BEGIN).await.unwrap().unwrap();
    assert_eq!((live.case, &live.data), (Some(case), &json!({"note": 2})));
    assert!(db.session_end(&live.id_hash).await.unwrap());
    assert!(!db.session_end(&live.id_hash).await.unwrap());
    assert_eq!(db.session(&first, BEGIN).await.unwrap(), None);
    assert!(
        !db.session_update(&live.id_hash, None, &json!({})).await.unwrap(),
        "it stays ended"
    );
    assert_eq!(db.sessions_end_of(rina.id).await.unwrap(), 1);
    assert_eq!(db.session(&second, BEGIN).await.unwrap(), None);
    assert!(db.session(&guest, BEGIN).await.unwrap().is_some());
}

pub(super) async fn se_02_sessions_run_out(settings: &Settings) {
    let db = open(settings).await;
    let rina = somebody("rina", &[Role::Reviewer]);
    let (staff, claimant) = (session(&db, Some(&rina)).await, session(&db, None).await);
    let second = Span::seconds(1);
    assert!(
        db.session(&staff, after(Span::minutes(15)) - second)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        db.session(&staff, after(Span::minutes(15))).await.unwrap().is_none(),
        "idle"
    );
    assert!(
        db.session(&claimant, after(Span::hours(1)) - second)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        db.session(&claimant, after(Span::hours(1))).await.unwrap().is_none(),
        "idle"
    );

    let mut now = BEGIN;
    while now < after(Span::minutes(710)) {
        now = now + Span::minutes(10);
        let live = db.session(&staff, now).await.unwrap().unwrap();
        db.session_touch(&live, now).await.unwrap();
    }
    assert!(
        db.session(&staff, after(Span::hours(12)) - second)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        db.session(&staff, after(Span::hours(12))).await.unwrap().is_none(),
        "12 hours in all"
    );

    let busy = session(&db, None).await;
    let mut now = BEGIN;
    while now < after(Span::minutes(1_410)) {
        now = now + Span::minutes(30);
        let live = db.session(&busy, now).await.unwrap().unwrap();
        db.session_touch(&live, now).await.unwrap();
    }
    assert!(
        db.session(&busy, after(Span::hours(24)) - second)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        db.session(&busy, after(Span::hours(24))).await.unwrap().is_none(),
        "24 hours in all"
    );
}

pub(super) async fn visits_count_every_try(settings: &Settings) {
    let db = open(settings).await;
    let case = new_case();
    let visit = db.visit_create(&[7; 32], Some(case), BEGIN).await.unwrap();
    assert_eq!(db.visit(visit.id).await.unwrap(), Some(visit));
    let tried = all_at_once((0..50).map(|_| {
        let db = db.clone();
        async move { db.visit_try(visit.id, 5).await.unwrap().is_some() }
    }))
    .await;
    assert_eq!(tried.iter().filter(|tried| **tried).count(), 5, "RL-03");
    let resent = db.visit_resend(visit.id, 3).await.unwrap().unwrap();
    assert_eq!(
        (resent.issue, resent.tries),
        (2, 5),
        "OT-03: a new code does not make new tries"
    );
    assert!(db.visit_try(visit.id, 5).await.unwrap().is_none());
    db.visit_resend(visit.id, 3).await.unwrap().unwrap();
    assert!(db.visit_resend(visit.id, 3).await.unwrap().is_none());

    let nowhere = db.visit_create(&[8; 32], None, BEGIN).await.unwrap();
    let done = all_at_once((0..50).map(|_| {
        let db = db.clone();
        async move { db.visit_done(nowhere.id, BEGIN).await.unwrap() }
    }))
    .await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "OT-02: accepted once");
    assert!(db.visit_try(nowhere.id, 5).await.unwrap().is_none(), "it is over");
}

pub(super) async fn what_is_over_is_deleted(settings: &Settings) {
    let db = open(settings).await;
    let token = session(&db, None).await;
    let visit = db.visit_create(&[7; 32], None, BEGIN).await.unwrap();
    let bucket = super::hand::bucket(3);
    assert!(db.spend(&bucket, BEGIN).await.unwrap());
    let old = unproven(&db, new_case()).await;
    db.expire_sessions(after(Span::hours(1))).await.unwrap();
    assert_eq!(db.purge_unproven(BEGIN).await.unwrap(), 0);
    assert!(db.session(&token, BEGIN).await.unwrap().is_some());
    assert!(db.visit(visit.id).await.unwrap().is_some());

    db.expire_sessions(after(Span::hours(26))).await.unwrap();
    assert_eq!(db.purge_unproven(after(Span::hours(1))).await.unwrap(), 1);
    assert!(db.session(&token, BEGIN).await.unwrap().is_none());
    assert!(db.visit(visit.id).await.unwrap().is_none());
    assert_eq!(db.spent(&bucket, BEGIN).await.unwrap(), 0);
    assert!(db.opened(old.case.id).await.unwrap().is_none());
    assert!(
        db.case_key(old.case.id).await.unwrap().is_none(),
        "its key is destroyed with it"
    );
}
