//! Reviewers at work: four eyes, stale pages, lost leases, rights.

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::time::Span;

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::people::Reviewer;

/// A case of a high-value account, approved by one of the two whom it takes.
async fn half_approved(app: &mut Installation) -> (Claimant, String, Reviewer) {
    let dev = Recovery::passkey().of("dev@example.org").with_documents().at(app).await;
    let reference = dev.reference(app).await;
    let mut rina = app.signed_in("rina", Role::Reviewer).await;
    rina.takes_next(app).await;
    rina.approves().await;
    (dev, reference, rina)
}

/// "Send and next" says what was decided: on the page of the next case, and beside the word that nothing waits.
#[test]
fn send_and_next_says_what_was_sent() {
    Setup::default().run(async |app| {
        let mut references = Vec::new();
        for email in ["ben@example.com", "otto@example.com"] {
            let claimant = Recovery::passkey().of(email).with_documents().at(app).await;
            references.push(claimant.reference(app).await);
        }
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let taken = |page: &crate::support::visitor::Page| page.url.path().trim_start_matches("/cases/").to_owned();
        let first = taken(&rina.page);
        rina.rejects_and_goes_on().await;
        let second = taken(&rina.page);
        assert!(second != first && references.contains(&second), "{first}, {second}");
        let told = rina.page.words();
        assert!(
            told.contains(&format!("{first}: your rejection is recorded.")),
            "{told}"
        );
        rina.rejects_and_goes_on().await;
        assert_eq!(rina.page.url.path(), "/");
        let told = rina.page.words();
        assert!(
            told.contains(&second) && told.contains("your rejection is recorded. Nothing waits"),
            "{told}"
        );
        app.work().await;
    });
}

/// IN-01: a high-value account takes two people, one task each, on the same message; nobody approves twice.
#[test]
fn in_01_high_value_takes_two_people() {
    Setup::default().run(async |app| {
        let (_, reference, mut rina) = half_approved(app).await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);
        rina.takes_next(app).await;
        assert!(
            !rina.page.url.path().starts_with("/cases/"),
            "the first approver is not offered the second task"
        );
        let mut tomas = app.signed_in("tomas", Role::Reviewer).await;
        tomas.takes_next(app).await;
        tomas.approves().await;
        app.work().await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
        app.pass(Span::hours(24)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
    });
}

/// RF-15: nobody approves what they have not read. A message of the claimant's after the first approval voids it, and both may
/// approve anew; what support writes voids nothing (IN-11).
#[test]
fn rf_15_a_message_voids_the_approvals_before_it() {
    Setup::default().run(async |app| {
        let (dev, reference, mut rina) = half_approved(app).await;
        let mut tomas = app.signed_in("tomas", Role::Reviewer).await;
        tomas.takes_next(app).await;
        let round = app.case(&reference).await.case.round;

        let page = dev.visitor.get(&app.recover("/case/messages")).await.expect(200);
        let form = page
            .form_to("/case/messages")
            .with("text", "My number is another one now.");
        app.plant("My number is another one now.");
        dev.visitor.submit(form).await.expect(200);
        tomas.approves().await;
        assert_eq!(tomas.page.status, 409, "{}", tomas.page.words());
        let case = app.case(&reference).await.case;
        assert_eq!((case.status(), case.round), (CaseStatus::InReview, round + 1));

        for reviewer in [&mut tomas, &mut rina] {
            reviewer.takes_next(app).await;
            assert!(
                reviewer
                    .page
                    .words()
                    .contains("The approvals before this message count no more"),
                "{}",
                reviewer.page.words()
            );
            reviewer.approves().await;
        }
        app.work().await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
    });
}

/// RF-15: a decision that a message overtook is not taken; the page names the message, leads to it, and takes it then.
#[test]
fn rf_15_a_message_that_overtakes_a_decision_is_named() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let page = ben.visitor.get(&app.recover("/case/messages")).await.expect(200);
        app.plant("The wallet was sold in spring.");
        let form = page.form_to("/case/messages");
        let sent = ben
            .visitor
            .submit(form.with("text", "The wallet was sold in spring."))
            .await;
        assert!(sent.words().contains("Your message was sent."), "{}", sent.words());
        rina.approves().await;
        let words = rina.page.words();
        assert!(words.contains("The claimant wrote at"), "{words}");
        assert!(!words.contains("evidence or the account changed"), "{words}");
        assert!(rina.page.links().contains(&"#messages".to_owned()));
        assert!(
            words.contains("The wallet was sold in spring."),
            "the page is as new as that: {words}"
        );
        assert_eq!(app.case(&reference).await.case.decided, None);
        rina.approves().await;
        let words = rina.page.words();
        assert!(
            words.contains(&reference) && words.contains("your approval is recorded."),
            "{words}"
        );
        app.work().await;
    });
}

