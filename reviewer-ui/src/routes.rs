//! The route tables of this face.

use actix_web::web;
use readmit_web::routes::{Needs, Route, Verb};

use crate::case_page::{acts, evidence, reveal, show};
use crate::contact::{self, close, invite, letters};
use crate::permissions::{
    Answers, Audits, Closes, Invites, Operates, Picks, ReadsWorkflows, Renews, Reviews, Searches, SeesCases, Works,
    Writes,
};
use crate::register::{audit, workflows};
use crate::{operations, people, queues, search, sign_in};

macro_rules! routes {
    ($($verb:ident $path:literal $needs:expr => $to:path;)+) => {
        &[$(Route {
            method: Verb::$verb,
            path: $path,
            needs: $needs,
            to: || web::to($to),
        }),+]
    };
}

/// Every route of the staff origin.
pub const ROUTES: &[Route] = routes! {
    Get "/sign-in" Needs::Nothing => sign_in::show;
    Post "/sign-in/options" Needs::Nothing => sign_in::options;
    Post "/sign-in/passkey" Needs::Nothing => sign_in::create;
    Post "/sign-out" Needs::Staff => sign_in::sign_out;
    Get "/enrol/{token}" Needs::Link => sign_in::enrol_show;
    Post "/enrol/{token}/options" Needs::Link => sign_in::enrol_options;
    Post "/enrol/{token}/passkey" Needs::Link => sign_in::enrol_finish;
    Get "/me" Needs::Staff => sign_in::me_show;
    Post "/me/passkeys" Needs::Staff => sign_in::add_finish;
    Post "/me/passkeys/options" Needs::Staff => sign_in::add_options;
    Post "/me/passkeys/{id}/rename" Needs::Staff => sign_in::rename;
    Post "/me/passkeys/{id}/remove" Needs::Staff => sign_in::remove;
    Get "/" Needs::Staff => queues::show;
    Post "/next" Reviews::NEEDS => queues::next;
    Get "/search" Searches::NEEDS => search::show;
    Get "/cases/{reference}" SeesCases::NEEDS => show::show;
    Post "/cases/{reference}/claim" Picks::NEEDS => acts::claim;
    Post "/cases/{reference}/release" Works::NEEDS => acts::release;
    Post "/cases/{reference}/hand-over" Works::NEEDS => acts::hand_over;
    Post "/cases/{reference}/renew" Renews::NEEDS => acts::renew;
    Post "/cases/{reference}/decide" Reviews::NEEDS => acts::decide;
    Post "/cases/{reference}/reveal" Reviews::NEEDS => reveal::create;
    Post "/cases/{reference}/try-again" Operates::NEEDS => acts::try_again;
    Post "/cases/{reference}/give-up" Operates::NEEDS => acts::give_up;
    Get "/look/{blob}/{ticket}" Needs::Link => evidence::send;
    Get "/conversations" Answers::NEEDS => contact::show;
    Get "/invitations" Invites::NEEDS => invite::show;
    Post "/invitations" Invites::NEEDS => invite::create;
    Post "/cases/{reference}/messages" Writes::NEEDS => letters::create;
    Post "/cases/{reference}/close" Closes::NEEDS => close::create;
    Get "/operations" Operates::NEEDS => operations::show;
    Post "/operations/jobs/{id}/retry" Operates::NEEDS => operations::retry;
    Get "/staff" Operates::NEEDS => people::show;
    Post "/staff" Operates::NEEDS => people::create;
    Post "/staff/{id}" Operates::NEEDS => people::update;
    Post "/staff/{id}/invite" Operates::NEEDS => people::invite;
    Get "/workflows" ReadsWorkflows::NEEDS => workflows::index;
    Get "/workflows/{hash}" ReadsWorkflows::NEEDS => workflows::show;
    Get "/audit" Audits::NEEDS => audit::show;
};

/// Mounted beside [`ROUTES`] in the demo only (PK-09).
pub const PASSWORD_ROUTES: &[Route] = routes! {
    Post "/sign-in/password" Needs::Nothing => sign_in::password_create;
};

