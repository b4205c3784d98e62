//! Passkeys of claimants (PK-01 to PK-06). The checks are webauthn-rs's, which reads clock and randomness: so ceremonies
//! are lookups, made outside any decision. What they answer decides nothing before its commit.

use readmit_core::answers::{Answers, Began, Ceremony, Lookup, PasskeyAnswer, PasskeyLookup};
use readmit_core::guard::Enrolled;
use readmit_core::ids::AccountId;
use readmit_core::ports::{Outside, Unreachable};
use readmit_steps::Brand;
use readmit_storage::{Db, Factor, PasskeyId, StorageError};
use readmit_web::Origin;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::host_client::HostClient;

const KIND: &str = "passkey";
/// Bytes of a credential's name, at the most (WebAuthn Level 3, 7.1 step 26).
const LONGEST_ID: usize = 1_023;

/// All that commands look up: the host, and passkeys here.
pub(crate) struct Lookups {
    pub(crate) host: HostClient,
    pub(crate) passkeys: Passkeys,
}

impl Outside for Lookups {
    fn reaches_phones(&self) -> bool {
        self.host.reaches_phones()
    }

    async fn look_up(&self, lookups: Vec<Lookup>) -> Result<Answers, Unreachable> {
        let (own, others): (Vec<Lookup>, Vec<Lookup>) = lookups
            .into_iter()
            .partition(|lookup| matches!(lookup, Lookup::Passkey(_)));
        let mut answers = if others.is_empty() {
            Answers::default()
        } else {
            self.host.look_up(others).await?
        };
        for lookup in own {
            if let Lookup::Passkey(lookup) = lookup {
                self.passkeys.answer(lookup, &mut answers).await?;
            }
        }
        Ok(answers)
    }
}

/// The relying party: the host's domain, on our claimants' origin.
pub(crate) struct Passkeys {
    party: Webauthn,
    domain: String,
    db: Db,
}

impl Passkeys {
    /// # Errors
    /// A sentence: the claimants' origin does not lie within the host's domain.
    pub(crate) fn new(db: Db, host: &Origin, brand: &Brand) -> Result<Self, String> {
        let domain = host.host();
        let claimant = Url::parse(&brand.claimant_origin);
        let claimant = claimant.map_err(|_| format!("`{}` is no origin", brand.claimant_origin))?;
        let party = WebauthnBuilder::new(domain, &claimant).map_err(|_| {
            format!("passkeys of {domain} cannot be used at {claimant}; it must be the same name or one below it")
        })?;
        let party = party.rp_name(&brand.name).build().map_err(|error| error.to_string())?;
        Ok(Self {
            party,
            domain: domain.to_owned(),
            db,
        })
    }

    async fn answer(&self, lookup: PasskeyLookup, answers: &mut Answers) -> Result<(), Unreachable> {
        let failed = |error: StorageError| {
            tracing::error!(%error, "passkeys could not be read");
            Unreachable("the store".into())
        };
        match lookup {
            PasskeyLookup::Begin {
                account,
                address,
                ceremony,
                except,
            } => {
                let kept = self.kept(account.as_ref(), except).await.map_err(failed)?;
                let began = match ceremony {
                    Ceremony::Create => self.begin_create(account.as_ref(), &address, &kept),
                    Ceremony::Get => self.begin_get(&address, &kept),
                };
                answers.began = Some(began.map_err(|_| Unreachable("the passkey library".into()))?);
            }
            PasskeyLookup::Finish {
                account,
                ceremony,
                state,
                answer,
            } => {
                let kept = self.kept(Some(&account), None).await.map_err(failed)?;
                let user = self.db.passkey_user(&account);
                let checked = match ceremony {
                    Ceremony::Create => self.create(state, &answer, &kept),
                    Ceremony::Get => self.get(state, &answer, (user, &kept)),
                };
                let checked = checked.unwrap_or(PasskeyAnswer::Refused);
                answers.passkey = Some(self.remembered(checked, ceremony, &answer).await.map_err(failed)?);
            }
        }
        Ok(())
    }

