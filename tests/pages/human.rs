//! The human check: asked for above soft thresholds only, the same for known and unknown addresses.

use std::net::Ipv4Addr;

use readmit_storage::conformance::owner_of_file;

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// Up to the page that asks for the code, from a network of one's own.
async fn start(app: &mut Installation, email: &str, network: u8) -> Claimant {
    let somewhere = Visitor::at(Ipv4Addr::new(127, 40, network, 1));
    let mut somebody = Claimant::begin(app, "/passkey-reset", email, somewhere).await;
    somebody.forgets_password().await;
    app.work().await;
    somebody
}

fn asks_for_a_check(page: &Page) -> bool {
    page.words()
        .contains("Many codes have been asked for this address today")
}

/// RL-04, RL-01, RL-02: twenty codes a day go to an address, whoever asks, also over a restart. The next one takes work from the browser, for known
/// and unknown addresses alike; it is good for one request of one session.
#[test]
fn rl_04_the_twenty_first_code_takes_a_human_check() {
    Setup::default().run(async |app| {
        for email in ["ada@example.com", "nobody@example.com"] {
            for network in 0..20 {
                if network == 10 {
                    app.restart().await;
                }
                assert!(!asks_for_a_check(&start(app, email, network).await.page));
            }
            let sent = app.messages("ada@example.com").await.len();
            let mut late = start(app, email, 20).await;
            assert!(asks_for_a_check(&late.page), "{}", late.page.words());
            assert!(
                late.page.text().contains("<noscript>"),
                "who has no scripts is told how to go on"
            );
            let lazy = late.visitor.submit(late.page.press("insist")).await;
            assert_eq!(lazy.status, 422, "{}", lazy.words());
            let other = start(app, email, 21).await;
            let stolen = lazy.press("insist").with("work", &other.page.work());
            let stolen = late.visitor.submit(stolen).await;
            assert_eq!(stolen.status, 422, "work done for another form: {}", stolen.words());
            late.page = late
                .visitor
                .submit(stolen.press("insist").with("work", &stolen.work()))
                .await;
            assert!(
                late.page.words().contains("a new code is on its way"),
                "{}",
                late.page.words()
            );
            let more = usize::from(email == "ada@example.com");
            assert!(app.messages("nobody@example.com").await.is_empty());
            assert_eq!(app.messages("ada@example.com").await.len(), sent + more);
        }
    });
}

/// One start from a page that is fetched anew: what came of it.
async fn begins(app: &Installation, visitor: &Visitor) -> Page {
    let page = visitor.get(&app.recover("/passkey-reset")).await.expect(200);
    assert!(!page.text().contains("name=\"work\""), "no check is asked for yet");
    visitor.submit(page.press("agree").tick("agree", "yes")).await
}

/// The next start takes a human check, and the check is good for it.
async fn takes_a_check(app: &Installation, visitor: &Visitor) {
    let page = visitor.get(&app.recover("/passkey-reset")).await.expect(200);
    let refused = visitor.submit(page.press("agree").tick("agree", "yes")).await;
    assert_eq!(refused.status, 422, "{}", refused.words());
    let words = refused.words();
    assert!(words.contains("your browser is checked first"), "{words}");
    let work = refused.work();
    let form = refused.press("agree").tick("agree", "yes").with("work", &work);
    let begun = visitor.submit(form).await.expect(200);
    assert_eq!(begun.url.path(), "/case");
}

/// RL-02: starts from one network: thirty an hour, also over a restart, more for a human check each.
#[test]
fn rl_02_many_starts_from_one_network_take_a_human_check() {
    Setup::default().run(async |app| {
        let somebody = || Visitor::at(Ipv4Addr::new(127, 41, 1, 1));
        for n in 0..30 {
            if n == 15 {
                app.restart().await;
            }
            begins(app, &somebody()).await.expect(200);
        }
        takes_a_check(app, &somebody()).await;
    });
}

/// RL-02: starts from one browser: ten an hour, also over a restart, and one that asks for more takes nothing from the
/// others of its network.
#[test]
fn rl_02_many_starts_from_one_browser_take_a_human_check() {
    Setup::default().run(async |app| {
        let network = Ipv4Addr::new(127, 41, 2, 1);
        let eager = Visitor::at(network);
        for n in 0..10 {
            if n == 5 {
                app.restart().await;
            }
            begins(app, &eager).await.expect(200);
        }
        for _ in 0..25 {
            takes_a_check(app, &eager).await;
        }
        for _ in 0..20 {
            begins(app, &Visitor::at(network)).await.expect(200);
        }
        takes_a_check(app, &Visitor::at(network)).await;
    });
}

/// RL-02: starts from everywhere: however many networks somebody has, above twenty thousand an hour each one takes a check.
#[test]
fn rl_02_many_starts_from_everywhere_take_a_human_check() {
    Setup::default().run(async |app| {
        begins(app, &Visitor::at(Ipv4Addr::new(127, 41, 3, 1)))
            .await
            .expect(200);
        let owner = owner_of_file(&app.place.config().storage);
        owner("UPDATE counters SET used = 19999 WHERE cap = 20000".into()).await;
        begins(app, &Visitor::at(Ipv4Addr::new(127, 41, 4, 1)))
            .await
            .expect(200);
        app.restart().await;
        takes_a_check(app, &Visitor::at(Ipv4Addr::new(127, 41, 5, 1))).await;
    });
}
