//! How often photos of screens, blur and a second compression are seen, where they are and where they are not (EV-10). What
//! is looked for is made of screenshots.

use std::path::PathBuf;

use image::RgbImage;
use image::imageops::blur;
use readmit_core::inspection::{Context, Verdict};
use readmit_inspect::{Demands, Pack, Shared, inspect, intake, measure};

use super::changes::resized;
use super::forged::{cut, jpeg, photographed, png, saved};

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
