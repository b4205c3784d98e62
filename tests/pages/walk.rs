//! Every form of every page that somebody stands on, posted as it should not be: empty, twice, too late, and with what
//! names another case, under a token that is good (design, section 12). Nothing of the other case is another afterwards.

use std::collections::BTreeSet;

use readmit_core::case::TaskKind;
use readmit_core::command::Role;
use readmit_core::ids::{CaseId, Digest, EvidenceId, TaskId};
use readmit_core::ports::Store as _;
use readmit_core::review::Message;
use reqwest::Method;

use crate::support::claimant::{Claimant, Recovery, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::routes::{row_of, shapes};
use crate::support::visitor::{Filled, Page, Visitor};

/// Forms that are whole by their token alone: posted empty they do what they say.
const WHOLE_BY_THEIR_TOKEN: [&str; 4] = ["/sign-out", "/next", "/case/withdraw", "/leave"];

/// What a claimant's walk posts to.
const CLAIMANTS: [&str; 8] = [
    "/case/step",
    "/case/withdraw",
    "/case/messages",
    "/continue",
    "/continue/code",
    "/stop/{token}",
    "/leave",
    "/{workflow}",
];

/// What staff's walk posts to.
const STAFFS: [&str; 14] = [
    "/sign-out",
    "/next",
    "/cases/{reference}/claim",
    "/cases/{reference}/release",
    "/cases/{reference}/hand-over",
    "/cases/{reference}/decide",
    "/cases/{reference}/reveal",
    "/cases/{reference}/try-again",
    "/cases/{reference}/give-up",
    "/cases/{reference}/messages",
    "/invitations",
    "/staff",
    "/staff/{id}",
    "/staff/{id}/invite",
];

/// What neither walk posts to, and why.
const APART: [(&str, &str); 21] = [
    (
        "/cases/{reference}/close",
        "offered where support opened the case and nowhere else: pages::contact",
    ),
    ("/invited/{token}", "good once, and names its own case: pages::contact"),
    ("/quiet/{token}", "names an address and no case: pages::quiet"),
    (
        "/security/{workflow}",
        "begins a case of the session's own account: pages::settings",
    ),
    ("/api/quiet/end", "signed by the host"),
    ("/api/accounts/{id}/visits", "signed by the host"),
    ("/api/accounts/{id}/sign-outs", "signed by the host"),
    ("/api/step-ups", "signed by the host"),
    (
        "/reports/policy",
        "written by a browser, and changes nothing: browser::inert",
    ),
    ("/api/callbacks/sms", "signed by the gateway"),
    (
        "/sign-in/options",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/sign-in/passkey",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/enrol/{token}/options",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/enrol/{token}/passkey",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/me/passkeys",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/me/passkeys/options",
        "a call of a ceremony, and no form: reviewer-ui's own tests",
    ),
    (
        "/me/passkeys/{id}/rename",
        "for people with a passkey, and names no case: reviewer-ui's matrix",
    ),
    (
        "/me/passkeys/{id}/remove",
        "for people with a passkey, and names no case: reviewer-ui's matrix",
    ),
    (
        "/operations/jobs/{id}/retry",
        "for jobs that were given up, and names no case: pages::texts",
    ),
    (
        "/cases/{reference}/renew",
        "the heartbeat of a page's script, which touches a lease and no case",
    ),
    ("/sign-in/password", "of the demo alone"),
];

/// Everything that names a case or a part of it on any page.
struct Ids {
    case: CaseId,
    reference: String,
    task: TaskId,
    fence: u32,
    message: Digest,
    evidence: Vec<EvidenceId>,
}

impl Ids {
    async fn of(app: &Installation, reference: &str) -> Self {
        let loaded = app.case(reference).await;
        let definition = app.wired.db.definition(loaded.case.workflow).await.unwrap().unwrap();
        let task = loaded.case.task.as_ref();
        let pieces = readmit_steps::documents::pieces(&loaded.sealed, &definition);
        Self {
            case: loaded.case.id,
            reference: reference.to_owned(),
            task: task.map_or(TaskId(uuid::Uuid::nil()), |task| task.id),
            fence: task.and_then(|task| task.claim).map_or(0, |claim| claim.token),
            message: Message::of(&loaded.case, &loaded.sealed, &definition, &loaded.keys).digest(),
            evidence: pieces.into_iter().map(|piece| piece.id).collect(),
        }
    }

    /// The words that name it, as pages write them.
    fn words(&self) -> Vec<String> {
        let mut words = vec![self.reference.clone(), self.task.to_string(), self.message.to_string()];
        words.extend(self.evidence.iter().map(ToString::to_string));
        words
    }
}

/// Somebody's way through their own pages, beside a case that is not theirs.
struct Walk {
    other: Ids,
    before: BTreeSet<String>,
    posted: usize,
    crossed: usize,
    /// The rows of the route tables that were posted to.
    walked: BTreeSet<&'static str>,
}

impl Walk {
    fn beside(app: &Installation, other: Ids) -> Self {
        let mut walk = Self {
            before: BTreeSet::new(),
            other,
            posted: 0,
            crossed: 0,
            walked: BTreeSet::new(),
        };
        walk.before = walk.rows(app);
        assert!(walk.before.len() >= 6, "case, events, task, jobs: {:#?}", walk.before);
        walk
    }

    /// All rows that name the other case or its task.
    fn rows(&self, app: &Installation) -> BTreeSet<String> {
        let names = [self.other.case.0.to_string(), self.other.task.0.to_string()];
        let rows = app.contents().into_iter();
        rows.filter(|row| names.iter().any(|name| row.contains(name))).collect()
    }

    fn assert_untouched(&self, app: &Installation, page: &Page) {
        let now = self.rows(app);
        let changed: Vec<&String> = now.symmetric_difference(&self.before).collect();
        assert!(changed.is_empty(), "from {}: {changed:#?}", page.url);
    }

    /// One post, which the server answers, whatever it is.
    async fn post(&mut self, visitor: &Visitor, form: &Filled) -> Page {
        let page = visitor
            .send(Method::POST, form.target.clone(), &form.headers(), Some(form.body()))
            .await;
        self.posted += 1;
        let row = row_of(&Method::POST, &form.target).unwrap_or_else(|| panic!("{} is no route", form.target));
        self.walked.insert(row.pattern);
        assert!(
            page.status.as_u16() < 500,
            "{}: {} {}",
            form.target,
            page.status,
            page.words()
        );
        page
    }

    fn assert_walked(&self, wanted: &[&'static str]) {
        let missing: Vec<_> = wanted.iter().filter(|path| !self.walked.contains(*path)).collect();
        assert!(missing.is_empty(), "not walked: {missing:?}; walked: {:?}", self.walked);
    }

    /// Posts every form of a page empty, and with the other case's names in place of its own: in the fields, in the
    /// address, in both.
    async fn misuses(&mut self, app: &Installation, visitor: &Visitor, page: &Page, own: Option<&Ids>) {
        for form in page.every_form() {
            if !WHOLE_BY_THEIR_TOKEN.contains(&form.target.path()) {
                self.post(visitor, &form.clone().empty()).await;
            }
            let Some(own) = own else { continue };
            let words: Vec<(String, String)> = own.words().into_iter().zip(self.other.words()).collect();
            let mut fields = form.clone().with_fields_changed(&words);
            if form.value("fence").is_some() {
                fields = fields.with("fence", &self.other.fence.to_string());
            }
            let address = form.clone().with_address_changed(&words);
            let both = fields.clone().with_address_changed(&words);
            for crossed in [fields, address, both] {
                if crossed.body() != form.body() || crossed.target != form.target {
                    self.post(visitor, &crossed).await;
                    self.crossed += 1;
                }
            }
        }
        self.assert_untouched(app, page);
    }

    /// Posts a form as it should be, with the other case's names beside, and the same once more: the second time changes
    /// nothing at all. Gives the page that follows.
    async fn twice(&mut self, app: &Installation, visitor: &Visitor, page: &Page, form: Filled) -> Page {
        let other = &self.other;
        let form = form
            .also("case", &other.case.0.to_string())
            .also("reference", &other.reference)
            .also("task", &other.task.to_string())
            .also("evidence", &other.evidence[0].to_string());
        let first = self.post(visitor, &form).await;
        assert!(
            first.status.is_redirection(),
            "{}: {} {}",
            form.target,
            first.status,
            first.words()
        );
        // What is uploaded is counted as it comes in, whatever becomes of it.
        let counts = |row: &String| !form.files().is_empty() && row.contains("public.counters");
        let contents = || {
            app.contents()
                .into_iter()
                .filter(|row| !counts(row))
                .collect::<BTreeSet<_>>()
        };
        let once = contents();
        let second = self.post(visitor, &form).await;
        assert_eq!(
            (first.status, first.header("location")),
            (second.status, second.header("location")),
            "{}",
            form.target
        );
        let twice = contents();
        let changed: Vec<&String> = twice.symmetric_difference(&once).collect();
        assert!(changed.is_empty(), "{}, posted twice: {changed:#?}", form.target);
        self.assert_untouched(app, page);
        let next = form.target.join(first.header("location").unwrap()).unwrap();
        visitor.get(next.as_str()).await
    }

    /// Posts a form of a tab that stayed behind: it changes nothing.
    async fn too_late(&mut self, app: &Installation, visitor: &Visitor, form: Filled) {
        let before = app.contents();
        let page = self.post(visitor, &form).await;
        assert!(
            [303, 403, 409].contains(&page.status.as_u16()),
            "{}: {}",
            page.status,
            page.words()
        );
        app.assert_holds_the_same(&before);
    }
}

/// One step of a claimant's: every misuse of its page, its form twice, and once more from a tab that stayed behind.
async fn step(walk: &mut Walk, app: &Installation, ada: &mut Claimant, fill: impl Fn(&Page) -> Filled) {
    let behind = ada.visitor.get(ada.page.url.as_str()).await.expect(200);
    walk.misuses(app, &ada.visitor, &ada.page, None).await;
    ada.page = walk.twice(app, &ada.visitor, &ada.page, fill(&ada.page)).await;
    walk.too_late(app, &ada.visitor, fill(&behind)).await;
}

/// A reviewer at work on a case, and the case.
async fn taken(app: &Installation, name: &str) -> (Visitor, Page) {
    let mut reviewer = app.signed_in(name, Role::Reviewer).await;
    reviewer.takes_next(app).await;
    (reviewer.visitor, reviewer.page)
}

fn approval(page: &Page) -> Filled {
    let checks = page.forms().into_iter().flat_map(|form| form.offered);
    let checks = checks.filter(|(name, _)| name == "check");
    checks.fold(page.press("send").with("verdict", "approve"), |form, (name, value)| {
        form.also(&name, &value)
    })
}

/// SE-04, IN-04: every route that takes a form is walked here, or it is said why not.
#[test]
fn se_04_no_form_is_left_out_of_the_walk() {
    let posts = shapes().into_iter().filter(|row| row.method == Method::POST);
    let posts: BTreeSet<&str> = posts.map(|row| row.pattern).collect();
    let apart = APART.map(|(path, _)| path);
    let mut known: Vec<&str> = [&CLAIMANTS[..], &STAFFS, &apart].concat();
    known.retain(|path| *path != "/sign-in/password");
    let known_once: BTreeSet<&str> = known.iter().copied().collect();
    assert_eq!(known.len(), known_once.len(), "a route stands twice: {known:?}");
    let left: Vec<_> = posts.symmetric_difference(&known_once).collect();
    assert!(
        left.is_empty(),
        "neither walked nor said why not, or no route at all: {left:?}"
    );
}

/// SE-04, RF-06, IN-04: a claimant at every step.
#[test]
fn se_04_no_form_of_a_claimant_touches_another_case() {
    Setup::default().on_postgres().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        taken(app, "tomas").await;
        app.work().await;
        let mut walk = Walk::beside(app, Ids::of(app, &reference).await);

        let mut ada = Recovery::passkey().at(app).await;
        let password = readmit_demo_host::password_of(&ada.email);
        let sign_in = |page: &Page| {
            page.press("continue")
                .fill("email", "ada@example.com")
                .fill("password", &password)
        };
        step(&mut walk, app, &mut ada, sign_in).await;
        let code = ada.code(app).await;
        step(&mut walk, app, &mut ada, |page| {
            page.press("submit").fill("code", &code)
        })
        .await;
        let own = ada.reference(app).await;
        ada.page = walk.twice(app, &ada.visitor, &ada.page, ada.page.press("begin")).await;
        let behind = ada.visitor.get(ada.page.url.as_str()).await.expect(200);
        walk.misuses(app, &ada.visitor, &ada.page, None).await;
        ada.page = walk
            .twice(app, &ada.visitor, &ada.page, ada.page.press("give_up"))
            .await;
        walk.too_late(app, &ada.visitor, behind.press("give_up")).await;

        let attach = |page: &Page| {
            let form = page.press("attach");
            let slots = form.files();
            slots
                .iter()
                .fold(form, |form, slot| form.attach(slot, "shot.png", &picture()))
        };
        ada.page = walk.twice(app, &ada.visitor, &ada.page, attach(&ada.page)).await;
        let ids = Ids::of(app, &own).await;
        assert!(!ids.evidence.is_empty());
        walk.misuses(app, &ada.visitor, &ada.page, Some(&ids)).await;
        let behind = ada.visitor.get(ada.page.url.as_str()).await.expect(200);
        ada.page = walk.twice(app, &ada.visitor, &ada.page, ada.page.press("submit")).await;
        walk.too_late(app, &ada.visitor, behind.press("submit")).await;
        walk.misuses(app, &ada.visitor, &ada.page, Some(&Ids::of(app, &own).await))
            .await;

        let page = ada.visitor.get(&app.recover("/case/messages")).await.expect(200);
        walk.misuses(app, &ada.visitor, &page, Some(&ids)).await;
        let page = ada.visitor.get(&app.recover("/case/messages")).await.expect(200);
        let letter = page.form_to("/case/messages").with("text", "Is anything missing?");
        walk.twice(app, &ada.visitor, &page, letter).await;
        let stranger = Visitor::new();
        let page = stranger.get(&app.recover("/passkey-reset")).await.expect(200);
        walk.misuses(app, &stranger, &page, Some(&ids)).await;
        let page = stranger.get(&app.recover("/continue")).await.expect(200);
        walk.misuses(app, &stranger, &page, Some(&ids)).await;
        let back = page.form_to("/continue").fill("reference", &own);
        let page = stranger.submit(back).await.expect(200);
        walk.misuses(app, &stranger, &page, Some(&ids)).await;
        let page = stranger.get(&app.stop_link("ada@example.com").await).await.expect(200);
        walk.misuses(app, &stranger, &page, Some(&ids)).await;

        let page = ada.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        walk.misuses(app, &ada.visitor, &page, Some(&ids)).await;
        walk.twice(app, &ada.visitor, &page, page.form_to("/case/withdraw"))
            .await;

        let page = ada.visitor.get(&app.recover("/leave")).await.expect(200);
        walk.misuses(app, &ada.visitor, &page, Some(&ids)).await;
        let form = page.form_to("/leave").also("reference", &walk.other.reference);
        walk.post(&ada.visitor, &form).await;
        walk.assert_untouched(app, &page);
        walk.assert_walked(&CLAIMANTS);
        assert!(
            walk.posted > 30 && walk.crossed >= 4,
            "{} posts, {} crossed",
            walk.posted,
            walk.crossed
        );
        app.work().await;
    });
}

