//! What the claimant sees of a case that needs nothing of them: who has it, how it ended, what has happened.

mod timeline;

use askama::Template;
use readmit_core::case::{Case, Class, Outcome, Remedy};
use readmit_core::evolve::Entry;
use readmit_core::review::Verdict;
use readmit_core::time::At;

use crate::enrol_codes;
use crate::face;
use crate::face::{ClaimantView, Fragment, Stage};
use crate::words::Say;
pub use timeline::{Moment, timeline};

/// The claimant's page of a case: the current step, or its status where nothing is asked of them.
///
/// # Errors
/// As the templates.
pub fn page(view: &ClaimantView<'_>, entries: &[Entry]) -> Result<Fragment, askama::Error> {
    let case = view.case;
    if case.outcome.is_some() {
        return closed(view, entries);
    }
    let fragment = match face(&view.step.kind) {
        Some(kind) if case.task.is_none() && !case.contest => kind.claimant(view)?,
        _ => with_a_person(view)?,
    };
    if case.deadline.is_some() || case.proven.is_none() {
        return Ok(fragment);
    }
    Ok(Fragment {
        html: format!("{}{}", fragment.html, happened(view, entries)?),
        ..fragment
    })
}

#[derive(Template)]
#[template(path = "status/person.html")]
struct Person<'a> {
    say: Say<'a>,
    title: String,
    /// Nobody has it yet.
    waits: bool,
    expect: String,
    address: String,
    we_write: (String, String),
}

/// A person has the case: a reviewer, an operator, or a senior after an objection.
pub(crate) fn with_a_person(view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
    let say = view.say();
    let case = view.case;
    let by = expected(view);
    let title = say.get(if case.contest {
        "status-contest-title"
    } else if documents(view) {
        "status-pictures-title"
    } else {
        "status-person-title"
    });
    let page = Person {
        say,
        title: title.clone(),
        waits: case.task.as_ref().is_none_or(|task| task.claim.is_none()),
        expect: if case.contest {
            say.get("status-contest")
        } else if view.now < by {
            say.with("status-expect", &[("until", say.when(by).text.into())])
        } else {
            say.get("status-longer")
        },
        address: view.masked_address(),
        we_write: say.around("status-we-write", "address"),
    };
    Ok(Fragment {
        title,
        html: page.render()?,
        stage: Stage::Review,
        error: false,
    })
}

/// When people should have decided, by the clock of the queue that the case is in, or is about to enter.
fn expected(view: &ClaimantView<'_>) -> At {
    match &view.case.task {
        Some(task) => task.opened + view.queues.within(&task.queue),
        None => {
            let queue = view.step.config.get("queue").and_then(|queue| queue.as_str());
            view.case.now + view.queues.within(queue.unwrap_or_default())
        }
    }
}

/// Whether pictures have been handed in.
fn documents(view: &ClaimantView<'_>) -> bool {
    let mut steps = view.definition.steps.iter().filter(|step| step.kind == "documents");
    steps.any(|step| view.case.left.contains_key(&step.name))
}

#[derive(Template)]
#[template(path = "status/closed.html")]
struct Closed<'a> {
    say: Say<'a>,
    chip: (&'static str, &'static str, String),
    title: String,
    body: String,
    /// Why a reviewer said no, as far as it may be told (RF-18).
    reason: Option<String>,
    /// What can be done about an end that somebody may think is wrong: address and words (RF-17).
    ways: Vec<(&'static str, String)>,
    /// The way back to the security settings, for whoever came from them.
    settings: Option<&'a str>,
    /// The way back into the account, after a remedy.
    sign_in: Option<&'a str>,
    lock: Option<String>,
    support: &'a str,
    timeline: Vec<Moment>,
}

/// Whether the remedy ends the account's sessions, this one too: then the way on is to sign in again.
fn signs_out(view: &ClaimantView<'_>) -> bool {
    view.definition.remedy.revoke.iter().any(|what| what == "sessions")
}

fn closed(view: &ClaimantView<'_>, entries: &[Entry]) -> Result<Fragment, askama::Error> {
    let say = view.say();
    let case = view.case;
    let outcome = case.outcome.unwrap_or(Outcome::Expired);
    let code = closed_code(case, outcome);
    let title = changed(view, code).unwrap_or_else(|| say.get(&format!("closed-{code}-title")));
    let approved = outcome == Outcome::Approved;
    let (look, icon) = match outcome {
        Outcome::Approved => ("pass", "i-check"),
        Outcome::Vetoed => ("fail", "i-stop"),
        Outcome::Rejected | Outcome::Withdrawn | Outcome::Expired | Outcome::HandedOver => ("", "i-info"),
    };
    let lock = view.definition.remedy.lock_withdrawals.filter(|_| approved);
    let ended = case.closed.unwrap_or(view.now);
    let page = Closed {
        say,
        chip: (look, icon, say.get(&format!("chip-{code}"))),
        title: title.clone(),
        body: body(view, code),
        settings: view.settings,
        reason: reason(case).map(|reason| say.get(&crate::review::reason_key(reason))),
        ways: ways(view, outcome, &say),
        sign_in: (approved && (case.class == Class::Recovery || signs_out(view)))
            .then_some(view.brand.sign_in_url.as_str()),
        lock: lock.filter(|span| ended + *span > view.now).map(|span| {
            let until = say.when(ended + span).text;
            say.with("closed-locked", &[("until", until.into())])
        }),
        support: &view.brand.support_url,
        timeline: if case.proven.is_some() {
            timeline(view, entries)
        } else {
            Vec::new()
        },
    };
    Ok(Fragment {
        title,
        html: page.render()?,
        stage: if approved { Stage::Done } else { Stage::Review },
        error: false,
    })
}

