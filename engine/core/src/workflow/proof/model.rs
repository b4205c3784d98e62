//! A workflow as the exploration sees it: steps, facts, proofs and conditions by number; conditions as truth tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{MOST_VALUATIONS, Subject};
use crate::case::Outcome;
use crate::kind::{Declared, FactValue, Grant};
use crate::time::Span;
use crate::workflow::check::{named_by, values};
use crate::workflow::definition::{Step, Target};
use crate::workflow::expr::{Expr, Scope};
use crate::workflow::fault::{Fault, Place};
use crate::workflow::table::Table;

/// Facts by number; the value is its place among the declared ones, 0 the default.
pub(super) type FactValues = Vec<u8>;

#[derive(Debug)]
pub(super) struct Model {
    pub(super) steps: Vec<StepModel>,
    pub(super) start: usize,
    /// Account attributes and policy values that some condition reads, with all their values.
    pub(super) variables: Vec<(String, Vec<FactValue>)>,
    /// Facts that some condition reads.
    pub(super) facts: Vec<(String, Vec<FactValue>)>,
    pub(super) proofs: Vec<String>,
    pub(super) conditions: Vec<Condition>,
    /// The conditions that steps ask for.
    steering: BTreeSet<usize>,
    place: Place,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) expr: Expr,
    /// The facts it reads.
    facts: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct StepModel {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) remedy: bool,
    /// By condition, the first that holds; empty for a step that may yield any outcome, as one does that also learns.
    pub(super) routes: Vec<(Option<usize>, usize)>,
    pub(super) outcomes: Vec<OutcomeModel>,
    /// The facts it may learn.
    pub(super) learns: Vec<usize>,
    /// Facts that are still read from here on; others are forgotten on entry.
    pub(super) live: BTreeSet<usize>,
    pub(super) visits: Option<u8>,
    pub(super) approvals: Option<TableModel<u32>>,
    pub(super) wait: Option<TableModel<Span>>,
}

#[derive(Debug)]
pub(super) struct OutcomeModel {
    pub(super) name: String,
    pub(super) gives: Gives,
    pub(super) to: To,
}

/// What an outcome does to proofs; a proof is its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Nothing,
    Now(u64),
    Pending(u64),
    Confirm,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Step(usize),
    Approved,
    /// Any other end, or another workflow.
    Elsewhere,
}

/// A table whose conditions are numbers.
#[derive(Debug)]
pub(super) struct TableModel<T> {
    pub(super) rows: Vec<(usize, T)>,
    pub(super) otherwise: T,
}

