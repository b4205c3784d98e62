#![allow(clippy::unwrap_used, clippy::panic)]
//! Every page of every kind, in every language: whole, plain, and in the order that the visual target asks for.

use readmit_core::case::{Outcome, Remedy};
use readmit_core::kind::{Fields, Input};
use readmit_core::refusal::Refusal;
use readmit_core::texts::Texts;
use readmit_core::time::Span;
use serde_json::json;

use super::*;
use crate::support::{Bench, brand, files, form};
use crate::texts::texts;

const LANGUAGES: [&str; 3] = ["en", "zh", "es"];

/// A page as claimants get it must keep these rules, whatever it shows.
fn keeps_the_rules(name: &str, language: &str, page: &Fragment) {
    let html = &page.html;
    let place = format!("{name} in {language}:\n{html}");
    assert_eq!(html.matches("<h1>").count(), 1, "one h1, {place}");
    assert!(html.matches("btn main").count() <= 1, "one main button, {place}");
    for never in [" style=", "<script", " onclick", "{ $", "javascript:"] {
        assert!(!html.contains(never), "{never}, {place}");
    }
    for attribute in [
        " id=\"",
        " for=\"",
        "aria-describedby=\"",
        "aria-labelledby=\"",
        "href=\"#",
    ] {
        for value in html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(!value.is_empty(), "empty {attribute}, {place}");
            if attribute == " id=\"" {
                assert_eq!(
                    html.matches(&format!(" id=\"{value}\"")).count(),
                    1,
                    "id {value} twice, {place}"
                );
            } else if !value.starts_with("i-") {
                for id in value.split(' ') {
                    assert!(
                        html.contains(&format!(" id=\"{id}\"")),
                        "{attribute}{id} leads nowhere, {place}"
                    );
                }
            }
        }
    }
    for icon in html
        .split("<use href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(ICONS.contains(&icon), "{icon} is not among the icons, {place}");
    }
    for form in html.split("<form").skip(1) {
        assert!(
            form.contains("name=\"token\"") && form.contains("name=\"run\""),
            "{place}"
        );
        let first_file = form.find("type=\"file\"").unwrap_or(form.len());
        assert!(
            form.find("name=\"token\"").unwrap() < first_file,
            "the token comes before files, {place}"
        );
    }
    assert!(!page.title.is_empty() && !page.title.contains("-title"), "{place}");
    assert_eq!(
        page.error,
        html.contains("tabindex=\"-1\"><svg"),
        "an error has its summary, {place}"
    );
}

fn show(bench: &Bench, texts: &Texts, name: &str, problem: Option<&Refusal>) -> Fragment {
    let kept = Fields(vec![
        ("email".into(), "\"><b>ada@example.com".into()),
        ("q1".into(), "2".into()),
    ]);
    for language in LANGUAGES {
        keeps_the_rules(name, language, &bench.page(texts, language, problem, &kept));
    }
    bench.page(texts, "en", problem, &kept)
}

fn field(name: &str, code: &'static str) -> Refusal {
    Refusal::Field {
        field: name.into(),
        code,
    }
}

#[test]
fn the_agreement() {
    let texts = texts().unwrap();
    let bench = Bench::of(&crate::agreement::Agreement, json!({"text": "passkey-reset"}));
    let page = show(&bench, &texts, "agreement", None);
    assert!(page.html.contains("Withdrawals stop for 24 hours after the reset"));
    assert!(page.html.contains("Northwind account") && page.stage == Stage::Read);
    let refused = show(
        &bench,
        &texts,
        "agreement, not ticked",
        Some(&field("agree", "agree_needed")),
    );
    assert!(refused.html.contains("href=\"#agree\"") && refused.html.contains("aria-invalid"));
}

#[test]
fn signing_in() {
    let texts = texts().unwrap();
    let bench = Bench::of(&crate::credentials::Credentials, json!({"ask": ["email", "password"]}));
    let page = show(&bench, &texts, "sign-in", Some(&field("email", "email_shape")));
    assert!(page.html.contains("recover.northwind.example"));
    assert!(page.html.contains("autocomplete=\"username\"") && page.html.contains("autocomplete=\"current-password\""));
    assert!(!page.html.contains("<b>ada"), "what was typed is shown as text");
    let (label, error, input) = (
        page.html.find("<label for=\"email\"").unwrap(),
        page.html.find("id=\"email-e\"").unwrap(),
        page.html.find("<input id=\"email\"").unwrap(),
    );
    assert!(label < error && error < input, "label, error, input");
    show(&bench, &texts, "sign-in, host away", Some(&Refusal::HostUnknown));
    let mut again = Bench::of(
        &crate::credentials::Credentials,
        json!({"ask": ["password"], "tries": 3}),
    );
    again.prove("ada.lovelace@example.com", "acc-1");
    again.enter();
    let page = show(&again, &texts, "password", None);
    assert!(page.html.contains("a•••••e@e•••••.com") && !page.html.contains("lovelace"));
    again.case.state = json!({"tries_left": 1, "wrong": true});
    assert!(
        show(&again, &texts, "password, wrong", None)
            .html
            .contains("1 try left")
    );
}