    /// Holds an id against all that ever were: one that somebody has or had is never bound again (WebAuthn Level 3, 7.1 step
    /// 27), and of one that was removed the browser is told (PK-07).
    async fn remembered(
        &self,
        checked: PasskeyAnswer,
        ceremony: Ceremony,
        answer: &str,
    ) -> Result<PasskeyAnswer, StorageError> {
        let id = match &checked {
            PasskeyAnswer::Created(new) => new.secret.pointer("/cred/cred_id").and_then(bytes),
            _ => said_id(answer),
        };
        let Some(id) = id else { return Ok(checked) };
        Ok(match (&checked, ceremony) {
            (PasskeyAnswer::Created(_), _) if self.db.passkey_id(&id).await? != PasskeyId::New => {
                PasskeyAnswer::Refused
            }
            (PasskeyAnswer::Refused, Ceremony::Get) if self.db.passkey_id(&id).await? == PasskeyId::Removed => {
                let id = data_encoding::BASE64URL_NOPAD.encode(&id);
                PasskeyAnswer::Removed {
                    signal: json!({ "rpId": self.domain, "credentialId": id }),
                }
            }
            _ => checked,
        })
    }

    /// The account's passkeys that the library can read and that are not refused.
    async fn kept(
        &self,
        account: Option<&AccountId>,
        except: Option<Uuid>,
    ) -> Result<Vec<(Factor, Passkey)>, StorageError> {
        let Some(account) = account else {
            return Ok(Vec::new());
        };
        let factors = self.db.factors(account).await?.into_iter();
        let own = factors.filter(|factor| factor.kind == KIND && !factor.suspended && except != Some(factor.id));
        Ok(own
            .filter_map(|factor| {
                let passkey = serde_json::from_value(factor.secret.clone()).ok()?;
                Some((factor, passkey))
            })
            .collect())
    }

    /// Discoverable, with user verification, and not on a device that has one already (PK-05).
    fn begin_create(
        &self,
        account: Option<&AccountId>,
        address: &str,
        kept: &[(Factor, Passkey)],
    ) -> Result<Began, WebauthnError> {
        let have: Vec<CredentialID> = kept.iter().map(|(_, key)| key.cred_id().clone()).collect();
        let nobody = AccountId(String::new());
        let user = self.db.passkey_user(account.unwrap_or(&nobody));
        let (options, state) = self
            .party
            .start_passkey_registration(user, address, address, Some(have))?;
        let mut options = serde_json::to_value(options).unwrap_or_default();
        let wanted = options.pointer_mut("/publicKey/authenticatorSelection");
        if let Some(wanted) = wanted.and_then(Value::as_object_mut) {
            wanted.insert("residentKey".into(), "required".into());
            wanted.insert("requireResidentKey".into(), true.into());
        }
        Ok(Began {
            options,
            state: serde_json::to_value(state).unwrap_or_default(),
        })
    }

    /// For an account without a passkey the options name one that nobody has: the same at every call (PK-06).
    fn begin_get(&self, address: &str, kept: &[(Factor, Passkey)]) -> Result<Began, WebauthnError> {
        if kept.is_empty() {
            let (options, _) = self.party.start_discoverable_authentication()?;
            let mut options = plain(serde_json::to_value(options).unwrap_or_default());
            if let Some(key) = options.pointer_mut("/publicKey/allowCredentials") {
                let decoy = self.db.index_tag("decoy passkey", &[address.to_lowercase().as_bytes()]);
                let id = data_encoding::BASE64URL_NOPAD.encode(&decoy.0);
                *key = json!([{ "type": "public-key", "id": id }]);
            }
            return Ok(Began {
                options,
                state: Value::Null,
            });
        }
        let keys: Vec<Passkey> = kept.iter().map(|(_, key)| key.clone()).collect();
        let (options, state) = self.party.start_passkey_authentication(&keys)?;
        Ok(Began {
            options: plain(serde_json::to_value(options).unwrap_or_default()),
            state: serde_json::to_value(state).unwrap_or_default(),
        })
    }

