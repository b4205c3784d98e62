//! Every place between two writes of a commit, a job's finish, an upload and a call to the outside: there something fails, and in
//! another run the process is killed. Whoever acted does it once more, and the cases come to the same ends.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use readmit_core::case::{Outcome, Remedy};
use readmit_core::command::Role;
use readmit_core::ports::Loaded;
use readmit_core::time::Span;
use readmit_storage::{CaseFilter, Db};
use readmit_web::origins::Face;

use super::disk::second_tap;
use crate::support::claimant::{Recovery, picture};
use crate::support::dying::Dying;
use crate::support::installation::{Installation, Setup};
use crate::support::planted::walk;
use crate::support::process::Process;
use crate::support::visitor::{Filled, Page, Visitor};

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

/// RF-07, RF-14, EV-02: the table of all places is printed. At none of them anything is lost, half written, or done twice at
/// the host; an upload can be sent again, and what it left behind is named by no case and goes.
#[test]
fn rf_07_at_every_place_a_write_may_fail_and_the_process_be_killed() {
    let (mut failed, mut killed) = (Vec::new(), Vec::new());
    Setup::default().run(async |app| failed = fails_everywhere(app).await);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { killed = dies_everywhere().await });

    let mut table = format!("{:<55}made to fail   killed\n", "place");
    let all: BTreeSet<&String> = failed.iter().chain(&killed).collect();
    for place in &all {
        let told = |met: &[String]| if met.contains(place) { "the same end" } else { "-" };
        table.push_str(&format!("{place:<55}{:<15}{}\n", told(&failed), told(&killed)));
    }
    std::io::stdout().write_all(table.as_bytes()).unwrap();
    assert!(
        all.iter().all(|place| failed.contains(place) && killed.contains(place)),
        "{table}"
    );
    for of in [
        "commit",
        "finish",
        "lease",
        "upload",
        "removal",
        "mail",
        "banner",
        "inspection",
        "remedy",
    ] {
        assert!(all.iter().any(|place| place.starts_with(of)), "{of}: {table}");
    }
    assert!(all.len() >= 45, "{table}");
}

/// Everything fails once. An owner stops a case first: of what its notices meet a code cannot wait for all.
async fn fails_everywhere(app: &mut Installation) -> Vec<String> {
    Recovery::passkey().of(BEN).with_documents().at(app).await;
    let page = Visitor::new().get(&app.stop_link(BEN).await).await.expect(200);
    let path = page.url.path().to_owned();
    let points = app.wired.db.points().clone();
    points.fail();
    again(app, &Visitor::new(), page.form_to(&path).tick("sure", "yes")).await;
    settles(app).await;

    let visitor = Visitor::new();
    let start = visitor.get(&app.recover("/passkey-reset")).await.expect(200);
    let page = again(app, &visitor, start.press("agree").tick("agree", "yes")).await;
    let page = again(app, &visitor, page.press("forgotten").fill("email", ADA)).await;
    let code = code(app).await;
    let page = again(app, &visitor, page.press("submit").fill("code", &code)).await;
    again(app, &visitor, with_pictures(&page)).await;
    settles(app).await;

    let rina = app.signed_in("rina", Role::Reviewer).await.visitor;
    let queues = rina.get(&app.staff("/")).await.expect(200);
    let case = again(app, &rina, queues.form_to("/next")).await;
    again(app, &rina, approval(&case)).await;
    settles(app).await;

    assert_done_once(&app.halcyon.remedies());
    assert_ended(&app.wired.db).await;
    app.pass(Span::hours(25)).await;
    let removed = app.wired.db.remove_unclaimed(app.clock.at()).await.unwrap();
    assert!(removed >= 1, "uploads were cut off");
    assert_no_orphan(&app.wired.db, app.place.at("evidence").as_ref()).await;
    points.met()
}

