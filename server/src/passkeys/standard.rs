//! WebAuthn Level 3: every check of 7.1 and 7.2 by an answer that fails it alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::time::At;
use readmit_storage::NewFactor;

use super::device::{Answer, BE, BS, Device, UP, UV};
use super::tests::{HERE, ada, asked, checked, passkeys};
use super::*;

const SYNCED: u8 = UP | UV | BE | BS;

/// A step of the standard, and how an answer fails it.
type Fault = (&'static str, fn(&mut Answer));

type Both = (&'static str, &'static str, fn(&mut Answer));

/// What fails alike in both ceremonies, with its steps in 7.1 and 7.2.
const BOTH: [Both; 9] = [
    ("8", "11", |answer| {
        answer.client["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into()
    }),
    ("9", "12", |answer| {
        answer.client["origin"] = "https://northwind.example.evil.example".into()
    }),
    ("9 (scheme)", "12 (scheme)", |answer| {
        answer.client["origin"] = HERE.replace("https", "http").into()
    }),
    ("10", "13", |answer| answer.client["crossOrigin"] = true.into()),
    ("11", "14", |answer| {
        answer.client["topOrigin"] = "https://evil.example".into()
    }),
    ("14", "15", |answer| answer.rp = "evil.example".into()),
    ("15", "16", |answer| answer.flags &= !UP),
    ("16", "17", |answer| answer.flags &= !UV),
    ("17", "18", |answer| answer.flags = UP | UV | BS),
];

/// PK-01: a new passkey that fails one check of 7.1 is refused, for every check.
#[tokio::test]
async fn pk_01_every_check_of_a_registration() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    let own: [Fault; 9] = [
        ("6: no JSON", |answer| {
            answer.on_the_way = |client, _, _| client.insert(0, b'x')
        }),
        ("7", |answer| answer.client["type"] = "webauthn.get".into()),
        ("13: cut off", |answer| {
            answer.on_the_way = |_, auth, _| auth.truncate(60)
        }),
        ("13: no key", |answer| {
            answer.on_the_way = |_, auth, _| auth.truncate(36)
        }),
        ("20: ES512, not offered", |answer| answer.algorithm = vec![0x38, 0x23]),
        ("20: none", |answer| answer.algorithm = vec![0x00]),
        ("22", |answer| answer.format = "mine".into()),
        ("23: packed without a statement", |answer| {
            answer.format = "packed".into()
        }),
        ("26", |answer| answer.id = vec![1; 1_024]),
    ];
    let both = BOTH.iter().map(|(step, _, fault)| (*step, *fault));
    let device = Device::new(1, SYNCED);
    for (step, fault) in own.into_iter().chain(both) {
        let began = asked(&passkeys, Ceremony::Create, Some(ada())).await;
        let answer = device.create(&began, HERE, fault);
        let refused = checked(&passkeys, Ceremony::Create, &began.state, answer).await;
        assert_eq!(refused, PasskeyAnswer::Refused, "7.1 step {step}");
        let right = checked(
            &passkeys,
            Ceremony::Create,
            &began.state,
            device.create(&began, HERE, |_| {}),
        )
        .await;
        assert!(matches!(right, PasskeyAnswer::Created(_)), "7.1 step {step}: {right:?}");
    }
    keep(&passkeys, &device, ada()).await;
    let began = asked(&passkeys, Ceremony::Create, Some(ada())).await;
    let foreign = Device::new(9, SYNCED);
    keep(&passkeys, &foreign, AccountId("acc_eve".into())).await;
    let taken = foreign.create(&began, HERE, |_| {});
    let taken = checked(&passkeys, Ceremony::Create, &began.state, taken).await;
    assert_eq!(taken, PasskeyAnswer::Refused, "7.1 step 27: somebody else has it");
    let began = asked(&passkeys, Ceremony::Create, Some(ada())).await;
    let again = checked(
        &passkeys,
        Ceremony::Create,
        &began.state,
        device.create(&began, HERE, |_| {}),
    )
    .await;
    assert_eq!(again, PasskeyAnswer::Refused, "7.1 step 27: the account has it");
}

/// PK-02, PK-04: the use of a passkey that fails one check of 7.2 proves nothing, for every check.
#[tokio::test]
async fn pk_02_every_check_of_an_assertion() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = passkeys(folder.path()).await;
    let (mut device, other) = (Device::new(1, SYNCED), Device::new(2, SYNCED));
    keep(&passkeys, &device, ada()).await;
    keep(&passkeys, &other, AccountId("acc_eve".into())).await;
    device.counter = 5;
    let own: [Fault; 9] = [
        ("5: not one of those asked for", |answer| answer.said_id = vec![9; 32]),
        ("6: another user's handle", |answer| answer.user = Some(vec![7; 16])),
        ("9: no JSON", |answer| {
            answer.on_the_way = |client, _, _| client.insert(0, b'x')
        }),
        ("10", |answer| answer.client["type"] = "webauthn.create".into()),
        ("19: eligible no more", |answer| answer.flags = UP | UV),
        ("22: client data changed", |answer| {
            answer.on_the_way = |client, _, _| {
                let text = String::from_utf8(client.clone()).unwrap();
                *client = text.replace("false", "null").into_bytes();
            }
        }),
        ("22: authenticator data changed", |answer| {
            answer.on_the_way = |_, auth, _| auth[36] = auth[36].wrapping_add(9)
        }),
        ("22: signature changed", |answer| {
            answer.on_the_way = |_, _, signature| {
                let last = signature.len() - 1;
                signature[last] ^= 1;
            }
        }),
        ("22: no signature", |answer| {
            answer.on_the_way = |_, _, signature| signature.clear()
        }),
    ];
    let both = BOTH.iter().map(|(_, step, fault)| (*step, *fault));
    for (step, fault) in own.into_iter().chain(both) {
        let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
        let answer = device.get(&began, HERE, fault);
        let refused = checked(&passkeys, Ceremony::Get, &began.state, answer).await;
        assert_eq!(refused, PasskeyAnswer::Refused, "7.2 step {step}");
        let right = checked(&passkeys, Ceremony::Get, &began.state, device.get(&began, HERE, |_| {})).await;
        assert!(
            matches!(right, PasskeyAnswer::Used { .. }),
            "7.2 step {step}: {right:?}"
        );
    }
    let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    let foreign = checked(&passkeys, Ceremony::Get, &began.state, other.get(&began, HERE, |_| {})).await;
    assert_eq!(foreign, PasskeyAnswer::Refused, "7.2 step 6: of another account");
    let handle = passkeys.db.passkey_user(&ada()).as_bytes().to_vec();
    let own = device.get(&began, HERE, |answer| answer.user = Some(handle.clone()));
    let own = checked(&passkeys, Ceremony::Get, &began.state, own).await;
    assert!(matches!(own, PasskeyAnswer::Used { .. }), "its own handle: {own:?}");
    let unsynced = device.get(&began, HERE, |answer| answer.flags &= !BS);
    let unsynced = checked(&passkeys, Ceremony::Get, &began.state, unsynced).await;
    let PasskeyAnswer::Used {
        now, unsynced: true, ..
    } = &unsynced
    else {
        unreachable!("PK-05: backed up no more: {unsynced:?}")
    };
    assert_eq!(
        now.secret.pointer("/cred/backup_state"),
        Some(&false.into()),
        "PK-05: kept so"
    );
    let ineligible = Device::new(3, UP | UV);
    keep(&passkeys, &ineligible, ada()).await;
    let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    let eligible = ineligible.get(&began, HERE, |answer| answer.flags |= BE);
    let eligible = checked(&passkeys, Ceremony::Get, &began.state, eligible).await;
    assert_eq!(eligible, PasskeyAnswer::Refused, "7.2 step 19: eligible by now");
    let same = checked(
        &passkeys,
        Ceremony::Get,
        &began.state,
        ineligible.get(&began, HERE, |_| {}),
    )
    .await;
    assert!(matches!(same, PasskeyAnswer::Used { .. }), "as it was bound: {same:?}");
    let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
    let mut ahead = began.state.clone();
    for credential in ahead.pointer_mut("/ast/credentials").unwrap().as_array_mut().unwrap() {
        credential["counter"] = 1_000.into();
    }
    let back = checked(&passkeys, Ceremony::Get, &ahead, device.get(&began, HERE, |_| {})).await;
    assert_eq!(back, PasskeyAnswer::CounterBack, "7.2 step 23");
}

async fn keep(passkeys: &Passkeys, device: &Device, account: AccountId) {
    let began = asked(passkeys, Ceremony::Create, Some(account.clone())).await;
    let answer = device.create(&began, HERE, |_| {});
    let made = checked(passkeys, Ceremony::Create, &began.state, answer).await;
    let PasskeyAnswer::Created(enrolled) = made else {
        unreachable!("the device was refused: {made:?}")
    };
    add(passkeys, enrolled.secret, account).await;
}

pub(super) async fn add(passkeys: &Passkeys, secret: Value, account: AccountId) {
    let new = NewFactor {
        kind: KIND.into(),
        name: "my phone".into(),
        secret,
    };
    passkeys.db.factor_add(&account, new, At(1)).await.unwrap();
}
