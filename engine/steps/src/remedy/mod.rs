//! What approval does at the host. The engine carries it out (`decide`, invariant 11); the step asks for it and waits.

use askama::Template;
use readmit_core::case::{Phase, Remedy as Progress, WaitsFor};
use readmit_core::effect::Effect;
use readmit_core::kind::{Declared, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{config, outcomes};
use crate::face::{ClaimantView, Face, Fragment, Stage};
use crate::words::Say;

pub struct Remedy;

/// Nothing is configured here: what the remedy does stands at the head of the workflow.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {}

impl StepKind for Remedy {
    fn name(&self) -> &'static str {
        "remedy"
    }

    fn phase(&self) -> Phase {
        Phase::CarryingOut
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Host
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let Config {} = config(step)?;
        Ok(Declared {
            outcomes: outcomes(["done", "given_up"]),
            reads_account: true,
            remedy: true,
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        if cx.definition.remedy.asks_host() {
            Turn::waiting(Value::Null).effect(cx.now, Effect::Remedy)
        } else if is_taken(cx) {
            Turn::done(Value::Null, "given_up")
        } else {
            Turn::done(Value::Null, "done")
        }
    }

    /// The job's end, an operator's second try and giving up are the engine's.
    fn turn(&self, _cx: &StepCx<'_>, _input: &Input) -> Result<Turn, Refusal> {
        Err(Refusal::Stale)
    }
}

/// Whether the account got another of what it has one of, since the new one was proven.
fn is_taken(cx: &StepCx<'_>) -> bool {
    let remedy = &cx.definition.remedy;
    let added = remedy.add.as_ref().filter(|kind| remedy.adds_alone(kind));
    added.is_some_and(|kind| cx.standing.account().factors.iter().any(|factor| factor.kind == *kind))
}

#[derive(Template)]
#[template(path = "remedy/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    title: String,
    /// It stands still, and a person looks at it.
    stuck: bool,
    /// From here on the owner cannot stop it.
    begun: bool,
}

impl Face for Remedy {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let say = view.say();
        let title = say.get("remedy-title");
        let page = Page {
            say,
            title: title.clone(),
            stuck: view.case.task.is_some(),
            begun: view.case.remedy != Progress::NotBegun,
        };
        Ok(Fragment {
            title,
            html: page.render()?,
            stage: Stage::Done,
            error: false,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::support::{Bench, form};

    #[test]
    fn entering_asks_for_the_remedy_once_and_nothing_else_moves_it() {
        let mut bench = Bench::of(&Remedy, serde_json::json!({}));
        let effects: Vec<Effect> = bench.enter().effects.into_iter().map(|due| due.effect).collect();
        assert_eq!(effects, [Effect::Remedy]);
        assert_eq!(bench.turn(form("done", &[])), Err(Refusal::Stale));
        assert!(bench.declare().unwrap().remedy);
        assert!(
            Bench::of(&Remedy, serde_json::json!({"reset": ["passkey"]}))
                .declare()
                .is_err()
        );
    }
}
