//! Judges every arrival at a remedy: the file's own requirement, the floor, and what the policy lets a file break only by
//! name.

use std::collections::{BTreeMap, BTreeSet};

use super::explore::State;
use super::model::{Model, StepModel};
use crate::case::Class;
use crate::kind::{FactValue, Grant};
use crate::time::Span;
use crate::workflow::check::{Level, Notice, Subject};
use crate::workflow::fault::{Fault, Place, Run};
use crate::workflow::policy::Rule;
use crate::workflow::written::Need;

/// What to do about a path that lacks something.
const ON_THE_WAY: &str = "put it on the path below, or loosen the line";

/// Most broken proofs that are told of one file; the first ones explain the rest.
const MOST_TOLD: usize = 8;

/// A run that has come to where the remedy is carried out.
pub(super) struct Arrival<'a> {
    pub(super) state: &'a State,
    /// Whether a condition holds for this run.
    pub(super) holds: &'a dyn Fn(usize) -> bool,
    pub(super) valuation: &'a dyn Fn() -> Vec<(String, FactValue)>,
    pub(super) path: &'a dyn Fn() -> Vec<String>,
}

pub(super) struct Judge<'a> {
    subject: &'a Subject<'a>,
    always: Vec<NeedModel>,
    when: Vec<WhenModel>,
    rules: Vec<RuleModel<'a>>,
    deviations: Vec<DeviationModel>,
    /// All possession proofs, and all codes.
    possession: u64,
    codes: u64,
    /// By what is broken, so that each is told once.
    broken: BTreeMap<(Place, String), Fault>,
}

/// The proofs of which one is enough, as bits, and as written.
struct NeedModel {
    bits: u64,
    words: String,
}

struct WhenModel {
    place: Place,
    condition: Option<usize>,
    needs: Vec<NeedModel>,
    approvals: u32,
    wait: Span,
}

struct RuleModel<'a> {
    rule: &'a Rule,
    condition: Option<usize>,
    sets: Vec<u64>,
    not_alone: u64,
}