/// The process dies once everywhere, and is started again.
async fn dies_everywhere() -> Vec<String> {
    let mut process = Process::start(Setup::default()).await;
    let ben = Visitor::new();
    let (page, _) = process.proven(&ben, BEN).await;
    ben.submit(with_pictures(&page)).await.expect(200);
    let veto = second_tap(&process, BEN).await;
    process.comes_to("review").await;
    let mut dying = Dying::of(process);
    dying.send(&Visitor::new(), veto).await;
    dying.settles().await;
    dying.goes_on();

    let visitor = Visitor::new();
    let start = dying.process.place.on(Face::Claimant, "/passkey-reset");
    let start = dying.get(&visitor, start).await;
    let page = dying.send(&visitor, start.press("agree").tick("agree", "yes")).await;
    let page = dying.send(&visitor, page.press("forgotten").fill("email", ADA)).await;
    let code = dying.code(ADA).await;
    let page = dying.send(&visitor, page.press("submit").fill("code", &code)).await;
    dying.send(&visitor, with_pictures(&page)).await;
    dying.settles().await;

    let rina = dying.process.staff_session().await;
    dying.goes_on();
    let queues = dying.process.place.on(Face::Staff, "/");
    let queues = dying.get(&rina, queues).await;
    let case = dying.send(&rina, queues.form_to("/next")).await;
    dying.send(&rina, approval(&case)).await;
    dying.settles().await;

    assert_done_once(&dying.process.halcyon.remedies());
    dying.process.pass(Span::hours(25));
    dying.goes_on();
    dying.settles().await;
    let db = dying.process.open().await;
    assert_ended(&db).await;
    db.remove_unclaimed(dying.process.now()).await.unwrap();
    assert_no_orphan(&db, dying.process.place.at("evidence").as_ref()).await;
    db.close().await;
    let places = dying.places();
    dying.process.finish().await;
    places
}

fn with_pictures(page: &Page) -> Filled {
    let form = page.press("submit");
    let slots = form.files().into_iter().filter(|name| !name.contains('.'));
    slots.fold(form, |form, slot| form.attach(&slot, "statement.png", &picture()))
}

fn approval(case: &Page) -> Filled {
    let offered = case.forms().into_iter().flat_map(|form| form.offered);
    let checks = offered.filter(|(name, _)| name == "check");
    let decision = case.press("send").with("verdict", "approve");
    checks.fold(decision, |decision, (name, value)| decision.also(&name, &value))
}

fn assert_done_once(remedies: &[serde_json::Value]) {
    assert_eq!(remedies.len(), 1);
    for part in ["locks", "revocations", "records"] {
        assert_eq!(remedies[0][part], 1, "{part}");
    }
}

async fn cases(db: &Db) -> Vec<Loaded> {
    let mut cases = Vec::new();
    for line in db.recent_cases(CaseFilter::default(), None, 10).await.unwrap() {
        cases.push(db.opened(line.case).await.unwrap().unwrap());
    }
    cases
}

/// One case was stopped, the other approved by one decision and carried out.
async fn assert_ended(db: &Db) {
    let cases = cases(db).await;
    let mut ends: Vec<_> = cases
        .iter()
        .map(|loaded| (loaded.case.outcome, loaded.case.remedy, loaded.case.approvals.len()))
        .collect();
    ends.sort_by_key(|end| end.0);
    let wanted = [
        (Some(Outcome::Approved), Remedy::Done, 1),
        (Some(Outcome::Vetoed), Remedy::NotBegun, 0),
    ];
    assert_eq!(ends, wanted);
    for loaded in &cases {
        let pieces = loaded.sealed.steps["documents"].as_array().unwrap();
        assert_eq!(pieces.len(), 2, "a picture a slot, however often it was sent");
    }
}

/// Every file that lies there under a name is one that a case names.
async fn assert_no_orphan(db: &Db, evidence: &Path) {
    let cases = cases(db).await;
    let known: Vec<String> = cases
        .iter()
        .map(|loaded| {
            serde_json::to_string(&(&loaded.case, &loaded.sealed))
                .unwrap()
                .replace('-', "")
        })
        .collect();
    let unfinished = evidence.join("unfinished");
    let named: Vec<_> = walk(evidence)
        .into_iter()
        .filter(|path| !path.starts_with(&unfinished))
        .collect();
    assert!(named.len() >= 4, "{named:?}");
    for path in named {
        let name = path.file_name().unwrap().to_str().unwrap().replace('-', "");
        assert!(
            known.iter().any(|known| known.contains(&name)),
            "{} belongs to nobody",
            path.display()
        );
    }
}

/// Sends a form until it is taken: what failed is told, and the same form works a moment later.
async fn again(app: &Installation, visitor: &Visitor, form: Filled) -> Page {
    for _ in 0..20 {
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
    for _ in 0..40 {
        app.pass(Span::minutes(2)).await;
    }
}

async fn code(app: &Installation) -> String {
    for _ in 0..12 {
        let messages = app.messages(ADA).await;
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
