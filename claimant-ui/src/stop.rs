//! The owner's veto. A link from a notice authorises by itself, from any browser, without a cookie and without signing in:
//! opening it changes nothing (mail scanners open links), pressing the button on its page does (RF-11).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use readmit_core::case::{Case, Class, Outcome, Remedy};
use readmit_core::command::{Act, Actor, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::link::{Claimed, Link};
use readmit_core::ports::Loaded;
use readmit_core::refusal::Refusal;
use readmit_core::sealed::Channel;
use readmit_steps::credentials;
use readmit_steps::words::{Say, masked};
use readmit_storage::AuditRow;
use readmit_web::{App, Caller, ClaimantPage, Markup, PageError};

use crate::case::{audit_row, definition};

/// How the case stands, as far as the owner's objection goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It can be stopped.
    Open,
    /// Stopped, by this link or another.
    Stopped,
    /// Objected to while disputed: a person looks at it, and nothing proceeds.
    Contested,
    /// The remedy has begun.
    TooLate,
    /// Ended otherwise: nothing was or will be changed.
    Over,
}

impl Standing {
    fn of(case: &Case) -> Self {
        match (case.outcome, case.remedy) {
            (Some(Outcome::Vetoed), _) => Self::Stopped,
            (_, Remedy::Begun | Remedy::Done) => Self::TooLate,
            (Some(_), _) => Self::Over,
            (None, _) if case.contest => Self::Contested,
            (None, _) => Self::Open,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stopped => "stopped",
            Self::Contested => "contested",
            Self::TooLate => "too-late",
            Self::Over => "over",
        }
    }
}

/// What the link is about. Changes nothing.
pub(crate) async fn ask(app: Data<App>, caller: Caller, token: Path<String>) -> Result<HttpResponse, PageError> {
    match believed(&app, &token).await? {
        Some((_, loaded)) => page(&app, &caller, &token, &loaded, false).await,
        None => dead(&app, &caller),
    }
}

/// Stops the case, if the box is ticked.
pub(crate) async fn act(
    app: Data<App>,
    caller: Caller,
    token: Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let Some((claimed, loaded)) = believed(&app, &token).await? else {
        return dead(&app, &caller);
    };
    if !is_sure(&form) {
        return page(&app, &caller, &token, &loaded, true).await;
    }
    let command = Command {
        case: claimed.case,
        key: app.forms.of_link(&token, loaded.case.run),
        by: Actor::Owner { channel: claimed.part },
        act: Act::Veto,
    };
    let answer = app.dispatcher.dispatch(command).await;
    if let Err(DispatchError::Refused(refusal)) = &answer {
        let row = AuditRow {
            who: "owner".into(),
            ..audit_row(&caller, "veto", Some(claimed.case), refusal.code())
        };
        app.db.audit(row).await?;
    }
    match answer {
        Ok(dispatched) => page(&app, &caller, &token, &dispatched.loaded, false).await,
        Err(DispatchError::Refused(Refusal::Closed | Refusal::AlreadyCarriedOut)) => {
            match believed(&app, &token).await? {
                Some((_, now)) => page(&app, &caller, &token, &now, false).await,
                None => dead(&app, &caller),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// The second tap: the box on the page is ticked.
pub(crate) fn is_sure(form: &[(String, String)]) -> bool {
    form.iter().any(|(name, value)| name == "sure" && value == "yes")
}

/// The case, if the token was made for it. A token of no case and one of an erased case are alike.
async fn believed(app: &App, token: &str) -> Result<Option<(Claimed, Loaded)>, PageError> {
    let Ok(claimed) = token.parse::<Claimed>() else {
        return Ok(None);
    };
    let loaded = app.db.opened(claimed.case).await?;
    Ok(loaded
        .filter(|loaded| loaded.readable && claimed.proven(&loaded.keys, Link::Veto))
        .map(|loaded| (claimed, loaded)))
}

#[derive(Template)]
#[template(path = "stop.html")]
struct Stop<'a> {
    say: Say<'a>,
    open: bool,
    title: String,
    text: String,
    /// Whoever asked may have known the password.
    password: bool,
    chip: String,
    /// Where the owner protects the account, once it is stopped, or when it is too late for that.
    account: Option<&'a str>,
    good: bool,
    action: String,
    unsure: bool,
    /// When somebody asked for what, of which account.
    asked: String,
}

async fn page(
    app: &App,
    caller: &Caller,
    token: &str,
    loaded: &Loaded,
    unsure: bool,
) -> Result<HttpResponse, PageError> {
    let what = definition(app, &loaded.case).await?;
    let standing = Standing::of(&loaded.case);
    let say = caller.say(app);
    let title = say.get(&format!("ui-stop-{}-title", standing.code()));
    let body = Markup::of(&Stop {
        say,
        open: standing == Standing::Open,
        title: title.clone(),
        text: say.get(&format!("ui-stop-{}-text", standing.code())),
        password: standing == Standing::Stopped && knew_password(&loaded.case),
        chip: match standing {
            Standing::Open => String::new(),
            _ => say.get(&format!("ui-stop-chip-{}", standing.code())),
        },
        account: matches!(standing, Standing::Stopped | Standing::TooLate).then_some(app.brand.sign_in_url.as_str()),
        good: matches!(standing, Standing::Stopped | Standing::Contested),
        action: format!("/stop/{token}"),
        unsure,
        asked: say.with(
            "ui-stop-asked",
            &[
                ("when", say.when(loaded.case.opened).text.into()),
                ("what", what.title(say.language()).into()),
                ("account", owner_address(loaded).into()),
            ],
        ),
    })?;
    ClaimantPage {
        reference: loaded.case.proven.map(|proven| proven.reference),
        error: unsure,
        ..ClaimantPage::alone(title, body, &format!("/stop/{token}"))
    }
    .answer(
        app,
        caller,
        if unsure {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        },
    )
}

/// Whether the password was right in the case, or signed somebody in at the host, where changes of the settings are begun.
fn knew_password(case: &Case) -> bool {
    case.class == Class::Settings || credentials::password_proven(case)
}

/// The account's address, masked, as its owner knows it.
fn owner_address(loaded: &Loaded) -> String {
    loaded
        .sealed
        .channels
        .iter()
        .find_map(|channel| match channel {
            Channel::Email { address } => Some(masked(address)),
            _ => None,
        })
        .unwrap_or_default()
}

#[derive(Template)]
#[template(path = "stop_dead.html")]
struct Dead<'a> {
    say: Say<'a>,
    support: &'a str,
}

/// A link that names nothing: cut off, of an erased case, or made up.
pub(crate) fn dead(app: &App, caller: &Caller) -> Result<HttpResponse, PageError> {
    let say = caller.say(app);
    let body = Markup::of(&Dead {
        say,
        support: &app.brand.support_url,
    })?;
    ClaimantPage::alone(say.get("ui-stop-dead-title"), body, "/").answer(app, caller, StatusCode::NOT_FOUND)
}
