//! Support and claimants: an invitation, messages both ways, and everything that support cannot do (IN-11).

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::time::Span;

use crate::support::claimant::{Claimant, Recovery, link_in, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::people::Reviewer;
use crate::support::visitor::{Page, Visitor};

/// Invitations to one address in a day.
const TO_ADDRESS: u32 = 4;
const NOTE: &str = "says the phone fell into the sea off Grimsby";

async fn invites(app: &mut Installation, sam: &Reviewer, email: &str) -> Page {
    app.plant(NOTE);
    app.plant(email);
    let page = sam.visitor.get(&app.staff("/invitations")).await.expect(200);
    let form = page.form_to("/invitations");
    let form = form
        .with("workflow", "passkey-reset")
        .with("contact", "phone")
        .with("address", email)
        .with("note", NOTE);
    let page = sam.visitor.submit(form).await.expect(200);
    app.work().await;
    page
}

/// The link in the newest mail that has one.
async fn link(app: &Installation, email: &str) -> Option<String> {
    let messages = app.messages(email).await;
    messages
        .iter()
        .rev()
        .find_map(|message| link_in(&message.text, "/invited/"))
}

/// Follows the link and proves the address.
async fn takes_up(app: &mut Installation, link: &str, email: &str) -> Claimant {
    let visitor = Visitor::new();
    let page = visitor.get(link).await.expect(200);
    let path = page.url.path().to_owned();
    let page = visitor.submit(page.form_to(&path)).await.expect(200);
    let page = visitor
        .submit(page.press("agree").tick("agree", "yes"))
        .await
        .expect(200);
    let mut claimant = Claimant {
        visitor,
        email: email.into(),
        page,
    };
    claimant.forgets_password().await;
    claimant.types_code(app).await;
    claimant
}

async fn writes(app: &Installation, claimant: &Claimant, text: &str) -> Page {
    let page = claimant.visitor.get(&app.recover("/case/messages")).await.expect(200);
    let form = page.form_to("/case/messages").with("text", text);
    claimant.visitor.submit(form).await
}

/// IN-11: the link goes to the address on file, works once and for an hour, begins at the first step, and leaves a signal.
#[test]
fn in_11_an_invitation_skips_nothing_and_works_once() {
    Setup::default().on_postgres().run(async |app| {
        let sam = app.signed_in("sam", Role::Support).await;
        let page = invites(app, &sam, "ben@example.com").await;
        assert!(
            page.words().contains("If an account has this address"),
            "{}",
            page.words()
        );
        let mail = link(app, "ben@example.com").await.expect("no link was sent");

        let looked = Visitor::new().get(&mail).await.expect(200);
        assert!(
            looked.words().contains("first one"),
            "a scanner's look uses nothing up: {}",
            looked.words()
        );
        let mut ben = takes_up(app, &mail, "ben@example.com").await;
        let again = Visitor::new().get(&mail).await;
        assert_eq!(again.status, 404, "used up: {}", again.words());
        let path = looked.url.path().to_owned();
        let late = Visitor::new().submit(looked.form_to(&path)).await;
        assert_eq!(late.status, 404, "{}", late.words());

        let reference = ben.reference(app).await;
        let case = app.case(&reference).await.case;
        assert!(case.signals.contains_key("support_phone"));
        assert_eq!(case.status(), CaseStatus::Open);
        ben.hands_in_documents(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let words = rina.page.words();
        assert!(words.contains("Support phone") && words.contains(NOTE), "{words}");
        assert!(
            words.contains("sam invited the claimant, after a telephone call"),
            "{words}"
        );
    });
}

/// RL-01, IN-11: an address that nobody has is answered alike and gets no mail; of one that is invited too often, and of
/// a link that is an hour old, nothing is left.
#[test]
fn in_11_an_unknown_address_is_answered_alike() {
    Setup::default().run(async |app| {
        let sam = app.signed_in("sam", Role::Support).await;
        let known = invites(app, &sam, "ben@example.com").await;
        let unknown = invites(app, &sam, "nobody@example.com").await;
        assert_eq!(known.words(), unknown.words());
        assert!(link(app, "nobody@example.com").await.is_none());
        let mail = link(app, "ben@example.com").await.unwrap();
        app.pass(Span::minutes(61)).await;
        let late = Visitor::new().get(&mail).await;
        assert_eq!(late.status, 404, "{}", late.words());
        let cut = Visitor::new().get(&mail[..mail.len() - 3]).await;
        assert_eq!(cut.words(), late.words(), "every dead link is alike");
        // The count is by the day: all that follows is of the next one, at whatever hour this runs.
        app.pass(Span::hours(24)).await;
        let sam = app.signed_in("sue", Role::Support).await;
        for _ in 0..TO_ADDRESS {
            invites(app, &sam, "ben@example.com").await;
        }
        let page = sam.visitor.get(&app.staff("/invitations")).await.expect(200);
        let form = page.form_to("/invitations").with("workflow", "passkey-reset");
        let form = form
            .with("contact", "chat")
            .with("note", NOTE)
            .with("address", "ben@example.com");
        assert_eq!(sam.visitor.submit(form).await.status, 429);
        let page = sam.visitor.get(&app.staff("/invitations")).await.expect(200);
        let empty = sam.visitor.submit(page.form_to("/invitations")).await;
        assert_eq!(empty.status, 422, "{}", empty.words());
    });
}

/// IN-11, RF-18: messages go both ways inside the case, each is told by a mail that holds neither words nor a way in, and
/// staff have no names there.
#[test]
fn in_11_messages_go_both_ways_inside_the_case() {
    Setup::default().on_postgres().run(async |app| {
        let sam = app.signed_in("sam", Role::Support).await;
        invites(app, &sam, "ben@example.com").await;
        let mail = link(app, "ben@example.com").await.unwrap();
        let ben = takes_up(app, &mail, "ben@example.com").await;
        let reference = ben.reference(app).await;

        let words = "my name on the exchange is spelled Benedikt\nand the list <b>does not</b> fit";
        app.plant("spelled Benedikt");
        let page = ben.visitor.get(&app.recover("/case/messages")).await.expect(200);
        app.plant("sea of grimsby.png");
        let form = page.form_to("/case/messages").with("text", words);
        let form = form.attach("file", "sea of grimsby.png", &picture());
        let page = ben.visitor.submit(form).await.expect(200);
        assert!(page.words().contains("spelled Benedikt"), "{}", page.words());
        app.work().await;

        let list = sam.visitor.get(&app.staff("/conversations")).await.expect(200);
        assert!(list.words().contains(&reference), "{}", list.words());
        let seen = sam
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        assert!(seen.words().contains("<b>does not</b> fit"), "SE-07: {}", seen.words());
        let picture_link = seen
            .links()
            .into_iter()
            .find(|link| link.starts_with("/look/"))
            .unwrap();
        let shown = sam.visitor.get(&app.staff(&picture_link)).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/png"));
        let form = seen.form_to(&format!("/cases/{reference}/messages"));
        let form = form
            .with("reply", "which_picture")
            .with("text", "Ask again if it stays unclear.");
        app.plant("if it stays unclear");
        let answered = sam.visitor.submit(form).await.expect(200);
        assert!(answered.words().contains("sam, support"), "{}", answered.words());
        app.work().await;
        let list = sam.visitor.get(&app.staff("/conversations")).await.expect(200);
        assert!(!list.words().contains(&reference), "answered: {}", list.words());

        let told = app.messages("ben@example.com").await;
        let newest = told.last().unwrap();
        assert!(newest.text.contains("our team wrote to you"), "{}", newest.text);
        for message in told.iter().rev().take(2) {
            let links: Vec<&str> = message
                .text
                .split_whitespace()
                .filter(|word| word.contains("://"))
                .collect();
            let ways = ["/case", "/continue", "/invited", "/enter"];
            assert!(
                !links.iter().any(|link| ways.iter().any(|way| link.contains(way))),
                "{links:?}"
            );
            assert!(!message.text.contains("Benedikt") && !message.text.contains("screenshot"));
        }
        let case = ben.visitor.get(&app.recover("/case")).await.expect(200);
        let read = case.words();
        assert!(
            read.contains("Take a screenshot of the whole page") && read.contains("if it stays unclear"),
            "{read}"
        );
        assert!(!read.contains("sam"), "staff are nameless: {read}");

        let other = Recovery::passkey().of("ada@example.com").proven().at(app).await;
        let theirs = ben.visitor.get(&app.recover("/case/messages")).await.expect(200);
        let file = theirs
            .links()
            .into_iter()
            .find(|link| link.contains("/case/evidence/"))
            .unwrap();
        let file = theirs.url.join(&file).unwrap().to_string();
        assert_eq!(ben.visitor.get(&file).await.status, 200);
        assert_eq!(other.visitor.get(&file).await.status, 403, "EV-12");
        app.work().await;
    });
}

/// RL-02, SE-04: an empty message, one too long, one too many; after the end nothing is written any more.
#[test]
fn rl_02_messages_have_limits_and_an_end() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().of("ada@example.com").proven().at(app).await;
        let reference = ada.reference(app).await;
        assert_eq!(writes(app, &ada, "  ").await.status, 422);
        let long = writes(app, &ada, &"word ".repeat(900)).await;
        assert_eq!(long.status, 422, "{}", long.words());
        assert!(long.words().contains("word word"), "what was typed is kept");
        for n in 0..20 {
            assert_eq!(writes(app, &ada, &format!("message number {n}")).await.status, 200);
        }
        let many = writes(app, &ada, "one more").await;
        assert_eq!(many.status, 422, "{}", many.words());
        assert!(many.words().contains("You can write again"), "{}", many.words());
        let page = ada.visitor.get(&app.recover("/case/messages")).await.expect(200);
        app.pass(Span::hours(24)).await;
        let link = app.stop_link("ada@example.com").await;
        app.object(&link).await;
        let late = ada
            .visitor
            .submit(page.form_to("/case/messages").with("text", "too late"))
            .await;
        assert!(!late.text().contains("too late"), "{}", late.words());
        assert_eq!(app.case(&reference).await.sealed.letters.len(), 20);
        app.work().await;
    });
}

