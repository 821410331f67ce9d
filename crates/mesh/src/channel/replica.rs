//! One replica, and the task that keeps a connection to it. Only a replica that is connected gets calls.

use super::connector::{Connector, IN_PROCESS};
use backon::{BackoffBuilder, ExponentialBuilder};
use hyper::client::conn::http2::SendRequest;
use parking_lot::Mutex;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    time::{Instant, sleep},
};
use tokio_util::task::AbortOnDropHandle;
use tonic::body::Body;

/// Between any two attempts.
const MIN_PAUSE: Duration = Duration::from_millis(50);
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(100))
    .with_max_delay(Duration::from_secs(3))
    .without_max_times();
const SUSPECT_PERIOD: Duration = Duration::from_secs(5);

/// One replica.
pub(super) struct Replica {
    address: SocketAddr,
    link: Arc<Link>,
    /// Calls that it has not finished.
    busy: Arc<AtomicUsize>,
    _keeping: AbortOnDropHandle<()>,
}

/// What the task and the callers share.
#[derive(Default)]
struct Link {
    sender: Mutex<Option<SendRequest<Body>>>,
    /// A caller has nobody else to ask.
    wanted: Notify,
    /// How often connecting has failed.
    failures: AtomicUsize,
    /// Why, the last time, until it succeeds.
    last_error: Mutex<Option<String>>,
}

/// One call that is under way at a replica.
pub(super) struct InFlight {
    count: Arc<AtomicUsize>,
    answered: bool,
}

impl InFlight {
    /// The replica has answered.
    pub(super) fn answered(mut self) -> Self {
        self.answered = true;
        self
    }
}

impl Drop for InFlight {
    /// A call that was given up counts on for a while: a replica that is frozen must not look idle.
    fn drop(&mut self) {
        let count = self.count.clone();
        let done = move || count.fetch_sub(1, Ordering::Relaxed);
        match Handle::try_current() {
            Ok(runtime) if !self.answered => drop(runtime.spawn(async move {
                sleep(SUSPECT_PERIOD).await;
                done();
            })),
            _ => drop(done()),
        }
    }
}

impl Replica {
    /// Connects from now on; `news` is told of each success and failure.
    pub(super) fn new(address: SocketAddr, connector: Arc<Connector>, news: watch::Sender<()>) -> Self {
        let link = Arc::<Link>::default();
        let keeping = AbortOnDropHandle::new(tokio::spawn(run(address, connector, link.clone(), news)));
        Self { address, link, busy: Arc::default(), _keeping: keeping }
    }

    /// What sends calls to it, while it is connected.
    pub(super) fn sender(&self) -> Option<SendRequest<Body>> {
        let sender = self.link.sender.lock();
        sender.as_ref().filter(|sender| !sender.is_closed()).cloned()
    }

    /// Where it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many calls it has not finished.
    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// Counts a call until that is dropped.
    pub(super) fn begin(&self) -> InFlight {
        self.busy.fetch_add(1, Ordering::Relaxed);
        InFlight { count: self.busy.clone(), answered: false }
    }

    /// Connects without waiting any longer.
    pub(super) fn connect_now(&self) {
        self.link.wanted.notify_one();
    }

    /// Why it could not be connected, while it cannot.
    pub(super) fn last_error(&self) -> Option<String> {
        self.link.last_error.lock().clone()
    }

    /// Rises with each attempt to connect that fails.
    pub(super) fn failures(&self) -> usize {
        self.link.failures.load(Ordering::Acquire)
    }
}

async fn run(address: SocketAddr, connector: Arc<Connector>, link: Arc<Link>, news: watch::Sender<()>) {
    let mut pauses = None;
    loop {
        let began = Instant::now();
        match connector.connect(address).await {
            Ok((sender, carrier)) => {
                pauses = None;
                link.put(Some(sender));
                link.explain(None);
                news.send_replace(());
                // Over when the peer leaves or takes no new calls; those under way go on by themselves.
                let _ = carrier.await;
                link.put(None);
            }
            Err(error) => {
                // A role of this process is away only while all of it stops.
                if pauses.is_none() && address != IN_PROCESS {
                    tracing::info!(%address, error, "no connection, trying again");
                }
                pauses.get_or_insert_with(|| BACKOFF.build());
                link.explain(Some(error.to_string()));
                link.failures.fetch_add(1, Ordering::Release);
                news.send_replace(());
            }
        }
        // However much it is wanted, attempts keep a distance, and so do connections that are lost at once.
        sleep(MIN_PAUSE.saturating_sub(began.elapsed())).await;
        if let Some(longest) = pauses.as_mut().and_then(Iterator::next) {
            tokio::select! {
                // Anywhere up to that, so that those who lost the same replica do not return together.
                () = sleep(longest.mul_f64(fastrand::f64())) => {}
                () = link.wanted.notified() => {}
            }
        }
    }
}

impl Link {
    fn explain(&self, last_error: Option<String>) {
        *self.last_error.lock() = last_error;
    }

    fn put(&self, sender: Option<SendRequest<Body>>) {
        *self.sender.lock() = sender;
    }
}
