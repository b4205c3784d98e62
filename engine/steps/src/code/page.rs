//! The page that asks for the code, and what a reviewer reads of it.

use askama::Template;

use super::{Code, Config, Last, State};
use crate::config::{published, state};
use crate::face::{ClaimantView, Face, Finding, Form, Fragment, Mark, ReviewerView, Stage, findings};
use crate::words::Say;

#[derive(Template)]
#[template(path = "code/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    /// Masked, with the words before and after it.
    address: String,
    on_its_way: (String, String),
    lives: String,
    sent: bool,
    /// The next one takes a human check.
    unchecked: bool,
    /// Where the summary of the error leads.
    field: &'static str,
    /// That too many were asked for, and when the next one can be.
    next: Option<String>,
    resent: bool,
    error: Option<String>,
    can_resend: bool,
    mail_from: &'a str,
    spam: (String, String),
    hint: String,
}

impl Face for Code {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let (Ok(config), Ok(state)) = (published::<Config>(view.step), state::<State>(&view.case.state)) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let sent = !matches!(state.last, Last::Unsent | Last::Unchecked);
        let unchecked = state.last == Last::Unchecked;
        let title = say.get(if sent { "code-title" } else { "code-unsent-title" });
        let page = Page {
            say,
            form: view.form,
            title: title.clone(),
            address: view.masked_address(),
            on_its_way: say.around("code-on-its-way", "address"),
            spam: say.around("code-missing-spam", "sender"),
            lives: say.count("code-lives", config.ttl.as_seconds() / 60),
            sent,
            unchecked,
            field: if sent { "code" } else { "" },
            next: state.next.map(|at| {
                let until = say.when(at, view.now).text;
                say.with("code-too-many", &[("until", until.into())])
            }),
            resent: state.last == Last::Resent && view.problem.is_none(),
            error: error(view, &say, &state),
            can_resend: !sent || state.resends_left > 0,
            mail_from: &view.brand.mail_from,
            hint: say.count("code-hint", config.digits),
        };
        Ok(Fragment {
            title,
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Confirm,
        })
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let (Ok(config), Some(state)) = (published::<Config>(view.step), view.state().and_then(State::read)) else {
            return Ok(None);
        };
        let tries = config.tries - state.tries_left.min(config.tries);
        let passed = view.case.proofs.contains("code.email");
        let title = say.get("code-finding");
        let (mark, quiet) = if passed {
            (Mark::Pass, say.count("code-finding-try", tries + 1))
        } else {
            (Mark::Warn, say.count("code-finding-open", tries))
        };
        findings(title.clone(), &[Finding::new(mark, &say, title, quiet)])
    }
}

/// What is wrong, in the claimant's words: of the refused submit, else of the last turn.
fn error(view: &ClaimantView<'_>, say: &Say<'_>, state: &State) -> Option<String> {
    view.field_error("code")
        .or_else(|| view.too_many())
        .or_else(|| view.refused())
        .or_else(|| match state.last {
            Last::Wrong => Some(say.count("code-wrong", state.tries_left)),
            Last::Expired => Some(say.get("code-expired")),
            Last::None | Last::Resent | Last::Unsent | Last::Unchecked => None,
        })
}
