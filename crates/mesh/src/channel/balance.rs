//! The replicas of one role, and which of them gets a call: of two at random the one with fewer calls under way. A call
//! that nobody has read yet goes to another one.

use super::{
    connector::{CONNECT_TIMEOUT, Connector},
    replayable_request::ReplayableRequest,
    replica::{InFlight, Replica},
};
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http2::SendRequest},
};
use parking_lot::RwLock;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    net::SocketAddr,
    sync::Arc,
};
use tokio::{sync::watch, time::timeout};
use tonic::body::Body;

/// A replica that takes no new calls may be met more than once, when several leave.
const MAX_REDISPATCHES: usize = 4;

/// Why a call got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nobody has received it.
    Unsent,
    /// It may have been received, and done.
    Lost,
    /// Its deadline passed.
    TooLate,
}

/// The replica that gets a call.
struct Picked {
    address: SocketAddr,
    sender: SendRequest<Body>,
    busy: InFlight,
}

/// The replicas.
pub(super) struct Balance {
    connector: Arc<Connector>,
    replicas: RwLock<BTreeMap<SocketAddr, Arc<Replica>>>,
    /// That a replica was connected, or could not be.
    news: watch::Sender<()>,
}

impl Balance {
    /// None yet.
    pub(super) fn new(connector: Connector) -> Arc<Self> {
        Arc::new(Self { connector: connector.into(), replicas: RwLock::default(), news: watch::Sender::new(()) })
    }

    /// Makes these the replicas. Who stays keeps his connection; who leaves finishes what he has.
    pub(super) fn set(&self, addresses: BTreeSet<SocketAddr>) {
        let mut replicas = self.replicas.write();
        replicas.retain(|address, _| addresses.contains(address));
        for address in addresses {
            let new = || Arc::new(Replica::new(address, self.connector.clone(), self.news.clone()));
            replicas.entry(address).or_insert_with(new);
        }
        drop(replicas);
        self.news.send_replace(());
    }

    /// Each of them alone.
    pub(super) fn each(&self) -> Vec<Arc<Self>> {
        let replicas = self.replicas.read();
        let alone = |(address, replica): (&SocketAddr, &Arc<Replica>)| {
            let replicas = RwLock::new(BTreeMap::from([(*address, replica.clone())]));
            Arc::new(Self { connector: self.connector.clone(), replicas, news: self.news.clone() })
        };
        replicas.iter().map(alone).collect()
    }

    /// Why one of them is not connected; `None` when all are, or nothing is known yet.
    pub(super) fn last_error(&self) -> Option<String> {
        self.all().iter().find_map(|replica| replica.last_error())
    }

    /// Sends a call to one of them, and to another one as long as nobody has worked on it.
    pub(super) async fn send(
        &self,
        replayable_request: &mut ReplayableRequest,
    ) -> Result<(Response<Incoming>, InFlight), Failure> {
        for _ in 0..MAX_REDISPATCHES {
            let picked = self.ready(replayable_request.avoid).await.ok_or(Failure::Unsent)?;
            let request = replayable_request.copy().ok_or(Failure::Lost)?;
            replayable_request.avoid = Some(picked.address);
            match dispatch(picked.sender, request).await {
                Ok(response) => return Ok((response, picked.busy.answered())),
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) => replayable_request.take_back(unsent),
                    None if was_untouched(failed.error()) => {}
                    None => return Err(Failure::Lost),
                },
            }
        }
        Err(Failure::Unsent)
    }

    /// One that is connected. When none is, all are tried at once; `None` when that fails.
    async fn ready(&self, avoid: Option<SocketAddr>) -> Option<Picked> {
        if let Some(picked) = self.pick(avoid) {
            return Some(picked);
        }
        let mut news = self.news.subscribe();
        let before = self.all().into_iter().map(|replica| (replica.failures(), replica)).collect::<Vec<_>>();
        for (_, replica) in &before {
            replica.connect_now();
        }
        let connected = async {
            loop {
                if let Some(picked) = self.pick(avoid) {
                    return Some(picked);
                }
                if !before.is_empty() && before.iter().all(|(failures, replica)| replica.failures() > *failures) {
                    return None;
                }
                news.changed().await.ok()?;
            }
        };
        timeout(CONNECT_TIMEOUT, connected).await.ok().flatten()
    }

    /// The one to avoid only if there is no other.
    fn pick(&self, avoid: Option<SocketAddr>) -> Option<Picked> {
        let mut connected = self.all();
        connected.retain(|replica| replica.sender().is_some());
        if connected.len() > 1 {
            connected.retain(|replica| Some(replica.address()) != avoid);
        }
        let picked = less_busy_of_two(&connected)?;
        Some(Picked { address: picked.address(), sender: picked.sender()?, busy: picked.begin() })
    }

    fn all(&self) -> Vec<Arc<Replica>> {
        self.replicas.read().values().cloned().collect()
    }
}

/// Keeps no sender while it waits. A request that is handed over just as its connection ends may be left in the
/// connection's queue, where nobody looks any more; it comes back when the queue goes, with the last sender.
fn dispatch(
    mut sender: SendRequest<Body>,
    request: Request<Body>,
) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Body>>>> {
    sender.try_send_request(request)
}

/// Of two at random, either where both have the same.
fn less_busy_of_two(connected: &[Arc<Replica>]) -> Option<&Arc<Replica>> {
    let first = fastrand::usize(..connected.len().max(1));
    let second = (first + fastrand::usize(1..connected.len().max(2))) % connected.len().max(1);
    [connected.get(first)?, connected.get(second)?].into_iter().min_by_key(|replica| replica.busy())
}

/// Whether the peer says that it has not looked at the request: it was leaving, or refused the stream.
fn was_untouched(error: &hyper::Error) -> bool {
    let Some(cause) = error.source().and_then(<dyn Error>::downcast_ref::<h2::Error>) else { return false };
    cause.is_remote()
        && (cause.is_go_away() && cause.reason() == Some(h2::Reason::NO_ERROR)
            || cause.is_reset() && cause.reason() == Some(h2::Reason::REFUSED_STREAM))
}
