//! What reading a picture costs, stage by stage, and what fingerprints find and mistake.
//!
//! `cargo bench -p readmit-inspect -- MODELS FOLDER`: the folder of the models, and one of pictures. Stages are of its first
//! 1170-pixel-wide PNG, the best of five; fingerprints of all its pictures.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use image::imageops::{FilterType, crop_imm, overlay, resize};
use image::{ImageFormat, RgbImage};
use readmit_core::inspection::{Alike, Context};
use readmit_inspect::likeness::Likeness;
use readmit_inspect::read::{Line, NotRead, Reader, SmallModels};
use readmit_inspect::{Demands, Pack, Shared, copies, inspect, intake, measure};

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let [models, folder] = words.as_slice() else {
        println!("cargo bench -p readmit-inspect -- MODELS FOLDER");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| {
        ["png", "jpg", "webp"]
            .iter()
            .any(|end| file.extension().is_some_and(|e| e == *end))
    });
    files.sort();
    stages(Path::new(models), &files);
    fingerprints(&files);
    duplicates(Path::new(models), &files);
}

/// Milliseconds of the fastest of five, with what it made.
fn best<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut runs = (0..5).map(|_| {
        let from = Instant::now();
        let made = run();
        (from.elapsed().as_secs_f64() * 1000.0, made)
    });
    let first = runs.next().unwrap();
    runs.fold(first, |best, next| if next.0 < best.0 { next } else { best })
}

/// Hands over what was read before, so that rules are timed alone.
struct Remembered(Vec<Line>);

impl Reader for Remembered {
    fn read(&self, _: &RgbImage, _: u32) -> Result<Vec<Line>, NotRead> {
        Ok(self.0.clone())
    }
}

fn stages(models: &Path, files: &[PathBuf]) {
    let png = |file: &&PathBuf| file.extension().is_some_and(|end| end == "png");
    let wide = |file: &&PathBuf| image::image_dimensions(file).unwrap().0 == 1170;
    let file = files.iter().filter(png).find(wide).unwrap();
    let bytes = std::fs::read(file).unwrap();
    let (load, engine) = best(|| SmallModels::load(models).unwrap());
    let (decode, picture) = best(|| intake::open(&bytes).map_err(|refused| refused.code()).unwrap());
    let (measured, _) = best(|| measure::measure(&picture, &bytes));
    let (hash, _) = best(|| Likeness::of(&picture.pixels));
    let (copied, _) = best(|| {
        (
            copies::copy(&picture.pixels, picture.whole.media).unwrap(),
            copies::small(&picture.pixels).unwrap(),
        )
    });
    let (detect, areas) = best(|| engine.detect(&picture.pixels, 960).unwrap());
    let (read, lines) = best(|| {
        areas
            .iter()
            .filter_map(|area| engine.recognise(&picture.pixels, *area).unwrap())
            .collect::<Vec<_>>()
    });
    let shared = Shared::read(include_str!("../../../workflows/rules/every-picture.yaml")).unwrap();
    let pack = Pack::read(include_str!("../../../workflows/rules/account-email.yaml")).unwrap();
    let context = Context::default();
    let demands = Demands {
        shared: &shared,
        pack: &pack,
        context: &context,
    };
    let remembered = Remembered(lines.clone());
    let (all, _) = best(|| inspect(&bytes, &demands, Some(&remembered)));
    let (width, height) = picture.pixels.dimensions();
    println!(
        "{width}×{height} PNG, {} lines, milliseconds on one thread:",
        lines.len()
    );
    let rules = all - decode - measured - hash - copied;
    for (stage, time) in [
        ("load models", load),
        ("decode", decode),
        ("measure", measured),
        ("hash", hash),
        ("copies", copied),
        ("detect", detect),
        ("read", read),
        ("rules", rules),
    ] {
        println!("  {stage:<12}{time:>9.1}");
    }
    println!("  {:<12}{:>9.1}", "in all", load + all + detect + read);
}

/// What may become of a picture before it comes back.
type Change = fn(&RgbImage) -> RgbImage;