struct DeviationModel {
    condition: Option<usize>,
    used: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(subject: &'a Subject<'a>, model: &Model) -> Self {
        let bit = |proof: &String| {
            let number = model.proofs.iter().position(|known| known == proof);
            number
                .and_then(|number| 1u64.checked_shl(u32::try_from(number).ok()?))
                .unwrap_or(0)
        };
        let need = |need: &Need| NeedModel {
            bits: need.options().iter().map(bit).fold(0, |all, bit| all | bit),
            words: match need.options() {
                [one] => one.clone(),
                several => format!("any of {}", several.join(", ")),
            },
        };
        let proof = &subject.file.proof.value;
        let when = proof
            .when
            .iter()
            .zip(&subject.file.when)
            .map(|(line, place)| WhenModel {
                place: *place,
                condition: model.condition(&line.r#if),
                needs: line.require.iter().map(need).collect(),
                approvals: line.approvals,
                wait: line.wait,
            });
        let class = subject.file.definition.class;
        let rules = subject.library.policy.floor.requirements.iter();
        let rules = rules
            .filter(|rule| rule.classes.contains(&class))
            .map(|rule| RuleModel {
                rule,
                condition: model.condition(&rule.r#if),
                // A set of which no step grants some proof cannot be held.
                sets: rule
                    .sets
                    .iter()
                    .filter(|set| set.iter().all(|proof| bit(proof) != 0))
                    .map(|set| set.iter().map(bit).fold(0, |all, bit| all | bit))
                    .collect(),
                not_alone: rule.not_alone.iter().map(bit).fold(0, |all, bit| all | bit),
            });
        let outcomes = subject.steps().flat_map(|(_, declared, _)| &declared.outcomes);
        let possession = outcomes
            .filter(|outcome| outcome.possession)
            .filter_map(|outcome| match &outcome.grant {
                Grant::Now(proof) => Some(bit(proof)),
                _ => None,
            });
        Self {
            always: proof.require.iter().map(need).collect(),
            when: when.collect(),
            rules: rules.collect(),
            deviations: subject
                .file
                .deviates
                .iter()
                .map(|line| DeviationModel {
                    condition: model.condition(&line.value.r#if),
                    used: false,
                })
                .collect(),
            possession: possession.fold(0, |all, bit| all | bit),
            codes: model
                .proofs
                .iter()
                .filter(|proof| proof.starts_with("code."))
                .map(bit)
                .fold(0, |all, bit| all | bit),
            broken: BTreeMap::new(),
            subject,
        }
    }

    /// Judges one run that has come to the remedy.
    pub(super) fn arrive(&mut self, run: &Arrival<'_>) {
        self.requirement(run);
        self.floor(run);
        self.judged(run);
    }

    /// A run that cannot go on: every outcome leads to a step without visits left.
    pub(super) fn stuck(&mut self, step: &StepModel, valuation: Vec<(String, FactValue)>, path: Vec<String>) {
        let what = format!("a run ends nowhere in `{}`", step.name);
        let why = "every outcome that it can have leads to a step without visits left";
        self.tell(step.place, what, why, |run| {
            (run.valuation, run.path) = (valuation, path)
        });
    }

    fn tell(&mut self, place: Place, what: String, why: &str, fill: impl FnOnce(&mut Run)) {
        if self.broken.len() < MOST_TOLD && !self.broken.contains_key(&(place, what.clone())) {
            let mut run = Run::default();
            fill(&mut run);
            let fault = Fault {
                run: Some(Box::new(run)),
                ..Fault::new(place, what.clone(), why)
            };
            self.broken.insert((place, what), fault);
        }
    }

    fn miss(&mut self, place: Place, what: String, why: &str, run: &Arrival<'_>, missing: Vec<String>) {
        self.tell(place, what, why, |told| {
            (told.valuation, told.path, told.missing) = ((run.valuation)(), (run.path)(), missing);
        });
    }

    /// `proof.require`, and every `when` line that holds: of several all hold, so the largest count and wait win.
    fn requirement(&mut self, run: &Arrival<'_>) {
        let state = run.state;
        let always = missing(&self.always, state.held);
        if !always.is_empty() {
            let what = "a path to the remedy lacks a required proof".to_owned();
            self.miss(self.subject.file.proof.place, what, ON_THE_WAY, run, always);
        }
        let mut broken = Vec::new();
        for line in &self.when {
            if !line.condition.is_some_and(run.holds) {
                continue;
            }
            let mut lacks = missing(&line.needs, state.held);
            lacks.extend(short_of(state, line.approvals, line.wait));
            if !lacks.is_empty() {
                broken.push((line.place, lacks));
            }
        }
        for (place, lacks) in broken {
            let what = "a path to the remedy lacks what this line requires".to_owned();
            self.miss(place, what, ON_THE_WAY, run, lacks);
        }
    }

    /// What no deviation excuses.
    fn floor(&mut self, run: &Arrival<'_>) {
        let (held, least) = (run.state.held, self.subject.library.policy.floor.proofs);
        let class = self.subject.file.definition.class;
        let place = self.subject.file.proof.place;
        if held & self.possession == 0 {
            let what = "a path to the remedy has no possession proof".to_owned();
            let lacks = vec!["a code or a factor".to_owned()];
            self.miss(
                place,
                what,
                "answers, documents and faces never stand alone (RF-02)",
                run,
                lacks,
            );
        }
        let count = held.count_ones() as usize;
        if class == Class::Recovery && count < least {
            let what = "a path to the remedy has too few proofs".to_owned();
            let lacks = vec![format!("{least} different proofs, there are {count}")];
            self.miss(place, what, "the policy's floor", run, lacks);
        }
    }

    /// Requirements that a `deviates` line may excuse.
    fn judged(&mut self, run: &Arrival<'_>) {
        let mut undeclared = Vec::new();
        for rule in &self.rules {
            if !rule.condition.is_some_and(run.holds) {
                continue;
            }
            let lacks = rule.lacks(run.state, self.codes);
            if lacks.is_empty() {
                continue;
            }
            let mut excused = false;
            for (line, written) in self.deviations.iter_mut().zip(&self.subject.file.deviates) {
                if written.value.from == rule.rule.id && line.condition.is_some_and(run.holds) {
                    (line.used, excused) = (true, true);
                }
            }
            if !excused {
                undeclared.push((rule.rule.id.code(), lacks));
            }
        }
        for (code, lacks) in undeclared {
            let why = "keep it, or name it in `deviates` with its risk analysis";
            self.miss(
                self.subject.file.proof.place,
                format!("a path to the remedy breaks {code}"),
                why,
                run,
                lacks,
            );
        }
    }

    /// # Errors
    /// What was broken, each once.
    pub(super) fn verdict(self) -> Result<Vec<Notice>, Vec<Fault>> {
        if !self.broken.is_empty() {
            return Err(self.broken.into_values().collect());
        }
        let lines = self.deviations.iter().zip(&self.subject.file.deviates);
        let notices = lines.map(|(line, written)| {
            let (code, analysis) = (written.value.from.code(), &written.value.analysis);
            let condition = &written.value.r#if;
            let (level, text) = if line.used {
                (
                    Level::Notice,
                    format!("breaks {code} where {condition}, accepted by docs/risk/{analysis}.md"),
                )
            } else {
                (
                    Level::Warning,
                    format!("no run breaks {code} where {condition}: the line can go"),
                )
            };
            Notice {
                place: written.place,
                level,
                text,
            }
        });
        Ok(notices.collect())
    }
}

impl RuleModel<'_> {
    /// What a run lacks to keep the rule.
    fn lacks(&self, state: &State, codes: u64) -> Vec<String> {
        let mut lacks = short_of(state, self.rule.approvals, self.rule.wait);
        if !self.rule.sets.is_empty() && !self.sets.iter().any(|set| state.held & set == *set) {
            lacks.push("a set of proofs that the standard accepts".to_owned());
        }
        let alone = state.held & !codes & !self.not_alone == 0;
        if state.held & self.not_alone != 0 && alone && state.approvals == 0 {
            lacks.push(format!(
                "another proof beside {}, or a person's approval",
                self.rule.not_alone.join(", ")
            ));
        }
        lacks
    }
}

fn missing(needs: &[NeedModel], held: u64) -> Vec<String> {
    let unmet: BTreeSet<&str> = needs
        .iter()
        .filter(|need| need.bits & held == 0)
        .map(|need| need.words.as_str())
        .collect();
    unmet.into_iter().map(str::to_owned).collect()
}

fn short_of(state: &State, approvals: u32, wait: Span) -> Vec<String> {
    let mut short = Vec::new();
    if state.approvals < approvals {
        short.push(format!("{approvals} approvals, there are {}", state.approvals));
    }
    if state.waited < wait {
        short.push(format!("a wait of {wait}, it waits {}", state.waited));
    }
    short
}
