//! A process that never outlives the test binary, not even when that is killed with SIGKILL.
//!
//! Each process gets a *leash*: a tiny shell that waits for the end of a pipe whose other end only the test binary
//! holds. The kernel closes the pipe however the binary dies, and the leash then kills the process and its descendants.
//! To leave no gap, the process itself waits until its leash is on. Signals go to pids and their descendants, never to
//! names, and not to process groups, because the servers move their children to groups of their own.

use super::{eventually::eventually, port::Port};
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Long enough for a graceful stop with open streams.
const STOP_DEADLINE: Duration = Duration::from_secs(30);

/// How much of a log helps to understand a failed test.
const TAIL_LINES: usize = 40;

/// Prints a pid and all its descendants.
const TREE: &str = r#"tree() { for pid; do echo "$pid"; tree $(cat "/proc/$pid/task/"*/children 2>/dev/null); done; }"#;

/// A running program, its log and its leash; killed when dropped.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    leash: Option<Leash>,
}

/// A command for [`Process::spawn`], in an environment of only PATH and HOME; add arguments and variables as usual.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"read -r leashed && exec "$@" </dev/null"#, "sh"]).arg(program).env_clear();
    for kept in ["PATH", "HOME"] {
        command.envs(std::env::var_os(kept).map(|value| (kept, value)));
    }
    command
}

impl Process {
    /// Starts what [`command`] made. Both its outputs are appended to the log.
    pub fn spawn(name: &str, mut command: Command, log: &Path) -> Self {
        let output = File::options().create(true).append(true).open(log).expect("the log can be written");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(output.try_clone().expect("the log can be shared"))
            .stderr(output)
            // Ctrl-C in a terminal is for the test binary; the leash does the rest.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let leash = Leash::new(&format!("{TREE}; kill -s KILL $(tree \"$1\")"), child.id().to_string());
        // Fails only when the shell died already, which the caller learns from `exited`.
        let _ = child.stdin.take().expect("stdin is piped").write_all(b"leashed\n");
        Self { name: name.to_owned(), child, log: log.to_owned(), leash: Some(leash) }
    }

    /// The pid of the process itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The pids of the process and of all its descendants.
    pub fn pids(&self) -> Vec<u32> {
        let output = shell(&format!("{TREE}; tree \"$1\"")).arg(self.pid().to_string()).output();
        let output = output.expect("sh runs").stdout;
        String::from_utf8_lossy(&output).lines().filter_map(|pid| pid.parse().ok()).collect()
    }

    /// Stops the process and its descendants at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.signal_tree("KILL");
        self.reap();
    }

    /// The same for the process without its descendants.
    pub fn kill_alone(&mut self) {
        self.child.kill().expect("our own process may be killed");
        self.reap();
    }

    /// Sends the process a signal, such as TERM, if it still runs.
    pub fn signal(&mut self, signal: &str) {
        if self.exited().is_none() {
            shell("kill -s \"$1\" \"$2\"").arg(signal).arg(self.pid().to_string()).status().expect("sh runs");
        }
    }

    /// Asks the process to stop by a signal, such as TERM, and waits for its end; `None` when it does not come.
    pub fn stop(&mut self, signal: &str) -> Option<ExitStatus> {
        self.signal(signal);
        let deadline = Instant::now() + STOP_DEADLINE;
        while self.exited().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        self.exited()
    }

    /// Freezes the process and its descendants: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.signal_tree("STOP");
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.signal_tree("CONT");
    }

    /// Waits until something accepts connections at its port.
    ///
    /// # Panics
    /// It ends before that.
    pub async fn until_listening(&mut self, port: &Port) {
        eventually(&format!("{} listens", self.name), async || {
            assert!(self.exited().is_none(), "{} has ended: {}", self.name, self.log());
            tokio::net::TcpStream::connect(port.address()).await
        })
        .await;
    }

    /// How the process ended, if it did.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().expect("a child can be waited for");
        if status.is_some() {
            // Its pid may now become another's.
            self.leash = None;
        }
        status
    }

    /// All that it and its predecessors on the same log have written.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Shows the end of the log to whoever wants to know why a test failed.
    fn show_log(&self) {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
        eprintln!("--- the end of the log of {} ---\n{tail}", self.name);
    }

    fn reap(&mut self) {
        self.child.wait().expect("a killed process ends");
        self.leash = None;
    }

    fn signal_tree(&mut self, signal: &str) {
        if self.exited().is_none() {
            let script = format!("{TREE}; kill -s \"$1\" $(tree \"$2\")");
            shell(&script).arg(signal).arg(self.pid().to_string()).status().expect("sh runs");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if thread::panicking() {
            self.show_log();
        }
        self.kill();
    }
}

/// A shell that runs a script once the test binary is gone, and not at all when dropped before.
pub struct Leash(Child);

impl Leash {
    /// The argument is the script's `$1`.
    pub fn new(script: &str, argument: impl AsRef<OsStr>) -> Self {
        let child = shell(&format!("read -r never; {script}"))
            .arg(argument)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("sh runs");
        Self(child)
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// True while a process of this pid lives; a zombie does not.
pub fn still_running(pid: u32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).stderr(Stdio::null());
    command
}
