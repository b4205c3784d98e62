//! Refusals: a command that wrote no case event (invariant 2). Stable codes; texts are looked up by code.

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The case has moved on since the page was made.
    #[error("stale")]
    Stale,
    /// The case is closed.
    #[error("closed")]
    Closed,
    /// The case was erased.
    #[error("erased")]
    Erased,
    /// The remedy has begun: nothing stops it any more.
    #[error("already_carried_out")]
    AlreadyCarriedOut,
    /// The case has no first proof yet; what was asked needs one.
    #[error("unproven")]
    Unproven,
    /// A field is missing or wrong; `field` is the form's name of it, `code` a text `refusal-{code}`.
    #[error("field {field}: {code}")]
    Field { field: String, code: &'static str },
    /// The same of several fields at once.
    #[error("{} fields", .0.len())]
    Fields(Vec<(String, &'static str)>),
    /// A counter is used up until `until`.
    #[error("too_many")]
    TooMany { until: crate::time::At },
    /// The claim is somebody else's, or its token is old.
    #[error("not_yours")]
    NotYours,
    /// There is no live task, or not this one.
    #[error("no_task")]
    NoTask,
    /// This person may not act here: earlier approval, missing role, own case.
    #[error("not_allowed")]
    NotAllowed,
    /// The decision was made about something that has changed since.
    #[error("message_changed")]
    MessageChanged,
    /// The host's directory gave no usable answer for this account.
    #[error("host_unknown")]
    HostUnknown,
    /// A workflow step or kind that this build does not know.
    #[error("unknown_step")]
    UnknownStep,
    /// The workflow led where no proof at publish would have let it: the engine's second line of defence.
    #[error("unsound")]
    Unsound,
}

impl Refusal {
    /// Of every field that is wrong, in the order of the form; `None` where none is.
    #[must_use]
    pub fn of_fields(mut faults: Vec<(String, &'static str)>) -> Option<Self> {
        match faults.len() {
            0 | 1 => faults.pop().map(|(field, code)| Self::Field { field, code }),
            _ => Some(Self::Fields(faults)),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Closed => "closed",
            Self::Erased => "erased",
            Self::AlreadyCarriedOut => "already_carried_out",
            Self::Unproven => "unproven",
            Self::Field { code, .. } => code,
            Self::Fields(_) => "fields",
            Self::TooMany { .. } => "too_many",
            Self::NotYours => "not_yours",
            Self::NoTask => "no_task",
            Self::NotAllowed => "not_allowed",
            Self::MessageChanged => "message_changed",
            Self::HostUnknown => "host_unknown",
            Self::UnknownStep => "unknown_step",
            Self::Unsound => "unsound",
        }
    }
}
