//! What a step shows: a fragment of a page for the claimant, a few findings for the reviewer.

use readmit_core::case::Case;
use readmit_core::kind::{Fields, StepKind};
use readmit_core::refusal::Refusal;
use readmit_core::sealed::Sealed;
use readmit_core::texts::Texts;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::{Definition, Step};
use readmit_core::workflow::queues::Queues;

use crate::words::Say;

/// A kind with its pages.
pub trait Face: StepKind {
    /// What the claimant sees while the case is in this step.
    ///
    /// # Errors
    /// As the template.
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error>;

    /// What a reviewer sees of what this step gathered: list items for a list of class `findings`. `None` where it
    /// gathered nothing.
    ///
    /// # Errors
    /// As the template.
    fn reviewer(&self, _view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        Ok(None)
    }
}

/// A part of a page. The layout around it has one `main`, the symbols named in [`ICONS`], and sets the title, which
/// starts with the text `error-title` when `error` is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub title: String,
    pub html: String,
    pub stage: Stage,
    /// The last submit was refused or wrong: the fragment begins with a summary of it.
    pub error: bool,
}

/// Ids of the symbols that fragments use; the layout defines them.
pub const ICONS: [&str; 9] = [
    "i-check", "i-clock", "i-cross", "i-file", "i-info", "i-lock", "i-shield", "i-stop", "i-warn",
];

/// The place in the claimant's progress rail. Its text is `stage-` and the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Read,
    SignIn,
    Confirm,
    Prove,
    Review,
    Done,
}

impl Stage {
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::SignIn,
        Self::Confirm,
        Self::Prove,
        Self::Review,
        Self::Done,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::SignIn => "sign-in",
            Self::Confirm => "confirm",
            Self::Prove => "prove",
            Self::Review => "review",
            Self::Done => "done",
        }
    }
}

/// What a claimant's fragment is made of.
#[derive(Clone, Copy)]
pub struct ClaimantView<'a> {
    /// On the start page the case does not exist yet: [`readmit_core::evolve::blank`].
    pub case: &'a Case,
    pub sealed: &'a Sealed,
    pub definition: &'a Definition,
    pub step: &'a Step,
    pub texts: &'a Texts,
    pub language: &'a str,
    pub now: At,
    pub form: Form<'a>,
    /// Why the last submit was refused.
    pub problem: Option<&'a Refusal>,
    /// What was typed in the refused submit, to be shown again; never passwords.
    pub kept: &'a Fields,
    pub brand: &'a Brand,
    /// How soon people decide.
    pub queues: &'a Queues,
    /// The security settings, for whoever came from them.
    pub settings: Option<&'a str>,
    /// What the owner calls the factor that the case added.
    pub added: Option<&'a str>,
}

/// Where a fragment's form goes. Every form posts the hidden fields `token` and `run`, and its button as `verb`.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    pub action: &'a str,
    pub token: &'a str,
    pub run: u32,
    /// How hard the human check is that comes with it; `None` where none is asked for.
    pub check: Option<u32>,
}

/// What a reviewer's fragment is made of.
#[derive(Clone, Copy)]
pub struct ReviewerView<'a> {
    pub case: &'a Case,
    pub sealed: &'a Sealed,
    pub definition: &'a Definition,
    pub step: &'a Step,
    pub texts: &'a Texts,
    pub language: &'a str,
    pub now: At,
    pub brand: &'a Brand,
}

/// The host as claimants know it. From configuration, never from a request (RF-20).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// `{ $host }` in texts.
    pub name: String,
    /// Where claimants get help.
    pub support_url: String,
    /// Where they sign in again when all is done.
    pub sign_in_url: String,
    /// The sender of our mails, as an address.
    pub mail_from: String,
    /// Origin of the claimant's pages, without a slash at its end.
    pub claimant_origin: String,
}

