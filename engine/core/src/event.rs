//! What happened. Events carry new state and know no step kind, so folding them cannot fail (invariant 3).
//! They hold no personal data and no secret (invariant 4).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Class, Decided, Outcome, Phase, Task, WaitsFor};
use crate::command::By;
use crate::conversation::Contact;
use crate::ids::{CaseId, CaseRef, Digest, PersonId, Tag};
use crate::kind::{Facts, Grant};
use crate::step_up::Purpose;
use crate::time::At;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The first event of a case.
    Opened {
        workflow: Digest,
        policy: Digest,
        class: Class,
        language: String,
        /// What conditions read of steps that have not run: each declared fact's default.
        facts: Facts,
    },
    /// Support opened the case, and had its link sent to an address on file.
    Invited {
        person: PersonId,
        contact: Contact,
    },
    /// The link of the invitation was followed: it is used up.
    InvitationFollowed,
    /// One side wrote to the other. What was written is sealed; `letter` is an HMAC of it under the case's key.
    Wrote {
        by: By,
        letter: Tag,
        files: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<String>,
    },
    /// Support closed the case. `note` is the key of the words in sealed state.
    ClosedBySupport {
        person: PersonId,
        reason: String,
        note: String,
    },
    /// The host asked for a step-up. `text` is an HMAC, under the case's key, of what the person is shown.
    AskedFor {
        purpose: Purpose,
        text: Tag,
    },
    /// A step run begins.
    Entered {
        step: String,
        run: u32,
        phase: Phase,
        waits: WaitsFor,
        deadline: Option<At>,
        state: Value,
    },
    /// The current step took an input and stays.
    Turned {
        state: Value,
        facts: Facts,
    },
    /// The current step ended.
    Left {
        outcome: String,
        state: Value,
        facts: Facts,
        grant: Grant,
    },
    /// The first possession proof passed: held facts count from here on.
    Proven {
        reference: CaseRef,
        facts: Facts,
        snapshot: Digest,
        disputed: bool,
    },
    /// The account was read again.
    Rechecked {
        snapshot: Digest,
        changed: bool,
    },
    /// A risk observation.
    Signalled {
        signal: String,
    },
    TaskOpened {
        task: Task,
    },
    TaskClaimed {
        person: PersonId,
        token: u32,
    },
    TaskReleased {
        person: PersonId,
    },
    /// Given by a lead or by a person to a colleague.
    TaskHandedOver {
        from: PersonId,
        to: PersonId,
        token: u32,
    },
    TaskClosed,
    /// One approval of the round, on exactly this message.
    Approved {
        person: PersonId,
        round: u32,
        message: Digest,
    },
    /// A reviewer decided; IN-10: who, which checks, verdict, reason, on what.
    Decided {
        person: PersonId,
        round: u32,
        decided: Decided,
        message: Digest,
    },
    /// The case cannot go on by itself.
    Stuck {
        why: String,
    },
    /// An operator had it tried again.
    TriedAgain {
        person: PersonId,
    },
    /// An operator gave up a case that could not go on, before there was a remedy to give up. `reason` is the key of the
    /// operator's words in sealed state, as in `RemedyGivenUp`.
    GivenUp {
        person: PersonId,
        reason: String,
    },
    /// The owner objected to a disputed case.
    Contested {
        channel: u8,
    },
    /// A senior found that the objection was not the owner's: the current step begins anew.
    ContestDismissed {
        person: PersonId,
    },
    /// The point of no return (invariant 11).
    RemedyBegun,
    /// The host carried the remedy out.
    RemedyDone,
    /// An operator gave the remedy up.
    RemedyGivenUp {
        person: PersonId,
        reason: String,
    },
    /// The sealed state beside the case changed.
    Sealed {
        commitment: Digest,
    },
    /// The case ended.
    Closed {
        outcome: Outcome,
        linked: Option<CaseId>,
        /// The workflow that the claimant is sent to, which proves everything again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    },
}
