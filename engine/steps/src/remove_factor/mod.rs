//! Choosing the factor that is to be removed, and saying so once more. What was chosen before the case began, on the
//! page that lists factors, is not asked again.

use askama::Template;
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::kind::{Declared, Fields, Grant, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::config::{config, outcome, published, state, stuck, value};
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::words::Say;

pub struct RemoveFactor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// The kind of factor: what `remedy.remove` says.
    of: String,
}

/// What can be chosen: sealed, since names are the owner's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Choice {
    id: Uuid,
    name: String,
}

impl StepKind for RemoveFactor {
    fn name(&self) -> &'static str {
        "remove_factor"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let _: Config = config(step)?;
        Ok(Declared {
            outcomes: ["chosen", "none"].map(|name| outcome(name, Grant::Nothing)).into(),
            reads_account: true,
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let own = cx
            .standing
            .account()
            .factors
            .iter()
            .filter(|factor| factor.kind == config.of);
        let choices: Vec<Choice> = own
            .map(|factor| Choice {
                id: factor.id,
                name: factor.name.clone(),
            })
            .collect();
        if choices.is_empty() {
            return Turn::done(Value::Null, "none");
        }
        if choices.iter().any(|choice| cx.sealed.removing == Some(choice.id)) {
            return Turn::done(Value::Null, "chosen");
        }
        Turn::waiting(Value::Null).sealed(value(&choices))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "remove" => remove(cx, fields),
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

fn remove(cx: &StepCx<'_>, fields: &Fields) -> Result<Turn, Refusal> {
    let choices: Vec<Choice> = cx.own_sealed().ok_or(Refusal::Stale).and_then(state)?;
    let wanted = fields.get("factor").and_then(|id| Uuid::try_parse(id).ok());
    let chosen = choices.iter().find(|choice| Some(choice.id) == wanted);
    let chosen = chosen.ok_or_else(|| Refusal::Field {
        field: "factor".into(),
        code: "factor_needed",
    })?;
    Ok(Turn {
        learned: Learned {
            removing: Some(chosen.id),
            ..Learned::default()
        },
        ..Turn::done(Value::Null, "chosen").sealed(Value::Null)
    })
}

#[derive(Template)]
#[template(path = "remove_factor/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    choices: Vec<Choice>,
    error: Option<String>,
}

impl Face for RemoveFactor {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let own = view.sealed.steps.get(&view.step.name);
        let Some(Ok(choices)) = own.map(state::<Vec<Choice>>) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let page = Page {
            say,
            form: view.form,
            title: say.get("remove_factor-title"),
            choices,
            error: view.field_error("factor").or_else(|| view.refused()),
        };
        Ok(Fragment {
            title: page.title.clone(),
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Read,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::guard::FactorSummary;
    use readmit_core::kind::Status;

    use super::*;
    use crate::support::{Bench, form};

    fn bench(kinds: &[&str]) -> Bench {
        let mut bench = Bench::of(&RemoveFactor, serde_json::json!({"of": "passkey"}));
        bench.prove("ada@example.com", "acc-1");
        bench.standing.account_mut().factors = kinds
            .iter()
            .zip(1..)
            .map(|(kind, n)| FactorSummary {
                id: Uuid::from_u128(n),
                kind: (*kind).into(),
                name: format!("number {n}"),
                last_used: None,
                mark: 0,
            })
            .collect();
        bench
    }

    #[test]
    fn only_one_of_its_own_kind_can_be_chosen() {
        let mut bench = bench(&["passkey", "totp", "passkey"]);
        bench.enter();
        let choose = |id: u128| form("remove", &[("factor", &Uuid::from_u128(id).to_string())]);
        for wrong in [choose(2), choose(9), form("remove", &[])] {
            assert!(matches!(bench.turn(wrong), Err(Refusal::Field { .. })));
        }
        let turn = bench.go(choose(3));
        assert_eq!(turn.learned.removing, Some(Uuid::from_u128(3)));
        assert_eq!(
            turn.status,
            Status::Done {
                outcome: "chosen".into()
            }
        );
    }

    #[test]
    fn what_was_chosen_before_is_not_asked_again() {
        let mut bench = bench(&["passkey"]);
        bench.sealed.removing = Some(Uuid::from_u128(1));
        assert_eq!(
            bench.enter().status,
            Status::Done {
                outcome: "chosen".into()
            }
        );
        bench.sealed.removing = Some(Uuid::from_u128(7));
        assert_eq!(bench.enter().status, Status::Waiting, "of another account, or gone");
        assert_eq!(
            self::bench(&["totp"]).enter().status,
            Status::Done { outcome: "none".into() }
        );
    }
}
