//! Signatures, strictness, and what questions get.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use time::Duration;

use super::Rig;

const SIGN_IN: &str = "/readmit/accounts/sign-in";

fn ada(password: Value) -> Value {
    json!({"email": "ada@example.com", "password": password})
}

#[actix_web::test]
async fn wh_06_nobody_is_heard_without_a_fresh_signature_of_this_very_call() {
    let rig = Rig::new();
    let elsewhere = rig
        .call(
            Method::POST,
            "/readmit/accounts/acc_ada/password",
            Some(ada(Value::Null)),
        )
        .uri(SIGN_IN);
    let old = rig.call(Method::POST, SIGN_IN, Some(ada(Value::Null)));
    rig.pass(Duration::minutes(6));
    for (what, call) in [("elsewhere", elsewhere), ("old", old)] {
        let answer = rig.ask(call).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
        assert!(answer.json()["error"].as_str().unwrap().ends_with('.'), "{what}");
    }
}

#[actix_web::test]
async fn wh_06_no_address_answers_an_unsigned_call() {
    let rig = Rig::new();
    for path in ["facts", "ledger", ""] {
        let answer = rig
            .ask(TestRequest::with_uri(
                format!("/readmit/accounts/acc_ada/{path}").trim_end_matches('/'),
            ))
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["sign-in", "acc_ada/password", "acc_ada/remedy", "acc_ada/notice"] {
        let answer = rig
            .ask(
                TestRequest::post()
                    .uri(&format!("/readmit/accounts/{path}"))
                    .set_payload("{}"),
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[actix_web::test]
async fn wh_06_a_call_is_heard_once() {
    let rig = Rig::new();
    let twice = || rig.call_as("msg_1", Method::GET, "/readmit/accounts/acc_ada", None);
    assert_eq!(rig.ask(twice()).await.status, StatusCode::OK);
    let again = rig.ask(twice()).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.text.contains("used before"), "{}", again.text);
}

#[actix_web::test]
async fn se_08_unknown_fields_and_parameters_are_refused() {
    let rig = Rig::new();
    let notice = json!({"thread": "t", "kind": "k", "title": "T", "text": "t", "stop_url": null, "until": null,
               "at": "2026-11-20T12:00:00Z", "more": 1});
    let answers = [
        rig.post(SIGN_IN, json!({"email": "a@example.com", "password": null, "more": 1}))
            .await,
        rig.post(
            "/readmit/accounts/acc_ada/password",
            json!({"password": "x", "more": 1}),
        )
        .await,
        rig.post("/readmit/accounts/acc_ada/notice", notice).await,
        rig.get("/readmit/accounts/acc_ada/ledger?limit=5&more=1").await,
        rig.get("/readmit/accounts/acc_ada/ledger?limit=501").await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
}

#[actix_web::test]
async fn faults_have_their_status_and_a_sentence() {
    let rig = Rig::new();
    let large = json!({"email": "x".repeat(70_000), "password": null});
    let cases = [
        (rig.get("/readmit/accounts/acc_nobody").await, StatusCode::NOT_FOUND),
        (rig.get("/readmit/nowhere").await, StatusCode::NOT_FOUND),
        (rig.get(SIGN_IN).await, StatusCode::METHOD_NOT_ALLOWED),
        (rig.post(SIGN_IN, large).await, StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (answer, status) in cases {
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.json()["error"].is_string());
    }
}

#[actix_web::test]
async fn rl_01_known_unknown_and_forgotten_cost_and_look_the_same() {
    let rig = Rig::new();
    let asks = [
        (ada(json!("ada-halcyon")), json!({"id": "acc_ada", "verdict": "right"})),
        (ada(json!("guess")), json!({"id": "acc_ada", "verdict": "wrong"})),
        (ada(Value::Null), json!({"id": "acc_ada", "verdict": "not_asked"})),
        (
            json!({"email": "GRACE@example.com ", "password": "grace-halcyon"}),
            json!({"id": "acc_grace", "verdict": "locked"}),
        ),
        (
            json!({"email": "nobody@example.com", "password": "guess"}),
            json!({"id": null, "verdict": "unknown"}),
        ),
        (
            json!({"email": "nobody@example.com", "password": null}),
            json!({"id": null, "verdict": "unknown"}),
        ),
    ];
    for (ask, expected) in asks {
        let before = rig.host.passwords_verified();
        let answer = rig.post(SIGN_IN, ask).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, expected));
        assert_eq!(rig.host.passwords_verified() - before, 1, "{}", answer.text);
    }
}

#[actix_web::test]
async fn rf_08_questions_of_readmit_lock_nobody_out() {
    let rig = Rig::new();
    for _ in 0..100 {
        assert_eq!(rig.post(SIGN_IN, ada(json!("guess"))).await.json()["verdict"], "wrong");
    }
    assert!(rig.sign_in("ada@example.com", "ada-halcyon").await.is_some());
}

#[actix_web::test]
async fn the_password_alone_is_judged_after_the_code() {
    let rig = Rig::new();
    for (account, password, verdict) in [
        ("acc_ada", "ada-halcyon", "right"),
        ("acc_ada", "no", "wrong"),
        ("acc_grace", "grace-halcyon", "locked"),
    ] {
        let answer = rig
            .post(
                &format!("/readmit/accounts/{account}/password"),
                json!({"password": password}),
            )
            .await;
        assert_eq!(answer.json(), json!({"verdict": verdict}));
    }
}

#[actix_web::test]
async fn an_account_is_told_in_the_words_of_the_vocabulary() {
    let rig = Rig::new();
    let wei = rig.get("/readmit/accounts/acc_wei").await.json();
    assert_eq!(wei["name"], "陈伟");
    assert_eq!(wei["language"], "zh");
    assert_eq!(
        wei["attributes"],
        json!({"kyc": "primary", "asset_tier": "standard", "has_transactions": true})
    );
    assert!(wei["last_sign_in"]["city"].is_string());
    assert_eq!(
        rig.get("/readmit/accounts/acc_emma").await.json()["attributes"]["has_transactions"],
        false
    );
}

#[actix_web::test]
async fn facts_never_offer_a_truth_as_a_decoy() {
    let rig = Rig::new();
    for account in ["acc_ada", "acc_carla", "acc_wei", "acc_otto"] {
        let facts = rig.get(&format!("/readmit/accounts/{account}/facts")).await.json();
        for (decoys, field) in [("cities", "city"), ("countries", "country"), ("devices", "device")] {
            let offered = facts["decoys"][decoys].as_array().unwrap();
            assert!(offered.len() >= 5, "{account} {decoys}");
            let rows = facts["sign_ins"].as_array().unwrap();
            assert!(
                rows.iter().all(|row| !offered.contains(&row[field])),
                "{account} {decoys}"
            );
        }
        let held = facts["profile"]["assets_held"].as_array().unwrap();
        assert!(
            held.iter()
                .all(|asset| { !facts["decoys"]["assets"].as_array().unwrap().contains(asset) })
        );
    }
    assert_eq!(
        rig.get("/readmit/accounts/acc_femi/facts").await.json()["profile"]["country"],
        Value::Null
    );
}

#[actix_web::test]
async fn the_ledger_is_newest_first_and_limited() {
    let rig = Rig::new();
    let ids = async |query: &str| -> Vec<String> {
        let told = rig
            .get(&format!("/readmit/accounts/acc_ada/ledger?{query}"))
            .await
            .json();
        let rows = told["rows"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let newest = ids("limit=5").await;
    assert_eq!(ids(&format!("limit=2&before={}", newest[2])).await, newest[3..5]);
    let rows = rig.get("/readmit/accounts/acc_ada/ledger?limit=3").await.json()["rows"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.windows(2)
            .all(|pair| pair[0]["at"].as_str() >= pair[1]["at"].as_str())
    );
    assert!(
        rig.get("/readmit/accounts/acc_ada/ledger").await.json()["rows"]
            .as_array()
            .unwrap()
            .len()
            >= 12
    );
}
