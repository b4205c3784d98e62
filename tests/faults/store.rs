//! The database is locked, has no room, or refuses one row: pages say so, nothing is half written, nothing is granted.

use std::sync::atomic::Ordering;

use readmit_core::case::{Outcome, Remedy};
use readmit_core::command::Role;
use readmit_storage::conformance;

use crate::support::claimant::{Claimant, Recovery, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::postgres;
use crate::support::visitor::{Filled, Page, Visitor};

/// An honest page: what went wrong in words, and the id that support asks for.
pub(super) fn assert_says(page: &Page, status: u16, words: &str) {
    assert_eq!(page.status, status, "{}", page.words());
    let id = page.header("x-request-id").expect("an answer has a request id");
    assert!(page.words().contains(id), "{}", page.words());
    assert!(page.words().contains(words), "{}", page.words());
    assert!(
        page.words().contains("Everything before it is safe"),
        "{}",
        page.words()
    );
}

/// The form of a claimant who types the code that was sent.
async fn right_code(app: &mut Installation, claimant: &Claimant) -> Filled {
    let code = claimant.code(app).await;
    claimant.page.press("submit").fill("code", &code)
}

/// The second tap on a veto link.
async fn second_tap(app: &Installation, email: &str) -> Filled {
    let page = Visitor::new().get(&app.stop_link(email).await).await.expect(200);
    let path = page.url.path().to_owned();
    page.form_to(&path).tick("sure", "yes")
}

/// Somebody else holds the database's lock: every form is told so and works as soon as the lock is gone. A veto waits for that
/// by itself (RF-11).
#[test]
fn a_locked_database_is_said_and_loses_nothing() {
    for setup in [Setup::default(), Setup::default().on_postgres()] {
        a_locked_database(setup);
    }
}

fn a_locked_database(setup: Setup) {
    setup.run(async |app| {
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let ben = Recovery::passkey().of("ben@example.com").with_password().at(app).await;
        let (code, veto) = (right_code(app, &ben).await, second_tap(app, &ada.email).await);
        let before = app.case(&reference).await.case;
        let lock = conformance::lock(&app.place.config().storage).await;
        let owner = tokio::spawn(async move { Visitor::new().submit(veto).await });
        assert_says(&ben.visitor.submit(code.clone()).await, 503, "was not saved");
        assert_eq!(app.case(&reference).await.case, before);
        assert!(!owner.is_finished());
        lock.release().await;
        owner.await.unwrap().expect(200);
        assert_eq!(app.case(&reference).await.case.outcome, Some(Outcome::Vetoed));
        let page = ben.visitor.submit(code).await.expect(200);
        assert!(page.offers("begin"), "the same form works now: {}", page.words());
        app.work().await;
    });
}

/// AU-03, RF-07: where the event row cannot be written the right code proves nothing; where the log cannot be written nobody
/// takes a case by hand. The same forms work once the rows can be written.
#[test]
fn au_03_without_its_row_nothing_is_granted() {
    Setup::default().on_postgres().run(async |app| {
        let url = app.place.config().storage.database_url;
        let refuse = |table: &str| {
            let function = "CREATE OR REPLACE FUNCTION no_row() RETURNS trigger LANGUAGE plpgsql AS \
                            $$ BEGIN RAISE EXCEPTION 'no row'; END $$";
            let trigger = "FOR EACH ROW EXECUTE FUNCTION no_row()";
            postgres::as_owner(
                &url,
                &format!("{function}; CREATE TRIGGER no_row BEFORE INSERT ON {table} {trigger}"),
            );
        };
        let allow = |table: &str| postgres::as_owner(&url, &format!("DROP TRIGGER no_row ON {table}"));

        let mut ada = Recovery::passkey().with_password().at(app).await;
        let form = right_code(app, &ada).await;
        refuse("case_events");
        assert_says(
            &ada.visitor.submit(form.clone()).await,
            500,
            "Something went wrong on our side",
        );
        allow("case_events");
        let page = ada.visitor.get(&app.recover("/case")).await.expect(200);
        assert!(page.offers("submit"), "the code is still asked for: {}", page.words());
        ada.page = ada.visitor.submit(form).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        ada.hands_in_documents(app).await;
        let reference = ada.reference(app).await;

        let sena = app.signed_in("sena", Role::Senior).await.visitor;
        let case = sena.get(&app.staff(&format!("/cases/{reference}"))).await.expect(200);
        let take = case.form_to(&format!("/cases/{reference}/claim"));
        refuse("audit");
        assert_says(
            &sena.submit(take.clone()).await,
            500,
            "Something went wrong on our side",
        );
        allow("audit");
        let task = app.case(&reference).await.case.task.unwrap();
        assert_eq!(task.claim, None, "no log entry, no claim");
        sena.submit(take).await.expect(200);
        let case = app.case(&reference).await.case;
        assert!(case.task.unwrap().claim.is_some() && case.remedy == Remedy::NotBegun);
        app.work().await;
    });
}

/// The answer to a commit is lost on its way: the page says that it does not know, the pictures that the case names are
/// still there, and the case goes on to a person with them.
#[test]
fn a_lost_answer_to_a_commit_costs_no_picture() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        let reference = ada.reference(app).await;
        let mut form = ada.page.press("submit");
        let slots: Vec<String> = form.files().into_iter().filter(|name| !name.contains('.')).collect();
        for slot in &slots {
            form = form.attach(slot, "statement.png", &picture());
        }
        app.moods.mute.store(true, Ordering::SeqCst);
        assert_says(&ada.visitor.submit(form).await, 503, "may not have been saved");
        app.moods.mute.store(false, Ordering::SeqCst);
        app.work().await;
        let sealed = app.case(&reference).await.sealed;
        let case = app.case(&reference).await.case;
        assert!(case.task.is_some(), "a person has it: {case:?}");
        let pieces = sealed.steps["documents"].as_array().unwrap();
        assert_eq!(pieces.len(), slots.len());
        for piece in pieces {
            let blob = serde_json::from_value(piece["blob"].clone()).unwrap();
            app.wired.db.blobs().read(case.id, blob).await.unwrap();
        }
    });
}

