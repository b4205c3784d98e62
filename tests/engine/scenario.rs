//! Scenarios: a file of plain words beside each workflow, played against the engine with a scripted host and clock.

use std::collections::BTreeMap;

use readmit_core::ids::Digest;
use readmit_core::time::Span;
use readmit_core::workflow::policy::{Policy, Profile};
use serde::Deserialize;

/// One scenario file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub(super) scenario: String,
    pub(super) profile: Profile,
    pub(super) account: Account,
    pub(super) script: Vec<String>,
}

/// The account at the made-up host.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// The host's attributes; what is left out is the ordinary account.
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, readmit_core::kind::FactValue>,
    #[serde(default)]
    pub(super) factors: Vec<String>,
    /// Days since the owner last vetoed a case of the account.
    #[serde(default)]
    pub(super) vetoed_days_ago: Option<i64>,
    #[serde(default)]
    pub(super) locked: bool,
    /// Too little history to ask questions about.
    #[serde(default)]
    pub(super) bare: bool,
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Start,
    Agree,
    /// right, wrong, forgotten, unknown
    SignIn(String),
    /// right, wrong, old, resend
    Code(String),
    /// right, wrong, forgotten
    Password(String),
    /// begin, right, wrong, give_up
    Questions(String),
    /// Attach one picture to each named slot.
    Attach(Vec<String>),
    Submit,
    /// Send pictures as they are, after what was found in them was looked at.
    SubmitAsTheyAre,
    /// What inspections find from now on: passed, failed, unopened, known (in another account's case), dead.
    Reading(String),
    /// The code of the account's app: right, wrong, old (of the step before).
    Totp(String),
    /// The first code of the app that is being added: right, wrong.
    App(String),
    /// right, other (a second one), wrong, back (its counter went back)
    Passkey(String),
    /// right, wrong
    RecoveryCode(String),
    /// Another way of proving with a factor.
    Switch(String),
    /// The way shown is out of reach.
    Unavailable,
    /// Choose a factor to be removed.
    Remove(String),
    /// A new number, as typed with its +.
    Number(String),
    /// Back to typing another number.
    Other,
    /// New recovery codes are saved.
    Saved,
    /// Recovery codes may wait.
    Later,
    Jobs,
    Wait(readmit_core::time::Span),
    Claim(String),
    Release(String),
    Approve(String),
    /// Approves with a check left unticked.
    Hasty(String),
    Reject(String, String),
    Ask(String, Vec<String>),
    Uphold(String),
    Veto,
    Withdraw,
    /// Change an attribute at the host.
    Host(String, String),
    /// How the host answers the remedy from now on: done, refused, dead.
    Remedy(String),
    TryAgain(String),
    GiveUp(String),
}

impl std::str::FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let verb = words.next().unwrap_or_default();
        let rest: Vec<String> = words.map(str::to_owned).collect();
        let one = || {
            rest.first()
                .cloned()
                .ok_or_else(|| format!("`{text}` wants a word more"))
        };
        let two = || {
            rest.get(1)
                .cloned()
                .ok_or_else(|| format!("`{text}` wants two words more"))
        };
        Ok(match verb {
            "start" => Self::Start,
            "agree" => Self::Agree,
            "sign_in" => Self::SignIn(one()?),
            "code" => Self::Code(one()?),
            "password" => Self::Password(one()?),
            "questions" => Self::Questions(one()?),
            "attach" => Self::Attach(rest),
            "submit" => Self::Submit,
            "submit_as_they_are" => Self::SubmitAsTheyAre,
            "reading" => Self::Reading(one()?),
            "totp" => Self::Totp(one()?),
            "app" => Self::App(one()?),
            "passkey" => Self::Passkey(one()?),
            "recovery_code" => Self::RecoveryCode(one()?),
            "switch" => Self::Switch(one()?),
            "unavailable" => Self::Unavailable,
            "remove" => Self::Remove(one()?),
            "number" => Self::Number(one()?),
            "other" => Self::Other,
            "saved" => Self::Saved,
            "later" => Self::Later,
            "jobs" => Self::Jobs,
            "wait" => Self::Wait(
                one()?
                    .parse()
                    .map_err(|e: readmit_core::time::NotASpan| e.to_string())?,
            ),
            "claim" => Self::Claim(one()?),
            "release" => Self::Release(one()?),
            "approve" => Self::Approve(one()?),
            "hasty" => Self::Hasty(one()?),
            "reject" => Self::Reject(one()?, two()?),
            "ask" => Self::Ask(one()?, rest.into_iter().skip(1).collect()),
            "uphold" => Self::Uphold(one()?),
            "veto" => Self::Veto,
            "withdraw" => Self::Withdraw,
            "host" => Self::Host(one()?, two()?),
            "remedy" => Self::Remedy(one()?),
            "try_again" => Self::TryAgain(one()?),
            "give_up" => Self::GiveUp(one()?),
            _ => return Err(format!("`{verb}` is no line of a script")),
        })
    }
}

/// A pinned policy of this profile.
pub(super) fn policy(profile: Profile) -> Policy {
    Policy {
        profile,
        values: BTreeMap::new(),
        packs: BTreeMap::new(),
        sim_settled: Span::days(7),
        hash: Digest([profile as u8 + 1; 32]),
    }
}
