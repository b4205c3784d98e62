//! The time and the chance of scripts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use readmit_core::cx::Entropy;
use readmit_core::ports::Surroundings;
use readmit_core::time::At;

#[derive(Clone)]
pub(super) struct Clock {
    pub(super) now: Arc<AtomicI64>,
    pub(super) draws: Arc<AtomicU64>,
}

impl Surroundings for Clock {
    fn now(&self) -> At {
        At(self.now.load(Ordering::Relaxed))
    }

    fn entropy(&self) -> Entropy {
        let draw = self.draws.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0xa5; 32];
        for (to, from) in bytes.iter_mut().zip(draw.to_be_bytes()) {
            *to = from;
        }
        Entropy(bytes)
    }
}
