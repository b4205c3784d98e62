//! Counters: what guessing, and beginning again, gets.

use std::collections::{BTreeMap, BTreeSet};

use readmit_core::codes::Place;
use readmit_core::ids::CaseId;
use readmit_core::ports::Loaded;
use readmit_core::time::Span;
use reqwest::Method;

use super::parity::shown;
use crate::engine::counting::guesses as guesses_of;
use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::process::ProcessBeside;
use crate::support::visitor::{Filled, Page, Visitor};

/// Tries of one code, as the workflow has it.
const TRIES: usize = 5;

/// Posts every form at once, each by its visitor; what each is answered, wherever that leads.
async fn at_once(forms: Vec<(Visitor, Filled)>) -> Vec<Page> {
    let mut posted = tokio::task::JoinSet::new();
    for (visitor, form) in forms {
        posted.spawn(async move {
            let (headers, body) = (form.headers(), form.body());
            visitor.send(Method::POST, form.target, &headers, Some(body)).await
        });
    }
    posted.join_all().await
}

/// RL-03, OT-02: 200 guesses at once, over four cases of one account, at two servers, one of them a process of its own.
/// Together they count one, far fewer than the hour gives: the next must wait (OT-04). Who was not counted is told nothing:
/// by the same words every such guess gets the same page, and so does the right code. (On SQLite, which has one process, the
/// store's own checks let two writers race.)
#[test]
fn rl_03_two_hundred_guesses_at_once() {
    Setup::default().on_postgres().run(async |app| {
        let other = app.process_beside().await;
        let mut guessers = Vec::new();
        for _ in 0..4 {
            guessers.push(Recovery::passkey().with_password().at(app).await);
        }
        app.work().await;
        let mut forms = Vec::new();
        for guesser in &guessers {
            for guess in 0..50 {
                let page = guesser.visitor.get(&app.recover("/case")).await.expect(200);
                let mut form = page.press("submit").fill("code", &format!("{:06}", 1_000 + guess));
                if guess % 2 == 1 {
                    form.target.set_port(Some(other.port)).unwrap();
                }
                forms.push((guesser.visitor.clone(), form));
            }
        }
        // A guess that found its case already ended by others is shown the end.
        let mut uncounted: BTreeMap<(u16, String), BTreeSet<String>> = BTreeMap::new();
        for page in at_once(forms).await {
            let status = page.status.as_u16();
            assert!(
                [303, 409, 422, 429, 503].contains(&status),
                "a guess was answered {status}"
            );
            let pages = uncounted.entry((status, page.title())).or_default();
            pages.insert(shown(&page, "ada@example.com"));
        }
        for (what, pages) in uncounted {
            assert_eq!(pages.len(), 1, "{what:?} was said in several ways: {pages:#?}");
        }
        let mut total = 0;
        for guesser in &guessers {
            let case = case_of(app, &guesser.visitor).await;
            let left = tries_left(app, case).await;
            assert!(left.windows(2).all(|two| two[0] >= two[1]), "tries grew: {left:?}");
            let counted = left.windows(2).filter(|two| two[0] > two[1]).count();
            assert!(counted <= TRIES, "{counted} guesses were counted: {left:?}");
            total += counted;
        }
        assert_eq!(total, 1, "guesses counted in all");
        let mut asked = 0;
        for guesser in &guessers {
            let case = case_of(app, &guesser.visitor).await;
            let opened = app.opened(case).await;
            let right = readmit_core::codes::code(&opened.keys, place_of(&opened), 6);
            for port in [app.place.port, other.port] {
                let mut answers = Vec::new();
                for code in ["000000", &right] {
                    let page = guesser.visitor.get(&app.recover("/case")).await.expect(200);
                    if !page.offers("submit") {
                        continue;
                    }
                    let mut form = page.press("submit").fill("code", code);
                    form.target.set_port(Some(port)).unwrap();
                    let (headers, body) = (form.headers(), form.body());
                    let page = guesser
                        .visitor
                        .send(Method::POST, form.target, &headers, Some(body))
                        .await;
                    answers.push(shown(&page, "ada@example.com"));
                }
                asked += answers.len();
                assert!(
                    answers.windows(2).all(|two| two[0] == two[1]),
                    "the right code looks different: {answers:#?}"
                );
            }
            assert_eq!(app.opened(case).await.case.proven, None);
        }
        assert!(asked >= 4, "no case had tries left to ask with: {asked}");
    });
}

/// Where the code lies that a case's code step waits for.
fn place_of(opened: &Loaded) -> Place<'_> {
    Place {
        purpose: "step",
        run: opened.case.run,
        issue: u32::try_from(opened.case.state["issue"].as_u64().unwrap_or_default()).unwrap(),
        address: opened.sealed.address.as_deref().unwrap(),
    }
}

