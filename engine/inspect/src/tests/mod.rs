//! What anybody may send: each file is refused with its rule, or taken with a clean copy (EV-01, EV-03, EV-05, EV-06).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod refusals;
mod rules;
pub(crate) mod samples;
mod wild;

use image::{DynamicImage, GenericImageView as _, GrayAlphaImage, ImageFormat};
use readmit_core::inspection::{Context, Verdict};
use readmit_core::picture::Unfit;

use crate::intake::{self, Refused};
use crate::pack::samples::shared;
use crate::{Demands, Inspected, Pack, inspect};
use samples::{
    apng, chunk, cmyk, encoded, jpeg, jpeg_of, moving_webp, page, png, png_of, tagged, tagged_png, tagged_webp, webp,
};

fn refused(bytes: &[u8]) -> Option<Refused> {
    intake::open(bytes).err()
}

fn inspected(bytes: &[u8]) -> Inspected {
    let pack = Pack::read(include_str!("../../../../workflows/rules/account-email.yaml")).unwrap();
    let demands = Demands {
        shared: &shared(),
        pack: &pack,
        context: &Context::default(),
    };
    inspect(bytes, &demands, None)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The copy of an accepted picture: one whole picture, nothing after its end, no metadata.
fn clean(bytes: &[u8]) -> DynamicImage {
    let inspected = inspected(bytes);
    assert!(!holds(&inspected.thumbnail, samples::PLACE));
    let copy = inspected.copy;
    for trace in [
        &b"Exif"[..],
        b"GPS",
        b"Photoshop",
        b"<script",
        b"%PDF",
        b"PK\x03\x04",
        b"tEXt",
        samples::PLACE,
    ] {
        assert!(!holds(&copy, trace), "{trace:?}");
    }
    let opened = intake::open(&copy).map_err(|refused| refused.code()).unwrap();
    assert_eq!(opened.whole.past_end, 0);
    opened.pixels.into()
}

#[test]
fn ev_03_bombs_are_refused_by_their_headers() {
    for (bytes, why) in [
        (png_of(50_000, 50_000), Refused::TooManyPixels),
        (png_of(8_000, 8_000), Refused::TooManyPixels),
        (jpeg_of(65_500, 65_500), Refused::TooManyPixels),
        (apng(1_000), Refused::Animated),
        (moving_webp(1_000), Refused::Animated),
        (b"GIF89a\x01\0\x01\0".to_vec(), Refused::Unfit(Unfit::Gif)),
    ] {
        assert_eq!(refused(&bytes), Some(why), "{:?}", &bytes[..8]);
    }
}

#[test]
fn ev_01_what_is_no_picture_is_refused_with_its_rule() {
    for (bytes, rule) in [
        (&b""[..], "wrong_type"),
        (b"\x89", "wrong_type"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
            "wrong_type",
        ),
        (b"%PDF-1.7\n", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n", "cut_off"),
    ] {
        let report = inspected(bytes).report;
        assert_eq!(report.verdict, Verdict::Fail);
        assert_eq!(report.findings[0].rule, rule, "{bytes:?}");
        assert!(!report.findings[0].said("zh").is_empty());
    }
}

#[test]
fn a_cut_picture_is_refused_wherever_it_is_cut() {
    for whole in [png(), jpeg(), webp()] {
        for part in 1..30 {
            let cut = &whole[..whole.len() * part / 30];
            assert_eq!(
                refused(cut).map(Refused::rule).filter(|rule| *rule != "wrong_type"),
                Some("cut_off"),
                "{part}"
            );
        }
    }
}

#[test]
fn ev_06_what_follows_the_end_is_told_and_left_behind() {
    let zip = b"PK\x03\x04\x14\0\0\0evil.exe".to_vec();
    for whole in [png(), jpeg(), webp()] {
        for tail in [&zip[..], b"<html><script>alert(1)</script></html>", b"%PDF-1.7 %%EOF"] {
            let both = [&whole[..], tail].concat();
            let finding = inspected(&both)
                .report
                .findings
                .into_iter()
                .find(|finding| finding.rule == "edited")
                .unwrap();
            assert_eq!(finding.verdict, Verdict::Warn);
            assert_eq!(
                finding.value.as_deref(),
                Some(format!("{} bytes after the end", tail.len()).as_str())
            );
            clean(&both);
        }
    }
}

#[test]
fn ev_05_metadata_is_gone_and_the_picture_stands_upright() {
    for (orientation, corner) in [
        (1, (5, 5)),
        (2, (110, 5)),
        (3, (110, 80)),
        (4, (5, 80)),
        (5, (5, 5)),
        (6, (80, 5)),
        (7, (80, 110)),
        (8, (5, 110)),
    ] {
        let size = if orientation >= 5 { (90, 120) } else { (120, 90) };
        for bytes in [tagged(orientation), tagged_png(orientation), tagged_webp(orientation)] {
            assert!(holds(&bytes, samples::PLACE));
            let upright = clean(&bytes);
            assert_eq!(upright.dimensions(), size, "{orientation}");
            let [red, green, _, _] = upright.get_pixel(corner.0, corner.1).0;
            assert!(red > 150 && green < 90, "{orientation}: {red} {green}");
        }
    }
}

#[test]
fn ev_06_an_editor_that_names_itself_is_told() {
    let edited = |bytes: &[u8]| {
        inspected(bytes)
            .report
            .findings
            .into_iter()
            .find(|finding| finding.rule == "edited")
            .unwrap()
    };
    assert_eq!(edited(&tagged(1)).value.as_deref(), Some("Adobe Photoshop 27.1"));
    let still = png();
    let text = chunk(b"tEXt", b"Software\0GIMP 3.0");
    assert_eq!(
        edited(&[&still[..33], &text, &still[33..]].concat()).verdict,
        Verdict::Warn
    );
    assert_eq!(edited(&still).verdict, Verdict::Pass);
}

#[test]
fn unusual_colours_become_ordinary_copies() {
    let grey = GrayAlphaImage::from_pixel(60, 40, image::LumaA([0, 0]));
    let deep = DynamicImage::ImageRgb8(page(60, 40)).into_rgb16();
    for bytes in [encoded(grey, ImageFormat::Png), encoded(deep, ImageFormat::Png), cmyk()] {
        clean(&bytes);
    }
    let hidden = GrayAlphaImage::from_pixel(60, 40, image::LumaA([0, 0]));
    let shown = clean(&encoded(hidden, ImageFormat::Png));
    assert_eq!(shown.get_pixel(3, 3).0[0], 255, "what is transparent is white");
}

#[test]
fn a_wrong_checksum_is_refused() {
    let mut bytes = png();
    let at = bytes.windows(4).position(|four| four == b"IDAT").unwrap();
    bytes[at + 20] ^= 0xff;
    assert_eq!(refused(&bytes), Some(Refused::Broken));
}
