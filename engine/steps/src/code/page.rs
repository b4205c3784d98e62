//! The page that asks for the code, and what a reviewer reads of it.

use askama::Template;
use readmit_core::case::Class;

use super::{Channel, Code, Config, Last, Recipient, State, recipient};
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
    /// What it confirms, for whoever is signed in at the host.
    what: Option<String>,
    sent: bool,
    /// The next one takes a human check.
    unchecked: bool,
    /// Where the summary of the error leads.
    field: &'static str,
    /// That too many were asked for, and when the next one can be.
    next: Option<String>,
    /// That a new one is on its way.
    resent: Option<String>,
    error: Option<String>,
    /// Seconds until the next try is looked at.
    left: Option<i64>,
    can_resend: bool,
    /// By text message: other words, and nothing about spam folders.
    phone: bool,
    /// The number can be typed anew.
    other: bool,
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
        // Whoever is signed in at the host knows that there is an account; nobody else is told (RL-01).
        let known = view.definition.class != Class::Recovery || config.channel != Channel::Email;
        let sent = !matches!(state.last, Last::Unsent | Last::Unchecked);
        let unchecked = state.last == Last::Unchecked;
        let title = say.get(if sent { "code-title" } else { "code-unsent-title" });
        let page = Page {
            say,
            form: view.form,
            title: title.clone(),
            phone: config.channel != Channel::Email,
            other: config.channel == Channel::NewPhone,
            address: match recipient(view.step, view.definition, view.sealed) {
                Some(Recipient::Phone(number)) => masked_number(&number),
                Some(Recipient::Email(_)) | None => view.masked_address(),
            },
            on_its_way: say.around(
                match (config.channel, known) {
                    (Channel::Email, false) => "code-on-its-way",
                    (Channel::Email, true) => "code-on-its-way-known",
                    (Channel::Sms | Channel::NewPhone, _) => "code-sms-on-its-way",
                },
                "address",
            ),
            spam: say.around("code-missing-spam", "sender"),
            what: (view.definition.class == Class::Settings && config.channel == Channel::Email).then(|| {
                let what = view.definition.title(view.language);
                say.with("code-for", &[("what", what.into())])
            }),
            lives: say.count("code-lives", config.ttl.as_seconds() / 60),
            sent,
            unchecked,
            field: if sent { "code" } else { "" },
            next: state.next.map(|at| {
                let until = say.when(at).text;
                say.with("code-too-many", &[("until", until.into())])
            }),
            resent: (state.last == Last::Resent && view.problem.is_none())
                .then(|| say.get(if known { "code-resent-known" } else { "code-resent" })),
            error: error(view, &say, &state),
            left: view.seconds_left(state.again),
            can_resend: !sent || state.last == Last::Undelivered || state.resends_left > 0,
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
        let passed = view.case.proofs.contains(match config.channel {
            Channel::Sms => "code.sms",
            Channel::Email | Channel::NewPhone => "code.email",
        });
        let title = say.get("code-finding");
        let (mark, quiet) = if passed {
            (Mark::Pass, say.count("code-finding-try", tries + 1))
        } else {
            (Mark::Warn, say.count("code-finding-open", tries))
        };
        findings(title.clone(), &[Finding::new(mark, &say, title, quiet)])
    }
}

/// A number with its country and last two digits: `+44 ••• ••47`.
pub(crate) fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(2));
    let (head, tail): (String, String) = (head.iter().take(3).collect(), tail.iter().collect());
    format!("{head} ••• ••{tail}")
}

/// What is wrong, in the claimant's words: of the refused submit, else of the last turn.
fn error(view: &ClaimantView<'_>, say: &Say<'_>, state: &State) -> Option<String> {
    view.field_error("code")
        .or_else(|| view.too_many())
        .or_else(|| view.refused())
        .or_else(|| match state.last {
            Last::Wrong => Some(view.wrong(say.count("code-wrong", state.tries_left), state.again)),
            Last::Expired => Some(say.get("code-expired")),
            Last::Undelivered => Some(say.get("code-sms-undelivered")),
            Last::None | Last::Resent | Last::Unsent | Last::Unchecked => None,
        })
}
