//! Security settings: the factors of the account that the host signed in, what to do about them, and the start of the
//! workflow that does it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use readmit_core::case::Class;
use readmit_core::command::{Act, Command};
use readmit_core::dispatch::DispatchError;
use readmit_core::ids::AccountId;
use readmit_steps::words::Say;
use readmit_storage::Factor;
use readmit_web::assets;
use readmit_web::session::{self, Renewal};
use readmit_web::{App, Caller, ClaimantPage, ClaimantSession, Markup, PageError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::posted::Posted;

#[derive(Template)]
#[template(path = "security.html")]
struct Page<'a> {
    say: Say<'a>,
    token: String,
    groups: Vec<Group>,
    /// What would make the account safer.
    advice: Option<String>,
    host: &'a str,
    /// Which passkeys are still accepted, for the browser.
    accepted: String,
    script: &'static str,
}

/// One kind of factor.
struct Group {
    title: String,
    icon: &'static str,
    /// What there is, or that there is nothing.
    text: Option<String>,
    rows: Vec<Row>,
    /// Workflows that begin here: path part and label.
    acts: Vec<(&'static str, String)>,
    /// The reset of the kind.
    lost: Option<&'static str>,
}

struct Row {
    id: Uuid,
    name: String,
    used: String,
    /// The workflow that removes this one.
    remove: Option<&'static str>,
}

/// The page. Its owner came from the host, and goes back there.
pub(crate) async fn show(app: Data<App>, caller: Caller, session: ClaimantSession) -> Result<HttpResponse, PageError> {
    let account = session.account.clone().ok_or(PageError::SignedOut)?;
    let factors = app.db.factors(&account).await?;
    let kept: Vec<&Factor> = factors.iter().filter(|factor| !factor.suspended).collect();
    let say = caller.say(&app);
    let body = Markup::of(&Page {
        say,
        token: session.form(&app, &caller),
        groups: KINDS.iter().map(|kind| kind.group(&say, &kept)).collect(),
        advice: advice(&kept).map(|advice| say.get(advice)),
        host: &app.brand.sign_in_url,
        accepted: accepted(&app, &account, &kept).to_string(),
        script: assets::passkey(),
    })?;
    ClaimantPage::alone(say.get("ui-security-title"), body, "/security").answer(&app, &caller, StatusCode::OK)
}

/// A kind of factor and the workflows that change it.
struct Kind {
    kind: &'static str,
    icon: &'static str,
    /// May an account have several?
    many: bool,
    add: &'static str,
    remove: Option<&'static str>,
    change: Option<&'static str>,
    lost: Option<&'static str>,
}

/// In the order of the page, which is that of the texts `ui-security-{kind}`.
const KINDS: [Kind; 4] = [
    Kind {
        kind: "passkey",
        icon: "i-key",
        many: true,
        add: "bind-passkey",
        remove: Some("delete-passkey"),
        change: None,
        lost: Some("/passkey-reset"),
    },
    Kind {
        kind: "totp",
        icon: "i-app",
        many: false,
        add: "bind-totp",
        remove: Some("unbind-totp"),
        change: None,
        lost: Some("/totp-reset"),
    },
    Kind {
        kind: "phone",
        icon: "i-phone",
        many: false,
        add: "bind-mobile",
        remove: None,
        change: Some("change-mobile"),
        lost: Some("/mobile-reset"),
    },
    Kind {
        kind: "recovery_codes",
        icon: "i-file",
        many: false,
        add: "recovery-codes",
        remove: None,
        change: Some("recovery-codes"),
        lost: None,
    },
];

impl Kind {
    fn group(&self, say: &Say<'_>, kept: &[&Factor]) -> Group {
        let own = |part: &str| say.get(&format!("ui-security-{}-{part}", self.kind));
        let held: Vec<&&Factor> = kept.iter().filter(|factor| factor.kind == self.kind).collect();
        let add = (held.is_empty() || self.many).then(|| (self.add, own("add")));
        let change = self
            .change
            .filter(|_| !held.is_empty())
            .map(|path| (path, own("change")));
        Group {
            title: own("title"),
            icon: self.icon,
            text: held.is_empty().then(|| own("none")),
            rows: held
                .iter()
                .map(|factor| Row {
                    id: factor.id,
                    name: shown(factor),
                    used: used(say, factor),
                    remove: self.remove,
                })
                .collect(),
            acts: add.into_iter().chain(change).collect(),
            lost: self.lost.filter(|_| !held.is_empty()),
        }
    }
}

/// The owner's own word for it; of a number the two last digits.
pub(crate) fn shown(factor: &Factor) -> String {
    match factor.kind.as_str() {
        "phone" => {
            let (head, tail) = factor.name.split_at(factor.name.len().saturating_sub(2));
            let country: String = head.chars().take(3).collect();
            format!("{country} ••• ••{tail}")
        }
        _ => factor.name.clone(),
    }
}

fn used(say: &Say<'_>, factor: &Factor) -> String {
    let added = say.date(factor.added);
    match factor.last_used {
        None => say.with("ui-security-added", &[("added", added.into())]),
        Some(at) => {
            let used = say.when(at).text;
            say.with("ui-security-used", &[("added", added.into()), ("used", used.into())])
        }
    }
}

/// As [`accepted`], read now.
pub(crate) async fn accepted_now(app: &App, account: &AccountId) -> Result<String, PageError> {
    let factors = app.db.factors(account).await?;
    let kept: Vec<&Factor> = factors.iter().filter(|factor| !factor.suspended).collect();
    Ok(accepted(app, account, &kept).to_string())
}

/// What `signalAllAcceptedCredentials` takes (WebAuthn Level 3, 5.1.10): the passkeys that the account still has (PK-07).
fn accepted(app: &App, account: &AccountId, kept: &[&Factor]) -> Value {
    let own = kept.iter().filter(|factor| factor.kind == "passkey");
    let ids: Vec<&Value> = own
        .filter_map(|factor| factor.secret.pointer("/cred/cred_id"))
        .collect();
    json!({
        "rpId": app.origins.host().host(),
        "userId": data_encoding::BASE64URL_NOPAD.encode(app.db.passkey_user(account).as_bytes()),
        "allAcceptedCredentialIds": ids,
    })
}

/// The text of what would make the account safer: a second way to sign in, then a safer one, then codes on paper (PK-05, SC-01).
fn advice(kept: &[&Factor]) -> Option<&'static str> {
    let has = |kind: &str| kept.iter().any(|factor| factor.kind == kind);
    let passkeys: Vec<&&Factor> = kept.iter().filter(|factor| factor.kind == "passkey").collect();
    if let [only] = passkeys.as_slice()
        && only.secret.pointer("/cred/backup_state") == Some(&Value::Bool(false))
    {
        return Some("ui-security-advice-second");
    }
    match (has("passkey"), has("totp"), has("phone")) {
        (true, ..) => (!has("recovery_codes")).then_some("ui-security-advice-codes"),
        (false, true, _) => Some("ui-security-advice-passkey"),
        (false, false, true) => Some("ui-security-advice-sms"),
        (false, ..) => Some("ui-security-advice-none"),
    }
}

