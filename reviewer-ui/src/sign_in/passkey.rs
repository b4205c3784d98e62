//! Passkeys of staff (PK-01 to PK-04, PK-09): discoverable, always with user verification. The checks themselves are
//! webauthn-rs's; it reads clock and randomness, so only handlers call this module.

use readmit_core::ids::PersonId;
use serde_json::Value;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

/// The relying party of the staff origin.
pub(crate) struct RelyingParty(Webauthn);

/// Why a sign-in or a registration did not pass. Staff read the same sentence for all; the audit log tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasskeyError {
    /// The signature counter did not rise: the passkey may have been copied (PK-04).
    #[error("passkey_counter")]
    Counter,
    #[error("passkey_refused")]
    Refused,
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Counter,
            _ => Self::Refused,
        }
    }
}

impl RelyingParty {
    /// The relying party whose id is the host of `origin`, the configured staff origin.
    ///
    /// # Errors
    /// The origin is no URL with a host.
    pub(crate) fn of(origin: &str) -> Result<Self, PasskeyError> {
        let origin = Url::parse(origin).map_err(|_| PasskeyError::Refused)?;
        let host = origin.host_str().ok_or(PasskeyError::Refused)?.to_owned();
        let builder = WebauthnBuilder::new(&host, &origin)?.rp_name("Readmit for staff");
        Ok(Self(builder.build()?))
    }

