//! RL-01: a stranger cannot learn who has an account, nor what was wrong.

use std::collections::BTreeMap;

use readmit_core::command::Role;
use readmit_core::time::Span;
use reqwest::Method;

use crate::support::claimant::Claimant;
use crate::support::html;
use crate::support::installation::{Installation, Setup};
use crate::support::long::sample;
use crate::support::visitor::{Filled, Page, Visitor};

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
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| match (name.as_str(), value.to_str().unwrap()) {
            ("set-cookie", cookie) => format!("set-cookie: {}", cookie.split('=').next().unwrap()),
            // Of the body as it came: addresses are of different lengths, and nothing else may be.
            ("content-length", length) => {
                assert_eq!(length, page.body.len().to_string());
                "content-length".to_owned()
            }
            (name, value) => format!("{name}: {value}"),
        })
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

/// How many rows each table has, but those that a story before left. Not the audit log, which only compliance reads: it says
/// which codes really went out.
fn rows(app: &Installation, before: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let mut counted: BTreeMap<String, i64> = before.iter().map(|(table, rows)| (table.clone(), -rows)).collect();
    for line in app.everything().lines().filter(|line| line.starts_with("INSERT INTO ")) {
        let table = line.split(' ').nth(2).unwrap();
        *counted.entry(table.to_owned()).or_default() += 1;
    }
    counted.retain(|table, rows| *rows != 0 && table != "public.audit");
    counted
}

/// What somebody in a network of their own sees and leaves behind, step by step, up to the code that they do not have.
async fn story(app: &mut Installation, network: u8, email: &str, password: Option<&str>) -> Vec<String> {
    app.work().await;
    let before = rows(app, &BTreeMap::new());
    let somewhere = Visitor::at(std::net::Ipv4Addr::new(127, 60, network, 1));
    let mut visitor = Claimant::begin(app, "/passkey-reset", email, somewhere).await;
    let mut pages = Vec::new();
    match password {
        Some(password) => visitor.signs_in_with(password).await,
        None => visitor.forgets_password().await,
    }
    pages.push(format!("{}\n{:?}", shown(&visitor.page, email), rows(app, &before)));
    app.work().await;
    for code in ["000000", "12345", "", "111111"] {
        let form = visitor.page.press("submit").fill("code", code);
        visitor.page = visitor.visitor.submit(form).await;
        pages.push(format!("{}\n{:?}", shown(&visitor.page, email), rows(app, &before)));
    }
    visitor.page = visitor.visitor.submit(visitor.page.press("resend")).await;
    app.work().await;
    pages.push(format!("{}\n{:?}", shown(&visitor.page, email), rows(app, &before)));
    pages
}

/// RL-01, RF-18: known and unknown accounts, right, wrong and forgotten passwords: the same pages, statuses, headers and
/// cookies at every public step, and the same number of rows in every table behind them: unproven cases, their events,
/// jobs, counters, sessions.
#[test]
fn rl_01_known_and_unknown_accounts_look_alike() {
    Setup::default().on_postgres().run(async |app| {
        let right = readmit_demo_host::password_of("ada@example.com");
        // The counter of all starts is one row, which the first start of an hour makes, whoever it is.
        story(app, 99, "first@example.com", None).await;
        let unknown = story(app, 0, "nobody@example.com", Some("correct horse battery")).await;
        assert!(
            unknown[0].contains("public.unproven") && unknown[0].contains("public.jobs"),
            "{}",
            unknown[0]
        );
        for (network, (email, password)) in (1..).zip([
            ("ben@example.com", Some("correct horse battery")),
            ("ada@example.com", Some(right.as_str())),
            ("grace@example.com", Some("correct horse battery")),
            ("otto@example.com", None),
            ("nobody.at.all@example.com", None),
        ]) {
            let known = story(app, network, email, password).await;
            for (place, (known, unknown)) in known.iter().zip(&unknown).enumerate() {
                assert_eq!(known, unknown, "{email}, page {place}");
            }
        }
    });
}

