//! What reading a picture costs, stage by stage; what fingerprints find and mistake; how often signs of manipulation are seen
//! where they are and where they are not.
//!
//! `cargo bench -p readmit-inspect -- MODELS FOLDER`: the folder of the models, and one of pictures. Stages are of its first
//! 1170-pixel-wide PNG, the best of five; everything else of all its pictures.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

mod changes;
mod forged;
mod signs;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use changes::{CHANGES, TURNS};
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
    signs::rates(&files);
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
    let (hash, _) = best(|| Likeness::every_way(&picture.pixels));
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
    let shared = Shared::read(include_str!("../../../../workflows/rules/every-picture.yaml")).unwrap();
    let pack = Pack::read(include_str!("../../../../workflows/rules/account-email.yaml")).unwrap();
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

fn fingerprints(files: &[PathBuf]) {
    let pictures: Vec<RgbImage> = files
        .iter()
        .map(|file| image::open(file).unwrap().into_rgb8())
        .collect();
    let own: Vec<Option<Likeness>> = pictures.iter().map(Likeness::of).collect();
    println!(
        "fingerprints of {} pictures, by the most bits that may differ:",
        pictures.len()
    );
    for most in [16, 24, 32, 48, 64] {
        let near =
            |a: &Option<Likeness>, b: &Option<Likeness>| matches!((a, b), (Some(a), Some(b)) if a.distance(b) <= most);
        let found = CHANGES.map(|(name, change)| {
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
    turned(&pictures, &own);
}

/// Pictures that come back turned or mirrored, and saved as a JPEG then; and pairs of different pictures of which one, turned
/// or mirrored, looks like the other.
fn turned(pictures: &[RgbImage], own: &[Option<Likeness>]) {
    let ways: Vec<Vec<Likeness>> = pictures
        .iter()
        .map(|picture| Likeness::every_way(picture).unwrap_or_default())
        .collect();
    let nearest = |ways: &[Likeness], own: &Option<Likeness>| {
        let own = own.as_ref()?;
        ways.iter().skip(1).map(|way| way.distance(own)).min()
    };
    let found: Vec<(&str, Vec<u32>)> = TURNS
        .iter()
        .map(|(name, turn)| {
            let back = pictures
                .iter()
                .map(|picture| Likeness::every_way(&changes::recompressed(&turn(picture))));
            let back = back.map(Option::unwrap_or_default).zip(own);
            (*name, back.filter_map(|(ways, own)| nearest(&ways, own)).collect())
        })
        .collect();
    let pairs = (0..own.len()).flat_map(|a| (0..own.len()).filter(move |b| *b != a).map(move |b| (a, b)));
    let others: Vec<u32> = pairs.filter_map(|(a, b)| nearest(&ways[a], &own[b])).collect();
    println!("turned or mirrored and recompressed, by the most bits that may differ:");
    for most in [4, 8, 16, 24, 32, 48] {
        let count = |bits: &[u32]| bits.iter().filter(|bits| **bits <= most).count();
        let found: Vec<String> = found
            .iter()
            .map(|(name, bits)| format!("{name} {}/{}", count(bits), bits.len()))
            .collect();
        println!(
            "  {most:>3}: {}; mistaken {}/{} pairs",
            found.join(", "),
            count(&others),
            others.len()
        );
    }
}

/// What is found and mistaken when words decide with looks, as the shipped pack has it.
fn duplicates(models: &Path, files: &[PathBuf]) {
    let engine = SmallModels::load(models).unwrap();
    let shared = Shared::read(include_str!("../../../../workflows/rules/every-picture.yaml")).unwrap();
    let packs = [
        include_str!("../../../../workflows/rules/account-email.yaml"),
        include_str!("../../../../workflows/rules/counterparty-transaction.yaml"),
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
    println!("by looks and words, as the pack has it:");
    for (name, change) in CHANGES {
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
