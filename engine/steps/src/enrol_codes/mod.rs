//! Recovery codes: ten new ones, shown once. They are kept as hashes when the owner says that they are saved, and take
//! the place of older ones (SC-01). What binds another factor offers them on its way to an account that has none left, unless
//! they would come for a code by e-mail alone where there is a factor to ask for (RF-04).

use askama::Template;
use readmit_core::case::{Case, Phase, WaitsFor};
use readmit_core::guard::Enrolled;
use readmit_core::kind::{Declared, DeclaredOutcome, Enrols, Fields, Grant, Input, Learned, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::{Definition, Step};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{config, outcome, published, state, stuck, value};
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::factor;
use crate::recovery_codes::{COUNT, Codes};
use crate::words::Say;

const KIND: &str = "recovery_codes";

pub struct EnrolCodes;

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// Offered on the way to another factor: only where they are in place, and they may wait.
    #[serde(default)]
    offered: bool,
}

/// The state in which a step run that made codes is left.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    made: u8,
}

/// Whether a case made recovery codes beside the factor that its workflow adds.
#[must_use]
pub fn made_beside(definition: &Definition, case: &Case) -> bool {
    let mut steps = definition.steps.iter().filter(|step| step.kind == EnrolCodes.name());
    definition.remedy.add.as_deref() != Some(KIND)
        && steps.any(|step| {
            case.left
                .get(&step.name)
                .is_some_and(|left| state::<Made>(left).is_ok())
        })
}

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
        let Config { offered } = config(step)?;
        let names: &[&str] = if offered {
            &["enrolled", "held", "later"]
        } else {
            &["enrolled"]
        };
        let enrols = if offered { Enrols::Beside } else { Enrols::Added };
        let named = |name: &&str| -> DeclaredOutcome { outcome(name, Grant::Nothing) };
        Ok(Declared {
            outcomes: names.iter().map(named).collect(),
            reads_account: true,
            enrols: Some(enrols(KIND.into())),
            ..Declared::default()
        })
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(Config { offered }) = published(cx.step) else {
            return stuck("unknown_step");
        };
        if offered && !are_in_place(cx) {
            return Turn::done(Value::Null, "held");
        }
        let (shown, kept) = Codes::new(|n| cx.entropy.bytes("recovery code", n));
        Turn::waiting(Value::Null).sealed(value(&Fresh { shown, kept }))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "saved" => saved(cx, fields),
            Input::Form { verb, .. } if verb == "later" && is_offered(cx.step) => {
                Ok(Turn::done(Value::Null, "later").sealed(Value::Null))
            }
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

/// Whether codes may be offered: none is left, and a factor was proven where the account has one that can be (RF-04).
fn are_in_place(cx: &StepCx<'_>) -> bool {
    let mut sets = cx
        .standing
        .account()
        .factors
        .iter()
        .filter(|factor| factor.kind == KIND);
    sets.all(|set| set.mark >= i64::from(COUNT)) && (factor::is_proven(cx) || !factor::can_be_asked(cx))
}

fn is_offered(step: &Step) -> bool {
    published(step).is_ok_and(|Config { offered }| offered)
}

/// From here on the codes are nowhere but on the owner's paper. Offered ones come too late for an account that got some, or
/// another factor, in the meantime.
fn saved(cx: &StepCx<'_>, fields: &Fields) -> Result<Turn, Refusal> {
    if is_offered(cx.step) && !are_in_place(cx) {
        return Ok(Turn::done(Value::Null, "held").sealed(Value::Null));
    }
    fields.get("saved").ok_or_else(|| Refusal::Field {
        field: "saved".into(),
        code: "saved_needed",
    })?;
    let fresh: Fresh = cx.own_sealed().ok_or(Refusal::Stale).and_then(state)?;
    let codes = Enrolled {
        kind: KIND.into(),
        name: "Recovery codes".into(),
        secret: value(&fresh.kept),
        mark: 0,
    };
    let (enrolled, codes) = if is_offered(cx.step) {
        (None, Some(codes))
    } else {
        (Some(codes), None)
    };
    Ok(Turn {
        learned: Learned {
            enrolled,
            codes,
            ..Learned::default()
        },
        ..Turn::done(value(&Made { made: COUNT }), "enrolled").sealed(Value::Null)
    })
}

#[derive(Template)]
#[template(path = "enrol_codes/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    codes: Vec<String>,
    /// They may wait; what the owner came to add is added either way, and only then.
    offered: bool,
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
            offered: is_offered(view.step),
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
    use readmit_core::guard::FactorSummary;
    use readmit_core::kind::Status;

    use super::*;
    use crate::support::{Bench, form};

    fn kept(kind: &str, mark: i64) -> FactorSummary {
        FactorSummary {
            id: uuid::Uuid::nil(),
            kind: kind.into(),
            name: String::new(),
            last_used: None,
            mark,
        }
    }

    /// RF-04: a code by e-mail alone makes no codes where there is a factor that could have been asked for.
    #[test]
    fn rf_04_codes_are_offered_on_the_word_of_a_factor_that_is_there() {
        for (kind, proof, offers) in [
            ("totp", "code.email", false),
            ("totp", "factor", true),
            ("passkey", "questions", false),
            ("passkey", "passkey", true),
        ] {
            let mut bench = Bench::of(&EnrolCodes, serde_json::json!({"offered": true}));
            bench.prove("ada@example.com", "acc-1");
            bench.definition.remedy.reset.clear();
            bench.case.proofs.insert(proof.into());
            bench.standing.account_mut().factors = vec![kept(kind, 0)];
            assert_eq!(bench.enter().status == Status::Waiting, offers, "{kind}, {proof}");
        }
    }

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
        assert_eq!(bench.turn(form("later", &[])), Err(Refusal::NotAllowed));
    }

    /// SC-01: on the way to another factor they are offered to whoever has none left, and may wait.
    #[test]
    fn sc_01_codes_are_offered_to_whoever_has_none_left() {
        let mut bench = Bench::of(&EnrolCodes, serde_json::json!({"offered": true}));
        bench.prove("ada@example.com", "acc-1");
        for (used, held) in [(None, false), (Some(10), false), (Some(9), true), (Some(0), true)] {
            bench.standing.account_mut().factors = used.map(|mark| kept("recovery_codes", mark)).into_iter().collect();
            let done = Status::Done { outcome: "held".into() };
            assert_eq!(bench.enter().status == done, held, "{used:?}");
        }
        bench.standing.account_mut().factors.clear();
        bench.enter();
        // Another tab made some in the meantime: they stay.
        bench.standing.account_mut().factors = vec![kept("recovery_codes", 0)];
        let late = bench.turn(form("saved", &[("saved", "yes")])).unwrap();
        let done = Status::Done { outcome: "held".into() };
        assert_eq!((late.status, late.learned), (done, Learned::default()));
        bench.standing.account_mut().factors.clear();
        let texts = crate::texts::texts().unwrap();
        let page = bench.page(&texts, "en", None, &Fields::default());
        assert!(page.html.contains("value=\"later\""), "{}", page.html);
        let saved = bench.turn(form("saved", &[("saved", "yes")])).unwrap();
        assert!(saved.learned.enrolled.is_none() && saved.learned.codes.is_some());
        let later = bench.go(form("later", &[]));
        assert_eq!(
            later.status,
            Status::Done {
                outcome: "later".into()
            }
        );
        assert_eq!((later.sealed, later.learned), (Some(Value::Null), Learned::default()));
    }
}
