//! What another process has taken, as the kernel counts it: processor time and memory.

use std::fs;

/// The kernel counts in hundredths of a second on every Linux that we know.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds since the process began, in user and kernel mode.
pub fn cpu_seconds(pid: u32) -> f64 {
    ticks(pid).map_or(0.0, |[user, kernel, ..]| user + kernel) / TICKS_PER_SECOND
}

/// The same for these processes and all that they have waited for.
pub fn cpu_seconds_of_all(pids: &[u32]) -> f64 {
    pids.iter().filter_map(|pid| ticks(*pid)).flatten().sum::<f64>() / TICKS_PER_SECOND
}

/// In user and kernel mode, its own and that of its ended children; `None` when it has ended.
fn ticks(pid: u32) -> Option<[f64; 4]> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold spaces; after it come the state and then numbers, of which the 12th to 15th count.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |field: usize| fields[field].parse::<f64>().expect("a number");
    Some([ticks(11), ticks(12), ticks(13), ticks(14)])
}

/// Kibibytes of memory that it holds.
pub fn resident_kib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the kernel says so");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
