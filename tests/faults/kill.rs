//! The server is killed, again and again, in the middle of a recovery.

use readmit_core::case::Outcome;
use readmit_core::event::Event;
use readmit_core::time::Span;
use readmit_web::origins::Face;

use crate::engine::counting::{Guesses, guesses};
use crate::support::claimant::{chosen, comes_back, picture, wrong_answers};
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

/// A recovery whose server is killed again and again, and what its record must hold.
struct Ordeal {
    process: Process,
    /// What people have committed to the case so far; unknown before its first proof.
    commits: Option<usize>,
    /// Kills that found the form's own commit written, and its answer not with the browser.
    after_commit: usize,
}

/// RF-07: with the hardened profile a recovery takes answers, documents, a reviewer and a day; here also three wrong codes,
/// three wrong attempts at the questions, and a picture that is asked for again. At every step the server is killed while it
/// works on the request, at several moments, before its commit and after, and started again; the same form, posted again, is
/// the same request. Nothing is lost, no try is counted twice, and the passkey is reset once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_07_killed_at_every_step_nothing_is_lost_or_done_twice() {
    let mut ordeal = Ordeal {
        process: Process::start(Setup::default().strict()).await,
        commits: None,
        after_commit: 0,
    };
    let visitor = Visitor::new();
    let page = ordeal.proves(&visitor).await;
    let page = ordeal.answers_wrongly(&visitor, page).await;
    let mut form = page.press("submit");
    for slot in ["account_email", "counterparty_transaction"] {
        form = form.attach(slot, "shot.png", &picture());
    }
    ordeal.through_kills(&visitor, form, &MOMENTS).await;
    ordeal.is_reviewed(&visitor).await;

    let Ordeal {
        mut process,
        after_commit,
        ..
    } = ordeal;
    assert!(after_commit >= 8, "only {after_commit} kills fell after a commit");
    process.pass(Span::hours(24));
    for _ in 0..3 {
        process.kill();
        process.start_again().await;
    }
    until("the host is told", async || {
        let remedies = process.halcyon.remedies();
        remedies.first().filter(|done| done["phase"] == "done").cloned()
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
    let counted: Vec<(String, Guesses)> = guesses(&entries)
        .into_iter()
        .map(|((step, _), guesses)| (step, guesses))
        .collect();
    let (codes, questions) = ((3, false), (2, true));
    let wanted = [("email_code", codes), ("questions", questions)];
    let wanted = wanted.map(|(step, (waiting, exhausted))| (step.to_owned(), Guesses { waiting, exhausted }));
    assert_eq!(
        counted, wanted,
        "three wrong codes and three wrong attempts, each counted once"
    );
    let decided = entries.iter().flat_map(|entry| &entry.events);
    let decided = decided.filter(|event| matches!(event, Event::Decided { .. }));
    assert_eq!(decided.count(), 2, "asked again once, approved once");
    process.finish().await;
}

impl Ordeal {
    /// From the instructions to the first proof: the page after it.
    async fn proves(&mut self, visitor: &Visitor) -> Page {
        let start = self.process.place.on(Face::Claimant, "/passkey-reset");
        let start = visitor.get(start.as_str()).await.expect(200);
        let agree = start.press("agree").tick("agree", "yes");
        let page = self.through_kills(visitor, agree, &MOMENTS).await;
        let password = readmit_demo_host::password_of(EMAIL);
        let form = page.press("continue").fill("email", EMAIL).fill("password", &password);
        let mut page = self.through_kills(visitor, form, &MOMENTS).await;
        let code = self.process.code(EMAIL).await;
        self.process.plant_all([EMAIL.to_owned(), password, code.clone()]);
        let wrong: String = code
            .chars()
            .map(|c| if c == '9' { '0' } else { char::from(c as u8 + 1) })
            .collect();
        for (moment, wait) in MOMENTS.into_iter().zip([30, 60, 120]) {
            let form = page.press("submit").fill("code", &wrong);
            page = self.through_kills(visitor, form, &[moment]).await;
            self.process.pass(Span::seconds(wait));
        }
        let form = page.press("submit").fill("code", &code);
        let mut page = self.through_kills(visitor, form, &MOMENTS).await;
        // The first proof is a sign-in: the old session ended with it, and the name of the new one was lost with the answer.
        if page.status == 403 {
            let ask = self.process.place.on(Face::Claimant, "/continue");
            let ask = visitor.get(ask.as_str()).await;
            let halcyon = &self.process.halcyon;
            page = comes_back(halcyon, EMAIL, ask, async |form| visitor.submit(form).await).await;
        }
        page
    }

    /// Three attempts at the questions, none of them right: the page after the last.
    async fn answers_wrongly(&mut self, visitor: &Visitor, page: Page) -> Page {
        self.process.kill();
        self.commits = Some(self.process.commits_by_people().await);
        self.process.start_again().await;
        let mut page = self.through_kills(visitor, page.press("begin"), &MOMENTS).await;
        self.process.kill();
        let sealed = self.process.last_sealed().await;
        self.process.start_again().await;
        let answers = wrong_answers(&sealed);
        self.process.plant_all(chosen(&sealed, &answers));
        for moment in MOMENTS {
            if page.offers("again") {
                page = self.through_kills(visitor, page.press("again"), &[]).await;
            }
            let mut form = page.press("answer");
            for (name, places) in &answers {
                for place in places {
                    form = form.tick(name, place);
                }
            }
            page = self.through_kills(visitor, form, &[moment]).await;
        }
        page
    }

    /// A reviewer asks for a picture again, its claimant sends it, and it is approved.
    async fn is_reviewed(&mut self, visitor: &Visitor) {
        self.process.kill();
        let reviewer = self.process.staff_session().await;
        self.process.start_again().await;
        let case = self.next_case(&reviewer).await;
        let ask = case
            .press("send")
            .with("verdict", "ask")
            .with("slot", &offered(&case, "slot")[0])
            .with("ask_reason", &offered(&case, "ask_reason")[0]);
        self.through_kills(&reviewer, ask, &MOMENTS).await;
        let page = self.process.place.on(Face::Claimant, "/case");
        let form = visitor.get(page.as_str()).await.expect(200).press("submit");
        let slot = form.files()[0].clone();
        let form = form.attach(&slot, "whole.png", &picture());
        self.through_kills(visitor, form, &MOMENTS).await;

        let case = self.next_case(&reviewer).await;
        let mut decision = case.press("send").with("verdict", "approve");
        for check in offered(&case, "check") {
            decision = decision.also("check", &check);
        }
        self.through_kills(&reviewer, decision, &MOMENTS).await;
    }

    /// Takes the next case, through kills, once it waits.
    async fn next_case(&mut self, reviewer: &Visitor) -> Page {
        let staff = self.process.place.on(Face::Staff, "/?queue=recovery");
        let queues = until("the case waits in the queue", async || {
            let page = reviewer.get(staff.as_str()).await.expect(200);
            page.text().contains("RC-").then_some(page)
        })
        .await;
        self.through_kills(reviewer, queues.form_to("/next"), &MOMENTS).await
    }

    /// Posts a form, kills the server while it is at it, and starts it again, at each of the moments; then posts the same
    /// form once more, to its end. Each kill finds the form's commit written once or not at all; once where the answer was
    /// on its way.
    async fn through_kills(&mut self, visitor: &Visitor, form: Filled, moments: &[Moment]) -> Page {
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
                    self.process.kill();
                    let _ = posted.await;
                }
                Moment::Answered => {
                    let _ = posted.await;
                    self.process.kill();
                }
            }
            if let Some(before) = self.commits {
                let now = self.process.commits_by_people().await;
                assert!(now == before || now == before + 1, "{before} commits, then {now}");
                let answered = matches!(moment, Moment::Answered);
                assert!(!answered || now == before + 1, "what was answered was not written");
                self.after_commit += now - before;
            }
            self.process.start_again().await;
        }
        let page = visitor.submit(form).await;
        self.commits = self.commits.map(|before| before + 1);
        page
    }
}

fn offered(page: &Page, name: &str) -> Vec<String> {
    let all = page.forms().into_iter().flat_map(|form| form.offered);
    all.filter(|(there, _)| there == name).map(|(_, value)| value).collect()
}
