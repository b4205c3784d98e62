//! A workflow version as it runs: immutable, named by the hash of its content (invariant 6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Class, Outcome};
use crate::ids::Digest;
use crate::time::Span;
use crate::workflow::expr::{Expr, Scope, Unmapped};
use crate::workflow::table::Table;

/// A checked workflow version.
#[derive(Clone, Debug)]
pub struct Definition {
    pub name: String,
    pub class: Class,
    /// Title by language; `en` is always there.
    pub title: BTreeMap<String, String>,
    pub remedy: RemedySpec,
    pub limits: Limits,
    pub start: String,
    pub steps: Vec<Step>,
    pub hash: Digest,
    /// Every condition of the file, compiled, by its source text.
    pub conditions: BTreeMap<String, Expr>,
}

/// What approval does at the host, and here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedySpec {
    /// Factor kinds to remove: `passkey`, `totp`, `phone`, `recovery_codes`, `password`.
    #[serde(default)]
    pub reset: Vec<String>,
    /// The factor kind that the case binds: `passkey`, `totp`, `phone`, `recovery_codes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// The factor kind of which the claimant chose one to be removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_withdrawals: Option<Span>,
    #[serde(default)]
    pub revoke: Vec<String>,
}

impl RemedySpec {
    /// Whether the host has a part in it. A binding is Readmit's alone: no request and no wait.
    #[must_use]
    pub fn asks_host(&self) -> bool {
        !self.reset.is_empty() || self.lock_withdrawals.is_some() || !self.revoke.is_empty()
    }

    /// Whether a factor kind as a whole can prove nothing here: it is reset, or the one of it that an account can have is
    /// removed (invariant 10). Of passkeys an account has several; the one being removed is refused by its name.
    #[must_use]
    pub fn spoils(&self, kind: &str) -> bool {
        self.reset.iter().any(|reset| reset == kind) || (kind != "passkey" && self.remove.as_deref() == Some(kind))
    }

    /// Whether one of this kind that the account has keeps another from being added: it has one at most, and this one stays.
    #[must_use]
    pub fn adds_alone(&self, kind: &str) -> bool {
        ["totp", "phone"].contains(&kind) && !self.reset.iter().any(|reset| reset == kind)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// From the first proof to the end of the case's own patience.
    pub case: Span,
    /// How long one step waits for the claimant.
    pub step: Span,
}

/// One step of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: String,
    pub kind: String,
    /// The kind's own part of the file, as written.
    pub config: Value,
    /// Where each outcome leads.
    pub then: BTreeMap<String, Target>,
    /// How often the step may be entered; bounds loops. [`Step::ANY_VISITS`] where the file says nothing: then other
    /// steps of its loops bound it.
    pub visits: u32,
    pub line: u32,
}

/// Where an outcome leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Step(String),
    End(Outcome),
    /// Ends the case `handed_over` and opens a linked one of the named workflow.
    Start(String),
}

impl Step {
    pub const ANY_VISITS: u32 = u32::MAX;
}

impl Definition {
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Evaluates a condition of this file.
    ///
    /// # Errors
    /// [`Unmapped`] when it reads a value that nobody gave.
    pub fn holds(&self, condition: &str, scope: &dyn Scope) -> Result<bool, Unmapped> {
        self.conditions
            .get(condition)
            .ok_or_else(|| Unmapped(condition.to_owned()))?
            .holds(scope)
    }

    /// The value of the first row whose condition holds.
    ///
    /// # Errors
    /// As [`Definition::holds`].
    pub fn choose<T: Clone>(&self, table: &Table<T>, scope: &dyn Scope) -> Result<T, Unmapped> {
        table.choose(|condition| self.holds(condition, scope))
    }

    /// The title in a language, or in English.
    #[must_use]
    pub fn title(&self, language: &str) -> &str {
        self.title
            .get(language)
            .or_else(|| self.title.get("en"))
            .map_or(self.name.as_str(), String::as_str)
    }
}
