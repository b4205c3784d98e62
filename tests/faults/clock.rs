//! The machine's clock is set back or ahead in the middle of a case.

use readmit_core::case::Outcome;
use readmit_core::command::Role;
use readmit_core::time::{At, Span};

use crate::support::claimant::Recovery;
use crate::support::installation::{Installation, Setup};

/// The moments of a case's record, in order.
async fn moments(app: &Installation, reference: &str) -> Vec<At> {
    let case = app.case(reference).await.case.id;
    let entries = app.wired.db.timeline(case).await.unwrap();
    entries.into_iter().map(|(_, entry)| entry.at).collect()
}

/// Set back by an hour: forms are taken, the record's time stands still, and jobs wait until their moment comes again.
#[test]
fn a_clock_set_back_turns_no_case_back() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        app.clock.pass(Span::hours(-1));
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        ada.hands_in_documents(app).await;
        app.pass(Span::hours(1)).await;
        app.pass(Span::minutes(1)).await;
        let reference = ada.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        app.clock.pass(Span::minutes(-3));
        rina.approves().await;
        app.pass(Span::minutes(4)).await;
        let case = app.case(&reference).await.case;
        assert_eq!(case.outcome, Some(Outcome::Approved), "{}", rina.page.words());
        assert_eq!(app.halcyon.remedies().len(), 1);
        let moments = moments(app, &reference).await;
        assert!(moments.is_sorted(), "{moments:?}");
    });
}

/// Set ahead by a year: what waits for the claimant expires, the owner is told, and setting it right again revives nothing.
#[test]
fn a_clock_set_ahead_ends_what_waits() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let form = ada.page.press("begin");
        app.pass(Span::days(365)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Expired));
        app.pass(Span::days(-365)).await;
        let page = ada.visitor.submit(form).await;
        assert!(page.status.as_u16() < 500, "{}", page.words());
        ada.looks(app).await;
        let case = app.case(&reference).await.case;
        assert_eq!((case.outcome, case.task), (Some(Outcome::Expired), None));
        assert!(app.halcyon.remedies().is_empty());
        assert!(moments(app, &reference).await.is_sorted());
    });
}
