//! The operator's policy: the profile, values that workflows may read, and the floor that no workflow goes under (RF-03).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::Digest;
use crate::kind::FactValue;

/// A pinned policy version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub profile: Profile,
    /// Further `policy.*` values.
    #[serde(default)]
    pub values: BTreeMap<String, FactValue>,
    #[serde(skip)]
    pub hash: Digest,
}

/// How the exchange's published flow is bound: as published, or hardened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    Published,
    Strict,
}

impl Policy {
    /// The value of `policy.NAME`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<FactValue> {
        match name {
            "profile" => Some(FactValue::Word(match self.profile {
                Profile::Published => "published".into(),
                Profile::Strict => "strict".into(),
            })),
            _ => self.values.get(name).cloned(),
        }
    }

    /// Every name that [`Policy::get`] answers to.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once("profile").chain(self.values.keys().map(String::as_str))
    }
}
