//! The ceremonies with a software passkey, and every way in which its answer is not believed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::time::At;
use readmit_storage::{NewFactor, Settings};
use webauthn_authenticator_rs::WebauthnAuthenticator as _;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;
use webauthn_rs::prelude::{CreationChallengeResponse, RequestChallengeResponse};

use super::*;

pub(super) const HERE: &str = "https://recover.northwind.example";

pub(super) async fn passkeys(folder: &std::path::Path) -> Passkeys {
    party(folder, HERE, "https://northwind.example").await
}

/// The relying party of a host, with pages at an origin.
pub(super) async fn party(folder: &std::path::Path, here: &str, host: &str) -> Passkeys {
    let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let settings = Settings {
        database_url: file("readmit.db"),
        keys_url: file("keys.db"),
        evidence: readmit_storage::EvidenceSettings::Folder(folder.join("evidence")),
        master_key: [7; 32],
        connections: 1,
        queues: readmit_core::workflow::queues::Queues::default(),
    };
    Db::migrate(&settings).await.unwrap();
    let db = Db::open(&settings).await.unwrap();
    let brand = Brand {
        name: "Northwind".into(),
        claimant_origin: here.into(),
        ..Brand::default()
    };
    Passkeys::new(db, &host.parse().unwrap(), &brand).unwrap()
}

pub(super) fn ada() -> AccountId {
    AccountId("acc_ada".into())
}

pub(super) async fn asked(passkeys: &Passkeys, ceremony: Ceremony, account: Option<AccountId>) -> Began {
    let mut answers = Answers::default();
    let lookup = PasskeyLookup::Begin {
        account,
        address: "ada@example.com".into(),
        ceremony,
        except: None,
    };
    passkeys.answer(lookup, &mut answers).await.unwrap();
    answers.began.unwrap()
}

pub(super) async fn checked(passkeys: &Passkeys, ceremony: Ceremony, state: &Value, answer: String) -> PasskeyAnswer {
    let mut answers = Answers::default();
    let lookup = PasskeyLookup::Finish {
        account: ada(),
        ceremony,
        state: state.clone(),
        answer,
    };
    passkeys.answer(lookup, &mut answers).await.unwrap();
    answers.passkey.unwrap()
}

fn made(device: &mut SoftPasskey, began: &Began, origin: &str) -> Option<String> {
    let mut options: CreationChallengeResponse = serde_json::from_value(began.options.clone()).unwrap();
    // The software device keeps no list of its passkeys; a real one does.
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.require_resident_key = false;
    }
    let made = device.do_registration(Url::parse(origin).unwrap(), options).ok()?;
    Some(serde_json::to_string(&made).unwrap())
}

/// A browser refuses another site's options by itself; then there is no answer.
fn used(device: &mut SoftPasskey, began: &Began, origin: &str) -> Option<String> {
    let options: RequestChallengeResponse = serde_json::from_value(began.options.clone()).unwrap();
    let used = device.do_authentication(Url::parse(origin).unwrap(), options).ok()?;
    Some(serde_json::to_string(&used).unwrap())
}

/// Registers a device for the account, and keeps its passkey.
async fn registered(passkeys: &Passkeys, device: &mut SoftPasskey) -> Enrolled {
    let began = asked(passkeys, Ceremony::Create, Some(ada())).await;
    let answer = made(device, &began, HERE).unwrap();
    let PasskeyAnswer::Created(enrolled) = checked(passkeys, Ceremony::Create, &began.state, answer).await else {
        unreachable!("the device was refused")
    };
    let new = NewFactor {
        kind: KIND.into(),
        name: "my phone".into(),
        secret: enrolled.secret.clone(),
    };
    passkeys.db.factor_add(&ada(), new, At(1)).await.unwrap();
    enrolled
}

