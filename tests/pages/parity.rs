//! RL-01: a stranger cannot learn who has an account, nor what was wrong.

use readmit_core::command::Role;
use readmit_core::time::Span;

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

/// RL-01: a mail server that is away is told alike to known and unknown addresses, costs no try, and the code goes out when
/// it is asked for again. An operator finds the dead letters.
#[test]
fn rl_01_a_code_that_cannot_be_sent_is_told_alike() {
    Setup::default().run(async |app| {
        app.halcyon.stop_mail();
        let mut claimants = Vec::new();
        for email in ["ada@example.com", "nobody@example.com"] {
            let mut claimant = Claimant::begin(app, "/passkey-reset", email, Visitor::new()).await;
            claimant.forgets_password().await;
            claimants.push(claimant);
        }
        for _ in 0..7 {
            app.pass(Span::minutes(1)).await;
        }
        let mut pages = Vec::new();
        for claimant in &mut claimants {
            claimant.looks(app).await;
            assert!(
                claimant.page.words().contains("The message did not go out"),
                "{}",
                claimant.page.words()
            );
            pages.push(shown(&claimant.page, &claimant.email));
        }
        assert_eq!(pages[0], pages[1]);
        let olu = app.signed_in("olu", Role::Operator).await;
        let operations = olu.visitor.get(&app.staff("/operations")).await.expect(200);
        assert_eq!(
            operations.words().matches("send code").count(),
            2,
            "{}",
            operations.words()
        );
        app.halcyon.start_mail().await;
        for claimant in &mut claimants {
            let form = claimant.page.press("resend");
            claimant.page = claimant.visitor.submit(form).await.expect(200);
        }
        assert_eq!(
            shown(&claimants[0].page, "ada@example.com"),
            shown(&claimants[1].page, "nobody@example.com")
        );
        assert_eq!(app.messages("ada@example.com").await.len(), 1);
        for form in operations
            .forms()
            .into_iter()
            .filter(|form| form.action.ends_with("/retry"))
        {
            olu.visitor.submit(operations.form_to(&form.action)).await.expect(200);
        }
        assert_eq!(
            app.messages("ada@example.com").await.len(),
            1,
            "an old code is not sent"
        );
    });
}
