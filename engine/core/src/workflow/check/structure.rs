//! The shape of the graph: everything is reached, everything ends, loops are bounded, approval comes from the remedy.

use std::collections::BTreeSet;

use super::Subject;
use crate::case::{Class, Outcome};
use crate::workflow::definition::{Step, Target};
use crate::workflow::fault::Fault;

pub(super) fn check(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    unreachable(subject, faults);
    dead_ends(subject, faults);
    loops(subject, faults);
    approvals(subject, faults);
}

/// The steps that a step leads to.
pub(super) fn after(step: &Step) -> impl Iterator<Item = &str> {
    step.then.values().filter_map(|target| match target {
        Target::Step(name) => Some(name.as_str()),
        _ => None,
    })
}

fn unreachable(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let definition = &subject.file.definition;
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut rest = vec![definition.start.as_str()];
    while let Some(name) = rest.pop() {
        if let Some(step) = definition.step(name).filter(|_| reached.insert(name)) {
            rest.extend(after(step));
        }
    }
    if reached.is_empty() {
        return;
    }
    for step in definition
        .steps
        .iter()
        .filter(|step| !reached.contains(step.name.as_str()))
    {
        if let Some(places) = subject.file.steps.get(&step.name) {
            let what = format!("step `{}` is never reached", step.name);
            faults.push(Fault::new(
                places.name,
                what,
                "no outcome leads there; lead to it or take it out",
            ));
        }
    }
}

fn dead_ends(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let definition = &subject.file.definition;
    let mut ending: BTreeSet<&str> = BTreeSet::new();
    loop {
        let more: Vec<&str> = definition
            .steps
            .iter()
            .filter(|step| !ending.contains(step.name.as_str()))
            .filter(|step| {
                let mut targets = step.then.values();
                targets.any(|target| match target {
                    Target::Step(name) => ending.contains(name.as_str()),
                    Target::End(_) | Target::Start(_) => true,
                })
            })
            .map(|step| step.name.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    for step in definition
        .steps
        .iter()
        .filter(|step| !ending.contains(step.name.as_str()))
    {
        if let Some(places) = subject.file.steps.get(&step.name) {
            let what = format!("step `{}` is a dead end", step.name);
            faults.push(Fault::new(places.name, what, "no path leads from it to an end"));
        }
    }
}

/// Every loop must pass through a step with `visits`.
fn loops(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let definition = &subject.file.definition;
    let unbounded = |name: &str| definition.step(name).filter(|step| step.visits == Step::ANY_VISITS);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for step in &definition.steps {
        if told.contains(step.name.as_str()) || unbounded(&step.name).is_none() {
            continue;
        }
        let Some(circle) = circle(&step.name, &unbounded) else {
            continue;
        };
        told.extend(circle.iter().copied());
        if let Some(places) = subject.file.steps.get(&step.name) {
            let what = format!("the loop {} → {} has no bound", circle.join(" → "), step.name);
            faults.push(Fault::new(places.name, what, "give one of its steps `visits`"));
        }
    }
}

/// The shortest circle through unbounded steps from a step back to itself.
fn circle<'a>(from: &'a str, unbounded: &dyn Fn(&str) -> Option<&'a Step>) -> Option<Vec<&'a str>> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut ways: std::collections::VecDeque<Vec<&'a str>> = [vec![from]].into();
    while let Some(way) = ways.pop_front() {
        let step = unbounded(way.last()?)?;
        for next in after(step) {
            if next == from {
                return Some(way);
            }
            if unbounded(next).is_some() && seen.insert(next) {
                let mut further = way.clone();
                further.push(next);
                ways.push_back(further);
            }
        }
    }
    None
}

/// Invariant 11: in recovery and settings only `remedy.done` leads to `end.approved`, in step_up only a possession proof.
fn approvals(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let class = subject.file.definition.class;
    let mut approved = false;
    for (step, declared, places) in subject.steps() {
        for outcome in &declared.outcomes {
            let (Some(target), Some((_, place))) = (step.then.get(&outcome.name), places.then.get(&outcome.name))
            else {
                continue;
            };
            let ends = *target == Target::End(Outcome::Approved);
            approved |= ends;
            let done = declared.remedy && outcome.name == "done";
            if done && !ends {
                let why = "after the remedy the case ends; the claimant goes on at the host";
                faults.push(Fault::new(*place, "a remedy that is done leads to `end.approved`", why));
            }
            let allowed = if class == Class::StepUp {
                outcome.possession
            } else {
                done
            };
            if ends && !allowed {
                let why = if class == Class::StepUp {
                    "in class step_up only a factor step that passed does"
                } else {
                    "only `done` of a remedy step does"
                };
                let what = format!("`{}` of `{}` leads to `end.approved`", outcome.name, step.name);
                faults.push(Fault::new(*place, what, why));
            }
        }
    }
    if !approved && !subject.declared.is_empty() {
        faults.push(Fault::new(
            subject.file.start,
            "no path leads to `end.approved`",
            "nobody could ever be helped",
        ));
    }
}
