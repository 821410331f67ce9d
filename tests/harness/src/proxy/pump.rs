//! Moves the bytes of one connection both ways, as the proxy's mode says at each moment.

use std::{
    io::{Error, ErrorKind, Result},
    sync::OnceLock,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use super::{
    Instead, Mode, State, due,
    frames::{Direction, Frames, Protocol},
};

const CHUNK: usize = 16 * 1024;
/// As much as a network holds that delays or loses; beyond it, senders notice.
const CHUNKS_UNDER_WAY: usize = 64;

/// What was read at once: bytes, none at the end, or the peer's reset.
struct Chunk {
    arrived: Instant,
    bytes: Result<Vec<u8>>,
}

/// When the client sent what is to be cut after.
type Doom = OnceLock<Instant>;

/// Until both sides have closed; `None` when the rest is to be reset.
pub async fn both_ways(
    client: &mut TcpStream,
    server: &mut TcpStream,
    protocol: Option<Protocol>,
    state: &watch::Sender<State>,
) -> Option<()> {
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let doom = Doom::new();
    let up = one_way(from_client, |chunks| send_up(chunks, to_server, protocol, state, &doom));
    let down = one_way(from_server, |chunks| send_down(chunks, to_client, protocol, state, &doom));
    tokio::try_join!(up, down).ok().map(drop)
}

/// Reads ahead, so that a delay shifts the bytes instead of spreading them.
async fn one_way<F: Future<Output = Result<()>>>(
    from: ReadHalf<'_>,
    send: impl FnOnce(mpsc::Receiver<Chunk>) -> F,
) -> Result<()> {
    let (queue, chunks) = mpsc::channel(CHUNKS_UNDER_WAY);
    let reading = async {
        read(from, queue).await;
        Ok(())
    };
    tokio::try_join!(reading, send(chunks)).map(drop)
}

async fn read(mut from: ReadHalf<'_>, queue: mpsc::Sender<Chunk>) {
    loop {
        let mut buffer = vec![0; CHUNK];
        let bytes = from.read(&mut buffer).await.map(|read| buffer[..read].to_vec());
        let over = !matches!(&bytes, Ok(bytes) if !bytes.is_empty());
        if queue.send(Chunk { arrived: Instant::now(), bytes }).await.is_err() || over {
            return;
        }
    }
}

async fn send_up(
    mut chunks: mpsc::Receiver<Chunk>,
    mut to: WriteHalf<'_>,
    protocol: Option<Protocol>,
    state: &watch::Sender<State>,
    doom: &Doom,
) -> Result<()> {
    let (mut watching, mut sent, mut tail) = (state.subscribe(), Instant::now(), Vec::new());
    let mut frames = Frames::new(protocol, Direction::Up);
    while let Some(bytes) = next(&mut chunks, &mut watching, &mut sent).await?.1 {
        // Known before the server can answer.
        if claims_cut(state, &mut tail, &bytes) {
            let _ = doom.set(Instant::now());
        }
        send(&bytes, &mut to, &mut frames, state).await?;
    }
    to.shutdown().await
}

async fn send_down(
    mut chunks: mpsc::Receiver<Chunk>,
    mut to: WriteHalf<'_>,
    protocol: Option<Protocol>,
    state: &watch::Sender<State>,
    doom: &Doom,
) -> Result<()> {
    let (mut watching, mut sent) = (state.subscribe(), Instant::now());
    let mut frames = Frames::new(protocol, Direction::Down);
    while let (arrived, Some(bytes)) = next(&mut chunks, &mut watching, &mut sent).await? {
        if doom.get().is_some_and(|doomed| arrived >= *doomed) {
            state.send_modify(|state| {
                state.cuts += 1;
                if matches!(state.mode, Mode::CutFrom(_)) {
                    state.set(Mode::Cut);
                }
            });
            return Err(ErrorKind::ConnectionReset.into());
        }
        send(&bytes, &mut to, &mut frames, state).await?;
    }
    to.shutdown().await
}

/// Sends what came, up to the message that is awaited by a trap.
async fn send(bytes: &[u8], to: &mut WriteHalf<'_>, frames: &mut Frames, state: &watch::Sender<State>) -> Result<()> {
    let Some((end, instead)) = springs(bytes, frames, state) else { return to.write_all(bytes).await };
    to.write_all(&bytes[..end]).await?;
    if instead == Instead::Cut {
        return Err(ErrorKind::ConnectionReset.into());
    }
    let mut watching = state.subscribe();
    let _ = watching.wait_for(|state| state.mode != Mode::Blackhole).await;
    to.write_all(&bytes[end..]).await
}

/// Where the message begins that a trap awaits, if it is among these.
fn springs(bytes: &[u8], frames: &mut Frames, state: &watch::Sender<State>) -> Option<(usize, Instead)> {
    let (direction, messages) = (frames.direction, frames.take(bytes));
    let mut found = None;
    state.send_if_modified(|state| {
        let Some(trap) = state.trap.as_mut().filter(|trap| !trap.sprung && trap.direction == direction) else {
            return false;
        };
        let mut counted = messages.iter().filter(|message| message.counts);
        match counted.nth(trap.left) {
            Some(awaited) => {
                trap.sprung = true;
                found = Some((awaited.from, trap.instead));
                if trap.instead == Instead::Silence {
                    state.set(Mode::Blackhole);
                }
            }
            None => trap.left -= messages.iter().filter(|message| message.counts).count(),
        }
        found.is_some()
    });
    found
}

/// The next bytes, when they may go on; none at the end.
async fn next(
    chunks: &mut mpsc::Receiver<Chunk>,
    state: &mut watch::Receiver<State>,
    sent: &mut Instant,
) -> Result<(Instant, Option<Vec<u8>>)> {
    let Chunk { arrived, bytes } = chunks.recv().await.ok_or_else(|| Error::from(ErrorKind::ConnectionReset))?;
    let length = bytes.as_ref().map_or(0, Vec::len);
    loop {
        let mode = state.borrow_and_update().mode;
        match due(mode, arrived, *sent, length) {
            Some(due) => tokio::select! {
                () = sleep_until(due) => break,
                _ = state.changed() => {}
            },
            None => drop(state.changed().await),
        }
    }
    *sent = Instant::now();
    bytes.map(|bytes| (arrived, Some(bytes).filter(|bytes| !bytes.is_empty())))
}

/// True when the pattern ends in these bytes and there is a cut left for it.
fn claims_cut(state: &watch::Sender<State>, tail: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let (Mode::CutAfter { pattern, .. } | Mode::CutFrom(pattern)) = state.borrow().mode else {
        tail.clear();
        return false;
    };
    tail.extend(bytes);
    let found = tail.windows(pattern.len()).any(|window| window == pattern);
    tail.drain(..(tail.len() + 1).saturating_sub(pattern.len()));
    found
        && state.send_if_modified(|state| match &mut state.mode {
            Mode::CutAfter { times, .. } if *times > 0 => {
                *times -= 1;
                if *times == 0 {
                    state.set(Mode::Pass);
                }
                true
            }
            mode => matches!(mode, Mode::CutFrom(_)),
        })
}
