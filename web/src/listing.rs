//! How many of the things that anybody can cause are written down: so many a minute in one process. How many more there
//! were stands with the next one, so that a flood hides neither itself nor when it was.

use std::sync::{Mutex, PoisonError};

use readmit_core::time::At;

/// What is listed in a minute.
const LISTED_A_MINUTE: u32 = 60;
const MINUTE: i64 = 60_000_000;

/// What was listed lately.
#[derive(Default)]
pub(crate) struct Listing(Mutex<Lately>);

#[derive(Default)]
struct Lately {
    minute: i64,
    listed: u32,
    unlisted: u32,
}

impl Listing {
    /// Takes a place in this minute: how many had none since the last one; nothing if there is none left.
    pub(crate) fn unlisted_before(&self, now: At) -> Option<u32> {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(MINUTE);
        if minute != lately.minute {
            lately.minute = minute;
            lately.listed = 0;
        }
        if lately.listed == LISTED_A_MINUTE {
            lately.unlisted = lately.unlisted.saturating_add(1);
            return None;
        }
        lately.listed += 1;
        Some(std::mem::take(&mut lately.unlisted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AU-01, RL-02: a flood fills no disk, and is not forgotten.
    #[test]
    fn au_01_a_flood_is_counted_and_not_listed() {
        let listing = Listing::default();
        let at = At(1_700_000_000_000_000);
        let listed = (0..1_000).filter(|_| listing.unlisted_before(at).is_some()).count();
        assert_eq!(listed, 60);
        let later = At(at.0 + MINUTE);
        assert_eq!(listing.unlisted_before(later), Some(940));
        assert_eq!(listing.unlisted_before(later), Some(0));
    }
}