fn fingerprints(files: &[PathBuf]) {
    let pictures: Vec<RgbImage> = files
        .iter()
        .map(|file| image::open(file).unwrap().into_rgb8())
        .collect();
    let own: Vec<Option<Likeness>> = pictures.iter().map(Likeness::of).collect();
    let changes: [(&str, Change); 4] = [
        ("recompressed", recompressed),
        ("resized", resized),
        ("cropped by 3 %", cropped),
        ("shot again", shot_again),
    ];
    println!(
        "fingerprints of {} pictures, by the most bits that may differ:",
        pictures.len()
    );
    for most in [16, 24, 32, 48, 64] {
        let near =
            |a: &Option<Likeness>, b: &Option<Likeness>| matches!((a, b), (Some(a), Some(b)) if a.distance(b) <= most);
        let found = changes.map(|(name, change)| {
            let hits = pictures
                .iter()
                .zip(&own)
                .filter(|(picture, own)| near(&Likeness::of(&change(picture)), own))
                .count();
            format!("{name} {hits}/{}", pictures.len())
        });
        let pairs = (0..own.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let (mistaken, all) = pairs.fold((0, 0), |(hits, all), (a, b)| {
            (hits + usize::from(near(&own[a], &own[b])), all + 1)
        });
        println!("  {most:>3}: {}; mistaken {mistaken}/{all} pairs", found.join(", "));
    }
}

/// What is found and mistaken when words decide with looks, as the shipped pack has it.
fn duplicates(models: &Path, files: &[PathBuf]) {
    let engine = SmallModels::load(models).unwrap();
    let shared = Shared::read(include_str!("../../../workflows/rules/every-picture.yaml")).unwrap();
    let packs = [
        include_str!("../../../workflows/rules/account-email.yaml"),
        include_str!("../../../workflows/rules/counterparty-transaction.yaml"),
    ];
    let packs = packs.map(|pack| Pack::read(pack).unwrap());
    let context = Context::default();
    let look = |picture: &RgbImage, mail: bool| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let demands = Demands {
            shared: &shared,
            pack: &packs[usize::from(!mail)],
            context: &context,
        };
        let report = inspect(bytes.get_ref(), &demands, Some(&engine)).report;
        let words: BTreeSet<String> = report.telling.iter().cloned().collect();
        (Likeness::of(picture), words, report.if_known.unwrap().alike)
    };
    let same = |a: &(Option<Likeness>, BTreeSet<String>, Alike), b: &(Option<Likeness>, BTreeSet<String>, Alike)| {
        let bits = a.0.zip(b.0).map(|(a, b)| a.distance(&b));
        bits.is_some_and(|bits| a.2.holds(bits, &a.1, &b.1))
    };
    let pictures: Vec<(RgbImage, bool)> = files
        .iter()
        .map(|file| {
            (
                image::open(file).unwrap().into_rgb8(),
                file.to_string_lossy().contains("mail"),
            )
        })
        .collect();
    let own: Vec<_> = pictures.iter().map(|(picture, mail)| look(picture, *mail)).collect();
    let changes: [(&str, Change); 4] = [
        ("recompressed", recompressed),
        ("resized", resized),
        ("cropped by 3 %", cropped),
        ("shot again", shot_again),
    ];
    println!("by looks and words, as the pack has it:");
    for (name, change) in changes {
        let seen = pictures.iter().zip(&own);
        let hits = seen
            .filter(|((picture, mail), own)| same(&look(&change(picture), *mail), own))
            .count();
        println!("  {name} {hits}/{}", pictures.len());
    }
    let pairs: Vec<(usize, usize)> = (0..own.len()).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let mistaken = pairs.iter().filter(|(a, b)| same(&own[*a], &own[*b])).count();
    println!("  mistaken {mistaken}/{} pairs", pairs.len());
}

fn recompressed(picture: &RgbImage) -> RgbImage {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 35);
    picture.write_with_encoder(encoder).unwrap();
    image::load_from_memory_with_format(bytes.get_ref(), ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

fn resized(picture: &RgbImage) -> RgbImage {
    resize(
        picture,
        picture.width() * 3 / 5,
        picture.height() * 3 / 5,
        FilterType::Triangle,
    )
}

fn cropped(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    crop_imm(
        picture,
        width * 3 / 200,
        height * 3 / 200,
        width * 97 / 100,
        height * 97 / 100,
    )
    .to_image()
}

/// Shown on another screen and taken from there: smaller, with that screen's bar above it.
fn shot_again(picture: &RgbImage) -> RgbImage {
    let small = resize(
        picture,
        picture.width() * 4 / 5,
        picture.height() * 4 / 5,
        FilterType::CatmullRom,
    );
    let bar = small.height() / 25;
    let mut screen = RgbImage::from_pixel(small.width(), small.height() + bar, image::Rgb([32, 33, 36]));
    overlay(&mut screen, &small, 0, i64::from(bar));
    screen
}