impl<'a> ClaimantView<'a> {
    #[must_use]
    pub fn say(&self) -> Say<'a> {
        Say::new(self.texts, self.language, self.brand)
    }

    /// The refusal of a field, as a text, if this field was refused.
    #[must_use]
    pub fn field_error(&self, name: &str) -> Option<String> {
        let code = match self.problem? {
            Refusal::Field { field, code } if field == name => code,
            Refusal::Fields(faults) => &faults.iter().find(|(field, _)| field == name)?.1,
            _ => return None,
        };
        Some(self.say().get(&format!("refusal-{code}")))
    }

    /// A counter that is used up, as a text: it names the moment from which it goes on.
    #[must_use]
    pub fn too_many(&self) -> Option<String> {
        match self.problem {
            Some(Refusal::TooMany { until }) => {
                let say = self.say();
                if *until - self.now <= Span::hours(1) {
                    let soon = say.get("refusal-too_soon");
                    return Some(format!("{soon}{}{}", say.space(), say.again(*until, self.now)));
                }
                let when = say.when(*until);
                Some(say.with("refusal-too_many", &[("until", when.text.into())]))
            }
            _ => None,
        }
    }

    /// What a wrong try came to, and from when on the next one is looked at.
    #[must_use]
    pub fn wrong(&self, text: String, again: Option<At>) -> String {
        match again.filter(|again| *again > self.now) {
            Some(again) => format!("{text}{}{}", self.say().space(), self.say().again(again, self.now)),
            None => text,
        }
    }

    /// How many seconds are left of a wait, for a script that counts them down: after a wrong try, or one that came too soon.
    #[must_use]
    pub fn seconds_left(&self, again: Option<At>) -> Option<i64> {
        let until = match self.problem {
            Some(Refusal::TooMany { until }) => Some(*until),
            _ => again,
        };
        let left = (until? - self.now).as_seconds();
        (1..=3_600).contains(&left).then_some(left)
    }

    /// Any other refusal, as a text.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        match self.problem {
            None | Some(Refusal::Field { .. } | Refusal::Fields(_) | Refusal::TooMany { .. }) => None,
            Some(other) => Some(self.say().get(&format!("refusal-{}", other.code()))),
        }
    }

    /// The address as it may be shown: `a•••••r@p•••••.example`.
    #[must_use]
    pub fn masked_address(&self) -> String {
        crate::words::masked(self.sealed.address.as_deref().unwrap_or_default())
    }
}

impl<'a> ReviewerView<'a> {
    #[must_use]
    pub fn say(&self) -> Say<'a> {
        Say::new(self.texts, self.language, self.brand)
    }

    /// The state of the step: as it is now, or as it was left.
    #[must_use]
    pub fn state(&self) -> Option<&'a serde_json::Value> {
        if self.case.step == self.step.name {
            Some(&self.case.state)
        } else {
            self.case.left.get(&self.step.name)
        }
    }

    /// A fact that the step learned.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&'a readmit_core::kind::FactValue> {
        self.case.facts.get(&format!("{}.{name}", self.step.name))
    }
}

/// What came of a step, for a reviewer: an icon, a label for it, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) quiet: String,
}

/// How a finding is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Pass,
    Warn,
    Fail,
}

impl Finding {
    pub(crate) fn new(mark: Mark, say: &Say<'_>, text: String, quiet: String) -> Self {
        let (verdict, icon) = match mark {
            Mark::Pass => ("pass", "i-check"),
            Mark::Warn => ("warn", "i-warn"),
            Mark::Fail => ("fail", "i-cross"),
        };
        Self {
            verdict,
            icon,
            label: say.get(&format!("mark-{verdict}")),
            text,
            quiet,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "face/findings.html")]
struct Findings<'a> {
    findings: &'a [Finding],
}

/// Findings as a reviewer's fragment.
pub(crate) fn findings(title: String, findings: &[Finding]) -> Result<Option<Fragment>, askama::Error> {
    use askama::Template as _;
    Ok(Some(Fragment {
        title,
        html: Findings { findings }.render()?,
        stage: Stage::Review,
        error: false,
    }))
}

#[cfg(test)]
mod tests;
