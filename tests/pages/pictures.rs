//! Whose browser is shown a picture, and whose is not, though it has the address.

use readmit_core::command::Role;
use readmit_core::time::Span;
use readmit_web::origins::Face;
use reqwest::Method;

use super::record::attribute;
use crate::support::claimant::{Claimant, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

/// A claimant's page with a picture of theirs on it.
async fn with_picture(app: &mut Installation, email: &str) -> Claimant {
    let mut claimant = Claimant::at_documents(app, email).await;
    claimant.attaches("account_email", &picture()).await;
    app.work().await;
    claimant.looks(app).await;
    claimant
}

async fn asked(visitor: &Visitor, address: &str) -> Page {
    visitor.send(Method::GET, address.parse().unwrap(), &[], None).await
}

/// Where an address of a page sends a browser.
async fn sent_on(visitor: &Visitor, address: &str) -> String {
    let page = asked(visitor, address).await.expect(303);
    page.header("location").unwrap().to_owned()
}

/// It is refused, and the page says what to do.
async fn refuses(visitor: &Visitor, address: &str, why: &str) {
    let page = asked(visitor, address).await;
    assert_eq!(page.status, 403, "{why}: {}", page.words());
    let told = String::from_utf8(page.body).unwrap();
    assert!(
        told.contains("Go back to the page that the picture is on"),
        "{why}: {told}"
    );
}

/// EV-12: the address of a picture on a reviewer's page, and the one that it leads to, are for the reviewer's session: not for
/// a browser without one, not for a colleague who may see the same case, not twice, not later, and not after signing out.
#[test]
fn ev_12_a_reviewers_picture_is_for_their_session() {
    Setup::default().run(async |app| {
        let ada = with_picture(app, "ada@example.com").await;
        let case = format!("/cases/{}", ada.reference(app).await);
        let signe = app.signed_in("signe", Role::Senior).await.visitor;
        let lea = app.signed_in("lea", Role::Lead).await.visitor;
        let on_page = async |app: &Installation| {
            let page = signe.get(&app.staff(&case)).await.expect(200);
            app.staff(&attribute(&page.text(), "/look/"))
        };
        let link = on_page(app).await;
        lea.get(&app.staff(&case)).await.expect(200);
        for (visitor, whose) in [
            (&Visitor::new(), "nobody's"),
            (&ada.visitor, "a claimant's"),
            (&lea, "a colleague's"),
        ] {
            refuses(visitor, &link, whose).await;
        }
        let drawn = sent_on(&signe, &link).await;
        let shown = asked(&signe, &drawn).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        refuses(&Visitor::new(), &drawn, "used").await;
        refuses(&signe, &drawn, "used, in its own browser").await;

        let drawn = sent_on(&signe, &link).await;
        let as_claimants = drawn.replace("/e/", "/c/");
        refuses(&signe, &as_claimants, "drawn for another face").await;
        app.clock.pass(Span::seconds(30));
        refuses(&signe, &drawn, "too late").await;
        app.clock.pass(Span::seconds(30));
        refuses(&signe, &link, "a minute old").await;

        let link = on_page(app).await;
        let drawn = sent_on(&signe, &link).await;
        let me = signe.get(&app.staff("/me")).await.expect(200);
        signe.submit(me.form_to("/sign-out")).await.expect(200);
        refuses(&signe, &link, "signed out").await;
        refuses(&signe, &drawn, "drawn before signing out").await;
    });
}

/// EV-12: a permission that was lost between the page and the picture acts on the picture.
#[test]
fn ev_12_a_lost_permission_acts_on_the_next_picture() {
    Setup::default().run(async |app| {
        let ada = with_picture(app, "ada@example.com").await;
        let case = format!("/cases/{}", ada.reference(app).await);
        let signe = app.signed_in("signe", Role::Senior).await;
        let page = signe.visitor.get(&app.staff(&case)).await.expect(200);
        let link = app.staff(&attribute(&page.text(), "/look/"));
        let drawn = sent_on(&signe.visitor, &link).await;
        let db = &app.wired.db;
        db.person_set(signe.person, &[Role::Operator], true, app.clock.at())
            .await
            .unwrap();
        assert_eq!(asked(&signe.visitor, &drawn).await.status, 403);
        db.person_set(signe.person, &[Role::Senior], false, app.clock.at())
            .await
            .unwrap();
        refuses(&signe.visitor, &link, "no longer staff").await;
    });
}

/// EV-07, EV-12: a claimant's own picture comes from the evidence origin, under its headers, for the claimant's session alone.
#[test]
fn ev_07_a_claimants_picture_comes_from_the_evidence_origin() {
    Setup::default().run(async |app| {
        let ada = with_picture(app, "ada@example.com").await;
        let ben = with_picture(app, "ben@example.com").await;
        let whole = app.recover(&attribute(&ada.page.text(), "/case/evidence/"));
        let small = format!("{whole}/small");
        let links = [whole, small.clone()];
        for link in &links {
            assert_eq!(asked(&Visitor::new(), link).await.status, 403, "nobody's");
            refuses(&ben.visitor, link, "another claimant's").await;
            let drawn = sent_on(&ada.visitor, link).await;
            assert!(
                drawn.starts_with(app.place.on(Face::Evidence, "/c/").as_str()),
                "{drawn}"
            );
            let shown = asked(&ada.visitor, &drawn).await.expect(200);
            let header = |name: &str| shown.header(name).unwrap_or_default().to_owned();
            assert!(["image/png", "image/jpeg"].contains(&header("content-type").as_str()));
            assert!(header("content-security-policy").ends_with("sandbox"));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("cache-control"), "no-store");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(
                header("cross-origin-resource-policy"),
                "cross-origin",
                "the demo's is another site"
            );
            refuses(&Visitor::new(), &drawn, "used").await;
        }
        let drawn = sent_on(&ada.visitor, &small).await;
        refuses(&ada.visitor, &drawn.replace("/c/", "/e/"), "drawn for another face").await;
        let drawn = sent_on(&ada.visitor, &small).await;
        let leave = ada.visitor.get(&app.recover("/leave")).await.expect(200);
        ada.visitor.submit(leave.form_to("/leave")).await.expect(200);
        refuses(&ada.visitor, &drawn, "drawn before leaving").await;
    });
}
