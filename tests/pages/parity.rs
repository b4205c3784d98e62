//! RL-01: a stranger cannot learn who has an account, nor what was wrong.

use crate::support::claimant::Claimant;
use crate::support::html;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// What a page shows and says in its headers, with what differs between any two visits taken out: the names of forms and
/// requests, and the address that the visitor typed.
pub(super) fn shown(page: &Page, email: &str) -> String {
    let mut text = page.text();
    if let Some(request) = page.header("x-request-id") {
        text = text.replace(request, "REQUEST");
    }
    for form in page.forms() {
        for (_, value) in form.fields.iter().filter(|(name, _)| name == "token") {
            text = text.replace(value, "TOKEN");
        }
    }
    for masked in masked_addresses(&text) {
        text = text.replace(&masked, "ADDRESS");
    }
    let mut headers: Vec<String> = page
        .headers
        .keys()
        .filter(|name| !["set-cookie", "date", "content-length", "x-request-id"].contains(&name.as_str()))
        .map(|name| format!("{name}: {}", page.header(name.as_str()).unwrap()))
        .collect();
    headers.sort();
    format!(
        "{} {} {headers:?}\n{}",
        page.status,
        page.url.path(),
        text.replace(email, "ADDRESS")
    )
}

/// Words that show an address with its middle hidden.
fn masked_addresses(text: &str) -> Vec<String> {
    let words = html::words(text);
    let masked = words
        .split_whitespace()
        .filter(|word| word.contains('@') && word.contains('•'));
    masked
        .map(|word| word.trim_end_matches(['.', ',']).to_owned())
        .collect()
}

async fn story(app: &mut Installation, email: &str, password: Option<&str>) -> Vec<String> {
    let mut visitor = Claimant::begin(app, "/passkey-reset", email, Visitor::new()).await;
    let mut pages = Vec::new();
    match password {
        Some(password) => visitor.signs_in_with(password).await,
        None => visitor.forgets_password().await,
    }
    pages.push(shown(&visitor.page, email));
    app.work().await;
    for code in ["000000", "12345", "", "111111"] {
        let form = visitor.page.press("submit").fill("code", code);
        visitor.page = visitor.visitor.submit(form).await;
        pages.push(shown(&visitor.page, email));
    }
    visitor.page = visitor.visitor.submit(visitor.page.press("resend")).await;
    pages.push(shown(&visitor.page, email));
    pages
}

/// RL-01, RF-18: known and unknown accounts, right, wrong and forgotten passwords: the same pages, statuses and headers at
/// every public step, and the same number of rows and jobs behind them.
#[test]
fn rl_01_known_and_unknown_accounts_look_alike() {
    Setup::default().run(async |app| {
        let right = readmit_demo_host::password_of("ada@example.com");
        let unknown = story(app, "nobody@example.com", Some("correct horse battery")).await;
        for (email, password) in [
            ("ben@example.com", Some("correct horse battery")),
            ("ada@example.com", Some(right.as_str())),
            ("grace@example.com", Some("correct horse battery")),
            ("otto@example.com", None),
            ("nobody.at.all@example.com", None),
        ] {
            let known = story(app, email, password).await;
            for (place, (known, unknown)) in known.iter().zip(&unknown).enumerate() {
                assert_eq!(known, unknown, "{email}, page {place}");
            }
        }
    });
}

/// SE-06: a reference alone opens nothing, and whether it exists cannot be seen.
#[test]
fn se_06_a_reference_alone_tells_nothing() {
    Setup::default().run(async |app| {
        let ada = crate::support::claimant::Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let mut answers = Vec::new();
        for asked in [reference.as_str(), "RC-0000-0000"] {
            let visitor = Visitor::new();
            let page = visitor.get(&app.recover("/continue")).await.expect(200);
            let page = visitor.submit(page.form_to("/continue").fill("reference", asked)).await;
            answers.push(shown(&page, &ada.email).replace(asked, "REFERENCE"));
        }
        assert_eq!(answers[0], answers[1]);
    });
}
