//! A broken workflow file at an installation that runs.

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
}
