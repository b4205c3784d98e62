//! The host goes away: before it is asked, and in the middle of a remedy.

use crate::support::claimant::Recovery;
use crate::support::installation::Setup;
use readmit_core::case::Outcome;
use readmit_core::time::Span;

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
