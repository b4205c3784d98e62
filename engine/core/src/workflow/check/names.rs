//! Everything that a file names must exist: targets, outcomes, facts, attributes, literals, proofs, queues, texts, slots.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Subject;
use crate::kind::{FactValue, Grant};
use crate::workflow::definition::{RemedySpec, Target};
use crate::workflow::expr::Expr;
use crate::workflow::fault::{Fault, Place, nearest, suggest};
use crate::workflow::policy::is_analysis;
use crate::workflow::tree::Node;

/// What the graph is made of.
pub(super) fn graph(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    targets(subject, faults);
    outcomes(subject, faults);
}

pub(super) fn check(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    references(subject, faults);
    conditions(subject, faults);
    queues(subject, faults);
    proofs(subject, faults);
    deviations(subject, faults);
}

fn targets(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let definition = &subject.file.definition;
    let names: Vec<&str> = definition.steps.iter().map(|step| step.name.as_str()).collect();
    let unknown = |place: Place, name: &str| {
        let what = format!("unknown step `{name}`");
        Fault::new(place, what, suggest(name, names.iter().copied()))
    };
    if !definition.start.is_empty() && definition.step(&definition.start).is_none() {
        faults.push(unknown(subject.file.start, &definition.start));
    }
    for step in &definition.steps {
        let places = subject.file.steps.get(&step.name);
        for (outcome, target) in &step.then {
            let place = places
                .and_then(|places| places.then.get(outcome))
                .map_or(Place::default(), |(_, to)| *to);
            match target {
                Target::Step(name) if definition.step(name).is_none() => faults.push(unknown(place, name)),
                Target::Start(name) if !subject.library.workflows.contains(name) => {
                    let why = suggest(name, subject.library.workflows.iter().map(String::as_str));
                    faults.push(Fault::new(place, format!("unknown workflow `{name}`"), why));
                }
                _ => {}
            }
        }
    }
}

fn outcomes(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    for (step, declared, places) in subject.steps() {
        let known = declared.outcomes.iter().map(|outcome| outcome.name.as_str());
        let mut meant = Vec::new();
        for (written, (place, _)) in &places.then {
            if !known.clone().any(|outcome| outcome == written) {
                let what = format!("a {} step has no outcome `{written}`", step.kind);
                meant.extend(nearest(written, known.clone()));
                faults.push(Fault::new(*place, what, suggest(written, known.clone())));
            }
        }
        // One that was written wrongly is not missing, too.
        let missing = |outcome: &&str| !places.then.contains_key(*outcome) && !meant.contains(outcome);
        for outcome in known.filter(missing) {
            let what = format!("outcome `{outcome}` of `{}` leads nowhere", step.name);
            faults.push(Fault::new(places.name, what, "give it a target in `then`"));
        }
    }
}

fn references(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let library = subject.library;
    for (_, declared, places) in subject.steps() {
        for text in declared.texts.iter().filter(|text| !library.texts.contains(*text)) {
            let why = suggest(text, library.texts.iter().map(String::as_str));
            faults.push(Fault::new(
                stands(&places.config, text),
                format!("unknown text `{text}`"),
                why,
            ));
        }
        for slot in declared.slots.iter().filter(|slot| !library.slots.contains(*slot)) {
            let why = suggest(slot, library.slots.iter().map(String::as_str));
            faults.push(Fault::new(
                stands(&places.config, slot),
                format!("unknown slot `{slot}`"),
                why,
            ));
        }
        let queue = places
            .config
            .get("queue")
            .and_then(|node| Some((node.place, node.text()?)));
        if let Some((place, queue)) = queue.filter(|(_, queue)| library.queues.get(queue).is_none()) {
            let why = suggest(queue, library.queues.names());
            faults.push(Fault::new(place, format!("unknown queue `{queue}`"), why));
        }
    }
}

/// Where a word stands in a step's configuration, or where the step does.
fn stands(config: &Node, word: &str) -> Place {
    let mut rest = vec![config];
    while let Some(node) = rest.pop() {
        if node.text() == Some(word) {
            return node.place;
        }
        rest.extend(node.elements());
        rest.extend(node.entries().iter().map(|(_, value)| value));
    }
    config.place
}

fn conditions(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let definition = &subject.file.definition;
    for condition in &subject.file.conditions {
        if let Some(Err(sentence)) = definition
            .conditions
            .get(&condition.value)
            .map(|expr| expr.fits(&|name| values(subject, name)))
        {
            faults.push(Fault::sentence(condition.place, &sentence));
        }
    }
    for (step, declared, places) in subject.steps() {
        for condition in &declared.conditions {
            if !definition.conditions.contains_key(condition) {
                let what = format!("the {} kind reads `{condition}` as a condition", step.kind);
                faults.push(Fault::new(places.name, what, "conditions stand under `if`"));
            }
        }
    }
}

