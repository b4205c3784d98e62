//! The operator's floor: bounds on settings, and what every recovery locks and revokes.

use super::Subject;
use crate::case::Class;
use crate::workflow::fault::{Fault, suggest};
use crate::workflow::policy::Quantity;
use crate::workflow::table::Table;

/// What a remedy may name.
const FACTORS: [&str; 5] = ["passkey", "totp", "phone", "recovery_codes", "password"];
/// What a remedy may bind or take away one of.
const KEPT: [&str; 4] = ["passkey", "totp", "phone", "recovery_codes"];
const REVOKED: [&str; 3] = ["sessions", "trusted_devices", API_KEYS];
/// They need no factor: an owner who is signed in and changes one keeps them.
const API_KEYS: &str = "api_keys";

pub(super) fn check(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    bounds(subject, faults);
    approvals(subject, faults);
    remedy(subject, faults);
    let definition = &subject.file.definition;
    if definition.limits.step > definition.limits.case {
        let what = format!(
            "a step may wait {}, the case only {}",
            definition.limits.step, definition.limits.case
        );
        faults.push(Fault::new(
            subject.file.limits,
            what,
            "the step's patience would never end",
        ));
    }
}

fn bounds(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    for (step, _, places) in subject.steps() {
        let bounds = subject
            .library
            .policy
            .floor
            .bounds
            .iter()
            .filter(|bound| bound.kind == step.kind);
        for bound in bounds {
            let Some(node) = places.config.get(&bound.setting) else {
                continue;
            };
            let Ok(value) = node.read::<Quantity>() else {
                continue;
            };
            let low = bound.at_least.is_some_and(|least| !value.reaches(least));
            let high = bound.at_most.is_some_and(|most| !most.reaches(value));
            if low || high {
                let what = format!("`{}` of `{}` is {value}", bound.setting, step.name);
                faults.push(Fault::new(node.place, what, format!("the policy's floor: {bound}")));
            }
        }
    }
}

fn approvals(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    for (_, declared, places) in subject.steps() {
        if declared
            .approvals
            .iter()
            .flat_map(Table::values)
            .any(|count| *count == 0)
        {
            let what = "a step may not approve with fewer than one person";
            faults.push(Fault::new(places.name, what, "a review is a decision by people"));
        }
    }
}

impl Quantity {
    /// At least as much as the other, and of the same sort.
    fn reaches(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other) && self >= other
    }
}

fn remedy(subject: &Subject<'_>, faults: &mut Vec<Fault>) {
    let (definition, place) = (&subject.file.definition, subject.file.remedy);
    let remedy = &definition.remedy;
    let named = remedy.reset.iter().map(|word| (word, &FACTORS[..]));
    let kept = remedy.add.iter().chain(&remedy.remove).map(|word| (word, &KEPT[..]));
    let revoked = remedy.revoke.iter().map(|word| (word, &REVOKED[..]));
    for (word, known) in named.chain(kept).chain(revoked) {
        if !known.contains(&word.as_str()) {
            let why = suggest(word, known.iter().copied());
            faults.push(Fault::new(place, format!("a remedy cannot name `{word}`"), why));
        }
    }
    let floor = &subject.library.policy.floor;
    let takes_away = !remedy.reset.is_empty() || remedy.remove.is_some() || definition.class == Class::Recovery;
    if takes_away && remedy.lock_withdrawals.is_none_or(|lock| lock < floor.lock_withdrawals) {
        let why = format!("the policy's floor is {} (RF-14)", floor.lock_withdrawals);
        faults.push(Fault::new(place, "withdrawals are not locked long enough", why));
    }
    let kept = floor.revoke.iter().filter(|word| !remedy.revoke.contains(word));
    for kept in kept.filter(|word| definition.class == Class::Recovery || takes_away && *word != API_KEYS) {
        let what = format!("`{kept}` survive the remedy");
        faults.push(Fault::new(place, what, "the policy's floor revokes them (RF-16)"));
    }
    if definition.class != Class::Recovery {
        return;
    }
    if remedy.add.is_some() || remedy.remove.is_some() {
        let why = "bind and remove in class settings, where the account is signed in";
        faults.push(Fault::new(place, "a recovery only resets", why));
    }
    if remedy.reset.is_empty() {
        faults.push(Fault::new(
            place,
            "the remedy resets nothing",
            "name what is reset: `reset: [passkey]`",
        ));
    }
}
