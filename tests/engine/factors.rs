//! What scripts do with factors: the account's app and saved codes, and what is being added.

use readmit_core::answers::{Answers, Began, Ceremony, PasskeyAnswer, PasskeyLookup};
use readmit_core::guard::Enrolled;
use readmit_core::time::{At, Span};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::player::{Player, factor_id};
use super::scenario::Line;

/// The secret of the account's app, and its one saved code.
const APP: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const CODE: &str = "aaaabbbbccccdddd";

/// A factor's secret, as the store keeps it.
pub(super) fn secret(kind: &str) -> Value {
    match kind {
        "totp" => json!({ "secret": APP }),
        "recovery_codes" => json!({ "sha256": [data_encoding::HEXLOWER.encode(&Sha256::digest(CODE))] }),
        _ => json!({}),
    }
}

/// What an app with this secret shows at a moment.
fn shown(secret: &str, at: At) -> String {
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let app = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    app.generate(at.as_unix_seconds().unsigned_abs()).to_string()
}

/// What the browser's answer comes to: its text says so.
pub(super) fn passkey(lookup: PasskeyLookup, answers: &mut Answers) {
    let kept = |name: &str, mark| Enrolled {
        kind: "passkey".into(),
        name: name.into(),
        secret: json!({}),
        mark,
    };
    match lookup {
        PasskeyLookup::Begin { .. } => {
            answers.began = Some(Began {
                options: json!({}),
                state: json!({}),
            });
        }
        PasskeyLookup::Finish { answer, ceremony, .. } => {
            answers.passkey = Some(match (answer.as_str(), ceremony) {
                ("right", Ceremony::Create) => PasskeyAnswer::Created(kept("", 0)),
                ("right", Ceremony::Get) => PasskeyAnswer::Used {
                    factor: factor_id("passkey"),
                    now: kept("my passkey", 1),
                    unsynced: false,
                },
                ("other", Ceremony::Get) => PasskeyAnswer::Used {
                    factor: factor_id("passkey2"),
                    now: kept("my other passkey", 0),
                    unsynced: true,
                },
                ("back", Ceremony::Get) => PasskeyAnswer::CounterBack,
                _ => PasskeyAnswer::Refused,
            });
        }
    }
}

impl Player {
    pub(super) async fn play_factor(&mut self, line: &Line) {
        if let Line::Passkey(how) = line {
            _ = self.submit("begin", &[("name", "My new phone")], Vec::new()).await;
            _ = self.submit("answer", &[("credential", how)], Vec::new()).await;
            return;
        }
        let code = |typed: String| ("submit", vec![("code", typed)]);
        let (verb, fields) = match line {
            Line::Totp(how) => code(self.of_the_app(APP, how)),
            Line::App(how) => code(self.of_the_app(&self.new_secret().await, how)),
            Line::RecoveryCode(how) if how == "right" => code("AAAA-bbbb-cccc-dddd".to_owned()),
            Line::RecoveryCode(_) => code("aaaa-aaaa-aaaa-aaaa".to_owned()),
            Line::Switch(method) => ("switch", vec![("method", method.clone())]),
            Line::Unavailable => ("unavailable", Vec::new()),
            Line::Remove(name) => ("remove", vec![("factor", factor_id(name).to_string())]),
            Line::Number(number) => ("send", vec![("number", number.clone())]),
            Line::Other => ("other", Vec::new()),
            Line::Later => ("later", Vec::new()),
            Line::Saved => ("saved", vec![("saved", "yes".to_owned())]),
            other => panic!("{other:?} has nothing to do with factors"),
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        _ = self.submit(verb, &fields, Vec::new()).await;
    }

    fn of_the_app(&self, secret: &str, how: &str) -> String {
        match how {
            "right" => shown(secret, self.now()),
            "old" => shown(secret, self.now() - Span::seconds(30)),
            _ => shown(secret, self.now() + Span::hours(9)),
        }
    }

    /// The secret that the current step shows.
    async fn new_secret(&self) -> String {
        let loaded = self.loaded().await;
        let step = loaded.and_then(|loaded| loaded.sealed.steps.get(&loaded.case.step).cloned());
        let secret = step.and_then(|step| Some(step.get("secret")?.as_str()?.to_owned()));
        secret.unwrap_or_else(|| APP.to_owned())
    }
}