/// IN-11, IN-02: support reads the head and the conversation of a case, and no more; a reviewer writes in the case they hold.
#[test]
fn in_11_support_sees_the_conversation_and_nothing_else() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().of("ada@example.com").with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let sam = app.signed_in("sam", Role::Support).await;
        let seen = sam
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        let path = format!("/cases/{reference}/close");
        assert!(
            !seen.text().contains(&path),
            "support did not open it: {}",
            seen.words()
        );
        assert!(
            !seen.text().contains("/look/") && !seen.words().contains("KYC"),
            "{}",
            seen.words()
        );

        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        let tomas = app.signed_in("tomas", Role::Reviewer).await;
        rina.takes_next(app).await;
        let form = rina.page.form_to(&format!("/cases/{reference}/messages"));
        let page = rina
            .visitor
            .submit(form.with("text", "We look at it today."))
            .await
            .expect(200);
        assert!(page.words().contains("rina, reviewer"), "{}", page.words());
        let other = page
            .form_to(&format!("/cases/{reference}/messages"))
            .with("text", "me too");
        let refused = tomas.visitor.submit(other).await;
        assert_eq!(refused.status, 404, "a case of a colleague: {}", refused.words());
        let ada_reads = ada.visitor.get(&app.recover("/case")).await.expect(200);
        assert!(
            ada_reads.words().contains("We look at it today."),
            "{}",
            ada_reads.words()
        );
        app.work().await;
    });
}