/// IN-02: who held a case that its owner stopped is told so, and has a way on; for everybody else there is no such page.
#[test]
fn in_02_who_held_a_stopped_case_is_told_what_became_of_it() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let to = |part: &str| format!("/cases/{reference}/{part}");
        let message = rina.page.form_to(&to("messages")).with("text", "Whose wallet is that?");
        let reveal = rina.page.form_to(&to("reveal"));
        let link = app.stop_link("ben@example.com").await;
        app.object(&link).await;
        let path = app.staff(&format!("/cases/{reference}"));
        let page = rina.visitor.get(&path).await.expect(200);
        assert!(page.words().contains("The owner stopped it at"), "{}", page.words());
        assert!(!page.words().contains("ben@"), "{}", page.words());
        page.form_to("/next");
        let tomas = app.signed_in("tomas", Role::Reviewer).await;
        assert_eq!(tomas.visitor.get(&path).await.status, 404);
        for late in [message, reveal] {
            let told = rina.visitor.submit(late.clone()).await;
            assert_eq!(told.status, 409, "{}", told.words());
            assert!(told.words().contains("The owner stopped it at"), "{}", told.words());
            let kept = late.target.path().ends_with("/messages");
            assert_eq!(told.words().contains("Whose wallet is that?"), kept, "{}", told.words());
        }
        rina.approves().await;
        assert_eq!(rina.page.status, 409);
        assert!(
            rina.page.words().contains("The owner stopped it at"),
            "{}",
            rina.page.words()
        );
        app.work().await;
    });
}

/// RF-15: a claimant who was asked for another picture and has none goes on to a person, who is told so.
#[test]
fn who_has_no_other_picture_goes_on_to_a_person() {
    Setup::default().run(async |app| {
        let mut ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.asks_again("The amount is cut off.").await;
        app.work().await;
        ben.looks(app).await;
        let hasty = ben.visitor.submit(ben.page.press("submit")).await.expect(422);
        assert!(hasty.words().contains("I have no other picture"), "{}", hasty.words());
        let form = ben.page.press("submit:as_they_are");
        ben.page = ben.visitor.submit(form).await.expect(200);
        assert!(
            ben.page.words().contains("Waiting for a person"),
            "{}",
            ben.page.words()
        );
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);
        app.work().await;
        rina.takes_next(app).await;
        let words = rina.page.words();
        assert!(words.contains("the claimant says there is no other"), "{words}");
        ben.looks(app).await;
        assert!(
            ben.page.words().contains("A person is looking at it"),
            "{}",
            ben.page.words()
        );
    });
}

/// IN-01: second approvals are a list of their own; whoever gave the first one gets none of them by it.
#[test]
fn in_01_second_approvals_can_be_found() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let dev = Recovery::passkey().of("dev@example.org").with_documents().at(app).await;
        let (first, second) = (ben.reference(app).await, dev.reference(app).await);
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        let mut held = Vec::new();
        while !held.contains(&second) {
            rina.takes_next(app).await;
            let reference = rina.page.url.path().rsplit('/').next().unwrap().to_owned();
            if reference == second {
                rina.approves().await;
            } else {
                rina.rejects().await;
            }
            held.push(reference);
        }
        let list = rina
            .visitor
            .get(&app.staff("/?queue=recovery&state=second"))
            .await
            .expect(200);
        assert!(
            list.words().contains(&second) && !list.words().contains(&first),
            "{}",
            list.words()
        );
        let none = rina.visitor.submit(list.form_to("/next")).await.expect(200);
        assert!(none.words().contains("Nothing waits for you now"), "{}", none.words());

        let tomas = app.signed_in("tomas", Role::Reviewer).await;
        let front = tomas.visitor.get(&app.staff("/")).await.expect(200);
        let link = front
            .links()
            .into_iter()
            .find(|link| link.contains("state=second"))
            .expect("no list");
        let list = tomas
            .visitor
            .get(front.url.join(&link).unwrap().as_str())
            .await
            .expect(200);
        let page = tomas.visitor.submit(list.form_to("/next")).await.expect(200);
        assert!(page.url.path().ends_with(&second), "{}", page.url);
    });
}