    /// Options for the browser, and the state that the session keeps. Passkeys that the person has are excluded.
    ///
    /// # Errors
    /// [`PasskeyError::Refused`]
    pub(crate) fn start_registration(
        &self,
        person: PersonId,
        name: &str,
        display: &str,
        have: &[Passkey],
    ) -> Result<(Value, PasskeyRegistration), PasskeyError> {
        let have: Vec<CredentialID> = have.iter().map(|key| key.cred_id().clone()).collect();
        let (options, state) = self.0.start_passkey_registration(person.0, name, display, Some(have))?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Refused)?;
        // Sign-in asks for no name, so the passkey must be one that the browser can find by itself.
        let wanted = options.pointer_mut("/publicKey/authenticatorSelection");
        if let Some(wanted) = wanted.and_then(Value::as_object_mut) {
            wanted.insert("residentKey".into(), "required".into());
            wanted.insert("requireResidentKey".into(), true.into());
        }
        Ok((options, state))
    }

    /// # Errors
    /// [`PasskeyError::Refused`] when any check of the standard fails.
    pub(crate) fn finish_registration(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Result<Passkey, PasskeyError> {
        Ok(self.0.finish_passkey_registration(answer, state)?)
    }

    /// Options for the browser, and the state that the session keeps.
    ///
    /// # Errors
    /// [`PasskeyError::Refused`]
    pub(crate) fn start_sign_in(&self) -> Result<(Value, DiscoverableAuthentication), PasskeyError> {
        let (options, state) = self.0.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Refused)?;
        // The library asks for autofill; here a button asks.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Ok((options, state))
    }

    /// Whom an answer claims to come from (the user handle), before anything is checked.
    ///
    /// # Errors
    /// [`PasskeyError::Refused`] when it names nobody.
    pub(crate) fn claimed_person(&self, answer: &PublicKeyCredential) -> Result<PersonId, PasskeyError> {
        let (person, _) = self.0.identify_discoverable_authentication(answer)?;
        Ok(PersonId(person))
    }

    /// Checks an answer against the person's own passkeys. The passkey comes back with counter and backup state brought
    /// up to date, to be stored only now that every check has passed.
    ///
    /// # Errors
    /// See [`PasskeyError`].
    pub(crate) fn finish_sign_in(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        own: &[Passkey],
    ) -> Result<Passkey, PasskeyError> {
        let mut passkey = own
            .iter()
            .find(|key| key.cred_id().as_slice() == answer.get_credential_id())
            .cloned()
            .ok_or(PasskeyError::Refused)?;
        let result = self.0.finish_discoverable_authentication_v2(answer, state, &passkey)?;
        passkey.update_credential(&result).ok_or(PasskeyError::Refused)?;
        Ok(passkey)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::samples;
    use webauthn_authenticator_rs::WebauthnAuthenticator as _;
    use webauthn_authenticator_rs::softpasskey::SoftPasskey;

    const ORIGIN: &str = "https://staff.example";

    fn party() -> RelyingParty {
        RelyingParty::of(ORIGIN).unwrap()
    }

    fn url(origin: &str) -> Url {
        Url::parse(origin).unwrap()
    }

    fn register(device: &mut SoftPasskey, have: &[Passkey]) -> Result<Passkey, PasskeyError> {
        let party = party();
        let (options, state) = party.start_registration(samples::person(1), "mina", "Mina Okafor", have)?;
        let mut options: webauthn_rs::prelude::CreationChallengeResponse = serde_json::from_value(options).unwrap();
        // The software device keeps no list of its passkeys; a real one does.
        if let Some(wanted) = &mut options.public_key.authenticator_selection {
            wanted.require_resident_key = false;
        }
        let answer = device
            .do_registration(url(ORIGIN), options)
            .map_err(|_| PasskeyError::Refused)?;
        party.finish_registration(&answer, &state)
    }

    /// What a browser at `origin` answers with the first person's device.
    fn answer(device: &mut SoftPasskey, options: Value, passkey: &Passkey, origin: &str) -> PublicKeyCredential {
        let mut options: webauthn_rs::prelude::RequestChallengeResponse = serde_json::from_value(options).unwrap();
        // The software device finds no passkey by itself; a real one does.
        let stored = serde_json::to_value(passkey).unwrap();
        let known = serde_json::json!({"type": "public-key", "id": stored["cred"]["cred_id"]});
        options.public_key.allow_credentials = vec![serde_json::from_value(known).unwrap()];
        let mut answer = device.do_authentication(url(origin), options).unwrap();
        answer.response.user_handle = Some(samples::person(1).0.as_bytes().to_vec());
        answer
    }

    #[test]
    fn pk_01_options_ask_for_a_discoverable_verified_passkey_and_exclude_known_ones() {
        let mut device = SoftPasskey::new(true);
        let passkey = register(&mut device, &[]).unwrap();
        let (options, _) = party()
            .start_registration(samples::person(1), "mina", "Mina Okafor", &[passkey])
            .unwrap();
        let wanted = options.pointer("/publicKey/authenticatorSelection").unwrap();
        assert_eq!(wanted["residentKey"], "required");
        assert_eq!(wanted["userVerification"], "required");
        assert_eq!(options.pointer("/publicKey/rp/id").unwrap(), "staff.example");
        assert_eq!(
            options
                .pointer("/publicKey/excludeCredentials")
                .unwrap()
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }

    #[test]
    fn pk_09_a_device_that_verifies_nobody_is_refused() {
        assert!(register(&mut SoftPasskey::new(false), &[]).is_err());
    }

    #[test]
    fn pk_02_a_sign_in_names_its_person_and_raises_the_counter() {
        let (party, mut device) = (party(), SoftPasskey::new(true));
        let passkey = register(&mut device, &[]).unwrap();
        let (options, state) = party.start_sign_in().unwrap();
        assert!(options.get("mediation").is_none());
        let answer = answer(&mut device, options, &passkey, ORIGIN);
        assert_eq!(party.claimed_person(&answer).unwrap(), samples::person(1));
        let stored = party
            .finish_sign_in(&answer, state, std::slice::from_ref(&passkey))
            .unwrap();
        assert_ne!(
            serde_json::to_value(stored).unwrap(),
            serde_json::to_value(passkey).unwrap()
        );
    }

    #[test]
    fn pk_03_an_answer_to_another_challenge_or_at_another_origin_is_refused() {
        let (party, mut device) = (party(), SoftPasskey::new(true));
        let passkey = register(&mut device, &[]).unwrap();
        let own = std::slice::from_ref(&passkey);
        let (options, _) = party.start_sign_in().unwrap();
        let (_, other) = party.start_sign_in().unwrap();
        let late = answer(&mut device, options, &passkey, ORIGIN);
        assert_eq!(
            party.finish_sign_in(&late, other, own).unwrap_err(),
            PasskeyError::Refused
        );
        let (options, state) = party.start_sign_in().unwrap();
        let elsewhere = answer(&mut device, options, &passkey, "https://other.staff.example");
        assert_eq!(
            party.finish_sign_in(&elsewhere, state, own).unwrap_err(),
            PasskeyError::Refused
        );
    }

    #[test]
    fn pk_02_a_passkey_that_is_not_the_persons_own_is_refused() {
        let (party, mut device) = (party(), SoftPasskey::new(true));
        let passkey = register(&mut device, &[]).unwrap();
        let (options, state) = party.start_sign_in().unwrap();
        let answer = answer(&mut device, options, &passkey, ORIGIN);
        assert_eq!(
            party.finish_sign_in(&answer, state, &[]).unwrap_err(),
            PasskeyError::Refused
        );
    }

    #[test]
    fn pk_04_a_counter_that_does_not_rise_is_told_apart() {
        let (party, mut device) = (party(), SoftPasskey::new(true));
        let passkey = register(&mut device, &[]).unwrap();
        let mut ahead = serde_json::to_value(&passkey).unwrap();
        *ahead.pointer_mut("/cred/counter").unwrap() = 1_000.into();
        let ahead: Passkey = serde_json::from_value(ahead).unwrap();
        let (options, state) = party.start_sign_in().unwrap();
        let answer = answer(&mut device, options, &passkey, ORIGIN);
        assert_eq!(
            party.finish_sign_in(&answer, state, &[ahead]).unwrap_err(),
            PasskeyError::Counter
        );
    }
}
