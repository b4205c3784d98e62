//! The credentials of section 16 of WebAuthn Level 3, made and used by no code of ours: `vectors.json` holds what the standard
//! publishes, in hexadecimal.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::Deserialize;

use super::standard::add;
use super::tests::{ada, asked, checked, party};
use super::*;

/// User verified (6.1), in a byte of flags.
const UV: u8 = 0x04;
/// Where they lie in authenticator data.
const FLAGS: usize = 32;

#[derive(Deserialize)]
struct Vector {
    name: String,
    id: String,
    made: Made,
    used: Used,
}

#[derive(Deserialize)]
struct Made {
    challenge: String,
    client: String,
    attestation: String,
}

#[derive(Deserialize)]
struct Used {
    challenge: String,
    authenticator: String,
    client: String,
    signature: String,
}

/// What becomes of a credential here, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    /// Made in a frame of another page.
    Framed,
    /// For what its maker states, which we do not ask for; taken without it, as browsers hand it over then.
    Stated(&'static str),
    /// For its algorithm or the size of its key: the library's word for it.
    Refused(&'static str),
}

/// Of each vector, in the order of the standard.
const FATES: [(&str, Fate); 15] = [
    ("none.ES256", Fate::Taken),
    ("packed-self.ES256", Fate::Taken),
    ("none.ES256.crossOrigin", Fate::Framed),
    ("none.ES256.topOrigin", Fate::Framed),
    ("none.ES256.long-credential-id", Fate::Taken),
    ("packed.ES256", Fate::Taken),
    ("packed.ES384", Fate::Taken),
    ("packed.ES512", Fate::Refused("CredentialAlteredAlgFromRequest")),
    ("packed.RS256", Fate::Refused("COSEKeyRSANEInvalid")),
    ("packed.EdDSA", Fate::Refused("SshPublicKeyEDUnsupported")),
    ("packed.Ed448", Fate::Refused("COSEKeyInvalidAlgorithm")),
    ("tpm.ES256", Fate::Stated("COSEKeyInvalidType")),
    ("android-key.ES256", Fate::Stated("AttestationStatementX5CInvalid")),
    ("apple.ES256", Fate::Taken),
    ("fido-u2f.ES256", Fate::Taken),
];

fn bytes(hex: &str) -> String {
    BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
}

impl Vector {
    fn all() -> Vec<Self> {
        serde_json::from_str(include_str!("vectors.json")).unwrap()
    }

    fn answer(&self, response: Value) -> String {
        let id = bytes(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response}).to_string()
    }

    /// What the browser brought when it was made.
    fn creation(&self) -> String {
        let (client, attestation) = (bytes(&self.made.client), bytes(&self.made.attestation));
        self.answer(json!({"clientDataJSON": client, "attestationObject": attestation}))
    }

    /// The same without what its maker states (8.7): authenticator data comes last.
    fn without_statement(mut self) -> Self {
        const NONE: &str = "a363666d74646e6f6e656761747453746d74a068";
        const DATA: &str = "6175746844617461";
        let begins = self.made.attestation.find(DATA).unwrap();
        self.made.attestation.replace_range(..begins, NONE);
        self
    }

    /// What it brought when it was used, with this signature.
    fn usage(&self, signature: &str) -> String {
        let (client, auth) = (bytes(&self.used.client), bytes(&self.used.authenticator));
        self.answer(json!({"clientDataJSON": client, "authenticatorData": auth, "signature": signature}))
    }

    /// Whether its user was verified, when it was made and when it was used.
    fn verified(&self) -> (bool, bool) {
        let told = |hex: &str, place: usize| HEXLOWER.decode(hex.as_bytes()).unwrap()[place] & UV != 0;
        // Authenticator data begins with the hash of the relying party's name.
        let party = &self.used.authenticator[..2 * FLAGS];
        let begins = self.made.attestation.find(party).unwrap() / 2;
        (
            told(&self.made.attestation, begins + FLAGS),
            told(&self.used.authenticator, FLAGS),
        )
    }
}

/// A ceremony of our own, under the challenge of the standard; `at` is where the state keeps what it asked for.
fn as_if(began: &Began, at: &str, challenge: &str, verification: &str) -> Value {
    let mut state = began.state.clone();
    *state.pointer_mut(&format!("{at}/challenge")).unwrap() = bytes(challenge).into();
    *state.pointer_mut(&format!("{at}/policy")).unwrap() = verification.into();
    state
}

