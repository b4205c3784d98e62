//! Our side of the contract against a host that keeps it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use readmit_core::answers::{Answers, Lookup, Secret, Verdict};
use readmit_core::effect::EffectError;
use readmit_core::ids::{AccountId, CaseId, CaseRef};
use readmit_core::kind::FactValue;
use readmit_core::ports::{Outside as _, Surroundings as _};
use readmit_core::time::Span;
use readmit_worker::ports::{Answered, Banner, Host as _, Order};
use reqwest::Url;
use uuid::Uuid;

use super::HostClient;
use crate::blueprint;
use crate::config::{HostAccess, Secret as Kept};
use crate::surroundings::{Real, World};

const SECRET: &str = "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=";

/// A host on a port of its own, and a client that speaks to it.
struct Line {
    client: HostClient,
    server: actix_web::dev::ServerHandle,
    _state: tempfile::TempDir,
}

fn line(secret: &str) -> Line {
    // The first test of the process installs it.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let state = tempfile::tempdir().unwrap();
    let host = readmit_demo_host::Host::open(readmit_demo_host::Config {
        state: state.path().join("host.json"),
        secret: SECRET.into(),
        origin: "http://host.localhost".into(),
        readmit: "http://recover.localhost".into(),
        recover: "http://recover.localhost".into(),
        clock: Arc::new(|| Real.now().utc()),
        pause: None,
    })
    .unwrap();
    let listener = crate::http::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = actix_web::HttpServer::new(move || {
        let host = host.clone();
        actix_web::App::new().configure(move |services| host.configure(services))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    let access = HostAccess {
        url: Url::parse(&format!("http://host.localhost:{port}")).unwrap(),
        secret: Kept::new(secret.into()),
        return_to: Vec::new(),
    };
    let vocabulary = Arc::new(blueprint::vocabulary().unwrap());
    Line {
        client: HostClient::new(&access, vocabulary, World::new(Real), true).unwrap(),
        server: handle,
        _state: state,
    }
}

fn ada() -> AccountId {
    AccountId("acc_ada".into())
}

async fn sign_in(line: &Line, email: &str, password: Option<&str>) -> Answers {
    let password = password.map(|password| Secret(password.into()));
    let email = email.into();
    line.client
        .look_up(vec![Lookup::SignIn { email, password }])
        .await
        .unwrap()
}

#[tokio::test]
async fn a_sign_in_tells_whose_address_it_is_and_the_verdict() {
    let line = line(SECRET);
    let right = readmit_demo_host::password_of("ada@example.com");
    for (email, password, account, verdict) in [
        ("ada@example.com", Some(right.as_str()), Some(ada()), Verdict::Right),
        ("ada@example.com", Some("nonsense"), Some(ada()), Verdict::Wrong),
        ("ada@example.com", None, Some(ada()), Verdict::NotAsked),
        ("nobody@example.com", Some("nonsense"), None, Verdict::Unknown),
    ] {
        let answered = sign_in(&line, email, password).await.sign_in.unwrap();
        assert_eq!(
            (answered.account, answered.verdict),
            (account, verdict),
            "{email} {password:?}"
        );
    }
}

#[tokio::test]
async fn all_lookups_of_one_request_come_back_together() {
    let line = line(SECRET);
    let (account, again) = (ada(), ada());
    let asked = vec![Lookup::Account { account }, Lookup::QuestionFacts { account: again }];
    let answers = line.client.look_up(asked).await.unwrap();
    let view = answers.account.unwrap();
    assert_eq!(view.email, "ada@example.com");
    assert_eq!(view.attributes.get("kyc"), Some(&FactValue::Word("primary".into())));
    let facts = answers.question_facts.unwrap();
    assert!(facts.registered.is_some() && !facts.ledger.is_empty() && !facts.decoys.cities.is_empty());
    let stranger = AccountId("acc/../nobody".into());
    let answers = line
        .client
        .look_up(vec![Lookup::Account { account: stranger }])
        .await
        .unwrap();
    assert_eq!(
        answers.account, None,
        "an account's name is one part of the path, whatever it holds"
    );
}

/// EV-11: a picture is held against the whole ledger, however many pages it takes; what is beyond them is said to be there.
#[tokio::test]
async fn ev_11_the_ledger_is_read_page_by_page() {
    let line = line(SECRET);
    let whole = line.client.ledger(&ada()).await.unwrap();
    assert!(whole.rows.len() > 10 && !whole.goes_on, "{}", whole.rows.len());
    assert_eq!(line.client.whole_ledger(&ada(), 5, 100).await.unwrap(), whole);
    let part = line.client.whole_ledger(&ada(), 5, 2).await.unwrap();
    assert_eq!(part.rows, whole.rows.get(..10).unwrap());
    assert!(part.goes_on);
    let nobody = AccountId("acc_nobody".into());
    assert_eq!(line.client.ledger(&nobody).await.unwrap(), Default::default());
}

/// RF-14, RF-16: asked again under one key, the host does its work once; a closed account is refused for good.
#[tokio::test]
async fn rf_16_a_remedy_is_carried_out_once_a_key() {
    let line = line(SECRET);
    let order = Order {
        case: CaseRef::from_bits(7),
        reset: vec!["passkey".into()],
        lock_withdrawals: Span::hours(24),
        revoke: vec!["sessions".into()],
    };
    let key = CaseId(Uuid::from_u128(1));
    assert_eq!(line.client.remedy(&ada(), key, &order).await, Ok(Answered::Done));
    assert_eq!(line.client.remedy(&ada(), key, &order).await, Ok(Answered::Done));
    let closed = AccountId("acc_zoe".into());
    let refused = line.client.remedy(&closed, CaseId(Uuid::from_u128(2)), &order).await;
    assert!(matches!(refused, Ok(Answered::Refused(_))), "{refused:?}");
    let other = Order {
        lock_withdrawals: Span::hours(1),
        ..order
    };
    let reused = line.client.remedy(&ada(), key, &other).await;
    assert_eq!(reused, Err(EffectError::Permanent("the host said 422".into())));
}

#[tokio::test]
async fn a_banner_is_shown() {
    let line = line(SECRET);
    let banner = Banner {
        thread: CaseId(Uuid::from_u128(3)),
        kind: "started",
        title: "Somebody asked".into(),
        text: "Stop it if it was not you.".into(),
        stop: Some("https://recover.example/stop/x".into()),
        until: Some(Real.now() + Span::hours(1)),
        at: Real.now(),
    };
    assert_eq!(line.client.notice(&ada(), &banner).await, Ok(()));
}

#[tokio::test]
async fn a_host_that_is_away_is_tried_again_and_one_that_does_not_believe_us_is_not() {
    let line = line(SECRET);
    line.server.stop(false).await;
    let asked = vec![Lookup::Account { account: ada() }];
    assert!(line.client.look_up(asked).await.is_err());
    let away = line.client.account(&ada()).await;
    assert_eq!(away, Err(EffectError::Retry("the host did not answer".into())));

    let line = self::line("whsec_YW5vdGhlciBzZWNyZXQgdGhhbiB0aGUgaG9zdCBoYXM=");
    let distrusted = line.client.account(&ada()).await;
    assert_eq!(distrusted, Err(EffectError::Permanent("the host said 401".into())));
}
