//! Rules for every file.

use super::none;
use crate::support::sources::{Source, sources};

/// A file longer than this is two files.
const LONGEST: usize = 600;

/// The homes of clock, chance and environment: nowhere else is clippy's list of such calls set aside.
const HOMES: &[&str] = &[
    "demo-host/src/main.rs",
    "demo-host/src/secret.rs",
    "engine/inspect/benches/pictures/main.rs",
    "server/src/config/secrets.rs",
    "server/src/surroundings.rs",
    "storage/src/chance.rs",
];

#[test]
fn no_file_is_too_long_to_see_across() {
    let faults: Vec<String> = sources(&[".rs", ".html", ".js", ".yaml", ".css"])
        .iter()
        .filter(|source| source.text.lines().count() > LONGEST)
        .map(|source| format!("{}: {} lines", source.path, source.text.lines().count()))
        .collect();
    none(&faults);
}

#[test]
fn nothing_is_left_open_or_switched_off() {
    let open = ["todo!(", "unimplemented!(", "dbg!(", "TODO", "FIXME", "XXX", "#[ignore"];
    none(&lines_with(
        |source| source.path != "tests/tidy/rules.rs",
        |line| open.iter().any(|word| line.contains(word)),
        "left open or switched off",
    ));
}

/// Tests wait for a condition, in one place; never for a length of time.
#[test]
fn no_test_sleeps() {
    none(&lines_with(
        |source| {
            source.path.starts_with("tests/")
                && !["tests/tidy/rules.rs", "tests/support/wait.rs"].contains(&&*source.path)
        },
        |line| line.contains("sleep("),
        "sleeps",
    ));
}

/// Time, chance and the environment are read in their homes only.
#[test]
fn clock_chance_and_environment_have_one_home_each() {
    none(&lines_with(
        |source| !source.path.starts_with("tests/") && !HOMES.contains(&source.path.as_str()),
        |line| line.contains("clippy::disallowed_methods"),
        "sets the list of clippy.toml aside outside the homes",
    ));
}

/// The product is not written for one operator: name, domain and colours come from the configuration.
#[test]
fn the_demo_host_is_known_to_the_demo_only() {
    let operator = "halcyon";
    let homes = ["demo-host/", "server/src/demo", "tests/"];
    let faults: Vec<String> = sources(&[".rs", ".html", ".ftl", ".yaml", ".css", ".js"])
        .iter()
        .filter(|source| !homes.iter().any(|home| source.path.starts_with(home)))
        .filter(|source| source.without_tests().to_lowercase().contains(operator))
        .map(|source| format!("{}: names the demo's operator", source.path))
        .collect();
    none(&faults);
}

/// Rule packs and what reads pictures know no house's colours: a page is told by its words.
#[test]
fn what_reads_pictures_knows_no_colours() {
    for (line, is) in [
        ("if pixel == [0xf0, 0xb9, 0x0b] { image::Rgb([240, 185, 11]) }", true),
        ("brand: '#f0b90b'", true),
        ("brand: \"#fb0\"", true),
        ("Rgb([GOLD, 185, 11])", true),
        ("title: rgb(240 185 11)", true),
        ("ground: gold", true),
        ("any: [gold, goldfinch]", true),
        ("RgbImage::from_raw(width, height, pixels)", false),
        ("#[derive(Debug)]", false),
        ("image::Rgb(if ink { dark } else { light })", false),
        ("# words beside a value", false),
    ] {
        assert_eq!(names_a_colour(line), is, "{line}");
    }
    none(&faults_in(
        &sources(&[".rs", ".yaml"]),
        |source| {
            let reads = source.path.starts_with("engine/inspect/src/") && !source.path.contains("/tests/");
            reads || source.path.starts_with("workflows/rules/")
        },
        names_a_colour,
        "a colour",
    ));
}

/// Whether a line writes a colour down: by number, as CSS does, as channels of a pixel, or by a name that houses have.
fn names_a_colour(line: &str) -> bool {
    let hexadecimal = line.split('#').skip(1).any(|part| {
        let digits = part.chars().take_while(char::is_ascii_hexdigit).count();
        let ends = part.chars().nth(digits).is_none_or(|c| !c.is_alphanumeric());
        ends && matches!(digits, 3 | 4 | 6 | 8)
    });
    let line = line.to_lowercase();
    let written = |call: &str| {
        let mut after = line.split(call).skip(1);
        after.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let pixel = ["rgb([", "rgba(["].iter().any(|call| {
        let mut after = line.split(call).skip(1).filter_map(|rest| rest.split(']').next());
        after.any(|inside| inside.contains(','))
    });
    let channels = pixel || ["rgb(", "rgba(", "hsl("].into_iter().any(written);
    let names = ["gold", "crimson", "magenta", "turquoise", "teal", "indigo", "scarlet"];
    let mut words = line.split(|c: char| !c.is_ascii_alphabetic());
    hexadecimal || channels || words.any(|word| names.contains(&word))
}

/// Nothing depends on where somebody's checkout lies.
#[test]
fn no_path_of_one_machine() {
    let folders = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/")];
    none(&faults_in(
        &sources(&[".rs", ".html", ".ftl", ".yaml", ".css", ".js", ".toml", ".md", "check"]),
        |_| true,
        |line| folders.iter().any(|folder| line.contains(folder)),
        "a path of one machine",
    ));
}

fn lines_with(which: impl Fn(&Source) -> bool, wrong: impl Fn(&str) -> bool, what: &str) -> Vec<String> {
    faults_in(&sources(&[".rs"]), which, wrong, what)
}

fn faults_in(
    sources: &[Source],
    which: impl Fn(&Source) -> bool,
    wrong: impl Fn(&str) -> bool,
    what: &str,
) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| which(source)) {
        for (number, line) in source.lines().filter(|(_, line)| wrong(line)) {
            faults.push(source.at(number, &format!("{what}: {}", line.trim())));
        }
    }
    faults
}
