//! Lock, revoke, record: once, in this order, whatever happens in between.

use std::time::Duration as Length;

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use super::Rig;
use crate::remedy::{Pause, Phase};

fn passkey(seconds: u32) -> Value {
    json!({
        "case": "RC-7F3K-92QX", "reset": ["passkey"], "lock_withdrawals_seconds": seconds,
        "revoke": ["sessions", "trusted_devices", "api_keys"],
    })
}

/// How often each part of the remedy ran, as the file has it.
fn ran(rig: &Rig, key: &str) -> [u64; 3] {
    let state: Value = serde_json::from_slice(&std::fs::read(rig.folder.path().join("halcyon.json")).unwrap()).unwrap();
    ["locks", "revocations", "records"].map(|part| state["remedies"][key][part].as_u64().unwrap())
}

#[actix_web::test]
async fn rf_14_the_same_key_does_it_once_also_across_a_restart() {
    let mut rig = Rig::new();
    let first = rig.order("acc_ada", "job-1", passkey(86_400)).await;
    assert_eq!(
        first.json(),
        json!({"done": true, "locked_until": "2026-11-21T12:00:00Z"})
    );
    rig.pass(Duration::hours(3));
    let second = rig.order("acc_ada", "job-1", passkey(86_400)).await;
    rig.restart();
    let third = rig.order("acc_ada", "job-1", passkey(86_400)).await;
    assert_eq!([&second.text, &third.text], [&first.text, &first.text]);
    assert_eq!(ran(&rig, "job-1"), [1, 1, 1]);
}

#[actix_web::test]
async fn two_calls_at_once_do_the_work_once() {
    let rig = Rig::new();
    let (one, two) = tokio::join!(
        rig.order("acc_ada", "job-1", passkey(60)),
        rig.order("acc_ada", "job-1", passkey(60))
    );
    assert_eq!(one.text, two.text);
    assert_eq!(ran(&rig, "job-1"), [1, 1, 1]);
}

#[actix_web::test]
async fn rf_07_killed_between_lock_and_revocation_it_goes_on_where_it_was() {
    let mut rig = Rig::new();
    let cookie = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    rig.restart_with(Some(Pause {
        after: Phase::Locked,
        length: Length::from_secs(3_600),
    }));
    tokio::select! {
        answer = rig.order("acc_ada", "job-1", passkey(86_400)) => panic!("answered before it was killed: {}", answer.text),
        () = locked(&rig) => {}
    }
    assert_eq!(ran(&rig, "job-1"), [1, 0, 0]);
    rig.restart();
    assert!(
        rig.page("/account", &cookie)
            .await
            .text
            .contains("Withdrawals are locked until"),
        "locked, not yet revoked"
    );
    rig.pass(Duration::hours(5));
    let answer = rig.order("acc_ada", "job-1", passkey(86_400)).await;
    assert_eq!(
        answer.json()["locked_until"],
        "2026-11-21T12:00:00Z",
        "the end of the first call"
    );
    assert_eq!(ran(&rig, "job-1"), [1, 1, 1]);
    assert_eq!(rig.page("/account", &cookie).await.status, StatusCode::SEE_OTHER);
}

/// Until the lock of the remedy is on disk and shown.
async fn locked(rig: &Rig) {
    while !rig
        .host
        .remedy_phase("job-1")
        .is_some_and(|phase| phase == Phase::Locked)
    {
        tokio::task::yield_now().await;
    }
}

#[actix_web::test]
async fn rf_14_of_overlapping_locks_the_latest_end_wins() {
    let rig = Rig::new();
    rig.order("acc_ada", "job-1", passkey(86_400)).await;
    rig.pass(Duration::hours(1));
    let shorter = rig.order("acc_ada", "job-2", passkey(3_600)).await;
    assert_eq!(shorter.json()["locked_until"], "2026-11-21T12:00:00Z");
    let none = rig.order("acc_ada", "job-3", passkey(0)).await;
    assert_eq!(none.json()["locked_until"], "2026-11-21T12:00:00Z");
    let longer = rig.order("acc_ada", "job-4", passkey(86_400)).await;
    assert_eq!(longer.json()["locked_until"], "2026-11-21T13:00:00Z");
    assert_eq!(
        rig.order("acc_ben", "job-5", passkey(0)).await.json()["locked_until"],
        Value::Null
    );
}

#[actix_web::test]
async fn rf_16_sessions_devices_and_keys_are_gone_at_once_and_only_this_account_s() {
    let rig = Rig::new();
    let ada = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let ben = rig.sign_in("ben@example.com", "ben-halcyon").await.unwrap();
    rig.order("acc_ada", "job-1", passkey(86_400)).await;
    let out = rig.page("/account", &ada).await;
    assert_eq!(
        (out.status, out.header("location")),
        (StatusCode::SEE_OTHER, "/?news=signed-out")
    );
    assert_eq!(rig.page("/account", &ben).await.status, StatusCode::OK);

    let again = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let page = rig.page("/account", &again).await.text;
    assert!(
        page.contains("Withdrawals are locked until") && page.contains("21 November 2026, 12:00 UTC"),
        "{page}"
    );
    assert!(page.contains("A reset takes them all away") && page.contains("Reset: passkeys (case RC-7F3K-92QX)"));
    rig.pass(Duration::hours(24));
    let later = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    assert!(rig.page("/account", &later).await.text.contains("Withdrawals are open"));
}