/// The end in words: a remedy that the host would not carry out, or an account that we cannot read, is no fault of the
/// claimant's.
fn closed_code(case: &Case, outcome: Outcome) -> &'static str {
    match (case.class, outcome, case.remedy) {
        (_, Outcome::Rejected, Remedy::GivenUp) => "given_up",
        (Class::Settings, Outcome::Approved, _) => "changed",
        (Class::Settings, Outcome::Rejected, _) => "unchanged",
        (_, Outcome::Rejected, _) if reason(case).is_none() => "unfinished",
        _ => outcome.code(),
    }
}

/// What was added, by its owner's name for it, or removed on the owner's own wish.
fn changed(view: &ClaimantView<'_>, code: &str) -> Option<String> {
    let (say, remedy) = (view.say(), &view.definition.remedy);
    let key = match (&remedy.add, &remedy.remove) {
        _ if code != "changed" => None,
        (Some(kind), _) => Some(format!("closed-added-{kind}")),
        (None, kind) => kind.as_ref().map(|kind| format!("closed-gone-{kind}")),
    }?;
    // What was added and is not there any more has no name.
    let name = view.added.or_else(|| remedy.add.is_none().then_some(""))?;
    say.has(&key).then(|| say.with(&key, &[("name", name.into())]))
}

/// What became of the account, and what was told of it.
fn body(view: &ClaimantView<'_>, code: &str) -> String {
    let say = view.say();
    let changed = code == "changed";
    let codes = changed && enrol_codes::made_beside(view.definition, view.case);
    // Whoever removed something at the settings is signed out, too, and could wonder why.
    let signed_out = changed && signs_out(view);
    let parts = [
        removed(view, code),
        Some(in_words_of_reset(view, &format!("closed-{code}"))),
        codes.then(|| say.get("closed-codes-too")),
        signed_out.then(|| say.get("closed-signed-out")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(say.space())
}

/// What the reset took away.
fn removed(view: &ClaimantView<'_>, code: &str) -> Option<String> {
    (code == "approved").then(|| in_words_of_reset(view, "closed-removed"))
}

/// A sentence in the words of the one kind that is reset, where there are such words: a new password is chosen at the host, a
/// new passkey is added.
fn in_words_of_reset(view: &ClaimantView<'_>, key: &str) -> String {
    let say = view.say();
    let own = match view.definition.remedy.reset.as_slice() {
        [kind] => Some(format!("{key}-{kind}")),
        _ => None,
    };
    say.get(own.as_deref().filter(|own| say.has(own)).unwrap_or(key))
}

/// The reason code of the rejection that ended the case.
fn reason(case: &Case) -> Option<&str> {
    let rejected = case.outcome == Some(Outcome::Rejected);
    let decided = case
        .decided
        .as_ref()
        .filter(|decided| decided.verdict == Verdict::Reject);
    decided.filter(|_| rejected).map(|decided| decided.reason.as_str())
}

/// Redress: a new start, another look, and telling us of fraud (RF-17); after a reset, what else may be forgotten.
fn ways(view: &ClaimantView<'_>, outcome: Outcome, say: &Say<'_>) -> Vec<(&'static str, String)> {
    if view.case.class != Class::Recovery {
        return Vec::new();
    }
    let ways: &[(&'static str, &str)] = match outcome {
        Outcome::Rejected => &[
            ("/", "closed-way-again"),
            ("/help#appeal", "closed-way-appeal"),
            ("/help#fraud", "closed-way-fraud"),
        ],
        Outcome::Vetoed => &[
            ("/help#appeal", "closed-way-appeal"),
            ("/help#fraud", "closed-way-fraud"),
        ],
        Outcome::Expired | Outcome::Withdrawn => &[("/", "closed-way-anew")],
        // Whoever used a passkey has often forgotten the password, which is asked for from now on.
        Outcome::Approved if only_passkeys(&view.definition.remedy.reset) => {
            &[("/password-reset", "closed-way-password")]
        }
        Outcome::Approved | Outcome::HandedOver => &[],
    };
    ways.iter().map(|(to, key)| (*to, say.get(key))).collect()
}

fn only_passkeys(reset: &[String]) -> bool {
    matches!(reset, [kind] if kind == "passkey")
}

#[derive(Template)]
#[template(path = "status/happened.html")]
struct Happened<'a> {
    say: Say<'a>,
    timeline: Vec<Moment>,
    /// Until the remedy has begun, for which its job first asks the host.
    can_withdraw: bool,
}

fn happened(view: &ClaimantView<'_>, entries: &[Entry]) -> Result<String, askama::Error> {
    Happened {
        say: view.say(),
        timeline: timeline(view, entries),
        can_withdraw: view.case.can_be_stopped() && !view.case.contest,
    }
    .render()
}

#[cfg(test)]
mod tests;
