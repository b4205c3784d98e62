//! The page that asks for a factor, and what a reviewer reads of it.

use askama::Template;
use serde::Deserialize as _;

use super::{Config, Factor, Last, Method, State, Unknown};
use crate::challenge::Challenge;
use crate::code::{Number, masked_number};
use crate::config::{published, state};
use crate::face::{ClaimantView, Face, Finding, Form, Fragment, Mark, ReviewerView, Stage, findings};
use crate::words::Say;

#[derive(Template)]
#[template(path = "factor/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    intro: String,
    label: String,
    hint: String,
    /// What the field expects: digits, or letters and digits.
    digits: bool,
    error: Option<String>,
    /// Seconds until the next try is looked at.
    left: Option<i64>,
    /// Where the summary of the error leads.
    field: &'static str,
    /// The other ways: what the button posts, and its words.
    others: Vec<(&'static str, String)>,
    unavailable: Option<String>,
    passkey: bool,
    /// The way is a code by text message, and whether one is on its way.
    sms: bool,
    sent: bool,
    /// What the browser is asked for, while a challenge is open.
    options: Option<String>,
    /// Which passkey the browser should offer no more.
    unknown: Option<String>,
}

impl Face for Factor {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let Ok(state) = state::<State>(&view.case.state) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let own = |part: &str| say.get(&format!("factor-{}-{part}", state.method.code()));
        let error = error(view, &say, &state);
        let own_sealed = view.sealed.steps.get(&view.step.name);
        let open = Challenge::open(own_sealed, view.now);
        let unknown = own_sealed.and_then(|sealed| Unknown::deserialize(sealed).ok());
        let page = Page {
            say,
            form: view.form,
            title: own("title"),
            intro: intro(view, &say, &state).unwrap_or_else(|| own("intro")),
            label: own("label"),
            hint: own("hint"),
            digits: state.method != Method::RecoveryCode,
            field: if state.method == Method::Passkey
                || matches!(view.problem, Some(readmit_core::refusal::Refusal::TooMany { .. }))
            {
                ""
            } else {
                "code"
            },
            others: state
                .others
                .iter()
                .map(|method| (method.code(), say.get(&format!("factor-{}-name", method.code()))))
                .collect(),
            unavailable: state.method.can_be_lost().then(|| own("lost")),
            passkey: state.method == Method::Passkey,
            sms: state.method == Method::Sms,
            sent: state.sent.is_some_and(|sent| sent.is_open(view.now)),
            options: open.map(|challenge| challenge.options()),
            unknown: unknown.map(|unknown| unknown.signal.to_string()),
            error,
            left: view.seconds_left(state.again),
        };
        Ok(Fragment {
            title: page.title.clone(),
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let (Ok(config), Some(Ok(state))) = (published::<Config>(view.step), view.state().map(state::<State>)) else {
            return Ok(None);
        };
        let tries = config.tries - state.tries_left.min(config.tries);
        let title = say.get(&format!("factor-{}-name", state.method.code()));
        let (mark, quiet) = if view.case.proofs.contains(self.proof) {
            (Mark::Pass, say.count("factor-finding-try", tries + 1))
        } else {
            (Mark::Warn, say.count("factor-finding-open", tries))
        };
        findings(title.clone(), &[Finding::new(mark, &say, title, quiet)])
    }
}

/// Where a code by text message went, in place of the words before one was asked for.
fn intro(view: &ClaimantView<'_>, say: &Say<'_>, state: &State) -> Option<String> {
    let sent = state.method == Method::Sms && state.sent.is_some_and(|sent| sent.is_open(view.now));
    let sealed = view.sealed.steps.get(&view.step.name).filter(|_| sent)?;
    let Number { number } = Number::deserialize(sealed).ok()?;
    Some(say.with("factor-sms-sent", &[("number", masked_number(&number).into())]))
}

/// What is wrong: of the refused submit, else of the last turn.
fn error(view: &ClaimantView<'_>, say: &Say<'_>, state: &State) -> Option<String> {
    let wrong = || view.wrong(say.count("factor-wrong", state.tries_left), state.again);
    let last = || match state.sent {
        Some(sent) if sent.failed && state.method == Method::Sms => Some(say.get("factor-sms-failed")),
        Some(sent) if sent.undelivered && state.method == Method::Sms && state.last != Last::Wrong => {
            Some(say.get("factor-sms-undelivered"))
        }
        _ if state.last == Last::SimChanged => Some(say.get("factor-sms-sim")),
        _ => (state.last == Last::Wrong).then(wrong),
    };
    view.field_error("code")
        .or_else(|| view.field_error("credential"))
        .or_else(|| view.too_many())
        .or_else(|| view.refused())
        .or_else(last)
}