/// RL-03, RL-02: forty guesses at once, five times, each time as soon as the next one is looked at: of each burst one is
/// counted, so that the tries of a code are used up and none is tried beyond them; of four cases no one gives more.
async fn bursts(app: &mut Installation, cases: usize, beside: Option<&ProcessBeside>) {
    let mut guessers = Vec::new();
    for _ in 0..cases {
        guessers.push(Recovery::passkey().with_password().at(app).await);
    }
    app.work().await;
    let waits = [30, 60, 120, 240].map(Span::seconds).map(Some);
    for (burst, wait) in (1..).zip(waits.into_iter().chain([None])) {
        let mut forms = Vec::new();
        for guess in 0..40 {
            let guesser = &guessers[guess % cases];
            let page = guesser.visitor.get(&app.recover("/case")).await.expect(200);
            let mut form = page.press("submit").fill("code", &format!("{:06}", 1_000 + guess));
            if let Some(other) = beside.filter(|_| guess % 3 == 1) {
                form.target.set_port(Some(other.port)).unwrap();
            }
            forms.push((guesser.visitor.clone(), form));
        }
        at_once(forms).await;
        let mut counted = 0;
        for guesser in &guessers {
            let case = case_of(app, &guesser.visitor).await;
            let entries: Vec<_> = app.wired.db.timeline(case).await.unwrap();
            let entries: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
            let wrong = guesses_of(&entries).into_values();
            counted += wrong
                .map(|wrong| wrong.waiting + u64::from(wrong.exhausted))
                .sum::<u64>();
        }
        assert_eq!(counted, burst, "counted after burst {burst}");
        if let Some(wait) = wait {
            app.clock.pass(wait);
            app.shows_its_clock();
        }
    }
    if let [only] = &guessers[..] {
        let page = only.visitor.get(&app.recover("/case")).await;
        assert!(
            !page.offers("submit"),
            "all {TRIES} tries are used up: {}",
            page.words()
        );
    }
    app.work().await;
}

#[test]
fn rl_03_bursts_up_to_the_limit() {
    for cases in [4, 1] {
        Setup::default().run(async |app| bursts(app, cases, None).await);
    }
}

#[test]
fn rl_03_bursts_up_to_the_limit_at_two_processes_on_postgresql() {
    for cases in [4, 1] {
        Setup::default().on_postgres().run(async |app| {
            let other = app.process_beside().await;
            bursts(app, cases, Some(&other)).await;
        });
    }
}

/// QS-03, RL-02: tries are the account's: another case, another device and a restart give none back.
#[test]
fn qs_03_tries_are_the_accounts() {
    Setup::default().run(async |app| {
        let mut first = Recovery::passkey().proven().at(app).await;
        first.answers_wrongly(app).await;
        assert!(first.page.offers("again"), "{}", first.page.words());
        let page = first.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        first.visitor.submit(page.form_to("/case/withdraw")).await.expect(200);
        app.restart().await;
        let elsewhere = Visitor::at(std::net::Ipv4Addr::new(127, 9, 9, 9));
        let mut second = Claimant::begin(app, "/passkey-reset", &first.email, elsewhere).await;
        second.signs_in(app).await;
        second.types_code(app).await;
        second.answers_wrongly(app).await;
        second.answers_wrongly(app).await;
        assert!(
            second.page.offers("attach"),
            "only pictures are left: {}",
            second.page.words()
        );
    });
}

/// OT-04: after a wrong code the page says how long to wait; the right one is not looked at before that, not in another case,
/// not after a restart. Then it passes.
#[test]
fn ot_04_a_wrong_code_makes_the_next_one_wait() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().with_password().at(app).await;
        let mut again = Recovery::passkey().with_password().at(app).await;
        ada.types("000000").await;
        let told = "You can try again in 30 seconds, at";
        assert!(ada.page.words().contains(told), "{}", ada.page.words());
        app.restart().await;
        app.clock.pass(Span::seconds(29));
        for claimant in [&mut ada, &mut again] {
            let code = code_of(app, claimant).await;
            let page = claimant.visitor.get(&app.recover("/case")).await.expect(200);
            let page = claimant
                .visitor
                .submit(page.press("submit").fill("code", &code))
                .await
                .expect(422);
            assert!(page.words().contains("too soon"), "{}", page.words());
            assert!(page.words().contains("try again in 1 second, at"), "{}", page.words());
        }
        app.clock.pass(Span::seconds(1));
        again.page = again.visitor.get(&app.recover("/case")).await.expect(200);
        let code = code_of(app, &again).await;
        again.types(&code).await;
        assert!(again.page.offers("begin"), "{}", again.page.words());
        app.work().await;
    });
}

/// The code that was sent for this claimant's own case.
async fn code_of(app: &Installation, claimant: &Claimant) -> String {
    let opened = app.opened(case_of(app, &claimant.visitor).await).await;
    readmit_core::codes::code(&opened.keys, place_of(&opened), 6)
}

/// The case that a claimant's session opens.
pub(super) async fn case_of(app: &Installation, visitor: &Visitor) -> CaseId {
    let cookies = visitor.cookies("recover.halcyon.localhost");
    let token = cookies
        .split("; ")
        .find_map(|cookie| cookie.strip_prefix("__Host-session="))
        .unwrap();
    let session = app.wired.db.session(token, app.clock.at()).await.unwrap().unwrap();
    session.case.unwrap()
}

/// How many tries each commit of a case left, in order.
async fn tries_left(app: &Installation, case: CaseId) -> Vec<u64> {
    let entries = app.wired.db.timeline(case).await.unwrap();
    let entries = entries.iter().map(|(_, entry)| serde_json::to_value(entry).unwrap());
    entries
        .filter_map(|entry| {
            entry["events"]
                .as_array()?
                .iter()
                .find_map(|event| event["state"]["tries_left"].as_u64())
        })
        .collect()
}
