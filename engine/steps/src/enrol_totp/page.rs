//! The page with the QR code, the key, and the field for the app's first code.

use askama::Template;

use super::{EnrolTotp, State, qr};
use crate::config::state;
use crate::face::{ClaimantView, Face, Form, Fragment, Stage};
use crate::otp::Totp;
use crate::words::Say;

#[derive(Template)]
#[template(path = "enrol_totp/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    /// The QR code's path and the side of its box.
    picture: Option<(String, i32)>,
    /// What the code says, for a phone that opens this page itself.
    address: String,
    groups: Vec<String>,
    error: Option<String>,
}

impl Face for EnrolTotp {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let own = view.sealed.steps.get(&view.step.name);
        let (Some(Ok(totp)), Ok(state)) = (own.map(state::<Totp>), state::<State>(&view.case.state)) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let address = totp.address(&view.brand.name, view.sealed.address.as_deref().unwrap_or_default());
        let wrong = || state.wrong.then(|| say.count("enrol_totp-wrong", state.tries_left));
        let error = view.field_error("code").or_else(|| view.refused()).or_else(wrong);
        let page = Page {
            say,
            form: view.form,
            title: say.get("enrol_totp-title"),
            picture: qr::path(&address),
            groups: totp.groups(),
            address,
            error,
        };
        Ok(Fragment {
            title: page.title.clone(),
            error: page.error.is_some(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }
}
