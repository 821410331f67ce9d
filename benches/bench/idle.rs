//! The whole shop as one program with nothing to do: its memory, how soon it is there, how large it is.

use harness::{Folder, Port, Process, Servers, Shop, command};

use super::{
    Effort,
    report::{Goal, Row},
    usage::resident_kib,
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

const MEMORY_MIB: f64 = 40.0;
const READY_MS: f64 = 200.0;
const BINARY_MB: f64 = 30.0;
const LOOK_EVERY: Duration = Duration::from_micros(500);

/// Beside what is allowed.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let (mut memory, mut first, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        let shop = Shop::embedded().await;
        memory.push((resident_kib(shop.gateway.pid()) / 1024.0, MEMORY_MIB));
        drop(shop);
        let folder = Folder::new("idle");
        first.push((ready_after(folder.path()), READY_MS));
        again.push((ready_after(folder.path()), READY_MS));
    }
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_comanda")).expect("the program").len() as f64 / 1e6;
    let row = |work, unit, pairs: &[(f64, f64)]| Row::of((work, "what is allowed", unit), pairs, Goal::AtMost(1.0));
    vec![
        row("all-in-one, idle: RSS", "MiB", &memory),
        row("all-in-one, first start: until it serves", "ms", &first),
        row("all-in-one, later starts: until it serves", "ms", &again),
        row("stripped binary", "MB", &[(size, BINARY_MB)]),
    ]
}

/// Milliseconds until somebody who asks without cease has the menu.
fn ready_after(folder: &Path) -> f64 {
    let port = Port::free();
    let mut comanda = command(env!("CARGO_BIN_EXE_comanda"));
    comanda
        .env("COMANDA_GATEWAY_LISTEN", port.address())
        .env("COMANDA_DATA_DIR", folder.join("data"))
        .current_dir(folder);
    let start = Instant::now();
    let mut process = Process::spawn("comanda", comanda, &folder.join("log"));
    while !shows_the_menu(&port.address()).unwrap_or(false) {
        assert!(process.exited().is_none() && start.elapsed() < Duration::from_secs(30), "{}", process.log());
        std::thread::sleep(LOOK_EVERY);
    }
    let ready = start.elapsed();
    process.stop("TERM");
    ready.as_secs_f64() * 1e3
}

fn shows_the_menu(address: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /cardapio HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(reply.starts_with(b"HTTP/1.1 200"))
}
