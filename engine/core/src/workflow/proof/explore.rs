//! Breadth first over all states, once for every set of valuations that no step tells apart; the judge hears each arrival
//! once for every set of valuations that no condition at all tells apart.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};

use super::judge::{Arrival, Judge};
use super::model::{FactValues, Gives, Model, OutcomeModel, StepModel, To, Truth, Valuation};
use super::{Explored, MOST_STATES};
use crate::time::Span;

/// What a run is, as far as it matters later.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    step: usize,
    pub(super) held: u64,
    pending: u64,
    facts: FactValues,
    /// Times that each bounded step was entered.
    visits: Vec<u8>,
    pub(super) approvals: u32,
    pub(super) waited: Span,
}

/// A state and how it was reached first: the shortest way.
struct Seen {
    state: State,
    from: Option<(usize, usize)>,
}

/// A hash map that is the same in every run.
type Index = HashMap<State, usize, BuildHasherDefault<DefaultHasher>>;

/// Explores every run and shows every arrival to the judge.
///
/// # Errors
/// That there are too many states.
pub(super) fn explore(model: &Model, judge: &mut Judge<'_>) -> Result<Explored, String> {
    let mut groups: BTreeMap<Truth, Group> = BTreeMap::new();
    let mut explored = Explored::default();
    for valuation in model.valuations() {
        let truth = model.truth(&valuation);
        let group = groups.entry(model.steering(&truth)).or_default();
        group.entry(truth).or_insert(valuation);
        explored.valuations += 1;
    }
    for group in groups.values() {
        let Some(truth) = group.keys().next() else { continue };
        let mut runs = Runs {
            model,
            truth,
            group,
            seen: Vec::new(),
            index: Index::default(),
        };
        runs.explore(judge, MOST_STATES.saturating_sub(explored.states))?;
        explored.states += runs.seen.len();
    }
    Ok(explored)
}

/// Valuations that every step treats alike: one for each truth of the other conditions.
type Group = BTreeMap<Truth, Valuation>;

struct Runs<'a> {
    model: &'a Model,
    /// The truth of the conditions that steer; any of the group's.
    truth: &'a Truth,
    group: &'a Group,
    seen: Vec<Seen>,
    index: Index,
}

