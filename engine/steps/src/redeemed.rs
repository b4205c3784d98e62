//! Whether a code that went by text message came back (OT-07), as the record of its case tells.

use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use serde_json::Value;

use crate::{code, factor};

/// The last digits of a number, by which it is told from its range.
const OWN: usize = 4;

/// The range of 10,000 numbers that a number in E.164 belongs to.
#[must_use]
pub fn range(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let (range, _) = digits.split_at(digits.len().saturating_sub(OWN));
    range.iter().collect()
}

/// Whether the step run passed by the code of this issue.
#[must_use]
pub fn came_back<'a>(record: impl IntoIterator<Item = &'a Entry>, run: u32, issue: u32) -> bool {
    let mut current = 0;
    record
        .into_iter()
        .flat_map(|entry| &entry.events)
        .any(|event| match event {
            Event::Entered { run, .. } => {
                current = *run;
                false
            }
            Event::Left { outcome, state, .. } => {
                current == run && outcome == "passed" && issue_of(state) == Some(issue)
            }
            _ => false,
        })
}

/// The issue of the code that a step passed by.
fn issue_of(state: &Value) -> Option<u32> {
    factor::issue_of(state).or_else(|| Some(code::State::read(state)?.issue))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OT-07: ten thousand neighbours are one range.
    #[test]
    fn ot_07_neighbours_share_a_range() {
        assert_eq!(range("+447400123456"), "+44740012");
        assert_eq!(range("+447400129999"), range("+447400120000"));
        assert_eq!(range("112"), "");
    }
}
