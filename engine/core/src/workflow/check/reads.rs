//! Nothing may read the account, or what is held back until then, before a possession proof has passed on every path:
//! pages and lanes would tell a stranger what the account is like (design, section 4).

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::workflow::definition::Target;
use crate::workflow::fault::{Fault, Place};
use crate::workflow::tree::{Content, Node};

pub(super) fn check(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let proven = proven_before(subject);
    let held: BTreeSet<String> = subject
        .steps()
        .flat_map(|(step, declared, _)| {
            let held = declared.facts.iter().filter(|fact| fact.held);
            held.map(move |fact| format!("{}.{}", step.name, fact.name))
        })
        .collect();
    for (step, declared, places) in subject.steps() {
        if proven.get(step.name.as_str()) != Some(&false) {
            continue;
        }
        let early = "no possession proof has passed on every path before; put it behind a code or factor step";
        for (place, condition) in conditions(&places.config) {
            let compiled = subject.file.definition.conditions.get(condition);
            for name in compiled.into_iter().flat_map(crate::workflow::expr::Expr::names) {
                if name.starts_with("account.") || held.contains(name) {
                    let what = format!("`{}` reads `{name}` too early", step.name);
                    faults.push(Fault::new(place, what, early));
                }
            }
        }
        if declared.reads_account {
            let what = format!("`{}` shows or asks what only the account's owner may see", step.name);
            faults.push(Fault::new(places.kind, what, early));
        }
        if declared.remedy {
            let what = format!("`{}` carries out the remedy too early", step.name);
            faults.push(Fault::new(places.kind, what, early));
        }
    }
}

/// By step: whether on every path a possession proof has passed before it is entered.
fn proven_before<'a>(subject: &Subject<'a>) -> BTreeMap<&'a str, bool> {
    let definition = &subject.file.definition;
    let mut proven: BTreeMap<&str, bool> = definition.steps.iter().map(|step| (step.name.as_str(), true)).collect();
    proven.insert(&definition.start, false);
    loop {
        let mut changed = false;
        for step in &definition.steps {
            if proven.get(step.name.as_str()) == Some(&true) {
                continue;
            }
            for (outcome, target) in &step.then {
                let Target::Step(next) = target else { continue };
                let declared = subject.declared.get(&step.name);
                let passes = declared
                    .and_then(|declared| declared.outcomes.iter().find(|o| o.name == *outcome))
                    .is_some_and(|outcome| outcome.possession);
                if let Some(after) = proven.get_mut(next.as_str()).filter(|after| **after && !passes) {
                    *after = false;
                    changed = true;
                }
            }
        }
        if !changed {
            return proven;
        }
    }
}

/// The conditions in a step's own part.
fn conditions(config: &Node) -> Vec<(Place, &str)> {
    let (mut found, mut rest) = (Vec::new(), vec![config]);
    while let Some(node) = rest.pop() {
        rest.extend(node.elements());
        for (key, value) in node.entries() {
            match &value.content {
                Content::Text(text) if key.name == "if" => found.push((value.place, text.as_str())),
                _ => rest.push(value),
            }
        }
    }
    found
}
