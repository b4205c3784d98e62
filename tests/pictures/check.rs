//! `readmit evidence check`, started as operators and scripts start it; and pages that are longer than screens.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::score::{EMAIL, OPERATOR, drawn, ledger, mail, read, same, spoilt, transaction};
use crate::support::installation::models;
use crate::support::programs;
use crate::support::webdriver::{Driver, Scripts};

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(programs::path("readmit"))
        .args([
            "evidence",
            "check",
            "--rules",
            "account-email",
            "--context",
            "context.json",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("MODELS_DIR", models())
        .output()
        .unwrap()
}

/// What it says of a picture, as one JSON object and nothing else.
fn told(folder: &Path, picture: &str) -> Value {
    let said = check(folder, &["--json", picture]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert!(said.stderr.is_empty(), "{said:?}");
    serde_json::from_slice(&said.stdout).unwrap()
}

fn finding<'a>(told: &'a Value, rule: &str) -> &'a Value {
    let mut findings = told["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["rule"] == rule).unwrap()
}

/// EV-11: the command reads a picture and answers one object of verdict, values and findings with their boxes; its exit code
/// is 0 whatever it found, and 2 with a sentence where there was nothing to judge.
#[tokio::test]
async fn ev_11_the_command_answers_as_agreed() {
    crate::support::prepare();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let context = json!({
        "operator": {"name": OPERATOR, "domains": ["meridian.example"]},
        "account": {"email": EMAIL, "name": "Ada Oduya", "ledger": ledger()},
    });
    std::fs::write(at.join("context.json"), context.to_string()).unwrap();
    let driver = Driver::start();
    let browser = driver.open(Scripts::On, 1366).await;
    let good = mail("client", "en", "withdrawal");
    let bad = spoilt(
        mail("client", "en", "withdrawal"),
        "other_recipient",
        "recipient",
        "bruno.lindt@postbox.example",
    );
    for (name, page) in [("good.png", &good), ("bad.png", &bad)] {
        std::fs::write(at.join(name), drawn(&browser, at, page).await).unwrap();
    }

    let said = told(at, "good.png");
    assert_ne!(said["verdict"], "fail", "{said}");
    assert_eq!(
        (&said["read"]["recipient"], &said["read"]["event"]),
        (&json!(EMAIL), &json!("withdrawal"))
    );
    let recipient = finding(&said, "other_recipient");
    assert_eq!(
        (&recipient["verdict"], &recipient["value"]),
        (&json!("pass"), &json!(EMAIL))
    );
    let sides: Vec<u64> = recipient["box"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side.as_u64().unwrap())
        .collect();
    let [left, top, width, height] = sides[..] else {
        panic!("{recipient}")
    };
    let picture = image::open(at.join("good.png")).unwrap();
    assert!(width > height && height > 5, "{recipient}");
    assert!(
        left + width <= picture.width().into() && top + height <= picture.height().into(),
        "{recipient}"
    );
    assert_eq!(finding(&said, "body_missing")["box"], Value::Null);

    let said = told(at, "bad.png");
    assert_eq!(said["verdict"], "fail");
    let refused = finding(&said, "other_recipient");
    assert_eq!(refused["verdict"], "fail");
    assert_eq!(refused["value"], "bruno.lindt@postbox.example");
    assert!(
        refused["message"].as_str().unwrap().contains("another address"),
        "{refused}"
    );

    let people = check(at, &["bad.png"]);
    assert_eq!(people.status.code(), Some(0));
    assert!(
        String::from_utf8_lossy(&people.stdout).contains("FAIL other_recipient"),
        "{people:?}"
    );
    std::fs::write(at.join("bad.gif"), b"GIF89a..............").unwrap();
    assert_eq!(finding(&told(at, "bad.gif"), "wrong_type")["verdict"], "fail");
    let none = check(at, &["--json", "none.png"]);
    assert!(none.status.code() == Some(2) && none.stdout.is_empty(), "{none:?}");
    assert!(
        String::from_utf8_lossy(&none.stderr).contains("none.png cannot be read"),
        "{none:?}"
    );
}

/// EV-11: a page as long as people scroll is read down to its end, as it would be on a screen of its own.
#[tokio::test]
async fn ev_11_a_long_page_is_read_to_its_end() {
    crate::support::prepare();
    let folder = tempfile::tempdir().unwrap();
    let driver = Driver::start();
    let browser = driver.open(Scripts::On, 1366).await;
    let page = transaction("wallet", "en", &ledger()[0], "");
    let short = image::load_from_memory(&drawn(&browser, folder.path(), &page).await)
        .unwrap()
        .to_rgb8();
    let (width, height) = short.dimensions();
    let mut long = image::RgbImage::from_pixel(width, 4 * width, *short.get_pixel(0, 0));
    image::imageops::replace(&mut long, &short, 0, i64::from(4 * width - height));
    let mut bytes = std::io::Cursor::new(Vec::new());
    long.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let report = read(bytes.get_ref(), page.pack).await;
    for (name, wanted) in &page.fields {
        assert!(
            same(report.read.get(*name), wanted),
            "{name} {wanted}: {:?}",
            report.read
        );
    }
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.verdict != readmit_core::inspection::Verdict::Fail)
    );
}
