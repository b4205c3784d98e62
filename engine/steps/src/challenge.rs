//! A passkey challenge between a step's two turns: sealed in its case, good once, for five minutes, and for the ceremony
//! that it was made for (PK-03).

use readmit_core::answers::{Began, Ceremony, Lookup, PasskeyLookup};
use readmit_core::kind::{Fields, StepCx};
use readmit_core::refusal::Refusal;
use readmit_core::time::{At, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long a challenge lives.
const LIVES: Span = Span::minutes(5);

/// A challenge that the browser has yet to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    began: Began,
    until: At,
    /// What the owner calls the new passkey.
    pub(crate) name: String,
}

impl Challenge {
    /// The challenge that the lookup of this request made.
    pub(crate) fn fresh(cx: &StepCx<'_>, name: String) -> Result<Self, Refusal> {
        let began = cx.answers.began.clone().ok_or(Refusal::HostUnknown)?;
        Ok(Self {
            began,
            until: cx.now + LIVES,
            name,
        })
    }

    /// The challenge in a step's own sealed state, if it is still good.
    pub(crate) fn open(sealed: Option<&Value>, now: At) -> Option<Self> {
        let challenge = Self::deserialize(sealed?).ok()?;
        (now < challenge.until).then_some(challenge)
    }

    /// What the browser is asked, as JSON.
    pub(crate) fn options(&self) -> String {
        self.began.options.to_string()
    }
}

/// What to look up before a challenge is made.
pub(crate) fn begin(cx: &StepCx<'_>, ceremony: Ceremony) -> Vec<Lookup> {
    vec![Lookup::Passkey(PasskeyLookup::Begin {
        account: cx.sealed.account.clone(),
        address: cx.sealed.address.clone().unwrap_or_default(),
        ceremony,
        except: cx.sealed.removing,
    })]
}

/// What to look up for the browser's answer; nothing where no challenge is open.
pub(crate) fn finish(cx: &StepCx<'_>, ceremony: Ceremony, fields: &Fields) -> Vec<Lookup> {
    let open = Challenge::open(cx.own_sealed(), cx.now);
    match (open, cx.sealed.account.clone(), fields.get("credential")) {
        (Some(challenge), Some(account), Some(answer)) => vec![Lookup::Passkey(PasskeyLookup::Finish {
            account,
            ceremony,
            state: challenge.began.state,
            answer: answer.to_owned(),
        })],
        _ => Vec::new(),
    }
}
