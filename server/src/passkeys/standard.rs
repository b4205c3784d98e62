//! WebAuthn Level 3: every check of 7.1 and 7.2 by an answer that fails it alone, and vectors of section 16.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use readmit_core::time::At;
use readmit_storage::NewFactor;

use super::device::{Answer, BE, BS, Device, UP, UV};
use super::tests::{HERE, ada, asked, checked, party, passkeys};
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
    let mut ahead = began.state.clone();
    *ahead.pointer_mut("/ast/credentials/0/counter").unwrap() = 1_000.into();
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

async fn add(passkeys: &Passkeys, secret: Value, account: AccountId) {
    let new = NewFactor {
        kind: KIND.into(),
        name: "my phone".into(),
        secret,
    };
    passkeys.db.factor_add(&account, new, At(1)).await.unwrap();
}

/// One credential of section 16: what it answered when it was made, and when it was used, in hexadecimal.
struct Vector {
    made: [&'static str; 3],
    id: &'static str,
    used: [&'static str; 4],
    /// Whether the user was verified when it was made.
    verified: bool,
    /// It was backed up when it was made, and is no longer.
    unsynced: bool,
}

const NONE_ES256: Vector = Vector {
    made: [
        "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
        "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878\
         475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a226874\
         7470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578747261446174\
         61223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e\
         616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354\
         427258426941774a544c453551227d",
        "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735a\
         e7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70\
         189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20d\
         b90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b\
         9220",
    ],
    id: "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    used: [
        "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455\
         506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a226874747073\
         3a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b935381\
         74f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
    ],
    verified: false,
    unsynced: false,
};

const PACKED_SELF_ES256: Vector = Vector {
    made: [
        "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
        "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c5574\
         5936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a226874\
         7470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578747261446174\
         61223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e\
         616c206669656c647320696e20746865206675747572652c207375636820617320746869733a205539685458764b4532\
         55526b4d6e625f307859485667227d",
        "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf3780\
         97c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f2202721\
         78f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4\
         b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a86\
         5ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf1938\
         43c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",
    ],
    id: "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
    used: [
        "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e493352\
         594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a226874747073\
         3a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a\
         22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c20\
         6669656c647320696e20746865206675747572652c207375636820617320746869733a206754623533727a3645685357\
         6f6d58477a696d433151227d",
        "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3\
         b99772b7efd95994a83ef584b3b6b825ea3550251b66",
    ],
    verified: true,
    unsynced: true,
};

/// Section 16, vectors 16.2 and 16.3: credentials of example.org made and used by no code of ours. Who was not verified is refused
/// as we ask for it; what else there is to check fits.
#[tokio::test]
async fn vectors_of_the_standard_are_read_as_it_says() {
    for vector in [NONE_ES256, PACKED_SELF_ES256] {
        let folder = tempfile::TempDir::new().unwrap();
        let passkeys = party(folder.path(), "https://example.org", "https://example.org").await;
        let bytes = |hex: &str| BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap());
        let id = bytes(vector.id);
        let [challenge, client, attestation] = vector.made.map(bytes);
        let made = json!({
            "id": id, "rawId": id, "type": "public-key", "extensions": {},
            "response": {"clientDataJSON": client, "attestationObject": attestation},
        });
        let began = asked(&passkeys, Ceremony::Create, Some(ada())).await;
        let state = |verification: &str| {
            let mut state = began.state.clone();
            *state.pointer_mut("/rs/challenge").unwrap() = challenge.clone().into();
            *state.pointer_mut("/rs/policy").unwrap() = verification.into();
            state
        };
        let strict = checked(&passkeys, Ceremony::Create, &state("required"), made.to_string()).await;
        assert_eq!(
            matches!(strict, PasskeyAnswer::Created(_)),
            vector.verified,
            "{strict:?}"
        );
        let created = checked(&passkeys, Ceremony::Create, &state("preferred"), made.to_string()).await;
        let PasskeyAnswer::Created(mut enrolled) = created else {
            unreachable!("{created:?}")
        };
        // Used as it was made: by somebody who was not verified.
        *enrolled.secret.pointer_mut("/cred/user_verified").unwrap() = false.into();
        *enrolled.secret.pointer_mut("/cred/registration_policy").unwrap() = "preferred".into();
        add(&passkeys, enrolled.secret, ada()).await;

        let [challenge, auth, client, signature] = vector.used.map(bytes);
        let used = |signature: &str| {
            let response = json!({"authenticatorData": auth, "clientDataJSON": client, "signature": signature});
            json!({"id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response}).to_string()
        };
        let began = asked(&passkeys, Ceremony::Get, Some(ada())).await;
        let state = |verification: &str| {
            let mut state = began.state.clone();
            *state.pointer_mut("/ast/challenge").unwrap() = challenge.clone().into();
            *state.pointer_mut("/ast/policy").unwrap() = verification.into();
            state
        };
        let strict = checked(&passkeys, Ceremony::Get, &state("required"), used(&signature)).await;
        assert_eq!(strict, PasskeyAnswer::Refused, "nobody was verified");
        let right = checked(&passkeys, Ceremony::Get, &state("preferred"), used(&signature)).await;
        let PasskeyAnswer::Used { unsynced, .. } = right else {
            unreachable!("{right:?}")
        };
        assert_eq!(unsynced, vector.unsynced);
        let spoiled = signature.replace(signature.chars().nth(20).unwrap(), "_");
        let wrong = checked(&passkeys, Ceremony::Get, &state("preferred"), used(&spoiled)).await;
        assert_eq!(wrong, PasskeyAnswer::Refused);
    }
}

/// Vector 16.4: made in a frame of another page; everything else about it fits.
const CROSS_ORIGIN: [&str; 4] = [
    "3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49",
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a224f2d57717a514e5463\
     554a484930437257576e7951504859647862694332674872434d475666704c4f306b222c226f726967696e223a226874\
     7470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a747275652c22657874726144617461\
     223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e61\
     6c206669656c647320696e20746865206675747572652c207375636820617320746869733a207a5a7175457444523944\
     577170573574425754467567227d",
    "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735a\
     e7f8edd46592a5e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb\
     2c66a74c64fa43065c18f938354d9915db2bd5ce57a501020326200121582022200a473f90b11078851550d03b4e44a2\
     279f8c4eca27b3153dedfe03e4e97d225820cbd0be95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a\
     9c6e",
    "6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57",
];

#[tokio::test]
async fn a_vector_from_a_frame_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = party(folder.path(), "https://example.org", "https://example.org").await;
    let bytes = |hex: &str| BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap());
    let [challenge, client, attestation, id] = CROSS_ORIGIN.map(bytes);
    let response = json!({"clientDataJSON": client, "attestationObject": attestation});
    let made = json!({"id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response});
    let mut state = asked(&passkeys, Ceremony::Create, Some(ada())).await.state;
    *state.pointer_mut("/rs/challenge").unwrap() = challenge.into();
    let refused = checked(&passkeys, Ceremony::Create, &state, made.to_string()).await;
    assert_eq!(refused, PasskeyAnswer::Refused);
}
