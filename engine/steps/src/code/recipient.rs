//! Where the codes of a step go: the address of the case, the account's number, or the number that is being added.

use readmit_core::guard::Enrolled;
use readmit_core::kind::{Learned, StepCx};
use readmit_core::sealed::Sealed;
use readmit_core::workflow::definition::{Definition, Step};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Channel, Config};
use crate::config::published;

/// A number in a step's sealed state, in E.164.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Number {
    pub(crate) number: String,
}

/// Where a code goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    Email(String),
    /// In E.164.
    Phone(String),
}

/// Where the codes of a code step go, whether the account is known or not. `None`: there is no number, or it is no code
/// step.
#[must_use]
pub fn recipient(step: &Step, definition: &Definition, sealed: &Sealed) -> Option<Recipient> {
    let config: Config = published(step).ok()?;
    match config.channel {
        Channel::Email => sealed.address.clone().map(Recipient::Email),
        Channel::Sms => number_in(sealed.steps.get(&step.name)).map(Recipient::Phone),
        Channel::NewPhone => new_number(definition, sealed).map(Recipient::Phone),
    }
}

/// The same while it is decided; empty where there is none.
pub(super) fn address(cx: &StepCx<'_>, channel: Channel) -> String {
    let found = match channel {
        Channel::Email => cx.sealed.address.clone(),
        Channel::Sms => number_in(cx.own_sealed()).or_else(|| own_number(cx)),
        Channel::NewPhone => new_number(cx.definition, cx.sealed),
    };
    found.unwrap_or_default()
}

/// The account's number, unless the remedy takes it away (invariant 10).
pub(super) fn own_number(cx: &StepCx<'_>) -> Option<String> {
    let mut phones = cx
        .standing
        .account()
        .factors
        .iter()
        .filter(|factor| factor.kind == "phone");
    let phone = phones.next().filter(|_| !cx.definition.remedy.spoils("phone"))?;
    Some(phone.name.clone())
}

/// A new number is proven by its code: the remedy keeps it.
pub(super) fn learned(cx: &StepCx<'_>, channel: Channel) -> Learned {
    let number = match channel {
        Channel::NewPhone => new_number(cx.definition, cx.sealed),
        Channel::Email | Channel::Sms => None,
    };
    Learned {
        enrolled: number.map(|number| Enrolled {
            kind: "phone".into(),
            secret: json!({ "number": number }),
            name: number,
            mark: 0,
        }),
        ..Learned::default()
    }
}

/// The number that an `enrol_phone` step of this case took down.
fn new_number(definition: &Definition, sealed: &Sealed) -> Option<String> {
    let mut steps = definition.steps.iter().filter(|step| step.kind == "enrol_phone");
    steps.find_map(|step| number_in(sealed.steps.get(&step.name)))
}

fn number_in(sealed: Option<&Value>) -> Option<String> {
    Some(Number::deserialize(sealed?).ok()?.number)
}
