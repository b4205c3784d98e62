//! The clock and chance of seeding: the clock stands where it was put, and chance is the same in every demo.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use readmit_core::cx::{Entropy, tag};
use readmit_core::ports::Surroundings;
use readmit_core::time::At;

/// Surroundings that only seeding knows.
pub(crate) struct Moved {
    now: AtomicI64,
    drawn: AtomicU64,
}

impl Moved {
    pub(crate) const fn new(start: At) -> Self {
        Self {
            now: AtomicI64::new(start.0),
            drawn: AtomicU64::new(0),
        }
    }

    /// Moves forward; a moment that has passed changes nothing.
    pub(crate) fn to(&self, at: At) {
        self.now.fetch_max(at.0, Ordering::SeqCst);
    }
}

impl Surroundings for Moved {
    fn now(&self) -> At {
        At(self.now.load(Ordering::SeqCst))
    }

    fn entropy(&self) -> Entropy {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        Entropy(tag(&[0; 32], "demo", &[&drawn.to_be_bytes()]).0)
    }
}