/// PK-01, PK-05: discoverable, verified, at the host's domain, and not where one is already.
#[tokio::test]
async fn pk_01_options_ask_for_what_the_standard_wants() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    registered(&passkeys, &mut SoftPasskey::new(true)).await;
    let options = asked(&passkeys, Ceremony::Create, Some(ada())).await.options;
    let wanted = options.pointer("/publicKey/authenticatorSelection").unwrap();
    assert_eq!(wanted["residentKey"], "required");
    assert_eq!(wanted["userVerification"], "required");
    assert_eq!(options.pointer("/publicKey/rp/id").unwrap(), "northwind.example");
    let excluded = options.pointer("/publicKey/excludeCredentials").unwrap();
    assert_eq!(excluded.as_array().unwrap().len(), 1);
    assert!(
        !options.to_string().contains("acc_ada"),
        "the user handle tells nothing"
    );
}

/// PK-01: another challenge, another origin, and what is no answer at all. A device that verifies nobody refuses by itself; one that
/// does not is among the checks of the standard.
#[tokio::test]
async fn pk_01_what_is_not_believed_when_one_is_made() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    let mut device = SoftPasskey::new(true);
    let (first, second) = (
        asked(&passkeys, Ceremony::Create, Some(ada())).await,
        asked(&passkeys, Ceremony::Create, Some(ada())).await,
    );
    let answer = made(&mut device, &first, HERE).unwrap();
    let elsewhere = made(&mut device, &first, "https://other.northwind.example");
    assert_eq!(made(&mut SoftPasskey::new(false), &first, HERE), None);
    for (state, answer) in [
        (&second.state, Some(answer.clone())),
        (&first.state, elsewhere),
        (&first.state, Some("{}".into())),
        (&Value::Null, Some(answer)),
    ] {
        let answer = answer.unwrap();
        let checked = checked(&passkeys, Ceremony::Create, state, answer).await;
        assert_eq!(checked, PasskeyAnswer::Refused);
    }
}

/// PK-02, PK-03, PK-04: only the account's own passkey, on this challenge and origin, with a counter that rises.
#[tokio::test]
async fn pk_02_what_is_not_believed_when_one_is_used() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    let mut device = SoftPasskey::new(true);
    let kept = registered(&passkeys, &mut device).await;
    let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    let right = used(&mut device, &began, HERE).unwrap();
    let other = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    let elsewhere = used(&mut device, &other, "https://other.northwind.example");
    for (state, answer) in [
        (&other.state, Some(right.clone())),
        (&other.state, elsewhere),
        (&began.state, Some("{}".to_owned())),
        (&Value::Null, Some(right.clone())),
    ] {
        let answer = answer.unwrap();
        let checked = checked(&passkeys, Ceremony::Get, state, answer).await;
        assert_eq!(checked, PasskeyAnswer::Refused);
    }
    let PasskeyAnswer::Used { now, unsynced, .. } = checked(&passkeys, Ceremony::Get, &began.state, right).await else {
        unreachable!("the right answer was refused")
    };
    assert!(now.mark > kept.mark && !unsynced);
    assert_eq!(now.name, "my phone");

    let mut ahead = began.state.clone();
    *ahead.pointer_mut("/ast/credentials/0/counter").unwrap() = 1_000.into();
    let back = used(&mut device, &began, HERE).unwrap();
    let checked = checked(&passkeys, Ceremony::Get, &ahead, back).await;
    assert_eq!(checked, PasskeyAnswer::CounterBack);
}

/// PK-06: an account without a passkey, and none at all, get options of the same shape, the same at every call.
#[tokio::test]
async fn pk_06_nobody_gets_a_steady_decoy() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    let allowed = |began: &Began| began.options.pointer("/publicKey/allowCredentials").unwrap().clone();
    let nobody = asked(&passkeys, Ceremony::Get, None).await;
    let none = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    assert_eq!(allowed(&nobody), allowed(&none));
    assert_eq!(allowed(&nobody).as_array().unwrap().len(), 1);
    registered(&passkeys, &mut SoftPasskey::new(true)).await;
    let real = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    assert_ne!(allowed(&real), allowed(&none));
    let shape = |began: &Began| {
        let key = began.options["publicKey"].as_object().unwrap().clone();
        key.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(shape(&real), shape(&nobody));
}
