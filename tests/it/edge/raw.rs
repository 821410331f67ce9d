//! HTTP/1.1 by hand, for what no decent client sends.

use harness::Replica;
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{MissedTickBehavior, interval, timeout},
};

/// How long a caller who sends nothing useful may be borne with. Far above what the gateway promises.
pub const BORNE: Duration = Duration::from_secs(30);
/// An answer that is longer is none that we expect.
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// Connects from this address of the machine.
pub async fn connect_from(address: impl Into<IpAddr>, to: &Replica) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::new(address.into(), 0)).expect("all of 127/8 is ours");
    socket.connect(to.address().parse().expect("an address")).await.expect("the gateway takes connections")
}

/// Connects from wherever.
pub async fn connect(to: &Replica) -> TcpStream {
    TcpStream::connect(to.address()).await.expect("the gateway takes connections")
}

/// Sends all of it and gives what comes back until the connection ends; both at once, as the answer may come early and the
/// rest may find no reader.
pub async fn exchange(stream: TcpStream, request: &[u8]) -> String {
    let (reader, mut writer) = stream.into_split();
    let mut answer = Vec::new();
    let mut reader = reader.take(LONGEST_ANSWER);
    let sending = async {
        let _ = writer.write_all(request).await;
        // Kept open: the end of our side must not be what ends the exchange.
        std::future::pending::<()>().await;
    };
    let reading = timeout(BORNE, reader.read_to_end(&mut answer));
    tokio::select! {
        ended = reading => drop(ended.expect("an answer, or an end")),
        () = sending => {}
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends a head at once, then this piece again and again with a pause, until the gateway answers or hangs up, which it
/// must. Gives what it said.
pub async fn trickle(mut stream: TcpStream, head: &[u8], piece: &[u8]) -> String {
    stream.write_all(head).await.expect("the head is sent");
    let (mut reader, mut writer) = stream.into_split();
    let trickling = async {
        let mut pace = interval(Duration::from_millis(200));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            if writer.write_all(piece).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = vec![0; 16 * 1024];
    let reading = timeout(BORNE, reader.read(&mut answer));
    let length = tokio::select! {
        read = reading => read.expect("the gateway bears with it for ever").unwrap_or(0),
        () = trickling => 0,
    };
    String::from_utf8_lossy(&answer[..length]).into_owned()
}
