//! What the owner is told, and the mails that carry a code or an invitation: subject, plain text and HTML of the same content.
//!
//! A notice says what happened, how to stop it and whom to contact (RF-09). It never holds a code, and no way into the
//! case: its only link is the veto.

use askama::Template;
use readmit_core::conversation::Contact;
use readmit_core::effect::Notice;
use readmit_core::ids::CaseRef;
use readmit_core::texts::Texts;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::RemedySpec;

use crate::face::Brand;
use crate::words::Say;

/// A message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What the host shows the owner in live sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub title: String,
    pub text: String,
}

/// What a notice tells.
#[derive(Clone, Copy, Debug)]
pub struct NoticeView<'a> {
    pub brand: &'a Brand,
    pub reference: CaseRef,
    /// The workflow's title in the language of the notice.
    pub workflow: &'a str,
    /// When what it tells of happened: fixed, so that a message sent twice is the same byte for byte (invariant 8).
    pub at: At,
    /// The link that stops the case; shown where the notice carries the veto.
    pub veto_url: Option<&'a str>,
    /// Until when the case can be stopped for certain: the end of the cool-down. With [`Notice::Approved`].
    pub until: Option<At>,
    /// How long withdrawals are locked. With [`Notice::Done`].
    pub lock: Option<Span>,
    /// What the workflow does to the account.
    pub change: Change,
    /// Recovery codes were made on the way. With [`Notice::Done`].
    pub codes: bool,
}

/// What a workflow does to an account, as far as its notices tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Resets,
    /// The password goes, and the host asks for a new one.
    ResetsPassword,
    Adds,
    Removes,
    /// One that is there goes, and another of its kind comes.
    Replaces,
}

impl Change {
    /// What the remedy comes to.
    #[must_use]
    pub fn of(remedy: &RemedySpec) -> Self {
        match (&remedy.add, &remedy.remove) {
            (Some(kind), _) if remedy.reset.contains(kind) => Self::Replaces,
            (Some(_), _) => Self::Adds,
            (None, Some(_)) => Self::Removes,
            (None, None) if matches!(remedy.reset.as_slice(), [kind] if kind == "password") => Self::ResetsPassword,
            (None, None) => Self::Resets,
        }
    }
}

/// What a code mail tells.
#[derive(Clone, Copy, Debug)]
pub struct CodeView<'a> {
    pub brand: &'a Brand,
    pub code: &'a str,
    pub purpose: Purpose,
    /// From when on the code is too old.
    pub until: At,
    /// When it was asked for.
    pub at: At,
    /// The link "I did not ask": quiet for seven days.
    pub quiet_url: Option<&'a str>,
}

/// What the mail of an invitation tells.
#[derive(Clone, Copy, Debug)]
pub struct InvitationView<'a> {
    pub brand: &'a Brand,
    /// The workflow's title in the language of the mail.
    pub workflow: &'a str,
    pub contact: Contact,
    /// Good once, until `until`.
    pub url: &'a str,
    /// The link "I did not ask": quiet for seven days.
    pub quiet_url: &'a str,
    /// When support began it.
    pub at: At,
    pub until: At,
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The step of a request.
    Step,
    /// Coming back to a case.
    Return,
}

#[derive(Template)]
#[template(path = "notices/notice.html")]
struct Html<'a> {
    say: Say<'a>,
    mail: &'a Mail<'a>,
}

#[derive(Template)]
#[template(path = "notices/notice.txt", escape = "none")]
struct Plain<'a> {
    mail: &'a Mail<'a>,
}

/// The parts of a message, in order; empty ones are left out.
struct Mail<'a> {
    subject: String,
    /// A code, on a line of its own.
    code: Option<String>,
    paragraphs: Vec<String>,
    /// What the link does, and the link.
    link: Option<(String, &'a str)>,
    /// Under the link.
    after: Vec<String>,
    contact: String,
    support_url: &'a str,
}

/// The mail of a notice.
///
/// # Errors
/// As the templates.
pub fn notice(texts: &Texts, language: &str, notice: Notice, view: &NoticeView<'_>) -> Result<Message, askama::Error> {
    let say = Say::new(texts, language, view.brand);
    let code = notice.code();
    let veto = view.veto_url.filter(|_| notice.carries_veto());
    let mut paragraphs = vec![told(&say, notice, view)];
    paragraphs.extend(details(&say, notice, view));
    if wants_answer(notice) {
        paragraphs.push(say.get("notice-no-link"));
    }
    paragraphs.push(say.with(
        "notice-case",
        &[
            ("reference", view.reference.to_string().into()),
            ("workflow", view.workflow.into()),
        ],
    ));
    let mail = Mail {
        subject: say.with(&format!("notice-{code}-subject"), &[("workflow", view.workflow.into())]),
        code: None,
        paragraphs,
        link: veto.map(|url| (say.get("notice-stop"), url)),
        after: match veto {
            Some(_) if wants_answer(notice) => vec![say.get("notice-stop-how")],
            Some(_) => vec![say.get("notice-stop-how"), say.get("notice-was-you")],
            None => Vec::new(),
        },
        contact: say.get("notice-contact"),
        support_url: &view.brand.support_url,
    };
    message(say, &mail)
}

/// The banner of a notice. The host adds the link that stops the case.
#[must_use]
pub fn banner(texts: &Texts, language: &str, notice: Notice, view: &NoticeView<'_>) -> Banner {
    let say = Say::new(texts, language, view.brand);
    let mut text = vec![told(&say, notice, view)];
    text.extend(details(&say, notice, view));
    if notice.carries_veto() {
        text.push(say.get("notice-banner-stop"));
    }
    Banner {
        title: say.with(
            &format!("notice-{}-subject", notice.code()),
            &[("workflow", view.workflow.into())],
        ),
        text: text.join(" "),
    }
}