/// IN-11: support closes what it opened, while the claimant is at work on it; the owner is told.
#[test]
fn in_11_support_closes_what_it_opened_and_nothing_else() {
    Setup::default().run(async |app| {
        let sam = app.signed_in("sam", Role::Support).await;
        invites(app, &sam, "ben@example.com").await;
        let mail = link(app, "ben@example.com").await.unwrap();
        let mut ben = takes_up(app, &mail, "ben@example.com").await;
        let reference = ben.reference(app).await;
        let seen = sam
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        let path = format!("/cases/{reference}/close");
        let without = sam.visitor.submit(seen.form_to(&path)).await;
        assert_eq!(without.status, 422, "{}", without.words());
        let stale = seen.form_to(&path).with("reason", "no_answer");
        ben.hands_in_documents(app).await;
        let refused = sam.visitor.submit(stale).await;
        assert_eq!(refused.status, 403, "in review: {}", refused.words());
        assert_eq!(app.case(&reference).await.case.outcome, None);

        invites(app, &sam, "ada@example.com").await;
        let mail = link(app, "ada@example.com").await.unwrap();
        let ada = takes_up(app, &mail, "ada@example.com").await;
        let reference = ada.reference(app).await;
        let seen = sam
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        let form = seen.form_to(&format!("/cases/{reference}/close"));
        let closed = sam
            .visitor
            .submit(form.with("reason", "claimant_asked"))
            .await
            .expect(200);
        assert!(closed.words().contains("Closed, withdrawn"), "{}", closed.words());
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Withdrawn));
        app.work().await;
        let told = app.messages("ada@example.com").await;
        assert!(
            told.iter().any(|mail| mail.text.contains("our support team closed")),
            "RF-09: {:#?}",
            told.iter().map(|mail| &mail.text).collect::<Vec<_>>()
        );
    });
}
