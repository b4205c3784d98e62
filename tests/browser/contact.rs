//! (g) Support guides somebody through: an invitation by e-mail, and messages both ways with a picture.

use readmit_core::command::Role;

use super::person;
use crate::support::browser::Browser;
use crate::support::claimant::{link_in, picture};
use crate::support::installation::Setup;
use crate::support::people;
use crate::support::webdriver::Driver;

#[test]
fn in_11_support_guides_somebody_through() {
    Setup::default().run(async |app| {
        let email = "ben@example.com";
        app.plant(email);
        let driver = Driver::start();
        let (sam, ben) = (Browser::open(&driver).await, Browser::open(&driver).await);
        let (_, person) = people::session(&app.wired.db, &app.clock, "sam", Role::Support).await;
        let link = readmit_reviewer_ui::invite(&app.wired.db, person, app.clock.at());
        sam.plug_authenticator().await;
        sam.go(&app.staff(&link)).await;
        sam.press("Make a passkey").await;
        sam.see("Nobody waits for an answer").await;
        sam.press("Invite a claimant").await;
        sam.pick("contact", "chat").await;
        sam.fill("E-mail address of the account", email).await;
        sam.fill("Note", "lost the laptop with the passkey").await;
        sam.press("Send the link").await;
        sam.see("a link is on its way").await;
        app.work().await;

        let mail = app.messages(email).await;
        let link = link_in(&mail.last().unwrap().text, "/invited/").unwrap();
        ben.go(&link).await;
        ben.see("Continue what you began with our support team").await;
        ben.press("Begin").await;
        ben.tick("I have read this and I agree").await;
        ben.press("Start").await;
        person::forget(&ben, app, email).await;
        ben.see("Messages").await;
        ben.press("Write a message").await;
        ben.fill("Your message", "Which list do you mean?").await;
        let file = app.place.folder.path().join("halcyon-which list.png");
        std::fs::write(&file, picture()).unwrap();
        ben.attach("file", &file).await;
        ben.press("Send").await;
        ben.see("Which list do you mean?").await;
        let reference = app.reference(email).await;

        sam.go(&app.staff("/conversations")).await;
        sam.press(&reference).await;
        sam.see("Which list do you mean?").await;
        sam.see("halcyon-which list.png").await;
        sam.pick("reply", "which_picture").await;
        sam.fill("Own words, after it", "The withdrawals of this year.").await;
        sam.press("Send the message").await;
        sam.see("The withdrawals of this year.").await;
        app.work().await;

        ben.go(&app.recover("/case")).await;
        ben.see("Take a screenshot of the whole page").await;
        ben.see("The withdrawals of this year.").await;
        ben.assert_quiet_console().await;
        sam.assert_quiet_console().await;
    });
}
