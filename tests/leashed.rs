//! On the leash of the child that opens pictures, tries what it must not be able to do, and says `refused` or `done`. Tests
//! start it: no picture that we know of gets that far (EV-04).

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::TcpStream;
use std::process::ExitCode;

use readmit_inspect::child::{Broken, Leash, shut};

fn main() -> Result<ExitCode, Broken> {
    let mut arguments = std::env::args().skip(1);
    let (what, at) = (
        arguments.next().unwrap_or_default(),
        arguments.next().unwrap_or_default(),
    );
    // Files that were opened before are open still, as a child's pipes are.
    let before = OpenOptions::new().append(true).open(&at);
    Leash::default().put_on()?;
    if what == "large" {
        // Ends the process where it is refused.
        let much = vec![1u8; 2 << 30];
        return Ok(said(much.iter().all(|byte| *byte == 1)));
    }
    shut()?;
    Ok(said(match what.as_str() {
        "write" => before.and_then(|mut file| file.write_all(b"left behind")).is_ok(),
        "open" => File::open(&at).is_ok(),
        "make" => File::create(format!("{at}.new")).is_ok(),
        "connect" => TcpStream::connect(&at).is_ok(),
        _ => return Ok(ExitCode::FAILURE),
    }))
}

fn said(done: bool) -> ExitCode {
    let word = if done { "done" } else { "refused" };
    let told = writeln!(std::io::stdout(), "{word}");
    if told.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
