//! What is refused when a workflow is published, beside what its reading refuses: everything that names something else,
//! the shape of the graph, what is read too early, the operator's floor, and at last the proof over every run.

mod enrols;
mod floor;
mod names;
mod reads;
mod structure;

pub(super) use names::{named_by, values};
use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Step};
use super::fault::{Fault, Place};
use super::policy::PolicyFile;
use super::proof::{self, Explored};
use super::queues::Queues;
use super::read::{StepPlaces, Written, written};
use super::vocabulary::Vocabulary;
use super::written::{Deviation, Proof};
use crate::kind::{Declared, Kinds};

/// The other files, and the build, that a workflow refers to.
#[derive(Clone, Copy)]
pub struct Library<'a> {
    pub kinds: &'a dyn Kinds,
    pub vocabulary: &'a Vocabulary,
    pub policy: &'a PolicyFile,
    pub queues: &'a Queues,
    /// Risk analyses that exist: `RA-1`.
    pub analyses: &'a BTreeSet<String>,
    /// Text ids that exist in every language.
    pub texts: &'a BTreeSet<String>,
    /// Slots that evidence may be asked for.
    pub slots: &'a BTreeSet<String>,
    /// Workflows that `start.NAME` may open.
    pub workflows: &'a BTreeSet<String>,
}

/// A workflow that may be published.
#[derive(Clone, Debug)]
pub struct Checked {
    pub definition: Definition,
    pub proof: Proof,
    pub deviations: Vec<Deviation>,
    /// What each step declared, by step.
    pub declared: BTreeMap<String, Declared>,
    /// What the publisher should know.
    pub notices: Vec<Notice>,
    pub explored: Explored,
}

/// A remark on a file that is in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub place: Place,
    pub level: Level,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A requirement that is broken on purpose, with its analysis.
    Notice,
    /// Something that could go.
    Warning,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let level = match self.level {
            Level::Notice => "notice",
            Level::Warning => "warning",
        };
        write!(f, "{}:{}: {level}: {}", self.place.line, self.place.column, self.text)
    }
}

/// Reads a file and proves it.
///
/// # Errors
/// Every fault of the file, in its order. The proof runs only over a file without other faults.
pub fn read(body: &str, library: &Library<'_>) -> Result<Checked, Vec<Fault>> {
    let (file, mut faults) = written(body);
    let Some(file) = file else { return Err(faults) };
    let declared = declare(&file, library, &mut faults);
    let subject = Subject {
        file: &file,
        declared: &declared,
        library,
    };
    names::graph(&subject, &mut faults);
    // What follows from a wrong kind, target or outcome is no fault of its own: the graph is judged once it is there.
    if faults.is_empty() {
        structure::check(&subject, &mut faults);
        reads::check(&subject, &mut faults);
    }
    names::check(&subject, &mut faults);
    floor::check(&subject, &mut faults);
    enrols::check(&subject, &mut faults);
    let proven = if faults.is_empty() {
        proof::prove(&subject)
    } else {
        Err(Vec::new())
    };
    match proven {
        Ok((explored, notices)) => Ok(Checked {
            deviations: file.deviates.into_iter().map(|line| line.value).collect(),
            definition: file.definition,
            proof: file.proof.value,
            declared,
            notices,
            explored,
        }),
        Err(broken) => {
            faults.extend(broken);
            faults.sort_by_key(|fault| fault.place);
            faults.dedup();
            Err(faults)
        }
    }
}

/// A file with what its steps declared: what every check looks at.
pub(crate) struct Subject<'a> {
    pub(crate) file: &'a Written,
    pub(crate) declared: &'a BTreeMap<String, Declared>,
    pub(crate) library: &'a Library<'a>,
}

impl<'a> Subject<'a> {
    /// The steps whose kind is known and could declare itself.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (&'a Step, &'a Declared, &'a StepPlaces)> {
        let (file, declared) = (self.file, self.declared);
        file.definition
            .steps
            .iter()
            .filter_map(move |step| Some((step, declared.get(&step.name)?, file.steps.get(&step.name)?)))
    }
}

fn declare(file: &Written, library: &Library<'_>, faults: &mut Vec<Fault>) -> BTreeMap<String, Declared> {
    let mut declared = BTreeMap::new();
    for step in &file.definition.steps {
        let Some(places) = file.steps.get(&step.name) else {
            continue;
        };
        match library.kinds.get(&step.kind).map(|kind| kind.declare(step)) {
            None => {
                let what = format!("unknown step kind `{}`", step.kind);
                faults.push(Fault::new(places.kind, what, "this build has no such kind"));
            }
            Some(Err(sentence)) => faults.push(Fault::sentence(places.name, &sentence)),
            Some(Ok(own)) => {
                declared.insert(step.name.clone(), own);
            }
        }
    }
    declared
}
