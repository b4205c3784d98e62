//! Cases for the tests of this crate, made by hand from the public fields of a case.
#![allow(clippy::unwrap_used)]

use readmit_core::case::{Approval, Case, Claim, Phase, Proven, Task, TaskKind};
use readmit_core::evolve::blank;
use readmit_core::ids::{CaseId, CaseRef, Digest, PersonId, TaskId};
use readmit_core::time::At;
use readmit_core::workflow::definition::Definition;
use uuid::Uuid;

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// A proven case in review that wants two approvals; nobody holds its task.
pub(crate) fn in_review() -> Case {
    let mut case = blank(CaseId(Uuid::from_u128(77)));
    case.version = 5;
    case.proven = Some(Proven {
        reference: CaseRef::from_bits(0x12_34_56_78_9A),
        at: At::default(),
    });
    case.phase = Phase::InReview;
    case.round = 1;
    case.task = Some(Task {
        id: TaskId(Uuid::from_u128(99)),
        kind: TaskKind::Review,
        queue: "recovery".into(),
        round: 1,
        approvals: 2,
        opened: At::default(),
        tokens: 0,
        claim: None,
    });
    case
}

pub(crate) fn claim(case: &mut Case, person: PersonId, token: u32, at: At) {
    let task = case.task.as_mut().unwrap();
    task.tokens = token;
    task.claim = Some(Claim { person, token, at });
}

pub(crate) fn approve(case: &mut Case, person: PersonId, at: At) {
    case.approvals.push(Approval {
        round: 1,
        person,
        message: Digest::default(),
        at,
    });
}

/// The shipped workflow.
pub(crate) fn definition() -> Definition {
    readmit_core::workflow::load(include_str!("../../workflows/passkey-reset/workflow.yaml")).unwrap()
}