/// PK-01, PK-02: every credential of section 16 is taken, or refused for the right reason. Whoever was not verified is refused,
/// as we ask for it. What is taken proves its owner by the signature that the standard gives, and by no other.
#[tokio::test]
async fn pk_01_the_credentials_of_the_standard() {
    let vectors = Vector::all();
    let names: Vec<&str> = vectors.iter().map(|vector| vector.name.as_str()).collect();
    assert_eq!(names, FATES.map(|(name, _)| name));
    for (vector, (name, fate)) in vectors.into_iter().zip(FATES) {
        let became = becomes(&vector).await;
        if let Fate::Stated(why) = fate {
            assert_eq!(became, Fate::Refused(why), "{name}");
            let bare = vector.without_statement();
            assert_eq!(becomes(&bare).await, Fate::Taken, "{name}, without a statement");
        } else {
            assert_eq!(became, fate, "{name}");
        }
    }
}

/// What becomes of a credential, through all of its use.
async fn becomes(vector: &Vector) -> Fate {
    let folder = tempfile::TempDir::new().unwrap();
    let passkeys = party(folder.path(), "https://example.org", "https://example.org").await;
    let began = asked(&passkeys, Ceremony::Create, Some(ada())).await;
    let made = |verification| as_if(&began, "/rs", &vector.made.challenge, verification);
    let strict = checked(&passkeys, Ceremony::Create, &made("required"), vector.creation()).await;
    match checked(&passkeys, Ceremony::Create, &made("preferred"), vector.creation()).await {
        PasskeyAnswer::Created(enrolled) => {
            assert_eq!(strict != PasskeyAnswer::Refused, vector.verified().0, "{strict:?}");
            proves(&passkeys, vector, enrolled.secret).await;
            Fate::Taken
        }
        refused => {
            assert_eq!((strict, refused), (PasskeyAnswer::Refused, PasskeyAnswer::Refused));
            why(&passkeys, made("preferred"), vector)
        }
    }
}

/// Why a credential is not taken.
fn why(passkeys: &Passkeys, state: Value, vector: &Vector) -> Fate {
    let answer = serde_json::from_str::<RegisterPublicKeyCredential>(&vector.creation()).unwrap();
    let state = serde_json::from_value(state).unwrap();
    if is_framed(&answer.response.client_data_json) {
        return Fate::Framed;
    }
    let error = passkeys.party.finish_passkey_registration(&answer, &state).unwrap_err();
    Fate::Refused(Box::leak(format!("{error:?}").into_boxed_str()))
}

/// The use of a credential that was taken.
async fn proves(passkeys: &Passkeys, vector: &Vector, mut secret: Value) {
    let name = &vector.name;
    let unsynced = secret.pointer("/cred/backup_state") == Some(&Value::Bool(true))
        && HEXLOWER.decode(vector.used.authenticator.as_bytes()).unwrap()[FLAGS] & 0x10 == 0;
    // As if whoever made it need not have been verified: some were not.
    *secret.pointer_mut("/cred/user_verified").unwrap() = false.into();
    *secret.pointer_mut("/cred/registration_policy").unwrap() = "preferred".into();
    add(passkeys, secret, ada()).await;
    let began = asked(passkeys, Ceremony::Get, Some(ada())).await;
    let used = |verification| as_if(&began, "/ast", &vector.used.challenge, verification);
    let signature = bytes(&vector.used.signature);
    let strict = checked(passkeys, Ceremony::Get, &used("required"), vector.usage(&signature)).await;
    assert_eq!(
        strict != PasskeyAnswer::Refused,
        vector.verified().1,
        "{name}: {strict:?}"
    );
    let right = checked(passkeys, Ceremony::Get, &used("preferred"), vector.usage(&signature)).await;
    assert!(
        matches!(right, PasskeyAnswer::Used { unsynced: told, .. } if told == unsynced),
        "{name}: {right:?}"
    );
    let mut spoiled = HEXLOWER.decode(vector.used.signature.as_bytes()).unwrap();
    let middle = spoiled.len() / 2;
    spoiled[middle] ^= 1;
    let wrong = vector.usage(&BASE64URL_NOPAD.encode(&spoiled));
    let wrong = checked(passkeys, Ceremony::Get, &used("preferred"), wrong).await;
    assert_eq!(wrong, PasskeyAnswer::Refused, "{name}: another signature");
}