/// The pictures of this face's pages, on the evidence origin.
pub const EVIDENCE_ROUTES: &[Route] = routes! {
    Get "/e/{look}" Needs::Link => evidence::show;
};

#[cfg(test)]
mod tests {
    use super::*;
    use readmit_core::command::Role;

    /// The routes that change something and that this role may ask for, beside those of its own account.
    fn writes(role: Role) -> Vec<&'static str> {
        let may = |route: &&Route| match route.needs {
            Needs::Role(roles) => roles.contains(&role),
            _ => false,
        };
        let rows = ROUTES.iter().chain(PASSWORD_ROUTES).chain(EVIDENCE_ROUTES);
        rows.filter(|route| route.method == Verb::Post)
            .filter(may)
            .map(|route| route.path)
            .collect()
    }

    #[test]
    fn in_11_support_has_three_writes_and_compliance_none() {
        let three = [
            "/invitations",
            "/cases/{reference}/messages",
            "/cases/{reference}/close",
        ];
        assert_eq!(writes(Role::Support), three);
        assert!(writes(Role::Compliance).is_empty());
    }

    #[test]
    fn in_08_operators_decide_nothing_and_reviewers_run_nothing() {
        let decides = ["/next", "/cases/{reference}/decide", "/cases/{reference}/reveal"];
        assert!(!writes(Role::Operator).iter().any(|path| decides.contains(path)));
        for role in [Role::Reviewer, Role::Senior, Role::Lead] {
            let runs = |path: &&str| path.starts_with("/staff") || path.starts_with("/operations");
            assert!(!writes(role).iter().any(runs), "{role:?}");
        }
    }

    /// IN-02: reviewers neither search nor take a case by hand.
    #[test]
    fn in_02_reviewers_get_next_only() {
        assert!(writes(Role::Reviewer).contains(&"/next"));
        assert!(!writes(Role::Reviewer).contains(&"/cases/{reference}/claim"));
        let search = ROUTES
            .iter()
            .find(|route| route.path == "/search")
            .map(|route| route.needs);
        assert!(matches!(search, Some(Needs::Role(roles)) if !roles.contains(&Role::Reviewer)));
    }

    /// RF-13, IN-07: what can be posted at all is this list; nothing in it shortens a wait, lifts a lock, or touches a
    /// claimant's factor or secret. What is under `/me`, `/staff` and `/enrol` is staff's own.
    #[test]
    fn rf_13_no_route_expedites_or_acts_as_the_claimant() {
        let posts = ROUTES
            .iter()
            .chain(PASSWORD_ROUTES)
            .chain(EVIDENCE_ROUTES)
            .filter(|route| route.method == Verb::Post);
        let paths: Vec<&str> = posts.map(|route| route.path).collect();
        assert_eq!(
            paths,
            [
                "/sign-in/options",
                "/sign-in/passkey",
                "/sign-out",
                "/enrol/{token}/options",
                "/enrol/{token}/passkey",
                "/me/passkeys",
                "/me/passkeys/options",
                "/me/passkeys/{id}/rename",
                "/me/passkeys/{id}/remove",
                "/next",
                "/cases/{reference}/claim",
                "/cases/{reference}/release",
                "/cases/{reference}/hand-over",
                "/cases/{reference}/renew",
                "/cases/{reference}/decide",
                "/cases/{reference}/reveal",
                "/cases/{reference}/try-again",
                "/cases/{reference}/give-up",
                "/invitations",
                "/cases/{reference}/messages",
                "/cases/{reference}/close",
                "/operations/jobs/{id}/retry",
                "/staff",
                "/staff/{id}",
                "/staff/{id}/invite",
                "/sign-in/password",
            ]
        );
    }

    /// PK-09: without the table of the demo there is no way in but a passkey.
    #[test]
    fn pk_09_everyday_routes_know_no_password() {
        assert!(!ROUTES.iter().any(|route| route.path.contains("password")));
    }
}
