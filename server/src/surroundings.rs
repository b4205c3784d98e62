//! The one home that reads the clock and draws randomness; everything else is handed both.

use std::sync::Arc;

use readmit_core::cx::Entropy;
use readmit_core::ports::Surroundings;
use readmit_core::time::At;

/// The machine's clock and random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Real;

impl Surroundings for Real {
    #[expect(clippy::disallowed_methods, reason = "the home of the clock")]
    fn now(&self) -> At {
        time::OffsetDateTime::now_utc().into()
    }

    #[expect(clippy::disallowed_methods, reason = "the home of chance")]
    fn entropy(&self) -> Entropy {
        let mut bytes = [0; 32];
        if let Err(error) = getrandom::fill(&mut bytes) {
            tracing::error!(%error, "the machine gives no randomness; nothing can go on safely");
            std::process::abort();
        }
        Entropy(bytes)
    }
}

/// Surroundings whose kind was chosen when the process started; clones are the same ones.
#[derive(Clone)]
pub struct World(Arc<dyn Surroundings>);

impl World {
    pub fn new(surroundings: impl Surroundings + 'static) -> Self {
        Self(Arc::new(surroundings))
    }

    /// Surroundings that somebody else holds as well.
    pub(crate) fn shared(surroundings: Arc<dyn Surroundings>) -> Self {
        Self(surroundings)
    }
}

impl Surroundings for World {
    fn now(&self) -> At {
        self.0.now()
    }

    fn entropy(&self) -> Entropy {
        self.0.entropy()
    }
}

/// What an installation lives by: the machine's clock and chance.
#[cfg(not(feature = "test-clock"))]
pub(crate) fn world() -> anyhow::Result<World> {
    Ok(World::new(Real))
}

/// What an installation of the tests lives by: the clock in the file that `READMIT_TEST_CLOCK` names, else the machine's.
#[cfg(feature = "test-clock")]
#[expect(clippy::disallowed_methods, reason = "the home of the clock")]
pub(crate) fn world() -> anyhow::Result<World> {
    Ok(match std::env::var_os("READMIT_TEST_CLOCK") {
        Some(path) => World::new(FileClock::new(path.into())?),
        None => World::new(Real),
    })
}

/// The file with the places at which an installation of the tests dies, if it is to; `READMIT_TEST_DEATHS` names it.
#[cfg(feature = "test-clock")]
#[expect(clippy::disallowed_methods, reason = "the environment is read here")]
pub(crate) fn deaths() -> Option<std::path::PathBuf> {
    std::env::var_os("READMIT_TEST_DEATHS").map(Into::into)
}

/// A clock that a test moves by writing a file; chance is real. Absent from every build but the tests' own.
#[cfg(feature = "test-clock")]
pub struct FileClock {
    path: std::path::PathBuf,
}

#[cfg(feature = "test-clock")]
impl FileClock {
    /// The file holds one moment, RFC 3339.
    ///
    /// # Errors
    /// When the file cannot be read as that now; later on the last readable moment is not remembered either.
    pub fn new(path: std::path::PathBuf) -> anyhow::Result<Self> {
        let clock = Self { path };
        clock.read()?;
        Ok(clock)
    }

    fn read(&self) -> anyhow::Result<At> {
        let text = std::fs::read_to_string(&self.path)?;
        let format = &time::format_description::well_known::Rfc3339;
        Ok(time::OffsetDateTime::parse(text.trim(), format)?.into())
    }
}

#[cfg(feature = "test-clock")]
impl Surroundings for FileClock {
    fn now(&self) -> At {
        self.read().unwrap_or_else(|error| {
            tracing::error!(%error, "the test clock cannot be read");
            std::process::abort()
        })
    }

    fn entropy(&self) -> Entropy {
        Real.entropy()
    }
}
