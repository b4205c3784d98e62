//! The child process in which pictures are opened, driven as the worker drives it.

mod addresses;
mod check;
#[path = "../engine/inspect/benches/pictures/forged.rs"]
mod forged;
mod hostile;
mod leash;
#[path = "../engine/inspect/src/tests/samples.rs"]
mod samples;
mod score;
mod seats;
mod signs;

use std::path::PathBuf;

use readmit_core::inspection::{Context, Request, Rules, Verdict};
use readmit_worker::inspector::{Inspector, NoAnswer, SEATS};

use crate::support::programs;

fn page() -> Vec<u8> {
    samples::encoded(samples::page(400, 300), image::ImageFormat::Png)
}

fn inspector() -> Inspector {
    Inspector::new(programs::path("readmit").into(), SEATS)
}

fn request(models: Option<PathBuf>) -> Request {
    Request {
        rules: Rules {
            name: "account-email".into(),
            pack: include_str!("../workflows/rules/account-email.yaml").into(),
            every: include_str!("../workflows/rules/every-picture.yaml").into(),
        },
        context: Context::default(),
        models,
    }
}

/// A picture that nobody minds is opened, and its copy is what it shows.
async fn opens(inspector: &Inspector) {
    let told = inspector.inspect(&request(None), &page()).await.unwrap();
    assert_eq!(
        (told.report.width, told.report.height, told.report.was_read),
        (400, 300, false)
    );
    assert!(told.copy.starts_with(b"\x89PNG") && told.thumbnail.starts_with(b"\xff\xd8"));
    assert_eq!(told.report.verdict, Verdict::Warn, "what was not read is for a person");
}

#[tokio::test]
async fn ev_04_a_child_that_cannot_answer_is_an_error_and_not_a_verdict() {
    let broken = Request {
        rules: Rules {
            pack: "rules: nonsense".into(),
            ..request(None).rules
        },
        ..request(None)
    };
    assert!(matches!(
        inspector().inspect(&broken, &page()).await,
        Err(NoAnswer::Died)
    ));
    let nowhere = Inspector::new("/nowhere/readmit".into(), SEATS);
    assert!(matches!(
        nowhere.inspect(&request(None), &page()).await,
        Err(NoAnswer::NotStarted(_))
    ));
}