/// IN-01, IN-04, RF-15: a reviewer with a case in hand, an operator with a stuck one, and who else has pages.
#[test]
fn in_04_no_form_of_staff_touches_another_case() {
    Setup::default().on_postgres().run(async |app| {
        let ben = Recovery::passkey().of("ben@example.com").with_documents().at(app).await;
        let reference = ben.reference(app).await;
        taken(app, "tomas").await;
        let zoe = Recovery::passkey().of("zoe@example.com").with_documents().at(app).await;
        let own = zoe.reference(app).await;
        app.work().await;
        let mut walk = Walk::beside(app, Ids::of(app, &reference).await);

        let (rina, page) = taken(app, "rina").await;
        assert!(page.url.path().contains(&own), "{}", page.url);
        let ids = Ids::of(app, &own).await;
        walk.misuses(app, &rina, &page, Some(&ids)).await;
        let queues = rina.get(&app.staff("/")).await.expect(200);
        walk.misuses(app, &rina, &queues, Some(&ids)).await;
        let page = rina.get(page.url.as_str()).await.expect(200);
        let behind = rina.get(page.url.as_str()).await.expect(200);
        walk.twice(app, &rina, &page, approval(&page)).await;
        walk.too_late(app, &rina, approval(&behind)).await;

        // The exchange has closed this account and refuses the remedy.
        app.work().await;
        let stuck = app.case(&own).await.case.task.expect("an operator is asked");
        assert_eq!(stuck.kind, TaskKind::Operator);
        let olu = app.signed_in("olu", Role::Operator).await.visitor;
        let at = app.staff(&format!("/cases/{own}"));
        let page = olu.get(&at).await.expect(200);
        walk.misuses(app, &olu, &page, Some(&Ids::of(app, &own).await)).await;
        let page = olu.get(&at).await.expect(200);
        let claim = page.form_to(&format!("/cases/{own}/claim"));
        let page = walk.twice(app, &olu, &page, claim).await;
        walk.misuses(app, &olu, &page, Some(&Ids::of(app, &own).await)).await;
        let page = olu.get(&at).await.expect(200);
        let give_up = format!("/cases/{own}/give-up");
        let behind = olu.get(&at).await.expect(200);
        let why = |page: &Page| page.form_to(&give_up).fill("reason", "The account is closed.");
        walk.twice(app, &olu, &page, why(&page)).await;
        walk.too_late(app, &olu, why(&behind)).await;

        for path in ["/staff", "/operations"] {
            let page = olu.get(&app.staff(path)).await.expect(200);
            walk.misuses(app, &olu, &page, Some(&ids)).await;
        }
        for (name, role) in [
            ("sena", Role::Senior),
            ("lea", Role::Lead),
            ("cora", Role::Compliance),
            ("sup", Role::Support),
        ] {
            let person = app.signed_in(name, role).await.visitor;
            for path in [
                "/",
                "/me",
                "/search",
                "/audit",
                "/workflows",
                "/staff",
                "/operations",
                "/invitations",
            ] {
                let page = person.get(&app.staff(path)).await;
                walk.misuses(app, &person, &page, Some(&ids)).await;
            }
            let page = person.get(&app.staff(&format!("/cases/{own}"))).await;
            walk.misuses(app, &person, &page, Some(&ids)).await;
        }
        let queues = rina.get(&app.staff("/")).await.expect(200);
        walk.post(&rina, &queues.form_to("/next")).await;
        let me = rina.get(&app.staff("/me")).await.expect(200);
        walk.post(&rina, &me.form_to("/sign-out")).await;
        walk.assert_untouched(app, &me);
        walk.assert_walked(&STAFFS);
        assert!(
            walk.posted > 30 && walk.crossed >= 15,
            "{} posts, {} crossed",
            walk.posted,
            walk.crossed
        );
        app.work().await;
    });
}
