//! The claimant reads what will happen, and agrees.

use askama::Template;
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::kind::{Declared, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{config, outcome, published};
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::words::Say;

/// How many things will happen, and how many should be at hand: texts `{text}-what-1`… and `{text}-need-1`….
const LINES: u8 = 3;

pub struct Agreement;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// The texts' common beginning.
    text: String,
}

impl StepKind for Agreement {
    fn name(&self) -> &'static str {
        "agreement"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let Config { text } = config(step)?;
        let single = ["title", "intro", "forgot", "forgot-detail", "agree", "agree-detail"].map(str::to_owned);
        let lines = (1..=LINES).flat_map(|n| [format!("what-{n}"), format!("what-{n}-detail"), format!("need-{n}")]);
        Ok(Declared {
            outcomes: vec![outcome("agreed", Grant::Nothing)],
            texts: single
                .into_iter()
                .chain(lines)
                .map(|key| format!("{text}-{key}"))
                .collect(),
            ..Declared::default()
        })
    }

    fn enter(&self, _cx: &StepCx<'_>) -> Turn {
        Turn::waiting(Value::Null)
    }

    fn turn(&self, _cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "agree" => match fields.get("agree") {
                Some(_) => Ok(Turn::done(Value::Null, "agreed")),
                None => Err(Refusal::Field {
                    field: "agree".into(),
                    code: "agree_needed",
                }),
            },
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

#[derive(Template)]
#[template(path = "agreement/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    text: String,
    what: Vec<(String, String)>,
    needs: Vec<String>,
    /// Title and detail of the withdrawals' lock, where the remedy has one.
    lock: Option<String>,
    error: Option<String>,
}

impl Page<'_> {
    fn own(&self, key: &str) -> String {
        self.say.get(&format!("{}-{key}", self.text))
    }
}

impl Face for Agreement {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let text = published::<Config>(view.step)
            .map(|config| config.text)
            .unwrap_or_default();
        let say = view.say();
        let own = |key: String| say.get(&format!("{text}-{key}"));
        let lock = view.definition.remedy.lock_withdrawals;
        let page = Page {
            say,
            form: view.form,
            what: (1..=LINES)
                .map(|n| (own(format!("what-{n}")), own(format!("what-{n}-detail"))))
                .collect(),
            needs: (1..=LINES).map(|n| own(format!("need-{n}"))).collect(),
            lock: lock.map(|span| say.with("agreement-lock", &[("span", say.span(span).into())])),
            error: view.field_error("agree").or_else(|| view.refused()),
            text: text.clone(),
        };
        Ok(Fragment {
            title: page.own("title"),
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Read,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::support::{Bench, form};

    fn bench() -> Bench {
        Bench::of(&Agreement, serde_json::json!({"text": "passkey-reset"}))
    }

    #[test]
    fn only_a_tick_agrees() {
        let mut bench = bench();
        bench.enter();
        let refused = bench.turn(form("agree", &[])).unwrap_err();
        assert_eq!(
            refused,
            Refusal::Field {
                field: "agree".into(),
                code: "agree_needed"
            }
        );
        assert_eq!(bench.turn(form("", &[("agree", "on")])), Err(Refusal::NotAllowed));
        assert_eq!(bench.turn(Input::Timer { name: "x".into() }), Err(Refusal::Stale));
        assert_eq!(bench.outcome(form("agree", &[("agree", "on")])), "agreed");
    }

    #[test]
    fn the_file_names_its_texts() {
        let declared = bench().declare().unwrap();
        assert!(declared.texts.contains(&"passkey-reset-what-3-detail".to_owned()));
        assert!(!declared.reads_account);
        assert!(
            Bench::of(&Agreement, serde_json::json!({"txt": "x"}))
                .declare()
                .is_err()
        );
    }
}
