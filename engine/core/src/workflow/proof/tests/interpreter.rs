//! A second, tiny reading of what a workflow does: it runs one case with real values and writes down what happened, and
//! judges from that record alone. It shares nothing with the exploration but the reader and the evaluator of conditions.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Outcome;
use crate::kind::{FactValue, Facts, Grant};
use crate::time::Span;
use crate::workflow::check::Checked;
use crate::workflow::definition::{Definition, Target};
use crate::workflow::expr::Scope;
use crate::workflow::written::{Need, Proof};

/// What happened, in order.
#[derive(Clone, Debug)]
enum Happened {
    Proved(String),
    HandedIn(String),
    Approved(u32),
    TurnedBack,
    Waited(Span),
}

/// Values of one case: account, policy and facts, by dotted name.
struct Values<'a>(&'a Facts);

impl Scope for Values<'_> {
    fn get(&self, name: &str) -> Option<FactValue> {
        self.0.get(name).cloned()
    }
}

/// Makes choices: a small generator with a period far beyond one test (xorshift64*, Vigna 2016).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % n
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// How a run begins to tell that it stands still: its step has visits left nowhere.
pub(super) const NO_WAY_ON: &str = "no way on from";

/// One case from start to end. `Some` tells what was missing where the remedy was carried out, or where it stands still.
pub(super) fn run(
    definition: &Definition,
    proof: &Proof,
    declared: &BTreeMap<String, crate::kind::Declared>,
    mut values: Facts,
    dice: &mut Dice,
) -> Option<String> {
    for (step, own) in declared {
        for fact in &own.facts {
            values.insert(format!("{step}.{}", fact.name), fact.values[0].clone());
        }
    }
    let (mut record, mut visits, mut name) = (Vec::new(), BTreeMap::new(), definition.start.clone());
    for _ in 0..200 {
        let (step, own) = (definition.step(&name).unwrap(), &declared[&name]);
        *visits.entry(name.clone()).or_insert(0) += 1;
        if own.remedy {
            return missing(definition, proof, &values, &record);
        }
        for fact in &own.facts {
            if dice.below(3) > 0 {
                let value = dice.pick(&fact.values).clone();
                values.insert(format!("{name}.{}", fact.name), value);
            }
        }
        let holds = |condition: &str| definition.holds(condition, &Values(&values)).unwrap();
        if let Some(wait) = &own.wait {
            record.push(Happened::Waited(wait.choose(|c| Ok::<_, ()>(holds(c))).unwrap()));
        }
        let open = |target: &Target| match target {
            Target::Step(to) => visits.get(to).copied().unwrap_or(0) < definition.step(to).unwrap().visits,
            _ => true,
        };
        let routed = own
            .routes
            .iter()
            .find(|(condition, _)| condition.as_deref().is_none_or(holds));
        let outcome = match routed {
            Some((_, outcome)) => own.outcomes.iter().find(|o| o.name == *outcome).unwrap(),
            None => {
                let offered: Vec<_> = own.outcomes.iter().filter(|o| open(&step.then[&o.name])).collect();
                if offered.is_empty() {
                    return Some(format!("{NO_WAY_ON} `{name}`"));
                }
                *dice.pick(&offered)
            }
        };
        match &outcome.grant {
            Grant::Nothing => {}
            Grant::Now(proof) => record.push(Happened::Proved(proof.clone())),
            Grant::Pending(proof) => record.push(Happened::HandedIn(proof.clone())),
            Grant::Confirm => {
                let table = own.approvals.clone().unwrap();
                record.push(Happened::Approved(table.choose(|c| Ok::<_, ()>(holds(c))).unwrap()));
            }
            Grant::Drop => record.push(Happened::TurnedBack),
        }
        match &step.then[&outcome.name] {
            Target::Step(to) => {
                if !open(&step.then[&outcome.name]) {
                    return Some(format!("{NO_WAY_ON} `{name}` to `{to}`"));
                }
                name = to.clone();
            }
            Target::End(outcome) => {
                assert_ne!(*outcome, Outcome::Approved, "approved without a remedy");
                return None;
            }
            Target::Start(_) => return None,
        }
    }
    panic!("the run does not end");
}

/// What the requirement wants and the record does not show.
fn missing(definition: &Definition, proof: &Proof, values: &Facts, record: &[Happened]) -> Option<String> {
    let holds = |condition: &str| definition.holds(condition, &Values(values)).unwrap();
    let lines: Vec<_> = proof.when.iter().filter(|line| holds(&line.r#if)).collect();
    let approvals = lines.iter().map(|line| line.approvals).max().unwrap_or(0);
    let wait = lines.iter().map(|line| line.wait).max().unwrap_or(Span::ZERO);
    let needs: Vec<&Need> = proof
        .require
        .iter()
        .chain(lines.iter().flat_map(|line| &line.require))
        .collect();

    let held = held(record);
    if let Some(need) = needs
        .iter()
        .find(|need| !need.options().iter().any(|name| held.contains(name)))
    {
        return Some(format!("{need:?} with {held:?}"));
    }
    let since_evidence = record
        .rsplit(|event| matches!(event, Happened::HandedIn(_)))
        .next()
        .unwrap();
    let given = since_evidence
        .iter()
        .map(|event| if let Happened::Approved(n) = event { *n } else { 0 })
        .max();
    if given.unwrap_or(0) < approvals {
        return Some(format!("{approvals} approvals with {given:?}"));
    }
    let proving = |event: &Happened| matches!(event, Happened::Proved(_) | Happened::Approved(_));
    let since_proof = record.rsplit(proving).next().unwrap();
    let waited: i64 = since_proof
        .iter()
        .map(|event| if let Happened::Waited(span) = event { span.0 } else { 0 })
        .sum();
    (Span(waited) < wait).then(|| format!("a wait of {wait} with {}", Span(waited)))
}

/// Proofs held at the end of the record: at once, or handed in and then approved before being turned back.
fn held(record: &[Happened]) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    for (at, event) in record.iter().enumerate() {
        match event {
            Happened::Proved(proof) => {
                held.insert(proof.clone());
            }
            Happened::HandedIn(proof) => {
                let next = record[at..]
                    .iter()
                    .find(|e| matches!(e, Happened::Approved(_) | Happened::TurnedBack));
                if matches!(next, Some(Happened::Approved(_))) {
                    held.insert(proof.clone());
                }
            }
            _ => {}
        }
    }
    held
}

/// Random values for everything that a vocabulary knows.
pub(super) fn values(vocabulary: &crate::workflow::vocabulary::Vocabulary, dice: &mut Dice) -> Facts {
    vocabulary
        .names()
        .map(|name| (name.clone(), dice.pick(vocabulary.values(&name).unwrap()).clone()))
        .collect()
}

/// Several random runs; `Some` is the first that lacked something.
pub(super) fn runs(
    checked: &Checked,
    values: impl Fn(&mut Dice) -> Facts,
    dice: &mut Dice,
    n: usize,
) -> Option<String> {
    (0..n).find_map(|_| {
        let values = values(dice);
        run(&checked.definition, &checked.proof, &checked.declared, values, dice)
    })
}
