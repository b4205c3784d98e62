//! What this process remembers: cases as loaded, and whose turn it is.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use readmit_core::ids::CaseId;
use readmit_core::ports::Loaded;
use tokio::sync::OwnedMutexGuard;

/// How many cases a generation holds; at most two generations are kept.
const GENERATION: usize = 1_024;

/// Cases as last loaded or committed here. A row is used only after the database confirmed its version: other processes
/// commit too, and renewed leases change no version.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<CaseId, Arc<Loaded>>,
    old: HashMap<CaseId, Arc<Loaded>>,
}

impl Cache {
    pub(crate) fn get(&self, case: CaseId) -> Option<Arc<Loaded>> {
        let generations = lock(&self.0);
        generations
            .young
            .get(&case)
            .or_else(|| generations.old.get(&case))
            .cloned()
    }

    pub(crate) fn put(&self, loaded: Loaded) {
        let mut generations = lock(&self.0);
        if generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(loaded.case.id, Arc::new(loaded));
    }

    pub(crate) fn forget(&self, case: CaseId) {
        let mut generations = lock(&self.0);
        generations.young.remove(&case);
        generations.old.remove(&case);
    }
}

/// The cache holds whole values only, so a panic elsewhere cannot have left half of one.
fn lock(generations: &Mutex<Generations>) -> MutexGuard<'_, Generations> {
    generations.lock().unwrap_or_else(PoisonError::into_inner)
}

const LANES: usize = 256;

/// Commands of one case queue here. Cases share lanes; two in one lane wait for each other's commit and no more.
pub(crate) struct Lanes {
    lanes: Vec<Arc<tokio::sync::Mutex<()>>>,
    hasher: RandomState,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            lanes: (0..LANES).map(|_| Arc::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl Lanes {
    /// Waits for the case's lane. `None` never happens with a lane for every remainder; it would mean no queueing.
    pub(crate) async fn turn(&self, case: CaseId) -> Option<OwnedMutexGuard<()>> {
        let place = usize::try_from(self.hasher.hash_one(case) % LANES as u64).unwrap_or(0);
        let lane = self.lanes.get(place)?;
        Some(Arc::clone(lane).lock_owned().await)
    }
}
