//! What somebody wants to happen to a case.

use serde::{Deserialize, Serialize};

use crate::conversation::Invite;
use crate::effect::Lease;
use crate::ids::{AccountId, CaseId, Digest, PersonId, RequestKey, Tag, TaskId};
use crate::kind::{Fields, JobResult, StoredFile};
use crate::review::Choice;
use crate::step_up::StepUp;

/// One request to change one case. The same key twice is the same request: the second changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub case: CaseId,
    pub key: RequestKey,
    pub by: Actor,
    pub act: Act,
}

/// Who acts. A client prefix is a tag, never an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Claimant {
        /// Tag of the client's network prefix (IPv4 /24, IPv6 /48).
        prefix: Tag,
        human: Human,
    },
    /// Through a veto link or the host's banner; the channel's place in the case's list.
    Owner {
        channel: u8,
    },
    Staff {
        person: PersonId,
        role: Role,
    },
    /// A job of ours.
    Engine,
}

/// Whether the request came with a passed human check (design, section 5): asked for above soft thresholds only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Human {
    Unchecked,
    Checked,
}

/// Who acted, as the record keeps it: without the network prefix, which would outlive an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum By {
    Claimant,
    Owner { channel: u8 },
    Staff { person: PersonId, role: Role },
    Engine,
}

impl By {
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Staff { .. })
    }
}

impl From<Actor> for By {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Claimant { .. } => Self::Claimant,
            Actor::Owner { channel } => Self::Owner { channel },
            Actor::Staff { person, role } => Self::Staff { person, role },
            Actor::Engine => Self::Engine,
        }
    }
}

/// What a member of staff may do; rights are checked in pages and again in `decide`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Invites, writes messages, closes; nothing else (IN-11).
    Support,
    Reviewer,
    /// Also reviews disputed cases and decides contests.
    Senior,
    /// Also hands over other people's tasks.
    Lead,
    Compliance,
    Operator,
}

impl Role {
    pub const ALL: [Self; 6] = [
        Self::Support,
        Self::Reviewer,
        Self::Senior,
        Self::Lead,
        Self::Compliance,
        Self::Operator,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Reviewer => "reviewer",
            Self::Senior => "senior",
            Self::Lead => "lead",
            Self::Compliance => "compliance",
            Self::Operator => "operator",
        }
    }

    /// Whether the role may decide reviews.
    #[must_use]
    pub const fn reviews(self) -> bool {
        matches!(self, Self::Reviewer | Self::Senior | Self::Lead)
    }

    /// Whether the role may decide reviews of disputed cases and contests.
    #[must_use]
    pub const fn is_senior(self) -> bool {
        matches!(self, Self::Senior | Self::Lead)
    }

    /// Whether one person may hold these roles together (IN-08): who decides cases neither runs the installation nor
    /// audits it, and support does nothing else.
    #[must_use]
    pub fn may_combine(roles: &[Self]) -> bool {
        match roles {
            [] => false,
            [_] => true,
            several => several.iter().all(|role| role.reviews()),
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.code() == text).ok_or_else(|| {
            format!("`{text}` is not a role; roles are support, reviewer, senior, lead, compliance and operator")
        })
    }
}

impl Act {
    /// The versions that a case is opened under, where this opens one.
    #[must_use]
    pub const fn opens(&self) -> Option<(Digest, Digest)> {
        match self {
            Self::Start { workflow, policy, .. } | Self::Invite { workflow, policy, .. } => Some((*workflow, *policy)),
            _ => None,
        }
    }

    /// Its stable code in the audit log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Invite { .. } => "invite",
            Self::Follow => "follow",
            Self::Write { .. } => "write",
            Self::Close { .. } => "close",
            Self::Submit { .. } => "submit",
            Self::Resume { .. } => "resume",
            Self::Signal { .. } => "signal",
            Self::Claim { .. } => "claim",
            Self::Release { .. } => "release",
            Self::HandOver { .. } => "hand_over",
            Self::Review { .. } => "review",
            Self::TryAgain { .. } => "try_again",
            Self::GiveUp { .. } => "give_up",
            Self::Withdraw => "withdraw",
            Self::Veto => "veto",
            Self::BeginRemedy { .. } => "begin_remedy",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Open a case that nobody has proven anything for yet.
    Start {
        workflow: Digest,
        policy: Digest,
        language: String,
        /// The account that the host says is signed in; proven here all the same.
        account: Option<AccountId>,
        /// The factor of that account which it is about.
        about: Option<uuid::Uuid>,
        /// What the host wants it for: in class step_up, and in no other.
        step_up: Option<StepUp>,
    },
    /// Support opens an unproven case for whoever reads mail at an address that the host has on file (IN-11).
    Invite {
        workflow: Digest,
        policy: Digest,
        language: String,
        invite: Invite,
    },
    /// Somebody follows the link of the invitation.
    Follow,
    /// A message to the other side. `template` names the prepared reply that staff began with.
    Write {
        text: String,
        template: Option<String>,
        files: Vec<StoredFile>,
    },
    /// Support closes a case that it opened and that nobody has handed in yet.
    Close {
        reason: String,
        note: String,
    },
    /// The claimant posts the current step's form. `run` is the step run that the page showed.
    Submit {
        run: u32,
        verb: String,
        fields: Fields,
        files: Vec<StoredFile>,
    },
    /// A job ended, or a timer came.
    Resume {
        lease: Lease,
        effect: crate::effect::Effect,
        run: u32,
        result: JobResult,
    },
    /// The claimant takes the request back.
    Withdraw,
    /// The owner objects.
    Veto,
    /// The engine saw something elsewhere that whoever decides this case should know.
    Signal {
        signal: String,
    },
    /// A reviewer takes the task that the queue reserved.
    Claim {
        task: TaskId,
    },
    Release {
        task: TaskId,
        token: u32,
    },
    HandOver {
        task: TaskId,
        token: u32,
        to: PersonId,
        /// What the recipient would work on it as.
        to_role: Role,
    },
    /// A reviewer decides, on exactly what the page showed.
    Review {
        task: TaskId,
        token: u32,
        message: Digest,
        choice: Choice,
        /// The checks that the page had ticked, each `slot.check`.
        ticks: Vec<String>,
    },
    /// An operator has a stuck step tried again.
    TryAgain {
        task: TaskId,
        token: u32,
    },
    /// An operator gives a stuck step up.
    GiveUp {
        task: TaskId,
        token: u32,
        reason: String,
    },
    /// The remedy's executor asks for the point of no return, with a fresh snapshot in the answers.
    BeginRemedy {
        lease: Lease,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_08_only_reviewing_roles_go_together() {
        for first in Role::ALL {
            assert!(Role::may_combine(&[first]));
            for second in Role::ALL.into_iter().filter(|second| *second != first) {
                let both = first.reviews() && second.reviews();
                assert_eq!(Role::may_combine(&[first, second]), both, "{first:?} and {second:?}");
            }
        }
        assert!(!Role::may_combine(&[]), "a person without a role signs in to nothing");
    }
}
