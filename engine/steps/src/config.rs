//! Reading a step's part of the workflow file, and writing and reading a step's own state.

use readmit_core::kind::{DeclaredOutcome, Grant, Status, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The step's configuration.
pub(crate) fn config<T: DeserializeOwned>(step: &Step) -> Result<T, String> {
    T::deserialize(&step.config).map_err(|error| format!("step `{}`: {error}", step.name))
}

/// The configuration of a step that was published, and so has been read before.
pub(crate) fn published<T: DeserializeOwned>(step: &Step) -> Result<T, Refusal> {
    config(step).map_err(|_| Refusal::UnknownStep)
}

/// The state of a step run, as an earlier turn wrote it.
pub(crate) fn state<T: DeserializeOwned>(value: &Value) -> Result<T, Refusal> {
    T::deserialize(value).map_err(|_| Refusal::UnknownStep)
}

/// A state as the event carries it. State types have string keys only, which JSON can always hold.
pub(crate) fn value<T: Serialize>(state: &T) -> Value {
    serde_json::to_value(state).unwrap_or_default()
}

/// An outcome that is no possession proof.
pub(crate) fn outcome(name: &str, grant: Grant) -> DeclaredOutcome {
    DeclaredOutcome {
        name: name.to_owned(),
        grant,
        possession: false,
    }
}

/// Outcomes that grant nothing.
pub(crate) fn outcomes<const N: usize>(names: [&str; N]) -> Vec<DeclaredOutcome> {
    names.map(|name| outcome(name, Grant::Nothing)).into()
}

/// A turn that leaves the case to an operator.
pub(crate) fn stuck(why: &str) -> Turn {
    Turn {
        status: Status::Stuck { why: why.to_owned() },
        ..Turn::waiting(Value::Null)
    }
}

/// Why a case is stuck whose account has an attribute with a value that the vocabulary does not know.
pub(crate) const UNMAPPED: &str = "unmapped";
