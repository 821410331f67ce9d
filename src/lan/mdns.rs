//! Tells the network by multicast DNS where the shop's name leads. Where multicast does not get through, or somebody else
//! has the name, it says so; the shop itself works all the same.

use mdns_sd::{DaemonEvent, Receiver, ServiceDaemon, ServiceInfo};
use std::net::IpAddr;

const KIND: &str = "_https._tcp.local.";

/// Answers for one name, as multicast DNS calls it.
pub struct Responder {
    daemon: ServiceDaemon,
    events: Receiver<DaemonEvent>,
    name: String,
    port: u16,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The network was told.
    Announced,
    /// Somebody else has the name, so this is ours.
    Renamed(String),
    /// Something went wrong.
    Failed(String),
}

impl Responder {
    /// For a name such as `comanda.local`, and what is served there.
    pub fn new(name: &str, port: u16) -> Result<Self, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let events = daemon.monitor()?;
        Ok(Self { daemon, events, name: name.to_owned(), port })
    }

    /// Announces it for these addresses, in place of those before.
    pub fn announce(&self, addresses: &[IpAddr]) -> Result<(), mdns_sd::Error> {
        let label = self.name.trim_end_matches(".local");
        let path = [("path", "/confiar")];
        let service = ServiceInfo::new(KIND, label, &format!("{}.", self.name), addresses, self.port, &path[..])?;
        self.daemon.register(service)
    }

    /// Waits for the next; may be dropped at any time.
    pub async fn next(&self) -> Event {
        loop {
            match self.events.recv_async().await {
                Ok(event) => {
                    if let Some(event) = reported(event) {
                        return event;
                    }
                }
                Err(_) => return std::future::pending().await,
            }
        }
    }
}

impl Drop for Responder {
    /// Says goodbye, so that nobody comes in vain.
    fn drop(&mut self) {
        let _ = self.daemon.shutdown();
    }
}

fn reported(event: DaemonEvent) -> Option<Event> {
    match event {
        DaemonEvent::Announce(..) => Some(Event::Announced),
        DaemonEvent::NameChange(change) => {
            let name = change.new_name.trim_end_matches('.');
            // The name of the service as well may have been taken, which matters to nobody.
            (name.matches('.').count() == 1).then(|| Event::Renamed(name.to_lowercase()))
        }
        DaemonEvent::Error(error) => Some(Event::Failed(error.to_string())),
        _ => None,
    }
}