    fn create(&self, state: Value, answer: &str, kept: &[(Factor, Passkey)]) -> Option<PasskeyAnswer> {
        let state: PasskeyRegistration = serde_json::from_value(state).ok()?;
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
        if is_framed(&answer.response.client_data_json) {
            return None;
        }
        let passkey = self.party.finish_passkey_registration(&answer, &state).ok()?;
        let short = passkey.cred_id().len() <= LONGEST_ID;
        let new = kept.iter().all(|(_, key)| key.cred_id() != passkey.cred_id());
        (short && new).then(|| PasskeyAnswer::Created(enrolled(String::new(), &passkey)))
    }

    fn get(&self, state: Value, answer: &str, (user, kept): (Uuid, &[(Factor, Passkey)])) -> Option<PasskeyAnswer> {
        let state: PasskeyAuthentication = serde_json::from_value(state).ok()?;
        let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
        let handle = answer.get_user_unique_id();
        if is_framed(&answer.response.client_data_json) || handle.is_some_and(|handle| handle != user.as_bytes()) {
            return None;
        }
        let (factor, passkey) = kept
            .iter()
            .find(|(_, key)| key.cred_id().as_slice() == answer.get_credential_id())?;
        let result = match self.party.finish_passkey_authentication(&answer, &state) {
            Ok(result) => result,
            Err(WebauthnError::CredentialPossibleCompromise) => {
                return Some(PasskeyAnswer::CounterBack);
            }
            Err(_) => return None,
        };
        // The library lets one become eligible for backup; the standard does not (7.2 step 19).
        if result.backup_eligible() != flag(passkey, "backup_eligible") {
            return None;
        }
        let mut after = passkey.clone();
        after.update_credential(&result)?;
        Some(PasskeyAnswer::Used {
            factor: factor.id,
            unsynced: flag(passkey, "backup_state") && !result.backup_state(),
            now: enrolled(factor.name.clone(), &after),
        })
    }
}

/// The id that the browser's answer names, if it is no longer than one may be.
fn said_id(answer: &str) -> Option<Vec<u8>> {
    let said: Value = serde_json::from_str(answer).ok()?;
    bytes(said.get("rawId")?).filter(|id| id.len() <= LONGEST_ID)
}

fn bytes(text: &Value) -> Option<Vec<u8>> {
    data_encoding::BASE64URL_NOPAD.decode(text.as_str()?.as_bytes()).ok()
}

/// Whether an answer was made in a frame of another page; ours stand in none. The library looks at this for new passkeys only,
/// and never at `topOrigin` (WebAuthn Level 3, 7.1 steps 10 and 11, 7.2 steps 13 and 14).
fn is_framed(client_data: &[u8]) -> bool {
    let said: Value = serde_json::from_slice(client_data).unwrap_or_default();
    said.get("crossOrigin") == Some(&Value::Bool(true)) || said.get("topOrigin").is_some_and(|origin| !origin.is_null())
}

/// Options with nothing but what every one of them has, so that decoys cannot be told by it (PK-06).
fn plain(options: Value) -> Value {
    let of = |name: &str| {
        options
            .pointer(&format!("/publicKey/{name}"))
            .cloned()
            .unwrap_or(Value::Null)
    };
    json!({ "publicKey": {
        "challenge": of("challenge"), "timeout": of("timeout"), "rpId": of("rpId"),
        "allowCredentials": of("allowCredentials"), "userVerification": of("userVerification"),
    }})
}

/// What a passkey is kept as.
fn enrolled(name: String, passkey: &Passkey) -> Enrolled {
    let secret = serde_json::to_value(passkey).unwrap_or_default();
    let mark = secret.pointer("/cred/counter").and_then(Value::as_i64).unwrap_or(0);
    Enrolled {
        kind: KIND.into(),
        name,
        secret,
        mark,
    }
}

/// What is kept of a passkey's backup.
fn flag(passkey: &Passkey, name: &str) -> bool {
    let kept = serde_json::to_value(passkey).unwrap_or_default();
    kept.pointer(&format!("/cred/{name}"))
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

#[cfg(test)]
mod device;
#[cfg(test)]
mod standard;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