fn code_bench() -> Bench {
    let config = json!({"channel": "email", "digits": 6, "tries": 5, "resends": 3, "ttl": "10m"});
    let mut bench = Bench::of(&crate::code::Code, config);
    bench.sealed.address = Some("ada.lovelace@example.com".into());
    bench.sealed.account = Some(readmit_core::ids::AccountId("acc-1".into()));
    bench.enter();
    bench
}

#[test]
fn the_code() {
    let texts = texts().unwrap();
    let mut bench = code_bench();
    let page = show(&bench, &texts, "code", None);
    assert!(page.html.contains("autocomplete=\"one-time-code\"") && page.html.contains("inputmode=\"numeric\""));
    assert!(!page.html.contains("lovelace") && !page.error);
    bench.go(form("submit", &[("code", "000000")]));
    let page = show(&bench, &texts, "code, wrong", None);
    assert!(page.html.contains("You have 4 tries left") && page.error);
    bench.now = bench.now + Span::minutes(11);
    bench.go(form("submit", &[("code", "000000")]));
    assert!(
        show(&bench, &texts, "code, too old", None)
            .html
            .contains("That code is too old")
    );
    bench.go(form("resend", &[]));
    assert!(
        show(&bench, &texts, "code, sent again", None)
            .html
            .contains("role=\"status\"")
    );
    let too_many = Refusal::TooMany {
        until: bench.now + Span::minutes(30),
    };
    assert!(
        show(&bench, &texts, "code, too many", Some(&too_many))
            .html
            .contains("in 30 minutes, at 12:41:00 UTC")
    );
    bench.case.state = json!({"issue": 0, "sent": 0, "until": 0, "tries_left": 5, "resends_left": 3, "last": "unsent",
        "next": (bench.now + Span::hours(1)).0});
    let page = show(&bench, &texts, "code, unsent", None);
    assert!(
        page.html
            .contains("The next one can be sent from 12 March 2026, 13:11 UTC")
            && !page.html.contains("id=\"code\"")
    );
}

/// RL-01, RF-08: the page of an unknown address is that of a known one, byte for byte.
#[test]
fn rl_01_the_code_page_is_the_same_for_an_unknown_account() {
    let texts = texts().unwrap();
    let known = code_bench();
    let mut unknown = code_bench();
    unknown.sealed.account = None;
    assert_eq!(
        show(&known, &texts, "known", None),
        show(&unknown, &texts, "unknown", None)
    );
}

#[test]
fn the_cool_down() {
    let texts = texts().unwrap();
    let mut bench = Bench::of(&crate::wait::Wait, json!({"for": "24h"}));
    bench.prove("ada@example.com", "acc-1");
    bench.enter();
    bench.now = bench.now + Span::hours(6);
    let page = show(&bench, &texts, "wait", None);
    for words in [
        "18 hours to go",
        "value=\"25\"",
        "on 13 March 2026, 12:00 UTC",
        "locked until 14 March 2026, 12:00 UTC",
    ] {
        assert!(page.html.contains(words), "{words} in {}", page.html);
    }
}

#[test]
fn the_questions() {
    let texts = texts().unwrap();
    let mut bench = crate::questions::bench_for_pages();
    show(&bench, &texts, "attention", None);
    bench.go(form("begin", &[]));
    let page = show(&bench, &texts, "questions", None);
    assert_eq!(page.html.matches("<legend>").count(), 4);
    assert_eq!(page.html.matches("<select").count(), 1);
    let refused = show(
        &bench,
        &texts,
        "questions, one left out",
        Some(&field("q2", "answer_needed")),
    );
    assert!(refused.html.contains("href=\"#q2\"") && refused.html.contains("id=\"q2-e\""));
    bench.case.state = json!({"at": "not_right", "tries_left": 2, "tried": 1});
    let page = show(&bench, &texts, "questions, not right", None);
    assert!(page.html.contains("You have 2 tries left") && page.html.contains("value=\"give_up\""));
}

