//! Many nodes on one PostgreSQL: they keep nothing to themselves, and any of them may die.

use readmit_core::case::Outcome;
use readmit_core::command::Role;
use readmit_core::time::Span;
use readmit_storage::CaseFilter;
use readmit_web::origins::Face;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::claimant::{comes_back, picture, right_answers};
use crate::support::installation::Setup;
use crate::support::leash::Leash;
use crate::support::nodes::Nodes;
use crate::support::process::Process;
use crate::support::sources::root;
use crate::support::visitor::{Page, Visitor};
use crate::support::wait::until;

const BY_ANSWERS: [&str; 5] = [
    "abel@example.com",
    "amir@example.org",
    "gwen@example.com",
    "nadia@example.com",
    "samuel@example.com",
];
const BY_DOCUMENTS: [&str; 5] = [
    "ben@example.com",
    "erik@example.org",
    "jonas@example.org",
    "noah@example.org",
    "kofi@example.com",
];

/// RF-07, RF-14, RL-02: three servers and two workers on one PostgreSQL carry ten recoveries and a reviewer to their ends
/// while one or another is killed at every second post and started again. Each form, posted again, is the same request.
/// Every passkey is reset once, as the host's own books have it; no chain is broken; nothing is left due or dead. All
/// servers run what was published while they ran.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rf_07_any_node_may_die_at_any_time() {
    let nodes = Nodes::start(3, 2).await;
    let published = publishes_another(&nodes).await;
    let (reviewer, _) = crate::support::people::session(&nodes.db, &nodes.clock, "rina", Role::Reviewer).await;

    let claimants = async {
        let answering = BY_ANSWERS.map(|email| by_answers(&nodes, email));
        let showing = BY_DOCUMENTS.map(|email| by_documents(&nodes, email));
        tokio::join!(all(answering), all(showing))
    };
    tokio::join!(claimants, approves(&nodes, &reviewer, BY_DOCUMENTS.len()));
    let cases = BY_ANSWERS.len() + BY_DOCUMENTS.len();
    until("every case comes to its end", async || {
        nodes.pass(Span::seconds(10));
        let lines = nodes.db.recent_cases(CaseFilter::default(), None, 50).await.unwrap();
        let ended = lines.iter().filter(|line| line.outcome == Some(Outcome::Approved));
        (ended.count() == cases
            && nodes
                .db
                .next_due()
                .await
                .unwrap()
                .is_none_or(|due| due > nodes.clock.at()))
        .then_some(())
    })
    .await;

    let lines = nodes.db.recent_cases(CaseFilter::default(), None, 50).await.unwrap();
    assert_eq!(lines.len(), cases, "no case came to be twice");
    for line in &lines {
        let case = nodes.db.opened(line.case).await.unwrap().unwrap().case;
        assert_eq!(
            case.workflow, published,
            "a node began a case on a version that was not the current one"
        );
    }
    let remedies = nodes.halcyon.remedies();
    assert_eq!(remedies.len(), cases);
    for remedy in &remedies {
        for part in ["locks", "revocations", "records"] {
            assert_eq!(remedy[part], 1, "{part}");
        }
    }
    assert!(nodes.db.dead_jobs(10).await.unwrap().is_empty());
    nodes.db.verify_all().await.unwrap().unwrap();
    assert!(nodes.kills() >= 20, "{} kills", nodes.kills());
}

/// Five at once.
async fn all<F: Future>([a, b, c, d, e]: [F; 5]) {
    tokio::join!(a, b, c, d, e);
}

