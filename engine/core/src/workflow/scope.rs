//! What a condition of a running case reads: the account snapshot, the policy, and the facts that steps learned.

use crate::case::Case;
use crate::kind::FactValue;
use crate::sealed::{Sealed, Snapshot};
use crate::workflow::expr::Scope;
use crate::workflow::policy::Policy;

/// The scope of one case.
pub struct CaseScope<'a> {
    case: &'a Case,
    policy: &'a Policy,
    snapshot: Option<&'a Snapshot>,
}

impl<'a> CaseScope<'a> {
    /// On the snapshot that the case is pinned to.
    #[must_use]
    pub fn pinned(case: &'a Case, sealed: &'a Sealed, policy: &'a Policy) -> Self {
        Self {
            case,
            policy,
            snapshot: sealed.snapshot.as_ref(),
        }
    }

    /// On the snapshot read last.
    #[must_use]
    pub fn latest(case: &'a Case, sealed: &'a Sealed, policy: &'a Policy) -> Self {
        Self {
            case,
            policy,
            snapshot: sealed.latest.as_ref().or(sealed.snapshot.as_ref()),
        }
    }
}

impl Scope for CaseScope<'_> {
    fn get(&self, name: &str) -> Option<FactValue> {
        match name.split_once('.') {
            Some(("account", attribute)) => self.snapshot?.attribute(attribute).cloned(),
            Some(("policy", value)) => self.policy.get(value),
            _ => self.case.facts.get(name).cloned(),
        }
    }
}
