//! The steps of a workflow in words: what the graph shows, for people who do not see it and for the command line.

use super::super::definition::{Definition, Step, Target};
use crate::kind::{Grant, Kinds};

/// One step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub step: String,
    pub kind: String,
    /// What passing it counts as; of a review, that it confirms.
    pub counts: Vec<String>,
    /// Where it leads: what happens, and the target as written in the file.
    pub then: Vec<(String, String)>,
}

/// Every step, in the file's order.
#[must_use]
pub fn in_words(definition: &Definition, kinds: &dyn Kinds) -> Vec<Row> {
    let rows = definition.steps.iter().map(|step| {
        let declared = kinds
            .get(&step.kind)
            .and_then(|kind| kind.declare(step).ok())
            .unwrap_or_default();
        let counts = declared.outcomes.iter().filter_map(|outcome| match &outcome.grant {
            Grant::Now(proof) => Some(proof.clone()),
            Grant::Pending(proof) => Some(format!("{proof}, once approved")),
            Grant::Confirm => Some("approval".to_owned()),
            Grant::Nothing | Grant::Drop => None,
        });
        Row {
            step: step.name.clone(),
            kind: step.kind.clone(),
            counts: counts.collect(),
            then: then(step, &declared.routes),
        }
    });
    rows.collect()
}

/// A decision tells its conditions, in their order; any other step its outcomes, those that lead to one target together.
fn then(step: &Step, routes: &[(Option<String>, String)]) -> Vec<(String, String)> {
    let mut then: Vec<(String, String)> = Vec::new();
    if routes.is_empty() {
        for (outcome, target) in &step.then {
            let (word, target) = (outcome.replace('_', " "), written(target));
            match then.iter_mut().find(|(_, known)| *known == target) {
                Some((words, _)) => *words = format!("{words}, {word}"),
                None => then.push((word, target)),
            }
        }
    }
    for (condition, outcome) in routes {
        let target = step.then.get(outcome).map(written).unwrap_or_default();
        then.push((condition.clone().unwrap_or_else(|| "otherwise".to_owned()), target));
    }
    then
}

fn written(target: &Target) -> String {
    match target {
        Target::Step(name) => name.clone(),
        Target::End(outcome) => format!("end.{}", outcome.code()),
        Target::Start(name) => format!("start.{name}"),
    }
}

/// The rows as a plain text table.
#[must_use]
pub fn table_of_steps(definition: &Definition, kinds: &dyn Kinds) -> String {
    let rows = in_words(definition, kinds);
    let widest = |cell: fn(&Row) -> String, head: &str| {
        rows.iter()
            .map(|row| cell(row).chars().count())
            .chain([head.len()])
            .max()
            .unwrap_or(0)
    };
    let (step, kind) = (
        widest(|row| row.step.clone(), "step"),
        widest(|row| row.kind.clone(), "kind"),
    );
    let counts = widest(|row| row.counts.join(", "), "counts as");
    let mut table = format!("{:step$}  {:kind$}  {:counts$}  then\n", "step", "kind", "counts as");
    for row in &rows {
        let then: Vec<String> = row
            .then
            .iter()
            .map(|(what, target)| format!("{what}: {target}"))
            .collect();
        let (name, own) = (&row.step, &row.kind);
        table += &format!(
            "{name:step$}  {own:kind$}  {:counts$}  {}\n",
            row.counts.join(", "),
            then.join(" · ")
        );
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workflow::load;
    use crate::workflow::samples::{PASSKEY_RESET, Samples};

    #[test]
    fn the_shipped_workflow_reads_in_words() {
        let table = table_of_steps(&load(PASSKEY_RESET).unwrap(), &Samples);
        let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        assert_eq!(table.lines().count(), 14);
        assert_eq!(
            line("review "),
            "review      review       approval                  approved: cool_down · ask documents: documents · rejected: end.rejected"
        );
        assert_eq!(
            line("answered "),
            "answered    decision                               policy.profile == \"strict\": manual · otherwise: cool_down"
        );
        assert!(line("password ").ends_with("exhausted, forgotten, locked: manual · right: route"));
    }
}