/// The text message of a notice.
#[must_use]
pub fn sms(texts: &Texts, language: &str, notice: Notice, view: &NoticeView<'_>) -> String {
    let say = Say::new(texts, language, view.brand);
    let subject = say.with(
        &format!("notice-{}-subject", notice.code()),
        &[("workflow", view.workflow.into())],
    );
    match view.veto_url.filter(|_| notice.carries_veto()) {
        Some(url) => format!("{subject} ({}). {} {url}", view.reference, say.get("notice-stop")),
        None => format!(
            "{subject} ({}). {} {}",
            view.reference,
            say.get("notice-contact"),
            view.brand.support_url
        ),
    }
}

/// The text message that carries a code.
#[must_use]
pub fn code_sms(texts: &Texts, language: &str, view: &CodeView<'_>) -> String {
    let say = Say::new(texts, language, view.brand);
    let until = say.when(view.until).text;
    say.with("code-sms", &[("code", view.code.into()), ("until", until.into())])
}

/// The mail that carries a code.
///
/// # Errors
/// As the templates.
pub fn code_mail(texts: &Texts, language: &str, view: &CodeView<'_>) -> Result<Message, askama::Error> {
    let say = Say::new(texts, language, view.brand);
    let until = say.when(view.until).text;
    let what = match view.purpose {
        Purpose::Step => say.get("code-mail-what"),
        Purpose::Return => say.get("code-mail-return"),
    };
    let mail = Mail {
        subject: say.get("code-mail-subject"),
        code: Some(view.code.to_owned()),
        paragraphs: vec![
            what,
            say.with("code-mail-until", &[("until", until.into())]),
            say.get("code-mail-never"),
        ],
        link: view.quiet_url.map(|url| (say.get("code-mail-quiet"), url)),
        after: vec![say.get("code-mail-without")],
        contact: say.get("notice-contact"),
        support_url: &view.brand.support_url,
    };
    message(say, &mail)
}

/// The mail by which somebody takes up what support began for them.
///
/// # Errors
/// As the templates.
pub fn invitation_mail(texts: &Texts, language: &str, view: &InvitationView<'_>) -> Result<Message, askama::Error> {
    let say = Say::new(texts, language, view.brand);
    let (date, time) = (say.date(view.at), say.time(view.at));
    let what = say.with(
        &format!("invitation-{}", view.contact.code()),
        &[
            ("workflow", view.workflow.into()),
            ("date", date.into()),
            ("time", time.into()),
        ],
    );
    let until = say.when(view.until).text;
    let mail = Mail {
        subject: say.with("invitation-subject", &[("workflow", view.workflow.into())]),
        code: None,
        paragraphs: vec![what, say.get("invitation-nothing")],
        link: Some((say.get("invitation-go"), view.url)),
        after: vec![
            say.with("invitation-until", &[("until", until.into())]),
            say.get("invitation-not-me"),
            format!("{} {}", say.get("code-mail-quiet"), view.quiet_url),
        ],
        contact: say.get("notice-contact"),
        support_url: &view.brand.support_url,
    };
    message(say, &mail)
}

/// What happened, and when.
fn told(say: &Say<'_>, notice: Notice, view: &NoticeView<'_>) -> String {
    let (date, time) = (say.date(view.at), say.time(view.at));
    let key = match (notice, view.change) {
        (Notice::Done, Change::ResetsPassword) => "notice-done-password".to_owned(),
        (Notice::Done, Change::Adds) => "notice-done-added".to_owned(),
        (Notice::Done, Change::Removes) => "notice-done-removed".to_owned(),
        (Notice::Done, Change::Replaces) => "notice-done-replaced".to_owned(),
        (Notice::Rejected, Change::Adds | Change::Removes | Change::Replaces) => "notice-rejected-unchanged".to_owned(),
        _ => format!("notice-{}", notice.code()),
    };
    say.with(
        &key,
        &[
            ("workflow", view.workflow.into()),
            ("date", date.into()),
            ("time", time.into()),
        ],
    )
}

/// What comes of it.
fn details(say: &Say<'_>, notice: Notice, view: &NoticeView<'_>) -> Vec<String> {
    match (notice, view.until) {
        (Notice::Approved, Some(until)) => {
            let (date, time) = (say.date(until), say.time(until));
            vec![say.with("notice-approved-until", &[("date", date.into()), ("time", time.into())])]
        }
        (Notice::CodeUsed { left }, _) => {
            vec![say.with("notice-code_used-left", &[("left", i64::from(left).into())])]
        }
        (Notice::Done, _) => {
            let codes = view.codes.then(|| say.get("notice-done-codes"));
            let lock = view.lock;
            let lock = lock.map(|lock| say.with("notice-done-lock", &[("span", say.span(lock).into())]));
            codes.into_iter().chain(lock).collect()
        }
        _ if wants_answer(notice) => vec![say.get("notice-how-back")],
        _ => Vec::new(),
    }
}

/// Whether the case waits for its claimant, who has to find the way back by hand: a notice has no link into the case.
const fn wants_answer(notice: Notice) -> bool {
    matches!(notice, Notice::Wanting | Notice::AskedAgain | Notice::Answered)
}

fn message(say: Say<'_>, mail: &Mail<'_>) -> Result<Message, askama::Error> {
    Ok(Message {
        subject: mail.subject.clone(),
        text: Plain { mail }.render()?,
        html: Html { say, mail }.render()?,
    })
}

#[cfg(test)]
mod tests;
