//! The child process in which pictures are opened: it takes one request on standard input, gives up everything that it
//! does not need, and answers on standard output (EV-04).

use std::io::{Read, Write};

use readmit_core::inspection::Request;
use readmit_core::inspection::frame;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::read::{Reader, SmallModels};
use crate::{Demands, Pack, Shared, inspect};

/// What the child may use. The parent ends it as well when it takes too long.
#[derive(Clone, Copy, Debug)]
pub struct Leash {
    /// Address space, in bytes.
    pub memory: u64,
    /// Processor time, in seconds: several times what the largest picture takes, for machines that are slow.
    pub seconds: u64,
}

impl Leash {
    /// Takes what the process may use, for good.
    ///
    /// # Errors
    /// [`Broken::Leash`].
    pub fn put_on(self) -> Result<(), Broken> {
        limit(Resource::As, self.memory)?;
        limit(Resource::Cpu, self.seconds)?;
        limit(Resource::Fsize, 0)?;
        Ok(limit(Resource::Core, 0)?)
    }
}

/// From here on nothing can be opened, for good: neither a file nor a connection.
///
/// # Errors
/// [`Broken::Leash`].
pub fn shut() -> Result<(), Broken> {
    Ok(limit(Resource::Nofile, 0)?)
}

impl Default for Leash {
    fn default() -> Self {
        Self {
            memory: 1024 * 1024 * 1024,
            seconds: 20,
        }
    }
}

/// By how much nicer than its parent it is.
const NICE: i32 = 5;
/// The longest request: a picture of 15 MiB with its packs and a ledger.
const LONGEST_REQUEST: u64 = 32 * 1024 * 1024;

/// Why the child has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("the pipe broke: {0}")]
    Pipe(#[from] std::io::Error),
    #[error(transparent)]
    Frame(#[from] frame::NoFrame),
    #[error("a rule pack does not read: {0}")]
    Pack(String),
    #[error("the limits could not be set: {0}")]
    Leash(#[from] rustix::io::Errno),
}

/// Takes a request, and answers it. From the moment that the request is in and the models are open, nothing more can be
/// opened: neither a file nor a connection.
///
/// # Errors
/// [`Broken`]; then there is no answer.
pub fn run(mut input: impl Read, mut output: impl Write, leash: Leash) -> Result<(), Broken> {
    // Pages come first: reading can wait. Where it may not be nicer, it reads all the same.
    let _ = rustix::process::nice(NICE);
    leash.put_on()?;
    let mut frame = Vec::new();
    input.by_ref().take(LONGEST_REQUEST).read_to_end(&mut frame)?;
    let (request, [picture]) = frame::decode::<Request, 1>(&frame)?;
    let models = request
        .models
        .as_deref()
        .and_then(|folder| SmallModels::load(folder).ok());
    shut()?;
    let answer = answer(&request, picture, models.as_ref().map(|models| models as &dyn Reader))?;
    output.write_all(&answer)?;
    Ok(output.flush()?)
}

fn answer(request: &Request, picture: &[u8], reader: Option<&dyn Reader>) -> Result<Vec<u8>, Broken> {
    let told = |faults: Vec<readmit_core::workflow::Fault>| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Broken::Pack(faults.join("; "))
    };
    let shared = Shared::read(&request.rules.every).map_err(told)?;
    let pack = Pack::read(&request.rules.pack).map_err(told)?;
    let demands = Demands {
        shared: &shared,
        pack: &pack,
        context: &request.context,
    };
    let inspected = inspect(picture, &demands, reader);
    Ok(frame::encode(
        &inspected.report,
        &[&inspected.copy, &inspected.thumbnail],
    )?)
}

fn limit(resource: Resource, most: u64) -> Result<(), rustix::io::Errno> {
    let most = Some(most);
    setrlimit(
        resource,
        Rlimit {
            current: most,
            maximum: most,
        },
    )
}
