//! Leaving a device that others use too.

use readmit_storage::AuditLine;

use crate::support::claimant::Recovery;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// Leaves by the link at the foot of a page.
async fn leaves(app: &Installation, visitor: &Visitor, from: &Page) -> Page {
    assert!(from.links().contains(&"/leave".to_owned()), "{}", from.words());
    let asked = visitor.get(&app.recover("/leave")).await.expect(200);
    let left = visitor.submit(asked.form_to("/leave")).await.expect(200);
    // SE-05: nothing stays in the browser, and sign-ins at other hosts of the domain are not ours to end.
    assert_eq!(left.header("clear-site-data"), Some(r#""cache", "storage""#));
    let cookies = visitor.cookies("recover.halcyon.localhost");
    assert!(!cookies.contains("__Host-session"), "{cookies}");
    assert!(!left.links().contains(&"/leave".to_owned()), "{}", left.words());
    left
}

async fn recorded(app: &Installation) -> Vec<AuditLine> {
    let lines = app.wired.db.audit_page(None, 50).await.unwrap();
    lines.into_iter().filter(|line| line.row.what == "left").collect()
}

/// SE-01, AU-01: the case is closed to this device, and to every copy of its cookie; its claimant comes back by reference.
#[test]
fn se_01_a_claimant_leaves_the_device() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let reference = ada.reference(app).await;
        let copy = ada.visitor.copy();
        copy.get(&app.recover("/case")).await.expect(200);
        let help = ada.visitor.get(&app.recover("/help")).await.expect(200);
        let left = leaves(app, &ada.visitor, &help).await;
        assert!(left.words().contains(&reference), "{}", left.words());
        assert!(left.links().contains(&"/continue".to_owned()));
        for visitor in [&ada.visitor, &copy] {
            let page = visitor.get(&app.recover("/case")).await;
            assert_eq!(page.status, 403, "{}", page.words());
            assert!(!page.text().contains(&reference));
            let words = page.words();
            assert!(
                words.contains("You have left this device") && !words.contains("req_"),
                "{words}"
            );
        }
        let [line] = recorded(app).await.try_into().expect("one leaving");
        assert_eq!(line.row.case, Some(app.case(&reference).await.case.id));
        assert_eq!(app.case(&reference).await.case.outcome, None, "the case goes on");
    });
}

/// SE-01: who came from the host goes back there; a request that nobody confirmed has no reference to come back by.
#[test]
fn se_01_leaving_says_how_to_come_back() {
    Setup::default().run(async |app| {
        let owner = app.signed_in_owner("ada@example.com").await;
        let settings = owner.get(&app.halcyon.url("/security")).await.expect(200);
        let copy = owner.copy();
        let left = leaves(app, &owner, &settings).await;
        assert!(left.links().contains(&app.halcyon.url("/")), "{:?}", left.links());
        assert_eq!(copy.get(&app.recover("/security")).await.status, 403);

        let ben = Recovery::passkey().of("ben@example.com").with_password().at(app).await;
        app.work().await;
        let left = leaves(app, &ben.visitor, &ben.page).await;
        assert!(!left.text().contains("RC-"), "{}", left.words());
        assert!(left.links().contains(&"/".to_owned()));
    });
}

/// The button pressed twice, and the page opened when nothing is open, lead to the same words.
#[test]
fn leaving_twice_is_leaving() {
    Setup::default().run(async |app| {
        let ada = Recovery::passkey().proven().at(app).await;
        let asked = ada.visitor.get(&app.recover("/leave")).await.expect(200);
        let behind = ada.visitor.copy();
        leaves(app, &ada.visitor, &ada.page).await;
        for visitor in [&ada.visitor, &behind] {
            let again = visitor.submit(asked.form_to("/leave")).await.expect(200);
            assert!(again.words().contains("You have left this device"), "{}", again.words());
        }
        let nobody = Visitor::new().get(&app.recover("/leave")).await.expect(200);
        assert!(nobody.forms().is_empty());
        let help = Visitor::new().get(&app.recover("/help")).await.expect(200);
        assert!(!help.links().contains(&"/leave".to_owned()));
        assert_eq!(recorded(app).await.len(), 1);
        app.work().await;
    });
}
