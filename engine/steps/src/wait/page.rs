//! The page of the cool-down: until when it lasts, and that the owner can stop it.

use askama::Template;

use super::{State, Wait};
use crate::config::state;
use crate::face::{ClaimantView, Face, Fragment, Stage};
use crate::words::{Say, When};

#[derive(Template)]
#[template(path = "wait/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    title: String,
    intro: String,
    /// How long it still is, as words and in hundredths.
    left: String,
    percent: i64,
    until: When,
    lock: Option<String>,
}

impl Face for Wait {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let Ok(wait) = state::<State>(&view.case.state) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let until = say.when(wait.until);
        let whole = wait.until - wait.since;
        let passed = (view.now - wait.since).0.clamp(0, whole.0);
        let lock = view.definition.remedy.lock_withdrawals;
        let page = Page {
            say,
            title: say.with("wait-title", &[("until", until.text.clone().into())]),
            intro: say.with("wait-intro", &[("span", say.span(whole).into())]),
            left: say.with("wait-left", &[("span", say.span(wait.until - view.now).into())]),
            percent: passed * 100 / whole.0.max(1),
            lock: lock.map(|span| {
                let until = say.when(wait.until + span);
                say.with("wait-and-locked", &[("until", until.text.into())])
            }),
            until,
        };
        Ok(Fragment {
            title: say.get("wait-page-title"),
            html: page.render()?,
            stage: Stage::Review,
            error: false,
        })
    }
}
