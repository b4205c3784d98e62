//! A software authenticator whose every answer can be changed before it is signed, so that a check fails by itself and not by
//! the signature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use readmit_core::answers::Began;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, verified, backup eligible, backed up.
pub(super) const UP: u8 = 0x01;
pub(super) const UV: u8 = 0x04;
pub(super) const BE: u8 = 0x08;
pub(super) const BS: u8 = 0x10;
/// Attested credential data follow.
const AT: u8 = 0x40;

pub(super) struct Device {
    key: SigningKey,
    pub(super) id: Vec<u8>,
    /// What it answers next with, a passkey's counter.
    pub(super) counter: u32,
    flags: u8,
}

/// An answer before it is signed.
pub(super) struct Answer {
    pub(super) client: Value,
    pub(super) rp: String,
    pub(super) flags: u8,
    pub(super) counter: u32,
    /// As the authenticator has it, and as the browser says it.
    pub(super) id: Vec<u8>,
    pub(super) said_id: Vec<u8>,
    /// Kind of key, and its COSE algorithm as encoded.
    pub(super) algorithm: Vec<u8>,
    pub(super) format: String,
    pub(super) user: Option<Vec<u8>>,
    /// What happens to the signed bytes and the signature on their way.
    pub(super) on_the_way: fn(&mut Vec<u8>, &mut Vec<u8>, &mut Vec<u8>),
}

impl Device {
    pub(super) fn new(seed: u8, flags: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: vec![seed; 32],
            counter: 0,
            flags,
        }
    }

    fn answer(&self, began: &Began, kind: &str, origin: &str) -> Answer {
        Answer {
            client: json!({
                "type": kind, "challenge": began.options.pointer("/publicKey/challenge"), "origin": origin,
                "crossOrigin": false,
            }),
            rp: "northwind.example".into(),
            flags: self.flags,
            counter: self.counter,
            id: self.id.clone(),
            said_id: self.id.clone(),
            algorithm: vec![0x26],
            format: "none".into(),
            user: None,
            on_the_way: |_, _, _| {},
        }
    }

    /// A new passkey, as the browser hands it on.
    pub(super) fn create(&self, began: &Began, origin: &str, change: impl Fn(&mut Answer)) -> String {
        let mut answer = self.answer(began, "webauthn.create", origin);
        change(&mut answer);
        let (mut client, mut auth) = (answer.client.to_string().into_bytes(), answer.auth(AT));
        auth.extend([0; 16]);
        auth.extend(u16::try_from(answer.id.len()).unwrap().to_be_bytes());
        auth.extend(&answer.id);
        auth.extend(self.cose(&answer.algorithm));
        (answer.on_the_way)(&mut client, &mut auth, &mut Vec::new());
        json!({
            "id": BASE64URL_NOPAD.encode(&answer.said_id), "rawId": BASE64URL_NOPAD.encode(&answer.said_id),
            "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "attestationObject": BASE64URL_NOPAD.encode(&attestation(&answer.format, &auth)),
            },
        })
        .to_string()
    }

    /// The use of a passkey, as the browser hands it on.
    pub(super) fn get(&self, began: &Began, origin: &str, change: impl Fn(&mut Answer)) -> String {
        let mut answer = self.answer(began, "webauthn.get", origin);
        change(&mut answer);
        let (mut client, mut auth) = (answer.client.to_string().into_bytes(), answer.auth(0));
        let mut signature = self.sign(&auth, &client);
        (answer.on_the_way)(&mut client, &mut auth, &mut signature);
        json!({
            "id": BASE64URL_NOPAD.encode(&answer.said_id), "rawId": BASE64URL_NOPAD.encode(&answer.said_id),
            "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "authenticatorData": BASE64URL_NOPAD.encode(&auth),
                "signature": BASE64URL_NOPAD.encode(&signature),
                "userHandle": answer.user.map(|user| BASE64URL_NOPAD.encode(&user)),
            },
        })
        .to_string()
    }

    fn sign(&self, auth: &[u8], client: &[u8]) -> Vec<u8> {
        let signed = [auth, Sha256::digest(client).as_slice()].concat();
        let signature: Signature = self.key.sign(&signed);
        signature.to_der().as_bytes().to_vec()
    }

    /// A COSE_Key (RFC 9053, 7.1.1) on P-256.
    fn cose(&self, algorithm: &[u8]) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        [
            &[0xa5, 1, 2, 3],
            algorithm,
            &[0x20, 1, 0x21, 0x58, 0x20],
            x,
            &[0x22, 0x58, 0x20],
            y,
        ]
        .concat()
    }
}

impl Answer {
    fn auth(&self, more: u8) -> Vec<u8> {
        let mut auth = Sha256::digest(self.rp.as_bytes()).to_vec();
        auth.push(self.flags | more);
        auth.extend(self.counter.to_be_bytes());
        auth
    }
}

/// `{fmt, attStmt: {}, authData}` in CBOR.
fn attestation(format: &str, auth: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x60 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let length = u16::try_from(auth.len()).unwrap().to_be_bytes();
    [
        vec![0xa3],
        text("fmt"),
        text(format),
        text("attStmt"),
        vec![0xa0],
        text("authData"),
        vec![0x59],
        length.to_vec(),
        auth.to_vec(),
    ]
    .concat()
}