#[test]
fn the_documents() {
    let texts = texts().unwrap();
    let slots = json!({"slots": [{"slot": "account_email", "rules": "account-email", "min": 1, "max": 2}]});
    let mut bench = Bench::of(&crate::documents::Documents, slots);
    bench.prove("ada@example.com", "acc-1");
    bench.enter();
    let page = show(&bench, &texts, "documents", None);
    assert!(page.html.contains("An e-mail that Northwind sent you") && page.html.contains("multipart/form-data"));
    show(
        &bench,
        &texts,
        "documents, none",
        Some(&field("account_email", "slot_needs")),
    );
    let file = readmit_core::kind::StoredFile {
        slot: "account_email".into(),
        blob: readmit_core::ids::BlobId(uuid::Uuid::from_u128(1)),
        bytes: 2_430_000,
        media: readmit_core::kind::Media::Png,
        sha256: readmit_core::ids::Digest([1; 32]),
        name: "<img src=x onerror=alert(1)>.png".into(),
    };
    bench.go(files("attach", &[], vec![file]));
    let page = show(&bench, &texts, "documents, one", None);
    assert!(page.html.contains("2.4 MB") && page.html.contains("Being read"));
    assert!(!page.html.contains("<img src=x"), "SE-07: a file's name is text");
    let id = page.html.split("remove:").nth(1).unwrap().split('"').next().unwrap();
    show(
        &bench,
        &texts,
        "documents, same",
        Some(&field(&format!("account_email.{id}"), "slot_same")),
    );
}

fn closed(outcome: Outcome) -> Bench {
    let mut bench = Bench::of(&crate::remedy::Remedy, json!({}));
    bench.prove("ada@example.com", "acc-1");
    bench.case.outcome = Some(outcome);
    bench.case.closed = Some(bench.now);
    bench
}

#[test]
fn every_end() {
    let (texts, brand) = (texts().unwrap(), brand());
    for outcome in [
        Outcome::Approved,
        Outcome::Rejected,
        Outcome::Withdrawn,
        Outcome::Vetoed,
        Outcome::Expired,
        Outcome::HandedOver,
    ] {
        for language in LANGUAGES {
            let bench = closed(outcome);
            let page =
                crate::status::page(&bench.view(&texts, language, None, &Fields::default(), &brand), &[]).unwrap();
            keeps_the_rules(outcome.code(), language, &page);
        }
    }
    let bench = closed(Outcome::Approved);
    let page = crate::status::page(&bench.view(&texts, "en", None, &Fields::default(), &brand), &[]).unwrap();
    for words in [
        "Back to enter your account",
        "locked until 13 March 2026, 12:00 UTC",
        "add a new passkey",
    ] {
        assert!(page.html.contains(words), "{words}");
    }
    assert!(page.html.contains(&brand.sign_in_url) && page.stage == Stage::Done);
    let mut bench = closed(Outcome::Rejected);
    bench.case.remedy = Remedy::GivenUp;
    let page = crate::status::page(&bench.view(&texts, "en", None, &Fields::default(), &brand), &[]).unwrap();
    assert!(page.html.contains("could not be carried out"), "{}", page.html);
}

#[test]
fn a_case_with_people_says_so_and_when() {
    let (texts, brand) = (texts().unwrap(), brand());
    let mut bench = Bench::of(&crate::review::Review, json!({"queue": "recovery"}));
    bench.prove("ada@example.com", "acc-1");
    bench.enter();
    bench.case.now = bench.now;
    bench.case.phase = readmit_core::case::Phase::InReview;
    for language in LANGUAGES {
        let page = crate::status::page(&bench.view(&texts, language, None, &Fields::default(), &brand), &[]).unwrap();
        keeps_the_rules("review", language, &page);
    }
    let page = crate::status::page(&bench.view(&texts, "en", None, &Fields::default(), &brand), &[]).unwrap();
    assert!(page.html.contains("Expect an answer by 12 March 2026, 16:00 UTC") && page.html.contains("/case/withdraw"));
    bench.now = bench.now + Span::hours(7);
    let page = crate::status::page(&bench.view(&texts, "en", None, &Fields::default(), &brand), &[]).unwrap();
    assert!(page.html.contains("It takes longer than usual"));
    bench.case.contest = true;
    let page = crate::status::page(&bench.view(&texts, "en", None, &Fields::default(), &brand), &[]).unwrap();
    assert!(page.html.contains("closer look") && !page.html.contains("/case/withdraw"));
}

#[test]
fn reviewers_read_what_was_gathered() {
    let texts = texts().unwrap();
    let mut code = code_bench();
    code.go(form("submit", &[("code", "000000")]));
    code.case.proofs.insert("code.email".into());
    assert!(code.findings(&texts).unwrap().html.contains("try 2"));
    let mut questions = crate::questions::bench_for_pages();
    assert!(questions.findings(&texts).unwrap().html.contains("not tried"));
    questions.go(form("begin", &[]));
    questions.go(Input::Form {
        verb: "answer".into(),
        fields: Fields((1..=4).map(|n| (format!("q{n}"), "0".into())).collect()),
        files: Vec::new(),
    });
    let html = questions.findings(&texts).unwrap().html;
    assert!(
        html.contains("1 try, best") && html.contains("class=\"fail\""),
        "{html}"
    );
    let mut password = Bench::of(&crate::credentials::Credentials, json!({"ask": ["email", "password"]}));
    assert_eq!(password.findings(&texts), None, "before the code nobody knows");
    password.fact("step.password", readmit_core::kind::FactValue::Word("right".into()));
    assert!(password.findings(&texts).unwrap().html.contains("class=\"pass\""));
}
