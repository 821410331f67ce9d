//! How much processor time another process has taken, as the kernel counts it.

use std::fs;

/// The kernel counts in hundredths of a second on every Linux that we know.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds since the process began, in user and kernel mode.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    // The name in parentheses may hold spaces; after it come the state and then numbers, of which the 12th and 13th count.
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks = |field: usize| fields[field].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND
}
