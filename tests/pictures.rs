//! The child process in which pictures are opened, driven as the worker drives it.

use std::path::PathBuf;

use readmit_core::inspection::{Context, Request, Rules, Verdict};
use readmit_worker::inspector::{Inspector, NoAnswer};

use crate::support::programs;

/// A PNG whose header says 50,000 × 50,000, and whose checksum then is wrong as well.
fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let tiny = image::RgbImage::new(1, 1);
    tiny.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    bytes
}

fn page() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(400, 300, |x, y| {
        image::Rgb(if (x / 7 + y / 11) % 3 == 0 { [0; 3] } else { [255; 3] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
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

/// EV-04: a hostile file costs a child at most; the next picture is inspected as if nothing had been.
#[tokio::test]
async fn ev_04_a_child_opens_pictures_and_takes_their_blows() {
    let inspector = Inspector::new(programs::path("readmit").into());
    for hostile in [
        Vec::new(),
        vec![0x89],
        bomb(),
        b"%PDF-1.7".to_vec(),
        page()[..200].to_vec(),
    ] {
        let told = inspector.inspect(&request(None), &hostile).await.unwrap();
        assert_eq!(told.report.verdict, Verdict::Fail);
        assert!(told.copy.is_empty());
    }
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
    let inspector = Inspector::new(programs::path("readmit").into());
    let broken = Request {
        rules: Rules {
            pack: "rules: nonsense".into(),
            ..request(None).rules
        },
        ..request(None)
    };
    assert!(matches!(inspector.inspect(&broken, &page()).await, Err(NoAnswer::Died)));
    let nowhere = Inspector::new("/nowhere/readmit".into());
    assert!(matches!(
        nowhere.inspect(&request(None), &page()).await,
        Err(NoAnswer::NotStarted(_))
    ));
}
