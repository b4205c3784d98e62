//! Taking down a new number. It is kept here, sealed, until a code sent to it has come back; the code step behind does that,
//! and before it the number displaces nothing.

mod countries;

use askama::Template;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};
use readmit_core::case::{Phase, WaitsFor};
use readmit_core::kind::{Declared, Fields, Grant, Input, StepCx, StepKind, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::workflow::definition::Step;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::{config, outcome};
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::words::Say;
use countries::Offered;

const KIND: &str = "phone";
/// Longest input that is looked at, in bytes.
const LONGEST: usize = 40;

pub struct EnrolPhone;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {}

impl StepKind for EnrolPhone {
    fn name(&self) -> &'static str {
        "enrol_phone"
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
            outcomes: ["given", "held"].map(|name| outcome(name, Grant::Nothing)).into(),
            reads_account: true,
            ..Declared::default()
        })
    }

    /// An account has one number: with one that stays, there is nothing to add.
    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let has = cx.standing.account().factors.iter().any(|factor| factor.kind == KIND);
        if has && !cx.definition.remedy.spoils(KIND) {
            return Turn::done(Value::Null, "held");
        }
        Turn::waiting(Value::Null).sealed(Value::Null)
    }

    fn turn(&self, _cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        match input {
            Input::Form { verb, fields, .. } if verb == "send" => {
                let number = number(fields)?;
                Ok(Turn::done(Value::Null, "given").sealed(json!({ "number": number })))
            }
            Input::Form { .. } => Err(Refusal::NotAllowed),
            Input::Timer { .. } | Input::Job { .. } => Err(Refusal::Stale),
        }
    }
}

/// The number in E.164, if there can be one like it and it is a mobile's: what costs its caller more, or rings on a desk, gets no
/// messages (OT-07). Some countries do not tell the two apart. A `+` says its country itself.
fn number(fields: &Fields) -> Result<String, Refusal> {
    let refused = |code| Refusal::Field {
        field: "number".into(),
        code,
    };
    let typed = fields.get("number").ok_or_else(|| refused("number_needed"))?;
    if typed.len() > LONGEST {
        return Err(refused("number_shape"));
    }
    let country: Option<country::Id> = fields.get("country").and_then(|id| id.parse().ok());
    if country.is_none() && !typed.trim_start().starts_with('+') {
        return Err(refused("number_country"));
    }
    let parsed = phonenumber::parse(country, typed).map_err(|_| refused("number_shape"))?;
    if !phonenumber::is_valid(&parsed) {
        return Err(refused("number_shape"));
    }
    let kind = parsed.number_type(&DATABASE);
    if !matches!(kind, Type::Mobile | Type::FixedLineOrMobile) {
        return Err(refused("number_not_mobile"));
    }
    Ok(parsed.format().mode(Mode::E164).to_string())
}

#[derive(Template)]
#[template(path = "enrol_phone/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    countries: Vec<Offered>,
    country: &'a str,
    number: &'a str,
    error: Option<String>,
}

impl Face for EnrolPhone {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let say = view.say();
        let page = Page {
            say,
            form: view.form,
            title: say.get("enrol_phone-title"),
            countries: countries::offered(view.language),
            country: view.kept.get("country").unwrap_or_default(),
            number: view.kept.get("number").unwrap_or_default(),
            error: view
                .field_error("number")
                .or_else(|| view.too_many())
                .or_else(|| view.refused()),
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
    #![allow(clippy::unwrap_used)]
    use readmit_core::kind::Status;

    use super::*;
    use crate::support::{Bench, form};

    fn bench() -> Bench {
        let mut bench = Bench::of(&EnrolPhone, json!({}));
        bench.prove("ada@example.com", "acc-1");
        bench.enter();
        bench
    }

    /// OT-06: a number that cannot exist is refused, however it is written; what can is kept in E.164.
    #[test]
    fn ot_06_a_number_is_checked_and_kept_in_one_form() {
        let typed = |country: &str, number: &str| form("send", &[("country", country), ("number", number)]);
        for (country, number, kept) in [
            ("GB", "07400 123456", "+447400123456"),
            ("", "+44 7400 123456", "+447400123456"),
            ("NL", "06-12345678", "+31612345678"),
            ("GB", "+31 6 1234 5678", "+31612345678"),
        ] {
            let turn = bench().turn(typed(country, number)).unwrap();
            assert_eq!(turn.sealed, Some(json!({ "number": kept })), "{country} {number}");
            assert_eq!(
                turn.status,
                Status::Done {
                    outcome: "given".into()
                }
            );
            assert_eq!(turn.state, Value::Null, "no number in an event");
        }
        let kept = |number| bench().turn(typed("", number)).unwrap().sealed;
        assert_eq!(
            kept("+1 201 555 0123"),
            Some(json!({ "number": "+12015550123" })),
            "either, in North America"
        );
        for number in ["+44 20 7183 8750", "+44 909 879 0000", "+44 800 123 4567"] {
            let refused = bench().turn(typed("", number)).unwrap_err();
            let mobile = Refusal::Field {
                field: "number".into(),
                code: "number_not_mobile",
            };
            assert_eq!(refused, mobile, "OT-07: {number}");
        }
        for (country, number) in [
            ("GB", "12"),
            ("", "07400 123456"),
            ("GB", "hello"),
            ("ZZ", "1"),
            ("US", "000 000 0000"),
        ] {
            assert!(
                matches!(bench().turn(typed(country, number)), Err(Refusal::Field { .. })),
                "{country} {number}"
            );
        }
    }
}
