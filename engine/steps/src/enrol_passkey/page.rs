//! The page that names a new passkey and has the browser make it.

use askama::Template;

use super::{EnrolPasskey, State};
use crate::challenge::Challenge;
use crate::config::state;
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::words::Say;

#[derive(Template)]
#[template(path = "enrol_passkey/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    name: String,
    name_error: Option<String>,
    error: Option<String>,
    /// What the browser is asked for, while a challenge is open.
    options: Option<String>,
}

impl Face for EnrolPasskey {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let Ok(state) = state::<State>(&view.case.state) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let open = Challenge::open(view.sealed.steps.get(&view.step.name), view.now);
        let refused = || {
            state
                .refused
                .then(|| say.count("enrol_passkey-refused", state.tries_left))
        };
        let page = Page {
            say,
            form: view.form,
            title: say.get("enrol_passkey-title"),
            name: view.kept.get("name").unwrap_or_default().to_owned(),
            name_error: view.field_error("name"),
            error: view
                .field_error("credential")
                .or_else(|| view.refused())
                .or_else(refused),
            options: open.map(|challenge| challenge.options()),
        };
        Ok(Fragment {
            title: page.title.clone(),
            error: page.error.is_some() || page.name_error.is_some(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }
}
