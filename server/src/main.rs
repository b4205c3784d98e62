//! `readmit`: see `readmit --help`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    readmit::run(readmit::cli::Arguments::parse())
}
