//! What approvals are bound to: the evidence and the target that were looked at (RF-15).

use readmit_core::case::{CaseStatus, Outcome};
use readmit_core::command::Role;
use readmit_core::time::Span;

use crate::support::claimant::{Claimant, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::people::Reviewer;

const MAIL: &str = "account_email";
const TRANSACTION: &str = "counterparty_transaction";

/// A high-value account's case on its documents page, with one picture in each slot.
async fn with_pictures(app: &mut Installation) -> Claimant {
    let mut dev = Claimant::at_documents(app, "dev@example.org").await;
    for slot in [MAIL, TRANSACTION] {
        dev.attaches(slot, &picture()).await;
        app.work().await;
        dev.looks(app).await;
    }
    dev
}

/// The verb that removes the first picture of the page.
fn removal(dev: &Claimant) -> String {
    let buttons = dev.page.forms().into_iter().flat_map(|form| form.buttons);
    let mut verbs = buttons.map(|(_, verb, _)| verb);
    verbs
        .find(|verb| verb.starts_with("remove:"))
        .expect("nothing to remove")
}

async fn submits(app: &mut Installation, dev: &mut Claimant) {
    dev.page = dev.visitor.submit(dev.page.press("submit")).await.expect(200);
    app.work().await;
    dev.looks(app).await;
}

async fn takes(app: &Installation, reviewer: &mut Reviewer, reference: &str) {
    reviewer.takes_next(app).await;
    assert!(reviewer.page.url.path().ends_with(reference), "{}", reviewer.page.url);
}

/// RF-15: once a person has approved, no page that the claimant kept open changes what they looked at: a picture is neither
/// removed nor replaced nor added. Asking again voids the approval; it is given anew, by both, on what is there then.
#[test]
fn rf_15_other_evidence_voids_the_approvals_before_it() {
    Setup::default().run(async |app| {
        let mut dev = with_pictures(app).await;
        let reference = dev.reference(app).await;
        let remove = removal(&dev);
        let old = remove.trim_start_matches("remove:").to_owned();
        let kept_open = [
            dev.page.press(&remove),
            dev.page
                .press("attach")
                .attach(&format!("{MAIL}.{old}"), "other.png", &picture()),
            dev.page.press("attach").attach(MAIL, "more.png", &picture()),
        ];
        submits(app, &mut dev).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        takes(app, &mut rina, &reference).await;
        rina.approves().await;
        let approved = app.case(&reference).await.case;
        assert_eq!((approved.status(), approved.approvals.len()), (CaseStatus::InReview, 1));

        for form in kept_open {
            let late = dev.visitor.submit(form).await;
            assert!(
                late.words().contains("We are checking your pictures"),
                "{}",
                late.words()
            );
            assert!(!late.words().contains("other.png"), "{}", late.words());
        }
        assert_eq!(app.case(&reference).await.case, approved);

        let mut tomas = app.signed_in("tomas", Role::Reviewer).await;
        takes(app, &mut tomas, &reference).await;
        let path = app.staff(&format!("/cases/{reference}"));
        let stale = tomas.visitor.get(&path).await.expect(200).press("send");
        let seen = stale.value("message").unwrap().to_owned();
        tomas.asks_again("Show the whole page.").await;
        app.work().await;
        dev.looks(app).await;
        let replace = dev
            .page
            .press("attach")
            .attach(&format!("{MAIL}.{old}"), "other.png", &picture());
        dev.page = dev.visitor.submit(replace).await.expect(200);
        app.work().await;
        dev.looks(app).await;
        submits(app, &mut dev).await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);

        // The page from before, and a page of now that names what was seen before.
        let late = tomas.visitor.submit(stale.with("verdict", "approve")).await;
        assert_eq!(late.status, 409, "{}", late.words());
        takes(app, &mut tomas, &reference).await;
        let page = tomas.page.text();
        let forged = tomas.page.press("send").with("message", &seen);
        let checks = tomas.page.forms().into_iter().flat_map(|form| form.offered);
        let checks = checks.filter(|(name, _)| name == "check");
        let forged = checks.fold(forged, |form, (name, value)| form.also(&name, &value));
        tomas.page = tomas.visitor.submit(forged.with("verdict", "approve")).await;
        let words = tomas.page.words();
        assert!(words.contains("The evidence or the account changed"), "{words}");
        let case = app.case(&reference).await.case;
        assert_eq!(
            case.approvals, approved.approvals,
            "only the one that counts no more: {page}"
        );

        // The first approver may approve anew, and it takes both.
        tomas.approves().await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);
        takes(app, &mut rina, &reference).await;
        rina.approves().await;
        app.work().await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::CoolingDown);
        app.pass(Span::hours(24)).await;
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Approved));
        assert!(!app.factors("acc_dev").await.contains(&"passkey".to_owned()));
    });
}
