//! Recovery codes: ten new ones, shown once. They are kept as hashes when the owner says that they are saved, and take
//! the place of older ones (SC-01).

use askama::Template;
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::guard::Enrolled;
use readmit_core::kind::{Declared, Fields, Grant, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{config, outcome, state, value};
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::recovery_codes::Codes;
use crate::words::Say;

pub struct EnrolCodes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {}

/// Sealed beside the step until the codes are saved.
#[derive(Serialize, Deserialize)]
struct Fresh {
    shown: Vec<String>,
    kept: Codes,
}

impl StepKind for EnrolCodes {
    fn name(&self) -> &'static str {
        "enrol_codes"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let Config {} = config(step)?;
        Ok(Declared {
            outcomes: vec![outcome("enrolled", Grant::Nothing)],
            reads_account: true,
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let (shown, kept) = Codes::new(|n| cx.entropy.bytes("recovery code", n));
        Turn::waiting(Value::Null).sealed(value(&Fresh { shown, kept }))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "saved" => saved(cx, fields),
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

/// From here on the codes are nowhere but on the owner's paper.
fn saved(cx: &StepCx<'_>, fields: &Fields) -> Result<Turn, Refusal> {
    fields.get("saved").ok_or_else(|| Refusal::Field {
        field: "saved".into(),
        code: "saved_needed",
    })?;
    let fresh: Fresh = cx.own_sealed().ok_or(Refusal::Stale).and_then(state)?;
    Ok(Turn {
        learned: Learned {
            enrolled: Some(Enrolled {
                kind: "recovery_codes".into(),
                name: "Recovery codes".into(),
                secret: value(&fresh.kept),
                mark: 0,
            }),
            ..Learned::default()
        },
        ..Turn::done(Value::Null, "enrolled").sealed(Value::Null)
    })
}

#[derive(Template)]
#[template(path = "enrol_codes/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    codes: Vec<String>,
    error: Option<String>,
}

impl Face for EnrolCodes {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let own = view.sealed.steps.get(&view.step.name);
        let Some(Ok(fresh)) = own.map(state::<Fresh>) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let page = Page {
            say,
            form: view.form,
            title: say.get("enrol_codes-title"),
            codes: fresh.shown,
            error: view.field_error("saved").or_else(|| view.refused()),
        };
        Ok(Fragment {
            title: page.title.clone(),
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::support::{Bench, form};

    /// SC-01: shown until they are saved, and after that nowhere.
    #[test]
    fn sc_01_codes_are_shown_until_they_are_saved() {
        let mut bench = Bench::of(&EnrolCodes, serde_json::json!({}));
        bench.prove("ada@example.com", "acc-1");
        bench.enter();
        let fresh: Fresh = serde_json::from_value(bench.sealed.steps["step"].clone()).unwrap();
        let texts = crate::texts::texts().unwrap();
        let page = bench.page(&texts, "en", None, &Fields::default());
        assert!(fresh.shown.iter().all(|code| page.html.contains(code.as_str())));
        assert!(matches!(bench.turn(form("saved", &[])), Err(Refusal::Field { .. })));
        let turn = bench.go(form("saved", &[("saved", "yes")]));
        let kept = serde_json::to_string(&turn.learned.enrolled).unwrap();
        assert!(fresh.shown.iter().all(|code| !kept.contains(code.as_str())));
        assert_eq!(turn.sealed, Some(Value::Null));
    }
}
