//! A fork of the workflow: the first rule that holds says where it goes on. Nobody is asked, nothing is shown.

use readmit_core::case::{Phase, WaitsFor};
use readmit_core::kind::{Declared, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{UNMAPPED, config, outcome, stuck};
use crate::face::{ClaimantView, Face, Fragment};

pub struct Decision;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    rules: Vec<Rule>,
}

/// A line {if, go}, or {else}. Where it goes is in the step's `then`, by its outcome.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    r#if: Option<String>,
    go: Option<String>,
    r#else: Option<String>,
}

/// The last line's outcome; those before it are named by their number, from 1.
const ELSE: &str = "else";

impl Config {
    /// Conditions in order, each with its outcome; the last has none.
    fn routes(self) -> Result<Vec<(Option<String>, String)>, String> {
        let wrong = || "`rules` are lines {if: …, go: …} and one {else: …} at the end".to_owned();
        let routes = self
            .rules
            .into_iter()
            .zip(1..)
            .map(|(rule, n)| match (rule.r#if, rule.go, rule.r#else) {
                (Some(condition), Some(_), None) => Ok((Some(condition), n.to_string())),
                (None, None, Some(_)) => Ok((None, ELSE.to_owned())),
                _ => Err(wrong()),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let one_else = routes.iter().filter(|(condition, _)| condition.is_none()).count() == 1;
        match routes.last() {
            Some((None, _)) if one_else => Ok(routes),
            _ => Err(wrong()),
        }
    }
}

impl StepKind for Decision {
    fn name(&self) -> &'static str {
        "decision"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Nobody
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let routes = config::<Config>(step)?.routes()?;
        Ok(Declared {
            outcomes: routes.iter().map(|(_, name)| outcome(name, Grant::Nothing)).collect(),
            conditions: routes.iter().filter_map(|(condition, _)| condition.clone()).collect(),
            routes,
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(routes) = config::<Config>(cx.step).and_then(Config::routes) else {
            return stuck("unknown_step");
        };
        for (condition, outcome) in routes {
            match condition.map_or(Ok(true), |condition| cx.holds(&condition)) {
                Ok(true) => return Turn::done(Value::Null, &outcome),
                Ok(false) => {}
                Err(_) => return stuck(UNMAPPED),
            }
        }
        stuck(UNMAPPED)
    }

    fn turn(&self, _cx: &StepCx<'_>, _input: &Input) -> Result<Turn, Refusal> {
        Err(Refusal::Stale)
    }
}

impl Face for Decision {
    /// Only a case that is stuck here is ever seen here.
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        crate::status::with_a_person(view)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::kind::{FactValue, Status};

    use super::*;
    use crate::support::{Bench, form};

    fn bench() -> Bench {
        let rules = serde_json::json!({"rules": [
            {"if": "sign_in.password == \"right\"", "go": "route"},
            {"if": "account.kyc == \"primary\"", "go": "face"},
            {"else": "manual"},
        ]});
        let mut bench = Bench::of(&Decision, rules);
        bench.prove("ada@example.com", "acc-1");
        bench
    }

    fn outcome(bench: &Bench) -> Status {
        Decision.enter(&bench.cx()).status
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        let mut bench = bench();
        bench.attribute("kyc", FactValue::Word("primary".into()));
        bench.fact("sign_in.password", FactValue::Word("right".into()));
        assert_eq!(outcome(&bench), Status::Done { outcome: "1".into() });
        bench.fact("sign_in.password", FactValue::Word("wrong".into()));
        assert_eq!(outcome(&bench), Status::Done { outcome: "2".into() });
        bench.attribute("kyc", FactValue::Word("advanced".into()));
        assert_eq!(outcome(&bench), Status::Done { outcome: "else".into() });
    }

    #[test]
    fn an_unmapped_value_goes_to_a_person() {
        let mut bench = bench();
        bench.fact("sign_in.password", FactValue::Word("wrong".into()));
        assert_eq!(outcome(&bench), Status::Stuck { why: UNMAPPED.into() });
        assert_eq!(bench.turn(form("", &[])), Err(Refusal::Stale));
    }

    #[test]
    fn routes_are_declared_as_written() {
        let declared = bench().declare().unwrap();
        assert_eq!(declared.routes.len(), 3);
        assert_eq!(declared.routes.last().unwrap(), &(None, "else".to_owned()));
        assert_eq!(declared.conditions.len(), 2);
        for rules in [
            serde_json::json!({"rules": []}),
            serde_json::json!({"rules": [{"if": "true", "go": "a"}]}),
            serde_json::json!({"rules": [{"else": "a"}, {"if": "true", "go": "a"}]}),
            serde_json::json!({"rules": [{"else": "a"}, {"else": "b"}]}),
            serde_json::json!({"rules": [{"if": "true"}]}),
        ] {
            assert!(Bench::of(&Decision, rules.clone()).declare().is_err(), "{rules}");
        }
    }
}
