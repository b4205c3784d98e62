//! Files that nobody would draw, through the real child: each is refused with its sentence, or taken with a clean copy.

use std::time::{Duration, Instant};

use image::{DynamicImage, GrayAlphaImage, ImageFormat};
use readmit_core::inspection::Verdict;

use super::samples::{
    PLACE, apng, chunk, cmyk, encoded, exposed, jpeg, jpeg_of, moving_webp, page, png, png_of, tagged, tagged_png,
    tagged_webp, webp,
};
use super::{inspector, leash, opens, request};
use crate::support::long;

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// Refused by this rule; nothing is shown of it.
    Refused(&'static str),
    /// Taken, and shown as a copy of these sides.
    Shown(u32, u32),
    /// Refused by one rule or another, by where it was cut.
    Cut,
}

/// Longer than this no file may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Through the child, and held to what must be true of every file.
async fn try_each(files: Vec<(String, Vec<u8>, Ends)>) {
    let inspector = inspector();
    for (name, bytes, ends) in files {
        let begun = Instant::now();
        let told = inspector.inspect(&request(None), &bytes).await;
        let told = told.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(begun.elapsed() < PATIENCE, "{name} took {:?}", begun.elapsed());
        let report = &told.report;
        let refusal = (report.width == 0).then(|| report.findings[0].rule.as_str());
        match ends {
            Ends::Refused(rule) => assert_eq!(refusal, Some(rule), "{name}"),
            Ends::Cut => assert!(matches!(refusal, Some("cut_off" | "wrong_type")), "{name}: {refusal:?}"),
            Ends::Shown(width, height) => {
                assert_eq!((refusal, report.width, report.height), (None, width, height), "{name}");
            }
        }
        if refusal.is_some() {
            assert_eq!(report.verdict, Verdict::Fail, "{name}");
            assert!(
                ["en", "zh", "es"]
                    .iter()
                    .all(|language| !report.findings[0].said(language).is_empty()),
                "{name}"
            );
            assert!(told.copy.is_empty() && told.thumbnail.is_empty(), "{name}");
            continue;
        }
        for shown in [&told.copy, &told.thumbnail] {
            let opened = image::load_from_memory(shown).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(opened.width() > 0, "{name}");
            for trace in [
                &b"Exif"[..],
                b"eXIf",
                PLACE,
                b"Photoshop",
                b"<script",
                b"%PDF",
                b"PK\x03\x04",
                b"tEXt",
            ] {
                assert!(
                    !shown.windows(trace.len()).any(|part| part == trace),
                    "{name}: {trace:?}"
                );
            }
        }
    }
    opens(&inspector).await;
}

fn named(name: &str, bytes: impl Into<Vec<u8>>, ends: Ends) -> (String, Vec<u8>, Ends) {
    (name.to_owned(), bytes.into(), ends)
}

/// EV-01, EV-03, EV-04: what is no picture that we take is refused, bombs by their headers.
#[tokio::test]
async fn ev_03_bombs_and_strangers_are_refused() {
    let noise: Vec<u8> = (0u32..40_000)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let mut checksum = png();
    let at = checksum.windows(4).position(|four| four == b"IDAT").unwrap();
    checksum[at + 20] ^= 0xff;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let gif: Vec<u8> = [
        &b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"[..],
        &b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0".repeat(1_000),
    ]
    .concat();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".repeat(20);
    let refused = |name: &str, bytes: &[u8], rule| named(name, bytes, Ends::Refused(rule));
    try_each(vec![
        refused("nothing", b"", "wrong_type"),
        refused("one byte", b"\x89", "wrong_type"),
        refused("noise", &noise, "wrong_type"),
        refused(
            "noise after a PNG's first bytes",
            &[&b"\x89PNG\r\n\x1a\n"[..], &noise].concat(),
            "cut_off",
        ),
        refused("50,000 × 50,000", &png_of(50_000, 50_000), "too_large"),
        refused("65,500 × 65,500", &jpeg_of(65_500, 65_500), "too_large"),
        refused("40 megapixels and some", &png_of(8_000, 5_001), "too_large"),
        refused("a PNG of 1,000 frames", &apng(1_000), "wrong_type"),
        refused("a WebP of 1,000 frames", &moving_webp(1_000), "wrong_type"),
        refused("a GIF of 1,000 frames", &gif, "wrong_type"),
        refused("a drawing with a script, called .png", svg, "wrong_type"),
        refused("a page", b"<!doctype html><script>alert(1)</script>", "wrong_type"),
        refused(
            "a document",
            b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj",
            "wrong_type",
        ),
        refused("an archive", b"PK\x03\x04\x14\0\0\0evil.exe", "wrong_type"),
        refused("a phone's own format", &heic, "wrong_type"),
        refused("a wrong checksum", &checksum, "cut_off"),
    ])
    .await;
}