/// EV-11, IN-10: an approval with a check left unticked is refused with a sentence and keeps what was ticked; what was ticked
/// is in the record, by slot, for whoever may know it.
#[test]
fn ev_11_every_tick_is_recorded() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let checks: Vec<String> = rina
            .page
            .forms()
            .into_iter()
            .flat_map(|form| form.offered)
            .collect::<Vec<_>>()
            .into_iter()
            .filter(|(name, _)| name == "check")
            .map(|(_, value)| value)
            .collect();
        assert_eq!(checks.len(), 9, "{checks:?}");
        let hasty = rina.page.press("send").with("verdict", "approve");
        let hasty = checks
            .iter()
            .skip(1)
            .fold(hasty, |form, check| form.also("check", check));
        rina.page = rina.visitor.submit(hasty).await.expect(422);
        assert!(
            rina.page.words().contains("every check must be ticked"),
            "{}",
            rina.page.words()
        );
        assert_eq!(app.case(&reference).await.case.decided, None);
        rina.approves().await;
        let decided = app.case(&reference).await.case.decided.unwrap();
        assert_eq!(decided.ticks, checks);
        let sena = app.signed_in("sena", Role::Senior).await;
        let page = sena
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        for words in ["What was ticked", "Account email", "Amount fits, fees allowed for"] {
            assert!(page.words().contains(words), "{}", page.words());
        }
        app.work().await;
    });
}

/// A lead gives a colleague's case to somebody else from its page; who had it learns so, and a senior is not offered it.
#[test]
fn a_lead_hands_over_what_a_colleague_holds() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        let tomas = app.signed_in("tomas", Role::Reviewer).await;
        rina.takes_next(app).await;
        let (page, path) = (
            app.staff(&format!("/cases/{reference}")),
            format!("/cases/{reference}/hand-over"),
        );
        let sena = app.signed_in("sena", Role::Senior).await;
        let seen = sena.visitor.get(&page).await.expect(200);
        assert!(
            seen.forms().iter().all(|form| form.action != path),
            "a senior holds nothing here"
        );
        let lea = app.signed_in("lea", Role::Lead).await;
        let form = lea.visitor.get(&page).await.expect(200).form_to(&path);
        assert_eq!(form.value("to"), None, "nobody is chosen for the lead");
        lea.visitor
            .submit(form.fill("to", &tomas.person.to_string()))
            .await
            .expect(200);
        let task = app.case(&reference).await.case.task.unwrap();
        assert_eq!(task.claim.unwrap().person, tomas.person);
        rina.approves().await;
        assert_eq!(rina.page.status, 409, "{}", rina.page.words());
        tomas.visitor.get(&page).await.expect(200);
    });
}

/// RF-15: a decision from a page whose claim has been lost changes nothing and says so.
#[test]
fn rf_15_a_stale_decision_changes_nothing() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        app.pass(Span::minutes(11)).await;
        let mut tomas = app.signed_in("tomas", Role::Reviewer).await;
        tomas.takes_next(app).await;
        rina.rejects().await;
        assert_eq!(rina.page.status, 409, "{}", rina.page.words());
        assert_eq!(app.case(&reference).await.case.outcome, None);
        tomas.rejects().await;
        app.work().await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Rejected));
        assert!(app.factors("acc_ben").await.contains(&"passkey".to_owned()));
    });
}

/// IN-08, IN-11: support sees no claimant and decides nothing; other roles only what is theirs. A role that is lost is lost
/// at the next request.
#[test]
fn in_11_support_has_no_way_to_steer_a_case() {
    Setup::default().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        for role in [Role::Support, Role::Compliance, Role::Operator] {
            let person = app.signed_in(role.code(), role).await;
            let page = person.visitor.get(&app.staff(&format!("/cases/{reference}"))).await;
            assert!(!page.text().contains("ben@example.com"), "{}", page.words());
            assert!(
                page.forms().iter().all(|form| !form.action.contains("/decide")),
                "{role:?}"
            );
        }
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        app.wired
            .db
            .person_set(rina.person, &[Role::Support], true, app.clock.at())
            .await
            .unwrap();
        rina.approves().await;
        assert_eq!(rina.page.status, 403, "{}", rina.page.words());
        assert_eq!(app.case(&reference).await.case.approvals.len(), 0);
    });
}

/// RF-13: no form of the staff's pages, in no role, names a wait or a lock, and no approval shortens the cool-down.
#[test]
fn rf_13_nobody_shortens_the_wait() {
    Setup::default().strict().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.approves().await;
        app.work().await;
        for role in Role::ALL {
            let person = app.signed_in(&format!("{}-2", role.code()), role).await;
            let page = person.visitor.get(&app.staff(&format!("/cases/{reference}"))).await;
            let forms: Vec<String> = page
                .forms()
                .into_iter()
                .map(|form| form.action)
                .filter(|action| action.contains("/cases/"))
                // Looking and writing move nothing.
                .filter(|action| !action.ends_with("/reveal") && !action.ends_with("/messages"))
                .collect();
            assert!(forms.is_empty(), "{role:?} is offered {forms:?} in the cool-down");
        }
        app.pass(Span(Span::hours(24).0 - 1)).await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
        app.pass(Span(1)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
    });
}
