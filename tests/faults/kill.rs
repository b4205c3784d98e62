//! The server is killed, again and again, in the middle of a recovery.

use readmit_core::case::Outcome;
use readmit_core::time::Span;
use readmit_web::origins::Face;

use crate::support::claimant::picture;
use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::visitor::{Filled, Page, Visitor};
use crate::support::wait::until;

const EMAIL: &str = "ada@example.com";

/// RF-07: with the hardened profile a recovery takes documents, a reviewer and a day. At every step the server is killed
/// while it works on the request and started again; the same form, posted again, is the same request. Nothing is lost, and
/// the passkey is reset once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_07_killed_at_every_step_nothing_is_lost_or_done_twice() {
    let mut process = Process::start(Setup::default().strict()).await;
    let visitor = Visitor::new();
    let start = visitor
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await
        .expect(200);
    let page = through_a_kill(&mut process, &visitor, start.press("agree").tick("agree", "yes")).await;
    let page = through_a_kill(&mut process, &visitor, page.press("forgotten").fill("email", EMAIL)).await;
    let code = process.code(EMAIL).await;
    let page = through_a_kill(&mut process, &visitor, page.press("submit").fill("code", &code)).await;
    let mut form = page.press("submit");
    for slot in ["account_email", "counterparty_transaction"] {
        form = form.attach(slot, "shot.png", &picture());
    }
    through_a_kill(&mut process, &visitor, form).await;

    process.kill();
    let reviewer = process.staff_session().await;
    process.start_again().await;
    let staff = process.place.on(Face::Staff, "/?queue=recovery");
    let queues = until("the case waits in the queue", async || {
        let page = reviewer.get(staff.as_str()).await.expect(200);
        page.text().contains("RC-").then_some(page)
    })
    .await;
    let case = through_a_kill(&mut process, &reviewer, queues.form_to("/next")).await;
    let mut decision = case.press("send").with("verdict", "approve");
    for (name, value) in case
        .forms()
        .into_iter()
        .flat_map(|form| form.offered)
        .filter(|(name, _)| name == "check")
    {
        decision = decision.also(&name, &value);
    }
    through_a_kill(&mut process, &reviewer, decision).await;
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
    process.verify().await;
}

/// Posts a form; kills the server while it is at it; starts it again and posts the same form once more.
async fn through_a_kill(process: &mut Process, visitor: &Visitor, form: Filled) -> Page {
    let (headers, body) = (form.headers(), form.body());
    let cut_off = visitor.copy();
    let posted = tokio::spawn({
        let (target, headers, body) = (form.target.clone(), headers.clone(), body.clone());
        async move {
            cut_off
                .try_send(reqwest::Method::POST, target, &headers, Some(body))
                .await
        }
    });
    tokio::task::yield_now().await;
    process.kill();
    let _ = posted.await;
    process.start_again().await;
    visitor.submit(form).await
}
