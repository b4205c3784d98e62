//! The host goes away: before it is asked, and in the middle of a remedy.

use crate::support::claimant::Recovery;
use crate::support::halcyon::Stop;
use crate::support::installation::Setup;
use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::time::Span;

/// Design section 12: killed after it has locked and before it has revoked, or when all is done and nobody was told, the
/// host finishes the remedy once when it is asked again with the same key; the case waits, then ends.
#[test]
fn a_host_killed_in_the_middle_of_a_remedy_finishes_it_once() {
    for stop in [Stop::AfterLock, Stop::BeforeAnswer] {
        Setup::default().with_host_of_its_own().run(async |app| {
            app.restart_host(Some(stop)).await;
            let ada = Recovery::passkey().with_answers().at(app).await;
            app.work().await;
            let reference = ada.reference(app).await;
            assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CarryingOut);
            app.restart_host(None).await;
            app.pass(Span::hours(1)).await;
            assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
            let remedies = app.halcyon.remedies();
            assert_eq!(remedies.len(), 1);
            for part in ["locks", "revocations", "records"] {
                assert_eq!(remedies[0][part], 1, "{part}");
            }
            assert!(!app.factors("acc_ada").await.contains(&"passkey".to_owned()));
        });
    }
}

/// While the host is away a page says so, with a request id; nothing is half written, and the owner can still object.
#[test]
fn while_the_host_is_away_a_veto_still_works() {
    Setup::default().with_host_of_its_own().run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let stop = app.stop_link(&ada.email).await;
        let reference = ada.reference(app).await;
        app.halcyon.kill().await;
        let ben = Recovery::passkey().of("ben@example.com").at(app).await;
        let form = ben
            .page
            .press("continue")
            .fill("email", "ben@example.com")
            .fill("password", "whatever it was");
        let page = ben.visitor.submit(form).await;
        assert_eq!(page.status, 503, "{}", page.words());
        let id = page
            .header("x-request-id")
            .expect("an answer has a request id")
            .to_owned();
        assert!(page.words().contains(&id), "{}", page.words());
        app.object(&stop).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Vetoed));
        app.restart_host(None).await;
        app.pass(Span::hours(2)).await;
    });
}
