//! What steps make and what the remedy adds are the same thing: nothing else would be kept, and nothing less can be.

use super::Subject;
use crate::kind::Enrols;
use crate::workflow::fault::Fault;

pub(super) fn check(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let added = subject.file.definition.remedy.add.as_deref();
    let mut is_made = false;
    for (step, declared, places) in subject.steps() {
        let (what, why) = match &declared.enrols {
            Some(Enrols::Added(kind)) if added == Some(kind) => {
                is_made = true;
                continue;
            }
            Some(Enrols::Added(kind)) => (
                format!("`{}` makes `{kind}`, which the remedy does not add", step.name),
                format!("nothing else is kept: `add: {kind}`"),
            ),
            Some(Enrols::Beside(kind)) if added.is_none_or(|added| added == kind) => (
                format!("`{}` offers `{kind}` beside no other factor", step.name),
                "it is kept only with another that the remedy adds".to_owned(),
            ),
            _ => continue,
        };
        faults.push(Fault::new(places.kind, what, why));
    }
    // Kinds and steps that are at fault themselves say nothing of what they make.
    if let Some(kind) = added.filter(|_| !is_made && faults.is_empty()) {
        let what = format!("the remedy adds `{kind}`, which no step makes");
        faults.push(Fault::new(subject.file.remedy, what, "it could never be carried out"));
    }
}