/// RF-16: the browser of a session that a remedy ended reads why and what to do, as long as the session would have lived, and no
/// other browser does.
#[actix_web::test]
async fn rf_16_whoever_was_signed_out_by_a_reset_reads_why() {
    let mut rig = Rig::new();
    let ada = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let ben = rig.sign_in("ben@example.com", "ben-halcyon").await.unwrap();
    let left = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    rig.submit("/sign-out", &left, json!({})).await;
    rig.order("acc_ada", "job-1", passkey(86_400)).await;
    rig.restart();
    rig.pass(Duration::hours(1));
    let why = "You were signed out everywhere because your passkeys were reset on 20 November 2026, 12:00 UTC. Sign in again and \
               bind a new one.";
    for path in ["/", "/?news=signed-out"] {
        let page = rig.page(path, &ada).await.text;
        assert!(page.contains(why), "{page}");
        for other in ["", &ben, &left] {
            assert!(!rig.page(path, other).await.text.contains("signed out everywhere"));
        }
    }
    let set = rig.page("/?news=password-set", &ada).await.text;
    assert!(!set.contains("signed out everywhere"), "{set}");
    rig.pass(Duration::hours(23));
    assert!(!rig.page("/", &ada).await.text.contains("signed out everywhere"));

    for (n, (reset, words)) in [
        (json!([]), "because a way to sign in was removed on"),
        (json!(["phone"]), "because your phone number was reset or changed on"),
        (
            json!(["passkey", "totp", "phone"]),
            "because your passkeys, authenticator app and phone number were reset on",
        ),
        (json!(["password"]), "Choose a new one by the link that we sent you"),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(cookie) = rig.sign_in("ben@example.com", "ben-halcyon").await else {
            panic!("{words}");
        };
        let mut order = passkey(60);
        order["reset"] = reset;
        rig.order("acc_ben", &format!("job-b{n}"), order).await;
        let page = rig.page("/", &cookie).await.text;
        assert!(page.contains(words), "{page}");
    }
}

#[actix_web::test]
async fn a_reset_password_is_refused_and_a_new_one_asked_here() {
    let rig = Rig::new();
    let order = json!({"case": "RC-1", "reset": ["password"], "lock_withdrawals_seconds": 60, "revoke": []});
    rig.order("acc_ada", "job-1", order).await;
    assert!(rig.sign_in("ada@example.com", "ada-halcyon").await.is_none());
    let tried = rig
        .post("/readmit/accounts/acc_ada/password", json!({"password": "ada-halcyon"}))
        .await;
    assert_eq!(tried.json(), json!({"verdict": "wrong"}));

    let mails = rig.page("/mail.json?to=ada@example.com", "").await.json();
    let text = mails[0]["text"].as_str().unwrap();
    let link = text
        .lines()
        .find_map(|line| line.strip_prefix("http://halcyon.localhost:8080"))
        .unwrap();
    assert_eq!(rig.page(link, "").await.status, StatusCode::OK);
    let short = rig.submit(link, "", json!({"password": "short"})).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        rig.submit(link, "", json!({"password": "quiet harbour"}))
            .await
            .header("location"),
        "/?news=password-set"
    );
    assert_eq!(rig.page(link, "").await.status, StatusCode::GONE);
    assert_eq!(
        rig.submit(link, "", json!({"password": "loud harbour"})).await.status,
        StatusCode::GONE
    );
    assert!(rig.sign_in("ada@example.com", "quiet harbour").await.is_some());
}

#[actix_web::test]
async fn what_cannot_be_done_changes_nothing() {
    let rig = Rig::new();
    let closed = rig.order("acc_zoe", "job-1", passkey(60)).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert_eq!(
        closed.json(),
        json!({"refused": "The account is closed. Nothing was changed."})
    );

    rig.order("acc_ada", "job-2", passkey(60)).await;
    let other_order = rig.order("acc_ada", "job-2", passkey(61)).await;
    let other_account = rig.order("acc_ben", "job-2", passkey(60)).await;
    assert_eq!(
        [other_order.status, other_account.status],
        [StatusCode::UNPROCESSABLE_ENTITY; 2]
    );

    let mut bad = [passkey(7_776_001), passkey(0), passkey(60), passkey(60), passkey(60)];
    bad[1]["reset"] = json!([]);
    bad[2]["reset"] = json!(["everything"]);
    bad[3]["case"] = json!("");
    bad[4]["more"] = json!(1);
    for (n, order) in bad.into_iter().enumerate() {
        let answer = rig.order("acc_ada", &format!("bad-{n}"), order).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
    let keyless = rig.post("/readmit/accounts/acc_ada/remedy", passkey(60)).await;
    assert_eq!(keyless.status, StatusCode::BAD_REQUEST);
}