/// All values of a dotted name: of the vocabulary, or of a step's fact.
pub(in crate::workflow) fn values<'a>(subject: &Subject<'a>, name: &str) -> Option<Cow<'a, [FactValue]>> {
    if let Some(values) = subject.library.vocabulary.values(name) {
        return Some(Cow::Borrowed(values));
    }
    let (step, fact) = name.split_once('.')?;
    let declared = subject.declared.get(step)?;
    let fact = declared.facts.iter().find(|declared| declared.name == fact)?;
    Some(Cow::Borrowed(&fact.values))
}

/// The order of a queue must be computable, too: its conditions read the vocabulary only.
fn queues(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    for (queue, sentence) in subject.library.queues.misfits(subject.library.vocabulary) {
        let fault = Fault::sentence(subject.file.start, &sentence);
        let what = format!("queue `{queue}` in workflows/queues.yaml: {}", fault.what);
        faults.push(Fault { what, ..fault });
    }
}

fn proofs(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let granted: BTreeSet<&str> = subject
        .steps()
        .flat_map(|(_, declared, _)| &declared.outcomes)
        .filter_map(|outcome| match &outcome.grant {
            Grant::Now(proof) | Grant::Pending(proof) => Some(proof.as_str()),
            _ => None,
        })
        .collect();
    let proof = &subject.file.proof;
    let always = proof.value.require.iter().map(|need| (proof.place, need));
    let lines = proof.value.when.iter().zip(&subject.file.when);
    let sometimes = lines.flat_map(|(line, place)| line.require.iter().map(|need| (*place, need)));
    for (place, need) in always.chain(sometimes) {
        if need.options().is_empty() {
            faults.push(Fault::new(place, "`any_of` is empty", "nothing could ever satisfy it"));
        }
        for name in need.options() {
            if !granted.contains(name.as_str()) {
                // A step that is at fault itself says nothing of what it grants.
                if subject.declared.len() < subject.file.definition.steps.len() {
                    continue;
                }
                let why = suggest(name, granted.iter().copied());
                faults.push(Fault::new(place, format!("no step grants the proof `{name}`"), why));
            } else if !subject.library.policy.accepts(name) {
                let why =
                    "the policy knows it neither in a set of RF-01 nor as a method with its risk analysis (RF-03)";
                faults.push(Fault::new(place, format!("the proof `{name}` may not count"), why));
            } else if let Some(reset) = named_by(&subject.file.definition.remedy, name) {
                let why = format!("the remedy resets `{reset}`, and what a reset names is never its proof");
                faults.push(Fault::new(place, format!("the proof `{name}` can never count"), why));
            }
        }
    }
}

/// The factor kind among those reset that a proof rests on, if any (invariant 10).
pub(in crate::workflow) fn named_by<'a>(remedy: &RemedySpec, proof: &'a str) -> Option<&'a str> {
    let factor = match proof {
        "code.sms" => "phone",
        "code.email" => "email",
        "recovery_code" => "recovery_codes",
        other => other,
    };
    remedy.spoils(factor).then_some(factor)
}

fn deviations(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    for line in &subject.file.deviates {
        let analysis = &line.value.analysis;
        if !is_analysis(analysis) || !subject.library.analyses.contains(analysis) {
            let why = format!("write docs/risk/{analysis}.md, or name an analysis that exists");
            faults.push(Fault::new(
                line.place,
                format!("the risk analysis `{analysis}` does not exist"),
                why,
            ));
        }
        let compiled = subject.file.definition.conditions.get(&line.value.r#if);
        let names = compiled.into_iter().flat_map(Expr::names);
        for name in names.filter(|name| !name.starts_with("account.") && !name.starts_with("policy.")) {
            let what = format!("a deviation depends on the fact `{name}`");
            faults.push(Fault::new(
                line.place,
                what,
                "it may depend on `account.*` and `policy.*` only",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reset_names_never_counts() {
        let reset = RemedySpec {
            reset: vec!["passkey".to_owned(), "phone".to_owned()],
            ..RemedySpec::default()
        };
        assert_eq!(named_by(&reset, "passkey"), Some("passkey"));
        assert_eq!(named_by(&reset, "code.sms"), Some("phone"));
        assert_eq!(named_by(&reset, "code.email"), None);
        let remove = |kind: &str| RemedySpec {
            remove: Some(kind.to_owned()),
            ..RemedySpec::default()
        };
        assert_eq!(named_by(&remove("totp"), "totp"), Some("totp"));
        assert_eq!(
            named_by(&remove("passkey"), "passkey"),
            None,
            "another passkey may prove"
        );
    }
}
