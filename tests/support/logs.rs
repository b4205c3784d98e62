//! Everything that was logged in this process, kept to be searched.

use std::io::Write;
use std::sync::{Mutex, MutexGuard};

/// Lines that a failing test shows.
const LAST: usize = 40;

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps what is logged from now on, down to the finest level of our own code.
pub(crate) fn keep() {
    let filter = tracing_subscriber::EnvFilter::new(
        "info,readmit=trace,readmit_web=trace,readmit_worker=trace,readmit_storage=trace",
    );
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(|| Writer)
        .try_init();
}

pub(crate) fn all() -> Vec<u8> {
    lock().clone()
}

/// Prints the last of what was logged when a test fails while it holds this.
pub(crate) struct ToldOnPanic;

impl Drop for ToldOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let all = all();
            let text = String::from_utf8_lossy(&all);
            let last: Vec<&str> = text.lines().rev().take(LAST).collect();
            eprintln!("the last of the logs (of all tests in this process):");
            last.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

fn lock() -> MutexGuard<'static, Vec<u8>> {
    LOGS.lock().unwrap()
}

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        lock().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
