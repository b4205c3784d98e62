//! The command line, as an operator types it: every command that ends by itself, on an installation of its own.

use std::process::Output;

use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::sources::root;
use crate::support::visitor::Visitor;

/// The exit code of a command, and what it printed.
fn told(said: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (said.status.code(), text(&said.stdout), text(&said.stderr))
}

fn plain(words: &[&str]) -> (Option<i32>, String, String) {
    let mut program = std::process::Command::new(crate::support::programs::path("readmit"));
    told(&program.args(words).current_dir(root()).output().unwrap())
}

/// `workflow check` says nothing but `ok` of every shipped file, and which requirement one breaks on purpose; of a broken one
/// `file:line:column: what, why`, every fault, and exit code 1; of one that is not there a line and exit code 2.
#[test]
fn workflow_check_names_every_fault_and_its_place() {
    crate::support::prepare();
    let folders = std::fs::read_dir(root().join("workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let folders: Vec<String> = folders
        .filter(|path| path.join("workflow.yaml").exists())
        .map(|path| path.strip_prefix(root()).unwrap().display().to_string())
        .collect();
    let mut words = vec!["workflow", "check"];
    words.extend(folders.iter().map(String::as_str));
    let (code, said, wrong) = plain(&words);
    assert_eq!((code, wrong.as_str()), (Some(0), ""), "{said}");
    for folder in &folders {
        assert!(
            said.contains(&format!("{folder}/workflow.yaml: ok, ")),
            "{folder}: {said}"
        );
    }
    assert!(
        said.contains("QS-01"),
        "the exchange's own flow breaks it on purpose: {said}"
    );

    let yard = tempfile::tempdir().unwrap();
    let file = yard.path().join("workflow.yaml").display().to_string();
    let shipped = std::fs::read_to_string(root().join("workflows/passkey-reset/workflow.yaml")).unwrap();
    let broken = shipped
        .replacen("{else: questions}]}", "{else: qestions}]}", 1)
        .replacen("tries: 5", "tries: many", 1);
    std::fs::write(&file, &broken).unwrap();
    let (code, said, _) = plain(&["workflow", "check", &file]);
    assert_eq!(code, Some(1), "{said}");
    // The word itself; of a value of the wrong kind, its step.
    for (word, what, why) in [
        ("qestions", "unknown step `qestions`", "did you mean `questions`?"),
        ("email_code:", "step `email_code`: invalid type", "expected u32"),
    ] {
        let line = broken.lines().position(|line| line.contains(word)).unwrap();
        let column = broken.lines().nth(line).unwrap().find(word).unwrap();
        let fault = format!("{file}:{}:{}: {what}", line + 1, column + 1);
        let fault = said
            .lines()
            .find(|line| line.starts_with(&fault))
            .unwrap_or_else(|| panic!("no {fault}: {said}"));
        assert!(fault.ends_with(&format!(", {why}")), "{fault}");
    }
    let nowhere = yard.path().join("nowhere.yaml").display().to_string();
    let (code, said, wrong) = plain(&["workflow", "check", &nowhere]);
    assert_eq!(
        (code, said.as_str(), wrong.lines().count()),
        (Some(2), "", 1),
        "{wrong}"
    );
}

/// A proof that does not hold is shown by a run that breaks it: the account and policy, the way, and what is missing.
#[test]
fn workflow_check_shows_how_a_proof_is_broken() {
    crate::support::prepare();
    let yard = tempfile::tempdir().unwrap();
    let folder = yard.path().join("workflows/passkey-reset");
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .args([root().join("workflows"), root().join("docs"), yard.path().to_owned()])
        .status()
        .unwrap();
    assert!(copied.success());
    let shipped = std::fs::read_to_string(folder.join("workflow.yaml")).unwrap();
    let broken = shipped.replacen(
        "gave_up: manual, exhausted: manual}}",
        "gave_up: answered, exhausted: manual}}",
        1,
    );
    assert_ne!(broken, shipped);
    std::fs::write(folder.join("workflow.yaml"), broken).unwrap();
    let (code, said, _) = plain(&["workflow", "check", folder.to_str().unwrap()]);
    assert_eq!(code, Some(1), "{said}");
    let place = format!("{}:", folder.join("workflow.yaml").display());
    let mut heads = said.lines().filter(|line| line.starts_with(&place));
    assert!(
        heads.any(|head| head.contains(": a path to the remedy lacks") && head.ends_with(", or loosen the line")),
        "{said}"
    );
    let run: Vec<&str> = said
        .lines()
        .skip_while(|line| !line.starts_with("    when:"))
        .take(3)
        .collect();
    let [when, path, missing] = run[..] else {
        panic!("no run is shown: {said}");
    };
    assert!(
        when.contains("account.asset_tier = ") && when.contains("policy.profile = \"published\""),
        "{when}"
    );
    assert!(
        path.starts_with("    path:") && path.contains("questions (gave_up) → answered"),
        "{path}"
    );
    assert!(
        missing.starts_with("    missing:") && missing.contains("proofs"),
        "{missing}"
    );
}

/// `workflow graph` draws a picture that stands by itself, with every step in it.
#[test]
fn workflow_graph_draws_every_step() {
    crate::support::prepare();
    let (code, svg, wrong) = plain(&["workflow", "graph", "workflows/passkey-reset"]);
    assert_eq!((code, wrong.as_str()), (Some(0), ""));
    assert!(
        svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>") && svg.contains("<style>"),
        "{svg}"
    );
    for step in [
        "agreement",
        "email_code",
        "questions",
        "documents",
        "review",
        "cool_down",
        "remedy",
    ] {
        assert!(svg.contains(&format!(">{step}<")), "{step} is not drawn");
    }
    let (code, svg, wrong) = plain(&["workflow", "graph", "Cargo.toml"]);
    assert_eq!((code, svg.as_str(), wrong.lines().count()), (Some(2), "", 1), "{wrong}");
}

/// `staff add` prints a link by which a passkey is enrolled; a name that is taken, a name that is none and roles that nobody
/// holds together are refused. `config show` says what is in force and no secret.
#[tokio::test]
async fn staff_are_added_and_the_configuration_is_shown() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    let add = |words: &[&str]| told(&process.run_with(&[&["staff", "add"], words].concat()));
    let (code, said, wrong) = add(&[
        "nora",
        "--role",
        "reviewer",
        "--role",
        "senior",
        "--display",
        "Nora Okafor",
    ]);
    assert_eq!((code, wrong.as_str()), (Some(0), ""), "{said}");
    let link = said
        .lines()
        .find(|line| line.starts_with("http"))
        .expect("no link")
        .to_owned();
    for words in [
        &["nora", "--role", "reviewer"][..],
        &["no body", "--role", "reviewer"],
        &["omar", "--role", "reviewer", "--role", "compliance"],
        &["omar", "--role", "king"],
        &["omar"],
    ] {
        let (code, said, wrong) = add(words);
        assert_eq!((code, said.as_str()), (Some(2), ""), "{words:?}: {wrong}");
        assert!(!wrong.is_empty(), "{words:?}");
    }
    let db = process.open().await;
    let people = db.people().await.unwrap();
    let named: Vec<_> = people
        .iter()
        .map(|person| (person.name.as_str(), person.display.as_str()))
        .collect();
    assert_eq!(named, [("nora", "Nora Okafor")]);
    db.close().await;
    process.start_again().await;
    let page = Visitor::new().get(&link).await.expect(200);
    assert!(page.words().contains("Nora Okafor"), "{}", page.words());

    let (code, said, wrong) = told(&process.run_with(&["config", "show"]));
    assert_eq!((code, wrong.as_str()), (Some(0), ""), "{said}");
    for line in [
        "profile: published",
        "master key: set",
        "  secret: set",
        "  name: Halcyon",
    ] {
        assert!(said.lines().any(|there| there == line), "{line}: {said}");
    }
    for secret in ["master.key", "host.secret"] {
        let secret = std::fs::read_to_string(process.place.at(secret)).unwrap();
        assert!(
            !said.contains(&secret) && !said.contains(secret.trim_start_matches("whsec_")),
            "{said}"
        );
    }
    process.finish().await;
}
