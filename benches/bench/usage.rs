//! What another process has taken, as the kernel counts it: processor time, sleeps and memory.

use super::report::{Goal, Row};
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

/// What processes have taken so far, or for each call.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Microseconds of processor time in their own code.
    own: f64,
    /// In the kernel's.
    kernel: f64,
    /// How often a thread had nothing to do and was put to sleep, to be woken for it.
    sleeps: f64,
}

impl Usage {
    /// So far.
    pub fn of(pids: &[u32]) -> Self {
        let micros = |ticks: f64| ticks * 1e6 / TICKS_PER_SECOND;
        let taken: Vec<_> = pids.iter().filter_map(|pid| ticks(*pid)).collect();
        let own = taken.iter().map(|[own, ..]| micros(*own)).sum();
        let kernel = taken.iter().map(|[_, kernel, ..]| micros(*kernel)).sum();
        Self { own, kernel, sleeps: sleeps(pids) }
    }

    /// By these processes since then, for each of so many calls.
    pub fn each_since(self, pids: &[u32], calls: u64) -> Self {
        let (now, each) = (Self::of(pids), |now: f64, before: f64| (now - before) / calls as f64);
        Self {
            own: each(now.own, self.own),
            kernel: each(now.kernel, self.kernel),
            sleeps: each(now.sleeps, self.sleeps),
        }
    }
}

/// Processor time per call, beside what makes it hang on the machine: each machine has its own price for the kernel's
/// work, for the programs' own, and for a sleep.
pub fn rows((work, peer): (&'static str, &'static str), pairs: &[(Usage, Usage)], goal: Goal) -> Vec<Row> {
    let row = |work, unit, of: fn(&Usage) -> f64, goal| {
        let pairs: Vec<_> = pairs.iter().map(|(ours, theirs)| (of(ours), of(theirs))).collect();
        Row::of((work, peer, unit), &pairs, goal)
    };
    vec![
        row(work, "µs", |usage| usage.own + usage.kernel, goal),
        row("the same: in its own code", "µs", |usage| usage.own, Goal::None),
        row("the same: in the kernel", "µs", |usage| usage.kernel, Goal::None),
        row("the same: sleeps, per 1,000 calls", "", |usage| usage.sleeps * 1000.0, Goal::None),
    ]
}

/// How often the threads of these processes were put to sleep so far.
pub fn sleeps(pids: &[u32]) -> f64 {
    let threads = pids.iter().filter_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).ok()).flatten().flatten();
    let sleeps = threads.filter_map(|thread| {
        let status = fs::read_to_string(thread.path().join("status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?.trim().parse::<f64>().ok()
    });
    sleeps.sum()
}

/// Kibibytes of memory that it holds.
pub fn resident_kib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the kernel says so");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
