//! What routes ask of members of staff: one type each, checked on every request by its extractor (IN-04).

use readmit_core::command::Role;
use readmit_web::Permission;
use readmit_web::routes::Needs;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)|+;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;
        impl Permission for $name {
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        }
        impl $name {
            pub(crate) const NEEDS: Needs = Needs::Role(<Self as Permission>::ROLES);
        }
    )+};
}

permissions! {
    /// Takes the next case and decides it.
    Reviews: Reviewer | Senior | Lead;
    /// Takes a case by hand: seniors from the list, operators what is stuck.
    Picks: Senior | Lead | Operator;
    /// Holds, releases and hands over what they work on.
    Works: Reviewer | Senior | Lead | Operator;
    /// Opens the page of a case; how much of it is the case's to say ([`crate::sight`]).
    SeesCases: Support | Reviewer | Senior | Lead | Compliance | Operator;
    /// Looks a case up by its reference. Reviewers do not: no picking, no looking around (IN-02).
    Searches: Support | Senior | Lead | Compliance | Operator;
    /// Opens an unproven case for somebody who reached support (IN-11).
    Invites: Support;
    /// Closes what support opened, before anybody decides it.
    Closes: Support;
    /// Writes to claimants; reviewers in the case that they hold.
    Writes: Support | Reviewer | Senior | Lead;
    /// Sees whose messages wait for an answer.
    Answers: Support | Senior | Lead;
    /// Reads workflows.
    ReadsWorkflows: Reviewer | Senior | Lead | Compliance | Operator;
    /// Runs the installation: staff, jobs, stuck cases. Decides nothing about a claimant (IN-08).
    Operates: Operator;
    /// Reads the audit log.
    Audits: Compliance;
}

/// Keeps a claim alive while its page is open. Not use of the session: an unattended page signs itself out (SE-02).
pub(crate) struct Renews;

impl Permission for Renews {
    const ROLES: &'static [Role] = Works::ROLES;
    const COUNTS_AS_USE: bool = false;
}

impl Renews {
    pub(crate) const NEEDS: Needs = Works::NEEDS;
}
