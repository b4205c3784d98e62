//! How often photos of screens, blur and a second compression are seen, where they are and where they are not (EV-10). What
//! is looked for is made here of screenshots: a photo is the screen's grid of points seen at an angle by a sensor with another
//! grid, in uneven light, with noise. No real photograph is among them.

use std::path::PathBuf;

use image::imageops::{blur, crop_imm};
use image::{ImageFormat, Rgb, RgbImage};
use readmit_core::inspection::{Context, Verdict};
use readmit_inspect::{Demands, Pack, Shared, inspect, intake, measure};

use super::changes::{resized, saved};

/// Pictures as files, ready to be sent.
type Files = Vec<Vec<u8>>;

pub(crate) fn rates(files: &[PathBuf]) {
    // What is unreadable on purpose is blurred or small already.
    let files: Vec<&PathBuf> = files
        .iter()
        .filter(|file| !file.to_string_lossy().contains("unreadable"))
        .collect();
    let sent: Files = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let pictures: Vec<RgbImage> = sent
        .iter()
        .map(|bytes| image::load_from_memory(bytes).unwrap().into_rgb8())
        .collect();
    let all = |change: &dyn Fn(&RgbImage) -> Vec<u8>| -> Files { pictures.iter().map(change).collect() };
    let rows: Vec<(String, &str, Files)> = [
        ("as they are".to_owned(), "", sent.clone()),
        ("resized to 60 %".to_owned(), "", all(&|picture| png(&resized(picture)))),
        ("JPEG of quality 50".to_owned(), "", all(&|picture| jpeg(picture, 50))),
        ("JPEG of quality 85".to_owned(), "", all(&|picture| jpeg(picture, 85))),
    ]
    .into_iter()
    .chain([0.8, 1.2, 1.6, 2.4].map(|radius| {
        (
            format!("blurred by {radius} pixels"),
            "blurred",
            all(&|picture| png(&blur(picture, radius))),
        )
    }))
    .chain(
        [
            (0.02, 4.0, 0.06),
            (0.02, 6.0, 0.15),
            (0.05, 9.0, 0.3),
            (0.08, 14.0, 0.5),
        ]
        .map(|(tilt, noise, shade)| {
            let name = format!("photo: tilt {tilt}, noise {noise}, shade {shade}");
            (
                name,
                "photo_of_a_screen",
                all(&|picture| jpeg(&photographed(picture, tilt, (noise, shade)), 85)),
            )
        }),
    )
    .chain(std::iter::once((
        "JPEG 75, cut, PNG".to_owned(),
        "edited",
        all(&|picture| png(&cut(&saved(picture, 75)))),
    )))
    .chain([(50, 90), (70, 90), (80, 95), (90, 75)].map(|(first, second)| {
        let name = format!("JPEG {first}, cut, JPEG {second}");
        (
            name,
            "edited",
            all(&|picture| jpeg(&cut(&saved(picture, first)), second)),
        )
    }))
    .collect();
    println!(
        "signs of manipulation, of {} pictures each (what is looked for has a star):",
        pictures.len()
    );
    for (name, wanted, files) in rows {
        let told: Vec<Vec<String>> = files.iter().map(|bytes| told(bytes)).collect();
        let count = |rule: &str| {
            let seen = told
                .iter()
                .filter(|rules| rules.iter().any(|told| told == rule))
                .count();
            format!("{rule} {seen}{}", if rule == wanted { "*" } else { "" })
        };
        let counts = ["blurred", "photo_of_a_screen", "edited"].map(count);
        println!("  {name:<36}{}", counts.join(", "));
        println!("  {:<36}{}", "", spread(&files));
    }
}

/// The rules that have something to say of a picture that nobody reads.
fn told(bytes: &[u8]) -> Vec<String> {
    let shared = Shared::read(include_str!("../../../../workflows/rules/every-picture.yaml")).unwrap();
    let pack = Pack::read(include_str!("../../../../workflows/rules/message.yaml")).unwrap();
    let context = Context::default();
    let demands = Demands {
        shared: &shared,
        pack: &pack,
        context: &context,
    };
    let findings = inspect(bytes, &demands, None).report.findings;
    let spoken = findings.into_iter().filter(|finding| finding.verdict != Verdict::Pass);
    spoken.map(|finding| finding.rule).collect()
}

/// The least, the middle and the most of each measure.
fn spread(files: &Files) -> String {
    let measures: Vec<measure::Measures> = files
        .iter()
        .map(|bytes| {
            let picture = intake::open(bytes).map_err(|refused| refused.code()).unwrap();
            measure::measure(&picture, bytes)
        })
        .collect();
    let of = |name: &str, value: &dyn Fn(&measure::Measures) -> i64| {
        let mut values: Vec<i64> = measures.iter().map(value).collect();
        values.sort_unstable();
        let tenth = values.len() / 10;
        let (low, high) = (values[tenth], values[values.len() - 1 - tenth]);
        format!(
            "{name} {} {low} {} {high} {}",
            values[0],
            values[values.len() / 2],
            values[values.len() - 1]
        )
    };
    [of("sharpness", &|m| m.sharpness), of("evenness", &|m| m.evenness)].join("; ")
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// Cut by a few pixels, as who hides a corner does: blocks of the first compression then lie elsewhere.
fn cut(picture: &RgbImage) -> RgbImage {
    crop_imm(picture, 3, 5, picture.width() - 11, picture.height() - 9).to_image()
}

/// Seen by a camera: the screen has red, green and blue stripes, stands askew, and is lit from one side; the sensor has noise.
fn photographed(screen: &RgbImage, tilt: f32, (noise, shade): (f32, f32)) -> RgbImage {
    let (width, height) = screen.dimensions();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let photo = RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        // A perspective: one side is further away, and a turn of a degree or two.
        let away = 1.0 + tilt * (v - 0.5);
        let across = (u - 0.5) * away * (1.0 - tilt) + 0.5 + tilt * 0.3 * (v - 0.5);
        let down = (v - 0.5) * (1.0 - tilt) * away + 0.5 + tilt * 0.2 * (u - 0.5);
        let (sx, sy) = (across * width as f32, down * height as f32);
        let seen = sampled(screen, sx, sy);
        let light = 0.95 - shade * (0.7 * u + 0.3 * v);
        let values = [0usize, 1, 2].map(|channel| {
            // Where the screen's stripes and the sensor's fall together and apart: moiré.
            let phase = sx * 1.04 + channel as f32 / 3.0;
            let stripe =
                1.0 + 0.10 * (phase * std::f32::consts::TAU).cos() + 0.05 * (sy * 0.97 * std::f32::consts::TAU).cos();
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            let chance = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / 16_777_216.0 - 0.5;
            // Black on a screen is not black in a photo.
            ((seen[channel] * 0.86 + 18.0) * light * stripe + chance * 2.0 * noise).clamp(0.0, 255.0) as u8
        });
        Rgb(values)
    });
    blur(&photo, 0.7)
}

/// The screen between its points.
fn sampled(screen: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (
        x.clamp(0.0, screen.width() as f32 - 2.0),
        y.clamp(0.0, screen.height() as f32 - 2.0),
    );
    let (left, top) = (x as u32, y as u32);
    let (right, below) = (x - left as f32, y - top as f32);
    [0usize, 1, 2].map(|channel| {
        let at = |x, y| f32::from(screen.get_pixel(x, y).0[channel]);
        let upper = at(left, top) * (1.0 - right) + at(left + 1, top) * right;
        let lower = at(left, top + 1) * (1.0 - right) + at(left + 1, top + 1) * right;
        upper * (1.0 - below) + lower * below
    })
}
