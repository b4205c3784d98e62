//! The server is killed, again and again, in the middle of a recovery.

use readmit_core::case::Outcome;
use readmit_core::event::Event;
use readmit_core::time::Span;
use readmit_web::origins::Face;

use crate::engine::counting::{Guesses, guesses};
use crate::support::claimant::{comes_back, picture};
use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::visitor::{Filled, Page, Visitor};
use crate::support::wait::until;

const EMAIL: &str = "ada@example.com";

/// When the server is killed while a request is under way.
#[derive(Clone, Copy)]
enum Moment {
    /// After the runtime that sent it has gone round so many times.
    Rounds(u32),
    /// When its answer is there, and the browser has not seen it.
    Answered,
}

/// From the request's first bytes to after its commit.
const MOMENTS: [Moment; 3] = [Moment::Rounds(100), Moment::Rounds(20_000), Moment::Answered];

/// RF-07: with the hardened profile a recovery takes documents, a reviewer and a day; here also three wrong codes, and a
/// picture that is asked for again. At every step the server is killed while it works on the request, at several moments,
/// and started again; the same form, posted again, is the same request. Nothing is lost, no try is counted twice, and the
/// passkey is reset once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_07_killed_at_every_step_nothing_is_lost_or_done_twice() {
    let mut process = Process::start(Setup::default().strict()).await;
    let visitor = Visitor::new();
    let start = visitor
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await
        .expect(200);
    let agree = start.press("agree").tick("agree", "yes");
    let page = through_kills(&mut process, &visitor, agree, &MOMENTS).await;
    let forgotten = page.press("forgotten").fill("email", EMAIL);
    let mut page = through_kills(&mut process, &visitor, forgotten, &MOMENTS).await;
    let code = process.code(EMAIL).await;
    let wrong: String = code
        .chars()
        .map(|c| if c == '9' { '0' } else { char::from(c as u8 + 1) })
        .collect();
    for (moment, wait) in MOMENTS.into_iter().zip([30, 60, 120]) {
        let form = page.press("submit").fill("code", &wrong);
        page = through_kills(&mut process, &visitor, form, &[moment]).await;
        process.pass(Span::seconds(wait));
    }
    let form = page.press("submit").fill("code", &code);
    let mut page = through_kills(&mut process, &visitor, form, &MOMENTS).await;
    // The first proof is a sign-in: the old session ended with it, and the name of the new one was lost with the answer.
    if page.status == 403 {
        let ask = visitor
            .get(process.place.on(Face::Claimant, "/continue").as_str())
            .await;
        page = comes_back(&process.halcyon, EMAIL, ask, async |form| visitor.submit(form).await).await;
    }
    let mut form = page.press("submit");
    for slot in ["account_email", "counterparty_transaction"] {
        form = form.attach(slot, "shot.png", &picture());
    }
    through_kills(&mut process, &visitor, form, &MOMENTS).await;

    process.kill();
    let reviewer = process.staff_session().await;
    process.start_again().await;
    let case = next_case(&mut process, &reviewer).await;
    let offered = |page: &Page, name: &str| {
        let all = page.forms().into_iter().flat_map(|form| form.offered);
        all.filter(|(there, _)| there == name)
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
    };
    let ask = case
        .press("send")
        .with("verdict", "ask")
        .with("slot", &offered(&case, "slot")[0])
        .with("ask_reason", &offered(&case, "ask_reason")[0]);
    through_kills(&mut process, &reviewer, ask, &MOMENTS).await;
    let page = visitor
        .get(process.place.on(Face::Claimant, "/case").as_str())
        .await
        .expect(200);
    let form = page.press("submit");
    let slot = form.files()[0].clone();
    through_kills(
        &mut process,
        &visitor,
        form.attach(&slot, "whole.png", &picture()),
        &MOMENTS,
    )
    .await;

    let case = next_case(&mut process, &reviewer).await;
    let mut decision = case.press("send").with("verdict", "approve");
    for check in offered(&case, "check") {
        decision = decision.also("check", &check);
    }
    through_kills(&mut process, &reviewer, decision, &MOMENTS).await;
    process.pass(Span::hours(24));
    for _ in 0..3 {
        process.kill();
        process.start_again().await;
    }
    until("the host is told", async || {
        process
            .halcyon
            .remedies()
            .first()
            .filter(|done| done["phase"] == "done")
            .cloned()
    })
    .await;
    until("the case ends", async || process.last_outcome().await).await;
    process.kill();

    assert_eq!(process.last_outcome().await, Some(Outcome::Approved));
    let remedies = process.halcyon.remedies();
    assert_eq!(remedies.len(), 1);
    for part in ["locks", "revocations", "records"] {
        assert_eq!(remedies[0][part], 1, "{part}");
    }
    let entries = process.last_entries().await;
    let counted: Vec<Guesses> = guesses(&entries).into_values().collect();
    let three = Guesses {
        waiting: 3,
        exhausted: false,
    };
    assert_eq!(counted, [three], "three wrong codes, each counted once");
    let decided = entries.iter().flat_map(|entry| &entry.events);
    let decided = decided.filter(|event| matches!(event, Event::Decided { .. }));
    assert_eq!(decided.count(), 2, "asked again once, approved once");
    process.verify().await;
}

/// Takes the next case, through kills, once it waits.
async fn next_case(process: &mut Process, reviewer: &Visitor) -> Page {
    let staff = process.place.on(Face::Staff, "/?queue=recovery");
    let queues = until("the case waits in the queue", async || {
        let page = reviewer.get(staff.as_str()).await.expect(200);
        page.text().contains("RC-").then_some(page)
    })
    .await;
    through_kills(process, reviewer, queues.form_to("/next"), &MOMENTS).await
}

/// Posts a form, kills the server while it is at it, and starts it again, at each of the moments; then posts the same form
/// once more, to its end.
async fn through_kills(process: &mut Process, visitor: &Visitor, form: Filled, moments: &[Moment]) -> Page {
    let (headers, body) = (form.headers(), form.body());
    for moment in moments {
        let cut_off = visitor.copy();
        let posted = tokio::spawn({
            let (target, headers, body) = (form.target.clone(), headers.clone(), body.clone());
            async move {
                cut_off
                    .try_send(reqwest::Method::POST, target, &headers, Some(body))
                    .await
            }
        });
        match moment {
            Moment::Rounds(rounds) => {
                for _ in 0..*rounds {
                    tokio::task::yield_now().await;
                }
                process.kill();
                let _ = posted.await;
            }
            Moment::Answered => {
                let _ = posted.await;
                process.kill();
            }
        }
        process.start_again().await;
    }
    visitor.submit(form).await
}
