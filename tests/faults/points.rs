//! Every commit of a recovery cut off before it is written, and in another run written and not heard of: whoever acted does it
//! once more, and the case comes to the same end.

use std::io::Write as _;

use readmit_core::case::{Outcome, Remedy};
use readmit_core::command::Role;
use readmit_core::time::Span;

use crate::support::claimant::picture;
use crate::support::contrary::Whim;
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Filled, Page, Visitor};

const EMAIL: &str = "ada@example.com";

/// RF-07, RF-14: the table of all points is printed; at none of them anything is lost, half written, or done twice.
#[test]
fn rf_07_a_commit_may_fail_at_every_point() {
    let mut table = String::from("commit                        before it is written   written, and not heard of\n");
    let (mut cut, mut unheard) = (Vec::new(), Vec::new());
    for (whim, points) in [(Whim::CutOff, &mut cut), (Whim::Unheard, &mut unheard)] {
        Setup::default().with(whim).run(async |app| {
            recovers(app).await;
            *points = app.moods.points.lock().unwrap().clone();
        });
    }
    for point in &cut {
        let same = if unheard.contains(point) { "the same end" } else { "-" };
        table.push_str(&format!("{point:<30}the same end           {same}\n"));
    }
    std::io::stdout().write_all(table.as_bytes()).unwrap();
    assert_eq!(cut, unheard, "both ways meet the same commits");
    assert!(cut.len() >= 12, "{table}");
}

/// A passkey is reset by documents, everything that fails being done again.
async fn recovers(app: &mut Installation) {
    let visitor = Visitor::new();
    let start = visitor.get(&app.recover("/passkey-reset")).await.expect(200);
    let page = again(app, &visitor, start.press("agree").tick("agree", "yes")).await;
    let page = again(app, &visitor, page.press("forgotten").fill("email", EMAIL)).await;
    let code = code(app).await;
    let page = again(app, &visitor, page.press("submit").fill("code", &code)).await;
    let mut form = page.press("submit");
    for slot in form.files().into_iter().filter(|name| !name.contains('.')) {
        form = form.attach(&slot, "statement.png", &picture());
    }
    again(app, &visitor, form).await;
    settles(app).await;

    let reference = app.reference(EMAIL).await;
    let rina = app.signed_in("rina", Role::Reviewer).await.visitor;
    let queues = rina.get(&app.staff("/")).await.expect(200);
    let case = again(app, &rina, queues.form_to("/next")).await;
    let mut decision = case.press("send").with("verdict", "approve");
    for (name, value) in case.forms().into_iter().flat_map(|form| form.offered) {
        if name == "check" {
            decision = decision.also(&name, &value);
        }
    }
    again(app, &rina, decision).await;
    settles(app).await;

    let case = app.case(&reference).await.case;
    assert_eq!((case.outcome, case.remedy), (Some(Outcome::Approved), Remedy::Done));
    assert_eq!(case.approvals.len(), 1, "one decision, whatever was heard of it");
    let remedies = app.halcyon.remedies();
    assert_eq!(remedies.len(), 1);
    for part in ["locks", "revocations", "records"] {
        assert_eq!(remedies[0][part], 1, "{part}");
    }
}

/// Sends a form until it is taken: what failed is told, and the same form works a moment later.
async fn again(app: &Installation, visitor: &Visitor, form: Filled) -> Page {
    for _ in 0..5 {
        let page = visitor.submit(form.clone()).await;
        if page.status.as_u16() < 500 {
            return page.expect(200);
        }
        assert!(page.words().contains("may not have been saved"), "{}", page.words());
        app.clock.pass(Span::seconds(1));
    }
    panic!("the form is never taken");
}

/// Jobs that failed wait before their next try.
async fn settles(app: &Installation) {
    for _ in 0..12 {
        app.pass(Span::minutes(2)).await;
    }
}

async fn code(app: &Installation) -> String {
    for _ in 0..6 {
        let messages = app.messages(EMAIL).await;
        let found = messages
            .iter()
            .rev()
            .find_map(|message| crate::support::claimant::code_in(&message.text));
        if let Some(code) = found {
            return code;
        }
        app.clock.pass(Span::seconds(10));
    }
    panic!("no code was sent");
}