impl Runs<'_> {
    fn explore(&mut self, judge: &mut Judge<'_>, most: usize) -> Result<(), String> {
        let blank = State {
            step: self.model.start,
            held: 0,
            pending: 0,
            facts: vec![0; self.model.facts.len()],
            visits: vec![0; self.model.steps.len()],
            approvals: 0,
            waited: Span::ZERO,
        };
        self.enter(blank, self.model.start, None);
        let mut next = 0;
        while let Some(seen) = self.seen.get(next) {
            if self.seen.len() > most {
                return Err(format!("more than {MOST_STATES} states"));
            }
            let state = seen.state.clone();
            if let Some(step) = self.model.steps.get(state.step) {
                if step.remedy {
                    self.judge(&state, next, None, judge);
                }
                self.leave(&state, step, next, judge);
            }
            next += 1;
        }
        Ok(())
    }

    /// Every way on from a state.
    fn leave(&mut self, state: &State, step: &StepModel, from: usize, judge: &mut Judge<'_>) {
        let mut offered = false;
        for facts in self.learned(state, step) {
            for (number, outcome) in self.outcomes(step, &facts) {
                let after = self.after(state, step, outcome, &facts);
                match outcome.to {
                    To::Step(to) => {
                        let free = self.may_enter(state, to);
                        offered |= free;
                        if free {
                            self.enter(after, to, Some((from, number)));
                        }
                    }
                    To::Approved => {
                        offered = true;
                        if !step.remedy {
                            self.judge(&after, from, Some(&outcome.name), judge);
                        }
                    }
                    To::Elsewhere => offered = true,
                }
            }
        }
        if !offered {
            let valuation = self
                .group
                .values()
                .next()
                .map(|valuation| self.model.describe(valuation));
            judge.stuck(step, valuation.unwrap_or_default(), self.path(from, None));
        }
    }

    /// Every combination of the facts that a step may learn; what it does not report stays, and is among them.
    fn learned(&self, state: &State, step: &StepModel) -> Vec<FactValues> {
        let mut all = vec![state.facts.clone()];
        for fact in &step.learns {
            let values = self.model.facts.get(*fact).map_or(0, |(_, values)| values.len());
            all = all
                .iter()
                .flat_map(|facts| {
                    (0..values).map(|value| {
                        let mut facts = facts.clone();
                        if let Some(slot) = facts.get_mut(*fact) {
                            *slot = u8::try_from(value).unwrap_or(u8::MAX);
                        }
                        facts
                    })
                })
                .collect();
        }
        all
    }

    /// The outcomes that a step may have: the one that its routes choose, or any.
    fn outcomes<'s>(&self, step: &'s StepModel, facts: &FactValues) -> Vec<(usize, &'s OutcomeModel)> {
        let mut routes = step.routes.iter();
        let chosen = routes
            .find(|(condition, _)| condition.is_none_or(|condition| self.model.holds(self.truth, condition, facts)));
        let chosen = chosen.map(|(_, number)| *number);
        let outcomes = step.outcomes.iter().enumerate();
        outcomes
            .filter(|(number, _)| chosen.is_none_or(|chosen| chosen == *number))
            .collect()
    }

    fn may_enter(&self, state: &State, to: usize) -> bool {
        let most = self.model.steps.get(to).and_then(|step| step.visits);
        let visited = state.visits.get(to).copied().unwrap_or(0);
        most.is_none_or(|most| visited < most)
    }

    /// The state after an outcome, but for the step.
    fn after(&self, state: &State, step: &StepModel, outcome: &OutcomeModel, facts: &FactValues) -> State {
        let mut after = State {
            facts: facts.clone(),
            ..state.clone()
        };
        if let Some(wait) = &step.wait {
            let least = wait
                .choose(self.model, self.truth, &state.facts)
                .min(wait.choose(self.model, self.truth, facts));
            after.waited = Span(after.waited.0.saturating_add(least.0));
        }
        match outcome.gives {
            Gives::Nothing => {}
            Gives::Now(proof) => {
                after.held |= proof;
                after.waited = Span::ZERO;
            }
            Gives::Pending(proof) => {
                after.pending |= proof;
                after.approvals = 0;
            }
            Gives::Confirm => {
                after.held |= std::mem::take(&mut after.pending);
                after.waited = Span::ZERO;
                if let Some(table) = &step.approvals {
                    let least = table
                        .choose(self.model, self.truth, &state.facts)
                        .min(table.choose(self.model, self.truth, facts));
                    after.approvals = after.approvals.max(least);
                }
            }
            Gives::Drop => after.pending = 0,
        }
        after
    }

    fn enter(&mut self, mut state: State, to: usize, from: Option<(usize, usize)>) {
        let Some(step) = self.model.steps.get(to) else { return };
        state.step = to;
        if let Some(visits) = state.visits.get_mut(to).filter(|_| step.visits.is_some()) {
            *visits += 1;
        }
        for (number, fact) in state.facts.iter_mut().enumerate() {
            if !step.live.contains(&number) {
                *fact = 0;
            }
        }
        if !self.index.contains_key(&state) {
            self.index.insert(state.clone(), self.seen.len());
            self.seen.push(Seen { state, from });
        }
    }

    fn judge(&self, state: &State, at: usize, left_by: Option<&str>, judge: &mut Judge<'_>) {
        for (truth, valuation) in self.group {
            judge.arrive(&Arrival {
                state,
                holds: &|condition| self.model.holds(truth, condition, &state.facts),
                valuation: &|| self.model.describe(valuation),
                path: &|| self.path(at, left_by),
            });
        }
    }

    /// The steps from the start to a state, each with the outcome that it was left by.
    fn path(&self, mut at: usize, left_by: Option<&str>) -> Vec<String> {
        let mut path = Vec::new();
        let mut left_by = left_by.map(str::to_owned);
        while let Some(seen) = self.seen.get(at) {
            let Some(step) = self.model.steps.get(seen.state.step) else {
                break;
            };
            path.push(match left_by.take() {
                Some(outcome) => format!("{} ({outcome})", step.name),
                None => step.name.clone(),
            });
            let Some((from, outcome)) = seen.from else { break };
            let before = self
                .seen
                .get(from)
                .and_then(|seen| self.model.steps.get(seen.state.step));
            left_by = before
                .and_then(|step| step.outcomes.get(outcome))
                .map(|outcome| outcome.name.clone());
            at = from;
        }
        path.reverse();
        path
    }
}
