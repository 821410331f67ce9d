//! A TCP proxy that stands for the network: it delays, swallows and cuts what passes. It lives on the runtime of the test
//! that made it. It must not know what the bytes mean, but may be told where messages begin: [`Proxy::trap`].

mod frames;
mod pump;

use std::{net::TcpListener, sync::Arc, time::Duration};

use tokio::{
    net::TcpStream,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{Instant, timeout},
};

use super::port::Port;
pub use frames::{Direction, Protocol};

/// Loopback refuses at once; only a frozen machine takes longer.
const CONNECT: Duration = Duration::from_secs(5);

/// What becomes of the bytes, on open connections and on new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They arrive.
    Pass,
    /// Every connection is reset, and so is each new one.
    Cut,
    /// Connections stay open and are accepted, but nothing arrives, not even their end, until another mode. As a
    /// partition.
    Blackhole,
    /// Each chunk arrives that much later, in order.
    Delay(Duration),
    /// So many bytes a second in each direction of each connection.
    Throttle(u32),
    /// A client that sends these bytes, whole or in pieces, is reset once the server has answered them, so that it never
    /// learns what became of them. So many times; then [`Mode::Pass`].
    CutAfter { pattern: &'static [u8], times: usize },
    /// The same once; then [`Mode::Cut`] from the same moment, so that the client cannot ask what became of them either.
    CutFrom(&'static [u8]),
}

/// What happens instead of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Its connection is reset, once all that came before it is delivered.
    Cut,
    /// As [`Mode::Blackhole`], for all connections.
    Silence,
}

/// Waits for one message.
#[derive(Debug)]
struct Trap {
    direction: Direction,
    /// How many messages it lets pass, all connections together.
    left: usize,
    instead: Instead,
    sprung: bool,
}

/// A listening proxy; closes everything when dropped.
pub struct Proxy {
    port: Port,
    state: Arc<watch::Sender<State>>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    mode: Mode,
    /// Rises with each [`Mode::Cut`], so that no connection outlives one that was over before it looked.
    epoch: usize,
    cuts: usize,
    connections: usize,
    trap: Option<Trap>,
}

impl State {
    fn set(&mut self, mode: Mode) {
        self.mode = mode;
        self.epoch += usize::from(mode == Mode::Cut);
    }
}

impl Proxy {
    /// In front of one server.
    pub fn to(target: &str) -> Self {
        Self::to_any(&[target.to_owned()])
    }

    /// In front of one server whose protocol it can take apart.
    pub fn speaking(protocol: Option<Protocol>, target: &str) -> Self {
        Self::start(protocol, &[target.to_owned()])
    }

    /// In front of several: each connection goes to the first that accepts it.
    pub fn to_any(targets: &[String]) -> Self {
        Self::start(None, targets)
    }

    fn start(protocol: Option<Protocol>, targets: &[String]) -> Self {
        let port = Port::free();
        let listener = TcpListener::bind(port.address()).expect("the port is ours");
        listener.set_nonblocking(true).expect("a listener need not block");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a test has a runtime");
        let state = State { mode: Mode::Pass, epoch: 0, cuts: 0, connections: 0, trap: None };
        let state = Arc::new(watch::Sender::new(state));
        let accepting = tokio::spawn(accept(listener, protocol, targets.into(), state.clone()));
        Self { port, state, accepting }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.port.address()
    }

    /// The number of that port.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Switches, from now on and for all connections.
    pub fn set(&self, mode: Mode) {
        self.state.send_modify(|state| state.set(mode));
    }

    /// From now on messages count, and the one of this number, from 1, does not arrive. Signs of life do not count.
    pub fn trap(&self, direction: Direction, place: usize, instead: Instead) {
        let trap = Trap { direction, left: place - 1, instead, sprung: false };
        self.state.send_modify(|state| state.trap = Some(trap));
    }

    /// Whether that message has come.
    pub fn sprung(&self) -> bool {
        self.state.borrow().trap.as_ref().is_some_and(|trap| trap.sprung)
    }

    /// Ends [`Self::trap`] and whatever else there is.
    pub fn release(&self) {
        self.state.send_modify(|state| {
            state.trap = None;
            state.set(Mode::Pass);
        });
    }

    /// How often [`Mode::CutAfter`] and [`Mode::CutFrom`] have cut.
    pub fn cuts(&self) -> usize {
        self.state.borrow().cuts
    }

    /// How many connections have come.
    pub fn connections(&self) -> usize {
        self.state.borrow().connections
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: tokio::net::TcpListener,
    protocol: Option<Protocol>,
    targets: Arc<[String]>,
    state: Arc<watch::Sender<State>>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                state.send_modify(|state| state.connections += 1);
                connections.spawn(connection(client, protocol, targets.clone(), state.clone()));
            }
            // Forgets those that are over.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection from its start to its end.
async fn connection(
    mut client: TcpStream,
    protocol: Option<Protocol>,
    targets: Arc<[String]>,
    state: Arc<watch::Sender<State>>,
) {
    let mut watching = state.subscribe();
    let epoch = watching.borrow().epoch;
    let cut = watching.wait_for(|state| state.mode == Mode::Cut || state.epoch > epoch);
    let mut server = None;
    let ended_well = tokio::select! {
        biased;
        _ = cut => false,
        done = async {
            let server = server.insert(reach(&targets, state.subscribe()).await?);
            pump::both_ways(&mut client, server, protocol, &state).await
        } => done.is_some(),
    };
    // After an answer that was kept back, the server has nothing unread that a reset could take from it.
    for socket in server.iter().chain([&client]).filter(|_| !ended_well) {
        let _ = socket.set_zero_linger();
    }
}

/// Connects to the first target that accepts; while there is a partition, to none.
async fn reach(targets: &[String], mut state: watch::Receiver<State>) -> Option<TcpStream> {
    state.wait_for(|state| state.mode != Mode::Blackhole).await.ok()?;
    for target in targets {
        if let Ok(Ok(server)) = timeout(CONNECT, TcpStream::connect(target)).await {
            return Some(server);
        }
    }
    None
}

/// When the bytes that arrived then may go on in this mode; `None`: not in this mode.
fn due(mode: Mode, arrived: Instant, sent: Instant, bytes: usize) -> Option<Instant> {
    match mode {
        Mode::Pass | Mode::CutAfter { .. } | Mode::CutFrom(_) => Some(arrived),
        Mode::Cut | Mode::Blackhole => None,
        Mode::Delay(delay) => Some(arrived + delay),
        Mode::Throttle(rate) => Some(arrived.max(sent) + Duration::from_secs_f64(bytes as f64 / f64::from(rate))),
    }
}
