//! What lands in the audit log and in the logs, and what never does.

use readmit_core::command::Role;
use reqwest::Method;

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::Setup;
use crate::support::logs;
use crate::support::visitor::Visitor;

/// AU-02: whatever is typed, wherever, no audit row repeats it, no log line is forged by it, and no terminal is steered.
#[test]
fn au_02_what_people_type_never_reaches_a_log() {
    Setup::default().run(async |app| {
        let mark = "forged-by-hand";
        app.plant(mark);
        let typed = format!("{mark}\r\n2026-01-01T00:00:00Z ERROR readmit: {mark}\u{85}\u{1b}[31m\u{2028}'\"--");
        let stranger = Claimant::begin(app, "/passkey-reset", "nobody@example.com", Visitor::new()).await;
        let form = stranger.page.press("continue").fill("email", &typed);
        let refused = stranger.visitor.submit(form.fill("password", &typed)).await;
        assert_eq!(refused.status, 422, "{}", refused.words());
        let ada = Recovery::passkey().with_password().at(app).await;
        ada.visitor.submit(ada.page.press("submit").fill("code", &typed)).await;
        let back = ada.visitor.get(&app.recover("/continue")).await.expect(200);
        ada.visitor
            .submit(back.form_to("/continue").fill("reference", &typed))
            .await;

        let compliance = app.signed_in("cora", Role::Compliance).await.visitor;
        compliance.get(&app.staff("/search?q=RC-0000-0000")).await.expect(404);
        let escaped = "%0d%0aforged-by-hand%1b%5b31m";
        for url in [
            app.staff(&format!("/search?q={escaped}")),
            app.staff(&format!("/cases/{escaped}")),
            app.recover(&format!("/case/evidence/{escaped}")),
            app.recover(&format!("/{escaped}?{escaped}")),
        ] {
            for (visitor, header) in [(&compliance, "referer"), (&ada.visitor, "accept-language")] {
                let headers = [(header, mark.to_owned()), ("user-agent", format!("{mark} \u{9b}31m"))];
                visitor.send(Method::GET, url.parse().unwrap(), &headers, None).await;
            }
        }
        let rows = app.wired.db.audit_page(None, 500).await.unwrap();
        assert!(!rows.is_empty(), "a search is recorded");
        for row in rows.iter().map(|line| &line.row) {
            let said = format!("{} {} {} {}", row.who, row.what, row.outcome, row.detail);
            assert!(!said.contains(mark), "{said}");
            assert!(!said.contains('@') && !said.contains(char::is_control), "{said}");
        }
        let all = logs::all();
        let text = String::from_utf8(all).expect("logs are text");
        assert!(!text.contains(mark), "what was typed stands in the logs");
        let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!text.contains(steers), "a log line steers the terminal");
    });
}