/// RL-01: nor do they take longer or shorter: for interleaved requests either the ranks of their times do not tell known
/// from unknown, or the medians lie within a twentieth of each other.
#[test]
fn rl_01_known_and_unknown_accounts_take_as_long() {
    Setup::default().run(async |app| {
        let (mut known, mut unknown) = (Times::default(), Times::default());
        for n in 0..sample(SAMPLE, 2_000) {
            // What an address may ask for in a day is used up sooner than the sample.
            if n % 8 == 7 {
                app.clock.pass(Span::days(1));
            }
            let networks = [(0, "ada@example.com"), (1, "eve@nowhere.org")];
            // Whoever comes second finds warmer caches, so they take turns.
            for place in [n % 2, 1 - n % 2] {
                let (side, email) = networks[place];
                let (high, low) = (u8::try_from(n / 250).unwrap(), u8::try_from(n % 250).unwrap());
                let somewhere = Visitor::at(std::net::Ipv4Addr::new(127, 100 + high * 2 + side, low, 1));
                let times = if place == 0 { &mut known } else { &mut unknown };
                times.add(app, email, somewhere).await;
            }
        }
        alike(known.sign_in, unknown.sign_in, "signing in");
        alike(known.code, unknown.code, "a wrong code");
        app.work().await;
    });
}

/// How many of each kind are compared in the usual run.
const SAMPLE: usize = 48;

/// The comparison can fail: of samples as large as in the usual run it tells those apart of which one takes a fifth longer,
/// however much they scatter, and not those that scatter alike.
#[test]
fn rl_01_a_fifth_more_is_seen() {
    let scatter = |n: usize, place: usize| 10_000 + (n * 7_919 + place * 3_571) as u128 % 4_000;
    let sample = |place: usize| (0..SAMPLE).map(|n| scatter(n, place)).collect::<Vec<u128>>();
    let longer: Vec<u128> = sample(1).into_iter().map(|time| time * 6 / 5).collect();
    assert!(told_apart(sample(0), longer).is_some());
    assert_eq!(told_apart(sample(0), sample(1)), None);
}

/// How long each sign-in and each wrong code took, in microseconds.
#[derive(Default)]
struct Times {
    sign_in: Vec<u128>,
    code: Vec<u128>,
}

impl Times {
    async fn add(&mut self, app: &mut Installation, email: &str, somewhere: Visitor) {
        let mut visitor = Claimant::begin(app, "/passkey-reset", email, somewhere).await;
        let form = visitor.page.press("continue").fill("email", email);
        let form = form.fill("password", "correct horse battery");
        visitor.page = timed(&visitor.visitor, form, &mut self.sign_in).await;
        let form = visitor.page.press("submit").fill("code", "000000");
        timed(&visitor.visitor, form, &mut self.code).await;
    }
}

/// Posts a form, notes how long the answer took, and follows it.
async fn timed(visitor: &Visitor, form: Filled, times: &mut Vec<u128>) -> Page {
    let (headers, body, case) = (form.headers(), form.body(), form.target.join("/case").unwrap());
    let start = std::time::Instant::now();
    visitor.send(Method::POST, form.target, &headers, Some(body)).await;
    times.push(start.elapsed().as_micros());
    visitor.get(case.as_str()).await.expect(200)
}

fn alike(known: Vec<u128>, unknown: Vec<u128>, what: &str) {
    if let Some(how) = told_apart(known, unknown) {
        panic!("{what}: {how}");
    }
}

/// Mann and Whitney's rank test by its normal approximation, at four standard deviations, and the gap of the medians, a
/// twentieth: how the two are told apart, if they are.
fn told_apart(mut known: Vec<u128>, mut unknown: Vec<u128>) -> Option<String> {
    let wins: f64 = known
        .iter()
        .flat_map(|k| {
            unknown.iter().map(move |u| {
                if k > u {
                    1.0
                } else if k == u {
                    0.5
                } else {
                    0.0
                }
            })
        })
        .sum();
    let n = known.len() as f64;
    let deviations = (wins - n * n / 2.0) / (n * n * (2.0 * n + 1.0) / 12.0).sqrt();
    known.sort_unstable();
    unknown.sort_unstable();
    let (one, other) = (known[known.len() / 2], unknown[unknown.len() / 2]);
    let gap = one.abs_diff(other);
    let apart = deviations.abs() >= 4.0 && gap * 20 >= one.max(other);
    apart.then(|| format!("{deviations:.1} deviations; medians {one} and {other} µs"))
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
        app.work().await;
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
