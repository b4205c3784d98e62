//! Places between two writes. The tests' own builds can be made to fail there, or to end as by `kill -9`: at each place once.
//! Every other build has nothing there.

#[cfg(not(any(test, feature = "conformance")))]
use readmit_core::ports::Commit;

#[cfg(not(any(test, feature = "conformance")))]
use crate::StorageError;

#[cfg(not(any(test, feature = "conformance")))]
#[derive(Clone, Default)]
pub(crate) struct Points;

#[cfg(not(any(test, feature = "conformance")))]
impl Points {
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the tests' builds fail here"
    )]
    pub(crate) const fn reach(&self, _place: &str) -> Result<(), StorageError> {
        Ok(())
    }

    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the tests' builds fail here"
    )]
    pub(crate) const fn reach_of(&self, _commit: &Commit<'_>, _place: &str) -> Result<(), StorageError> {
        Ok(())
    }
}

#[cfg(any(test, feature = "conformance"))]
pub use armed::Points;

#[cfg(any(test, feature = "conformance"))]
mod armed {
    use std::fs::File;
    use std::io::Write as _;
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex, PoisonError};

    use readmit_core::command::By;
    use readmit_core::ports::Commit;
    use rustix::process::{Signal, getpid, kill_process};

    use crate::StorageError;

    /// Of one store; clones are the same ones. Nothing happens before they are armed.
    #[derive(Clone, Default)]
    pub struct Points(Arc<Mutex<Armed>>);

    #[derive(Default)]
    struct Armed {
        manner: Option<Manner>,
        /// Where it happened, in order.
        met: Vec<String>,
    }

    enum Manner {
        Fail,
        /// With the file that remembers, for the next process, where it happened.
        Die(PathBuf),
    }

    impl Points {
        /// From now on each place fails once.
        pub fn fail(&self) {
            self.lock().manner = Some(Manner::Fail);
        }

        /// From now on the process dies at each place that the file does not name yet, one a line.
        pub fn die(&self, file: PathBuf) {
            let mut armed = self.lock();
            let met = std::fs::read_to_string(&file).unwrap_or_default();
            armed.met = met.lines().map(str::to_owned).collect();
            armed.manner = Some(Manner::Die(file));
        }

        /// Where it happened so far, in order.
        #[must_use]
        pub fn met(&self) -> Vec<String> {
            self.lock().met.clone()
        }

        /// Here it can fail, or end.
        ///
        /// # Errors
        /// [`StorageError::Down`] the first time, where it was told to fail.
        pub fn reach(&self, place: &str) -> Result<(), StorageError> {
            let mut armed = self.lock();
            if armed.manner.is_none() || armed.met.iter().any(|met| met == place) {
                return Ok(());
            }
            armed.met.push(place.to_owned());
            let Some(Manner::Die(file)) = &armed.manner else {
                return Err(StorageError::Down);
            };
            let mut file = File::options().create(true).append(true).open(file)?;
            writeln!(file, "{place}")?;
            kill_process(getpid(), Signal::KILL).map_err(std::io::Error::from)?;
            Err(StorageError::Down)
        }

        /// As [`Points::reach`], at every commit by itself: by who acts, and in which step.
        ///
        /// # Errors
        /// As there.
        pub(crate) fn reach_of(&self, commit: &Commit<'_>, place: &str) -> Result<(), StorageError> {
            self.reach(&format!("commit by {}: {place}", name(commit)))
        }

        fn lock(&self) -> std::sync::MutexGuard<'_, Armed> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// Who acts, and in which step.
    fn name(commit: &Commit<'_>) -> String {
        let before = &commit.before.case;
        let who = match commit.entry.by {
            By::Claimant => "claimant",
            By::Owner { .. } => "owner",
            By::Staff { .. } => "staff",
            By::Engine => "job",
        };
        let step = if before.version == 0 { "start" } else { &before.step };
        format!("{who} in {step}")
    }
}
