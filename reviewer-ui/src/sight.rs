//! Who sees how much of a case, and who may work on it: the object rights behind every case page (IN-02, IN-04, IN-11).
//! `decide` checks the acting again.

use readmit_core::case::{Case, Claim, TaskKind};
use readmit_core::command::Role;
use readmit_core::ids::PersonId;
use readmit_core::time::At;

/// How much of a case a person sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sight {
    /// As if there were no such case.
    Nothing,
    /// Reference and status: what support may say on the telephone.
    Head,
    /// Head, record and operator's task; nothing of the claimant.
    Operations,
    /// Everything, masked.
    Whole,
}

/// What this person sees of this case. Reviewers see what they hold and nothing else: no picking, no looking around.
pub(crate) fn sight(roles: &[Role], person: PersonId, case: &Case) -> Sight {
    if case.proven.is_none() {
        return Sight::Nothing;
    }
    let holds = live_claim(case).is_some_and(|claim| claim.person == person);
    roles
        .iter()
        .map(|role| match role {
            Role::Senior | Role::Lead | Role::Compliance => Sight::Whole,
            Role::Reviewer if holds => Sight::Whole,
            Role::Reviewer => Sight::Nothing,
            Role::Operator => Sight::Operations,
            Role::Support => Sight::Head,
        })
        .max()
        .unwrap_or(Sight::Nothing)
}

/// The role that a person acts in on a task of this kind: the strongest that may work on it.
pub(crate) fn acting(roles: &[Role], kind: TaskKind, disputed: bool) -> Option<Role> {
    let fits = |role: &Role| match kind {
        TaskKind::Review if disputed => role.is_senior(),
        TaskKind::Review => role.reviews(),
        TaskKind::Contest => role.is_senior(),
        TaskKind::Operator => *role == Role::Operator,
    };
    roles.iter().copied().filter(fits).max()
}

/// Where a person stands towards the live task of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stance {
    /// There is no task, or none for this person.
    Onlooker,
    /// Nobody holds it.
    Free,
    /// This person holds it under this token; `until` is over when it lies in the past, and counts until somebody takes it.
    Mine { token: u32, until: Option<At> },
    /// A colleague holds it.
    Theirs { person: PersonId, until: Option<At> },
}

/// Where a person stands; `lease_until` is the live claim's end.
pub(crate) fn stance(roles: &[Role], person: PersonId, case: &Case, lease_until: Option<At>, now: At) -> Stance {
    let Some(task) = &case.task else {
        return Stance::Onlooker;
    };
    let alive = lease_until.is_some_and(|until| until > now);
    match task.claim {
        Some(claim) if claim.person == person => Stance::Mine {
            token: claim.token,
            until: lease_until,
        },
        Some(claim) if alive => Stance::Theirs {
            person: claim.person,
            until: lease_until,
        },
        _ if acting(roles, task.kind, case.disputed).is_some() && !approved(case, person) => Stance::Free,
        _ => Stance::Onlooker,
    }
}

/// Whether a person gave an approval in the round of the live task: then the rest of the round is for others (IN-01).
pub(crate) fn approved(case: &Case, person: PersonId) -> bool {
    case.approvals
        .iter()
        .any(|a| a.round == round(case) && a.person == person)
}

/// Whether a person must not learn who gave the first approval and why: somebody else's approval of the live round
/// stands, and this person could give the next.
pub(crate) fn blind(roles: &[Role], person: PersonId, case: &Case) -> bool {
    let live_review = case.task.as_ref().is_some_and(|task| task.kind == TaskKind::Review);
    let others = case
        .approvals
        .iter()
        .any(|a| a.round == round(case) && a.person != person);
    live_review && others && !approved(case, person) && roles.iter().any(|role| role.reviews())
}

fn round(case: &Case) -> u32 {
    case.task.as_ref().map_or(case.round, |task| task.round)
}

fn live_claim(case: &Case) -> Option<Claim> {
    case.task.as_ref().and_then(|task| task.claim)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::samples;
    use readmit_core::time::Span;

    const NOW: At = At(1_700_000_000_000_000);

    #[test]
    fn in_02_a_reviewer_sees_only_what_they_hold() {
        let (me, other) = (samples::person(1), samples::person(2));
        let mut case = samples::in_review();
        assert_eq!(sight(&[Role::Reviewer], me, &case), Sight::Nothing);
        samples::claim(&mut case, other, 1, NOW);
        assert_eq!(sight(&[Role::Reviewer], me, &case), Sight::Nothing);
        samples::claim(&mut case, me, 2, NOW);
        assert_eq!(sight(&[Role::Reviewer], me, &case), Sight::Whole);
    }

    #[test]
    fn in_04_each_role_sees_its_part() {
        let case = samples::in_review();
        for (role, seen) in [
            (Role::Support, Sight::Head),
            (Role::Reviewer, Sight::Nothing),
            (Role::Senior, Sight::Whole),
            (Role::Lead, Sight::Whole),
            (Role::Compliance, Sight::Whole),
            (Role::Operator, Sight::Operations),
        ] {
            assert_eq!(sight(&[role], samples::person(1), &case), seen, "{role:?}");
        }
        let mut unproven = case;
        unproven.proven = None;
        assert!(
            Role::ALL
                .iter()
                .all(|role| sight(&[*role], samples::person(1), &unproven) == Sight::Nothing)
        );
    }

    #[test]
    fn an_ended_claim_is_still_mine_until_somebody_takes_it() {
        let me = samples::person(1);
        let mut case = samples::in_review();
        assert_eq!(stance(&[Role::Reviewer], me, &case, None, NOW), Stance::Free);
        samples::claim(&mut case, me, 3, NOW);
        let ended = Some(NOW - Span::minutes(1));
        assert_eq!(
            stance(&[Role::Reviewer], me, &case, ended, NOW),
            Stance::Mine { token: 3, until: ended }
        );
        let other = samples::person(2);
        assert_eq!(stance(&[Role::Senior], other, &case, ended, NOW), Stance::Free);
        let live = Some(NOW + Span::minutes(1));
        assert_eq!(
            stance(&[Role::Senior], other, &case, live, NOW),
            Stance::Theirs {
                person: me,
                until: live
            }
        );
    }

    #[test]
    fn in_01_who_approved_is_an_onlooker_and_the_second_is_blind() {
        let (first, second) = (samples::person(1), samples::person(2));
        let mut case = samples::in_review();
        samples::approve(&mut case, first, NOW);
        assert_eq!(stance(&[Role::Lead], first, &case, None, NOW), Stance::Onlooker);
        assert!(!blind(&[Role::Lead], first, &case));
        assert_eq!(stance(&[Role::Senior], second, &case, None, NOW), Stance::Free);
        assert!(blind(&[Role::Senior], second, &case));
        assert!(
            !blind(&[Role::Compliance], second, &case),
            "who cannot approve may read all"
        );
        case.task = None;
        assert!(
            !blind(&[Role::Senior], second, &case),
            "after the round everybody may read all"
        );
    }

    #[test]
    fn disputed_cases_and_contests_are_for_seniors() {
        assert_eq!(acting(&[Role::Reviewer], TaskKind::Review, true), None);
        assert_eq!(
            acting(&[Role::Reviewer, Role::Senior], TaskKind::Review, false),
            Some(Role::Senior)
        );
        assert_eq!(acting(&[Role::Reviewer], TaskKind::Contest, false), None);
        assert_eq!(
            acting(&[Role::Operator], TaskKind::Operator, false),
            Some(Role::Operator)
        );
        assert_eq!(acting(&[Role::Lead], TaskKind::Operator, false), None);
    }
}
