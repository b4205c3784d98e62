//! Starts the child process in which a picture is opened, and ends it when it takes too long (EV-04). This crate links no
//! decoder: whatever a picture does, it does to the child.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use readmit_core::inspection::Request;
use readmit_core::inspection::frame::{self, NoFrame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use crate::ports::Opened;

/// Runs inspections, a few at a time.
#[derive(Debug)]
pub struct Inspector {
    /// The program with its hidden command `inspect`: this very one.
    program: PathBuf,
    seats: Semaphore,
    at_a_time: usize,
}

/// Why there is no answer. The picture may be at fault, so this is never tried for ever.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    #[error("the inspection could not be started: {0}")]
    NotStarted(std::io::Error),
    #[error("the inspection took too long")]
    TooLong,
    /// It broke its limits, or crashed.
    #[error("the inspection ended without an answer")]
    Died,
}

impl From<NoFrame> for NoAnswer {
    fn from(_: NoFrame) -> Self {
        Self::Died
    }
}

/// Pictures that are inspected side by side, where nobody says otherwise.
pub const SEATS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
/// How long one may take: a second or two is usual, and the child's own limit of processor time lies below.
const PATIENCE: Duration = Duration::from_secs(40);
/// The longest answer: a copy of 40 megapixels without loss.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

impl Inspector {
    /// Never more pictures at a time than this: each may take a core and a gigabyte (EV-04).
    #[must_use]
    pub fn new(program: PathBuf, at_a_time: NonZeroUsize) -> Self {
        Self {
            program,
            seats: Semaphore::new(at_a_time.get()),
            at_a_time: at_a_time.get(),
        }
    }

    #[must_use]
    pub const fn at_a_time(&self) -> usize {
        self.at_a_time
    }

    /// Inspects one picture in a child of its own.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn inspect(&self, request: &Request, picture: &[u8]) -> Result<Opened, NoAnswer> {
        let _seat = self.seats.acquire().await.map_err(|_| NoAnswer::Died)?;
        let question = frame::encode(request, &[picture])?;
        let child = self.start().map_err(NoAnswer::NotStarted)?;
        let answer = tokio::time::timeout(PATIENCE, ask(child, &question)).await;
        let answer = answer.map_err(|_| NoAnswer::TooLong)?.map_err(|_| NoAnswer::Died)?;
        let (report, [copy, thumbnail]) = frame::decode(&answer)?;
        Ok(Opened {
            report,
            copy: copy.to_vec(),
            thumbnail: thumbnail.to_vec(),
            scanner: None,
        })
    }

    /// A child without environment or working folder of ours, gone when it is dropped.
    fn start(&self) -> std::io::Result<Child> {
        Command::new(&self.program)
            .arg("inspect")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

async fn ask(mut child: Child, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let gone = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    let mut input = child.stdin.take().ok_or_else(gone)?;
    let output = child.stdout.take().ok_or_else(gone)?;
    input.write_all(question).await?;
    drop(input);
    let mut answer = Vec::new();
    output.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    if child.wait().await?.success() {
        Ok(answer)
    } else {
        Err(gone())
    }
}