impl Model {
    /// # Errors
    /// The fault that there are too many valuations or proofs.
    pub(super) fn of(subject: &Subject<'_>) -> Result<Self, Fault> {
        let mut numbers = Numbers::new(subject);
        let declared: Vec<(&Step, &Declared, Place)> = subject
            .steps()
            .map(|(step, declared, places)| (step, declared, places.name))
            .collect();
        let steps: Vec<StepModel> = declared
            .iter()
            .map(|(step, declared, place)| numbers.step(step, declared, *place))
            .collect();
        let named = |name: &str| steps.iter().position(|step| step.name == name).unwrap_or(0);
        let mut model = Self {
            start: named(&subject.file.definition.start),
            variables: numbers.variables,
            facts: numbers.facts,
            proofs: numbers.proofs,
            conditions: numbers.conditions,
            steering: steps.iter().flat_map(StepModel::asks).collect(),
            place: subject.file.start,
            steps,
        };
        model.find_live_facts(
            &subject
                .file
                .proof
                .value
                .when
                .iter()
                .map(|line| line.r#if.as_str())
                .collect(),
        );
        let valuations = model
            .variables
            .iter()
            .try_fold(1usize, |all, (_, values)| all.checked_mul(values.len()));
        if valuations.is_none_or(|all| all > MOST_VALUATIONS) {
            return Err(model.too_much(&format!("more than {MOST_VALUATIONS} combinations")));
        }
        if model.proofs.len() > 64 {
            return Err(Fault::new(
                model.place,
                "there are more than 64 proofs",
                "grant fewer different ones",
            ));
        }
        Ok(model)
    }

    /// That there is too much to explore, and what makes it so much.
    pub(super) fn too_much(&self, what: &str) -> Fault {
        let sizes = |all: &[(String, Vec<FactValue>)]| -> Vec<String> {
            all.iter()
                .map(|(name, values)| format!("{name} ({})", values.len()))
                .collect()
        };
        let names = [sizes(&self.variables), sizes(&self.facts)].concat().join(", ");
        let why = format!("let conditions read less; they read {names}");
        Fault::new(self.place, format!("too much to prove: {what}"), why)
    }

    /// A fact is live in a step when a step that can follow, the step itself or the requirement may read it.
    fn find_live_facts(&mut self, required: &BTreeSet<&str>) {
        let read = |condition: usize| self.conditions.get(condition).map_or(&[][..], |c| &c.facts);
        let at_the_end: BTreeSet<usize> = self
            .conditions
            .iter()
            .filter(|condition| required.contains(condition.expr.source()))
            .flat_map(|condition| condition.facts.clone())
            .collect();
        let mut live: Vec<BTreeSet<usize>> = self
            .steps
            .iter()
            .map(|step| {
                let own = step.asks().flat_map(|condition| read(condition).iter().copied());
                own.chain(at_the_end.iter().copied()).collect()
            })
            .collect();
        loop {
            let mut changed = false;
            for (index, step) in self.steps.iter().enumerate() {
                for outcome in &step.outcomes {
                    let To::Step(next) = outcome.to else { continue };
                    let later = live.get(next).cloned().unwrap_or_default();
                    if let Some(own) = live.get_mut(index) {
                        let before = own.len();
                        own.extend(later);
                        changed |= own.len() != before;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        for (step, live) in self.steps.iter_mut().zip(live) {
            step.live = live;
        }
    }
}

impl StepModel {
    /// The conditions that it evaluates.
    fn asks(&self) -> impl Iterator<Item = usize> {
        let routes = self.routes.iter().filter_map(|(condition, _)| *condition);
        let approvals = self
            .approvals
            .iter()
            .flat_map(|table| table.rows.iter().map(|row| row.0));
        let wait = self.wait.iter().flat_map(|table| table.rows.iter().map(|row| row.0));
        routes.chain(approvals).chain(wait)
    }
}

/// Gives numbers to what conditions read and steps grant.
struct Numbers<'a> {
    subject: &'a Subject<'a>,
    variables: Vec<(String, Vec<FactValue>)>,
    facts: Vec<(String, Vec<FactValue>)>,
    proofs: Vec<String>,
    conditions: Vec<Condition>,
    by_source: BTreeMap<String, usize>,
}

impl<'a> Numbers<'a> {
    fn new(subject: &'a Subject<'a>) -> Self {
        let mut numbers = Self {
            subject,
            variables: Vec::new(),
            facts: Vec::new(),
            proofs: Vec::new(),
            conditions: Vec::new(),
            by_source: BTreeMap::new(),
        };
        let class = subject.file.definition.class;
        let rules = subject.library.policy.floor.requirements.iter();
        let judged = rules
            .filter(|rule| rule.classes.contains(&class))
            .filter_map(|rule| Expr::parse(&rule.r#if).ok());
        let own = subject.file.definition.conditions.values().cloned();
        for expr in own.chain(judged) {
            numbers.condition(expr);
        }
        numbers
    }

    fn condition(&mut self, expr: Expr) {
        if self.by_source.contains_key(expr.source()) {
            return;
        }
        let mut facts = Vec::new();
        for name in expr.names() {
            let Some(all) = values(self.subject, name) else {
                continue;
            };
            let outside = name.starts_with("account.") || name.starts_with("policy.");
            let list = if outside { &mut self.variables } else { &mut self.facts };
            let known = list.iter().position(|(known, _)| known == name);
            let number = known.unwrap_or_else(|| {
                list.push((name.to_owned(), all.into_owned()));
                list.len() - 1
            });
            if !outside {
                facts.push(number);
            }
        }
        self.by_source.insert(expr.source().to_owned(), self.conditions.len());
        self.conditions.push(Condition { expr, facts });
    }

    fn step(&mut self, step: &Step, declared: &Declared, place: Place) -> StepModel {
        let outcomes: Vec<OutcomeModel> = declared
            .outcomes
            .iter()
            .map(|outcome| OutcomeModel {
                name: outcome.name.clone(),
                gives: self.gives(&outcome.grant),
                to: self.to(step.then.get(&outcome.name)),
            })
            .collect();
        let routes = declared.routes.iter().filter_map(|(condition, outcome)| {
            let number = outcomes.iter().position(|o| o.name == *outcome)?;
            match condition {
                None => Some((None, number)),
                Some(source) => Some((Some(*self.by_source.get(source)?), number)),
            }
        });
        let learns = self.learns(step, declared);
        StepModel {
            name: step.name.clone(),
            place,
            remedy: declared.remedy,
            routes: if learns.is_empty() {
                routes.collect()
            } else {
                Vec::new()
            },
            learns,
            live: BTreeSet::new(),
            visits: (step.visits != Step::ANY_VISITS).then(|| u8::try_from(step.visits).unwrap_or(u8::MAX)),
            approvals: declared.approvals.as_ref().map(|table| self.table(table)),
            wait: declared.wait.as_ref().map(|table| self.table(table)),
            outcomes,
        }
    }

    fn learns(&self, step: &Step, declared: &Declared) -> Vec<usize> {
        let names = declared.facts.iter().map(|fact| format!("{}.{}", step.name, fact.name));
        names
            .filter_map(|name| self.facts.iter().position(|(known, _)| *known == name))
            .collect()
    }

    /// What a reset names never counts (invariant 10).
    fn gives(&mut self, grant: &Grant) -> Gives {
        let remedy = &self.subject.file.definition.remedy;
        match grant {
            Grant::Nothing => Gives::Nothing,
            Grant::Now(proof) | Grant::Pending(proof) if named_by(remedy, proof).is_some() => Gives::Nothing,
            Grant::Now(proof) => Gives::Now(self.bit(proof)),
            Grant::Pending(proof) => Gives::Pending(self.bit(proof)),
            Grant::Confirm => Gives::Confirm,
            Grant::Drop => Gives::Drop,
        }
    }

    fn bit(&mut self, proof: &str) -> u64 {
        let number = self.proofs.iter().position(|known| known == proof).unwrap_or_else(|| {
            self.proofs.push(proof.to_owned());
            self.proofs.len() - 1
        });
        1u64.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0)
    }

    fn to(&self, target: Option<&Target>) -> To {
        match target {
            Some(Target::Step(name)) => {
                let mut steps = self.subject.steps();
                steps
                    .position(|(step, _, _)| step.name == *name)
                    .map_or(To::Elsewhere, To::Step)
            }
            Some(Target::End(Outcome::Approved)) => To::Approved,
            _ => To::Elsewhere,
        }
    }

    fn table<T: Clone>(&self, table: &Table<T>) -> TableModel<T> {
        let rows = table.rows.iter();
        TableModel {
            rows: rows
                .filter_map(|(source, value)| Some((*self.by_source.get(source)?, value.clone())))
                .collect(),
            otherwise: table.otherwise.clone(),
        }
    }
}

/// One combination of account attributes and policy values: a value's number by variable.
pub(super) type Valuation = Vec<u8>;

/// The truth of every condition under one valuation: by condition, by the values of the facts it reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Truth(Vec<Vec<bool>>);

impl Model {
    /// Every valuation, in order.
    pub(super) fn valuations(&self) -> impl Iterator<Item = Valuation> {
        let sizes: Vec<usize> = self.variables.iter().map(|(_, values)| values.len()).collect();
        let all: usize = sizes.iter().product();
        (0..all).map(move |number| digits(number, &sizes))
    }

    /// Evaluates every condition under a valuation, with the evaluator that runs it.
    pub(super) fn truth(&self, valuation: &Valuation) -> Truth {
        let conditions = self.conditions.iter().map(|condition| {
            let sizes: Vec<usize> = condition
                .facts
                .iter()
                .map(|fact| self.facts.get(*fact).map_or(1, |f| f.1.len()))
                .collect();
            let all: usize = sizes.iter().product();
            let given = |number: usize| Given {
                model: self,
                valuation,
                facts: condition.facts.iter().copied().zip(digits(number, &sizes)).collect(),
            };
            (0..all)
                .map(|number| condition.expr.holds(&given(number)).unwrap_or(false))
                .collect()
        });
        Truth(conditions.collect())
    }

    /// The part of a truth that steps ask for: where a run goes, how many approve, how long it waits.
    pub(super) fn steering(&self, truth: &Truth) -> Truth {
        let rows = truth.0.iter().enumerate();
        Truth(
            rows.filter(|(condition, _)| self.steering.contains(condition))
                .map(|(_, row)| row.clone())
                .collect(),
        )
    }

    /// Whether a condition holds under these facts.
    pub(super) fn holds(&self, truth: &Truth, condition: usize, facts: &FactValues) -> bool {
        let read = self.conditions.get(condition).map_or(&[][..], |c| &c.facts);
        let place = read.iter().rev().fold(0, |place, fact| {
            let size = self.facts.get(*fact).map_or(1, |(_, values)| values.len());
            place * size + usize::from(facts.get(*fact).copied().unwrap_or(0))
        });
        truth
            .0
            .get(condition)
            .and_then(|row| row.get(place))
            .copied()
            .unwrap_or(false)
    }

    /// The number of a condition.
    pub(super) fn condition(&self, source: &str) -> Option<usize> {
        self.conditions
            .iter()
            .position(|condition| condition.expr.source() == source)
    }

    /// A valuation in words.
    pub(super) fn describe(&self, valuation: &Valuation) -> Vec<(String, FactValue)> {
        let named = self.variables.iter().zip(valuation);
        named
            .filter_map(|((name, values), number)| Some((name.clone(), values.get(usize::from(*number))?.clone())))
            .collect()
    }
}

impl<T: Clone> TableModel<T> {
    pub(super) fn choose(&self, model: &Model, truth: &Truth, facts: &FactValues) -> T {
        let mut rows = self.rows.iter();
        let row = rows.find(|(condition, _)| model.holds(truth, *condition, facts));
        row.map_or_else(|| self.otherwise.clone(), |(_, value)| value.clone())
    }
}

/// A number in mixed radix, least digit first.
fn digits(mut number: usize, sizes: &[usize]) -> Vec<u8> {
    sizes
        .iter()
        .map(|size| {
            let digit = number % size;
            number /= size;
            u8::try_from(digit).unwrap_or(u8::MAX)
        })
        .collect()
}

/// What a condition reads while its truth table is filled.
struct Given<'a> {
    model: &'a Model,
    valuation: &'a Valuation,
    facts: BTreeMap<usize, u8>,
}

impl Scope for Given<'_> {
    fn get(&self, name: &str) -> Option<FactValue> {
        let outside = self.model.variables.iter().position(|(known, _)| known == name);
        let (list, index, value) = match outside {
            Some(index) => (&self.model.variables, index, *self.valuation.get(index)?),
            None => {
                let index = self.model.facts.iter().position(|(known, _)| known == name)?;
                (&self.model.facts, index, *self.facts.get(&index)?)
            }
        };
        list.get(index)?.1.get(usize::from(value)).cloned()
    }
}
