//! What claimants read: one form of address, one word for one thing.

use super::none;
use crate::support::sources::sources;

/// Words by which Spanish would speak to somebody as *usted*; our texts say *tú*.
const FORMAL: [&str; 18] = [
    "usted",
    "abra ",
    "mantenga ",
    "escriba ",
    "envíe ",
    "elija ",
    "vuelva ",
    "pida ",
    "marque ",
    "pulse ",
    "inténtelo",
    "compárela",
    "su caso",
    "su contraseña",
    "su sesión",
    "su correo",
    "si no fue ",
    "haga ",
];

#[test]
fn spanish_keeps_to_one_form_of_address() {
    let mut faults = Vec::new();
    for file in sources(&["es.ftl", ".yaml"]) {
        let sentences = file
            .lines()
            .filter(|(_, line)| file.path.ends_with(".ftl") || is_sentence(line));
        for (number, line) in sentences {
            let lower = line.to_lowercase();
            let said = format!(
                " {}",
                lower
                    .split_once(['=', ':'])
                    .map_or(lower.as_str(), |(_, said)| said.trim())
            );
            let formal = FORMAL.iter().find(|word| said.contains(&format!(" {word}")));
            faults.extend(formal.map(|word| file.at(number, word)));
        }
    }
    none(&faults);
}

/// Whether a line of a file of rules says something in Spanish. Lists of phrases that others write are none.
fn is_sentence(line: &str) -> bool {
    let said = line.trim_start().strip_prefix("es: ");
    said.is_some_and(|said| said.starts_with(char::is_uppercase))
}

/// What somebody asks for is 申请; 请求 is what one machine sends another.
#[test]
fn chinese_has_one_word_for_a_request() {
    let machines = ["error-cross_site-text", "error-too_large-text"];
    let mut faults = Vec::new();
    for file in sources(&["zh.ftl"]) {
        let lines = file.lines().filter(|(_, line)| line.contains("请求"));
        let lines = lines.filter(|(_, line)| !machines.iter().any(|key| line.starts_with(key)));
        faults.extend(lines.map(|(number, _)| file.at(number, "请求")));
    }
    none(&faults);
}