/// Every case row is slow to write, and every second try meets a serialization failure: nobody is told, nothing is done
/// twice.
#[test]
fn serialization_failures_and_a_slow_database_are_waited_out() {
    Setup::default().on_postgres().run(async |app| {
        let url = app.place.config().storage.database_url;
        postgres::as_owner(
            &url,
            "CREATE SEQUENCE tries; GRANT USAGE ON SEQUENCE tries TO PUBLIC; \
             CREATE FUNCTION hard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM generate_series(1, 300000); \
             IF nextval('tries') % 2 = 1 THEN RAISE EXCEPTION 'not serializable' USING ERRCODE = '40001'; END IF; \
             RETURN NEW; END $$; \
             CREATE TRIGGER hard BEFORE INSERT OR UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION hard(); \
             CREATE TRIGGER hard BEFORE INSERT OR UPDATE ON unproven FOR EACH ROW EXECUTE FUNCTION hard()",
        );
        let ada = Recovery::passkey().with_documents().at(app).await;
        let reference = ada.reference(app).await;
        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        rina.approves().await;
        app.work().await;
        let case = app.case(&reference).await.case;
        assert_eq!(
            (case.outcome, case.approvals.len()),
            (Some(Outcome::Approved), 1),
            "{}",
            rina.page.words()
        );
        assert_eq!(app.halcyon.remedies().len(), 1);
        let tries: u32 = postgres::rows(&url, "SELECT last_value FROM tries")[0].parse().unwrap();
        assert!(tries >= 2 * case.version, "{tries} tries at {} commits", case.version);
        app.work().await;
    });
}
