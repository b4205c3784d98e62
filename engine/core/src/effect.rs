//! Side effects asked for by the core. They run at least once; the job id is the provider's idempotency key (invariant 8).

use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, EvidenceId, JobId};
use crate::time::At;

/// What a job does. Holds no personal data and no secret: the executor reads those from sealed state (OT-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Effect {
    /// Derive and send the code of this issue of the current step run; a superseded or used one is not sent.
    SendCode { issue: u32 },
    /// Tell the case that the text message with the code of this issue did not arrive, as its gateway says.
    Undelivered { issue: u32 },
    /// Send the code of a visit by which somebody comes back to a case ("continue a recovery"). No case event.
    SendReturnCode { visit: uuid::Uuid },
    /// Send the link of the invitation to the address on file, if there is one. No case event.
    SendInvitation,
    /// Tell the owner on one channel.
    Notice { notice: Notice, channel: u8 },
    /// Wake the case: the named timer of the step run (or of the case, in run 0) has come.
    Timer { name: String },
    /// Read the account again and hand the answer to the step.
    ReadAccount,
    /// Open and read a picture, hold it against its rule pack, and hand what was found to the step.
    Inspect { evidence: EvidenceId },
    /// Carry out the remedy at the host.
    Remedy,
    /// Tell another case what was seen in this one.
    Signal { case: CaseId, signal: String },
}

impl Effect {
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Inspect { .. } => Lane::Slow,
            _ => Lane::Quick,
        }
    }
}

/// Which jobs wait for which: reading a picture takes a second of a processor, and no code may wait behind a hundred of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Quick,
    Slow,
}

impl Lane {
    /// How the stored effects of the slow lane begin.
    pub const SLOW: &str = r#"{"do":"inspect""#;
}

/// The signal that the owner's number is in another SIM card than lately, and the reason for which no code goes there (OT-06).
pub const SIM_CHANGED: &str = "sim_changed";

/// What the owner is told (RF-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The first possession proof passed.
    Started,
    /// Evidence was handed in.
    Submitted,
    /// Something is missing on pictures that were sent: they did not go on.
    Wanting,
    /// A reviewer asks for something again.
    AskedAgain,
    /// Approved; the cool-down, if any, has begun.
    Approved,
    Rejected,
    /// The remedy was carried out.
    Done,
    Withdrawn,
    /// Another request takes its place.
    HandedOver,
    Vetoed,
    /// The owner objected to a disputed case: it stands still until a senior has looked.
    Contested,
    Expired,
    /// Support closed the case.
    ClosedBySupport,
    /// The claimant wrote a message.
    Wrote,
    /// Staff wrote a message.
    Answered,
    /// One of the recovery codes was used; so many are left (SC-01).
    CodeUsed {
        left: u8,
    },
    /// A passkey that was used is backed up no more: it lives on one device (PK-05).
    Unsynced,
}

impl Notice {
    /// Whether the case can still be stopped when this notice arrives: then it carries the veto.
    #[must_use]
    pub const fn carries_veto(self) -> bool {
        matches!(
            self,
            Self::Started
                | Self::Submitted
                | Self::Wanting
                | Self::AskedAgain
                | Self::Approved
                | Self::Wrote
                | Self::Answered
                | Self::CodeUsed { .. }
        )
    }

    /// Its code in texts and at the host.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Submitted => "submitted",
            Self::Wanting => "wanting",
            Self::AskedAgain => "asked_again",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
            Self::HandedOver => "handed_over",
            Self::Vetoed => "vetoed",
            Self::Contested => "contested",
            Self::Expired => "expired",
            Self::ClosedBySupport => "closed_by_support",
            Self::Wrote => "wrote",
            Self::Answered => "answered",
            Self::CodeUsed { .. } => "code_used",
            Self::Unsynced => "unsynced",
        }
    }
}

/// The step run of every notice: none that is ever left, and one that the end of the case spares. What happened is told also
/// when it is over, and when its mail server was away (RF-09).
pub const NOTICES: u32 = u32::MAX;

/// An effect or timer waiting to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub case: CaseId,
    /// The step run it belongs to; leaving that run cancels it. 0 is the case itself: cancelled by nothing but its end.
    /// [`NOTICES`] are cancelled by nothing.
    pub run: u32,
    /// When it becomes visible; in the table also its lease.
    pub due: At,
    pub effect: Effect,
    /// How often it was tried before.
    pub attempts: u32,
}

/// A job as leased by a worker: the due time it was given is its fencing token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub job: JobId,
    pub until: At,
}

/// How an executor ended. `Retry` never reaches the case.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EffectError {
    /// Try again later, with back-off.
    #[error("try again: {0}")]
    Retry(String),
    /// It will not work however often it is tried.
    #[error("given up: {0}")]
    Permanent(String),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lanes_are_told_by_how_effects_are_stored() {
        let evidence = EvidenceId(uuid::Uuid::nil());
        for effect in [
            Effect::Inspect { evidence },
            Effect::Remedy,
            Effect::SendCode { issue: 1 },
        ] {
            let stored = serde_json::to_string(&effect).unwrap();
            assert_eq!(stored.starts_with(Lane::SLOW), effect.lane() == Lane::Slow, "{stored}");
        }
    }
}
