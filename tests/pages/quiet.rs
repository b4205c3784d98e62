//! Code mails that nobody asked for: bounded, and each with a way to be left alone.

use std::net::Ipv4Addr;

use readmit_core::time::Span;

use crate::support::claimant::{Claimant, Recovery, link_in};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// Most codes that an address gets at once, whoever asks: twenty a day, then one an hour.
const AT_ONCE: usize = 21;

/// The link of the newest code mail.
async fn quiet_link(app: &Installation, email: &str) -> String {
    let messages = app.messages(email).await;
    let newest = messages.last().expect("no mail came");
    link_in(&newest.text, "/quiet/").expect("a code mail without a way to object")
}

/// Follows the link without a cookie and confirms.
async fn objects(link: &str) -> Page {
    let owner = Visitor::new();
    let page = owner.get(link).await.expect(200);
    let path = page.url.path().to_owned();
    owner.submit(page.form_to(&path).tick("sure", "yes")).await.expect(200)
}

/// RL-05: whoever asks from wherever, the mails are bounded (the engine's own test asks 500 times), and each carries a link
/// that works; one use of it ends them for seven days, and no longer. Known and unknown addresses go on looking alike
/// (RL-01).
#[test]
fn rl_05_each_mail_of_a_flood_can_be_objected_to() {
    Setup::default().run(async |app| {
        for place in 0..24 {
            start(app, "ada@example.com", Ipv4Addr::new(127, 30, place, 1)).await;
        }
        let mails = app.messages("ada@example.com").await;
        assert!((1..=AT_ONCE).contains(&mails.len()), "{} mails", mails.len());
        for mail in &mails {
            let link = link_in(&mail.text, "/quiet/").expect("a mail without a way to object");
            let page = Visitor::new().get(&link).await.expect(200);
            assert!(page.words().contains("7 days"), "{}", page.words());
        }
        objects(&quiet_link(app, "ada@example.com").await).await;
        app.pass(Span::hours(7 * 24 - 1)).await;
        let known = start(app, "ada@example.com", Ipv4Addr::LOCALHOST).await;
        let unknown = start(app, "nobody@example.com", Ipv4Addr::LOCALHOST).await;
        assert_eq!(
            app.messages("ada@example.com").await.len(),
            mails.len(),
            "quiet is quiet"
        );
        assert_eq!(said(&known), said(&unknown), "RL-01");
        app.pass(Span::hours(2)).await;
        start(app, "ada@example.com", Ipv4Addr::LOCALHOST).await;
        assert_eq!(app.messages("ada@example.com").await.len(), mails.len() + 1);
    });
}

/// RF-11 for code mails: opening the link changes nothing, however often; only a second tap does. The owner, signed in at
/// the host, ends it; a request that was proven before goes on telling.
#[test]
fn rf_11_quiet_takes_a_second_tap_and_ends_at_the_host() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_password().at(app).await;
        let link = quiet_link(app, &ada.email).await;
        let scanner = Visitor::new();
        for _ in 0..20 {
            scanner.get(&link).await.expect(200);
        }
        let page = scanner.get(&link).await.expect(200);
        let path = page.url.path().to_owned();
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        let untouched = scanner.submit(page.form_to(&path)).await;
        assert_eq!(untouched.status, 422, "without the second tap: {}", untouched.words());
        start(app, &ada.email, Ipv4Addr::LOCALHOST).await;
        assert_eq!(app.messages(&ada.email).await.len(), 2, "nothing was silenced yet");
        let done = objects(&link).await;
        assert!(done.words().contains("No codes will be sent"), "{}", done.words());
        app.restart().await;
        start(app, &ada.email, Ipv4Addr::LOCALHOST).await;
        assert_eq!(app.messages(&ada.email).await.len(), 2, "RL-02: also after a restart");
        let owner = app.signed_in_owner(&ada.email).await;
        let account = owner.get(&app.halcyon.url("/account")).await.expect(200);
        let told = owner.submit(account.form_to("/account/codes")).await.expect(200);
        assert!(told.words().contains("They are sent again"), "{}", told.words());
        start(app, &ada.email, Ipv4Addr::LOCALHOST).await;
        assert_eq!(app.messages(&ada.email).await.len(), 3);
    });
}

/// The claimant may end it, too, by a human check; the page offers that for every address alike.
#[test]
fn rl_04_quiet_ends_for_a_human_check() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().with_password().at(app).await;
        objects(&quiet_link(app, &ada.email).await).await;
        let page = ada.visitor.submit(ada.page.press("resend")).await.expect(200);
        assert_eq!(app.messages(&ada.email).await.len(), 1, "quiet is quiet");
        let work = page.work();
        ada.visitor
            .submit(page.press("insist").with("work", &work))
            .await
            .expect(200);
        assert_eq!(app.messages(&ada.email).await.len(), 2);
    });
}

/// Up to the page that asks for the code, from somewhere, with the password forgotten.
async fn start(app: &mut Installation, email: &str, from: Ipv4Addr) -> Page {
    let mut somebody = Claimant::begin(app, "/passkey-reset", email, Visitor::at(from)).await;
    somebody.forgets_password().await;
    app.work().await;
    somebody.page
}

/// What a page says, but for the address.
fn said(page: &Page) -> String {
    let words = page.words();
    let kept: Vec<&str> = words.split_whitespace().filter(|word| !word.contains('•')).collect();
    kept.join(" ")
}