/// EV-05, EV-06: what can be opened is shown as a copy without metadata or trailer, upright, in ordinary colours.
#[tokio::test]
async fn ev_05_what_is_taken_is_shown_clean() {
    let mut files = Vec::new();
    for (kind, whole) in [("PNG", png()), ("JPEG", jpeg()), ("WebP", webp())] {
        for tail in [
            &b"PK\x03\x04\x14\0\0\0evil.exe"[..],
            b"<html><script>alert(1)</script>",
            b"%PDF-1.7 %%EOF",
        ] {
            let name = format!("{kind} and {:?}", String::from_utf8_lossy(&tail[..4]));
            files.push((name, [&whole[..], tail].concat(), Ends::Shown(120, 90)));
        }
    }
    for orientation in 1..=8 {
        let ends = if orientation >= 5 {
            Ends::Shown(90, 120)
        } else {
            Ends::Shown(120, 90)
        };
        for (kind, bytes) in [
            ("JPEG", tagged(orientation)),
            ("PNG", tagged_png(orientation)),
            ("WebP", tagged_webp(orientation)),
        ] {
            assert!(bytes.windows(PLACE.len()).any(|part| part == PLACE));
            files.push((format!("{kind}, orientation {orientation}"), bytes, ends));
        }
    }
    let still = png();
    let text = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>");
    files.push(named(
        "a comment",
        [&still[..33], &text, &still[33..]].concat(),
        Ends::Shown(120, 90),
    ));
    let grey = GrayAlphaImage::from_pixel(60, 40, image::LumaA([0, 0]));
    files.push(named(
        "grey and alpha",
        encoded(grey, ImageFormat::Png),
        Ends::Shown(60, 40),
    ));
    let deep = DynamicImage::ImageRgb8(page(60, 40)).into_rgba16();
    files.push(named(
        "16 bits and alpha",
        encoded(deep, ImageFormat::Png),
        Ends::Shown(60, 40),
    ));
    files.push(named("a phone's photo", exposed(&page(120, 90)), Ends::Shown(120, 90)));
    files.push(named("four inks", cmyk(), Ends::Shown(8, 8)));
    try_each(files).await;
}

/// A file that was cut off is refused wherever it was cut: at thirty places; at every thousandth byte in the long run.
#[tokio::test]
async fn a_cut_file_is_refused_wherever_it_was_cut() {
    let mut files = Vec::new();
    let large = page(900, 1_600);
    for (kind, format) in [
        ("PNG", ImageFormat::Png),
        ("JPEG", ImageFormat::Jpeg),
        ("WebP", ImageFormat::WebP),
    ] {
        let whole = encoded(large.clone(), format);
        let step = long::sample(whole.len() / 31, 1_000);
        for at in (1..whole.len()).step_by(step) {
            files.push((
                format!("{kind} cut at {at} of {}", whole.len()),
                whole[..at].to_vec(),
                Ends::Cut,
            ));
        }
    }
    assert!(files.len() >= 90, "{}", files.len());
    try_each(files).await;
}

/// The most memory that a child of this process which opens pictures may hold, in kB.
const MOST_MEMORY: u64 = 600 * 1024;

/// The most memory that any such child held while `work` went on, in kB.
async fn peak_of_children(work: impl Future<Output = ()>) -> u64 {
    let mut peak = 0;
    let mut work = std::pin::pin!(work);
    let mut looks = tokio::time::interval(Duration::from_millis(60));
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut work => return peak,
            _ = looks.tick() => peak = leash::peaks().fold(peak, u64::max),
        }
    }
}

/// EV-03: the largest picture that is taken is opened within the child's limits, and in 600 MB. In the long run of four
/// 16-bit channels.
#[tokio::test]
async fn ev_03_the_largest_picture_is_opened() {
    let sides = (8_000, 5_000);
    let wide = if long::sample(0, 1) == 1 {
        DynamicImage::ImageRgba16(image::ImageBuffer::from_fn(sides.0, sides.1, |x, y| {
            image::Rgba([(x / 9 * (y / 7)) as u16; 4])
        }))
    } else {
        DynamicImage::ImageLuma8(image::GrayImage::from_fn(sides.0, sides.1, |x, y| {
            image::Luma([(x / 9 * y / 7) as u8])
        }))
    };
    let file = named(
        "40 megapixels",
        encoded(wide, ImageFormat::Png),
        Ends::Shown(sides.0, sides.1),
    );
    let peak = peak_of_children(try_each(vec![file])).await;
    assert!(peak > 100 * 1024, "{peak} kB: the child was not met at work");
    assert!(peak <= MOST_MEMORY, "{peak} kB");
}