/// Begins a workflow of class settings for the account of this session.
pub(crate) async fn begin(
    app: Data<App>,
    caller: Caller,
    session: ClaimantSession,
    workflow: Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let posted = Posted::of(form.into_inner());
    let key = session.check(&app, &posted.token)?;
    let account = session.account.clone().ok_or(PageError::SignedOut)?;
    let about = posted.fields.get("factor").and_then(|id| Uuid::try_parse(id).ok());
    let case = app.forms.case_of(key);
    let act = start(&app, &caller, &workflow, account, about).await?;
    let by = posted.by(&app, &caller);
    app.dispatcher.dispatch(Command { case, key, by, act }).await?;
    let cookie = session::renew_claimant(&app, &caller, &session, case, Renewal::Led).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/case"))
        .cookie(cookie)
        .finish())
}

async fn start(
    app: &App,
    caller: &Caller,
    workflow: &str,
    account: AccountId,
    about: Option<Uuid>,
) -> Result<Act, PageError> {
    let definition = app.db.current_workflow(workflow).await?;
    let definition = definition.filter(|definition| definition.class == Class::Settings);
    let definition = definition.ok_or(PageError::NotFound)?;
    let policy = app.db.current_policy().await?;
    let policy = policy.ok_or(DispatchError::NoVersion)?;
    Ok(Act::Start {
        workflow: definition.hash,
        policy: policy.hash,
        language: caller.language.code().to_owned(),
        account: Some(account),
        about,
        step_up: None,
    })
}

#[cfg(test)]
mod tests {
    use readmit_core::time::At;

    use super::*;

    fn factor(kind: &str, secret: Value) -> Factor {
        Factor {
            id: Uuid::nil(),
            kind: kind.into(),
            name: kind.into(),
            secret,
            added: At::default(),
            last_used: None,
            mark: 0,
            suspended: false,
        }
    }

    /// OT-06, PK-05: a password alone wants a factor, a number a safer one, an app a passkey; a passkey on one device wants a
    /// second one, and whoever has all that wants codes on paper.
    #[test]
    fn pk_05_the_page_advises_the_next_safer_thing() {
        let backed_up = |yes: bool| json!({ "cred": { "backup_state": yes } });
        let (none, one, synced) = (Value::Null, backed_up(false), backed_up(true));
        for (kept, expected) in [
            (vec![], Some("none")),
            (vec![("recovery_codes", &none)], Some("none")),
            (vec![("phone", &none)], Some("sms")),
            (vec![("totp", &none)], Some("passkey")),
            (vec![("phone", &none), ("totp", &none)], Some("passkey")),
            (
                vec![("phone", &none), ("totp", &none), ("passkey", &one)],
                Some("second"),
            ),
            (vec![("passkey", &one), ("passkey", &synced)], Some("codes")),
            (vec![("passkey", &synced)], Some("codes")),
            (vec![("passkey", &synced), ("recovery_codes", &none)], None),
            (vec![("passkey", &one), ("recovery_codes", &none)], Some("second")),
        ] {
            let factors: Vec<Factor> = kept
                .iter()
                .map(|(kind, secret)| factor(kind, (*secret).clone()))
                .collect();
            let told = advice(&factors.iter().collect::<Vec<_>>());
            let told = told.map(|key| key.trim_start_matches("ui-security-advice-"));
            assert_eq!(told, expected, "{kept:?}");
        }
    }
}