/// Publishes a version that differs while every node has served the one before; returns its hash.
async fn publishes_another(nodes: &Nodes) -> readmit_core::ids::Digest {
    let visitor = Visitor::new();
    for url in nodes.at_each("/passkey-reset") {
        visitor.get(url.as_str()).await.expect(200);
    }
    let before = nodes.db.current_workflow("passkey-reset").await.unwrap().unwrap().hash;
    let shipped = std::fs::read_to_string(root().join("workflows/passkey-reset/workflow.yaml")).unwrap();
    let file = nodes.place.at("workflow.yaml");
    std::fs::write(&file, shipped.replacen("step: 14d", "step: 13d", 1)).unwrap();
    let said = nodes.place.run(&["workflow", "publish", &file]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let after = nodes.db.current_workflow("passkey-reset").await.unwrap().unwrap().hash;
    assert_ne!(before, after);
    after
}

/// To the page that asks for the code, and past it. Where the answer to the proof was lost with its session, by the
/// reference.
async fn proves(nodes: &Nodes, visitor: &Visitor, email: &str, forgotten: bool) -> Page {
    let start = nodes
        .get(visitor, nodes.place.on(Face::Claimant, "/passkey-reset"))
        .await
        .expect(200);
    let page = nodes
        .post(visitor, start.press("agree").tick("agree", "yes"))
        .await
        .expect(200);
    let form = if forgotten {
        page.press("forgotten").fill("email", email)
    } else {
        let password = readmit_demo_host::password_of(email);
        page.press("continue").fill("email", email).fill("password", &password)
    };
    let page = nodes.post(visitor, form).await.expect(200);
    let code = nodes.halcyon.code(email).await;
    let page = nodes.post(visitor, page.press("submit").fill("code", &code)).await;
    if page.status != 403 {
        return page.expect(200);
    }
    let ask = nodes
        .get(visitor, nodes.place.on(Face::Claimant, "/continue"))
        .await
        .expect(200);
    comes_back(&nodes.halcyon, email, ask, async |form| nodes.post(visitor, form).await).await
}

async fn by_answers(nodes: &Nodes, email: &str) {
    let visitor = Visitor::new();
    let page = proves(nodes, &visitor, email, false).await;
    let page = nodes.post(&visitor, page.press("begin")).await.expect(200);
    let reference = nodes.halcyon.reference(email).await;
    let sealed = nodes.case(&reference).await.sealed;
    let mut form = page.press("answer");
    for (name, places) in right_answers(&sealed) {
        for place in places {
            form = form.tick(&name, &place);
        }
    }
    nodes.post(&visitor, form).await.expect(200);
}

async fn by_documents(nodes: &Nodes, email: &str) {
    let visitor = Visitor::new();
    let page = proves(nodes, &visitor, email, true).await;
    let mut form = page.press("submit");
    for slot in form.files().into_iter().filter(|name| !name.contains('.')) {
        form = form.attach(&slot, "shot.png", &picture());
    }
    nodes.post(&visitor, form).await.expect(200);
}

/// Takes what comes, and approves it.
async fn approves(nodes: &Nodes, reviewer: &Visitor, number: usize) {
    for _ in 0..number {
        let queues = until("a case waits in the queue", async || {
            let url = nodes.place.on(Face::Staff, "/?queue=recovery");
            let page = nodes.get(reviewer, url).await.expect(200);
            page.text().contains("RC-").then_some(page)
        })
        .await;
        let case = nodes.post(reviewer, queues.form_to("/next")).await.expect(200);
        let mut decision = case.press("send").with("verdict", "approve");
        for (name, value) in case.forms().into_iter().flat_map(|form| form.offered) {
            if name == "check" {
                decision = decision.also(&name, &value);
            }
        }
        nodes.post(reviewer, decision).await.expect(200);
    }
}

/// A server that is told to stop lets the request that it works on come to its end, takes no other, and ends well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_ends_what_it_has_begun() {
    let mut process = Process::start(Setup::default()).await;
    let visitor = Visitor::new();
    let page = visitor
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await
        .expect(200);
    let form = page.press("agree").tick("agree", "yes");
    let (body, port) = (form.body(), process.place.port);
    let mut head = format!(
        "POST {} HTTP/1.1\r\nHost: recover.halcyon.localhost:{port}\r\nContent-Length: {}\r\nExpect: 100-continue\r\nCookie: {}\r\n",
        form.target.path(),
        body.len(),
        visitor.cookies("recover.halcyon.localhost"),
    );
    for (name, value) in form.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut wire = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    wire.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 25];
    wire.read_exact(&mut answer).await.unwrap();
    assert_eq!(
        &answer, b"HTTP/1.1 100 Continue\r\n\r\n",
        "the server waits for the body"
    );
    let (first, rest) = body.split_at(body.len() / 2);
    wire.write_all(first).await.unwrap();

    let mut leash: Leash = process.ask_to_stop();
    until("no other request is taken", async || {
        TcpStream::connect(("127.0.0.1", port)).await.is_err().then_some(())
    })
    .await;
    wire.write_all(rest).await.unwrap();
    let mut answer = Vec::new();
    wire.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert_eq!(leash.line(), "0", "it ended by itself, and well");
    process.verify().await;
}
