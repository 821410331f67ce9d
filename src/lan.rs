//! The shop's own network. Staff's devices keep their screens awake and work offline only where they were reached by TLS, and
//! no authority of the world vouches for a private address. So a shop in a box may have a CA of its own, which can vouch
//! for nothing else; a second port, whose certificate follows the machine's addresses; and a name, by multicast DNS.

mod addresses;
mod leaf;
mod mdns;

use crate::{Failure, config::LanConfig, wiring};
use comanda_gateway::Lan;
use comanda_telemetry::health::Health;
use comanda_tls::Identity;
use leaf::Leaf;
use mdns::{Event, Responder};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    time::{Duration, SystemTime},
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// Of the data folder.
const FOLDER: &str = "lan";
const INTERVAL: Duration = Duration::from_secs(5);
/// Telling the network takes a second where that is possible at all.
const ANNOUNCED_BY: Duration = Duration::from_secs(3);

/// The network of a shop that serves.
pub struct Network {
    pub listener: TcpListener,
    pub identity: Identity,
    pub now: watch::Receiver<Lan>,
}

/// How customers reach the shop.
pub struct Customers {
    /// What is set.
    pub public: Option<String>,
    /// Where the ordinary port listens.
    pub listening: SocketAddr,
    pub by_tls: bool,
}

impl Network {
    /// Looks after the certificate and the name until `shutdown`.
    pub fn open(
        config: &LanConfig,
        listener: TcpListener,
        customers: Customers,
        (data_dir, health): (&Path, &Health),
        shutdown: &CancellationToken,
    ) -> Result<Self, Failure> {
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let mut leaf = Leaf::open(&data_dir.join(FOLDER))?;
        let addresses = addresses::now(&config.addresses).map_err(|error| format!("COMANDA_LAN: {error}"))?;
        let ca = CertificateDer::from_pem_slice(leaf.ca().as_bytes()).map_err(|error| error.to_string())?;
        let lan = Lan {
            customers: customers.address(&addresses),
            names: vec![config.name.clone()],
            announced: false,
            addresses,
            port,
            ca: ca.as_ref().into(),
            fingerprint: fingerprint(&ca),
        };
        leaf.keep_current(&hosts(&lan), SystemTime::now())?;
        let identity = Identity::for_browsers(leaf.folder()).map_err(|why| format!("COMANDA_DATA_DIR: {why}"))?;
        let identity = wiring::followed(identity, health, shutdown);
        let (sender, now) = watch::channel(lan);
        let keeper = Keeper { set: config.addresses.clone(), customers, leaf, responder: None, now: sender };
        tokio::spawn(shutdown.clone().run_until_cancelled_owned(keeper.keep()));
        Ok(Self { listener, identity, now })
    }
}

/// How it is once the name is announced, or cannot be.
pub async fn settled(mut now: watch::Receiver<Lan>) -> Lan {
    if timeout(ANNOUNCED_BY, now.wait_for(|lan| lan.announced)).await.is_err() {
        tracing::warn!(
            "the shop's name cannot be announced in this network, which lets no multicast through; it is found by its \
             address"
        );
    }
    now.borrow().clone()
}

/// Keeps all of it current.
struct Keeper {
    set: Vec<IpAddr>,
    customers: Customers,
    leaf: Leaf,
    responder: Option<Responder>,
    now: watch::Sender<Lan>,
}

impl Keeper {
    async fn keep(mut self) {
        self.announce();
        let mut ticks = tokio::time::interval(INTERVAL);
        let mut logged = String::new();
        loop {
            let event = tokio::select! {
                event = next(self.responder.as_ref()) => Some(event),
                _ = ticks.tick() => None,
            };
            match event {
                Some(event) => self.hear(event),
                None => self.look(),
            }
            let why = self.renew().err().map_or_else(String::new, |why| why.to_string());
            if !why.is_empty() && why != logged {
                tracing::error!(why, "the certificate of the shop's network cannot be renewed");
            }
            logged = why;
        }
    }

    /// What the network says to the name.
    fn hear(&mut self, event: Event) {
        match event {
            Event::Announced => {
                self.now.send_if_modified(|lan| !std::mem::replace(&mut lan.announced, true));
            }
            Event::Renamed(name) => self.rename(name),
            Event::Failed(why) => tracing::debug!(why, "multicast DNS"),
        }
    }

    fn rename(&mut self, name: String) {
        let Some(taken) = self.now.borrow().names.first().cloned() else { return };
        tracing::warn!(
            taken,
            name,
            "another machine in this network has the shop's name, so this shop is found by the next one; give each shop its \
             own by COMANDA_LAN_NAME"
        );
        self.now.send_modify(|lan| {
            lan.names.truncate(1);
            lan.names.push(name);
        });
    }

    /// Whether the machine has other addresses.
    fn look(&mut self) {
        match addresses::now(&self.set) {
            Ok(found) if found == self.now.borrow().addresses => {}
            Ok(found) => {
                tracing::info!(addresses = ?found, "this machine is found under other addresses");
                let customers = self.customers.address(&found);
                self.now.send_modify(|lan| (lan.customers, lan.addresses) = (customers, found));
                self.announce();
            }
            Err(error) => tracing::debug!(%error, "the machine's addresses cannot be read"),
        }
    }

    fn renew(&mut self) -> Result<(), Failure> {
        let hosts = hosts(&self.now.borrow());
        self.leaf.keep_current(&hosts, SystemTime::now()).map(drop)
    }

    /// Tells the network where the name leads; nowhere while there is no address.
    fn announce(&mut self) {
        let lan = self.now.borrow().clone();
        if lan.addresses.is_empty() {
            tracing::warn!("this machine has no private address, so no device of its network finds the shop");
            return;
        }
        let announced = match self.responder.take() {
            Some(responder) => Ok(responder),
            None => Responder::new(&lan.names[0], lan.port),
        };
        let announced = announced.and_then(|responder| responder.announce(&lan.addresses).map(|()| responder));
        self.responder =
            announced.inspect_err(|error| tracing::warn!(%error, "the shop's name cannot be announced")).ok();
    }
}

async fn next(responder: Option<&Responder>) -> Event {
    match responder {
        Some(responder) => responder.next().await,
        None => std::future::pending().await,
    }
}

/// Whatever a device may call this shop.
fn hosts(lan: &Lan) -> Vec<String> {
    lan.names.iter().cloned().chain(lan.addresses.iter().map(ToString::to_string)).collect()
}

impl Customers {
    /// Their address: what is set, else the first of these, else where the port listens.
    fn address(&self, addresses: &[IpAddr]) -> String {
        let ip = match (self.listening.ip(), addresses) {
            (own, _) if !own.is_unspecified() => own,
            (_, [first, ..]) => *first,
            (_, []) => Ipv4Addr::LOCALHOST.into(),
        };
        let scheme = if self.by_tls { "https" } else { "http" };
        let own = || format!("{scheme}://{}", SocketAddr::new(ip, self.listening.port()));
        self.public.clone().unwrap_or_else(own)
    }
}

/// The SHA-256 of a certificate, as devices show it.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes = Sha256::digest(certificate);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests;
