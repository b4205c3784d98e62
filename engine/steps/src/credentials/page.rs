//! The page that asks for address and password, and what a reviewer reads of it.

use askama::Template;
use readmit_core::kind::FactValue;

use super::{Asks, Credentials, Told, asks};
use crate::config::state;
use crate::face::{ClaimantView, Face, Finding, Form, Fragment, Mark, ReviewerView, Stage, findings};
use crate::words::Say;

#[derive(Template)]
#[template(path = "credentials/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    intro: String,
    asks_email: bool,
    asks_password: bool,
    email: &'a str,
    email_error: Option<String>,
    password_error: Option<String>,
    /// A refusal that belongs to no field.
    refused: Option<String>,
    /// Where the claimant should be, and the words before and after it.
    origin: &'a str,
    address_bar: (String, String),
}

impl Face for Credentials {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let say = view.say();
        let asks = asks(view.step).unwrap_or(Asks::SignIn);
        let asks_email = !matches!(asks, Asks::Password { .. });
        let (title, intro) = if asks == Asks::Address {
            (
                say.get("credentials-address-title"),
                say.get("credentials-address-intro"),
            )
        } else if asks_email {
            (say.get("credentials-title"), say.get("credentials-intro"))
        } else {
            let address = view.masked_address();
            let intro = say.with("credentials-again-intro", &[("address", address.into())]);
            (say.get("credentials-again-title"), intro)
        };
        let page = Page {
            say,
            form: view.form,
            title: title.clone(),
            intro,
            asks_email,
            asks_password: asks != Asks::Address,
            email: view.kept.get("email").unwrap_or_default(),
            email_error: view.field_error("email"),
            password_error: view.field_error("password").or_else(|| wrong(view)),
            address_bar: say.around("credentials-address-bar", "origin"),
            refused: view.too_many().or_else(|| view.refused()),
            origin: view
                .brand
                .claimant_origin
                .trim_start_matches("https://")
                .trim_start_matches("http://"),
        };
        Ok(Fragment {
            title,
            error: page.email_error.is_some() || page.password_error.is_some() || page.refused.is_some(),
            html: page.render()?,
            stage: if asks_email { Stage::SignIn } else { Stage::Prove },
        })
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let Some(FactValue::Word(verdict)) = view.fact("password") else {
            return Ok(None);
        };
        let mark = match verdict.as_str() {
            "right" => Mark::Pass,
            "forgotten" | "unknown" => Mark::Warn,
            _ => Mark::Fail,
        };
        let title = say.get("credentials-finding");
        let quiet = say.get(&format!("credentials-finding-{verdict}"));
        findings(title.clone(), &[Finding::new(mark, &say, title, quiet)])
    }
}

/// What the last password came to, where that is told.
fn wrong(view: &ClaimantView<'_>) -> Option<String> {
    let told: Told = state(&view.case.state).ok()?;
    let fresh = view.problem.is_none() && told.wrong;
    fresh.then(|| view.wrong(view.say().count("credentials-wrong", told.tries_left), told.again))
}
