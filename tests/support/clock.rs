//! The moved clock: it starts at the true time, because the host signs by that, and stands until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use readmit_core::cx::Entropy;
use readmit_core::ports::Surroundings;
use readmit_core::time::{At, Span};

/// Clones show the same time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Default for Clock {
    fn default() -> Self {
        let now = At::from(time::OffsetDateTime::now_utc());
        Self(Arc::new(AtomicI64::new(now.0)))
    }
}

impl Clock {
    /// Lets time pass.
    pub(crate) fn pass(&self, span: Span) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }

    pub(crate) fn at(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

/// Time stands still; chance is real, so that no test leans on a lucky number.
impl Surroundings for Clock {
    fn now(&self) -> At {
        self.at()
    }

    fn entropy(&self) -> Entropy {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).unwrap();
        Entropy(bytes)
    }
}
