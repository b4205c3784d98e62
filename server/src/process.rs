//! What this process costs its machine, as Linux tells it (proc(5)), under the names that Prometheus's own clients use.

use std::fs::{read_dir, read_to_string};

/// How many ticks of `/proc` make a second: USER_HZ, the same on every architecture that we are built for.
const TICKS: f64 = 100.0;
/// Fields of `/proc/self/stat` after the name in parentheses, which may hold anything.
const USER: usize = 11;
const SYSTEM: usize = 12;
const STARTED: usize = 19;

/// A figure: its name, kind, meaning and value.
pub(crate) type Figure = (&'static str, &'static str, &'static str, f64);

/// All of them; none where there is no `/proc`.
pub(crate) fn figures() -> Vec<Figure> {
    let stat = read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    let cpu = ticks(USER)
        .zip(ticks(SYSTEM))
        .map(|(user, system)| (user + system) / TICKS);
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    let memory = field(&status, "VmRSS:").map(|kilobytes| kilobytes * 1024.0);
    let boot = field(&read_to_string("/proc/stat").unwrap_or_default(), "btime ");
    let started = boot.zip(ticks(STARTED)).map(|(boot, since)| boot + since / TICKS);
    // The one by which they are counted is not among those that stay open.
    let open = read_dir("/proc/self/fd")
        .ok()
        .map(|files| files.count().saturating_sub(1));
    let open = open.and_then(|open| u32::try_from(open).ok()).map(f64::from);
    let all = [
        (
            "process_cpu_seconds_total",
            "counter",
            "Processor time of this process, in seconds.",
            cpu,
        ),
        (
            "process_resident_memory_bytes",
            "gauge",
            "Memory of this process that is not swapped out, in bytes.",
            memory,
        ),
        (
            "process_start_time_seconds",
            "gauge",
            "When this process started, in seconds since 1970.",
            started,
        ),
        (
            "process_open_fds",
            "gauge",
            "Files and connections that this process has open.",
            open,
        ),
    ];
    let told = |(name, kind, help, value): (_, _, _, Option<f64>)| Some((name, kind, help, value?));
    all.into_iter().filter_map(told).collect()
}

/// The number after a word at the beginning of a line.
fn field(text: &str, word: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(word))?;
    rest.split_whitespace().next()?.parse().ok()
}
