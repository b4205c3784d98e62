//! The claimant's face: start, steps, status, coming back, the owner's veto, and what the host asks us.
//!
//! A handler loads what it shows or dispatches one command, and answers a page or a redirect; its HTML lies beside it.
//! Which case a request is about stands in its session; addresses carry no case. The exception is the veto link.

mod case;
mod comeback;
mod enter;
mod evidence;
mod factors;
mod invited;
mod leave;
mod messages;
mod pages;
mod posted;
mod quiet;
mod remove;
mod security;
mod signed;
mod start;
mod step_up;
mod stop;
mod withdraw;

use actix_web::web;
use readmit_web::routes::{Needs, Route, Verb};

/// Every route of this face, beside the static files.
pub const ROUTES: &[Route] = &[
    get("/", Needs::Nothing, || web::to(start::index)),
    get("/help", Needs::Nothing, || web::to(pages::help)),
    get("/privacy", Needs::Nothing, || web::to(pages::privacy)),
    get("/case", Needs::Session, || web::to(case::show)),
    get("/case/step", Needs::Nothing, || web::to(case::back)),
    post("/case/step", Needs::Session, || web::to(case::submit)),
    get("/case/withdraw", Needs::Session, || web::to(withdraw::ask)),
    post("/case/withdraw", Needs::Session, || web::to(withdraw::act)),
    get("/case/evidence/{id}", Needs::Session, || web::to(evidence::send)),
    get("/case/messages", Needs::Session, || web::to(messages::show)),
    post("/case/messages", Needs::Session, || web::to(messages::create)),
    get("/case/evidence/{id}/small", Needs::Session, || {
        web::to(evidence::send_small)
    }),
    get("/continue", Needs::Nothing, || web::to(comeback::ask)),
    post("/continue", Needs::Nothing, || web::to(comeback::send)),
    get("/continue/code", Needs::Session, || web::to(comeback::ask_code)),
    post("/continue/code", Needs::Session, || web::to(comeback::check_code)),
    get("/stop/{token}", Needs::Link, || web::to(stop::ask)),
    post("/stop/{token}", Needs::Link, || web::to(stop::act)),
    get("/invited/{token}", Needs::Link, || web::to(invited::ask)),
    post("/invited/{token}", Needs::Link, || web::to(invited::act)),
    get("/quiet/{token}", Needs::Link, || web::to(quiet::ask)),
    post("/quiet/{token}", Needs::Link, || web::to(quiet::act)),
    post("/api/quiet/end", Needs::Signature, || web::to(quiet::end)),
    get("/api/accounts/{id}/factors", Needs::Signature, || {
        web::to(factors::list)
    }),
    post("/api/accounts/{id}/visits", Needs::Signature, || web::to(enter::create)),
    post("/api/accounts/{id}/sign-outs", Needs::Signature, || web::to(enter::end)),
    post("/api/step-ups", Needs::Signature, || web::to(step_up::create)),
    get("/step-up/{token}", Needs::Link, || web::to(step_up::show)),
    get("/enter/{token}", Needs::Link, || web::to(enter::show)),
    get("/leave", Needs::Nothing, || web::to(leave::ask)),
    post("/leave", Needs::Nothing, || web::to(leave::act)),
    get("/security", Needs::Session, || web::to(security::show)),
    get("/security/{workflow}", Needs::Session, || web::to(remove::ask)),
    post("/security/{workflow}", Needs::Session, || web::to(security::begin)),
    get("/{workflow}", Needs::Nothing, || web::to(start::show)),
    post("/{workflow}", Needs::Nothing, || web::to(start::create)),
];

/// The pictures of this face's pages, on the evidence origin.
pub const EVIDENCE_ROUTES: &[Route] = &[get("/c/{look}", Needs::Link, || web::to(evidence::show))];

const fn get(path: &'static str, needs: Needs, to: fn() -> actix_web::Route) -> Route {
    Route {
        method: Verb::Get,
        path,
        needs,
        to,
    }
}

const fn post(path: &'static str, needs: Needs, to: fn() -> actix_web::Route) -> Route {
    Route {
        method: Verb::Post,
        path,
        needs,
        to,
    }
}

/// The texts of this crate, by language and file name.
pub const TEXTS: [(&str, &str, &str); 3] = [
    ("en", "claimant-ui/en.ftl", include_str!("../texts/en.ftl")),
    ("zh", "claimant-ui/zh.ftl", include_str!("../texts/zh.ftl")),
    ("es", "claimant-ui/es.ftl", include_str!("../texts/es.ftl")),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use readmit_core::texts::Texts;

    fn keys(text: &str) -> Vec<&str> {
        let mut keys: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with([' ', '#']))
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
            .collect();
        keys.sort_unstable();
        keys
    }

    /// The three languages say the same things, and no other crate's texts say them too.
    #[test]
    fn texts_agree_between_languages_and_crates() {
        for files in [TEXTS, readmit_web::TEXTS] {
            let [(_, _, english), others @ ..] = files;
            for (language, file, text) in others {
                assert_eq!(keys(english), keys(text), "{file} ({language})");
            }
        }
        let all = readmit_steps::texts::FILES
            .into_iter()
            .chain(readmit_web::TEXTS)
            .chain(TEXTS);
        assert_eq!(Texts::load(all).err(), None);
    }

    /// A route stands once in the table, and a fixed path before a pattern that would catch it.
    #[test]
    fn routes_are_told_apart() {
        let pattern = ROUTES.iter().position(|route| route.path == "/{workflow}").unwrap();
        for (place, route) in ROUTES.iter().enumerate() {
            let same = |other: &&Route| other.path == route.path && other.method == route.method;
            assert_eq!(ROUTES.iter().filter(same).count(), 1, "{}", route.path);
            assert!(place < pattern || route.path == "/{workflow}", "{}", route.path);
        }
    }
}
