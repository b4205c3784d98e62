//! Pictures in a real browser, really read: sent as they are chosen, told while the page stays, mended, and looked at.

use readmit_core::command::Role;
use readmit_core::time::Span;
use readmit_demo_host::roster;

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::{Installation, Setup};
use crate::support::webdriver::Driver;

/// The exchange's notice to somebody, as a file.
fn mail(app: &Installation, to: &str, name: &str) -> std::path::PathBuf {
    let who = roster().iter().find(|one| one.email == to).unwrap();
    let at = app.clock.at();
    let picture = readmit::pictures::mail(who, "no-reply@halcyon.example", at - Span::days(40), at).unwrap();
    let file = app.place.folder.path().join(name);
    std::fs::write(&file, picture).unwrap();
    file
}

/// EV-11: nobody presses anything to be told what is missing; the spot is shown on the picture, for the reviewer as well.
#[test]
fn ev_11_pictures_are_told_of_while_the_page_stays() {
    Setup::default().reading().run(async |app| {
        let driver = Driver::start();
        let (emma, rina) = (Browser::open(&driver).await, Browser::open(&driver).await);
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.attach("account_email", &mail(app, "ben@example.com", "wrong.png"))
            .await;
        emma.see("We are reading this picture.").await;
        let page = emma.source().await;
        assert!(
            !page.contains("http-equiv=\"refresh\""),
            "a renewed page reloads itself for browsers without scripts only"
        );
        app.work().await;
        emma.see("One picture needs a change").await;
        emma.see("sent to another address").await;
        assert!(emma.source().await.contains("class=\"halo\""));
        let replace = emma
            .file_fields()
            .await
            .into_iter()
            .find(|name| name.contains('.'))
            .unwrap();
        emma.attach(&replace, &mail(app, "emma@example.org", "right.png")).await;
        emma.see("right.png").await;
        app.work().await;
        emma.see("Nothing is missing on this picture.").await;
        emma.press("Send for review").await;
        emma.see("We are checking your pictures").await;
        app.work().await;

        person::staff(&rina, app, "rina", Role::Reviewer).await;
        rina.press("Next case").await;
        rina.see("Checklist").await;
        rina.see("Every rule passed").await;
        rina.press_link_to("picture=1").await;
        rina.see("Other recipient").await;
        rina.press("1 Other recipient").await;
        assert!(rina.url().await.ends_with("#b1"), "the box is the page's target");
        rina.press("Rules with nothing to say (13)").await;
        rina.press("Copy").await;
        rina.see("Copied").await;
        for browser in [&emma, &rina] {
            browser.assert_quiet_console().await;
        }
    });
}
