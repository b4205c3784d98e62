//! What probes, figures and the doctor say while an installation runs, and when something of it is away.

use readmit_web::origins::Face;
use reqwest::Method;

use crate::support::installation::Setup;
use crate::support::ports;
use crate::support::process::Process;
use crate::support::visitor::Visitor;
use crate::support::wait::until;

const EMAIL: &str = "ada@example.com";

/// AU-02: figures are told on an address of their own, where no claimant comes, and hold no personal data. They count what
/// was done. A server that is told to stop says at once that it is not ready, and serves on while it drains.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn au_02_figures_are_told_apart_from_claimants() {
    let mut process = Process::start(Setup::default()).await;
    process.kill();
    let metrics = format!("http://halcyon.localhost:{}", ports::free());
    let own = std::fs::read_to_string(process.place.at("readmit.yaml")).unwrap();
    let at = metrics.replace("http://halcyon.localhost", "127.0.0.1");
    std::fs::write(
        process.place.at("readmit.yaml"),
        format!("{own}metrics: {at}\ndrain: 1\n"),
    )
    .unwrap();
    process.start_again().await;

    let visitor = Visitor::new();
    let (_, code) = process.proven(&visitor, EMAIL).await;

    let told = until("the figures tell of what was done", async || {
        let told = visitor.get(&format!("{metrics}/metrics")).await.expect(200).text();
        told.contains("readmit_mails_total{result=\"done\"} ").then_some(told)
    })
    .await;
    for line in [
        "readmit_commands_total{by=\"claimant\",how=\"committed\"} 4",
        "readmit_request_seconds_count{face=\"claimant\",method=\"POST\",route=\"/case/step\",status=\"303\"} ",
        "readmit_jobs_due 0",
        "readmit_jobs_dead 0",
        "readmit_jobs_total{how=\"taken\"} ",
        "# TYPE readmit_inspection_seconds histogram",
        "# TYPE readmit_queue_overdue_tasks gauge",
    ] {
        assert!(told.lines().any(|there| there.starts_with(line)), "{line} in {told}");
    }
    let cost = |name: &str| -> f64 {
        let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse().unwrap()
    };
    // What the machine of a test says of a process: some time, more than the program's own text, not since for ever.
    assert!(cost("process_cpu_seconds_total ") > 0.0);
    let memory = cost("process_resident_memory_bytes ");
    assert!(memory > 1e7 && memory < 1e9, "{memory}");
    assert!(cost("process_open_fds ") > 5.0);
    let start = |told: &str| {
        told.lines()
            .find(|line| line.starts_with("process_start_time_seconds "))
            .map(str::to_owned)
    };
    let again = visitor.get(&format!("{metrics}/metrics")).await.expect(200).text();
    assert!(cost("process_start_time_seconds ") > 1e9, "not since for ever");
    assert_eq!(start(&told), start(&again), "it started once");
    let case = process.halcyon.reference(EMAIL).await;
    for personal in [EMAIL, code.as_str(), "Lindqvist", case.as_str()] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }
    for face in [Face::Claimant, Face::Staff, Face::Evidence] {
        let page = visitor.get(process.place.on(face, "/metrics").as_str()).await;
        assert_eq!(page.status, 404, "{face:?}");
    }

    let ready = process.place.on(Face::Claimant, "/readyz");
    visitor.get(ready.as_str()).await.expect(204);
    let mut leash = process.ask_to_stop();
    until("it says that it is not ready", async || {
        let page = visitor.try_send(Method::GET, ready.clone(), &[], None).await?;
        (page.status == 503).then_some(())
    })
    .await;
    visitor
        .get(process.place.on(Face::Claimant, "/passkey-reset").as_str())
        .await
        .expect(200);
    assert_eq!(leash.line(), "0");
}

/// `readmit doctor` says of each part whether it is well and what to do, and by its exit code whether all are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_names_what_is_away_and_what_to_do() {
    let mut process = Process::start(Setup::default().reading()).await;
    let look = |process: &Process| {
        let said = process.run("doctor");
        (said.status.code(), String::from_utf8(said.stdout).unwrap())
    };
    let (code, told) = look(&process);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told.lines().count(), 9, "{told}");
    assert!(told.lines().all(|line| line.starts_with("ok     ")), "{told}");

    process.halcyon.kill().await;
    let (code, told) = look(&process);
    assert_eq!(code, Some(1), "{told}");
    let wrong: Vec<&str> = told.lines().filter(|line| line.starts_with("WRONG  ")).collect();
    assert_eq!(wrong.len(), 2, "{told}");
    assert!(
        wrong[0].contains("Mail server: the mail server did not answer; look at mail.server"),
        "{told}"
    );
    assert!(
        wrong[1].contains("Host: it does not answer; look at host.url"),
        "{told}"
    );

    process.kill();
    std::fs::write(process.place.at("master.key"), "0c".repeat(32)).unwrap();
    std::fs::remove_dir_all(process.place.at("evidence")).unwrap();
    let (code, told) = look(&process);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("WRONG  Database and keys: the master key is wrong for this key shelf; put the right"),
        "{told}"
    );
    std::fs::write(process.place.at("master.key"), "0b".repeat(32)).unwrap();
    std::fs::write(process.place.at("evidence"), "not a folder").unwrap();
    let (_, told) = look(&process);
    assert!(told.contains("WRONG  Evidence store: "), "{told}");
}
