//! Broken files at an installation that runs.

use crate::support::installation::Setup;
use crate::support::process::Process;
use crate::support::sources::root;

/// `workflow publish` of a broken file says where in it and what, publishes nothing, and leaves the versions that run as
/// they are; the sound file beside it goes through.
#[tokio::test]
async fn a_broken_workflow_is_not_published() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    let versions = async |process: &Process| {
        let db = process.open().await;
        let list = db.workflow_list().await.unwrap();
        db.close().await;
        let mut list: Vec<String> = list
            .iter()
            .map(|line| format!("{} {} {}", line.name, line.hash, line.current))
            .collect();
        list.sort();
        list
    };
    let before = versions(&process).await;
    let shipped = std::fs::read_to_string(root().join("workflows/passkey-reset/workflow.yaml")).unwrap();
    let file = process.place.at("workflow.yaml");
    for (from, to, line) in [
        ("{else: questions}]}", "{else: qestions}]}", "route:"),
        (
            "gave_up: manual, exhausted: manual}}",
            "gave_up: answered, exhausted: manual}}",
            "require:",
        ),
        ("steps:\n", "steps: [\n", "steps:"),
    ] {
        let broken = shipped.replacen(from, to, 1);
        assert_ne!(broken, shipped);
        std::fs::write(&file, &broken).unwrap();
        let said = process.run_with(&["workflow", "publish", &file]);
        let told = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert!(!said.status.success(), "{told}");
        let place = told
            .split(&format!("{file}:"))
            .nth(1)
            .unwrap_or_else(|| panic!("no place in: {told}"));
        let place: Vec<usize> = place.split(':').take(2).map(|n| n.parse().unwrap()).collect();
        let near = broken
            .lines()
            .skip(place[0].saturating_sub(3))
            .take(4)
            .collect::<String>();
        assert!(
            place[1] >= 1 && near.contains(line),
            "{line} is not at {place:?}: {told}"
        );
        assert_eq!(versions(&process).await, before, "{told}");
    }
    process.start_again().await;
    process.kill();
    assert_eq!(versions(&process).await, before);
    process.finish().await;
}

/// `evidence publish` of a broken rule pack says where in it and what, and publishes nothing, sound packs beside it neither;
/// what an operator wrote is published under its own name, and a workflow may name it.
#[tokio::test]
async fn a_broken_rule_pack_is_not_published() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    let state = async |process: &Process| {
        let db = process.open().await;
        let (list, policy) = (
            db.pack_list().await.unwrap(),
            db.current_policy().await.unwrap().unwrap(),
        );
        db.close().await;
        (list, policy)
    };
    let before = state(&process).await;
    let shipped = std::fs::read_to_string(root().join("workflows/rules/account-email.yaml")).unwrap();
    let (own, broken) = (process.place.at("own.yaml"), process.place.at("broken.yaml"));
    std::fs::write(&own, shipped.replacen("pack: account-email", "pack: letter", 1)).unwrap();
    let event = "fail: '!(event.kind in [\"deposit\", \"withdrawal\", \"signup\", \"login\"])'";
    for (from, to, line) in [
        (event, "fail: '!(evnt.kind == \"login\")'", "evnt.kind"),
        ("pack: account-email", "pack: every-picture", "every-picture"),
        ("rules:\n", "rules: [\n", "rules:"),
    ] {
        let text = shipped.replacen(from, to, 1);
        assert_ne!(text, shipped);
        std::fs::write(&broken, &text).unwrap();
        let said = process.run_with(&["evidence", "publish", &own, &broken]);
        let told = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert!(!said.status.success(), "{told}");
        let place = told.split(&format!("{broken}:")).nth(1);
        let place = place
            .unwrap_or_else(|| panic!("no place in: {told}"))
            .split(':')
            .take(2);
        let place: Vec<usize> = place.map(|n| n.parse().unwrap()).collect();
        let near: String = text.lines().skip(place[0].saturating_sub(3)).take(4).collect();
        assert!(
            place[1] >= 1 && near.contains(line),
            "{line} is not at {place:?}: {told}"
        );
        assert_eq!(state(&process).await, before, "{told}");
    }
    let workflow = process.place.at("workflow.yaml");
    let passkey = std::fs::read_to_string(root().join("workflows/passkey-reset/workflow.yaml")).unwrap();
    std::fs::write(&workflow, passkey.replacen("rules: account-email", "rules: letter", 1)).unwrap();
    let early = process.run_with(&["workflow", "publish", &workflow]);
    assert!(String::from_utf8_lossy(&early.stderr).contains("there is no rule pack `letter`"));
    let said = process.run_with(&["evidence", "publish", &own]);
    assert!(said.status.success(), "{said:?}");
    let (list, policy) = state(&process).await;
    assert_eq!(
        (list.len(), policy.packs.len()),
        (before.0.len() + 1, before.1.packs.len() + 1)
    );
    assert!(before.1.packs.iter().all(|(name, hash)| policy.packs[name] == *hash));
    let said = process.run_with(&["workflow", "publish", &workflow]);
    assert!(said.status.success(), "{said:?}");
    process.finish().await;
}
