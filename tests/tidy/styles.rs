//! The style sheet's own promises.

use crate::support::sources::sources;

/// A theme chosen by the system and one chosen by hand look the same: the list of dark colours stands twice.
#[test]
fn the_two_dark_lists_are_the_same() {
    let sheets = sources(&["readmit.css"]);
    assert_eq!(sheets.len(), 1, "one style sheet for both faces");
    let by_system = declarations(&sheets[0].text, ":root:not([data-theme=light]){");
    let by_hand = declarations(&sheets[0].text, "\n[data-theme=dark]{");
    assert!(by_system.len() > 10);
    assert_eq!(by_system, by_hand);
}

/// What is declared between `opening` and the next closing brace.
fn declarations<'a>(sheet: &'a str, opening: &str) -> Vec<&'a str> {
    let (_, after) = sheet.split_once(opening).expect(opening);
    let (body, _) = after.split_once('}').unwrap();
    body.split(';').map(str::trim).filter(|line| !line.is_empty()).collect()
}
