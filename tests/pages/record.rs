//! What lands in the audit log and in the logs, and what never does.

use readmit_core::command::Role;
use readmit_storage::AuditRow;
use reqwest::Method;

use crate::support::claimant::{Claimant, Recovery, picture};
use crate::support::installation::{Installation, Setup};
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
        app.work().await;
    });
}

/// AU-01, EV-12: whoever is shown a picture stands in the audit log: its claimant, and each member of staff by name.
#[test]
fn au_01_every_look_at_a_picture_is_recorded() {
    Setup::default().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        ada.attaches("account_email", &picture()).await;
        app.work().await;
        ada.looks(app).await;
        let case = app.case(&ada.reference(app).await).await.case.id;
        assert!(looks(app).await.is_empty(), "nobody has looked yet");
        let own = attribute(&ada.page.text(), "/case/evidence/");
        ada.visitor.get(&app.recover(&own)).await.expect(200);

        ada.hands_in_documents(app).await;
        app.work().await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let picture = attribute(&rina.page.text(), "/look/");
        rina.visitor.get(&app.staff(&picture)).await.expect(200);
        let seen = looks(app).await;
        let wanted = [
            ("evidence_viewed", "claimant".to_owned()),
            ("evidence_seen", format!("person:{}", rina.person)),
        ];
        assert_eq!(seen.len(), wanted.len(), "{seen:?}");
        for (what, who) in wanted {
            let row = seen.iter().find(|row| row.what == what).expect(what);
            assert_eq!((&*row.who, row.case, &*row.outcome), (&*who, Some(case), "done"));
        }
    });
}

/// AU-01: what tries to get round the flow stands in the audit log, by the route and why, without whom it cannot know: a form
/// with another's token, a post of another site's page, a call that the host did not sign. An objection that came too late
/// does, too, and a sign-in on the host's word.
#[test]
fn au_01_what_is_refused_and_who_is_let_in_is_recorded() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let stop = app.stop_link(&ada.email).await;
        let asked = Visitor::new().get(&stop).await.expect(200);
        let path = asked.url.path().to_owned();
        let late = asked.form_to(&path).tick("sure", "yes");
        let begin = ada.page.press("begin");
        let foreign = begin.value("token").expect("a form has a token").to_owned();
        ada.answers_rightly(app).await;
        app.work().await;
        Visitor::new().submit(late).await;

        let ben = Recovery::passkey().of("ben@example.com").proven().at(app).await;
        let page = ben.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        let form = page.form_to("/case/withdraw");
        let foreign = form.clone().with("token", &foreign);
        assert_eq!(ben.visitor.submit(foreign).await.status, 403);
        assert_eq!(ben.visitor.submit(form.posted_elsewhere()).await.status, 403);
        let unsigned = app.recover("/api/accounts/acc_ada/factors");
        assert_eq!(Visitor::new().get(&unsigned).await.status, 401);
        let owner = app.signed_in_owner("wei.chen@example.com").await;
        owner.get(&app.halcyon.url("/security")).await.expect(200);

        let lines = app.wired.db.audit_page(None, 500).await.unwrap();
        let rows: Vec<AuditRow> = lines.into_iter().map(|line| line.row).collect();
        let veto = rows.iter().find(|row| row.what == "veto").expect("the late objection");
        let case = app.case(&reference).await.case.id;
        assert_eq!((&*veto.who, veto.case, &*veto.outcome), ("owner", Some(case), "closed"));
        let refused: Vec<(&str, &str, &str)> = rows
            .iter()
            .filter(|row| row.what == "request_refused")
            .map(|row| {
                assert_eq!((&*row.who, &*row.outcome), ("nobody", "refused"));
                let said = |name: &str| row.detail[name].as_str().unwrap_or("-");
                (said("why"), said("method"), said("route"))
            })
            .collect();
        for wanted in [
            ("form_expired", "POST", "/case/withdraw"),
            ("cross_site", "POST", "/case/withdraw"),
            ("not_signed", "GET", "/api/accounts/{id}/factors"),
        ] {
            assert!(refused.contains(&wanted), "{wanted:?} in {refused:?}");
        }
        let entered: Vec<&AuditRow> = rows.iter().filter(|row| row.what == "entered").collect();
        assert_eq!(entered.len(), 1);
        assert!(!entered[0].detail.to_string().contains("acc_wei"), "{:?}", entered[0]);
        app.work().await;
    });
}

/// The rows about pictures that were shown.
async fn looks(app: &Installation) -> Vec<AuditRow> {
    let lines = app.wired.db.audit_page(None, 500).await.unwrap();
    let rows = lines.into_iter().map(|line| line.row);
    rows.filter(|row| row.what.starts_with("evidence_")).collect()
}

/// The first attribute of a page that begins so.
pub(super) fn attribute(page: &str, start: &str) -> String {
    let (_, rest) = page.split_once(&format!("\"{start}")).expect("no such address");
    format!("{start}{}", rest.split('"').next().unwrap())
}
